package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// BulkKind says what a table brings.
type BulkKind string

// The kinds of tables that bring many things at once.
const (
	BulkOffline BulkKind = "offline" // 离线填报表
	BulkRoster  BulkKind = "roster"  // 名册
)

// action is the right that whoever works on such a table has for the own unit.
func (k BulkKind) action() org.Action {
	if k == BulkRoster {
		return org.UploadRoster
	}
	return org.UploadSheet
}

// BulkUpload is such a table as it was sent, and what people decided about it.
type BulkUpload struct {
	ID      string
	Kind    BulkKind
	Name    string // file name as uploaded
	SHA256  string // of the file; the file itself is not kept
	Unit    org.UnitID
	Person  org.PersonID
	At      time.Time
	Reading json.RawMessage
	Mends   json.RawMessage
	Applied time.Time // zero: not yet; of rosters only
	Version int64
}

const bulkColumns = `id, kind, name, sha256, unit, person, at, reading, mends, applied, version`

func scanBulk(r interface{ Scan(...any) error }) (u BulkUpload, err error) {
	var reading, mends string
	err = r.Scan(&u.ID, &u.Kind, &u.Name, &u.SHA256, &u.Unit, &u.Person, instant{&u.At}, &reading, &mends, instant{&u.Applied}, &u.Version)
	u.Reading, u.Mends = json.RawMessage(reading), json.RawMessage(mends)
	return u, err
}

func loadBulk(ctx context.Context, q queryer, kind BulkKind, id string) (BulkUpload, error) {
	u, err := scanBulk(q.QueryRowContext(ctx, `select `+bulkColumns+` from bulk_upload where id = $1 and kind = $2`, id, kind))
	if errors.Is(err, sql.ErrNoRows) {
		return u, fault.New(fault.NotFound, "absent")
	}
	if err != nil {
		return u, fmt.Errorf("store: reading bulk upload %s: %w", id, err)
	}
	return u, nil
}

// BulkUpload reads an upload to change it.
func (t *Tx) BulkUpload(kind BulkKind, id string) (BulkUpload, error) {
	return loadBulk(t.ctx, t.tx, kind, id)
}

// AddBulk writes a new upload.
func (t *Tx) AddBulk(u BulkUpload) error {
	return t.exec(`insert into bulk_upload (id, kind, name, sha256, unit, person, at, reading) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		u.ID, u.Kind, u.Name, u.SHA256, u.Unit, u.Person, u.At.UnixMicro(), string(u.Reading))
}

// SaveBulk writes what was decided, if nobody else did meanwhile.
func (t *Tx) SaveBulk(u BulkUpload) error {
	return t.execOne(`update bulk_upload set mends = $3, version = version + 1 where id = $1 and version = $2 and applied is null`,
		u.ID, u.Version, string(u.Mends))
}

// ApplyBulk marks an upload as entered and forgets what it said: the names in it
// stand in the register now, and nobody needs them twice.
func (t *Tx) ApplyBulk(u BulkUpload) error {
	return t.execOne(`update bulk_upload set applied = $3, reading = '{}', mends = '{}', version = version + 1
		where id = $1 and version = $2 and applied is null`, u.ID, u.Version, t.now.UnixMicro())
}

// BulkUpload returns an upload of the caller's unit, if the caller may work on it.
func (v *View) BulkUpload(ctx context.Context, kind BulkKind, id string) (BulkUpload, error) {
	u, err := loadBulk(ctx, v.q, kind, id)
	if err != nil {
		return u, err
	}
	if u.Unit != v.caller.Unit().ID {
		return BulkUpload{}, fault.New(fault.NotFound, "absent")
	}
	return u, v.see(kind.action(), org.UnitFacts{Unit: u.Unit})
}

// BulkUploads lists the uploads of the caller's unit, the newest first, without
// what they say.
func (v *View) BulkUploads(ctx context.Context, kind BulkKind, limit int) ([]BulkUpload, error) {
	unit := v.caller.Unit().ID
	if err := v.see(kind.action(), org.UnitFacts{Unit: unit}); err != nil {
		return nil, err
	}
	rows, err := v.q.QueryContext(ctx, `select id, kind, name, sha256, unit, person, at, '{}', '{}', applied, version from bulk_upload
		where unit = $1 and kind = $2 order by at desc, id desc limit $3`, unit, kind, limit)
	return collect(rows, err, func(r *sql.Rows) (BulkUpload, error) { return scanBulk(r) })
}

// Secret returns a secret of the server's own, made at its first use.
func (s *Store) Secret(ctx context.Context, name string) ([]byte, error) {
	name = "secret." + name
	kept, err := s.Setting(ctx, name)
	if err != nil {
		return nil, err
	}
	if kept == "" {
		b := make([]byte, 32)
		if _, err := io.ReadFull(s.random, b); err != nil {
			return nil, fmt.Errorf("store: making a secret: %w", err)
		}
		err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error { // the first of two writers wins
			_, err := tx.ExecContext(ctx, `insert into setting (name, value) values ($1, $2) on conflict (name) do nothing`, name, base64.RawStdEncoding.EncodeToString(b))
			return err
		})
		if err != nil {
			return nil, err
		}
		if kept, err = s.Setting(ctx, name); err != nil {
			return nil, err
		}
	}
	return base64.RawStdEncoding.DecodeString(kept)
}
