package text

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// built lists the beginnings of keys that sources put together at run time and
// that no quoted text in them shows: beginning, dot or dash, value. Beginnings that stand
// in a call, as in T("light." + colour), are found without being listed.
var built = []string{}

// The scan reads sources as text: a call with a key, a call with a beginning,
// a fault, and any quoted text, which may be a key held in a table.
var (
	callKey   = regexp.MustCompile(`\.(?:T|Rich)\(\s*"([a-z0-9.-]+)"\s*[,)]`)
	callBegin = regexp.MustCompile(`\.(?:T|Rich|Has)\(\s*"([a-z0-9.-]+[.-])"\s*\+`)
	faultKey  = regexp.MustCompile(`fault\.New\(\s*(?:fault\.)?\w+,\s*"([a-z0-9.-]+)"\s*[,)]`)
	comment   = regexp.MustCompile(`(?m)^\s*//.*$`)
	quoted    = regexp.MustCompile(`"([a-z0-9-]+\.[a-z0-9.-]*)"`)
)

// source is what the scan found: the keys with the file that names each.
type source struct {
	keys, begins, quotes map[string]string
	called               map[string]bool // beginnings that stand in a call
	calls                []call
}

// call is one call with a key: its whole text, to see which names it gives.
type call struct{ key, path, text string }

func scan(t *testing.T) *source {
	t.Helper()
	s := &source{map[string]string{}, map[string]string{}, map[string]string{}, map[string]bool{}, nil}
	root := filepath.Join("..", "..", "..")
	for _, folder := range []string{"internal", "cmd"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
			if os.IsNotExist(err) {
				return nil
			}
			if err != nil || d.IsDir() || !ours(path) {
				return err
			}
			data, err := os.ReadFile(path)
			s.add(path, comment.ReplaceAllString(string(data), ""))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// ours leaves out tests, which try keys that do not exist, and generated files,
// which repeat their templates.
func ours(path string) bool {
	return strings.HasSuffix(path, ".templ") ||
		strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") && !strings.HasSuffix(path, "_templ.go")
}

func (s *source) add(path, data string) {
	for _, m := range callKey.FindAllStringSubmatchIndex(data, -1) {
		key := data[m[2]:m[3]]
		s.keys[key] = path
		s.calls = append(s.calls, call{key, path, callText(data[m[0]:])})
	}
	for _, m := range callBegin.FindAllStringSubmatch(data, -1) {
		s.begins[m[1]], s.called[m[1]] = path, true
	}
	for _, m := range faultKey.FindAllStringSubmatchIndex(data, -1) {
		key := "fault." + data[m[2]:m[3]]
		s.keys[key] = path
		s.calls = append(s.calls, call{key, path, callText(data[m[0]:])})
	}
	for _, m := range quoted.FindAllStringSubmatch(data, -1) {
		s.quotes[m[1]] = path
		if strings.HasSuffix(m[1], ".") || strings.HasSuffix(m[1], "-") {
			s.begins[m[1]] = path
		}
	}
}

// callText is the text up to the parenthesis that closes the first one.
func callText(data string) string {
	depth := 0
	for i, c := range data {
		switch c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return data[:i]
			}
		}
	}
	return data
}

func TestEveryCallGivesWhatItsTextNames(t *testing.T) {
	texts := map[string]entry{}
	for _, area := range areas(t, Chinese) {
		for key, e := range readArea(t, "zh/"+area) {
			texts[key] = e
		}
	}
	for _, c := range scan(t).calls {
		if strings.Contains(c.text, "...") {
			continue // the names come in a slice
		}
		for _, form := range texts[c.key] {
			for _, m := range placeholder.FindAllStringSubmatch(form, -1) {
				if !strings.Contains(c.text, `"`+m[1]+`"`) {
					t.Errorf("%s: %q names {{.%s}}, which the call does not give: %s", c.path, c.key, m[1], c.text)
				}
			}
		}
	}
}

func TestEveryKeyThatASourceUsesHasText(t *testing.T) {
	b, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	found := scan(t)
	keys := b.Keys(Chinese)
	for key, path := range found.keys {
		if !b.For(Chinese).Has(key) {
			t.Errorf("%s uses %q, which has no text", path, key)
		}
	}
	for _, begin := range built {
		found.begins[begin], found.called[begin] = "the table built", true
	}
	for begin, path := range found.begins {
		i := sort.SearchStrings(keys, begin)
		if found.called[begin] && (i == len(keys) || !strings.HasPrefix(keys[i], begin)) {
			t.Errorf("%s builds keys that begin with %q, and there are none", path, begin)
		}
	}
}

func TestEveryTextIsUsedBySomeSource(t *testing.T) {
	b, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	found := scan(t)
	for _, key := range b.Keys(Chinese) {
		_, called := found.keys[key]
		_, quoted := found.quotes[key]
		if called || quoted || begun(key, found.begins) {
			continue
		}
		// A fault's key may stand in a table, without "fault." before it.
		if rest, ok := strings.CutPrefix(key, "fault."); ok {
			if _, quoted := found.quotes[rest]; quoted || begun(rest, found.begins) {
				continue
			}
		}
		t.Errorf("%q is used nowhere: take it out of both languages", key)
	}
}

