package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/journal"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/task"
)

// Receipt is what the doer of an act is given.
type Receipt struct {
	Number string    // 20100607-7K3M-Q9TX: the day and the beginning of the entry's hash
	Entry  string    // id of the journal entry
	At     time.Time // when it was done
	Again  bool      // the act had been done before under the same key
}

// Tx is the only way to write. It lives inside one Act.
type Tx struct {
	ctx      context.Context
	tx       *sql.Tx
	store    *Store
	caller   org.Caller
	policy   string // of the last permission; "" while nothing is permitted
	entry    string // id of the entry that this act will be
	now      time.Time
	subjects []journal.Subject
	detail   json.RawMessage
	stale    map[task.ID]task.ID  // tasks whose figures and lights must be counted again, with their roots
	restated map[memo.PlanID]bool // plans whose tally must be counted again, whatever becomes of figures
}

// Act runs f as one act of the caller: f must obtain permission (Require) and
// say what was done (Record). key makes a repeated request the same act; "" never repeats.
func (s *Store) Act(ctx context.Context, caller org.Caller, action org.Action, key string, f func(*Tx) error) (Receipt, error) {
	start := time.Now() // for the operator's figures alone
	receipt, err := s.act(ctx, caller, action, key, f)
	if s.watch != nil && s.bulk == nil {
		s.watch(action, outcome(receipt, err), time.Since(start))
	}
	return receipt, err
}

// outcome is what became of an act, in one word.
func outcome(r Receipt, err error) string {
	switch {
	case err == nil && r.Again:
		return "again"
	case err == nil:
		return "done"
	case refusal(err):
		return "refused"
	case fault.KindOf(err) == fault.Internal || fault.KindOf(err) == fault.Busy:
		return "failed"
	}
	return "mend"
}

func (s *Store) act(ctx context.Context, caller org.Caller, action org.Action, key string, f func(*Tx) error) (Receipt, error) {
	var receipt Receipt
	var t *Tx
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		t = &Tx{ctx: ctx, tx: tx, store: s, caller: caller, entry: s.newID(), now: s.clock().UTC().Truncate(time.Microsecond), stale: map[task.ID]task.ID{}, restated: map[memo.PlanID]bool{}}
		if first, err := t.claim(action, key); err != nil || !first {
			if err == nil {
				receipt, err = answered(ctx, tx, caller, action, key)
			}
			return err
		}
		if err := f(t); err != nil {
			return err
		}
		if s.counts != nil {
			if err := s.counts(t); err != nil {
				return err
			}
		}
		var err error
		receipt, err = t.finish(action)
		return err
	})
	if err == nil {
		return receipt, nil
	}
	if s.bulk != nil {
		return Receipt{}, err
	}
	// Two equal requests at once: the one that lost the race is answered like a second click.
	if done, again := answered(ctx, s.db.Read(), caller, action, key); again == nil && done.Number != "" {
		return done, nil
	}
	if refusal(err) {
		// Whoever hangs up leaves a trace all the same.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		if err := s.refuse(ctx, caller, action, t, err); err != nil {
			return Receipt{}, fmt.Errorf("store: entering a refused attempt: %w", err)
		}
	}
	return Receipt{}, err
}

// claim remembers the key of the request and reports whether it is the first one
// under it. It comes before everything else: looking first and writing later would
// make any two requests of a person clash on PostgreSQL.
func (t *Tx) claim(action org.Action, key string) (first bool, err error) {
	if key == "" {
		return true, nil
	}
	done, err := t.tx.ExecContext(t.ctx, `insert into answered (person, name, entry, at) values ($1, $2, $3, $4) on conflict (person, name) do nothing`,
		t.caller.Person().ID, nameOf(action, key), t.entry, t.now.UnixMicro())
	if err != nil {
		return false, fmt.Errorf("store: remembering the request: %w", err)
	}
	n, err := done.RowsAffected()
	return n == 1, err
}

// finish enters the act in the journal.
func (t *Tx) finish(action org.Action) (Receipt, error) {
	if t.policy == "" {
		return Receipt{}, errors.New("store: an act ended without asking for permission")
	}
	if t.detail == nil {
		return Receipt{}, errors.New("store: an act ended without saying what was done")
	}
	if t.store.bulk == nil { // a rehearsal counts everything once at its end
		if err := t.recount(); err != nil {
			return Receipt{}, err
		}
	}
	number, err := journal.Append(t.ctx, t.tx, t.journalEntry(action, "done", t.detail))
	if err != nil {
		return Receipt{}, err
	}
	return Receipt{Number: number, Entry: t.entry, At: t.now}, nil
}

func (t *Tx) journalEntry(action org.Action, outcome journal.Outcome, detail json.RawMessage) journal.Entry {
	return journal.Entry{
		ID: t.entry, At: t.now, Action: string(action), Outcome: outcome, Policy: t.policy,
		Person: string(t.caller.Person().ID), Post: string(t.caller.Post().ID), Unit: string(t.caller.Unit().ID),
		Subjects: t.subjects, Detail: detail, Token: string(t.caller.Token()),
	}
}

// answered returns the receipt of the act that the key was used for, if any.
func answered(ctx context.Context, tx queryer, caller org.Caller, action org.Action, key string) (Receipt, error) {
	if key == "" {
		return Receipt{}, nil
	}
	r := Receipt{Again: true}
	var at int64
	err := tx.QueryRowContext(ctx, `select a.entry, e.receipt, a.at from answered a join journal_entry e on e.id = a.entry
		where a.person = $1 and a.name = $2`, caller.Person().ID, nameOf(action, key)).Scan(&r.Entry, &r.Number, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return Receipt{}, nil
	}
	if err != nil {
		return Receipt{}, fmt.Errorf("store: looking for the request: %w", err)
	}
	r.At = time.UnixMicro(at).UTC()
	return r, nil
}

