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

	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// ErrandID names an errand.
type ErrandID string

// Errand is work on many records that takes longer than an answer (批量办理): what,
// for whom, and how far it is. It is no act: it is done in portions, each of them an
// act with its own entry, which counts its items in the same transaction. So what is
// counted is what has happened, whatever becomes of the server.
type Errand struct {
	ID      ErrandID
	Kind    string // what is done
	About   string // to what, in the words of the kind
	Person  org.PersonID
	Post    org.PostID
	Input   string // JSON, read by the kind
	Items   int
	Done    int
	LeftOut int // refused, each with its reason
	Began   time.Time
	Ended   time.Time // zero: not yet
	Failed  *fault.Fault
	Result  string // SHA-256 of the file that it made
	Held    bool   // a server is at it, or was until a moment ago
	holder  string // of this run
}

// ErrandState is where an errand stands.
type ErrandState string

// The states.
const (
	ErrandRuns   ErrandState = "runs"
	ErrandCut    ErrandState = "cut" // its server stopped; it can be begun again
	ErrandEnded  ErrandState = "ended"
	ErrandFailed ErrandState = "failed" // what is done is done, the rest is not
)

// State is where the errand stands.
func (e Errand) State() ErrandState {
	switch {
	case !e.Ended.IsZero() && e.Failed != nil:
		return ErrandFailed
	case !e.Ended.IsZero():
		return ErrandEnded
	case e.Held:
		return ErrandRuns
	}
	return ErrandCut
}

// Open is how many items nothing has happened to.
func (e Errand) Open() int { return e.Items - e.Done - e.LeftOut }

// ErrandItem is one record of an errand.
type ErrandItem struct {
	Place   int
	Subject string       // id of the record
	Mark    string       // what was shown of it, such as its digest
	Post    org.PostID   // in which it is done
	Why     *fault.Fault // of one that was left out
}

// ErrErrandTaken says that another server has taken an errand over, or that it has ended.
var ErrErrandTaken = errors.New("store: the errand is no longer this server's")

// errandTurn is how long a server may be silent about an errand before it counts as
// cut: longer than any portion takes.
const errandTurn = 30 * time.Second

func errandUntil() int64 { return time.Now().Add(errandTurn).UnixMicro() } // as turns, by real time

const errandColumns = `e.id, e.kind, e.about, e.person, e.post, e.input, e.items, e.done, e.left_out, e.began, e.ended, e.failed, e.result, e.holder, e.until`

func scanErrand(r *sql.Rows) (e Errand, err error) {
	var failed string
	var until int64
	if err = r.Scan(&e.ID, &e.Kind, &e.About, &e.Person, &e.Post, &e.Input, &e.Items, &e.Done, &e.LeftOut, instant{&e.Began}, instant{&e.Ended}, &failed, &e.Result,
		&e.holder, &until); err != nil {
		return e, err
	}
	e.Held = until > time.Now().UnixMicro()
	err = from(failed, &e.Failed)
	return e, err
}

func loadErrand(ctx context.Context, q queryer, where string, args ...any) (Errand, error) {
	rows, err := q.QueryContext(ctx, `select `+errandColumns+` from errand e where `+where+` order by e.began desc, e.id desc limit 1`, args...)
	all, err := collect(rows, err, scanErrand)
	if err != nil {
		return Errand{}, err
	}
	if len(all) == 0 {
		return Errand{}, fault.New(fault.NotFound, "absent")
	}
	return all[0], nil
}

