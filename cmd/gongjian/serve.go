package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"gongjian/internal/act"
	"gongjian/internal/blob"
	"gongjian/internal/journal"
	"gongjian/internal/meter"
	"gongjian/internal/org"
	"gongjian/internal/sample"
	"gongjian/internal/sqldb"
	"gongjian/internal/web"
	"gongjian/internal/web/asset"
	"gongjian/internal/web/page"
	"gongjian/internal/web/text"
)

type serve struct {
	database
	Addr   string `env:"GONGJIAN_ADDR" default:"127.0.0.1:8080" help:"Address to listen on."`
	Sample bool   `help:"Load the sample province into an empty database, and let anybody on this machine step into its posts."`
	URL    string `name:"url" env:"GONGJIAN_URL" help:"Address under which the pages are reached from outside, for the codes on documents: https://host"`
	Map    string `type:"existingfile" env:"GONGJIAN_MAP" help:"GeoJSON outlines of the province's cities (property adcode), in place of the built-in sketch."`
	Secure bool   `env:"GONGJIAN_SECURE" help:"The pages are reached over TLS: mark cookies so."`
	Clock  string `hidden:"" type:"existingfile" help:"File that holds the present moment (RFC 3339): for rehearsals and tests, on loopback only."`

	WebhookPrivate bool `env:"GONGJIAN_WEBHOOK_PRIVATE" help:"Webhooks may be told at addresses of this machine and of private networks."`

	TrustedProxies []string `env:"GONGJIAN_TRUSTED_PROXIES" help:"Addresses or prefixes of reverse proxies, whose X-Forwarded-For is believed."`
	MetricsAddr    string   `env:"GONGJIAN_METRICS_ADDR" help:"Address on which Prometheus reads /metrics; none by default. It asks nobody who they are."`
	LogFormat      string   `env:"GONGJIAN_LOG_FORMAT" enum:"text,json" default:"text" help:"How events are written: text or json."`
	LogLevel       string   `env:"GONGJIAN_LOG_LEVEL" enum:"debug,info,warn,error" default:"info" help:"The least that is written: debug, info, warn or error."`

	ReadHeaderTimeout time.Duration `env:"GONGJIAN_READ_HEADER_TIMEOUT" default:"10s" help:"How long a request's head may take to come."`
	ReadTimeout       time.Duration `env:"GONGJIAN_READ_TIMEOUT" default:"10m" help:"How long a whole request may take to come: evidence over slow lines."`
	WriteTimeout      time.Duration `env:"GONGJIAN_WRITE_TIMEOUT" default:"10m" help:"How long an answer may take."`
	IdleTimeout       time.Duration `env:"GONGJIAN_IDLE_TIMEOUT" default:"2m" help:"How long a connection may be idle."`
	StopTimeout       time.Duration `env:"GONGJIAN_STOP_TIMEOUT" default:"10s" help:"How long running requests may take when the server is told to stop."`
	MaxHeaderBytes    int           `env:"GONGJIAN_MAX_HEADER_BYTES" default:"65536" help:"The largest head of a request."`
}

// Run serves until it is told to stop.
func (s serve) Run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if err := s.faults(); err != nil {
		return err
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200) // a page makes a few megabytes of which nothing stays; this costs some ten more
	}
	logger := s.logger(os.Stderr)
	figures := meter.New()
	s.watch = func(action org.Action, outcome string, took time.Duration) {
		figures.Act(string(action), outcome, took)
		logger.Info("act", "action", action, "outcome", outcome, "took", took)
	}
	listener, err := net.Listen("tcp", s.Addr)
	if err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	defer listener.Close()
	clock, err := s.clock(ctx, listener.Addr())
	if err != nil {
		return err
	}
	db, st, err := s.open(ctx, clock.now)
	if err != nil {
		return err
	}
	defer db.Close()
	files, err := blob.Open(filepath.Join(s.Data, "evidence"))
	if err != nil {
		return err
	}
	results, err := blob.Open(filepath.Join(s.Data, "results"))
	if err != nil {
		return err
	}
	if err := s.checkKey(ctx, db); err != nil {
		return err
	}
	signer, err := s.signer()
	if err != nil {
		return err
	}
	log := journal.New(db, signer, clock.now)
	box, err := s.box()
	if err != nil {
		return err
	}
	desk := act.New(st, files).Keeping(box)
	w := &worker{logger: logger, figures: figures, store: st, log: log, results: results, name: rand.Text()}
	isSample, err := s.begin(ctx, desk, clock, listener.Addr(), w)
	if err != nil {
		return err
	}
	bundle, err := text.Load()
	if err != nil {
		return err
	}
	var beside sync.WaitGroup // errands: a portion ends before the server does
	errands := act.ErrandConfig{Results: results, Run: func(f func(context.Context)) { beside.Go(func() { f(ctx) }) }}
	handler, err := s.pages(desk, log, bundle, logger, isSample, db, errands)
	if err != nil {
		return err
	}
	if handler, err = s.observed(withAPI(handler, desk, log, bundle, logger), logger, figures, db); err != nil {
		return err
	}
	stopMetrics, err := s.metrics(figures, db, logger)
	if err != nil {
		return err
	}
	defer stopMetrics()
	done := make(chan struct{})
	go func() {
		defer close(done)
		var telling sync.WaitGroup
		telling.Go(func() { s.tell(ctx, logger, st, log) })
		w.work(ctx)
		telling.Wait()
	}()
	err = s.listen(ctx, listener, handler)
	stop() // of the worker too, when listening ended by itself
	<-done
	beside.Wait()
	return err
}

