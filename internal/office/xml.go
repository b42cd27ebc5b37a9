package office

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

var (
	errDepth   = errors.New("XML is nested too deep")
	errNesting = errors.New("XML elements are not closed in their order")
	errDoctype = errors.New("XML with a document type; office files have none")
	errToken   = errors.New("one piece of XML is too long")
	errNodes   = errors.New("XML has too many elements")
)

// maxToken bounds one tag or one stretch of text in bytes; a cell holds 32,767
// characters at most.
const maxToken = 4 << 20

// xmlReader reads tokens from XML of unknown origin. No document types, so no
// entities but the five that XML itself has; depth and the size of a token are
// bounded.
type xmlReader struct {
	decoder *xml.Decoder
	source  *tokenSource
	open    []string // the elements that are open
}

// tokenSource counts the bytes read since the last token.
type tokenSource struct {
	io.Reader
	since int
}

func (s *tokenSource) Read(to []byte) (int, error) {
	if s.since > maxToken {
		return 0, errToken
	}
	n, err := s.Reader.Read(to)
	s.since += n
	return n, err
}

func newXMLReader(r io.Reader) *xmlReader {
	source := &tokenSource{Reader: r}
	decoder := xml.NewDecoder(source)
	decoder.CharsetReader = charsetReader
	return &xmlReader{decoder: decoder, source: source}
}

// next returns the next token, io.EOF at the end. Tokens are those of RawToken:
// valid until the next call, names not resolved.
func (x *xmlReader) next() (xml.Token, error) {
	x.source.since = 0
	token, err := x.decoder.RawToken()
	if err == io.EOF && len(x.open) > 0 {
		return nil, io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case xml.StartElement:
		if len(x.open) >= MaxDepth {
			return nil, errDepth
		}
		x.open = append(x.open, t.Name.Local)
	case xml.EndElement:
		if len(x.open) == 0 || x.open[len(x.open)-1] != t.Name.Local {
			return nil, errNesting
		}
		x.open = x.open[:len(x.open)-1]
	case xml.Directive:
		return nil, errDoctype
	}
	return token, nil
}

// skip reads to the end of the element that was opened last.
func (x *xmlReader) skip() error {
	for depth := len(x.open); len(x.open) >= depth; {
		if _, err := x.next(); err != nil {
			return err
		}
	}
	return nil
}

// node is an XML element. Names are local names; only the elements of other
// vocabularies that matter here (AlternateContent) have no rivals in Word's own.
type node struct {
	name     string
	attrs    []attribute
	text     string // character data directly inside
	children []*node
}

type attribute struct{ name, value string }

// maxNodes bounds a tree; one takes some 150 bytes. A Word table of 20,000 rows
// has about a million.
const maxNodes = 2_000_000

// unread are elements that are left out of trees with all that is in them: they
// take most of the room and change nothing in the text.
var unread = map[string]bool{
	"drawing": true, "pict": true, "object": true, "sectPr": true, "tblPr": true, "tblGrid": true,
	"tcBorders": true, "rFonts": true, "pBdr": true, "latentStyles": true, "instrText": true,
	"fonts": true, "fills": true, "borders": true, "cellStyleXfs": true, "dxfs": true,
}

// kept are the attributes that are looked at.
var kept = map[string]bool{
	"val": true, "styleId": true, "abstractNumId": true, "numId": true, "ilvl": true,
	"Id": true, "Type": true, "Target": true, "TargetMode": true,
	"name": true, "id": true, "state": true, "date1904": true, "numFmtId": true, "formatCode": true,
}

// readTree builds the tree without recursion.
func readTree(r io.Reader) (*node, error) {
	root := &node{}
	stack := []*node{root}
	reader := newXMLReader(r)
	var text []byte
	for count := 0; ; {
		token, err := reader.next()
		if err == io.EOF {
			return root, nil
		}
		if err != nil {
			return nil, err
		}
		top := stack[len(stack)-1]
		switch t := token.(type) {
		case xml.StartElement:
			if unread[t.Name.Local] {
				if err := reader.skip(); err != nil {
					return nil, err
				}
				continue
			}
			if count++; count > maxNodes {
				return nil, errNodes
			}
			child := &node{name: t.Name.Local}
			for _, a := range t.Attr {
				if kept[a.Name.Local] {
					child.attrs = append(child.attrs, attribute{a.Name.Local, a.Value})
				}
			}
			top.children = append(top.children, child)
			stack = append(stack, child)
			text = text[:0]
		case xml.EndElement:
			if top.name == "t" { // the only element of Word whose text is shown
				top.text = string(text)
			}
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if top.name == "t" {
				text = append(text, t...)
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
		if a.name == name {
			return a.value
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
