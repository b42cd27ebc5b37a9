package office

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"gongjian/internal/fault"
)

// readText reads delimited or plain text.
func readText(data []byte) (Document, error) {
	text, err := decode(data)
	if err != nil {
		return Document{}, err
	}
	if strings.ContainsRune(text, 0) {
		return Document{}, fault.New(fault.Unsupported, "import.unknown-format")
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	if delimiter, ok := sniff(text); ok {
		return readDelimited(text, delimiter)
	}
	return readLines(text)
}

// decode turns the bytes into text: UTF-8 or UTF-16 by their mark, UTF-8 where
// it is valid, else GB18030, of which GBK and GB 2312 are parts.
func decode(data []byte) (string, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")):
		data = data[3:]
	case bytes.HasPrefix(data, []byte("\xFF\xFE")), bytes.HasPrefix(data, []byte("\xFE\xFF")):
		out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(data)
		if err != nil {
			return "", fault.New(fault.Unsupported, "import.encoding").Because(err)
		}
		return string(out), nil
	}
	if utf8.Valid(data) {
		return string(data), nil
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err != nil {
		return "", fault.New(fault.Unsupported, "import.encoding").Because(err)
	}
	// A few bytes cut off at the end do no harm; a text full of them is no GB18030.
	if bad := bytes.Count(out, []byte("\uFFFD")); bad*100 > utf8.RuneCount(out) {
		return "", fault.New(fault.Unsupported, "import.encoding")
	}
	return string(out), nil
}

// sniff finds the delimiter: the one that stands in most of the first lines, at
// least two of them; a tab is preferred, since it hardly occurs in sentences. A
// comma that splits lines of running text is told apart by the quiet rule that
// most lines of a table hold the same number of delimiters.
func sniff(text string) (rune, bool) {
	lines := strings.SplitN(text, "\n", 201)
	lines = lines[:min(len(lines), 200)]
	best, bestScore := rune(0), 0
	for _, delimiter := range []rune{'\t', ',', ';', '|'} {
		counts := map[int]int{}
		for _, line := range lines {
			if n := strings.Count(line, string(delimiter)); n > 0 {
				counts[n]++
			}
		}
		score := 0
		for n, times := range counts {
			if times >= 2 {
				score = max(score, n*times)
			}
		}
		if delimiter == '\t' {
			score *= 2
		}
		if score > bestScore {
			best, bestScore = delimiter, score
		}
	}
	return best, bestScore > 0
}

// readLines makes a paragraph of every line.
func readLines(text string) (Document, error) {
	doc := Document{Format: Text}
	for i, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		if i >= MaxRows {
			return Document{}, fault.New(fault.TooLarge, "import.too-many-rows", "Limit", MaxRows)
		}
		doc.Blocks = append(doc.Blocks, Block{Paragraph: &Paragraph{
			Text: line, Origin: Origin{Row: i + 1, Paragraph: i + 1},
		}})
	}
	return doc, nil
}

// readDelimited reads the whole text as one table.
func readDelimited(text string, delimiter rune) (Document, error) {
	t := &Table{}
	var count counter
	scan := fieldScanner{text: text, delimiter: delimiter, line: 1}
	for scan.more() {
		row := Row{Origin: Origin{Row: scan.line}}
		for _, field := range scan.record() {
			row.Cells = append(row.Cells, Cell{Text: strings.TrimSpace(field), ColSpan: 1, RowSpan: 1})
			if len(row.Cells) > MaxColumns {
				return Document{}, fault.New(fault.TooLarge, "import.too-many-columns", "Limit", MaxColumns)
			}
		}
		t.Rows = append(t.Rows, row)
		t.Columns = max(t.Columns, len(row.Cells))
		if err := count.row(len(t.Rows), t.Columns); err != nil {
			return Document{}, err
		}
	}
	t.HiddenColumns = make([]bool, t.Columns)
	for i := range t.Rows {
		for len(t.Rows[i].Cells) < t.Columns {
			t.Rows[i].Cells = append(t.Rows[i].Cells, Cell{ColSpan: 1, RowSpan: 1})
		}
	}
	return Document{Format: CSV, Blocks: []Block{{Table: t}}}, nil
}

// fieldScanner splits delimited text. It is not encoding/csv because offices
// type quotation marks: a field that begins with one and does not end with one
// is taken as it stands, where a strict or a lazy reader would swallow the rest
// of the file into it.
type fieldScanner struct {
	text      string
	delimiter rune
	at, line  int
}

func (s *fieldScanner) more() bool { return s.at < len(s.text) }

// record reads one row and moves past its line end.
func (s *fieldScanner) record() []string {
	var fields []string
	for {
		field, ok := s.quoted()
		if !ok {
			end := strings.IndexAny(s.text[s.at:], string(s.delimiter)+"\n")
			if end < 0 {
				end = len(s.text) - s.at
			}
			field = s.text[s.at : s.at+end]
			s.at += end
		}
		fields = append(fields, field)
		if s.at >= len(s.text) {
			return fields
		}
		ended := s.text[s.at] == '\n'
		s.at++
		if ended {
			s.line++
			return fields
		}
	}
}

// quoted reads a field in quotation marks that is closed before a delimiter, a
// line end or the end of the text.
func (s *fieldScanner) quoted() (string, bool) {
	rest := s.text[s.at:]
	if len(rest) == 0 || rest[0] != '"' {
		return "", false
	}
	var b strings.Builder
	for i := 1; i < len(rest) && i < 4*MaxFieldSize; i++ {
		if rest[i] != '"' {
			b.WriteByte(rest[i])
			continue
		}
		after := rest[i+1:]
		switch {
		case strings.HasPrefix(after, `"`):
			b.WriteByte('"')
			i++
		case after == "" || after[0] == '\n' || rune(after[0]) == s.delimiter:
			s.line += strings.Count(b.String(), "\n")
			s.at += i + 1
			return b.String(), true
		default:
			return "", false
		}
	}
	return "", false
}
