package office

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"gongjian/internal/fault"
)

// parts are the files inside a docx or xlsx.
type parts struct{ byName map[string]*zip.File }

// openParts opens the archive and unpacks every part once to nowhere: the sizes
// in a zip directory are claims, and a spreadsheet library would believe them.
func openParts(data []byte) (parts, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return parts{}, broken(err)
	}
	p := parts{byName: map[string]*zip.File{}}
	left := int64(MaxUnzipped)
	for _, f := range archive.File {
		p.byName[f.Name] = f
		n, err := drain(f, left)
		if left -= n; left <= 0 {
			return parts{}, fault.New(fault.TooLarge, "import.too-large", "Limit", MaxUnzipped>>20)
		}
		if err != nil {
			return parts{}, broken(fmt.Errorf("part %q: %w", f.Name, err))
		}
	}
	return p, nil
}

func drain(f *zip.File, limit int64) (int64, error) {
	r, err := f.Open()
	if err != nil {
		return 0, err
	}
	defer r.Close()
	return io.Copy(io.Discard, io.LimitReader(r, limit))
}

func (p parts) has(name string) bool { return p.byName[name] != nil }

// tree reads an XML part; a part that is absent is an empty tree.
func (p parts) tree(name string) (*node, error) {
	f := p.byName[name]
	if f == nil {
		return &node{}, nil
	}
	r, err := f.Open()
	if err != nil {
		return nil, broken(err)
	}
	defer r.Close()
	return readTree(io.LimitReader(r, MaxUnzipped))
}

// node is an XML element. Names are local names; only the elements of other
// vocabularies that matter here (AlternateContent) have no rivals in Word's own.
type node struct {
	name     string
	attrs    []xml.Attr
	text     string // character data directly inside
	children []*node
}

var errDepth = errors.New("XML is nested too deep")

// readTree builds the tree without recursion. Go's decoder knows no external
// entities and refuses undeclared ones, so nothing outside the file is read.
func readTree(r io.Reader) (*node, error) {
	root := &node{}
	stack := []*node{root}
	decoder := xml.NewDecoder(r)
	decoder.CharsetReader = charsetReader
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return root, nil
		}
		if err != nil {
			return nil, broken(err)
		}
		top := stack[len(stack)-1]
		switch t := token.(type) {
		case xml.StartElement:
			if len(stack) > MaxDepth {
				return nil, broken(errDepth)
			}
			child := &node{name: t.Name.Local, attrs: t.Attr}
			top.children = append(top.children, child)
			stack = append(stack, child)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if top.name == "t" { // the only element of Word whose text is shown
				top.text += string(t)
			}
		}
	}
}

func charsetReader(label string, in io.Reader) (io.Reader, error) {
	if strings.EqualFold(label, "utf-8") {
		return in, nil
	}
	return nil, fmt.Errorf("charset %q", label)
}

// child returns the first child of that name, or nil. All node methods accept nil.
func (n *node) child(name string) *node {
	if n == nil {
		return nil
	}
	for _, c := range n.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

// attr returns an attribute by local name, or "".
func (n *node) attr(name string) string {
	if n == nil {
		return ""
	}
	for _, a := range n.attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// on reads Word's way of saying yes: the element is there and not switched off.
func (n *node) on() bool {
	if n == nil {
		return false
	}
	switch n.attr("val") {
	case "0", "false", "off":
		return false
	}
	return true
}
