// Package act is the desk: one method for each thing that can be done. A method
// is permission → rule → write → journal, in that order and nothing else; the
// rules stand in the domain, the SQL in the store.
//
// Laws. A method returns the receipt of its act or a fault. It decides nothing
// that package task, memo, assess or org could decide. Looking at things is not
// done here but through the store's views.
package act

import (
	"context"

	"gongjian/internal/blob"
	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/paper/official"
	"gongjian/internal/seal"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// Desk does things in the name of callers.
type Desk struct {
	store *store.Store
	files *blob.Store
	names *directory      // of units, for reading documents
	press *official.Press // for official documents
	box   *seal.Box       // of the keys that the server keeps; nil keeps none
}

// New makes a desk over a store and a folder of files.
func New(s *store.Store, files *blob.Store) *Desk {
	return &Desk{store: s, files: files, names: &directory{}, press: &official.Press{}}
}

// With returns the same desk over another store: a rehearsal's.
func (d *Desk) With(s *store.Store) *Desk {
	c := *d
	c.store = s
	return &c
}

// Keeping returns the same desk with a box for the signing keys that the server keeps.
func (d *Desk) Keeping(b *seal.Box) *Desk {
	c := *d
	c.box = b
	return &c
}

// Store returns the store, for views.
func (d *Desk) Store() *store.Store { return d.store }

// Files returns the evidence files.
func (d *Desk) Files() *blob.Store { return d.files }

// rules are the province's rules of today.
func (d *Desk) rules() task.Ruleset { return d.store.Rules() }

// signBy is the day by which units sign for what they are given today.
func (d *Desk) signBy(tx *store.Tx) calendar.Date {
	return d.rules().SignBy(tx.Today(), d.store.Workdays())
}

// onTask is the frame of every act on one task: it loads the task, names it in
// the journal, and asks for permission before anything else happens.
func (d *Desk) onTask(ctx context.Context, c org.Caller, action org.Action, key string, id task.ID,
	f func(*store.Tx, store.TaskRow, []task.Part) error,
) (store.Receipt, error) {
	return d.store.Act(ctx, c, action, key, func(tx *store.Tx) error {
		tx.About("task", string(id))
		k, parts, err := tx.Task(id)
		if err != nil {
			return err
		}
		facts, err := tx.TaskFacts(k.Task)
		if err != nil {
			return err
		}
		if err := tx.Require(action, facts); err != nil {
			return err
		}
		return f(tx, k, parts)
	})
}

// made returns the id of the record that an act made. Of a repeated request it is
// the one that the first made: what this one prepared was never written.
func made[T ~string](ctx context.Context, d *Desk, r store.Receipt, err error, kind string, id T) (store.Receipt, T, error) {
	if err != nil {
		return r, "", err
	}
	if !r.Again {
		return r, id, nil
	}
	first, err := d.store.Subject(ctx, r.Entry, kind)
	return r, T(first), err
}

// onReport is the frame of every act on one report.
func (d *Desk) onReport(ctx context.Context, c org.Caller, action org.Action, key string, id task.ReportID,
	f func(*store.Tx, task.Report, store.TaskRow) error,
) (store.Receipt, error) {
	return d.store.Act(ctx, c, action, key, func(tx *store.Tx) error {
		tx.About("report", string(id))
		r, k, _, err := tx.Report(id)
		if err != nil {
			return err
		}
		tx.About("task", string(k.ID))
		facts, err := tx.ReportFacts(r, k.Task)
		if err != nil {
			return err
		}
		if err := tx.Require(action, facts); err != nil {
			return err
		}
		return f(tx, r, k)
	})
}
