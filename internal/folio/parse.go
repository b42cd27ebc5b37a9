package folio

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gongjian/internal/calendar"
)

// Parse reads the markup that the package comment describes. An error names the
// line; it is the template's, since text of users comes escaped.
func Parse(markup string) (Document, error) {
	p := parser{}
	for i, line := range strings.Split(markup, "\n") {
		p.line = i + 1
		if err := p.read(strings.TrimRight(line, "\r")); err != nil {
			return Document{}, fmt.Errorf("folio: line %d of the markup: %w", p.line, err)
		}
	}
	p.endTable()
	p.endParagraph()
	p.document.Body = Number(p.document.Body)
	for i := range p.document.Annexes {
		p.document.Annexes[i].Body = Number(p.document.Annexes[i].Body)
	}
	return p.document, nil
}

// parser is the state between two lines.
type parser struct {
	document  Document
	line      int
	paragraph []string // lines of the paragraph that is open
	table     *Table   // the table that is open
	broken    bool     // the next block begins a page
}

func (p *parser) read(line string) error {
	line = trim(line)
	if line == "" {
		p.endTable()
		p.endParagraph()
		return nil
	}
	word, rest := directive(line)
	if p.table != nil {
		return p.tableLine(word, rest, line)
	}
	switch word {
	case "":
	case "col", "chapter", "bold":
		return fmt.Errorf("%s: stands in a table only", word)
	default:
		p.endParagraph()
		return p.set(word, rest)
	}
	if level, text := heading(line); level > 0 {
		p.endParagraph()
		p.add(Block{Level: level, Text: unescape(text)})
		return nil
	}
	p.paragraph = append(p.paragraph, unescape(line))
	return nil
}

// words are what may stand before a colon at the beginning of a line.
var words = []string{"head", "number", "signer", "title", "to", "sign", "date", "copy", "printer", "printed", "code",
	"check", "draft", "annex", "table", "col", "chapter", "bold", "text", "break"}

func directive(line string) (word, rest string) {
	for _, w := range words {
		if after, ok := strings.CutPrefix(line, w+":"); ok {
			return w, trim(after)
		}
	}
	return "", line
}

func heading(line string) (level int, text string) {
	for level < 4 && level < len(line) && line[level] == '#' {
		level++
	}
	if level == 0 || level >= len(line) || line[level] != ' ' {
		return 0, line
	}
	return level, trim(line[level:])
}

// set is a table of words, hence its length.
func (p *parser) set(word, rest string) (err error) {
	d, text := &p.document, unescape(rest)
	switch word {
	case "head":
		d.Head = text
	case "number":
		d.Number = text
	case "signer":
		d.Signer = text
	case "title":
		d.Title = text
	case "to":
		d.To = text
	case "sign":
		if text != "" {
			d.Sign = append(d.Sign, text)
		}
	case "date":
		d.Date, err = calendar.ParseDate(text)
	case "printed":
		d.Printed, err = calendar.ParseDate(text)
	case "copy":
		d.CopyTo = text
	case "printer":
		d.Printer = text
	case "code":
		d.Code = text
	case "check":
		d.CheckURL = text
	case "draft":
		d.Draft = true
	case "break":
		p.broken = true
	case "text":
		p.paragraph = append(p.paragraph, text)
	case "table":
		p.table = &Table{Caption: text}
	case "annex":
		p.broken = false
		title, across := strings.CutSuffix(rest, "[landscape]")
		d.Annexes = append(d.Annexes, Annex{Title: unescape(trim(title)), Landscape: across})
	}
	return err
}

func (p *parser) tableLine(word, rest, line string) error {
	t := p.table
	switch word {
	case "col":
		if len(t.Rows) > 0 {
			return fmt.Errorf("col: stands below a row")
		}
		column, err := readColumn(cells(rest))
		t.Columns = append(t.Columns, column)
		return err
	case "chapter":
		t.Rows = append(t.Rows, Row{Cells: []string{unescape(rest)}, Chapter: true})
		return nil
	case "bold":
		line = rest
	case "":
	default:
		return fmt.Errorf("%s: stands in a table: a blank line ends it", word)
	}
	row := Row{Cells: cells(line), Bold: word == "bold"}
	if len(row.Cells) > len(t.Columns) {
		return fmt.Errorf("%d cells under %d columns", len(row.Cells), len(t.Columns))
	}
	t.Rows = append(t.Rows, row)
	return nil
}

func readColumn(parts []string) (c Column, err error) {
	c.Head = parts[0]
	if len(parts) > 1 && parts[1] != "" {
		if c.Width, err = strconv.Atoi(parts[1]); err != nil || c.Width < 1 || c.Width > 1000 {
			return c, fmt.Errorf("col: the share %q is not a number from 1 to 1000", parts[1])
		}
	}
	if len(parts) > 2 {
		switch parts[2] {
		case "", "left":
		case "center":
			c.Align = Center
		case "right":
			c.Align = Right
		default:
			return c, fmt.Errorf("col: %q is none of left, center, right", parts[2])
		}
	}
	if len(parts) > 3 {
		return c, fmt.Errorf("col: has at most head, share and alignment")
	}
	return c, nil
}

func (p *parser) endTable() {
	if t := p.table; t != nil {
		p.table = nil
		p.add(Block{Table: t})
	}
}

func (p *parser) endParagraph() {
	text := joinLines(p.paragraph)
	p.paragraph = nil
	if text != "" {
		p.add(Block{Text: text})
	}
}

func (p *parser) add(b Block) {
	b.Break, p.broken = p.broken, false
	if n := len(p.document.Annexes); n > 0 {
		p.document.Annexes[n-1].Body = append(p.document.Annexes[n-1].Body, b)
		return
	}
	p.document.Body = append(p.document.Body, b)
}

// joinLines joins the lines of one paragraph: with a blank between Latin letters
// or figures, without one beside Chinese.
func joinLines(lines []string) string {
	var b strings.Builder
	for _, l := range lines {
		before, _ := utf8.DecodeLastRuneInString(b.String())
		after, _ := utf8.DecodeRuneInString(l)
		if latin(before) && latin(after) {
			b.WriteByte(' ')
		}
		b.WriteString(l)
	}
	return b.String()
}

func latin(r rune) bool { return r < 0x2000 && r != utf8.RuneError && unicode.IsGraphic(r) }
