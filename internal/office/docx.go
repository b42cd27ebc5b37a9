package office

import (
	"strconv"
	"strings"

	"gongjian/internal/fault"
)

// docx reads the body of a Word document.
type docx struct {
	lists      numbering
	styles     map[string]style
	doc        Document
	paragraphs int
	tables     int
	count      counter
	text       strings.Builder // of the paragraph; where its mark is deleted it runs on into the next one
}

// style is what matters of a paragraph style.
type style struct {
	name, parent string
	list         listRef
}

func readDocx(p parts, main string) (Document, error) {
	body, err := p.tree(main)
	if err != nil {
		return Document{}, err
	}
	all, err := p.relations(main)
	if err != nil {
		return Document{}, err
	}
	lists, err := p.tree(related(all, "numbering", "word/numbering.xml"))
	if err != nil {
		return Document{}, err
	}
	styles, err := p.tree(related(all, "styles", "word/styles.xml"))
	if err != nil {
		return Document{}, err
	}
	d := &docx{doc: Document{Format: DOCX}, lists: readNumbering(lists), styles: readStyles(styles)}
	if err := d.body(body.child("document").child("body")); err != nil {
		return Document{}, err
	}
	return d.doc, nil
}

func readStyles(root *node) map[string]style {
	out := map[string]style{}
	if all := root.child("styles"); all != nil {
		for _, s := range all.children {
			if s.name == "style" {
				out[s.attr("styleId")] = style{
					name:   s.child("name").attr("val"),
					parent: s.child("basedOn").attr("val"),
					list:   readListRef(s.child("pPr").child("numPr")),
				}
			}
		}
	}
	return out
}

// flatten lists the children of a node, going into the wrappers that change
// nothing in what is shown, and leaving out what tracked changes deleted.
func flatten(n *node, visit func(*node) error) error {
	if n == nil {
		return nil
	}
	for _, c := range n.children {
		var err error
		switch c.name {
		case "ins", "moveTo", "sdt", "sdtContent", "smartTag", "customXml", "hyperlink", "fldSimple":
			err = flatten(c, visit)
		case "AlternateContent": // the choice and its fallback show the same thing
			err = flatten(c.child("Choice"), visit)
		case "del", "moveFrom":
		default:
			err = visit(c)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *docx) body(body *node) error {
	return flatten(body, func(n *node) error {
		switch n.name {
		case "p":
			return d.bodyParagraph(n)
		case "tbl":
			return d.table(n)
		}
		return nil
	})
}

func (d *docx) bodyParagraph(p *node) error {
	text, joined := d.paragraph(p)
	if joined {
		return nil
	}
	d.paragraphs++
	if d.paragraphs > MaxRows {
		return fault.New(fault.TooLarge, "import.too-many-rows", "Limit", MaxRows)
	}
	d.doc.Blocks = append(d.doc.Blocks, Block{Paragraph: &Paragraph{
		Text:   text,
		Style:  d.styles[p.child("pPr").child("pStyle").attr("val")].name,
		Origin: Origin{Paragraph: d.paragraphs},
	}})
	return nil
}

// paragraph returns the text with its list number. Joined means that the
// paragraph mark is deleted in tracked changes: the text runs on into the next.
func (d *docx) paragraph(p *node) (text string, joined bool) {
	runText(p, &d.text)
	properties := p.child("pPr")
	if properties.child("rPr").child("del") != nil {
		return "", true
	}
	text = d.text.String()
	d.text.Reset()
	if ref, ok := d.listOf(properties); ok {
		text = d.lists.next(ref) + text
	}
	return text, false
}

// listOf finds the list that a paragraph belongs to: its own, or its style's.
func (d *docx) listOf(properties *node) (listRef, bool) {
	ref := readListRef(properties.child("numPr"))
	id := properties.child("pStyle").attr("val")
	for range 20 { // styles may be based on each other in a circle
		if ref.id != "" || id == "" {
			break
		}
		s := d.styles[id]
		ref, id = s.list, s.parent
	}
	return ref, ref.id != "" && ref.id != "0"
}

// runText writes the visible text of runs, in order.
func runText(n *node, b *strings.Builder) {
	_ = flatten(n, func(c *node) error {
		switch c.name {
		case "r":
			if !c.child("rPr").child("vanish").on() {
				runText(c, b)
			}
		case "t":
			b.WriteString(c.text)
		case "tab", "ptab":
			b.WriteByte('\t')
		case "br", "cr":
			b.WriteByte('\n')
		case "noBreakHyphen":
			b.WriteByte('-')
		}
		return nil
	})
}

// cellText joins the paragraphs of a cell, and of tables inside it, by line breaks.
func (d *docx) cellText(cell *node) string {
	var lines []string
	_ = flatten(cell, func(n *node) error {
		switch n.name {
		case "p":
			if text, joined := d.paragraph(n); !joined {
				lines = append(lines, text)
			}
		case "tbl", "tr", "tc":
			lines = append(lines, d.cellText(n))
		}
		return nil
	})
	if d.text.Len() > 0 { // the mark of a cell's last paragraph cannot really be deleted
		lines = append(lines, d.text.String())
		d.text.Reset()
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// number reads a decimal attribute; what is no number is fallback.
func number(s string, fallback int) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	return fallback
}
