// Package official says what outgoing official documents (公文) say: it turns values
// of the domain into a folio.Document by one template for each kind, and seals
// the files so that anybody can tell where they come from and whether they were
// changed.
//
// Words. A kind is a sort of document: the notice of a memorandum, of a plan, of a
// unit's tasks, of a scorecard, and the bulletin of a ranking (通报). Its data is one
// struct with all that the template names. A frame is what every document has
// around its words: head, issue number (发文字号), addressee, signature, date. A style
// is how one office's documents look. A statement (核验声明) is what the journal's
// key signs of an issued file; the trailer is the statement as it hangs at the
// file's end. The words' digest is that of the text alone, whatever the file.
//
// Laws.
//   - A further kind of document is one template and one struct, and nothing else.
//   - Text of users cannot be read as markup: Text escapes itself wherever a
//     template prints it.
//   - Equal data gives equal bytes, so a file can be made again from its facts.
//   - A trailer does not disturb the format: a pdf reader sees comments and the
//     same cross-reference offset again, an office program a part of the docx that
//     nothing refers to.
//   - Strip takes off a trailer only if writing it anew gives the same bytes, so
//     that no byte of a sealed file can change unnoticed.
//
// How a number is taken. A file carries its number, and the act that takes the
// number carries the file's digest. So the file is made before the act with the
// number that would be next, and the act takes the number: when somebody else
// was faster, the file is made again inside the act. That is rare and always
// right; a rolled back act gives its number back, so there are no gaps.
package official

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"text/template"

	"gongjian/internal/calendar"
	"gongjian/internal/folio"
)

// Kind is a sort of document.
type Kind string

// The kinds. Each has a template of its name and a data struct.
const (
	Memorandum     Kind = "memorandum"     // 印发合作备忘录的通知
	Plan           Kind = "plan"           // 印发年度工作计划的通知, the task table as annex
	Implementation Kind = "implementation" // 印发实施方案的通知
	UnitTasks      Kind = "unit-tasks"     // one unit's tasks of a year
	Scorecard      Kind = "scorecard"      // one unit's scorecard
	Bulletin       Kind = "bulletin"       // 通报: ranking and what stands out
)

// Kinds returns every kind that is issued with a number, in the order of lists.
func Kinds() []Kind { return []Kind{Memorandum, Plan, Implementation, UnitTasks, Scorecard, Bulletin} }

// Text is text of users. Templates print it escaped; string(t) is the text itself.
type Text string

// String is the text as markup that says exactly this text.
func (t Text) String() string { return folio.Escape(string(t)) }

// Frame is what stands around a document's words.
type Frame struct {
	Head     Text          `json:"head"`   // red head (发文机关标志)
	Number   Text          `json:"number"` // 发文字号; with an empty serial in a draft
	Signer   Text          `json:"signer,omitempty"`
	Issuer   Text          `json:"issuer"` // the issuing unit's name
	To       Text          `json:"to"`
	Closing  Text          `json:"closing,omitempty"` // a last paragraph of the office's own
	Date     calendar.Date `json:"date"`
	CopyTo   Text          `json:"copy_to,omitempty"`
	Printer  Text          `json:"printer,omitempty"`
	Code     Text          `json:"code,omitempty"`
	CheckURL Text          `json:"check_url,omitempty"`
	Draft    bool          `json:"draft,omitempty"`
}

// Data is what one kind of document says. The structs of this package are the
// only ones; each embeds a Frame.
type Data interface {
	Kind() Kind
	// About returns the frame, to be filled in.
	About() *Frame
	// prepare works out what the template needs beside the fields.
	prepare() any
}

//go:embed template/*.txt
var templateText embed.FS

var templates = sync.OnceValues(func() (*template.Template, error) {
	return template.New("").Funcs(template.FuncMap{"day": Day, "plus": func(a, b int) int { return a + b }}).ParseFS(templateText, "template/*.txt")
})

// Day writes a date as documents do: 2010年6月7日.
//
// Rule D-01 (GB/T 9704-2012, 7.3.5.4): Arabic figures in full, no zeros in front.
func Day(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return strconv.Itoa(d.Year) + "年" + strconv.Itoa(int(d.Month)) + "月" + strconv.Itoa(d.Day) + "日"
}

// Number writes an issue number; serial 0 leaves its place open, for drafts.
//
// Rule D-02 (GB/T 9704-2012, 7.2.5): office mark, year in full in 〔〕, serial
// without 第 and without zeros in front, then 号.
func Number(mark string, year, serial int) string {
	n := ""
	if serial > 0 {
		n = strconv.Itoa(serial)
	} else {
		n = "　　"
	}
	return mark + "〔" + strconv.Itoa(year) + "〕" + n + "号"
}

