package main

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"gongjian/internal/act"
	"gongjian/internal/api"
	"gongjian/internal/journal"
	"gongjian/internal/store"
	"gongjian/internal/web/text"
	"gongjian/internal/webhook"
)

// withAPI puts the interface for other programs before the pages. It stands outside
// of what surrounds them: it knows no sessions and so no forged requests.
func withAPI(pages http.Handler, desk *act.Desk, log *journal.Log, bundle *text.Bundle, logger *slog.Logger) http.Handler {
	programs := api.New(api.Config{Desk: desk, Journal: log, Text: bundle, Logger: logger})
	mux := http.NewServeMux()
	mux.Handle("/api/", gzhttp.GzipHandler(programs.Handler()))
	mux.Handle("/", pages)
	return mux
}

// tell has webhooks told of events until the context ends.
func (s serve) tell(ctx context.Context, logger *slog.Logger, st *store.Store, log *journal.Log) {
	client := webhook.Client(s.WebhookPrivate)
	worker := &webhook.Worker{Store: st, Log: log, Send: client.Do, Logger: logger}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		if _, err := worker.Step(ctx); err != nil && ctx.Err() == nil {
			logger.Error("telling webhooks", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
