package store

import (
	"context"
	"fmt"
	"sync"

	"gongjian/internal/calendar"
	"gongjian/internal/org"
)

// directory is all units with an index of their names. A nation has sixteen thousand,
// and to read them and make the index takes a quarter of a second, for a form that asks
// for one unit by name: so it is kept until a unit changes.
type directory struct {
	mu    sync.Mutex
	day   calendar.Date
	stamp int64
	units map[org.UnitID]org.Unit
	index *org.Index
}

// Directory returns all units, by id, and an index of their names as they are called
// today, for forms that take a unit's name. What comes out is shared and not to be changed.
func (v *View) Directory(ctx context.Context) (map[org.UnitID]org.Unit, *org.Index, error) {
	// Every change of a unit and of its names counts its version up and no unit is ever
	// deleted, so the sum only grows. It is asked before the units: what changes in between
	// is read again the next time.
	var stamp int64
	if err := v.q.QueryRowContext(ctx, `select coalesce(sum(version), 0) from unit`).Scan(&stamp); err != nil {
		return nil, nil, fmt.Errorf("store: asking whether units have changed: %w", err)
	}
	d := v.store.directory
	if v.store.bulk != nil { // what a rehearsal sees may be taken back
		d = &directory{}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.index != nil && d.stamp == stamp && d.day == v.today {
		return d.units, d.index, nil
	}
	units, names, err := loadUnits(ctx, v.q)
	if err != nil {
		return nil, nil, err
	}
	byID := make(map[org.UnitID]org.Unit, len(units))
	for _, u := range units {
		byID[u.ID] = u
	}
	d.day, d.stamp, d.units, d.index = v.today, stamp, byID, org.NewIndex(units, names, v.today)
	return d.units, d.index, nil
}
