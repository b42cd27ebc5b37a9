package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// DocumentID names an issued document.
type DocumentID string

// Document is an official document (公文) that was issued: its files are found by
// their digests in the folder of files.
type Document struct {
	ID          DocumentID
	Kind        string // of package official
	SubjectKind string // of the record that it was made from: plan, memorandum, unit, scorecard, assessment
	Subject     string
	Unit        org.UnitID // issued it
	About       org.UnitID // whom it speaks of and goes to; "" for none in particular
	Region      org.RegionCode
	Number      string // 发文字号
	Title       string
	Code        string // verification code
	DOCX, PDF   string // SHA-256 of the files
	Words       string // digest of the words of the docx
	Facts       json.RawMessage
	Issued      calendar.Date
	At          time.Time
	Person      org.PersonID
	Post        org.PostID
	Entry       string        // journal entry of the issue
	Withdrawn   calendar.Date // zero: in force
	Reason      string        // of the withdrawal
	Version     int64
}

// Access is what permissions are judged by.
func (d Document) Access() org.DocumentFacts {
	return org.DocumentFacts{Office: d.Unit, About: d.About, Region: d.Region}
}

const documentColumns = `d.id, d.kind, d.subject_kind, d.subject, d.unit, d.about, d.region, d.number, d.title, d.code,
	d.docx, d.pdf, d.words, d.issued, d.at, d.person, d.post, d.entry, d.withdrawn, d.reason, d.version`

// scanDocument reads all but the facts, which are long.
func scanDocument(r interface{ Scan(...any) error }, more ...any) (d Document, err error) {
	return d, r.Scan(append([]any{&d.ID, &d.Kind, &d.SubjectKind, &d.Subject, &d.Unit, optional[org.UnitID]{&d.About}, &d.Region, &d.Number, &d.Title,
		&d.Code, &d.DOCX, &d.PDF, &d.Words, &d.Issued, instant{&d.At}, &d.Person, &d.Post, &d.Entry, &d.Withdrawn, &d.Reason, &d.Version}, more...)...)
}

func loadDocument(ctx context.Context, q queryer, where string, arg any) (Document, error) {
	d, err := scanDocument(q.QueryRowContext(ctx, `select `+documentColumns+` from document d where `+where, arg))
	if errors.Is(err, sql.ErrNoRows) {
		return d, fault.New(fault.NotFound, "absent")
	}
	if err != nil {
		return d, fmt.Errorf("store: reading a document: %w", err)
	}
	return d, nil
}

// Document reads an issued document to change it.
func (t *Tx) Document(id DocumentID) (Document, error) {
	return loadDocument(t.ctx, t.tx, "d.id = $1", string(id))
}

// TakeNumber takes the next serial of an issue mark in a year for a unit. It holds
// the row until the act ends, and an act that fails gives the serial back.
//
// Rule D-07 (党政机关公文处理工作条例 art. 9(5), 发文顺序号): within one mark and
// year serials run from 1 without gaps or doubles. A mark that another unit uses
// this year is the fault "document.mark-taken".
func (t *Tx) TakeNumber(unit org.UnitID, mark string, year int) (serial int, err error) {
	return t.TakeNumbers(unit, mark, year, 1)
}

// TakeNumbers takes n serials at once and returns the last of them (Rule D-07).
func (t *Tx) TakeNumbers(unit org.UnitID, mark string, year, n int) (last int, err error) {
	if t.policy == "" {
		return 0, errors.New("store: a write was tried without permission")
	}
	err = t.tx.QueryRowContext(t.ctx, `insert into document_number (mark, year, unit, last) values ($1, $2, $3, $4)
		on conflict (mark, year) do update set last = document_number.last + excluded.last where document_number.unit = excluded.unit returning last`,
		mark, year, unit, n).Scan(&last)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fault.New(fault.Conflict, "document.mark-taken", "Mark", mark).On("mark")
	}
	if err != nil {
		return 0, fmt.Errorf("store: taking a number of %s: %w", mark, err)
	}
	return last, nil
}

// AddDocument writes an issued document.
func (t *Tx) AddDocument(d Document) error {
	return t.exec(`insert into document (id, kind, subject_kind, subject, unit, about, region, number, title, code, docx, pdf, words, facts,
		issued, at, person, post, entry) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
		d.ID, d.Kind, d.SubjectKind, d.Subject, d.Unit, null(d.About), d.Region, d.Number, d.Title, d.Code, d.DOCX, d.PDF, d.Words, string(d.Facts),
		d.Issued, t.now.UnixMicro(), t.caller.Person().ID, t.caller.Post().ID, t.entry)
}

// WithdrawDocument marks a document as no longer in force. Its files and its page
// of verification stay.
func (t *Tx) WithdrawDocument(d Document, reason string) error {
	return t.execOne(`update document set withdrawn = $3, reason = $4, version = version + 1 where id = $1 and version = $2 and withdrawn is null`,
		d.ID, d.Version, t.Today(), reason)
}

// SaveStyle writes how a unit's documents look, if nobody else did meanwhile.
// Version 0 is that of a unit that has set none yet.
func (t *Tx) SaveStyle(unit org.UnitID, version int64, body json.RawMessage) error {
	if version == 0 {
		err := t.exec(`insert into document_style (unit, body) values ($1, $2)`, unit, string(body))
		if IsDuplicate(err) {
			return fault.New(fault.Conflict, "changed-meanwhile").Because(err)
		}
		return err
	}
	return t.execOne(`update document_style set body = $3, version = version + 1 where unit = $1 and version = $2`, unit, version, string(body))
}

// Dice is the random source of codes.
func (s *Store) Dice() io.Reader { return s.random }

// Issued is what anybody who holds a document's code may know of it.
type Issued struct {
	Document
	UnitName string
	Receipt  string // of the issue
	Later    string // number of a later document in force about the same, once this one is withdrawn
}

// ByCode returns the document with a verification code. It is not asked who looks:
// whoever holds the paper has the code, and the answer says what the paper says.
func (s *Store) ByCode(ctx context.Context, code string) (i Issued, err error) {
	if i.Document, err = loadDocument(ctx, s.asking(), "d.code = $1", code); err != nil {
		return i, err
	}
	err = s.asking().QueryRowContext(ctx, `select u.name, e.receipt from unit u, journal_entry e where u.id = $1 and e.id = $2`, i.Unit, i.Entry).
		Scan(&i.UnitName, &i.Receipt)
	if err != nil {
		return i, fmt.Errorf("store: reading how document %s was issued: %w", i.ID, err)
	}
	if !i.Withdrawn.IsZero() {
		err = s.asking().QueryRowContext(ctx, `select number from document where subject_kind = $1 and subject = $2 and kind = $3 and unit = $4
			and at > $5 and withdrawn is null order by at desc limit 1`, i.SubjectKind, i.Subject, i.Kind, i.Unit, i.At.UnixMicro()).Scan(&i.Later)
		if errors.Is(err, sql.ErrNoRows) {
			err = nil
		}
	}
	return i, err
}

// Facts returns what an issued document's template was filled with, as JSON: from
// it the same files can be made again.
func (s *Store) Facts(ctx context.Context, id DocumentID) (json.RawMessage, error) {
	var facts string
	err := s.asking().QueryRowContext(ctx, `select facts from document where id = $1`, id).Scan(&facts)
	return json.RawMessage(facts), err
}