// Answered reports whether an act of the caller's was done under this key,
// whichever act it was.
func (s *Store) Answered(ctx context.Context, caller org.Caller, key string) (done bool, err error) {
	if key == "" {
		return false, nil
	}
	args, marks := []any{caller.Person().ID}, []string{}
	for _, a := range org.Actions() {
		args = append(args, nameOf(a, key))
		marks = append(marks, fmt.Sprintf("$%d", len(args)))
	}
	err = s.db.Read().QueryRowContext(ctx, `select exists (select 1 from answered where person = $1 and name in (`+strings.Join(marks, ", ")+`))`, args...).Scan(&done)
	if err != nil {
		return false, fmt.Errorf("store: looking for a request: %w", err)
	}
	return done, nil
}

// Subject returns the id of the record of a kind that a journal entry is about,
// the last written when there are several; "" when there is none. It is how the
// second of two equal requests finds the record that the first one made.
func (s *Store) Subject(ctx context.Context, entry, kind string) (id string, err error) {
	err = s.db.Read().QueryRowContext(ctx, `select subject from journal_subject where entry = $1 and kind = $2 order by subject desc limit 1`, entry, kind).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("store: looking for what entry %s is about: %w", entry, err)
	}
	return id, nil
}

// nameOf binds a key to its act: the same key for another act is another request.
// Keys are made by our forms; a long one is somebody else's and is cut.
func nameOf(action org.Action, key string) string {
	return string(action) + " " + key[:min(len(key), 128)]
}

// refusal reports whether the journal keeps the failed attempt: what permission
// or the state of things forbade, but not a slip in a form.
func refusal(err error) bool {
	switch fault.KindOf(err) {
	case fault.Denied, fault.NotFound, fault.Conflict:
		return true
	}
	return false
}

// refuse enters a refused attempt in a transaction of its own.
func (s *Store) refuse(ctx context.Context, caller org.Caller, action org.Action, t *Tx, cause error) error {
	var f *fault.Fault
	errors.As(cause, &f)
	detail, err := json.Marshal(map[string]any{"refused": f.Key, "args": f.Args})
	if err != nil {
		return err
	}
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		r := &Tx{ctx: ctx, tx: tx, store: s, caller: caller, entry: s.newID(), now: s.clock().UTC().Truncate(time.Microsecond)}
		if t != nil {
			r.subjects, r.policy = t.subjects, t.policy
		}
		_, err := journal.Append(ctx, tx, r.journalEntry(action, "refused", detail))
		return err
	})
}

// Require asks whether the caller may do this to the resource. Out of sight it
// answers NotFound, in sight Denied.
func (t *Tx) Require(action org.Action, r org.Resource) error {
	d := t.store.policies.Decide(t.caller, action, r)
	if d.Allowed {
		t.policy = d.Policy
		return nil
	}
	if what, see := seeing(r); see != "" && t.store.policies.Decide(t.caller, see, what).Allowed {
		return fault.New(fault.Denied, "denied", "Action", string(action))
	}
	return fault.New(fault.NotFound, "absent", "Action", string(action))
}

// May asks for something besides the act's own permission, which it leaves as it is:
// whether the caller may look at a record that the act draws on.
func (t *Tx) May(action org.Action, r org.Resource) error {
	if t.store.policies.Decide(t.caller, action, r).Allowed {
		return nil
	}
	return fault.New(fault.NotFound, "absent", "Action", string(action))
}

// About names the records that the act is about; a refused attempt keeps them too.
// One without a kind or an id, or named already, adds nothing; one that is none of
// ours because it is too long is not kept.
func (t *Tx) About(kind, id string) {
	s := journal.Subject{Kind: kind, ID: id}
	if kind != "" && id != "" && len(kind)+len(id) <= 128 && !slices.Contains(t.subjects, s) {
		t.subjects = append(t.subjects, s)
	}
}

// Record says what was done, with exact values: this is what the journal keeps.
func (t *Tx) Record(detail any) error {
	b, err := json.Marshal(detail)
	if err != nil {
		return fmt.Errorf("store: describing the act: %w", err)
	}
	t.detail = b
	return nil
}

// Now is the instant of the act.
func (t *Tx) Now() time.Time { return t.now }

// Today is the civil day of the act.
func (t *Tx) Today() calendar.Date { return calendar.DateOf(t.now) }

// Caller is who acts.
func (t *Tx) Caller() org.Caller { return t.caller }

// NewID makes an identifier.
func (t *Tx) NewID() string { return t.store.newID() }

// Entry is the id that the act's journal entry will have.
func (t *Tx) Entry() string { return t.entry }

// exec runs one statement of a permitted act.
func (t *Tx) exec(query string, args ...any) error {
	if t.policy == "" {
		return errors.New("store: a write was tried without permission")
	}
	if _, err := t.tx.ExecContext(t.ctx, query, args...); err != nil {
		return fmt.Errorf("store: writing: %w", err)
	}
	return nil
}

// execOne is exec for a row that must still be at the version it was read at;
// otherwise somebody changed it meanwhile.
func (t *Tx) execOne(query string, args ...any) error {
	if t.policy == "" {
		return errors.New("store: a write was tried without permission")
	}
	res, err := t.tx.ExecContext(t.ctx, query, args...)
	if err != nil {
		return fmt.Errorf("store: writing: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return fault.New(fault.Conflict, "changed-meanwhile").Because(err)
	}
	return nil
}

// IsDuplicate reports whether a write failed because such a row is there already.
func IsDuplicate(err error) bool { return sqldb.IsDuplicate(err) }