// BeginErrand notes an errand of the caller's down and holds it for this server. The
// same key again, or an errand of that kind about the same that has not ended, gives
// the one that is there, with fresh false: the work is not done twice.
func (s *Store) BeginErrand(ctx context.Context, c org.Caller, key string, e Errand, items []ErrandItem) (out Errand, fresh bool, err error) {
	e.ID, e.Person, e.Post, e.Items, e.holder = ErrandID(s.newID()), c.Person().ID, c.Post().ID, len(items), s.newID()
	if key == "" {
		key = string(e.ID)
	}
	key = key[:min(len(key), 128)]
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		out, err = loadErrand(ctx, tx, `e.person = $1 and (e.key = $2 or e.kind = $3 and e.about = $4 and e.ended is null)`, e.Person, key, e.Kind, e.About)
		if fresh = fault.KindOf(err) == fault.NotFound; !fresh {
			return err
		}
		if err := changedErrand(tx.ExecContext(ctx, `insert into errand (id, kind, about, person, post, key, input, items, began, holder, until) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
			e.ID, e.Kind, e.About, e.Person, e.Post, key, e.Input, e.Items, s.clock().UnixMicro(), e.holder, errandUntil())); err != nil {
			return err
		}
		if err := addErrandItems(ctx, tx, e, items); err != nil {
			return err
		}
		out, err = loadErrand(ctx, tx, `e.id = $1`, e.ID)
		return err
	})
	return out, fresh, err
}

func addErrandItems(ctx context.Context, tx *sql.Tx, e Errand, items []ErrandItem) error {
	place := 0
	for some := range slices.Chunk(items, 200) {
		c := clause{n: 1}
		rows := make([]string, len(some))
		errand := c.arg(string(e.ID))
		for i, x := range some {
			if x.Post == "" {
				x.Post = e.Post
			}
			rows[i] = `(` + errand + `, ` + c.arg(place) + `, ` + c.arg(x.Subject) + `, ` + c.arg(x.Mark) + `, ` + c.arg(string(x.Post)) + `)`
			place++
		}
		if _, err := tx.ExecContext(ctx, `insert into errand_item (errand, place, subject, mark, post) values `+strings.Join(rows, ", "), c.args...); err != nil {
			return fmt.Errorf("store: noting the items of an errand: %w", err)
		}
	}
	return nil
}

// TakeErrand holds an errand that was cut for a new run of this server.
func (s *Store) TakeErrand(ctx context.Context, c org.Caller, id ErrandID) (Errand, error) {
	holder := s.newID()
	var out Errand
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := changedErrand(tx.ExecContext(ctx, `update errand set holder = $1, until = $2 where id = $3 and person = $4 and ended is null and until <= $5`,
			holder, errandUntil(), id, c.Person().ID, time.Now().UnixMicro())); err != nil {
			return err
		}
		var err error
		out, err = loadErrand(ctx, tx, `e.id = $1`, id)
		return err
	})
	return out, err
}

func changedErrand(r sql.Result, err error) error {
	if err != nil {
		return fmt.Errorf("store: moving an errand: %w", err)
	}
	if n, err := r.RowsAffected(); err != nil || n != 1 {
		return ErrErrandTaken
	}
	return nil
}

// OpenItems reads items that nothing has happened to, after a place.
func (s *Store) OpenItems(ctx context.Context, id ErrandID, after, limit int) ([]ErrandItem, error) {
	return errandItems(ctx, s.asking(), id, "", after, limit)
}

func errandItems(ctx context.Context, q queryer, id ErrandID, state string, after, limit int) ([]ErrandItem, error) {
	rows, err := q.QueryContext(ctx, `select i.place, i.subject, i.mark, i.post, i.why from errand_item i
		where i.errand = $1 and i.state = '`+state+`' and i.place > $2 order by i.place limit $3`, id, after, limit)
	return collect(rows, err, func(r *sql.Rows) (x ErrandItem, err error) {
		var why string
		if err = r.Scan(&x.Place, &x.Subject, &x.Mark, &x.Post, &why); err == nil {
			err = from(why, &x.Why)
		}
		return x, err
	})
}

// During returns a store whose acts count a portion of an errand's items as done, in
// their own transaction: both happen or neither.
func (s *Store) During(e Errand, portion []ErrandItem) *Store {
	c := *s
	c.counts = func(t *Tx) error {
		t.About("errand", string(e.ID))
		return markItems(t.ctx, t.tx, e, portion, "done", nil)
	}
	return &c
}

// CountItems counts items as done that no act is done to, such as files.
func (s *Store) CountItems(ctx context.Context, e Errand, portion []ErrandItem) error {
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error { return markItems(ctx, tx, e, portion, "done", nil) })
}

// LeaveItem counts an item as left out, with the reason.
func (s *Store) LeaveItem(ctx context.Context, e Errand, x ErrandItem, why *fault.Fault) error {
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return markItems(ctx, tx, e, []ErrandItem{x}, "left", why)
	})
}

// markItems moves items of an errand that this run still holds, and its turn with them.
func markItems(ctx context.Context, tx *sql.Tx, e Errand, portion []ErrandItem, state string, why *fault.Fault) error {
	column := map[string]string{"done": "done", "left": "left_out"}[state]
	if err := changedErrand(tx.ExecContext(ctx, `update errand set `+column+` = `+column+` + $1, until = $2 where id = $3 and holder = $4 and ended is null`,
		len(portion), errandUntil(), e.ID, e.holder)); err != nil {
		return err
	}
	for some := range slices.Chunk(portion, 500) {
		c := clause{n: 1}
		set := `state = ` + c.arg(state) + `, why = ` + c.arg(faultText(why))
		where := `errand = ` + c.arg(string(e.ID)) + ` and state = '' and place in (`
		places := make([]string, len(some))
		for i, x := range some {
			places[i] = c.arg(x.Place)
		}
		r, err := tx.ExecContext(ctx, `update errand_item set `+set+` where `+where+strings.Join(places, ", ")+`)`, c.args...)
		if err != nil {
			return fmt.Errorf("store: counting the items of an errand: %w", err)
		}
		if n, err := r.RowsAffected(); err != nil || int(n) != len(some) {
			return ErrErrandTaken
		}
	}
	return nil
}

// faultText writes a fault as it is kept; its cause is for the log only.
func faultText(f *fault.Fault) string {
	if f == nil {
		return ""
	}
	kept := *f
	kept.Cause = nil
	b, err := json.Marshal(kept)
	if err != nil {
		b, _ = json.Marshal(fault.Fault{Kind: f.Kind, Key: f.Key}) // names and numbers that JSON does not know
	}
	return string(b)
}

// BeginAnew forgets what was counted: of an errand whose result is whole or nothing.
func (s *Store) BeginAnew(ctx context.Context, e Errand) error {
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := changedErrand(tx.ExecContext(ctx, `update errand set done = 0, until = $1 where id = $2 and holder = $3 and ended is null`, errandUntil(), e.ID, e.holder)); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `update errand_item set state = '' where errand = $1 and state = 'done'`, e.ID)
		return err
	})
}

// EndErrand ends an errand with the file that it made, if it makes one, or with the
// fault that stopped it.
func (s *Store) EndErrand(ctx context.Context, e Errand, result string, failed *fault.Fault) error {
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return changedErrand(tx.ExecContext(ctx, `update errand set ended = $1, result = $2, failed = $3, until = 0 where id = $4 and holder = $5 and ended is null`,
			s.clock().UnixMicro(), result, faultText(failed), e.ID, e.holder))
	})
}

// RestErrand lets go of an errand that has not ended: it is cut at once.
func (s *Store) RestErrand(ctx context.Context, e Errand) error {
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `update errand set until = 0 where id = $1 and holder = $2`, e.ID, e.holder)
		return err
	})
}

// errandsKept is how long errands and their files are kept.
const errandsKept = 7 * 24 * time.Hour

// tidyErrands forgets old errands.
func (s *Store) tidyErrands(ctx context.Context, tx *sql.Tx) error {
	before := s.clock().Add(-errandsKept).UnixMicro()
	if _, err := tx.ExecContext(ctx, `delete from errand_item where errand in (select id from errand where began < $1)`, before); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `delete from errand where began < $1`, before)
	return err
}

// ErrandResults returns the names of the files that errands have made and that are kept.
func (s *Store) ErrandResults(ctx context.Context) (map[string]bool, error) {
	rows, err := s.db.Read().QueryContext(ctx, `select e.result from errand e where e.result <> ''`)
	all, err := rowsOf[string](rows, err)
	out := map[string]bool{}
	for _, id := range all {
		out[id] = true
	}
	return out, err
}

// Errand returns an errand of the caller's own.
func (v *View) Errand(ctx context.Context, id ErrandID) (Errand, error) {
	return loadErrand(ctx, v.q, `e.id = $1 and e.person = $2`, id, v.caller.Person().ID)
}

// Errands lists the caller's own errands, the newest first.
func (v *View) Errands(ctx context.Context, limit int) ([]Errand, error) {
	rows, err := v.q.QueryContext(ctx, `select `+errandColumns+` from errand e where e.person = $1 order by e.began desc, e.id desc limit $2`, v.caller.Person().ID, limit)
	return collect(rows, err, scanErrand)
}

// ItemsLeft lists the items of an own errand that were left out.
func (v *View) ItemsLeft(ctx context.Context, id ErrandID, after, limit int) ([]ErrandItem, error) {
	if _, err := v.Errand(ctx, id); err != nil {
		return nil, err
	}
	return errandItems(ctx, v.q, id, "left", after, limit)
}

// ErrandEntry returns the receipt and the entry of an own errand's last portion.
func (v *View) ErrandEntry(ctx context.Context, id ErrandID) (r Receipt, err error) {
	err = v.q.QueryRowContext(ctx, `select e.id, e.receipt from journal_subject s join journal_entry e on e.id = s.entry
		where s.kind = 'errand' and s.subject = $1 order by s.entry desc limit 1`, id).Scan(&r.Entry, &r.Number)
	if errors.Is(err, sql.ErrNoRows) {
		return r, nil
	}
	return r, err
}

// SeesLettersOf reports whether every letter of an own errand is in the caller's sight.
func (v *View) SeesLettersOf(ctx context.Context, id ErrandID) (bool, error) {
	where, args := lettersInScope(v.scope, 2)
	var hidden int
	err := v.q.QueryRowContext(ctx, `select count(*) from errand_item i join letter e on e.id = i.subject
		where i.errand = $1 and not (`+where+`)`, append([]any{id}, args...)...).Scan(&hidden)
	if err != nil {
		return false, fmt.Errorf("store: asking who sees the letters of an errand: %w", err)
	}
	return hidden == 0, nil
}
