package store

import (
	"context"
	"database/sql"
	"time"

	"gongjian/internal/memo"
	"gongjian/internal/org"
)

// UploadEntry is an upload in the list of a plan's.
type UploadEntry struct {
	ID      string
	Name    string
	At      time.Time
	Unit    string    // name of the unit that brought it in
	Applied time.Time // zero: not yet
}

// Uploads lists the documents brought in for a plan, the newest first. Whoever
// may not bring one in does not see them.
func (v *View) Uploads(ctx context.Context, p PlanView, limit int) ([]UploadEntry, error) {
	if err := v.see(org.UploadImport, org.ImportFacts{Office: p.Office}); err != nil {
		return nil, err
	}
	rows, err := v.q.QueryContext(ctx, `select l.id, l.name, l.at, u.name, l.applied from upload l join unit u on u.id = l.unit
		where l.plan = $1 order by l.at desc, l.id desc limit $2`, p.ID, limit)
	return collect(rows, err, func(r *sql.Rows) (e UploadEntry, err error) {
		return e, r.Scan(&e.ID, &e.Name, instant{&e.At}, &e.Unit, instant{&e.Applied})
	})
}

// UploadView is an upload with what its preview is worked out from.
type UploadView struct {
	Upload
	Plan       memo.Plan
	Memorandum memo.Memorandum
	Units      []org.Unit // all of them, for matching names
	Names      []org.Name
	By         string // name of the unit that brought it in
}

// Upload returns an upload, if the caller may mend it.
func (v *View) Upload(ctx context.Context, id string) (UploadView, error) {
	u, err := loadUpload(ctx, v.q, id)
	if err != nil {
		return UploadView{}, err
	}
	out := UploadView{Upload: u}
	if out.Plan, out.Memorandum, err = loadPlan(ctx, v.q, u.Plan); err != nil {
		return UploadView{}, err
	}
	if err := v.see(org.MendImport, org.ImportFacts{Office: out.Plan.Office}); err != nil {
		return UploadView{}, err
	}
	if out.Units, out.Names, err = loadUnits(ctx, v.q); err != nil {
		return UploadView{}, err
	}
	for _, unit := range out.Units {
		if unit.ID == u.Unit {
			out.By = unit.Name
		}
	}
	return out, nil
}
