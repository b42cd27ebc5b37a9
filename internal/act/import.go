package act

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/paper"
	"gongjian/internal/store"
)

// Upload takes a document in as the table of a plan (导入). Nothing reaches the
// plan before Apply; the document itself is kept, and the journal has its hash.
func (d *Desk) Upload(ctx context.Context, c org.Caller, key string, id memo.PlanID, name string, file io.ReaderAt, size int64) (store.Receipt, string, error) {
	reading, err := paper.Read(name, file, size) // before the transaction: a large table takes a second
	if err != nil {
		return store.Receipt{}, "", err
	}
	raw, err := reading.Keep()
	if err != nil {
		return store.Receipt{}, "", err
	}
	upload := ""
	r, err := d.store.Act(ctx, c, org.UploadImport, key, func(tx *store.Tx) error {
		tx.About("plan", string(id))
		p, _, err := tx.Plan(id)
		if err != nil {
			return err
		}
		if err := tx.Require(org.UploadImport, org.ImportFacts{Office: p.Office}); err != nil {
			return err
		}
		if len(reading.Result.Rows) == 0 {
			return fault.New(fault.Invalid, "import.no-table").On("file")
		}
		kept, err := d.files.Keep(io.NewSectionReader(file, 0, size), name)
		if err != nil {
			return err
		}
		upload = tx.NewID()
		tx.About("upload", upload)
		u := store.Upload{ID: upload, Plan: id, Name: name, File: kept.ID, Unit: c.Unit().ID, Person: c.Person().ID, At: tx.Now(), Reading: raw}
		if err := tx.AddUpload(u); err != nil {
			return err
		}
		mends, err := carried(tx, id)
		if err != nil {
			return err
		}
		if len(mends.Whole) > 0 {
			if err := saveMends(tx, Import{Upload: store.Upload{ID: upload, Version: 1}, Mends: mends}); err != nil {
				return err
			}
		}
		return tx.Record(map[string]any{
			"upload": upload, "plan": id, "name": name, "sha256": kept.ID, "read": reading.Account(), "carried": mends.Whole,
		})
	})
	return made(ctx, d, r, err, "upload", upload)
}

// Mending is one thing decided about an upload: exactly one of Question, Words
// and Skip is set.
type Mending struct {
	Version  int64
	Row      int
	Question string
	Answer   paper.Answer
	Typed    string       // names of units as typed; they join Answer.Units
	Words    *paper.Words // corrected words of the row
	Skip     *string      // leaves the row out for a reason; "" takes it in again
}

// Mend answers a question about a row, corrects its words or leaves it out.
func (d *Desk) Mend(ctx context.Context, c org.Caller, key, id string, mend Mending) (store.Receipt, error) {
	return d.onUpload(ctx, c, org.MendImport, key, id, func(tx *store.Tx, im Import) error {
		if im.Version != mend.Version {
			return fault.New(fault.Conflict, "changed-meanwhile")
		}
		var err error
		before := im.Mends
		switch {
		case mend.Skip != nil:
			im.Mends = im.Mends.LeaveOut(mend.Row, *mend.Skip)
		case mend.Words != nil:
			im.Mends = im.Mends.Correct(im.Rows, mend.Row, *mend.Words)
		default:
			if mend.Answer.Units, err = im.units(mend.Answer.Units, mend.Typed); err != nil {
				return err
			}
			if im.Mends, err = im.Mends.With(im.Rows, mend.Row, mend.Question, mend.Answer); err != nil {
				return err
			}
		}
		if err := saveMends(tx, im); err != nil {
			return err
		}
		return tx.Record(map[string]any{
			"upload": id, "row": mend.Row, "question": mend.Question, "answer": mend.Answer, "words": mend.Words, "skip": mend.Skip,
			"before": before.Rows[mend.Row], "before_whole": before.Whole[mend.Question],
		})
	})
}

// acceptRounds is how often suggestions are accepted at one click: an answer may
// bring up the next question (who leads a group, then whose its number is, then
// whether the task can stand).
const acceptRounds = 3

