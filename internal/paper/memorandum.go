package paper

import (
	"cmp"
	"embed"
	"fmt"
	"io"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/office"
)

// This file reads the text of a memorandum out of a document: as the other party
// edited it, or as a model text.

// MemorandumRead is what a document says, before anybody compared it with anything.
// Clauses have no identity, parties no unit, and nobody owes anything yet.
type MemorandumRead struct {
	Text    memo.Text
	Parties []memo.Party // 甲方：…, as printed
	// Owed is the table of commitments that stands behind the text; nil: there is none.
	Owed []memo.OwedRow
}

// OpenMemorandum reads a document that somebody sends. Faults are those of opening a
// document, and version.no-clauses-read where nothing in it is numbered.
func OpenMemorandum(name string, r io.ReaderAt, size int64) (MemorandumRead, error) {
	doc, err := office.Open(name, r, size)
	if err != nil {
		return MemorandumRead{}, err
	}
	read := ReadMemorandum(doc)
	if len(read.Text.Clauses) == 0 {
		return read, fault.New(fault.Invalid, "version.no-clauses-read").On("file")
	}
	return read, nil
}

// numberings are the ways in which clauses are numbered, the highest first.
var numberings = []*regexp.Regexp{
	regexp.MustCompile(`^第[一二三四五六七八九十百零〇\d]{1,5}[章部编]`),
	regexp.MustCompile(`^第[一二三四五六七八九十百零〇\d]{1,5}条(?:[（(][一二三四五六七八九十]{1,3}[）)])*`),
	regexp.MustCompile(`^[一二三四五六七八九十]{1,3}[、.．]`),
	regexp.MustCompile(`^[（(][一二三四五六七八九十]{1,3}[）)]、?`),
	regexp.MustCompile(`^\d{1,2}[、.．](?:[^\d]|$)`),
	regexp.MustCompile(`^(?:[（(]\d{1,2}[）)]|\d{1,2}[)）]|[①-⑳])`),
}

// numberOf takes the printed number off a paragraph; kind is -1 where there is none.
func numberOf(text string) (no, rest string, kind int) {
	for k, pattern := range numberings {
		at := pattern.FindStringIndex(text)
		if at == nil {
			continue
		}
		end := at[1]
		if k == 4 { // the pattern has looked one character further
			end = strings.IndexAny(text, "、.．")
			end += len(string([]rune(text[end:])[:1]))
		}
		return text[:end], strings.TrimLeft(text[end:], " 　、：:\t"), k
	}
	return "", text, -1
}

var (
	partyLine   = regexp.MustCompile(`^[（(]?(甲方|乙方|丙方|丁方|戊方|己方|第[一二三四五六七八九十]方|发起方|参加方)[）)]?(?:（盖章）)?\s*[：:]\s*(.+)$`)
	closingLine = regexp.MustCompile(`一式.{1,6}份|未尽事宜|自(?:双方|各方)?签(?:署|字|订)之日起|本(?:备忘录|协议|议定书|倡议).{0,12}(?:生效|有效期)`)
	signedLine  = regexp.MustCompile(`盖章|签字|签署日期|签署地点|授权代表|法定代表人|^\d{4}年\d{1,2}月\d{1,2}日$|^\s*年\s*月\s*日\s*$`)
	annexLine   = regexp.MustCompile(`^附(?:件|表)\s*\d*\s*[：:]?|^承诺事项$`)
)

// ReadMemorandum reads the text of a memorandum: title, parties, what stands before
// the first number, clauses by their numbers, the closing, and the table of commitments
// that our own file carries at its end. Other tables are left out.
//
// Levels follow the kinds of number in use: where 第一条 and （一） are, they are 1 and 2.
func ReadMemorandum(doc office.Document) MemorandumRead {
	var r MemorandumRead
	var kinds []int
	ended := false   // the closing has begun
	annexed := false // and what is annexed to the text
	preamble, closing := []string{}, []string{}
	for _, b := range doc.Blocks {
		if b.Table != nil {
			if rows := owedRows(*b.Table); r.Owed == nil { // a table without rows is one all the same
				r.Owed = rows
			} else {
				r.Owed = append(r.Owed, rows...)
			}
		}
		if b.Paragraph == nil || annexed {
			continue
		}
		text := Tidy(b.Paragraph.Text)
		if text == "" {
			continue
		}
		if r.Text.Title == "" {
			r.Text.Title = text
			continue
		}
		if annexLine.MatchString(text) && len(kinds) > 0 {
			annexed = true
			continue
		}
		if m := partyLine.FindStringSubmatch(text); m != nil {
			if len(kinds) == 0 {
				r.Parties = append(r.Parties, memo.Party{Called: m[1], Name: Tidy(m[2])})
			}
			continue
		}
		no, words, kind := numberOf(text)
		switch {
		case kind >= 0 && !(ended && kind > 2):
			ended = false
			r.Text.Clauses = append(r.Text.Clauses, memo.Clause{No: no, Text: words})
			kinds = append(kinds, kind)
		case len(kinds) == 0:
			preamble = append(preamble, text)
		case signedLine.MatchString(text) && len([]rune(text)) < 40:
		case ended || closingLine.MatchString(text):
			ended = true
			closing = append(closing, text)
		default:
			last := &r.Text.Clauses[len(kinds)-1]
			last.Text = strings.TrimPrefix(last.Text+"\n"+text, "\n")
		}
	}
	r.Text.Preamble, r.Text.Closing = strings.Join(preamble, "\n"), strings.Join(closing, "\n")
	r.Text.Kind = kindOf(r.Text.Title)
	setLevels(r.Text.Clauses, kinds)
	return r
}

