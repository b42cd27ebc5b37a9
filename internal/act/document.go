package act

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/folio"
	"gongjian/internal/org"
	"gongjian/internal/paper/official"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// Issuing is a document to be made: from which record, and what its office fills in.
type Issuing struct {
	Kind    official.Kind
	Subject string // id of the record; a unit and year as luzhou/2010, a card as run/region
	To      string // 主送机关; "" for the one proposed
	CopyTo  string
	Signer  string
	Closing string // a last paragraph
	Facts   string // digest of what was previewed; "" does not compare
	Pages   string // address of our pages, for the QR: https://host
	Words   Wording
}

// Wording are the words of domain values in Chinese, which stand above the desk.
type Wording struct {
	Say    func(task.Say) string
	Region func(org.RegionCode) string
}

// Draft is a document as it would be issued, not yet issued.
type Draft struct {
	official.Outline
	Issuing            // with what was proposed filled in
	Number      string // with its serial open
	Style       official.Style
	Open        *fault.Fault // why it cannot be issued yet; nil: it can
	Access      org.DocumentFacts
	SubjectKind string // what sort of record it is made from
	doc         folio.Document
}

// maxField is the longest text of a field that goes on a document, in characters.
const maxField = 2000

// PreviewDocument shows a document as it would be issued, to those who may issue it.
func (d *Desk) PreviewDocument(ctx context.Context, c org.Caller, in Issuing) (Draft, error) {
	s, err := d.prepare(ctx, c, &in)
	if err != nil {
		return Draft{}, err
	}
	frame := s.data.About()
	frame.Draft, frame.Number = true, official.Text(official.Number(s.style.Mark, d.store.Today().Year, 0))
	doc, err := official.Make(s.data)
	if err != nil {
		return Draft{}, err
	}
	return Draft{
		Outline: official.OutlineOf(doc), Issuing: in, Number: string(frame.Number), Style: s.style, Open: s.open, Access: s.access, SubjectKind: s.subjectKind, doc: doc,
	}, nil
}

// DraftFile writes a draft as a file: it carries the word 草稿, no number and no code.
func (d *Desk) DraftFile(p Draft, f official.Format) ([]byte, error) {
	if f == official.PDF {
		return d.press.PDF(p.doc, p.Style.Layout())
	}
	return d.press.DOCX(p.doc, p.Style.Layout())
}

// source is what a document is made of.
type source struct {
	data        official.Data
	access      org.DocumentFacts
	subjectKind string
	subject     string
	style       official.Style
	open        *fault.Fault
	facts       string // digest of data without what the issue adds
}

// prepare gathers a document's facts as the caller sees them and fills in what is
// proposed. Who may not issue it is told so, or that there is no such thing.
func (d *Desk) prepare(ctx context.Context, c org.Caller, in *Issuing) (source, error) {
	v := d.store.View(c)
	g := gathering{ctx: ctx, view: v, in: in}
	s, err := g.source()
	if err != nil {
		return s, err
	}
	if !v.May(org.IssueDocument, s.access) {
		return s, fault.New(fault.Denied, "denied", "Action", string(org.IssueDocument))
	}
	for _, t := range []struct{ field, text string }{{"to", in.To}, {"copy_to", in.CopyTo}, {"signer", in.Signer}, {"closing", in.Closing}} {
		if utf8.RuneCountInString(t.text) > maxField {
			return s, fault.New(fault.Invalid, "document.too-long", "Most", maxField).On(t.field)
		}
	}
	if s.style, _, err = d.style(ctx, v, c.Unit(), in.Words); err != nil {
		return s, err
	}
	f := s.data.About()
	f.Issuer, f.Head, f.Printer = official.Text(c.Unit().Name), official.Text(s.style.Head), official.Text(s.style.Printer)
	if in.CopyTo == "" {
		in.CopyTo = s.style.CopyTo
	}
	if in.To == "" {
		in.To = string(f.To)
	}
	f.To, f.CopyTo, f.Signer, f.Closing = official.Text(in.To), official.Text(in.CopyTo), official.Text(in.Signer), official.Text(in.Closing)
	f.Date = d.store.Today()
	s.facts, err = recordDigest(s.data)
	in.Facts, err = compared(in.Facts, s.facts, err)
	return s, err
}

// recordDigest is the digest of the record behind a document, whatever its frame:
// two previews of an unchanged record have the same, though somebody typed
// another addressee between them.
func recordDigest(d official.Data) (string, error) {
	kept := *d.About()
	*d.About() = official.Frame{}
	b, err := json.Marshal(d)
	*d.About() = kept
	if err != nil {
		return "", fmt.Errorf("act: writing a document's facts: %w", err)
	}
	return sum(b), nil
}

