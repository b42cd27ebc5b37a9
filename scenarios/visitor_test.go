package scenarios

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func newJar() http.CookieJar {
	jar, err := cookiejar.New(nil)
	if err != nil {
		panic(err)
	}
	return jar
}

// visitor is somebody at a browser without scripts: opens pages, fills forms,
// presses buttons, and is led on by redirects.
type visitor struct {
	t      *testing.T
	world  *world
	client *http.Client
	path   string     // where they are
	status int        // of the last answer
	page   *html.Node // what they see
	body   []byte     // the bytes of it
}

// open goes to an address of the server and follows redirects.
func (v *visitor) open(path string) *visitor {
	v.t.Helper()
	req, err := http.NewRequest(http.MethodGet, v.world.base+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	v.send(req)
	return v
}

func (v *visitor) send(req *http.Request) {
	v.t.Helper()
	req.Header.Set("Accept-Language", "zh-CN")
	for range 6 {
		res, err := v.client.Do(req)
		if err != nil {
			v.t.Fatalf("%s %s: %v", req.Method, req.URL, err)
		}
		v.body, err = io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			v.t.Fatal(err)
		}
		v.status, v.path = res.StatusCode, req.URL.RequestURI()
		if res.StatusCode < 300 || res.StatusCode > 399 {
			break
		}
		to, err := req.URL.Parse(res.Header.Get("Location"))
		if err != nil {
			v.t.Fatal(err)
		}
		if req, err = http.NewRequest(http.MethodGet, to.String(), nil); err != nil {
			v.t.Fatal(err)
		}
		req.Header.Set("Accept-Language", "zh-CN")
	}
	var err error
	if v.page, err = html.Parse(bytes.NewReader(v.body)); err != nil {
		v.t.Fatal(err)
	}
}

// see demands that the page answers 200 and holds all the words.
func (v *visitor) see(words ...string) *visitor {
	v.t.Helper()
	if v.status != http.StatusOK {
		v.t.Fatalf("%s answers %d:\n%s", v.path, v.status, v.text())
	}
	text := squeeze(v.text())
	for _, w := range words {
		if !strings.Contains(text, squeeze(w)) {
			v.t.Fatalf("%s does not say %q:\n%s", v.path, w, v.text())
		}
	}
	return v
}

// miss demands that the page does not hold the words.
func (v *visitor) miss(words ...string) *visitor {
	v.t.Helper()
	text := squeeze(v.text())
	for _, w := range words {
		if strings.Contains(text, squeeze(w)) {
			v.t.Fatalf("%s should not say %q:\n%s", v.path, w, v.text())
		}
	}
	return v
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

// text is what the main part of the page says.
func (v *visitor) text() string {
	root := v.page
	if m := find(v.page, func(n *html.Node) bool { return n.Data == "main" }); m != nil {
		root = m
	}
	var b strings.Builder
	write(&b, root)
	return b.String()
}

func write(b *strings.Builder, n *html.Node) {
	if n.Type == html.TextNode {
		if s := strings.TrimSpace(n.Data); s != "" {
			b.WriteString(s + "\n")
		}
	}
	if n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style") {
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		write(b, c)
	}
}

func find(n *html.Node, is func(*html.Node) bool) *html.Node {
	if n.Type == html.ElementNode && is(n) {
		return n
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if f := find(c, is); f != nil {
			return f
		}
	}
	return nil
}

