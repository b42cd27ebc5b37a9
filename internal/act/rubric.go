package act

import (
	"context"
	"io"

	"gongjian/internal/assess"
	"gongjian/internal/blob"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/paper/rubric"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// maxRubricItems is far more than a rubric holds (the longest known has some 200).
const maxRubricItems = 1000

// UploadRubric takes an assessment rubric in (考核评分细则). Nothing is scored by it
// before somebody makes a scheme of it; the document itself is kept, and the
// journal has its hash.
func (d *Desk) UploadRubric(ctx context.Context, c org.Caller, key, name string, file io.ReaderAt, size int64) (store.Receipt, string, error) {
	reading, err := rubric.Open(name, file, size) // before the transaction: a large table takes a second
	if err != nil {
		return store.Receipt{}, "", err
	}
	raw, err := reading.Keep()
	if err != nil {
		return store.Receipt{}, "", err
	}
	id := ""
	r, err := d.store.Act(ctx, c, org.UploadRubric, key, func(tx *store.Tx) error {
		if err := tx.Require(org.UploadRubric, org.ScoreFacts{Office: c.Unit().ID}); err != nil {
			return err
		}
		if n := len(reading.Rows); n == 0 {
			return fault.New(fault.Invalid, "rubric.no-rubric").On("rubric")
		} else if n > maxRubricItems {
			return fault.New(fault.TooLarge, "rubric.too-long", "N", n, "Limit", maxRubricItems).On("rubric")
		}
		kept, err := d.files.Keep(io.NewSectionReader(file, 0, size), name)
		if err != nil {
			return err
		}
		id = tx.NewID()
		tx.About("rubric", id)
		if err := tx.AddRubric(store.Rubric{ID: id, Office: c.Unit().ID, Name: name, File: kept.ID, Type: kept.Type, Person: c.Person().ID, At: tx.Now(), Reading: raw}); err != nil {
			return err
		}
		return tx.Record(map[string]any{
			"rubric": id, "name": name, "sha256": kept.ID, "items": len(reading.Rows), "faults": len(reading.Faults), "left_out": len(reading.LeftOut),
		})
	})
	return made(ctx, d, r, err, "rubric", id)
}

// OpenRubric opens the file of a rubric for somebody who may see what is scored
// by it.
func (d *Desk) OpenRubric(ctx context.Context, c org.Caller, id string) (Evidence, error) {
	r, err := d.store.View(c).RubricSource(ctx, id)
	if err != nil {
		return Evidence{}, err
	}
	out := Evidence{Evidence: task.Evidence{ID: task.EvidenceID(r.File), Name: r.Name}, Disposition: "attachment"}
	if out.File, err = d.files.Open(r.File); err != nil {
		return Evidence{}, err
	}
	out.Type, _ = blob.ServeType(r.Type)
	out.Name = fileName(r.Name, out.Type)
	return out, nil
}

// fromRubric checks what a scheme says of the document that it was made from.
func fromRubric(tx *store.Tx, s assess.Scheme, office org.UnitID) error {
	if s.Document == nil {
		return nil
	}
	r, err := tx.Rubric(s.Document.Upload)
	if fault.KindOf(err) == fault.NotFound || err == nil && (r.Office != office || r.File != s.Document.SHA256) {
		return fault.New(fault.Invalid, "scheme.document-other", "Name", s.Document.Name).On("words")
	}
	return err
}
