package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/letter"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// LetterRow is a letter with what is kept beside it.
type LetterRow struct {
	letter.Letter
	Plan    memo.PlanID
	Office  org.UnitID
	Region  org.RegionCode // of the taker
	Instead letter.ID      // the one that does not hold any longer with it
	Issue   string         // number that it was given out with; "" before that
	At      time.Time
	Entry   string
}

// Facts is what permissions are judged by, but for who stands above the taker.
func (l LetterRow) Facts() org.LetterFacts {
	return org.LetterFacts{Office: l.Office, Giver: l.Body.Giver.Unit, Taker: l.Body.Taker.Unit, Draft: l.State == letter.Drafted}
}

const letterColumns = `e.id, e.batch, e.plan, e.office, e.region, e.instead, e.state, e.reason, e.body, e.digest, e.standing,
	e.given, e.giver_on, e.taker_on, e.at, e.entry, e.issue, e.version`

func scanLetter(r *sql.Rows) (l LetterRow, err error) {
	var body, standing string
	if err = r.Scan(&l.ID, &l.Batch, &l.Plan, &l.Office, &l.Region, optional[letter.ID]{&l.Instead}, &l.State, &l.Reason, &body, &l.Digest, &standing,
		&l.Given, &l.GiverOn, &l.TakerOn, instant{&l.At}, &l.Entry, &l.Issue, &l.Version); err != nil {
		return l, err
	}
	if l.Body, err = letter.ReadBody([]byte(body)); err != nil {
		return l, err
	}
	l.Standing = l.Body.Tasks
	if standing != "" {
		l.Standing = nil
		err = from(standing, &l.Standing)
	}
	return l, err
}

func loadLetters(ctx context.Context, q queryer, where string, args ...any) ([]LetterRow, error) {
	rows, err := q.QueryContext(ctx, `select `+letterColumns+` from letter e `+where, args...)
	return collect(rows, err, scanLetter)
}

// holding is the condition that a letter is part of its chain.
const holding = `e.state in ('drafted', 'given', 'signed', 'refused')`

// Letter reads one letter to change it.
func (t *Tx) Letter(id letter.ID) (LetterRow, error) { return loadLetter(t.ctx, t.tx, id) }

func loadLetter(ctx context.Context, q queryer, id letter.ID) (LetterRow, error) {
	all, err := loadLetters(ctx, q, `where e.id = $1`, id)
	if err != nil {
		return LetterRow{}, err
	}
	if len(all) == 0 {
		return LetterRow{}, fault.New(fault.NotFound, "absent")
	}
	return all[0], nil
}

// LetterFacts is what permissions are judged by for one letter.
func (t *Tx) LetterFacts(l LetterRow) (org.LetterFacts, error) { return letterFacts(t.ctx, t.tx, l) }

func letterFacts(ctx context.Context, q queryer, l LetterRow) (f org.LetterFacts, err error) {
	f = l.Facts()
	if f.LineAbove, err = above(ctx, q, org.Line, []org.UnitID{f.Taker}); err != nil {
		return f, err
	}
	f.BlockAbove, err = above(ctx, q, org.Block, []org.UnitID{f.Taker})
	return f, err
}

