package act

import (
	"errors"
	"strconv"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/paper"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// applying is the work on one accepted difference, in one transaction.
type applying struct {
	desk      *Desk
	tx        *store.Tx
	re        Reimport
	reason    string
	seats     map[int]task.ID // by draft row: the task that was added
	moved     map[string]bool // by Change.Key: its move was accepted
	gone      map[task.ID]bool
	done      Reapplied
	added     []map[string]any // for the journal
	changed   []map[string]any
	withdrawn []map[string]any
}

// all takes the changes over. A refusal is kept with its row, and the others are
// tried all the same, so that everything to mend is shown at once.
func (a *applying) all(taken []paper.Change) error {
	a.moved, a.gone = map[string]bool{}, map[task.ID]bool{}
	var l fault.List
	var rows []Row
	var keys []paper.Change
	if err := a.needReason(taken); err != nil {
		return err
	}
	for _, c := range taken {
		var err error
		switch c.Kind {
		case paper.Added:
			rows, keys = append(rows, rowOf(a.re.Draft[c.Draft])), append(keys, c)
		case paper.Removed:
			err = a.withdraw(c)
		case paper.Changed, paper.Moved:
			err = a.change(c)
		}
		if err != nil && !refused(&l, c, err) {
			return err
		}
	}
	if err := a.add(rows, keys, &l); err != nil {
		return err
	}
	if err := l.Err(); err != nil {
		return err
	}
	return a.arrange()
}

// needReason asks for the reason once, however many changes want one.
func (a *applying) needReason(taken []paper.Change) error {
	for _, c := range taken {
		if c.Kind == paper.Changed || c.Kind == paper.Removed {
			return task.CheckReason(a.reason)
		}
	}
	return nil
}

// refused keeps the faults of one row under its key. What is no fault stays an error.
func refused(l *fault.List, c paper.Change, err error) bool {
	var all fault.List
	if !errors.As(err, &all) {
		var f *fault.Fault
		if !errors.As(err, &f) || f.Kind == fault.Internal {
			return false
		}
		all = fault.List{f}
	}
	for _, f := range all {
		at := *f
		*l = append(*l, at.On(c.Key()))
	}
	return true
}

// withdraw takes a row back that the document does not have.
//
// Rule I-68 (ours; docs/sources/reimport.md): whether given out or not, with reports or
// without, it is withdrawn with the reason and never deleted.
func (a *applying) withdraw(c paper.Change) error {
	k, err := a.open(c, org.WithdrawTask)
	if err != nil {
		return err
	}
	n, err := withdraw(a.tx, k.row, a.reason)
	if err != nil {
		return err
	}
	a.gone[k.row.ID] = true
	a.done.Withdrawn++
	a.withdrawn = append(a.withdrawn, map[string]any{"task": k.row.ID, "title": k.row.Title, "tasks": n})
	return nil
}

// opened is a task with its parts, loaded to be changed.
type opened struct {
	row   store.TaskRow
	parts []task.Part
}

// open loads the task of a change and asks for the permission that doing it alone
// would need.
func (a *applying) open(c paper.Change, action org.Action) (k opened, err error) {
	if k.row, k.parts, err = a.tx.Task(a.re.Now[c.Now].ID); err != nil {
		return k, err
	}
	facts, err := a.tx.TaskFacts(k.row.Task)
	if err != nil {
		return k, err
	}
	a.tx.About("task", string(k.row.ID))
	return k, a.tx.Require(action, facts)
}

// change writes what differs in a row, by the rules of Change: it is open, it can
// stand, its parts still add up.
func (a *applying) change(c paper.Change) error {
	k, err := a.open(c, org.ChangeTask)
	if err != nil {
		return err
	}
	if err := a.re.Refusal(c); err != nil {
		return err
	}
	row := a.re.Draft[c.Draft]
	next := reprinted(k.row.Task, c, row)
	if c.Has("deadline") {
		next = redated(next, row, k.parts, a.desk)
	}
	parts := k.parts
	if c.Has("lead") || c.Has("cooperating") {
		if next, parts, err = a.reseat(next, k.parts, c, row); err != nil {
			return err
		}
	}
	if c.Kind == paper.Changed {
		if err := a.checked(k, next); err != nil {
			return err
		}
	}
	if err := a.tx.Reprint(next); err != nil {
		return err
	}
	a.moved[c.Key()] = c.Has("position")
	if c.Kind == paper.Moved {
		a.done.Moved++
	} else {
		a.done.Changed++
	}
	a.changed = append(a.changed, map[string]any{"task": next.ID, "title": next.Title, "fields": c.Fields})
	return a.settled(k, next, parts)
}

// checked saves the content of a row if it can stand. Its version is the one that
// was read in this transaction, and the seal says that it is the one that was seen.
func (a *applying) checked(k opened, next task.Task) error {
	if err := task.Check(next); err != nil {
		return err
	}
	row := k.row
	row.Task = next
	if err := a.desk.stillSplits(a.tx, row); err != nil {
		return err
	}
	return a.tx.SaveTask(next, a.reason)
}

// settled writes changed parts and what they make of the task.
func (a *applying) settled(k opened, next task.Task, parts []task.Part) error {
	kept := map[org.UnitID]task.Role{}
	for _, p := range parts {
		kept[p.Unit] = p.Role
	}
	had := map[org.UnitID]task.Role{}
	for _, p := range k.parts {
		if had[p.Unit] = p.Role; kept[p.Unit] == p.Role {
			continue
		}
		delete(had, p.Unit)
		if err := a.tx.DropPart(p, next.Root); err != nil {
			return err
		}
	}
	for _, p := range parts {
		if had[p.Unit] != "" {
			continue
		}
		if err := a.tx.AddPart(p, next.Root); err != nil {
			return err
		}
	}
	s := task.Settle(next, parts)
	if s == k.row.State {
		return nil
	}
	return a.tx.SetTaskState(next, s, k.row.Finished)
}

// reprinted is a task with the words of its row.
func reprinted(k task.Task, c paper.Change, r paper.DraftRow) task.Task {
	for _, f := range c.Fields {
		switch f.Field {
		case "title":
			k.Title = r.Title
		case "measures":
			k.Measures = r.Measures
		case "note":
			k.Note = r.Note
		case "people":
			k.People = r.Row.People
		case "target":
			k.Target = r.Target
		case "chapter":
			k.Chapter = r.Row.Chapter
		case "no":
			k.No = r.Row.No
		}
	}
	return k
}

// redated is a task with the deadline of its row, worked out as when it was entered.
func redated(k task.Task, r paper.DraftRow, parts []task.Part, d *Desk) task.Task {
	k.Deadline, k.Due = r.Deadline, r.Due
	if r.Deadline.From.After(k.Start) {
		k.Start = r.Deadline.From
	}
	if k.Due.IsZero() && k.Deadline.CountsFrom("receipt") {
		k = task.Reckoned(k, task.Events{Received: task.ReceivedOn(parts)}, d.store.Workdays())
	}
	return k
}

// reseat gives a task to the units of its row. A draft reaches nobody yet, so its
// parts have no day to be signed by.
func (a *applying) reseat(k task.Task, parts []task.Part, c paper.Change, r paper.DraftRow) (task.Task, []task.Part, error) {
	leads, helps := k.Leads, k.Cooperating
	if c.Has("lead") {
		leads, k.LeadWords = r.Leads, r.LeadWords
	}
	if c.Has("cooperating") {
		helps = r.Cooperating
	}
	var signBy calendar.Date
	if k.State != task.Draft {
		signBy = a.desk.signBy(a.tx)
	}
	now := a.re.Now[c.Now]
	return task.Reseat(k, parts, leads, helps, now.Reported, now.Setters, signBy)
}

// add enters the accepted new rows as drafts.
func (a *applying) add(rows []Row, of []paper.Change, l *fault.List) error {
	if len(rows) == 0 {
		return nil
	}
	ids, err := enterRows(a.tx, a.re.Plan, a.re.Memorandum, rows, a.desk.store.Workdays())
	var faults fault.List
	if errors.As(err, &faults) {
		for _, f := range faults { // each names its row as rows.N
			n, _ := strconv.Atoi(strings.TrimPrefix(f.Field, "rows."))
			at := *f
			*l = append(*l, at.On(of[n].Key()))
		}
		return nil
	}
	if err != nil {
		return err
	}
	for i, id := range ids {
		a.seats[of[i].Draft] = id
		a.tx.About("task", string(id))
		a.added = append(a.added, map[string]any{"task": id, "title": rows[i].Title, "row": a.re.Draft[of[i].Draft].Index})
	}
	a.done.Added = len(ids)
	return nil
}

// arrange writes the order of the rows. A row keeps its position where the rows
// before it leave it free.
func (a *applying) arrange() error {
	position := map[task.ID]int{}
	var now []task.ID
	for _, k := range a.re.Now {
		position[k.ID] = k.Position
		if !a.gone[k.ID] {
			now = append(now, k.ID)
		}
	}
	var seats []paper.Seat
	set := map[task.ID]bool{}
	for _, c := range a.re.Changes {
		switch {
		case c.Draft < 0 || c.Kind == paper.Added && a.seats[c.Draft] == "":
		case c.Kind == paper.Added:
			seats, set[a.seats[c.Draft]] = append(seats, paper.Seat{Task: a.seats[c.Draft], Set: true}), true
		case !c.Has("position") || a.moved[c.Key()]:
			id := a.re.Now[c.Now].ID
			seats, set[id] = append(seats, paper.Seat{Task: id, Set: a.moved[c.Key()]}), a.moved[c.Key()]
		}
	}
	last := 0
	for _, id := range paper.Arrange(now, seats) {
		at := last + 1
		if !set[id] {
			at = max(at, position[id])
		}
		if last = at; at == position[id] {
			continue
		}
		if err := a.tx.Place(id, at); err != nil {
			return err
		}
	}
	return nil
}