// compared refuses to issue something else than what was looked at.
func compared(previewed, now string, err error) (string, error) {
	if err == nil && previewed != "" && previewed != now {
		return now, fault.New(fault.Conflict, "document.changed-meanwhile")
	}
	return now, err
}

// style is how the documents of a unit look, with its version.
func (d *Desk) style(ctx context.Context, v *store.View, u org.Unit, w Wording) (official.Style, int64, error) {
	body, version, err := v.Style(ctx, u.ID)
	if err != nil {
		return official.Style{}, 0, err
	}
	if version == 0 {
		city := ""
		if u.Level != org.Province && len(u.Region) == 6 && w.Region != nil {
			city = w.Region(u.Region[:4] + "00")
		}
		return official.DefaultStyle(u, city), 0, nil
	}
	var s official.Style
	if err := json.Unmarshal(body, &s); err != nil {
		return s, 0, fmt.Errorf("act: reading the style of %s: %w", u.ID, err)
	}
	return s, version, nil
}

// DocumentStyle is how the documents of the caller's unit look.
func (d *Desk) DocumentStyle(ctx context.Context, c org.Caller, w Wording) (official.Style, int64, error) {
	v := d.store.View(c)
	if !v.May(org.StyleDocuments, org.DocumentFacts{Office: c.Unit().ID}) {
		return official.Style{}, 0, fault.New(fault.Denied, "denied", "Action", string(org.StyleDocuments))
	}
	return d.style(ctx, v, c.Unit(), w)
}

// StyleDocuments sets how the documents of the caller's unit look from now on.
func (d *Desk) StyleDocuments(ctx context.Context, c org.Caller, key string, s official.Style, version int64) (store.Receipt, error) {
	return d.store.Act(ctx, c, org.StyleDocuments, key, func(tx *store.Tx) error {
		tx.About("unit", string(c.Unit().ID))
		if err := tx.Require(org.StyleDocuments, org.DocumentFacts{Office: c.Unit().ID}); err != nil {
			return err
		}
		if err := s.Check(); err != nil {
			return err
		}
		body, err := json.Marshal(s)
		if err != nil {
			return fmt.Errorf("act: writing a style: %w", err)
		}
		if err := tx.SaveStyle(c.Unit().ID, version, body); err != nil {
			return err
		}
		return tx.Record(map[string]any{"style": s})
	})
}

// printed is the files of one issue, for a number and a day.
type printed struct {
	number    string
	day       calendar.Date
	title     string
	docx, pdf string // digests, under which the files are kept
	words     string
	facts     json.RawMessage
}

// print makes both files with a number and keeps them. Files of an issue that
// does not come about stay in the folder under their digest; nothing leads to them.
func (d *Desk) print(s source, number string, day calendar.Date, code, pages string) (p printed, err error) {
	f := s.data.About()
	f.Number, f.Date, f.Code, f.Draft = official.Text(number), day, official.Text(code), false
	f.CheckURL = official.Text(strings.TrimSuffix(pages, "/") + "/d/" + code)
	doc, err := official.Make(s.data)
	if err != nil {
		return p, err
	}
	p = printed{number: number, day: day, title: doc.Title}
	if p.facts, err = json.Marshal(s.data); err != nil {
		return p, fmt.Errorf("act: writing a document's facts: %w", err)
	}
	docx, err := d.press.DOCX(doc, s.style.Layout())
	if err != nil {
		return p, err
	}
	if p.words, err = official.Words(docx); err != nil {
		return p, err
	}
	pdf, err := d.press.PDF(doc, s.style.Layout())
	if err != nil {
		return p, err
	}
	if p.docx, err = d.keep(docx, "document.docx"); err != nil {
		return p, err
	}
	p.pdf, err = d.keep(pdf, "document.pdf")
	return p, err
}

func (d *Desk) keep(file []byte, name string) (string, error) {
	k, err := d.files.Keep(bytes.NewReader(file), name)
	return k.ID, err
}