// Make writes the document that the data describes. It fails when the template
// does not fit the data, which is a mistake of ours.
func Make(d Data) (folio.Document, error) {
	all, err := templates()
	if err != nil {
		return folio.Document{}, fmt.Errorf("official: reading the templates: %w", err)
	}
	var b bytes.Buffer
	if err := all.ExecuteTemplate(&b, string(d.Kind())+".txt", d.prepare()); err != nil {
		return folio.Document{}, fmt.Errorf("official: filling the template of %s: %w", d.Kind(), err)
	}
	doc, err := folio.Parse(b.String())
	if err != nil {
		return folio.Document{}, fmt.Errorf("official: reading the template of %s: %w", d.Kind(), err)
	}
	d.About().set(&doc)
	return doc, nil
}

// set fills the frame in.
func (f *Frame) set(d *folio.Document) {
	d.Head, d.Number, d.Signer, d.To = string(f.Head), string(f.Number), string(f.Signer), string(f.To)
	d.Date, d.CopyTo = f.Date, string(f.CopyTo)
	if f.Issuer != "" {
		d.Sign = []string{string(f.Issuer)}
	}
	if f.Printer != "" {
		d.Printer, d.Printed = string(f.Printer), f.Date
	}
	d.Code, d.CheckURL, d.Draft = string(f.Code), string(f.CheckURL), f.Draft
}

// Press writes documents as files. It loads the typefaces when a pdf is first
// wanted; the zero Press uses those that are built in.
type Press struct {
	Folder string // of the office's own typefaces; "" for those built in
	load   sync.Once
	fonts  *folio.Fonts
	err    error
	mu     sync.Mutex
	queues map[string]*sync.Mutex
}

// Queue lets those who issue documents of one mark come one after another. What
// it returns ends the caller's turn. There are as many queues as marks in use.
func (p *Press) Queue(mark string) (done func()) {
	p.mu.Lock()
	if p.queues == nil {
		p.queues = map[string]*sync.Mutex{}
	}
	q := p.queues[mark]
	if q == nil {
		q = &sync.Mutex{}
		p.queues[mark] = q
	}
	p.mu.Unlock()
	q.Lock()
	return q.Unlock
}

// DOCX writes the document as docx.
func (p *Press) DOCX(d folio.Document, l folio.Layout) ([]byte, error) {
	var b bytes.Buffer
	if err := folio.WriteDOCX(&b, d, l); err != nil {
		return nil, fmt.Errorf("official: writing docx: %w", err)
	}
	return b.Bytes(), nil
}

// PDF writes the document as pdf.
func (p *Press) PDF(d folio.Document, l folio.Layout) ([]byte, error) {
	p.load.Do(func() { p.fonts, p.err = folio.LoadFonts(p.Folder) })
	if p.err != nil {
		return nil, fmt.Errorf("official: loading typefaces: %w", p.err)
	}
	var b bytes.Buffer
	if err := folio.WritePDF(&b, d, l, p.fonts); err != nil {
		return nil, fmt.Errorf("official: writing pdf: %w", err)
	}
	if !bytes.HasSuffix(b.Bytes(), []byte("\n")) {
		b.WriteByte('\n') // a trailer begins on a line of its own
	}
	return b.Bytes(), nil
}

// ErrUnknownKind says that there is no document of this kind.
var ErrUnknownKind = errors.New("official: no such kind of document")

// New returns the empty data of a kind, to be read from kept facts.
func New(k Kind) (Data, error) {
	switch k {
	case Memorandum:
		return new(MemorandumData), nil
	case Plan:
		return new(PlanData), nil
	case Implementation:
		return new(ImplementationData), nil
	case UnitTasks:
		return new(UnitTasksData), nil
	case Scorecard:
		return new(ScorecardData), nil
	case Bulletin:
		return new(BulletinData), nil
	}
	return nil, fmt.Errorf("%w: %q", ErrUnknownKind, string(k))
}

// Outline is a document in short, for a page that shows what would be issued.
type Outline struct {
	Title      string
	Paragraphs []string // of the body
	Annexes    []string // their titles
	Rows       int      // of all tables, without chapter rows
}

// OutlineOf shortens a document.
func OutlineOf(d folio.Document) Outline {
	o := Outline{Title: d.Title}
	add := func(blocks []folio.Block, body bool) {
		for _, b := range blocks {
			if b.Table != nil {
				for _, r := range b.Table.Rows {
					if !r.Chapter {
						o.Rows++
					}
				}
			} else if body && b.Text != "" {
				o.Paragraphs = append(o.Paragraphs, b.Text)
			}
		}
	}
	add(d.Body, true)
	for _, a := range d.Annexes {
		o.Annexes = append(o.Annexes, a.Title)
		add(a.Body, false)
	}
	return o
}