// AcceptSuggestions answers every open question that has a suggestion by it.
func (d *Desk) AcceptSuggestions(ctx context.Context, c org.Caller, key, id string, version int64) (store.Receipt, int, error) {
	n := 0
	r, err := d.onUpload(ctx, c, org.MendImport, key, id, func(tx *store.Tx, im Import) error {
		if im.Version != version {
			return fault.New(fault.Conflict, "changed-meanwhile")
		}
		before := im.Mends
		im.Mends, n = im.AcceptAll()
		if n == 0 {
			return fault.New(fault.Conflict, "import.nothing-suggested")
		}
		if err := saveMends(tx, im); err != nil {
			return err
		}
		return tx.Record(map[string]any{"upload": id, "accepted": n, "before": before, "after": im.Mends})
	})
	return r, n, err
}

// Applied says what an upload became.
type Applied struct {
	Plan    memo.PlanID
	Rows    int
	LeftOut int
}

// Apply enters the rows of an upload as drafts of its plan, all or none.
func (d *Desk) Apply(ctx context.Context, c org.Caller, key, id string, version int64) (store.Receipt, Applied, error) {
	var done Applied
	r, err := d.onUpload(ctx, c, org.ApplyImport, key, id, func(tx *store.Tx, im Import) error {
		tally := paper.Count(im.Rows)
		switch {
		case tally.Open > 0:
			return fault.New(fault.Conflict, "import.still-open", "N", tally.Open)
		case tally.Rows == 0:
			return fault.New(fault.Conflict, "import.nothing-left")
		case im.Version != version:
			return fault.New(fault.Conflict, "changed-meanwhile")
		}
		now, err := tx.TasksAgainst(im.Plan.ID)
		if err != nil {
			return err
		}
		if len(now) > 0 { // entered beside them, a later version of the table would be every task twice
			return fault.New(fault.Conflict, "reimport.compare")
		}
		ids, err := enterRows(tx, im.Plan, im.Memorandum, im.planRows(), d.store.Workdays())
		if err != nil {
			return err
		}
		if err := tx.ApplyUpload(im.Upload); err != nil {
			return err
		}
		account := im.Reading.Account()
		done = Applied{Plan: im.Plan.ID, Rows: len(ids), LeftOut: account.LeftOut + tally.Skipped}
		tx.About("plan", string(im.Plan.ID))
		return tx.Record(map[string]any{
			"upload": id, "plan": im.Plan.ID, "sha256": im.File, "rows": len(ids), "tasks": ids,
			"headings": account.Headings, "left_out": done.LeftOut, "mends": im.Mends,
		})
	})
	return r, done, err
}

// onUpload is the frame of every act on one upload that is not yet applied.
func (d *Desk) onUpload(ctx context.Context, c org.Caller, action org.Action, key, id string, f func(*store.Tx, Import) error) (store.Receipt, error) {
	return d.store.Act(ctx, c, action, key, func(tx *store.Tx) error {
		tx.About("upload", id)
		u, err := tx.Upload(id)
		if err != nil {
			return err
		}
		p, m, err := tx.Plan(u.Plan)
		if err != nil {
			return err
		}
		if err := tx.Require(action, org.ImportFacts{Office: p.Office}); err != nil {
			return err
		}
		if !u.Applied.IsZero() {
			return fault.New(fault.Conflict, "import.applied", "At", u.Applied)
		}
		units, names, err := tx.Units()
		if err != nil {
			return err
		}
		im, err := d.Import(u, p, m, units, names, tx.Today())
		if err != nil {
			return err
		}
		return f(tx, im)
	})
}

func saveMends(tx *store.Tx, im Import) error {
	raw, err := json.Marshal(im.Mends)
	if err != nil {
		return fmt.Errorf("act: writing mends: %w", err)
	}
	im.Upload.Mends = raw
	return tx.SaveMends(im.Upload)
}
