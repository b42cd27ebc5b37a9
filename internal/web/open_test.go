package web_test

import (
	"log/slog"
	"net/http/httptest"
	"testing"

	"gongjian/internal/journal"
	"gongjian/internal/sqldb"
	"gongjian/internal/web"
	"gongjian/internal/web/page"
	"gongjian/testkit"

	"golang.org/x/mod/sumdb/note"
)

// open serves a town's pages, and gives the key that its journal is checked with.
func open(t *testing.T, w *testkit.Town, db *sqldb.DB) (*httptest.Server, note.Verifier) {
	t.Helper()
	log, public := w.Journal(db)
	key, err := journal.LoadVerifier(public)
	if err != nil {
		t.Fatal(err)
	}
	web.RegisterSessionTypes()
	server := httptest.NewServer(web.New(web.Config{
		Desk: w.Desk, Journal: log, Text: loaded(t), Logger: slog.New(slog.DiscardHandler), Sample: true,
		Outline: page.SichuanOutline(), PublicKey: journal.SaveKey(public),
	}).Handler())
	t.Cleanup(server.Close)
	return server, key
}
