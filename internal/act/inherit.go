package act

import (
	"slices"

	"gongjian/internal/calendar"
	"gongjian/internal/letter"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// inherited is what went over when one unit took another's place.
type inherited struct {
	memorandums, left []memo.ID // left are those where the successor was the other side already
	tasks             []task.ID
	letters           map[letter.ID]letter.ID // old to new; "" where nothing was drawn instead
	count             map[store.InheritedKind]int
}

// inherit lets everything that a merged unit has open go on under its successor
// (Rules M-23, O-43). The memorandums come first, since plans and letters follow
// them, the letters after the tasks that they speak of.
func inherit(tx *store.Tx, was, now org.Unit, day calendar.Date) (x inherited, err error) {
	if x.memorandums, x.left, err = inheritMemorandums(tx, was, now, day); err != nil {
		return x, err
	}
	if x.tasks, err = inheritTasks(tx, was.ID, now); err != nil {
		return x, err
	}
	waiting, err := inheritVerifying(tx, was.ID, now.ID)
	if err != nil {
		return x, err
	}
	if x.letters, err = inheritLetters(tx, was.ID, now); err != nil {
		return x, err
	}
	if x.count, err = tx.SucceedRecords(was.ID, now.ID); err != nil {
		return x, err
	}
	x.count[store.InheritedMemorandums], x.count[store.InheritedTasks] = len(x.memorandums), len(x.tasks)
	x.count[store.InheritedReports], x.count[store.InheritedLetters] = waiting, len(x.letters)
	for _, kind := range store.InheritedKinds() {
		if err := tx.AddInherited(was.ID, now.ID, kind, x.count[kind], day); err != nil {
			return x, err
		}
	}
	return x, nil
}

// inheritMemorandums lets the memorandums of a unit go on under its successor (Rule
// M-23), and returns those that did and those that did not.
func inheritMemorandums(tx *store.Tx, was, now org.Unit, day calendar.Date) (taken, left []memo.ID, err error) {
	all, err := tx.MemorandumsOf(was.ID)
	if err != nil {
		return nil, nil, err
	}
	for _, id := range all {
		tx.About("memorandum", string(id))
		m, err := tx.Memorandum(id)
		if err != nil {
			return nil, nil, err
		}
		m, changed := m.Inherit(was.ID, now.ID)
		if !changed {
			left = append(left, id)
			continue
		}
		taken = append(taken, id)
		if err := tx.Succeed(m, memo.Succession{Was: was.ID, Now: now.ID, Name: was.Name, NowName: now.Name, Day: day}); err != nil {
			return nil, nil, err
		}
	}
	return taken, left, nil
}

// inheritTasks lets a unit's open tasks go on under its successor, with what was
// reported of them.
func inheritTasks(tx *store.Tx, was org.UnitID, now org.Unit) (ids []task.ID, err error) {
	open, err := tx.OpenTasksOf(was)
	if err != nil {
		return nil, err
	}
	for _, k := range open {
		_, parts, err := tx.Task(k.ID)
		if err != nil {
			return nil, err
		}
		ids = append(ids, k.ID)
		tx.About("task", string(k.ID))
		next, all, over := task.Succeed(k.Task, parts, was, now.ID)
		next.State = task.Settle(next, all)
		if err := tx.SucceedTask(next, was, now.ID, over); err != nil {
			return nil, err
		}
		if slices.ContainsFunc(parts, func(p task.Part) bool { return p.Unit == was }) {
			if err := tx.SucceedReports(k.ID, was, now.ID); err != nil {
				return nil, err
			}
		}
		if next.Leads[0] == now.ID && k.Leads[0] == was {
			if err := tx.SetRegion(next, now.Region); err != nil {
				return nil, err
			}
		}
	}
	return ids, nil
}

// inheritVerifying puts the reports that wait for a merged unit into the successor's
// queue, its own into that of the unit that verifies them now (Rule T-14).
func inheritVerifying(tx *store.Tx, was, now org.UnitID) (int, error) {
	waiting, err := tx.WaitingFor(was)
	if err != nil {
		return 0, err
	}
	for _, r := range waiting {
		tx.About("task", string(r.Task))
		to := now
		if r.Unit == now {
			k, _, err := tx.Task(r.Task)
			if err != nil {
				return 0, err
			}
			above, err := tx.VerifierOf(k.Task, now)
			if err != nil {
				return 0, err
			}
			if above != "" { // nobody stands above it: its own other post has to
				to = above
			}
		}
		if err := tx.SetVerifier(r.ID, to); err != nil {
			return 0, err
		}
	}
	return len(waiting), nil
}

// inheritLetters draws the letters anew that name the merged unit and are not signed
// by both. What both have signed stands under the old name, and the successor's next
// letter says what it has taken over.
//
// Rule O-43: nobody signs a paper that names a unit that is no more.
func inheritLetters(tx *store.Tx, was org.UnitID, now org.Unit) (map[letter.ID]letter.ID, error) {
	out := map[letter.ID]letter.ID{}
	if err := tx.SucceedLetterOffice(was, now.ID); err != nil {
		return nil, err
	}
	open, err := tx.OpenLettersOf(was)
	if err != nil {
		return nil, err
	}
	var plans []memo.PlanID
	drawn := map[memo.PlanID][]store.LetterRow{}
	for _, old := range open {
		tx.About("letter", string(old.ID))
		row, err := letterUnderSuccessor(tx, old, was, now)
		if err != nil {
			return nil, err
		}
		gone := old.Letter
		gone.State = letter.Replaced
		if err := tx.MoveLetters([]letter.Letter{gone}); err != nil {
			return nil, err
		}
		if err := tx.VoidLetterSignatures([]letter.ID{old.ID}, "succeeded"); err != nil {
			return nil, err
		}
		if out[old.ID] = row.ID; row.ID == "" {
			continue
		}
		if drawn[old.Plan] == nil {
			plans = append(plans, old.Plan)
		}
		drawn[old.Plan] = append(drawn[old.Plan], row)
	}
	for _, plan := range plans {
		if err := addInheritedLetters(tx, drawn[plan]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// addInheritedLetters writes what was drawn anew of one plan, as a batch of its own.
func addInheritedLetters(tx *store.Tx, rows []store.LetterRow) error {
	first := rows[0]
	b := store.LetterBatch{ID: letter.BatchID(tx.NewID()), Plan: first.Plan, Office: first.Office, Giver: first.Body.Giver.Unit}
	for i := range rows {
		rows[i].Batch = b.ID
		b.Counts.Count(letter.Anew)
		tx.About("letter", string(rows[i].ID))
	}
	if err := tx.AddLetterBatch(b); err != nil {
		return err
	}
	return tx.AddLetters(rows)
}

// letterUnderSuccessor is what takes an open letter's place: the same letter from a
// new giver, or for a new taker the letter or supplement that its tasks now ask for;
// none where another open one of the successor has to be drawn again anyway. It is
// handed out (下发) if the old one was.
func letterUnderSuccessor(tx *store.Tx, old store.LetterRow, was org.UnitID, now org.Unit) (row store.LetterRow, err error) {
	p, m, err := tx.Plan(old.Plan)
	if err != nil {
		return row, err
	}
	row = store.LetterRow{Plan: old.Plan, Office: p.Office, Instead: old.ID}
	name := letter.Party{Unit: now.ID, Name: now.Name}
	row.Body, row.Standing = old.Body, old.Standing
	row.Body.Made = tx.Today()
	if old.Body.Giver.Unit == was {
		row.Body.Giver = name
	}
	if row.Body.Giver.Unit == now.ID && old.Body.Taker.Unit == now.ID {
		return store.LetterRow{}, nil // nobody gives itself a letter
	}
	if old.Body.Taker.Unit == was {
		chain, err := tx.LetterChain(old.Plan, now.ID)
		if err != nil {
			return row, err
		}
		units, err := tx.LetterUnits(old.Plan, m, store.LetterReach{Units: []org.UnitID{now.ID}})
		if err != nil || len(units) == 0 || row.Body.Giver.Unit == now.ID || len(chain) > 0 && chain[len(chain)-1].State != letter.Signed {
			return store.LetterRow{}, err
		}
		drawn := letter.Draw(chain, letter.Facts{Plan: p, Memorandum: m.Title, Giver: row.Body.Giver, Taker: name, Today: tx.Today(), Tasks: units[0].Tasks})
		if drawn.Step == letter.Nothing {
			return store.LetterRow{}, nil
		}
		row.Body, row.Standing = drawn.Body, drawn.Standing
	}
	row.ID, row.Digest, row.State = letter.ID(tx.NewID()), row.Body.Digest(), letter.Drafted
	if old.State == letter.Given {
		row.Letter, err = letter.Give(row.Letter, tx.Today())
	}
	return row, err
}