func begun(key string, begins map[string]string) bool {
	for _, begin := range built {
		if strings.HasPrefix(key, begin) {
			return true
		}
	}
	for i, c := range key {
		if _, ok := begins[key[:i+1]]; (c == '.' || c == '-') && ok {
			return true
		}
	}
	return false
}

// entry is one text of a file: its forms by plural category.
type entry map[string]string

func readArea(t *testing.T, name string) map[string]entry {
	t.Helper()
	data, err := files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	out := map[string]entry{}
	for key, value := range raw {
		var one string
		e := entry{}
		if json.Unmarshal(value, &one) == nil {
			e["other"] = one
		} else if err := json.Unmarshal(value, &e); err != nil {
			t.Fatalf("%s: %s: %v", name, key, err)
		}
		out[key] = e
	}
	return out
}

func areas(t *testing.T, lang string) []string {
	t.Helper()
	names, err := fs.Glob(files, folders[lang]+"/*.json")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, name := range names {
		out = append(out, filepath.Base(name))
	}
	return out
}

var (
	placeholder = regexp.MustCompile(`\{\{(?:if )?\.(\w+)\}\}`)
	elseOrEnd   = regexp.MustCompile(`\{\{(?:else|end)\}\}`)
	markTag     = regexp.MustCompile(`<(/?)(\w+)>`)
)

// features are what the two languages of a text share: placeholders and marks.
func features(e entry) []string {
	seen := map[string]bool{}
	for _, form := range e {
		for _, m := range placeholder.FindAllStringSubmatch(form, -1) {
			seen["{{."+m[1]+"}}"] = true
		}
		for _, m := range markTag.FindAllStringSubmatch(form, -1) {
			seen["<"+m[2]+">"] = true
		}
	}
	var out []string
	for f := range seen {
		out = append(out, f)
	}
	sort.Strings(out)
	return out
}

func TestBothLanguagesHaveTheSameKeysPlaceholdersAndMarks(t *testing.T) {
	if d := cmp.Diff(areas(t, Chinese), areas(t, English)); d != "" {
		t.Fatalf("the folders differ (- zh, + en):\n%s", d)
	}
	for _, area := range areas(t, Chinese) {
		zh, en := readArea(t, "zh/"+area), readArea(t, "en/"+area)
		for key, e := range zh {
			if _, ok := en[key]; !ok {
				t.Errorf("%s: %q has no English", area, key)
			} else if d := cmp.Diff(features(e), features(en[key])); d != "" {
				t.Errorf("%s: %q differs (- zh, + en):\n%s", area, key, d)
			}
		}
		for key := range en {
			if _, ok := zh[key]; !ok {
				t.Errorf("%s: %q has no Chinese", area, key)
			}
		}
	}
}

func TestTextIsWellFormed(t *testing.T) {
	for _, lang := range []string{Chinese, English} {
		for _, area := range areas(t, lang) {
			for key, e := range readArea(t, folders[lang]+"/"+area) {
				for form, words := range e {
					checkForm(t, lang+" "+key+" "+form, words)
				}
				if lang == English {
					checkEnglish(t, key, e)
				}
			}
		}
	}
}

func checkForm(t *testing.T, name, words string) {
	t.Helper()
	if strings.TrimSpace(words) == "" && !strings.Contains(name, "format.") {
		t.Errorf("%s is empty", name)
	}
	if n := strings.Count(words, "{{"); n != len(placeholder.FindAllString(words, -1))+len(elseOrEnd.FindAllString(words, -1)) {
		t.Errorf("%s: a placeholder is not of the form {{.name}}, {{if .name}}, {{else}} or {{end}}: %q", name, words)
	}
	if strings.ContainsAny(words, "!！") {
		t.Errorf("%s: no exclamation marks: %q", name, words)
	}
	open := 0
	for _, m := range markTag.FindAllStringSubmatch(words, -1) {
		switch {
		case m[2] != "b" && m[2] != "a" && m[2] != "orig":
			t.Errorf("%s: <%s> is no mark of ours", name, m[2])
		case m[1] == "":
			open++
		default:
			open--
		}
	}
	if open != 0 {
		t.Errorf("%s: a mark is not closed: %q", name, words)
	}
}

// checkEnglish: counting text has the forms one and other.
func checkEnglish(t *testing.T, key string, e entry) {
	t.Helper()
	if _, ok := e["other"]; !ok {
		t.Errorf("en %s: the form other is missing", key)
	}
	for form := range e {
		if len(e) > 1 && form != "one" && form != "other" {
			t.Errorf("en %s: English has the forms one and other, not %s", key, form)
		}
	}
}
