package house

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// root is the project's folder, seen from this package.
const root = "../.."

// skipped are folders that are not source: built, fetched, or run-time data.
var skipped = map[string]bool{
	".git": true, "node_modules": true, "bin": true, "data": true, "tmp": true,
	"internal/web/asset/dist": true,
}

// goFile is one parsed Go file.
type goFile struct {
	Path      string // from the project's folder, with slashes
	Package   string // the folder of Path: the import path below the module
	Test      bool
	Generated bool
	Text      string
	AST       *ast.File
}

// tree is everything the tests read, loaded once.
type tree struct {
	fset  *token.FileSet
	goes  []goFile
	files []string // every file, sorted
}

var load = sync.OnceValues(func() (*tree, error) {
	t := &tree{fset: token.NewFileSet()}
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(relative)
		if d.IsDir() {
			if skipped[name] || d.Name() == "node_modules" {
				return fs.SkipDir
			}
			return nil
		}
		t.files = append(t.files, name)
		if !strings.HasSuffix(name, ".go") || strings.Contains(name, "/testdata/") {
			return nil
		}
		return t.addGo(name)
	})
	return t, err
})

func (t *tree) addGo(name string) error {
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		return err
	}
	file, err := parser.ParseFile(t.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	t.goes = append(t.goes, goFile{
		Path:      name,
		Package:   path.Dir(name),
		Test:      strings.HasSuffix(name, "_test.go"),
		Generated: strings.HasSuffix(name, "_templ.go") || ast.IsGenerated(file),
		Text:      string(text),
		AST:       file,
	})
	return nil
}

// read loads the tree or ends the test.
func read(t *testing.T) *tree {
	t.Helper()
	loaded, err := load()
	if err != nil {
		t.Fatalf("reading the project: %v", err)
	}
	if len(loaded.goes) < 10 {
		t.Fatalf("only %d Go files found below %s: the tests look in the wrong place", len(loaded.goes), root)
	}
	return loaded
}

// text returns a file of the project as text.
func text(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// withSuffix returns the files whose names end in suffix.
func (t *tree) withSuffix(suffix string) (found []string) {
	for _, name := range t.files {
		if strings.HasSuffix(name, suffix) {
			found = append(found, name)
		}
	}
	return found
}

// at says where a node stands.
func (t *tree) at(n ast.Node) string {
	p := t.fset.Position(n.Pos())
	return fmt.Sprintf("%s:%d", p.Filename, p.Line)
}

// imports returns the paths that a file imports, with the node of each.
func (f goFile) imports() map[string]ast.Node {
	found := map[string]ast.Node{}
	for _, spec := range f.AST.Imports {
		found[strings.Trim(spec.Path.Value, `"`)] = spec
	}
	return found
}
