package sqldb_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gongjian/internal/fault"
	"gongjian/internal/sqldb"
	"gongjian/testkit"

	"github.com/jackc/pgx/v5"
)

// clash is the engine's own refusal of a transaction that met another one.
func clash(ctx context.Context, t *testing.T, tx *sql.Tx, engine testkit.Engine) error {
	if engine.Name == sqldb.Postgres {
		_, err := tx.ExecContext(ctx, `DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$`)
		return err
	}
	// Write holds the file's only writer's place; a second writer that does not
	// wait is told that the file is busy.
	second, err := sql.Open("sqlite", strings.TrimPrefix(engine.Address, "sqlite:")+"?_busy_timeout=0&_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	_, err = second.BeginTx(ctx, nil)
	return err
}

func TestAClashingWriteIsTriedAgainAfterAGrowingPause(t *testing.T) {
	for _, engine := range testkit.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) {
			var pauses []time.Duration
			db := testkit.Open(t, engine.Address, sqldb.Options{
				Attempts: 5,
				Pause:    func(_ context.Context, d time.Duration) error { pauses = append(pauses, d); return nil },
				Jitter:   func() float64 { return 0.5 },
			})
			migrated(t, db)
			calls := 0
			err := db.Write(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
				if calls++; calls < 4 {
					return clash(ctx, t, tx, engine)
				}
				return insert("a", 1)(ctx, tx)
			})
			if err != nil || calls != 4 || count(t, db) != 1 {
				t.Errorf("%v after %d calls", err, calls)
			}
			if want := []time.Duration{3750 * time.Microsecond, 7500 * time.Microsecond, 15 * time.Millisecond}; !slices.Equal(pauses, want) {
				t.Errorf("pauses %v, want %v", pauses, want)
			}
			calls = 0
			err = db.Write(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
				calls++
				return clash(ctx, t, tx, engine)
			})
			if !fault.Is(err, "database.busy") || fault.KindOf(err) != fault.Busy || calls != 5 {
				t.Errorf("%v after %d calls", err, calls)
			}
		})
	}
}

func TestAPauseThatIsCutShortEndsTheWrite(t *testing.T) {
	for _, engine := range testkit.Engines(t) {
		stop := errors.New("shutting down")
		db := testkit.Open(t, engine.Address, sqldb.Options{Pause: func(context.Context, time.Duration) error { return stop }})
		err := db.Write(t.Context(), func(ctx context.Context, tx *sql.Tx) error { return clash(ctx, t, tx, engine) })
		if !errors.Is(err, stop) {
			t.Errorf("%s: %v", engine.Name, err)
		}
	}
}

// The connection breaks after the commit was sent and before its answer came:
// the row is there, the writer cannot know, and nothing is tried again.
func TestACommitWithoutAnAnswerIsNotTriedAgain(t *testing.T) {
	for _, engine := range testkit.Engines(t) {
		if engine.Name != sqldb.Postgres {
			continue // a file has no connection to lose
		}
		direct := testkit.Open(t, engine.Address, sqldb.Options{})
		migrated(t, direct)
		var cut atomic.Bool
		db := testkit.Open(t, proxy(t, engine.Address, &cut), sqldb.Options{})
		calls := 0
		err := db.Write(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
			calls++
			cut.Store(true)
			return insert("a", 1)(ctx, tx)
		})
		if !errors.Is(err, sqldb.ErrOutcomeUnknown) || !fault.Is(err, "database.outcome-unknown") || calls != 1 {
			t.Errorf("%v after %d calls", err, calls)
		}
		if n := count(t, direct); n != 1 {
			t.Errorf("%d rows: the proxy has not let the commit through", n)
		}
	}
}

func TestALostConnectionBeforeTheCommitIsNoUnknownOutcome(t *testing.T) {
	for _, engine := range testkit.Engines(t) {
		if engine.Name != sqldb.Postgres {
			continue
		}
		db := testkit.Open(t, engine.Address, sqldb.Options{})
		err := db.Write(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
			tx.ExecContext(ctx, `SELECT pg_terminate_backend(pg_backend_pid())`)
			return nil // as if it had not noticed
		})
		if err == nil || errors.Is(err, sqldb.ErrOutcomeUnknown) {
			t.Errorf("got %v", err)
		}
	}
}

// proxy returns the address of a relay to the server. Once cut is set it passes
// a commit on, waits for the answer, and hangs up instead of passing that back.
func proxy(t *testing.T, address string, cut *atomic.Bool) string {
	t.Helper()
	config, err := pgx.ParseConfig(address)
	if err != nil {
		t.Fatal(err)
	}
	network, host := "tcp", net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port)))
	if strings.HasPrefix(config.Host, "/") {
		network, host = "unix", filepath.Join(config.Host, ".s.PGSQL."+strconv.Itoa(int(config.Port)))
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial(network, host)
			if err != nil {
				client.Close()
				return
			}
			go relay(client, server, cut)
		}
	}()
	through := url.URL{Scheme: "postgres", User: url.UserPassword(config.User, config.Password), Host: listener.Addr().String(), Path: "/" + config.Database}
	through.RawQuery = url.Values{"sslmode": {"disable"}, "search_path": {config.RuntimeParams["search_path"]}}.Encode()
	return through.String()
}

func relay(client, server net.Conn, cut *atomic.Bool) {
	defer client.Close()
	defer server.Close()
	var committing atomic.Bool
	go func() {
		buffer := make([]byte, 64<<10)
		for {
			n, err := client.Read(buffer)
			if err != nil {
				server.Close()
				return
			}
			if cut.Load() && bytes.Contains(buffer[:n], []byte("commit")) {
				committing.Store(true)
			}
			server.Write(buffer[:n])
		}
	}()
	buffer := make([]byte, 64<<10)
	for {
		n, err := server.Read(buffer)
		if err != nil || committing.Load() {
			return
		}
		client.Write(buffer[:n])
	}
}
