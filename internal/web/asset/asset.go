// Package asset holds the stylesheet, the script and the icon of the pages and
// serves them from the binary. Nothing is loaded from another host.
//
// They are built, not committed. Three commands, from the root of the module,
// make dist (the Makefile runs them):
//
//	npm ci --ignore-scripts
//	go run ./internal/web/asset/prune internal/web/asset/src/keep.txt node_modules/@tabler/core/dist/css/tabler.css internal/web/asset/src/tabler.css
//	go tool esbuild internal/web/asset/src/main.css internal/web/asset/src/main.js internal/web/asset/src/icon.svg --bundle --minify --charset=utf8 --target=chrome69,firefox68,safari13 --loader:.svg=copy --outdir=internal/web/asset/dist
//
// Laws. An address carries the hash of the content, so a browser may keep it for
// a year. A binary whose assets were not built says so, in Built and in the
// answer to a request, and its pages still work, plainly.
package asset

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"sync"
)

//go:embed all:dist
var dist embed.FS

// Prefix is where Handler expects to be mounted.
const Prefix = "/asset/"

// ErrNotBuilt says that the binary was made without its stylesheet and script.
var ErrNotBuilt = errors.New("asset: the stylesheet and script were not built: run `make assets`, then build again")

// file is one asset, ready to serve.
type file struct {
	body []byte
	kind string
	hash string
}

// loaded reads the embedded files once.
var loaded = sync.OnceValue(func() map[string]file {
	out, err := load(dist)
	if err != nil {
		panic(err) // embedded files always read
	}
	return out
})

func load(from fs.FS) (map[string]file, error) {
	out := map[string]file{}
	err := fs.WalkDir(from, "dist", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Base(name)[0] == '.' {
			return err
		}
		body, err := fs.ReadFile(from, name)
		if err != nil {
			return fmt.Errorf("asset: reading %s: %w", name, err)
		}
		sum := sha256.Sum256(body)
		out[name[len("dist/"):]] = file{body, contentType(name), hex.EncodeToString(sum[:6])}
		return nil
	})
	return out, err
}

// contentType does not ask the machine's own list of types, which differs from place to place.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}

// Built returns nil, or ErrNotBuilt. The server logs it at start.
func Built() error { return built(loaded()) }

func built(files map[string]file) error {
	for _, name := range []string{"main.css", "main.js"} {
		if _, ok := files[name]; !ok {
			return ErrNotBuilt
		}
	}
	return nil
}

// URL returns the address of an asset ("main.css"), with the hash of its content.
func URL(name string) string {
	if f, ok := loaded()[name]; ok {
		return Prefix + name + "?v=" + f.hash
	}
	return Prefix + name
}

// Handler serves the assets below Prefix. An address with the present hash is
// kept for a year; one without, or with an old hash, is asked for again each time.
func Handler() http.Handler { return serve(loaded()) }

func serve(files map[string]file) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		f, ok := files[r.URL.Path[min(len(Prefix), len(r.URL.Path)):]]
		if !ok {
			message := "no such asset"
			if err := built(files); err != nil {
				message = err.Error()
			}
			http.Error(w, message, http.StatusNotFound)
			return
		}
		h := w.Header()
		h.Set("Content-Type", f.kind)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("ETag", `"`+f.hash+`"`)
		h.Set("Cache-Control", "no-cache")
		if r.URL.Query().Get("v") == f.hash {
			h.Set("Cache-Control", "public, max-age=31536000, immutable")
		}
		if r.Header.Get("If-None-Match") == `"`+f.hash+`"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Content-Length", fmt.Sprint(len(f.body)))
		if r.Method == http.MethodGet {
			_, _ = w.Write(f.body) // the reader has gone: nobody is left to tell
		}
	})
}
