package office

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"gongjian/internal/fault"
)

// workbook reads an xlsx, its worksheets as streams: a large one costs no more
// than the cells that come out of it.
type workbook struct {
	parts    parts
	strings  []string       // the shared strings
	formats  []numberFormat // by style
	from1904 bool
	count    counter
}

// maxSheets bounds the worksheets of a workbook.
const maxSheets = 1_000

// maxStyles bounds the cell styles; a spreadsheet takes 65,490.
const maxStyles = 70_000

// maxShared bounds the text of all shared strings together, in bytes.
const maxShared = 128 << 20

func readXlsx(p parts, main string) (Document, error) {
	root, err := p.tree(main)
	if err != nil {
		return Document{}, err
	}
	all, err := p.relations(main)
	if err != nil {
		return Document{}, err
	}
	book := root.child("workbook")
	w := workbook{parts: p, from1904: yes(book.child("workbookPr").attr("date1904"))}
	if err := w.readStrings(related(all, "sharedStrings", "xl/sharedStrings.xml")); err != nil {
		return Document{}, err
	}
	if err := w.readStyles(related(all, "styles", "xl/styles.xml")); err != nil {
		return Document{}, err
	}
	doc := Document{Format: XLSX}
	sheets := book.child("sheets")
	if sheets == nil || len(sheets.children) == 0 {
		return Document{}, broken(errors.New("no worksheets"))
	}
	if len(sheets.children) > maxSheets {
		return Document{}, broken(errors.New("too many worksheets"))
	}
	for _, s := range sheets.children {
		t := &Table{Sheet: s.attr("name"), Hidden: strings.HasSuffix(strings.ToLower(s.attr("state")), "hidden")}
		t.Origin = Origin{Sheet: t.Sheet}
		// A chart sheet has no rows.
		if r := all[s.attr("id")]; r.kind == "worksheet" && p.has(r.target) {
			if err := w.sheet(r.target, t); err != nil {
				return Document{}, unreadable(r.target, err)
			}
		}
		doc.Blocks = append(doc.Blocks, Block{Table: t})
	}
	return doc, nil
}

// yes reads an XML switch.
func yes(s string) bool { return s == "1" || s == "true" || s == "on" }

// readStyles keeps the number format of each style.
func (w *workbook) readStyles(name string) error {
	root, err := w.parts.tree(name)
	if err != nil {
		return err
	}
	styles := root.child("styleSheet")
	codes := map[int]string{}
	if list := styles.child("numFmts"); list != nil {
		for _, f := range list.children {
			codes[number(f.attr("numFmtId"), -1)] = f.attr("formatCode")
		}
	}
	if list := styles.child("cellXfs"); list != nil {
		known := map[int]numberFormat{}
		for _, xf := range list.children {
			if len(w.formats) >= maxStyles {
				break
			}
			id := number(xf.attr("numFmtId"), 0)
			format, ok := known[id]
			if !ok {
				code, own := codes[id]
				if !own {
					code = builtInFormats[id]
				}
				if len(code) > 1000 { // the longest that a spreadsheet takes is 255
					code = ""
				}
				format = parseFormat(code)
				known[id] = format
			}
			w.formats = append(w.formats, format)
		}
	}
	return nil
}

// readStrings reads the strings that cells refer to by number.
func (w *workbook) readStrings(name string) error {
	if !w.parts.has(name) {
		return nil
	}
	r, err := w.parts.open(name)
	if err != nil {
		return err
	}
	defer r.Close()
	reader := newXMLReader(r)
	left := maxShared
	for {
		token, err := reader.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return unreadable(name, err)
		}
		if t, ok := token.(xml.StartElement); ok && t.Name.Local == "si" {
			text, err := reader.richText()
			if err != nil {
				return unreadable(name, err)
			}
			w.strings = append(w.strings, text)
			if left -= len(text) + 16; left < 0 {
				return fault.New(fault.TooLarge, "import.too-large", "Limit", MaxUnzipped>>20)
			}
		}
	}
}

// richText reads to the end of the element that was opened last and returns
// the text in it, runs joined, without the readings of characters (rPh).
func (x *xmlReader) richText() (string, error) {
	var text []byte
	for depth := len(x.open); len(x.open) >= depth; {
		token, err := x.next()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local == "rPh" {
				if err := x.skip(); err != nil {
					return "", err
				}
			}
		case xml.CharData:
			if x.open[len(x.open)-1] == "t" {
				text = append(text, t...)
			}
		}
	}
	return unescape(string(text)), nil
}

// unescape reads _x000D_, the spreadsheet's way to write characters that XML
// cannot hold. Carriage returns, which is what it is used for, are left out.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, "_x")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		code, err := strconv.ParseUint(after[:min(4, len(after))], 16, 32)
		if len(after) < 5 || err != nil || after[4] != '_' {
			b.WriteString("_x")
			s = after
			continue
		}
		if code >= ' ' || code == '\n' || code == '\t' {
			b.WriteRune(rune(code))
		}
		s = after[5:]
	}
}
