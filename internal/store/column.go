package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// ColumnSet is a choice of columns in an order (列方案), by which an office wants a
// list as a file.
type ColumnSet struct {
	Unit    org.UnitID
	List    string // key of the list
	Name    string
	Columns []string // keys, in their order
	Version int64    // counts changes; 0 of one that is not kept yet
}

// MaxColumnSets is how many sets a unit may keep for one list.
const MaxColumnSets = 20

// SaveColumnSet writes a set that nobody changed since the version was read; a
// set without columns is removed. Faults: changed-meanwhile (Conflict),
// export.too-many-sets (Invalid).
func (t *Tx) SaveColumnSet(s ColumnSet) error {
	var n int
	var err error
	at := []any{s.Unit, s.List, s.Name}
	switch {
	case s.Version == 0:
		if err = t.tx.QueryRowContext(t.ctx, `select count(*) from column_set where unit = $1 and list = $2`, s.Unit, s.List).Scan(&n); err != nil {
			return fmt.Errorf("store: counting column sets: %w", err)
		}
		if n >= MaxColumnSets {
			return fault.New(fault.Invalid, "export.too-many-sets", "Limit", MaxColumnSets).On("name")
		}
		err = t.execOne(`insert into column_set (unit, list, name, columns, version) values ($1, $2, $3, $4, 1) on conflict do nothing`, append(at, text(s.Columns))...)
	case len(s.Columns) == 0:
		err = t.execOne(`delete from column_set where unit = $1 and list = $2 and name = $3 and version = $4`, append(at, s.Version)...)
	default:
		err = t.execOne(`update column_set set columns = $5, version = version + 1 where unit = $1 and list = $2 and name = $3 and version = $4`, append(at, s.Version, text(s.Columns))...)
	}
	return err
}

// ColumnSets returns the sets that units keep for a list, by name; names only,
// which are no secret. Those of the caller's own unit come first.
func (v *View) ColumnSets(ctx context.Context, list string, units ...org.UnitID) ([]ColumnSet, error) {
	if own := v.caller.Unit().ID; own != "" {
		units = append([]org.UnitID{own}, units...)
	}
	var out []ColumnSet
	for _, u := range units {
		if u == "" || len(out) > 0 && out[0].Unit == u {
			continue
		}
		rows, err := v.q.QueryContext(ctx, `select unit, list, name, columns, version from column_set where unit = $1 and list = $2 order by name limit $3`, u, list, MaxColumnSets)
		sets, err := collect(rows, err, scanColumnSet)
		if err != nil {
			return nil, err
		}
		out = append(out, sets...)
	}
	return out, nil
}

// ColumnSet returns the set of a name that one of the units keeps for a list, the
// caller's own unit before others.
func (v *View) ColumnSet(ctx context.Context, list, name string, units ...org.UnitID) (s ColumnSet, err error) {
	for _, u := range append([]org.UnitID{v.caller.Unit().ID}, units...) {
		rows, err := v.q.QueryContext(ctx, `select unit, list, name, columns, version from column_set where unit = $1 and list = $2 and name = $3`, u, list, name)
		sets, err := collect(rows, err, scanColumnSet)
		if err != nil {
			return s, err
		}
		if len(sets) > 0 {
			return sets[0], nil
		}
	}
	return s, fault.New(fault.NotFound, "absent")
}

func scanColumnSet(r *sql.Rows) (s ColumnSet, err error) {
	return s, r.Scan(&s.Unit, &s.List, &s.Name, kept{&s.Columns}, &s.Version)
}

// ColumnSet reads a set to change it; one that is not there is empty, at version 0.
func (t *Tx) ColumnSet(unit org.UnitID, list, name string) (s ColumnSet, err error) {
	s = ColumnSet{Unit: unit, List: list, Name: name}
	err = t.tx.QueryRowContext(t.ctx, `select columns, version from column_set where unit = $1 and list = $2 and name = $3`, unit, list, name).Scan(kept{&s.Columns}, &s.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return s, nil
	}
	return s, err
}
