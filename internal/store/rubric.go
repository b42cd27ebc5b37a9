package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// Rubric is an assessment rubric taken in (考核评分细则): what was read of it. It
// does not change; what becomes of it is a scheme that names it.
type Rubric struct {
	ID      string
	Office  org.UnitID // the unit that assesses by it
	Name    string     // file name as uploaded
	File    string     // hash of the document
	Type    string     // of its content
	Person  org.PersonID
	At      time.Time
	Reading json.RawMessage // what was understood, see package rubric
}

const rubricColumns = `id, office, name, evidence, content_type, person, at, reading`

func loadRubric(ctx context.Context, q queryer, id string) (r Rubric, err error) {
	var reading string
	err = q.QueryRowContext(ctx, `select `+rubricColumns+` from rubric where id = $1`, id).
		Scan(&r.ID, &r.Office, &r.Name, &r.File, &r.Type, &r.Person, instant{&r.At}, &reading)
	if errors.Is(err, sql.ErrNoRows) {
		return r, fault.New(fault.NotFound, "absent")
	}
	if err != nil {
		return r, fmt.Errorf("store: reading rubric %s: %w", id, err)
	}
	r.Reading = json.RawMessage(reading)
	return r, nil
}

// Rubric reads a rubric that was taken in.
func (t *Tx) Rubric(id string) (Rubric, error) { return loadRubric(t.ctx, t.tx, id) }

// AddRubric writes a new rubric.
func (t *Tx) AddRubric(r Rubric) error {
	return t.exec(`insert into rubric (`+rubricColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		r.ID, r.Office, r.Name, r.File, r.Type, r.Person, r.At.UnixMicro(), string(r.Reading))
}

// Rubric returns a rubric to those who may make a scheme of it.
func (v *View) Rubric(ctx context.Context, id string) (Rubric, error) {
	r, err := loadRubric(ctx, v.q, id)
	if err != nil {
		return Rubric{}, err
	}
	return r, v.see(org.UploadRubric, org.ScoreFacts{Office: r.Office})
}

// RubricEntry is a rubric in the list of a unit's.
type RubricEntry struct {
	ID   string
	Name string
	At   time.Time
}

// Rubrics lists what the caller's unit took in, the newest first.
func (v *View) Rubrics(ctx context.Context, limit int) ([]RubricEntry, error) {
	office := v.caller.Unit().ID
	if err := v.see(org.UploadRubric, org.ScoreFacts{Office: office}); err != nil {
		return nil, err
	}
	rows, err := v.q.QueryContext(ctx, `select id, name, at from rubric where office = $1 order by at desc, id desc limit $2`, office, limit)
	return collect(rows, err, func(r *sql.Rows) (e RubricEntry, err error) {
		return e, r.Scan(&e.ID, &e.Name, instant{&e.At})
	})
}

// RubricSource returns the name and hash of a rubric's file to those who may see
// what is scored by it. The reading is left out.
func (v *View) RubricSource(ctx context.Context, id string) (Rubric, error) {
	r, err := loadRubric(ctx, v.q, id)
	if err != nil {
		return Rubric{}, err
	}
	r.Reading = nil
	return r, v.see(org.SeeScores, org.ScoreFacts{Office: r.Office})
}
