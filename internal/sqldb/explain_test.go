package sqldb_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"gongjian/internal/fault"
	"gongjian/internal/sqldb"
	"gongjian/testkit"
)

func TestADatabaseThatIsAwayOrFullIsAFaultThatSaysSo(t *testing.T) {
	for _, c := range []struct {
		err error
		key string
	}{
		{&pgconn.PgError{Code: "53100"}, "database.full"},
		{&pgconn.PgError{Code: "57P01"}, "database.unreachable"},
		{&pgconn.PgError{Code: "25006"}, "database.unreachable"},
		{io.ErrUnexpectedEOF, "database.unreachable"},
	} {
		if got, is := sqldb.Explain(fmt.Errorf("asking: %w", c.err)); !is || got.Key != c.key || got.Kind != fault.Busy || !errors.Is(got, c.err) {
			t.Errorf("%v: %v, want %s", c.err, got, c.key)
		}
	}
	own := fault.New(fault.Denied, "denied").Because(io.ErrUnexpectedEOF)
	for _, err := range []error{nil, own, fault.List{own}, &pgconn.PgError{Code: "42601"}, errors.New("other")} {
		if got, is := sqldb.Explain(err); is {
			t.Errorf("%v says nothing of the database: %v", err, got)
		}
	}
}

// A file that may not grow: the writer is told, nothing of what was written is
// there, and the next one succeeds when there is room again.
func TestAFullFileRefusesTheWriteAndGoesOnWhenThereIsRoom(t *testing.T) {
	engine := testkit.Engines(t)[0]
	db := testkit.Open(t, engine.Address, sqldb.Options{})
	migrated(t, db)
	pages := func(n int) {
		t.Helper()
		if err := db.Limit(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	pages(1) // the engine takes the present size when that is more
	err := db.Write(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
		return insert(strings.Repeat("长", 1<<20), 1)(ctx, tx)
	})
	if away, is := sqldb.Explain(err); !is || away.Key != "database.full" || errors.Is(err, sqldb.ErrOutcomeUnknown) {
		t.Fatalf("a full file: %v", err)
	}
	if n := count(t, db); n != 0 {
		t.Errorf("%d rows of a write that failed", n)
	}
	pages(1 << 30)
	if err := db.Write(t.Context(), insert("a", 1)); err != nil || count(t, db) != 1 {
		t.Errorf("with room again: %v, %d rows", err, count(t, db))
	}
}
