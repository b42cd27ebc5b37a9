package asset

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func built2(t *testing.T) map[string]file {
	t.Helper()
	files, err := load(fstest.MapFS{
		"dist/.keep":    {},
		"dist/main.css": {Data: []byte("body{}")},
		"dist/main.js":  {Data: []byte("1")},
		"dist/icon.svg": {Data: []byte("<svg/>")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func get(h http.Handler, method, address, etag string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, address, nil)
	if etag != "" {
		r.Header.Set("If-None-Match", etag)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestAnAssetIsKeptForAYearUnderItsHashAndAskedForWithout(t *testing.T) {
	files := built2(t)
	h := serve(files)
	hash := files["main.css"].hash
	w := get(h, "GET", "/asset/main.css?v="+hash, "")
	if w.Code != 200 || w.Body.String() != "body{}" || w.Header().Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("got %d %q %v", w.Code, w.Body, w.Header())
	}
	if got := w.Header().Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("with the hash: %s", got)
	}
	if got := get(h, "GET", "/asset/main.css?v=old", "").Header().Get("Cache-Control"); got != "no-cache" {
		t.Errorf("with an old hash: %s", got)
	}
	if w := get(h, "GET", "/asset/main.css", `"`+hash+`"`); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("with its ETag: %d %q", w.Code, w.Body)
	}
	if w := get(h, "HEAD", "/asset/icon.svg", ""); w.Code != 200 || w.Body.Len() != 0 || w.Header().Get("Content-Type") != "image/svg+xml" {
		t.Errorf("HEAD: %d %v", w.Code, w.Header())
	}
	if w := get(h, "POST", "/asset/main.css", ""); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", w.Code)
	}
	if w := get(h, "GET", "/asset/.keep", ""); w.Code != http.StatusNotFound {
		t.Errorf(".keep: %d", w.Code)
	}
}

func TestABinaryWithoutAssetsSaysHowToBuildThem(t *testing.T) {
	files, err := load(fstest.MapFS{"dist/.keep": {}})
	if err != nil {
		t.Fatal(err)
	}
	if err := built(files); !errors.Is(err, ErrNotBuilt) {
		t.Errorf("got %v", err)
	}
	if err := built(built2(t)); err != nil {
		t.Errorf("got %v", err)
	}
	w := get(serve(files), "GET", "/asset/main.css", "")
	if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "make assets") {
		t.Errorf("got %d %q", w.Code, w.Body)
	}
}

func TestAnAddressOfAnUnknownAssetHasNoHash(t *testing.T) {
	if got := URL("no-such.css"); got != "/asset/no-such.css" {
		t.Errorf("got %s", got)
	}
}