// Letters reads many letters to change them: those named, or all of a batch that
// hold. They come in the order of lists.
func (t *Tx) Letters(batch letter.BatchID, ids []letter.ID) ([]LetterRow, error) {
	const order = ` order by e.region, e.taker, e.number, e.id`
	if batch != "" {
		return loadLetters(t.ctx, t.tx, `where e.batch = $1 and `+holding+order, batch)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	marks, args := list(1, ids)
	return loadLetters(t.ctx, t.tx, `where e.id in (`+marks+`)`+order, args...)
}

// LetterUnit is a unit with what its letter would say now.
type LetterUnit struct {
	Unit  org.UnitID
	Name  string
	Tasks []letter.Task
}

// LetterReach is which takers are looked at; empty fields do not narrow it.
type LetterReach struct {
	Within org.RegionCode // a territory
	Units  []org.UnitID   // the named ones
	Below  org.UnitID     // those below this one in line or block
}

// where narrows the units of a column.
func (r LetterReach) where(c *clause, region, unit string) (w string) {
	if r.Within != "" {
		w += ` and ` + region + ` like ` + c.arg(r.Within.Prefix()+"%")
	}
	if len(r.Units) > 0 {
		marks, args := list(c.n, r.Units)
		w += ` and ` + unit + ` in (` + marks + `)`
		c.n, c.args = c.n+len(args), append(c.args, args...)
	}
	if r.Below != "" {
		w += ` and exists (select 1 from unit_above a where a.unit = ` + unit + ` and a.distance > 0 and a.above = ` + c.arg(string(r.Below)) + `)`
	}
	return w
}

// LetterUnits reads the tasks of every unit within reach that leads or helps in a
// plan, the units in the order of lists. Drafts, withdrawn tasks and parts that were
// refused are left out.
func (t *Tx) LetterUnits(plan memo.PlanID, m memo.Memorandum, r LetterReach) ([]LetterUnit, error) {
	return letterUnits(t.ctx, t.tx, plan, m, r)
}

func letterUnits(ctx context.Context, q queryer, plan memo.PlanID, m memo.Memorandum, r LetterReach) ([]LetterUnit, error) {
	served := map[memo.CommitmentID][2]string{}
	for _, c := range m.Clauses {
		for _, k := range c.Commitments {
			served[k.ID] = [2]string{c.No, k.Text}
		}
	}
	c := clause{n: 1}
	where := `t.plan = ` + c.arg(string(plan)) + ` and ` + inLetters + ` and u.to_day is null` + r.where(&c, "u.region", "p.unit")
	with := `, `
	if len(r.Units) > 0 { // begin at their parts and not at all tasks of the plan: SQLite takes a cross join as it is written
		with = ` cross join `
	}
	rows, err := q.QueryContext(ctx, `select u.id, u.name, p.role, t.id, t.no, t.title, t.measures, t.deadline, t.due_day, t.target, t.weight, t.commitment
		from part p`+with+`task t`+with+`unit u where t.id = p.task and u.id = p.unit and `+where+` order by u.region, u.id, t.depth, t.position, t.id`, c.args...)
	if err != nil {
		return nil, fmt.Errorf("store: asking for the tasks of letters: %w", err)
	}
	defer rows.Close()
	same := newTaskRows()
	var out []LetterUnit
	for rows.Next() {
		var u LetterUnit
		var role task.Role
		var k task.Task
		if err := rows.Scan(&u.Unit, &u.Name, &role, &k.ID, &k.No, &k.Title, &k.Measures, known[task.Deadline]{&k.Deadline, same.deadlines}, &k.Due, known[*task.Target]{&k.Target, same.targets}, &k.Weight,
			optional[memoCommitment]{&k.Commitment}); err != nil {
			return nil, fmt.Errorf("store: reading the tasks of letters: %w", err)
		}
		if n := len(out); n == 0 || out[n-1].Unit != u.Unit {
			out = append(out, u)
		}
		last := &out[len(out)-1]
		s := served[k.Commitment]
		last.Tasks = append(last.Tasks, letter.TaskOf(k, role, s[0], s[1]))
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("store: reading the tasks of letters: %w", err)
	}
	return out, nil
}

// LetterChains reads the letters of a plan that hold, by taker within reach and number.
func (t *Tx) LetterChains(plan memo.PlanID, r LetterReach) (map[org.UnitID][]letter.Letter, error) {
	return letterChains(t.ctx, t.tx, plan, r)
}

func letterChains(ctx context.Context, q queryer, plan memo.PlanID, r LetterReach) (map[org.UnitID][]letter.Letter, error) {
	c := clause{n: 1}
	where := `where e.plan = ` + c.arg(string(plan)) + ` and ` + holding + r.where(&c, "e.region", "e.taker")
	all, err := loadLetters(ctx, q, where+` order by e.taker, e.number`, c.args...)
	if err != nil {
		return nil, err
	}
	out := map[org.UnitID][]letter.Letter{}
	for _, l := range all {
		out[l.Body.Taker.Unit] = append(out[l.Body.Taker.Unit], l.Letter)
	}
	return out, nil
}

// LetterCounts is what drawing came to, by unit.
type LetterCounts struct {
	First     int `json:"first"`     // letters
	Further   int `json:"further"`   // supplements
	Anew      int `json:"anew"`      // in place of one not yet signed by both
	Dropped   int `json:"dropped"`   // became void
	Unchanged int `json:"unchanged"` // units with nothing new to say
}

// Drawn is how many letters came to be.
func (c LetterCounts) Drawn() int { return c.First + c.Further + c.Anew }

// LetterBatch is what one act drew.
type LetterBatch struct {
	ID     letter.BatchID
	Plan   memo.PlanID
	Office org.UnitID
	Giver  org.UnitID
	Within org.RegionCode
	Counts LetterCounts
	At     time.Time
	Entry  string
}

// Add adds what another portion of the same batch came to.
func (c LetterCounts) Add(o LetterCounts) LetterCounts {
	return LetterCounts{c.First + o.First, c.Further + o.Further, c.Anew + o.Anew, c.Dropped + o.Dropped, c.Unchanged + o.Unchanged}
}

// AddLetterBatch writes a batch, or what one more portion of it came to.
func (t *Tx) AddLetterBatch(b LetterBatch) error {
	was, err := t.LetterBatch(b.ID)
	if err == nil {
		return t.exec(`update letter_batch set counts = $1 where id = $2`, text(was.Counts.Add(b.Counts)), b.ID)
	}
	if fault.KindOf(err) != fault.NotFound {
		return err
	}
	return t.exec(`insert into letter_batch (id, plan, office, giver, within, counts, at, person, post, entry) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		b.ID, b.Plan, b.Office, b.Giver, b.Within, text(b.Counts), t.now.UnixMicro(), t.caller.Person().ID, t.caller.Post().ID, t.entry)
}

// letterInsert is how many letters one statement writes.
const letterInsert = 100

// AddLetters writes new letters; the region is that of each taker as it is now.
func (t *Tx) AddLetters(all []LetterRow) error {
	regions, err := t.regions(all)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(all, letterInsert) {
		var rows []string
		c := clause{n: 1}
		for _, l := range some {
			b, standing, leads := l.Body, "", 0
			if b.Number > 0 {
				standing = text(l.Standing)
			}
			for _, k := range l.Standing {
				if k.Role == task.Lead {
					leads++
				}
			}
			var marks []string
			for _, v := range []any{l.ID, l.Batch, l.Plan, b.Year, l.Office, b.Giver.Unit, b.Taker.Unit, regions[b.Taker.Unit], b.Number, null(l.Instead), l.State,
				string(b.Canonical()), l.Digest, standing, len(l.Standing), leads, t.now.UnixMicro(), t.entry} {
				marks = append(marks, c.arg(v))
			}
			rows = append(rows, `(`+strings.Join(marks, ", ")+`)`)
		}
		if err := t.exec(`insert into letter (id, batch, plan, year, office, giver, taker, region, number, instead, state, body, digest, standing, tasks, leads, at, entry)
			values `+strings.Join(rows, ", "), c.args...); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tx) regions(all []LetterRow) (map[org.UnitID]org.RegionCode, error) {
	out := map[org.UnitID]org.RegionCode{}
	for some := range slices.Chunk(all, 500) {
		ids := make([]org.UnitID, len(some))
		for i, l := range some {
			ids[i] = l.Body.Taker.Unit
		}
		marks, args := list(1, ids)
		rows, err := t.tx.QueryContext(t.ctx, `select id, region from unit where id in (`+marks+`)`, args...)
		_, err = collect(rows, err, func(r *sql.Rows) (x struct{}, err error) {
			var id org.UnitID
			var region org.RegionCode
			err = r.Scan(&id, &region)
			out[id] = region
			return x, err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// MoveLetters writes what became of letters: state, reason and days, as few
// statements as there are different outcomes. Somebody else's change of one of
// them meanwhile is a conflict.
func (t *Tx) MoveLetters(all []letter.Letter) error {
	type outcome struct {
		state                   letter.State
		reason                  string
		given, giverOn, takerOn calendar.Date
		version                 int64
	}
	groups := map[outcome][]letter.ID{}
	var order []outcome
	for _, l := range all {
		o := outcome{l.State, l.Reason, l.Given, l.GiverOn, l.TakerOn, l.Version}
		if groups[o] == nil {
			order = append(order, o)
		}
		groups[o] = append(groups[o], l.ID)
	}
	for _, o := range order {
		for ids := range slices.Chunk(groups[o], 500) {
			marks, args := list(7, ids)
			n, err := t.execCount(`update letter set state = $1, reason = $2, given = $3, giver_on = $4, taker_on = $5, version = version + 1
				where version = $6 and id in (`+marks+`)`, append([]any{o.state, o.reason, o.given, o.giverOn, o.takerOn, o.version}, args...)...)
			if err != nil {
				return err
			}
			if n != int64(len(ids)) {
				return fault.New(fault.Conflict, "changed-meanwhile")
			}
		}
	}
	return nil
}

// NumberLetters writes the issue numbers that letters were given out with.
func (t *Tx) NumberLetters(numbers []LetterRow) error {
	for some := range slices.Chunk(numbers, letterInsert) {
		c := clause{n: 1}
		var cases, ids []string
		for _, l := range some {
			id := c.arg(string(l.ID))
			cases, ids = append(cases, `when id = `+id+` then `+c.arg(l.Issue)), append(ids, id)
		}
		if err := t.exec(`update letter set issue = case `+strings.Join(cases, " ")+` end where id in (`+strings.Join(ids, ", ")+`)`, c.args...); err != nil {
			return err
		}
	}
	return nil
}

// execCount is exec that says how many rows it changed.
func (t *Tx) execCount(query string, args ...any) (int64, error) {
	if t.policy == "" {
		return 0, errors.New("store: a write was tried without permission")
	}
	res, err := t.tx.ExecContext(t.ctx, query, args...)
	if err != nil {
		return 0, fmt.Errorf("store: writing: %w", err)
	}
	return res.RowsAffected()
}

// VoidLetterSignatures voids the signatures under letters that do not hold any longer.
func (t *Tx) VoidLetterSignatures(ids []letter.ID, why string) error {
	for some := range slices.Chunk(ids, 500) {
		marks, args := list(3, some)
		if err := t.exec(`update signature set void_at = $1, void_why = $2 where kind = 'letter' and void_at is null and subject in (`+marks+`)`,
			append([]any{t.now.UnixMicro(), why}, args...)...); err != nil {
			return err
		}
	}
	return nil
}

// LetterBatch reads a batch.
func (t *Tx) LetterBatch(id letter.BatchID) (LetterBatch, error) {
	return loadLetterBatch(t.ctx, t.tx, id)
}

func loadLetterBatch(ctx context.Context, q queryer, id letter.BatchID) (b LetterBatch, err error) {
	err = q.QueryRowContext(ctx, `select id, plan, office, giver, within, counts, at, entry from letter_batch where id = $1`, id).
		Scan(&b.ID, &b.Plan, &b.Office, &b.Giver, &b.Within, kept{&b.Counts}, instant{&b.At}, &b.Entry)
	if errors.Is(err, sql.ErrNoRows) {
		return b, fault.New(fault.NotFound, "absent")
	}
	if err != nil {
		return b, fmt.Errorf("store: reading letter batch %s: %w", id, err)
	}
	return b, nil
}
