package house

import (
	"go/ast"
	"strings"
	"testing"
)

// domainModules are the only third-party modules of the domain: arithmetic,
// policies, words and the draw's proofs. None of them touches the outside.
var domainModules = map[string][]string{
	"assess":   {"github.com/shopspring/decimal"},
	"task":     {"github.com/shopspring/decimal", "golang.org/x/text"},
	"support":  {"github.com/shopspring/decimal"},
	"org":      {"github.com/cedar-policy/cedar-go", "golang.org/x/text", "github.com/mozillazg/go-pinyin", "github.com/google/uuid"}, // uuid: only names, see chance
	"memo":     {"golang.org/x/text"},
	"calendar": {"golang.org/x/text"},
	"draw":     {"github.com/oasisprotocol/curve25519-voi", "github.com/cloudflare/circl"},
}

// outside are the standard library's doors to files, network, chance, other
// processes and the log. A trailing slash refuses what is below, too.
var outside = []string{
	"os", "os/", "io/ioutil", "path/filepath", "net", "net/", "syscall", "log", "log/", "database/sql",
	"math/rand", "math/rand/", "crypto/rand", "runtime", "runtime/", "plugin", "unsafe", "testing", "html/template", "text/template",
}

// clock are the names of package time that read the clock or wait for it.
var clock = map[string]bool{
	"Now": true, "Since": true, "Until": true, "Sleep": true, "After": true, "AfterFunc": true,
	"Tick": true, "NewTimer": true, "NewTicker": true, "Local": true, "LoadLocation": true,
}

// chance are the functions of the uuid package that draw lots or read the clock;
// NewSHA1, which makes the same number of the same name, is none.
var chance = map[string]bool{
	"New": true, "NewString": true, "NewRandom": true, "NewUUID": true, "NewV6": true, "NewV7": true, "Must": true,
}

func TestTheDomainImportsNothingOfTheOutside(t *testing.T) {
	for _, f := range domainFiles(t) {
		for imported, node := range f.imports() {
			if strings.HasPrefix(imported, "gongjian/") {
				continue // TestImportsOnlyGoDownTheHouse
			}
			if first, _, _ := strings.Cut(imported, "/"); strings.Contains(first, ".") {
				if !permittedModule(strings.TrimPrefix(f.Package, "internal/"), imported) {
					t.Errorf("%s: %s imports %s: the domain's third-party modules are listed in internal/house/purity_test.go; "+
						"this one is not among them", read(t).at(node), f.Package, imported)
				}
				continue
			}
			if imported == "database/sql/driver" {
				continue // the interfaces by which a Date or a Quantity says how it is stored
			}
			if isOutside(imported) {
				t.Errorf("%s: %s imports %s: domain packages are pure functions of values; "+
					"what comes from outside is an argument", read(t).at(node), f.Package, imported)
			}
		}
	}
}

func permittedModule(short, imported string) bool {
	for _, module := range domainModules[short] {
		if imported == module || strings.HasPrefix(imported, module+"/") {
			return true
		}
	}
	return false
}

func isOutside(imported string) bool {
	for _, door := range outside {
		if imported == door || strings.HasSuffix(door, "/") && strings.HasPrefix(imported, door) {
			return true
		}
	}
	return false
}

func TestTheDomainReadsNoClockAndStartsNoGoroutine(t *testing.T) {
	for _, f := range domainFiles(t) {
		ast.Inspect(f.AST, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				pkg, ok := n.X.(*ast.Ident)
				if ok && pkg.Name == "uuid" && chance[n.Sel.Name] {
					t.Errorf("%s: uuid.%s draws a lot: a new identity is an argument of the domain", read(t).at(n), n.Sel.Name)
				}
				if ok && pkg.Name == "time" && clock[n.Sel.Name] {
					t.Errorf("%s: time.%s: a domain function takes the day or the instant as an argument, "+
						"so that any past day can be judged again", read(t).at(n), n.Sel.Name)
				}
			case *ast.GoStmt:
				t.Errorf("%s: a goroutine in %s: the domain computes, others schedule", read(t).at(n), f.Package)
			}
			return true
		})
	}
}

// Without types this sees assignments to a package's variables by their plain
// names in the same package, which is how such state is written; a local
// variable of the same name would be accused wrongly and should be renamed.
func TestTheDomainKeepsNoStateInPackageVariables(t *testing.T) {
	variables := map[string]bool{} // "package name"
	for _, f := range domainFiles(t) {
		for _, d := range f.AST.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok.String() == "var" {
				for _, spec := range g.Specs {
					for _, name := range spec.(*ast.ValueSpec).Names {
						variables[f.Package+" "+name.Name] = true
					}
				}
			}
		}
	}
	for _, f := range domainFiles(t) {
		ast.Inspect(f.AST, func(n ast.Node) bool {
			assign, ok := n.(*ast.AssignStmt)
			if !ok || assign.Tok.String() == ":=" {
				return true
			}
			for _, left := range assign.Lhs {
				if index, ok := left.(*ast.IndexExpr); ok {
					left = index.X
				}
				if name, ok := left.(*ast.Ident); ok && name.Name != "_" && variables[f.Package+" "+name.Name] {
					t.Errorf("%s: %s is a package variable and is changed here: state of the domain is a value that callers hold",
						read(t).at(assign), name.Name)
				}
			}
			return true
		})
	}
}

func TestNothingRunsBeforeMain(t *testing.T) {
	for _, f := range read(t).goes {
		for _, d := range f.AST.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" && !f.Generated {
				t.Errorf("%s: init() runs where no reader looks; call a named function from main", read(t).at(fn))
			}
		}
	}
}

// domainFiles are the hand-written files of the domain, without tests.
func domainFiles(t *testing.T) (found []goFile) {
	t.Helper()
	for _, f := range read(t).goes {
		if short, ok := strings.CutPrefix(f.Package, "internal/"); ok && inDomain(short) && !f.Test {
			found = append(found, f)
		}
	}
	if len(found) == 0 {
		t.Fatal("no domain package was found: the table of domain packages does not fit the tree")
	}
	return found
}
