package assess

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"gongjian/internal/task"
)

var quotedKey = regexp.MustCompile(`"(assess\.[a-z-]+\.[a-z-]+)"`)

// words reads the text file of a language: keys and the placeholders of each.
func words(t *testing.T, lang string) map[string][]string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "web", "text", lang, "assess.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file map[string]any
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	placeholder := regexp.MustCompile(`\.([A-Za-z]+)[ }]`)
	out := map[string][]string{}
	for key, text := range file {
		var names []string
		raw, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range placeholder.FindAllStringSubmatch(string(raw), -1) {
			names = append(names, m[1])
		}
		slices.Sort(names)
		out[key] = slices.Compact(names)
	}
	return out
}

func TestEverySentenceOfThePackageHasWordsInBothLanguages(t *testing.T) {
	zh, en := words(t, "zh"), words(t, "en")
	used := map[string]bool{}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range sources {
		if ok, _ := filepath.Match("*_test.go", name); ok {
			continue
		}
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range quotedKey.FindAllStringSubmatch(string(b), -1) {
			used[m[1]] = true
		}
	}
	for _, f := range task.Fields() {
		used[f.TextKey()] = true
	}
	for _, ms := range methodsOf {
		for _, m := range ms {
			used[m.TextKey()] = true
		}
	}
	for _, key := range []string{
		Heading.TextKey(), Plain.TextKey(), Bonus.TextKey(), Deduction.TextKey(), Veto.TextKey(),
		Scored.TextKey(), StillOpen.TextKey(), Exempt.TextKey(), HalfUp.TextKey(), HalfEven.TextKey(), Down.TextKey(),
		TiesShared.TextKey(), TiesByItems.TextKey(), Absent("").TextKey(), AbsentScale.TextKey(),
	} {
		used[key] = true
	}
	for key := range used {
		if _, ok := zh[key]; ok {
			continue
		}
		if _, ok := zh["fault."+key]; !ok {
			t.Errorf("%s has no words", key)
		}
	}
	for key, names := range zh {
		plain := key
		if len(key) > 6 && key[:6] == "fault." {
			plain = key[6:]
		}
		if !used[plain] {
			t.Errorf("%s is used by nobody", key)
		}
		if !slices.Equal(names, en[key]) {
			t.Errorf("%s has %v in Chinese and %v in English", key, names, en[key])
		}
	}
	if len(zh) != len(en) {
		t.Errorf("%d keys in Chinese, %d in English", len(zh), len(en))
	}
}

// Every sentence of a card brings the arguments that its words name.
func TestSentencesBringTheirArguments(t *testing.T) {
	zh := words(t, "zh")
	check := func(no string, s task.Say) {
		for _, name := range zh[s.Key] {
			_, number := s.Number[name]
			_, count := s.Count[name]
			_, word := s.Word[name]
			if !number && !count && !word {
				t.Errorf("%s: %s misses %s: %+v", no, s.Key, name, s)
			}
		}
	}
	for _, in := range []Inputs{liangshan(), {Subject: "513400", AsOf: may31}} {
		for _, l := range mustScore(t, SampleScheme(), in).Lines {
			for _, s := range l.Calc {
				check(l.No, s)
			}
			if l.Why != nil {
				check(l.No, *l.Why)
			}
		}
	}
}