func findAll(n *html.Node, is func(*html.Node) bool) (all []*html.Node) {
	if n.Type == html.ElementNode && is(n) {
		all = append(all, n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		all = append(all, findAll(c, is)...)
	}
	return all
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func wordsOf(n *html.Node) string {
	var b strings.Builder
	write(&b, n)
	return strings.TrimSpace(b.String())
}

// follow opens the link that says the text, or else the first whose words hold it.
func (v *visitor) follow(text string) *visitor {
	v.t.Helper()
	says := func(is func(string, string) bool) *html.Node {
		return find(v.page, func(n *html.Node) bool { return n.Data == "a" && is(squeeze(wordsOf(n)), squeeze(text)) })
	}
	a := says(func(words, text string) bool { return words == text })
	if a == nil {
		a = says(strings.Contains)
	}
	if a == nil {
		v.t.Fatalf("%s has no link %q:\n%s", v.path, text, v.text())
	}
	return v.open(v.resolve(attr(a, "href")))
}

func (v *visitor) resolve(href string) string {
	base, err := url.Parse(v.world.base + v.path)
	if err != nil {
		v.t.Fatal(err)
	}
	to, err := base.Parse(href)
	if err != nil {
		v.t.Fatal(err)
	}
	return to.RequestURI()
}

// upload is a file for a file field.
type upload struct{ name, content string }

// fields are what a visitor types, by field name: string, []string or upload.
type fields map[string]any

// submit fills the first form whose action ends with the given words (or any
// form when it is "") and holds the button, and presses that button.
func (v *visitor) submit(action, button string, typed fields) *visitor {
	v.t.Helper()
	var form, pressed *html.Node
	for _, f := range findAll(v.page, func(n *html.Node) bool { return n.Data == "form" && strings.HasSuffix(v.resolveAction(n), action) }) {
		pressed = find(f, func(n *html.Node) bool {
			return n.Data == "button" && (button == "" || strings.Contains(squeeze(wordsOf(n)), squeeze(button)) || attr(n, "value") == button)
		})
		if pressed != nil {
			form = f
			break
		}
	}
	if form == nil {
		v.t.Fatalf("%s has no form …%s with a button %q:\n%s", v.path, action, button, v.text())
	}
	if has(pressed, "disabled") {
		v.t.Fatalf("%s: the button %q is disabled:\n%s", v.path, button, v.text())
	}
	v.press(form, pressed, typed)
	return v
}

func (v *visitor) resolveAction(form *html.Node) string {
	if a := attr(form, "action"); a != "" {
		return v.resolve(a)
	}
	return v.path
}

// press sends the form as a browser would.
func (v *visitor) press(form, button *html.Node, typed fields) {
	v.t.Helper()
	values := formValues(form)
	if name := attr(button, "name"); name != "" {
		values.Set(name, attr(button, "value"))
	}
	files := map[string][]upload{}
	for name, value := range typed {
		switch value := value.(type) {
		case string:
			values.Set(name, value)
		case []string:
			values[name] = value
		case upload:
			files[name] = append(files[name], value)
		case []upload:
			files[name] = value
		default:
			v.t.Fatalf("field %s has a value of type %T", name, value)
		}
	}
	target := v.resolveAction(form)
	if a := attr(button, "formaction"); a != "" {
		target = v.resolve(a)
	}
	if attr(form, "method") != "post" {
		v.open(strings.SplitN(target, "?", 2)[0] + "?" + values.Encode())
		return
	}
	body, kind := encode(v.t, values, files, attr(form, "enctype") == "multipart/form-data")
	req, err := http.NewRequest(http.MethodPost, v.world.base+target, body)
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	req.Header.Set("Origin", v.world.base)
	v.send(req)
}

func encode(t *testing.T, values url.Values, files map[string][]upload, multi bool) (io.Reader, string) {
	t.Helper()
	if !multi {
		return strings.NewReader(values.Encode()), "application/x-www-form-urlencoded"
	}
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, all := range values {
		for _, value := range all {
			if err := m.WriteField(name, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, all := range files {
		for _, f := range all {
			part, err := m.CreateFormFile(name, f.name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(part, f.content); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return &b, m.FormDataContentType()
}

// formValues are what the form holds before anybody types.
func formValues(form *html.Node) url.Values {
	values := url.Values{}
	for _, n := range findAll(form, func(n *html.Node) bool {
		return n.Data == "input" || n.Data == "textarea" || n.Data == "select"
	}) {
		name := attr(n, "name")
		if name == "" || has(n, "disabled") {
			continue
		}
		switch {
		case n.Data == "textarea":
			values.Add(name, wordsOf(n))
		case n.Data == "select":
			addSelected(values, name, n)
		case attr(n, "type") == "radio", attr(n, "type") == "checkbox":
			if has(n, "checked") {
				value := attr(n, "value")
				if value == "" {
					value = "on"
				}
				values.Add(name, value)
			}
		case attr(n, "type") == "file", attr(n, "type") == "submit":
		default:
			values.Add(name, attr(n, "value"))
		}
	}
	return values
}

func addSelected(values url.Values, name string, sel *html.Node) {
	options := findAll(sel, func(n *html.Node) bool { return n.Data == "option" })
	for _, o := range options {
		if has(o, "selected") {
			values.Add(name, optionValue(o))
			return
		}
	}
	if len(options) > 0 {
		values.Add(name, optionValue(options[0]))
	}
}

func optionValue(o *html.Node) string {
	if has(o, "value") {
		return attr(o, "value")
	}
	return wordsOf(o)
}