// begin fills an empty database and says where to open the pages.
func (s serve) begin(ctx context.Context, desk *act.Desk, clock *clock, addr net.Addr, w *worker) (bool, error) {
	st := desk.Store()
	loaded, err := st.Setting(ctx, sample.Setting)
	if err != nil {
		return false, err
	}
	some, err := st.HasPersons(ctx)
	if err != nil {
		return false, err
	}
	base := "http://" + addr.String()
	switch {
	case loaded != "":
		if err := clock.sample(loaded); err != nil {
			return false, err
		}
	case some:
	case s.Sample:
		fmt.Println("loading the sample province …")
		start := time.Now()
		if err := sample.Load(ctx, desk, rand.Reader); err != nil {
			return false, fmt.Errorf("loading the sample province: %w", err)
		}
		if loaded, err = st.Setting(ctx, sample.Setting); err != nil {
			return false, err
		}
		if err := clock.sample(loaded); err != nil {
			return false, err
		}
		fmt.Printf("loaded in %s\n", time.Since(start).Round(100*time.Millisecond))
	default:
		token, err := found(ctx, st)
		if err != nil {
			// Another server may have been faster; its link is the one that works.
			if some, asked := st.HasPersons(ctx); asked != nil || !some {
				return false, err
			}
			break
		}
		fmt.Printf("first start: open %s/link/%s to choose the administrator's password (works once, for a day)\n", base, token)
	}
	if err := w.firstLights(ctx); err != nil {
		return false, err
	}
	fmt.Printf("Gongjian is open at %s\n", base)
	return loaded != "", nil
}

// pages makes the handler of all pages.
func (s serve) pages(desk *act.Desk, log *journal.Log, bundle *text.Bundle, logger *slog.Logger, isSample bool, db *sqldb.DB, errands act.ErrandConfig) (http.Handler, error) {
	if err := asset.Built(); err != nil {
		logger.Warn("pages go without style", "error", err)
	}
	outline := page.SichuanOutline()
	if s.Map != "" {
		f, err := os.Open(s.Map)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		if outline, err = page.LoadOutline(f); err != nil {
			return nil, err
		}
	}
	own, err := readProvince(s.Province)
	if err != nil {
		return nil, err
	}
	public, err := os.ReadFile(s.publicKey())
	if err != nil {
		return nil, fmt.Errorf("reading the journal's public key: %w", err)
	}
	verifier, err := journal.LoadVerifier(string(public))
	if err != nil {
		return nil, fmt.Errorf("reading the journal's public key: %w", err)
	}
	verify := func(ctx context.Context) (journal.Report, error) { return journal.VerifyDatabase(ctx, db, verifier) }
	web.RegisterSessionTypes()
	return web.New(web.Config{
		Desk: desk, Journal: log, Text: bundle, Logger: logger, Sample: isSample && s.Sample, Secure: s.Secure, Outline: outline,
		Look: own.Look, Address: strings.TrimSuffix(s.URL, "/"), PublicKey: string(public), Check: &web.JournalCheck{Run: verify}, Errands: errands,
	}).Handler(), nil
}

// listen serves until the context ends, then lets running requests finish.
func (s serve) listen(ctx context.Context, l net.Listener, h http.Handler) error {
	server := &http.Server{Handler: h, ReadHeaderTimeout: s.ReadHeaderTimeout, ReadTimeout: s.ReadTimeout, WriteTimeout: s.WriteTimeout,
		IdleTimeout: s.IdleTimeout, MaxHeaderBytes: s.MaxHeaderBytes}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.StopTimeout)
	defer cancel()
	if err := server.Shutdown(stop); err != nil {
		return fmt.Errorf("stopping: %w", err)
	}
	if err := <-done; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// clock is the present moment: real, of a sample province, or from a file.
type clock struct {
	file  string
	shift time.Duration
}

func (s serve) clock(_ context.Context, addr net.Addr) (*clock, error) {
	if s.Clock == "" {
		return &clock{}, nil
	}
	if tcp, ok := addr.(*net.TCPAddr); !ok || !tcp.IP.IsLoopback() {
		return nil, errors.New("--clock is for loopback addresses only")
	}
	c := &clock{file: s.Clock}
	if _, err := c.read(); err != nil {
		return nil, err
	}
	return c, nil
}

// sample makes the clock that of a sample province: it was loaded at a moment of
// the sample's time and goes on from there at the pace of real time.
func (c *clock) sample(setting string) error {
	if c.file != "" {
		return nil
	}
	at, real, ok := strings.Cut(setting, " ")
	if !ok {
		return fmt.Errorf("the setting %s cannot be read: %q", sample.Setting, setting)
	}
	a, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return err
	}
	r, err := time.Parse(time.RFC3339, real)
	if err != nil {
		return err
	}
	c.shift = a.Sub(r)
	return nil
}

func (c *clock) read() (time.Time, error) {
	b, err := os.ReadFile(c.file)
	if err != nil {
		return time.Time{}, err
	}
	return time.Parse(time.RFC3339Nano, strings.TrimSpace(string(b)))
}

func (c *clock) now() time.Time {
	if c.file != "" {
		t, err := c.read()
		if err == nil {
			return t
		}
		if !errors.Is(err, fs.ErrNotExist) {
			slog.Error("reading the clock", "error", err)
		}
	}
	return time.Now().Add(c.shift)
}
