package act

import (
	"context"

	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/store"
)

// SaveColumns keeps a choice of columns (列方案) for the caller's unit, if nobody
// changed the one of this name since it was shown; without columns it removes it.
// Which columns a list has is known to whoever shows it, and checked there.
func (d *Desk) SaveColumns(ctx context.Context, c org.Caller, key string, s store.ColumnSet) (store.Receipt, error) {
	s.Unit = c.Unit().ID
	return d.store.Act(ctx, c, org.SaveColumns, key, func(tx *store.Tx) error {
		tx.About("unit", string(s.Unit))
		if err := tx.Require(org.SaveColumns, org.PlanFacts{Office: s.Unit}); err != nil {
			return err
		}
		if s.Name == "" || len([]rune(s.Name)) > 40 {
			return fault.New(fault.Invalid, "export.name", "Limit", 40).On("name")
		}
		if s.Version == 0 && len(s.Columns) == 0 {
			return fault.New(fault.Invalid, "export.no-column").On("columns")
		}
		before, err := tx.ColumnSet(s.Unit, s.List, s.Name)
		if err != nil {
			return err
		}
		if before.Version != s.Version {
			return fault.New(fault.Conflict, "changed-meanwhile")
		}
		if err := tx.SaveColumnSet(s); err != nil {
			return err
		}
		return tx.Record(map[string]any{"list": s.List, "name": s.Name, "before": before.Columns, "after": s.Columns})
	})
}
