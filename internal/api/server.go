package api

import (
	"log/slog"
	"net/http"
	"path"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"golang.org/x/time/rate"

	"gongjian/internal/act"
	"gongjian/internal/fault"
	"gongjian/internal/journal"
	"gongjian/internal/store"
	"gongjian/internal/web/text"
)

// Prefix is where the interface is served.
const Prefix = "/api/v1"

// Config is what a server of the interface is made of.
type Config struct {
	Desk    *act.Desk
	Journal *journal.Log
	Text    *text.Bundle
	Logger  *slog.Logger
}

// Server answers programs.
type Server struct {
	desk    *act.Desk
	store   *store.Store
	log     *journal.Log
	text    *text.Bundle
	logger  *slog.Logger
	mux     *http.ServeMux
	api     huma.API
	guesses *guesses
}

// theirs are the settings that the library keeps in variables of its package: how
// its own refusals look, and that an empty list is [] and not null.
var theirs sync.Once

// New makes a server with all its operations.
func New(c Config) *Server {
	theirs.Do(func() {
		huma.NewError = func(status int, message string, _ ...error) huma.StatusError {
			return &Problem{Status: status, Detail: message}
		}
		huma.NewErrorWithContext = unfit
		huma.DefaultArrayNullable = false
	})
	s := &Server{
		desk: c.Desk, store: c.Desk.Store(), log: c.Journal, text: c.Text, logger: c.Logger,
		mux: http.NewServeMux(), guesses: &guesses{every: rate.Every(6 * time.Second), forgiven: 20},
	}
	config := huma.DefaultConfig("Gongjian", "1")
	config.Info.Description = about
	config.DocsPath, config.SchemasPath, config.CreateHooks = "", "", nil
	config.Servers = []*huma.Server{{URL: Prefix}}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", Description: "A token made by `gongjian token create`."},
	}
	config.RejectUnknownQueryParameters = true
	s.api = huma.NewAPI(config, adapter{s})
	s.tokenOperations()
	s.unitOperations()
	s.surveyOperations()
	s.measureOperations()
	s.memorandumOperations()
	s.planOperations()
	s.taskOperations()
	s.reportOperations()
	s.scoreOperations()
	s.journalOperations()
	s.letterOperations()
	s.supportOperations()
	s.eventOperations()
	s.mux.HandleFunc("/", s.nowhere)
	return s
}

// about stands at the head of the document.
const about = "Cooperation memorandums (合作备忘录), their tasks, reports, lights and scores, for other programs. " +
	"Every operation does what the page of the same thing does, with the same permissions and the same journal."

// Document is the OpenAPI document.
func (s *Server) Document() *huma.OpenAPI { return s.api.OpenAPI() }

// Handler answers every address below Prefix.
func (s *Server) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
		h.Set("Cache-Control", "no-store")
		if path.Clean(r.URL.Path) != r.URL.Path { // the mux would lead on to another address
			s.refuse(w, s.problem(s.printer(r), fault.New(fault.NotFound, "request.no-such-address")))
			return
		}
		s.mux.ServeHTTP(w, r)
	})
}

// adapter gives operations to the mux, each in the frame that finds out who asks.
type adapter struct{ s *Server }

func (a adapter) Handle(op *huma.Operation, answer func(huma.Context)) {
	a.s.mux.HandleFunc(op.Method+" "+Prefix+op.Path, func(w http.ResponseWriter, r *http.Request) {
		a.s.serve(op, w, r, func(w http.ResponseWriter, r *http.Request) { answer(humago.NewContext(op, r, w)) })
	})
}

func (a adapter) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.s.Handler().ServeHTTP(w, r) }
