package main

import (
	"log/slog"
	"net/http"

	"github.com/klauspost/compress/gzhttp"

	"gongjian/internal/act"
	"gongjian/internal/api"
	"gongjian/internal/journal"
	"gongjian/internal/web/text"
)

// withAPI puts the interface for other programs before the pages. It stands outside
// of what surrounds them: it knows no sessions and so no forged requests.
func withAPI(pages http.Handler, desk *act.Desk, log *journal.Log, logger *slog.Logger) (http.Handler, error) {
	bundle, err := text.Load()
	if err != nil {
		return nil, err
	}
	programs := api.New(api.Config{Desk: desk, Journal: log, Text: bundle, Logger: logger})
	mux := http.NewServeMux()
	mux.Handle("/api/", gzhttp.GzipHandler(programs.Handler()))
	mux.Handle("/", pages)
	return mux, nil
}