// owedRows reads a table of commitments, by the words at its head; another table gives
// nil, one without rows an empty list. A blank clause number is that of the row above.
func owedRows(t office.Table) []memo.OwedRow {
	head := map[int]memo.OwedColumn{}
	var out []memo.OwedRow
	for _, row := range t.Rows {
		if at := owedHead(row); at != nil { // repeated where a page or a table breaks
			if head = at; out == nil {
				out = []memo.OwedRow{}
			}
			continue
		}
		said, blank := memo.OwedRow{}, true
		for i, c := range row.Cells {
			if column, ok := head[i]; ok {
				said[column] = Tidy(c.Text)
				blank = blank && (said[column] == "" || column == memo.OwedClause)
			}
		}
		if len(said) == 0 || blank {
			continue
		}
		if n := len(out); n > 0 && said[memo.OwedClause] == "" {
			said[memo.OwedClause] = out[n-1][memo.OwedClause]
		}
		out = append(out, said)
	}
	return out
}

// owedHead says in which places of a head row the columns stand; nil: it is none.
func owedHead(row office.Row) map[int]memo.OwedColumn {
	at := map[int]memo.OwedColumn{}
	for i, c := range row.Cells {
		word := memo.OwedColumn(strings.Join(strings.Fields(c.Text), ""))
		if slices.Contains(memo.OwedColumns(), word) {
			at[i] = word
		}
	}
	said := slices.Collect(maps.Values(at))
	if slices.Contains(said, memo.OwedText) && slices.Contains(said, memo.OwedObligor) && slices.Contains(said, memo.OwedClause) {
		return at
	}
	return nil
}

// setLevels numbers the kinds of number in use from the top, three at most.
func setLevels(clauses []memo.Clause, kinds []int) {
	used := map[int]bool{}
	for _, k := range kinds {
		used[k] = true
	}
	level, of := 0, map[int]int{}
	for k := range numberings {
		if used[k] {
			level = min(level+1, 3)
			of[k] = level
		}
	}
	for i := range clauses {
		clauses[i].Level, clauses[i].Position = of[kinds[i]], i+1
	}
}

var kindWords = []string{"合作备忘录", "战略合作协议", "会商议定书", "年度协议书", "联盟倡议", "备忘录", "协议书", "议定书", "协议", "倡议"}

// kindOf is what a title says that the document is.
func kindOf(title string) string {
	for _, k := range kindWords {
		if strings.Contains(title, k) {
			return k
		}
	}
	return ""
}

//go:embed model/*.txt
var models embed.FS

// Model is the model text of one kind of memorandum.
type Model struct {
	Kind string
	Form memo.Form
	Read MemorandumRead
}

// Models returns the model texts in the order of their files. They are read from
// package data by the same reader as documents from outside.
func Models() ([]Model, error) {
	entries, err := models.ReadDir("model")
	if err != nil {
		return nil, fmt.Errorf("paper: listing the model texts: %w", err)
	}
	var out []Model
	for _, e := range entries {
		b, err := models.ReadFile(path.Join("model", e.Name()))
		if err != nil {
			return nil, fmt.Errorf("paper: reading the model text %s: %w", e.Name(), err)
		}
		head, words, _ := strings.Cut(string(b), "\n") // the kind, and the form where it is no agreement
		kind, form, _ := strings.Cut(strings.TrimSpace(head), " ")
		doc := office.Document{Name: e.Name(), Format: office.Text}
		for _, line := range strings.Split(words, "\n") {
			doc.Blocks = append(doc.Blocks, office.Block{Paragraph: &office.Paragraph{Text: line}})
		}
		out = append(out, Model{Kind: kind, Form: cmp.Or(memo.Form(form), memo.Agreement), Read: ReadMemorandum(doc)})
	}
	return out, nil
}

// called are the names of parties in a text, in their order.
var called = []string{"甲方", "乙方", "丙方", "丁方", "戊方", "己方", "庚方", "辛方", "壬方", "癸方"}

// FirstDraft is the text that a memorandum of a kind begins with: the model's clauses
// between the parties, under the title; without a model, the parties alone.
func FirstDraft(kind, title string, parties []memo.Party) (memo.Text, error) {
	all, err := Models()
	if err != nil {
		return memo.Text{}, err
	}
	for i := range parties {
		if parties[i].Called == "" && i < len(called) {
			parties[i].Called = called[i]
		}
	}
	out := memo.Text{Parties: parties}
	for _, m := range all {
		if m.Kind == kind {
			out = memo.FirstText(m.Read.Text, parties)
			out.Term.Years = 3
		}
	}
	out.Title, out.Kind = title, kind
	return out, nil
}
