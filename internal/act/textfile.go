package act

import (
	"context"
	"io"
	"os"

	"gongjian/internal/fault"
	"gongjian/internal/folio"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/paper"
	"gongjian/internal/paper/official"
	"gongjian/internal/store"
	"gongjian/internal/support"
)

// TakeDraft takes a document in as the caller's unit's own draft: the file that the
// other party edited, read clause by clause and held against the newest version (Rule
// M-08). version is that of the draft that was shown, 0 for none; a draft that is there
// is replaced. Nothing is proposed by it, and the file is kept.
func (d *Desk) TakeDraft(ctx context.Context, c org.Caller, key string, id memo.ID, version int64, name string, file io.ReaderAt, size int64) (store.Receipt, error) {
	read, err := paper.OpenMemorandum(name, file, size) // before the transaction: a large file takes a while
	if err != nil {
		return store.Receipt{}, err
	}
	return d.onNegotiation(ctx, c, org.DraftMemorandum, key, id, func(tx *store.Tx, n memo.Negotiation) error {
		old, err := tx.Draft(id)
		if err != nil {
			return err
		}
		if old.Version != version {
			return fault.New(fault.Conflict, "changed-meanwhile")
		}
		base, number, err := d.base(tx, n)
		if err != nil {
			return err
		}
		text, err := adopted(tx, base, read)
		if err != nil {
			return err
		}
		kept, err := d.files.Keep(io.NewSectionReader(file, 0, size), name)
		if err != nil {
			return err
		}
		next := store.Draft{Memorandum: id, Base: number, Version: version, Source: kept.ID}
		next.Text = known(tx, n, old.Text, text)
		if err := tx.SaveDraft(next); err != nil {
			return err
		}
		return tx.Record(map[string]any{"draft": memo.Digest(next.Text), "base": number, "file": name, "sha256": kept.ID})
	})
}

// adopted is a document as a text that goes on from base: its words, and its table of
// commitments where it brings one.
func adopted(tx *store.Tx, base memo.Text, read paper.MemorandumRead) (memo.Text, error) {
	if read.Owed == nil {
		return memo.Adopt(base, read.Text), nil
	}
	names := map[org.UnitID]string{}
	for _, c := range base.Clauses {
		for _, k := range c.Commitments {
			for _, u := range append(k.Obligors(), k.Confirms) {
				if u == "" || names[u] != "" {
					continue
				}
				name, err := tx.UnitName(u)
				if err != nil {
					return memo.Text{}, err
				}
				names[u] = name
			}
		}
	}
	return memo.AdoptOwed(base, read.Text, read.Owed, support.Wording(func(u org.UnitID) string { return names[u] }))
}

// base is the text that a draft goes on from, with its number: the newest version, or
// what the memorandum says before there is one.
func (d *Desk) base(tx *store.Tx, n memo.Negotiation) (memo.Text, int, error) {
	if n.Newest != nil {
		return n.Newest.Text, n.Newest.Number, nil
	}
	names := map[org.UnitID]string{}
	for _, u := range n.Memorandum.Parties {
		name, err := tx.UnitName(u)
		if err != nil {
			return memo.Text{}, 0, err
		}
		names[u] = name
	}
	t, err := StartingText(n, func(u org.UnitID) string { return names[u] })
	return t, 0, err
}

// StartingText is what the first draft of a memorandum begins with: what it says, or
// the model text of its kind where it says nothing yet.
func StartingText(n memo.Negotiation, name func(org.UnitID) string) (memo.Text, error) {
	t, m := n.Begin(name), n.Memorandum
	if len(t.Clauses) > 0 {
		return t, nil
	}
	return paper.FirstDraft(m.Kind, m.Title, t.Parties)
}

// VersionFile writes a version as a document without number, to be read and edited
// outside. name says what a unit is called that is no party.
func (d *Desk) VersionFile(t memo.Text, name func(org.UnitID) string, f official.Format) ([]byte, error) {
	doc, err := official.Draft(t, name)
	if err != nil {
		return nil, err
	}
	if f == official.PDF {
		return d.press.PDF(doc, folio.Standard())
	}
	return d.press.DOCX(doc, folio.Standard())
}

// OpenSource opens the file that a version was read from. That the caller may see the
// version, the view has been asked before.
func (d *Desk) OpenSource(v memo.Version) (*os.File, error) {
	if v.Source == "" {
		return nil, fault.New(fault.NotFound, "absent")
	}
	return d.files.Open(v.Source)
}
