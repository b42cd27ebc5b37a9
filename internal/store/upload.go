package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
)

// Upload is a document brought in for a plan: what was read of it, what people
// mended, and whether it has become tasks.
type Upload struct {
	ID      string
	Plan    memo.PlanID
	Name    string // file name as uploaded
	File    string // hash of the document
	Unit    org.UnitID
	Person  org.PersonID
	At      time.Time
	Reading json.RawMessage // what the importer understood
	Mends   json.RawMessage // answers by row, see package act
	Applied time.Time       // zero: not yet
	Version int64
}

func loadUpload(ctx context.Context, q queryer, id string) (u Upload, err error) {
	var reading, mends string
	err = q.QueryRowContext(ctx, `select id, plan, name, evidence, unit, person, at, reading, mends, applied, version
		from upload where id = $1`, id).
		Scan(&u.ID, &u.Plan, &u.Name, &u.File, &u.Unit, &u.Person, instant{&u.At}, &reading, &mends, instant{&u.Applied}, &u.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return u, fault.New(fault.NotFound, "absent")
	}
	if err != nil {
		return u, fmt.Errorf("store: reading upload %s: %w", id, err)
	}
	u.Reading, u.Mends = json.RawMessage(reading), json.RawMessage(mends)
	return u, nil
}

// Upload reads an upload to change it.
func (t *Tx) Upload(id string) (Upload, error) { return loadUpload(t.ctx, t.tx, id) }

// AddUpload writes a new upload.
func (t *Tx) AddUpload(u Upload) error {
	return t.exec(`insert into upload (id, plan, name, evidence, unit, person, at, reading) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		u.ID, u.Plan, u.Name, u.File, u.Unit, u.Person, u.At.UnixMicro(), string(u.Reading))
}

// SaveMends writes the answers, if nobody else mended meanwhile.
func (t *Tx) SaveMends(u Upload) error {
	return t.execOne(`update upload set mends = $3, version = version + 1 where id = $1 and version = $2 and applied is null`,
		u.ID, u.Version, string(u.Mends))
}

// ApplyUpload marks an upload as turned into tasks; a second time is a conflict.
func (t *Tx) ApplyUpload(u Upload) error {
	return t.execOne(`update upload set applied = $3, version = version + 1 where id = $1 and version = $2 and applied is null`,
		u.ID, u.Version, t.now.UnixMicro())
}
