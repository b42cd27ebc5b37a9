package office

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"gongjian/internal/fault"
)

// parts are the files inside a docx or xlsx. Only those that are read are ever
// unpacked, all of them out of one budget: the sizes in a zip directory are
// claims. Pictures, macros (vbaProject.bin), external links and embedded
// objects lie in parts that nobody opens.
type parts struct {
	byName map[string]*zip.File
	left   *int64 // bytes that may still be unpacked
}

// maxParts bounds the entries of an archive. A workbook with a picture in each of
// a thousand rows stays far below it.
const maxParts = 10_000

func openParts(data []byte) (parts, error) {
	// The entries of the directory, and whatever looks like one: counted before
	// the library makes a record of each.
	if n := bytes.Count(data, []byte("PK\x01\x02")); n > maxParts {
		return parts{}, broken(fmt.Errorf("%d parts", n))
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return parts{}, broken(err)
	}
	left := int64(MaxUnzipped)
	p := parts{byName: map[string]*zip.File{}, left: &left}
	for _, f := range archive.File {
		name := strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/")
		if p.byName[name] == nil { // of two parts of one name the first counts
			p.byName[name] = f
		}
	}
	return p, nil
}

func (p parts) has(name string) bool { return p.byName[name] != nil }

// open unpacks one part. Close the reader.
func (p parts) open(name string) (io.ReadCloser, error) {
	f := p.byName[name]
	if f == nil {
		return nil, broken(fmt.Errorf("no part %q", name))
	}
	r, err := f.Open()
	if err != nil {
		return nil, broken(fmt.Errorf("part %q: %w", name, err))
	}
	return &budgetReader{r, p.left}, nil
}

// errBudget ends the unpacking of more than MaxUnzipped.
var errBudget = errors.New("the file unpacks to too much")

type budgetReader struct {
	io.ReadCloser
	left *int64
}

func (b *budgetReader) Read(to []byte) (int, error) {
	if *b.left <= 0 {
		return 0, errBudget
	}
	n, err := b.ReadCloser.Read(to)
	*b.left -= int64(n)
	return n, err
}

// unreadable turns what went wrong inside a part into the fault for it.
func unreadable(name string, err error) error {
	var known *fault.Fault
	switch {
	case errors.As(err, &known):
		return err
	case errors.Is(err, errBudget), errors.Is(err, errToken), errors.Is(err, errNodes):
		return fault.New(fault.TooLarge, "import.too-large", "Limit", MaxUnzipped>>20).Because(err)
	}
	return broken(fmt.Errorf("part %q: %w", name, err))
}

// tree reads an XML part; a part that is absent is an empty tree.
func (p parts) tree(name string) (*node, error) {
	if !p.has(name) {
		return &node{}, nil
	}
	r, err := p.open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	root, err := readTree(r)
	if err != nil {
		return nil, unreadable(name, err)
	}
	return root, nil
}

// relation is one entry of a list of relationships: a part and what it is there for.
type relation struct{ kind, target string }

// relations reads what a part is related to, by id. The part "" is the whole
// file. Targets outside the file are left out: nothing outside is fetched.
func (p parts) relations(part string) (map[string]relation, error) {
	folder, base := path.Split(part)
	root, err := p.tree(folder + "_rels/" + base + ".rels")
	if err != nil {
		return nil, err
	}
	out := map[string]relation{}
	if list := root.child("Relationships"); list != nil {
		for _, r := range list.children {
			if r.attr("TargetMode") == "External" {
				continue
			}
			target := r.attr("Target")
			if !strings.HasPrefix(target, "/") {
				target = folder + target
			}
			out[r.attr("Id")] = relation{
				kind: path.Base(r.attr("Type")), target: strings.TrimPrefix(path.Clean("/"+target), "/"),
			}
		}
	}
	return out, nil
}

// related returns the part of a kind, or fallback where none is named; of
// several the one with the lowest name, so that a file reads the same every time.
func related(all map[string]relation, kind, fallback string) string {
	found := ""
	for _, r := range all {
		if r.kind == kind && (found == "" || r.target < found) {
			found = r.target
		}
	}
	if found == "" {
		return fallback
	}
	return found
}
