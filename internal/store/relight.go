package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"slices"
	"sync"

	"gongjian/internal/calendar"
	"gongjian/internal/task"
)

// countedSetting names what lights were last counted by.
const countedSetting = "lights"

// counting says by what lights were counted.
type counting struct {
	Day   calendar.Date `json:"day"`   // of the last morning
	Rules string        `json:"rules"` // digest of the rules, the calendar and our way of counting
}

// countingVersion rises when the same facts, rules and calendar give another light, or
// one that is kept in another form, than before: the next start then counts all again.
const countingVersion = 1

func (s *Store) counting(on calendar.Date) counting {
	sum := sha256.Sum256([]byte(text([]any{countingVersion, s.rules, s.workdays.Changes()})))
	return counting{Day: on, Rules: hex.EncodeToString(sum[:])}
}

// Morning names what Relight counts for today: the day, the rules and the calendar. The
// same day with others is another morning.
func (s *Store) Morning() string { return text(s.counting(s.Today())) }

// countedOn is the day for which lights are kept: today, or the day of the last
// morning when the clock has gone back behind it.
func (s *Store) countedOn(ctx context.Context) (calendar.Date, error) {
	last, err := s.lastCounting(ctx)
	if today := s.Today(); last.Day.Before(today) {
		return today, err
	}
	return last.Day, err
}

func (s *Store) lastCounting(ctx context.Context) (c counting, err error) {
	v, err := s.Setting(ctx, countedSetting)
	if err != nil {
		return c, fmt.Errorf("store: reading by what lights were counted: %w", err)
	}
	return c, from(v, &c)
}

// staleAtOnce is how many tasks a morning lists at once, and staleGroup how many it
// counts in one transaction, for which acts wait on SQLite.
const staleAtOnce, staleGroup = 20_000, 200

// Relight is the morning: it counts the lights anew that may be others than yesterday
// (light_until is over), and returns how many. Where the rules or the calendar are
// others than last time, or the clock has gone back, it looks at all of them. It may be
// run at any time and by two servers at once. After a rehearsal, whose acts count
// nothing, it counts all of them, with their figures.
func (s *Store) Relight(ctx context.Context) (int, error) {
	today := s.Today()
	last, err := s.lastCounting(ctx)
	if err != nil {
		return 0, err
	}
	counted := 0
	now := s.counting(today)
	if s.bulk == nil && (last.Rules != now.Rules || today.Before(last.Day)) {
		// One that is cut leaves lights by either rules: whoever comes next looks at all again.
		if err := s.SetSetting(ctx, countedSetting, text(counting{})); err != nil {
			return 0, err
		}
		if counted, err = s.relightAll(ctx, today); err != nil {
			return counted, err
		}
	}
	for {
		rows, err := s.asking().QueryContext(ctx, `select id, root, depth from task where light_until is null or light_until < $1 limit $2`, today, staleAtOnce)
		stale, err := collect(rows, err, func(r *sql.Rows) (t keptTask, err error) { return t, r.Scan(&t.ID, &t.Root, &t.Depth) })
		if err != nil {
			return counted, err
		}
		if err := s.relight(ctx, stale, today); err != nil {
			return counted, err
		}
		if counted += len(stale); len(stale) < staleAtOnce {
			break
		}
	}
	if last == now {
		return counted, nil
	}
	return counted, s.SetSetting(ctx, countedSetting, text(now))
}

// relightAll compares all that is kept with what is counted today, and counts anew
// what differs. Reading needs no lock; what is written is read again under one, and by
// one at a time: several would only clash.
func (s *Store) relightAll(ctx context.Context, today calendar.Date) (int, error) {
	var writing sync.Mutex
	counted := 0
	err := s.eachTrees(ctx, func(x trees) error {
		now := s.derive(x.tasks, nil, x.reports, today)
		differing := slices.DeleteFunc(x.tasks, func(t keptTask) bool { return now[t.ID].holds(t.Kept) })
		writing.Lock()
		defer writing.Unlock()
		counted += len(differing)
		return s.relight(ctx, differing, today)
	})
	return counted, err
}

// relight counts tasks anew, those of a tree together and parts first. The figures of
// parts do not change by a day, so those that are not among them are taken as they were
// last counted, and what is above them has no other light because of them.
func (s *Store) relight(ctx context.Context, stale []keptTask, today calendar.Date) error {
	slices.SortFunc(stale, func(a, b keptTask) int {
		return cmp.Or(cmp.Compare(a.Root, b.Root), b.Depth-a.Depth, cmp.Compare(a.ID, b.ID))
	})
	for group := range slices.Chunk(stale, staleGroup) {
		ids := make([]task.ID, len(group))
		for i, t := range group {
			ids[i] = t.ID
		}
		marks, args := list(1, ids)
		err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
			tasks, err := newKeptTasks().load(ctx, tx, `where t.id in (`+marks+`)`, args...)
			if err != nil {
				return err
			}
			return s.recountBeside(ctx, tx, tasks, ids, today)
		})
		if err != nil {
			return fmt.Errorf("store: counting lights anew: %w", err)
		}
	}
	return nil
}
