package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"gongjian/internal/journal"
	"gongjian/internal/meter"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
)

// logger writes events as the settings say.
func (s serve) logger(to io.Writer) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(s.LogLevel)) // one of the four; the zero value is info
	options := &slog.HandlerOptions{Level: level}
	if s.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(to, options))
	}
	return slog.New(slog.NewTextHandler(to, options))
}

// observed puts around all pages what an operator sees of them: one event for each
// request, the client's true address, and the two questions of a load balancer.
func (s serve) observed(pages http.Handler, logger *slog.Logger, figures *meter.Figures, db *sqldb.DB) (http.Handler, error) {
	proxies, err := meter.ParseProxies(s.TrustedProxies)
	if err != nil {
		return nil, fmt.Errorf("trusted-proxies: %w", err)
	}
	mux := http.NewServeMux()
	answers(mux, db, logger)
	mux.Handle("/", pages)
	return meter.Watch(proxies.Client(mux), requestID, time.Now, func(ctx context.Context, e meter.Request) {
		figures.Request(e)
		level := slog.LevelInfo
		if e.Panic || e.Status >= 500 {
			level = slog.LevelError
		}
		logger.LogAttrs(ctx, level, "request", slog.String("request", e.ID), slog.String("method", e.Method), slog.String("route", e.Route),
			slog.Int("status", e.Status), slog.Int64("bytes", e.Bytes), slog.Duration("took", e.Took), slog.String("post", e.Post), slog.Bool("panic", e.Panic))
	}), nil
}

func requestID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// answers says whether the process lives and whether it can work. A server whose
// database is away is alive and not ready.
func answers(mux *http.ServeMux, db *sqldb.DB, logger *slog.Logger) {
	say := func(w http.ResponseWriter, status int, what string) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, what+"\n") // whoever asked may have gone
	}
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		meter.Route(r.Context(), "GET /healthz")
		say(w, http.StatusOK, "alive")
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		meter.Route(r.Context(), "GET /readyz")
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		lacks, unknown, err := store.Pending(ctx, db)
		switch {
		case err != nil:
			logger.Warn("not ready", "request", meter.ID(r.Context()), "error", err)
			say(w, http.StatusServiceUnavailable, "the database does not answer")
		case len(lacks)+len(unknown) > 0:
			say(w, http.StatusServiceUnavailable, "the tables are of another version than the program")
		default:
			say(w, http.StatusOK, "ready")
		}
	})
}

// metrics serves figures on an address of their own, if there is to be one.
func (s serve) metrics(figures *meter.Figures, db *sqldb.DB, logger *slog.Logger) (stop func(), err error) {
	figures.Ask(func() (out []meter.Pool) {
		for _, p := range db.Pools() {
			out = append(out, meter.Pool{Name: p.Name, Open: p.Open, InUse: p.InUse, Most: p.Limit, Waited: p.Waited, WaitedFor: p.WaitedFor})
		}
		return out
	}, func(ctx context.Context) (meter.Lag, error) {
		n, oldest, err := journal.Lag(ctx, db)
		lag := meter.Lag{Waiting: n}
		if !oldest.IsZero() {
			lag.Age = max(0, time.Since(oldest)) // a sample province has a time of its own
		}
		return lag, err
	})
	if s.MetricsAddr == "" {
		return func() {}, nil
	}
	l, err := net.Listen("tcp", s.MetricsAddr)
	if err != nil {
		return nil, fmt.Errorf("listening for Prometheus: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", figures.Handler())
	answers(mux, db, logger)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 5 * time.Second, WriteTimeout: 30 * time.Second}
	go func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			logger.Error("serving figures", "error", err)
		}
	}()
	return func() { server.Close() }, nil
}
