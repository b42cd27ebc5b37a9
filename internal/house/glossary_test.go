package house

import (
	"go/ast"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// plainTypes are exported types of the domain that are no word of the field, with
// the reason. Keep it small: a type that users have a word for belongs in the
// glossary instead.
var plainTypes = map[string]string{
	"calendar.Date":      "means what it says",
	"calendar.DayChange": "a row of the table of holidays and make-up days",
	"org.Decision":       "Cedar's word for allow or deny",
	"org.Entity":         "Cedar's word for who and what a policy speaks of",
	"org.Resource":       "Cedar's word for what is acted upon",
	"org.Right":          "an action that a caller has, with where",
	"org.Entitled":       "an answer to the question who may see this",
	"org.Name":           "means what it says, with the day it began",
	"org.Parent":         "means what it says, with the day it began",
	"org.Match":          "what a printed name leads to",
	"org.Index":          "finds units by printed names",
	"task.Node":          "a task of a tree with its reports",
	"assess.Of":          "the choice of what a measure is taken of",
	"assess.Bare":        "the choice of what counts where nothing is due",
	"assess.Previous":    "the last ranking, to compare with",
	"assess.Difference":  "what a recount found",
	"assess.Mismatch":    "what a recount found",
	"task.Say":           "a sentence of a light: text key and arguments",
}

// plainParts are parts of a type's name that need no glossary: LightKind is of
// "light", TaskFigure of "task". A type that is only such a part passes, too.
var plainParts = []string{
	"kind", "id", "state", "status", "input", "facts", "fact", "options", "list", "set", "op", "draft", "change",
	"figure", "record", "ref", "query", "source", "field",
}

func TestTheGlossaryKnowsTheDomainsWords(t *testing.T) {
	words := glossary(t)
	for _, f := range domainFiles(t) {
		if f.Generated {
			continue
		}
		for _, d := range f.AST.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range g.Specs {
				s, ok := spec.(*ast.TypeSpec)
				if !ok || !s.Name.IsExported() {
					continue
				}
				name := strings.TrimPrefix(f.Package, "internal/") + "." + s.Name.Name
				if _, plain := plainTypes[name]; !plain && !knows(words, s.Name.Name) {
					t.Errorf("%s: the type %s is not in docs/glossary.md: add its word with the Chinese term, "+
						"or list it in plainTypes of internal/house/glossary_test.go if users have no word for it", read(t).at(s), name)
				}
			}
		}
	}
}

var camel = regexp.MustCompile(`[A-Z][a-z0-9]*|[A-Z]+`)

// knows reports whether a type's name is a word, or is made of words and plain parts.
func knows(words map[string]bool, name string) bool {
	if words[normal(name)] {
		return true
	}
	name = strings.ReplaceAll(name, "ID", "Id")
	for _, part := range camel.FindAllString(name, -1) {
		part = normal(part)
		if !words[part] && !words[strings.TrimSuffix(part, "s")] && !slices.Contains(plainParts, part) {
			return false
		}
	}
	return true
}

// glossary returns the words in the first column of the glossary's tables,
// normalised. A cell may hold several, with commas between them.
func glossary(t *testing.T) map[string]bool {
	t.Helper()
	words := map[string]bool{}
	for _, line := range strings.Split(text(t, "docs/glossary.md"), "\n") {
		cells := strings.Split(line, "|")
		if len(cells) < 4 || strings.HasPrefix(strings.TrimSpace(cells[1]), "-") {
			continue
		}
		for _, word := range strings.Split(cells[1], ",") {
			words[normal(word)] = true
		}
	}
	if len(words) < 20 {
		t.Fatalf("docs/glossary.md has only %d words: its tables are not read as they should be", len(words))
	}
	return words
}

var noLetter = regexp.MustCompile(`[^a-z0-9]+`)

// normal makes "Score card", "scorecard" and "ScoreCard" one.
func normal(word string) string { return noLetter.ReplaceAllString(strings.ToLower(word), "") }

func TestEveryWordOfTheGlossaryHasItsChineseTerm(t *testing.T) {
	han := regexp.MustCompile(`\p{Han}`)
	for _, line := range strings.Split(text(t, "docs/glossary.md"), "\n") {
		cells := strings.Split(line, "|")
		if len(cells) < 6 || strings.HasPrefix(strings.TrimSpace(cells[1]), "-") || strings.TrimSpace(cells[1]) == "word" {
			continue
		}
		if !han.MatchString(cells[2]) {
			t.Errorf("docs/glossary.md: %s has no Chinese term in its second column", strings.TrimSpace(cells[1]))
		}
	}
}
