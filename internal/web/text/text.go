// Package text holds every word that a page, a message or an error shows, in
// Chinese and English, and writes dates, numbers and lists as each language does.
//
// Words. A key names one piece of text: area, dot, name ("desk.title"). A
// Bundle is all keys of both languages. A Printer speaks one of them.
//
// Where text lives. One folder a language, one JSON file an area: zh/desk.json
// and en/desk.json. A file maps keys to text; keys are flat and begin with the
// area's name; a second file of an area is called area-part.json. Placeholders are {{.name}};
// {{if .name}}…{{else}}…{{end}} leaves out what is empty. English text that counts has plural
// forms, chosen by the placeholder n:
//
//	"desk.left": {"one": "{{.n}} day left", "other": "{{.n}} days left"}
//
// Emphasis and links inside a sentence are written <b>…</b>, <a>…</a> and, for
// words of a document, <orig>…</orig>; Printer.Rich takes them apart.
//
// Laws. Both languages have the same keys with the same placeholders. A key that
// no source uses does not stay. A key that is missing shows itself in brackets,
// and a test fails. No other package holds text for users.
package text

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"sort"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed zh en
var files embed.FS

// The languages, as they stand in the lang attribute of a page.
const (
	Chinese = "zh-CN"
	English = "en"
)

// folders says which folder holds which language.
var folders = map[string]string{Chinese: "zh", English: "en"}

// Bundle is all text in both languages. It is read only after Load.
type Bundle struct {
	printers map[string]*Printer
}

// Load reads all files. It fails on a file that is not JSON of the form above
// and on a key that stands in two files of one language.
func Load() (*Bundle, error) { return load(files) }

func load(from fs.FS) (*Bundle, error) {
	bundle := i18n.NewBundle(language.MustParse(Chinese))
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	out := &Bundle{printers: map[string]*Printer{}}
	for lang, folder := range folders {
		keys := map[string]bool{}
		names, err := fs.Glob(from, folder+"/*.json")
		if err != nil {
			return nil, fmt.Errorf("text: listing %s: %w", folder, err)
		}
		for _, name := range names {
			if err := loadFile(bundle, from, name, lang, keys); err != nil {
				return nil, err
			}
		}
		out.printers[lang] = &Printer{lang: lang, localizer: i18n.NewLocalizer(bundle, lang), keys: keys}
	}
	return out, nil
}

func loadFile(bundle *i18n.Bundle, from fs.FS, name, lang string, keys map[string]bool) error {
	data, err := fs.ReadFile(from, name)
	if err != nil {
		return fmt.Errorf("text: reading %s: %w", name, err)
	}
	// go-i18n finds the language in a file's name: desk.zh-CN.json.
	area := path.Base(name[:len(name)-len(".json")])
	parsed, err := bundle.ParseMessageFileBytes(data, area+"."+lang+".json")
	if err != nil {
		return fmt.Errorf("text: reading %s: %w", name, err)
	}
	for _, m := range parsed.Messages {
		if keys[m.ID] {
			return fmt.Errorf("text: key %q of %s stands in another file too", m.ID, name)
		}
		keys[m.ID] = true
	}
	return nil
}

// For returns the printer of a language; an unknown one gets Chinese.
func (b *Bundle) For(lang string) *Printer {
	if p, ok := b.printers[lang]; ok {
		return p
	}
	return b.printers[Chinese]
}

// Keys returns all keys of a language, sorted.
func (b *Bundle) Keys(lang string) []string {
	var out []string
	for key := range b.For(lang).keys {
		out = append(out, key)
	}
	sort.Strings(out)
	return out
}
