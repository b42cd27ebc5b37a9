package house

import (
	"encoding/json"
	"go/ast"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// traces are shapes that a build machine leaves in files. They are spelt with
// brackets so that this file does not find itself.
var traces = []struct {
	shape *regexp.Regexp
	why   string
}{
	{regexp.MustCompile("(?m)(?:^|[\\s\"'`=:(,])/(?:wor[k]|roo[t]|Use[rs]/[a-z]+|home/[a-z]+)/[\\w.-]"),
		"the path of one machine's folder; use a path relative to the project"},
	{regexp.MustCompile(`"resolve[d]"\s*:\s*"`),
		"the address of the registry that one machine used; .npmrc leaves it out (omit-lockfile-registry-resolved)"},
	{regexp.MustCompile(`https?://(?:prox[y]|registr[y]|mirro[r]s?|artifactor[y]|nexu[s])[.\w-]*[:/]`),
		"a registry or proxy; which one is used is the machine's own setting"},
	{regexp.MustCompile(`\bGOPROX[Y]=|\bGONOSUMD[B]=|\bGOFLAG[S]=-mod`),
		"a setting of one machine's Go"},
}

func TestNothingNamesTheMachineItWasMadeOn(t *testing.T) {
	for _, name := range read(t).files {
		b, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if len(b) > 4<<20 || !utf8.Valid(b) {
			continue
		}
		for _, trace := range traces {
			if at := trace.shape.FindIndex(b); at != nil {
				line := 1 + strings.Count(string(b[:at[0]]), "\n")
				t.Errorf("%s:%d: %q: %s", name, line, strings.TrimSpace(string(b[at[0]:at[1]])), trace.why)
			}
		}
	}
}

// modernc.org/sqlite is translated for one exact modernc.org/libc; another one
// compiles and then corrupts memory. Raise both together or none.
func TestSQLiteAndItsLibcAreThePairThatBelongsTogether(t *testing.T) {
	mod := text(t, "go.mod")
	for module, version := range map[string]string{"modernc.org/sqlite": "v1.60.1", "modernc.org/libc": "v1.77.1"} {
		found := regexp.MustCompile(`(?m)^\s*` + regexp.QuoteMeta(module) + ` (\S+)`).FindStringSubmatch(mod)
		if found == nil || found[1] != version {
			t.Errorf("go.mod has %s at %q, want %s: look into the go.mod of the sqlite version for the libc it names, "+
				"and change both here", module, found, version)
		}
	}
}

func TestPackagesOfThePagesArePinned(t *testing.T) {
	var manifest struct{ Dependencies, DevDependencies map[string]string }
	if err := json.Unmarshal([]byte(text(t, "package.json")), &manifest); err != nil {
		t.Fatal(err)
	}
	if len(manifest.Dependencies) == 0 {
		t.Error("package.json names no dependencies: is it the right file?")
	}
	exact := regexp.MustCompile(`^\d+\.\d+\.\d+$`)
	for _, group := range []map[string]string{manifest.Dependencies, manifest.DevDependencies} {
		for name, version := range group {
			if !exact.MatchString(version) {
				t.Errorf("package.json has %s at %q: name one version, so that two builds are one program", name, version)
			}
		}
	}
}

// The only tests that may be left out are those that need PostgreSQL or a
// browser, and only where the testkit is told so by a variable.
func TestNoTestIsSkipped(t *testing.T) {
	skips := []string{"Skip", "Skipf", "SkipNow"}
	for _, f := range read(t).goes {
		if !f.Test && !strings.HasPrefix(f.Package, "testkit") {
			continue
		}
		ast.Inspect(f.AST, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			selector, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !slices.Contains(skips, selector.Sel.Name) {
				return true
			}
			if strings.HasPrefix(f.Package, "testkit") && strings.Contains(f.Text, "SKIP_") {
				return true
			}
			if receiver, ok := selector.X.(*ast.Ident); ok && !slices.Contains([]string{"t", "b", "tb", "f", "rt"}, receiver.Name) {
				return true // somebody else's Skip, such as a decoder's
			}
			t.Errorf("%s: a skipped test is a promise nobody keeps: make it run, or go through the testkit's SKIP_ variables",
				read(t).at(call))
			return true
		})
	}
}

func TestEveryFolderOfGoodsStandsInItsPlace(t *testing.T) {
	tops := []string{".", "cmd", "internal", "testkit", "scenarios", "script", "docs", ".ci", ".github"}
	for _, name := range read(t).files {
		top, _, below := strings.Cut(name, "/")
		if below && !slices.Contains(tops, top) {
			t.Errorf("%s: the folder %s is not one of %v; docs/design.md says where things stand", name, top, tops)
		}
		if path.Ext(name) == ".orig" || path.Ext(name) == ".rej" || strings.HasSuffix(name, "~") {
			t.Errorf("%s: an editor's left-over", name)
		}
	}
}