// IssueDocument issues a document (印发): it takes the next number of the office's
// mark and keeps both files, their digests in the journal. Package official says
// why the files are made before the number is taken.
func (d *Desk) IssueDocument(ctx context.Context, c org.Caller, key string, in Issuing) (store.Receipt, store.DocumentID, error) {
	s, err := d.prepare(ctx, c, &in)
	if err == nil && s.open != nil {
		err = s.open
	}
	if err == nil {
		err = s.style.Check()
	}
	if err != nil {
		// A refused attempt is entered too, and a second click is still answered.
		r, err := d.store.Act(ctx, c, org.IssueDocument, key, func(tx *store.Tx) error {
			tx.About(string(in.Kind), in.Subject)
			return err
		})
		return made(ctx, d, r, err, "document", store.DocumentID(""))
	}
	code, err := official.Code(d.store.Dice())
	if err != nil {
		return store.Receipt{}, "", err
	}
	// One at a time for each mark, so that the number foreseen is nearly always the
	// one taken; between several servers the act itself decides.
	defer d.press.Queue(s.style.Mark)()
	day := d.store.Today()
	last, err := d.store.View(c).LastNumber(ctx, s.style.Mark, day.Year)
	if err != nil {
		return store.Receipt{}, "", err
	}
	p, err := d.print(s, official.Number(s.style.Mark, day.Year, last+1), day, code, in.Pages)
	if err != nil {
		return store.Receipt{}, "", err
	}
	var id store.DocumentID
	r, err := d.store.Act(ctx, c, org.IssueDocument, key, func(tx *store.Tx) error {
		tx.About(s.subjectKind, s.subject)
		if err := tx.Require(org.IssueDocument, s.access); err != nil {
			return err
		}
		serial, err := tx.TakeNumber(c.Unit().ID, s.style.Mark, tx.Today().Year)
		if err != nil {
			return err
		}
		if n := official.Number(s.style.Mark, tx.Today().Year, serial); n != p.number || p.day != tx.Today() {
			if p, err = d.print(s, n, tx.Today(), code, in.Pages); err != nil {
				return err
			}
		}
		id = store.DocumentID(tx.NewID())
		tx.About("document", string(id))
		if err := tx.AddDocument(p.document(id, code, in.Kind, s)); err != nil {
			return duplicate(err, fault.New(fault.Conflict, "document.mark-taken", "Mark", s.style.Mark))
		}
		return tx.Record(p.record(code, in.Kind, s))
	})
	return made(ctx, d, r, err, "document", id)
}

func (p printed) document(id store.DocumentID, code string, k official.Kind, s source) store.Document {
	return store.Document{
		ID: id, Kind: string(k), SubjectKind: s.subjectKind, Subject: s.subject, Unit: s.access.Office, About: s.access.About, Region: s.access.Region,
		Number: p.number, Title: strings.ReplaceAll(p.title, "\n", ""), Code: code, DOCX: p.docx, PDF: p.pdf, Words: p.words, Facts: p.facts, Issued: p.day,
	}
}

// record is what the journal keeps of an issue: with these digests anybody can
// tell the issued files from others.
func (p printed) record(code string, k official.Kind, s source) any {
	return map[string]any{
		"kind": k, "code": code, "number": p.number, "title": strings.ReplaceAll(p.title, "\n", ""), "subject": s.subjectKind + " " + s.subject,
		"docx": p.docx, "pdf": p.pdf, "words": p.words, "facts": sum(p.facts),
		"digests": []string{p.docx, p.pdf, p.words},
	}
}

// WithdrawDocument takes an issued document out of force (废止), with a reason.
func (d *Desk) WithdrawDocument(ctx context.Context, c org.Caller, key string, id store.DocumentID, version int64, reason string) (store.Receipt, error) {
	return d.store.Act(ctx, c, org.WithdrawDocument, key, func(tx *store.Tx) error {
		tx.About("document", string(id))
		doc, err := tx.Document(id)
		if err != nil {
			return err
		}
		if err := tx.Require(org.WithdrawDocument, doc.Access()); err != nil {
			return err
		}
		if err := task.CheckReason(reason); err != nil {
			return err
		}
		if !doc.Withdrawn.IsZero() || doc.Version != version {
			return fault.New(fault.Conflict, "changed-meanwhile")
		}
		if err := tx.WithdrawDocument(doc, reason); err != nil {
			return err
		}
		return tx.Record(map[string]any{"number": doc.Number, "code": doc.Code, "reason": reason})
	})
}

// DocumentFile reads a file of an issued document that the caller has been shown.
func (d *Desk) DocumentFile(v store.DocumentView, f official.Format) ([]byte, error) {
	digest := v.DOCX
	if f == official.PDF {
		digest = v.PDF
	}
	file, err := d.files.Open(digest)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	b, err := io.ReadAll(file)
	if err != nil {
		return nil, fmt.Errorf("act: reading a document's file: %w", err)
	}
	return b, nil
}
