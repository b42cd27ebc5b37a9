package page

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/web/asset"
	"gongjian/internal/web/text"

	"github.com/a-h/templ"
)

// sample makes views and picks the words of the sample data by language. The
// words of pages come from the text files; what an office typed is sample data
// and stands here.
type sample struct {
	p *text.Printer
}

func samples(t *testing.T) map[string]sample {
	t.Helper()
	bundle, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	today := calendar.NewDate(2010, time.June, 7)
	return map[string]sample{
		"zh": {bundle.For(text.Chinese).On(today)},
		"en": {bundle.For(text.English).On(today)},
	}
}

// or picks the words of the reader's language.
func (s sample) or(zh, en string) string {
	if s.p.Lang() == text.Chinese {
		return zh
	}
	return en
}

func (s sample) view(title, current string) View {
	return View{
		P: s.p, Path: "/states?q=1", Title: title, Nav: StaffNav(s.p), Current: current,
		Who: Who{
			Unit: s.or("冕宁县质监局", "Mianning County Bureau"), Post: s.or("联络员", "Liaison"),
			Posts: []PostChoice{
				{"1", s.or("冕宁县质监局·联络员", "Mianning County Bureau, Liaison"), true},
				{"2", s.or("冕宁县质监局·办公室", "Mianning County Bureau, Office"), false},
			},
			Switch: "/post", SignOut: "/sign-out",
		},
		Sample: s.or("示例数据：除已公开报道的事实外，单位分工、任务、数字与编号均为虚构。当前日期按2010年6月7日（星期一）演示。",
			"Sample data: apart from facts in published reports, units' duties, tasks, figures and numbers are invented. The date shown is 7 June 2010."),
		Today: s.p.Today(),
	}
}

// with gives a component its children.
func with(parent templ.Component, children ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return parent.Render(templ.WithChildren(ctx, all(children...)), w)
	})
}

func all(parts ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		ctx = templ.ClearChildren(ctx)
		for _, part := range parts {
			if err := part.Render(ctx, w); err != nil {
				return err
			}
		}
		return nil
	})
}

// markup is a piece of a sample page's own.
func markup(html ...string) templ.Component { return templ.Raw(strings.Join(html, "")) }

func render(t *testing.T, c templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// policy is the content security policy of the pages: nothing inline, nothing from elsewhere.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// servePages shows pages by path, as the server will.
func servePages(t *testing.T, pages map[string]templ.Component) string {
	t.Helper()
	if err := asset.Built(); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle(asset.Prefix, asset.Handler())
	for path, page := range pages {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Security-Policy", policy)
			_ = page.Render(r.Context(), w)
		})
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// box is a <div> with a class around its children.
func box(class string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		children := templ.GetChildren(ctx)
		return all(markup(`<div class="`, class, `">`), children, markup(`</div>`)).Render(ctx, w)
	})
}

// input prints a text field with the attributes of FieldView.Control.
func input(attributes templ.Attributes, value string) templ.Component {
	var b strings.Builder
	b.WriteString("<input")
	for _, name := range []string{"id", "name", "class", "aria-invalid", "aria-describedby"} {
		if v, ok := attributes[name]; ok {
			fmt.Fprintf(&b, ` %s="%s"`, name, v)
		}
	}
	return markup(b.String(), ` value="`, value, `">`)
}
