package house

import (
	"go/ast"
	"go/token"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// maxLines is the length past which a file is two files.
const maxLines = 800

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	documented, seen := map[string]bool{}, map[string]string{}
	for _, f := range read(t).goes {
		if f.Test || f.Generated {
			continue
		}
		seen[f.Package] = f.Path
		if f.AST.Doc != nil && strings.TrimSpace(f.AST.Doc.Text()) != "" {
			documented[f.Package] = true
		}
	}
	for pkg, file := range seen {
		if !documented[pkg] {
			t.Errorf("%s: package %s has no package doc: what it is for, its words, its laws", file, pkg)
		}
	}
}

func TestEveryExportedNameIsDescribed(t *testing.T) {
	for _, f := range read(t).goes {
		if f.Test || f.Generated || f.AST.Name.Name == "main" {
			continue
		}
		for _, d := range f.AST.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) {
					t.Errorf("%s: %s is exported and has no doc", read(t).at(d), d.Name.Name)
				}
			case *ast.GenDecl:
				checkSpecs(t, d)
			}
		}
	}
}

// exportedReceiver reports whether the function is none's method or that of an
// exported type: others cannot be seen from outside.
func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	expr := d.Recv.List[0].Type
	if star, ok := expr.(*ast.StarExpr); ok {
		expr = star.X
	}
	if index, ok := expr.(*ast.IndexExpr); ok {
		expr = index.X
	}
	name, ok := expr.(*ast.Ident)
	return ok && name.IsExported()
}

// checkSpecs asks for a doc on the declaration or on each of its names. One
// comment over a group of constants or variables covers all of them.
func checkSpecs(t *testing.T, d *ast.GenDecl) {
	t.Helper()
	if d.Tok == token.IMPORT {
		return
	}
	for _, spec := range d.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			if s.Name.IsExported() && s.Doc == nil && (d.Doc == nil || d.Lparen.IsValid()) {
				t.Errorf("%s: the type %s is exported and has no doc", read(t).at(s), s.Name.Name)
			}
		case *ast.ValueSpec:
			for _, name := range s.Names {
				if name.IsExported() && s.Doc == nil && s.Comment == nil && d.Doc == nil {
					t.Errorf("%s: %s is exported and has no doc", read(t).at(s), name.Name)
				}
			}
		}
	}
}

func TestNoFileIsTooLongToReadAtOnce(t *testing.T) {
	for _, f := range read(t).goes {
		if n := strings.Count(f.Text, "\n"); n > maxLines && !f.Generated {
			t.Errorf("%s has %d lines; past %d it is two files", f.Path, n, maxLines)
		}
	}
}

// link is a Markdown link or picture: [text](target) or [text](target "title").
var link = regexp.MustCompile(`\]\(<?([^)>\s]+)>?(?:\s+"[^"]*")?\)`)

func TestLinksOfTheDocsLeadSomewhere(t *testing.T) {
	loaded := read(t)
	for _, name := range loaded.withSuffix(".md") {
		for _, found := range link.FindAllStringSubmatch(withoutCode(text(t, name)), -1) {
			target, err := url.Parse(found[1])
			if err != nil {
				t.Errorf("%s: the link %s cannot be read: %v", name, found[1], err)
				continue
			}
			if target.Scheme != "" || target.Path == "" {
				continue
			}
			to := path.Join(path.Dir(name), target.Path)
			if _, err := os.Stat(filepath.Join(root, to)); err != nil {
				t.Errorf("%s: the link to %s leads nowhere: there is no %s", name, found[1], to)
			}
		}
	}
}

// withoutCode blanks out fenced and inline code, in which brackets are not links.
func withoutCode(markdown string) string {
	markdown = regexp.MustCompile("(?s)```.*?```").ReplaceAllString(markdown, "")
	return regexp.MustCompile("`[^`\n]*`").ReplaceAllString(markdown, "")
}

func TestTheCommandsThatTheDocsNameExist(t *testing.T) {
	targets := map[string]bool{}
	for _, found := range regexp.MustCompile(`(?m)^([a-z-]+):`).FindAllStringSubmatch(text(t, "Makefile"), -1) {
		targets[found[1]] = true
	}
	named := regexp.MustCompile("(?m)(?:^|`)make ((?:[a-z-]+ ?)+)(?:`| +#|$)")
	found := 0
	for _, name := range read(t).withSuffix(".md") {
		for _, command := range named.FindAllStringSubmatch(text(t, name), -1) {
			for _, target := range strings.Fields(command[1]) {
				found++
				if !targets[target] {
					t.Errorf("%s names `make %s`, and the Makefile has no such target", name, target)
				}
			}
		}
	}
	if found < 5 {
		t.Errorf("only %d make commands were found in the docs: the pattern does not fit them any more", found)
	}
}

func TestEveryGuideStandsInBothLanguages(t *testing.T) {
	for _, name := range read(t).withSuffix(".md") {
		if path.Dir(name) != "docs/guide" {
			continue
		}
		twin := strings.TrimSuffix(name, ".md") + ".zh-CN.md"
		if base, chinese := strings.CutSuffix(name, ".zh-CN.md"); chinese {
			twin = base + ".md"
		}
		if _, err := os.Stat(filepath.Join(root, twin)); err != nil {
			t.Errorf("%s has no twin %s", name, twin)
		}
	}
}
