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
	"gongjian/internal/letter"
	"gongjian/internal/memo"
	"gongjian/internal/org"
)

// lettersInScope is the WHERE clause that equals org.Scope.SeesLetter, for letter e.
func lettersInScope(s org.Scope, from int) (string, []any) {
	if w, ok := unbounded(s); ok {
		return w, nil
	}
	b := clause{n: from}
	unit := b.arg(string(s.Unit()))
	given := `e.taker = ` + unit
	for _, x := range []struct{ axis, unit string }{{"line", string(s.Line())}, {"block", string(s.Block())}} {
		if x.unit != "" {
			given += ` or exists (select 1 from unit_above a where a.unit = e.taker and a.axis = '` + x.axis + `' and a.above = ` + b.arg(x.unit) + `)`
		}
	}
	return `(e.office = ` + unit + ` or e.giver = ` + unit + ` or (e.state <> 'drafted' and (` + given + `)))`, b.args
}

// LetterView is a letter as one caller sees it.
type LetterView struct {
	LetterRow
	Access     org.LetterFacts
	Signatures []Signature // void ones too, the oldest first
	Chain      []LetterEntry
	Now        []letter.Task // the unit's tasks as they are today
	Receipt    string        // of the act that drew it
}

// Changed reports whether the letter is the last of its chain and says something
// else than the plan does today.
func (l LetterView) Changed() bool {
	last := letter.ID("")
	for _, e := range l.Chain {
		if e.State.Holds() {
			last = e.ID
		}
	}
	return l.ID == last && !letter.Supplement(l.Standing, l.Now).Empty()
}

// Letter returns a letter with its signatures and its chain, if the caller may see it.
func (v *View) Letter(ctx context.Context, id letter.ID) (out LetterView, err error) {
	if out.LetterRow, err = loadLetter(ctx, v.q, id); err != nil {
		return out, err
	}
	if out.Access, err = letterFacts(ctx, v.q, out.LetterRow); err != nil {
		return out, err
	}
	if err = v.see(org.SeeLetter, out.Access); err != nil {
		return LetterView{}, err
	}
	if out.Signatures, err = loadSignatures(ctx, v.q, "letter", string(id)); err != nil {
		return out, err
	}
	if out.Chain, err = v.Letters(ctx, LetterFilter{Plan: out.Plan, Taker: out.Body.Taker.Unit, All: true}, LetterKey{}, 100); err != nil {
		return out, err
	}
	if out.Now, err = v.letterTasksNow(ctx, out.Plan, out.Body.Taker.Unit); err != nil {
		return out, err
	}
	err = v.q.QueryRowContext(ctx, `select receipt from journal_entry where id = $1`, out.Entry).Scan(&out.Receipt)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return out, err
}

func (v *View) letterTasksNow(ctx context.Context, plan memo.PlanID, unit org.UnitID) ([]letter.Task, error) {
	_, m, err := loadPlan(ctx, v.q, plan)
	if err != nil {
		return nil, err
	}
	all, err := letterUnits(ctx, v.q, plan, m, LetterReach{Units: []org.UnitID{unit}})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[0].Tasks, nil
}

// LetterEntry is a letter in a list.
type LetterEntry struct {
	ID        letter.ID
	Batch     letter.BatchID
	Plan      memo.PlanID
	Year      int
	Office    org.UnitID
	Giver     org.UnitID
	Taker     org.UnitID
	TakerName string // today
	Region    org.RegionCode
	Number    int
	State     letter.State
	Reason    string
	Digest    string
	Issue     string // number that it was given out with
	Tasks     int
	Leads     int
	Made      calendar.Date
	Given     calendar.Date
	GiverOn   calendar.Date
	TakerOn   calendar.Date
}

// LetterFilter narrows the list; empty fields do not. Without All only those are
// listed that hold.
type LetterFilter struct {
	Plan   memo.PlanID
	Batch  letter.BatchID
	IDs    []letter.ID // only these; nil is all
	Taker  org.UnitID
	Within org.RegionCode
	Words  string // in the taker's name
	Wait   string // drafted, giver, taker, ours, signed, refused, changed
	All    bool
}

// LetterKey is where a page of the list begins: after this letter.
type LetterKey struct {
	Region org.RegionCode
	Taker  org.UnitID
	Number int
	ID     letter.ID
}

// Key is the letter's place in lists.
func (e LetterEntry) Key() LetterKey { return LetterKey{e.Region, e.Taker, e.Number, e.ID} }

// lettersWhere is the condition for letter e.
func (v *View) lettersWhere(f LetterFilter) (string, *clause) {
	where, args := lettersInScope(v.scope, 1)
	c := &clause{n: len(args) + 1, args: args}
	add := func(column, value string) {
		if value != "" {
			where += ` and ` + column + ` = ` + c.arg(value)
		}
	}
	add("e.plan", string(f.Plan))
	add("e.batch", string(f.Batch))
	add("e.taker", string(f.Taker))
	if len(f.IDs) > 0 {
		marks, ids := list(c.n, f.IDs)
		where += ` and e.id in (` + marks + `)`
		c.n, c.args = c.n+len(ids), append(c.args, ids...)
	}
	if f.Within != "" {
		where += ` and e.region like ` + c.arg(f.Within.Prefix()+"%")
	}
	if f.Words != "" {
		where += ` and exists (select 1 from unit u where u.id = e.taker and u.name like ` +
			c.arg("%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(f.Words)+"%") + ` escape '\')`
	}
	if !f.All {
		where += ` and ` + holding
	}
	switch f.Wait {
	case "drafted", "signed", "refused":
		add("e.state", f.Wait)
	case "giver":
		where += ` and e.state = 'given' and e.giver_on is null`
	case "taker":
		where += ` and e.state = 'given' and e.taker_on is null`
	case "ours":
		unit := c.arg(string(v.caller.Unit().ID))
		where += ` and e.state = 'given' and (e.giver = ` + unit + ` and e.giver_on is null or e.taker = ` + unit + ` and e.taker_on is null)`
	}
	return where, c
}

// changedLetters lists the letters that say something else than their plan does
// today, after a place in the list. Nothing about it is kept, so it goes through the
// list in portions of two pages and reads the tasks of each portion's takers, until
// the page is full: where much has changed a page costs little, where nothing has the
// list is read through once, and never more of it is held than a portion.
func (v *View) changedLetters(ctx context.Context, f LetterFilter, after LetterKey, limit int) (out []LetterEntry, err error) {
	f.Wait, f.All = "", false
	portion := 2 * limit
	for len(out) < limit {
		some, err := v.Letters(ctx, f, after, portion)
		if err != nil {
			return nil, err
		}
		changed, err := v.LettersChanged(ctx, some)
		if err != nil {
			return nil, err
		}
		for _, e := range some {
			if changed[e.ID] && len(out) < limit {
				out = append(out, e)
			}
		}
		if len(some) < portion {
			break
		}
		after = some[len(some)-1].Key()
	}
	return out, nil
}

// Letters lists the letters in scope by region and taker.
func (v *View) Letters(ctx context.Context, f LetterFilter, after LetterKey, limit int) ([]LetterEntry, error) {
	if f.Wait == "changed" {
		return v.changedLetters(ctx, f, after, limit)
	}
	where, c := v.lettersWhere(f)
	where += after.beyond(c)
	// Left, so that SQLite begins with letters: where none is drawn yet it would go through all units.
	rows, err := v.q.QueryContext(ctx, `select e.id, e.batch, e.plan, e.year, e.office, e.giver, e.taker, u.name, e.region, e.number, e.state, e.reason, e.digest, e.issue,
		e.tasks, e.leads, e.at, e.given, e.giver_on, e.taker_on from letter e left join unit u on u.id = e.taker
		where `+where+` order by e.region, e.taker, e.number, e.id limit `+c.arg(limit), c.args...)
	return collect(rows, err, func(r *sql.Rows) (e LetterEntry, err error) {
		var at int64
		err = r.Scan(&e.ID, &e.Batch, &e.Plan, &e.Year, &e.Office, &e.Giver, &e.Taker, &e.TakerName, &e.Region, &e.Number, &e.State, &e.Reason, &e.Digest, &e.Issue,
			&e.Tasks, &e.Leads, &at, &e.Given, &e.GiverOn, &e.TakerOn)
		e.Made = calendar.DateOf(time.UnixMicro(at))
		return e, err
	})
}

func (k LetterKey) beyond(c *clause) string {
	if k.ID == "" {
		return ""
	}
	r, t, n, id := c.arg(string(k.Region)), c.arg(string(k.Taker)), c.arg(k.Number), c.arg(string(k.ID))
	return ` and (e.region > ` + r + ` or e.region = ` + r + ` and (e.taker > ` + t + ` or e.taker = ` + t + ` and (e.number > ` + n +
		` or e.number = ` + n + ` and e.id > ` + id + `)))`
}

// LetterTexts reads letters in scope whole, in the order of lists, for files.
func (v *View) LetterTexts(ctx context.Context, f LetterFilter, after LetterKey, limit int) ([]LetterRow, error) {
	const ordered = ` order by e.region, e.taker, e.number, e.id`
	if f.Wait == "changed" {
		all, err := v.changedLetters(ctx, f, after, limit)
		if err != nil || len(all) == 0 {
			return nil, err
		}
		ids := make([]letter.ID, len(all))
		for i, e := range all {
			ids[i] = e.ID
		}
		marks, args := list(1, ids)
		return loadLetters(ctx, v.q, `where e.id in (`+marks+`)`+ordered, args...)
	}
	where, c := v.lettersWhere(f)
	where += after.beyond(c)
	return loadLetters(ctx, v.q, `where `+where+ordered+` limit `+c.arg(limit), c.args...)
}

// SignedLetters returns the signatures that stand under letters that the caller
// has read, by letter.
func (v *View) SignedLetters(ctx context.Context, of []LetterRow) (map[letter.ID][]Signature, error) {
	out := map[letter.ID][]Signature{}
	for some := range slices.Chunk(of, 500) {
		ids := make([]letter.ID, len(some))
		for i, l := range some {
			ids[i] = l.ID
		}
		marks, args := list(1, ids)
		rows, err := v.q.QueryContext(ctx, `select `+signatureColumns+` from signature s where s.kind = 'letter' and s.void_at is null
			and s.subject in (`+marks+`) order by s.at, s.id`, args...)
		all, err := collect(rows, err, scanSignature)
		if err != nil {
			return nil, err
		}
		for _, s := range all {
			out[letter.ID(s.Subject)] = append(out[letter.ID(s.Subject)], s)
		}
	}
	return out, nil
}

// LetterTally counts letters by where they stand.
type LetterTally struct {
	All, Drafted, Signed, Refused int
	WaitGiver, WaitTaker          int // a letter without any signature waits for both
	Ours                          int // for the caller's unit
}

// LetterTally counts the letters in scope that a filter leaves, whoever they wait for.
func (v *View) LetterTally(ctx context.Context, f LetterFilter) (t LetterTally, err error) {
	f.Wait, f.All = "", false
	where, c := v.lettersWhere(f)
	ours := c.arg(string(v.caller.Unit().ID))
	count := func(when string) string { return `coalesce(sum(case when ` + when + ` then 1 else 0 end), 0)` }
	err = v.q.QueryRowContext(ctx, `select count(*), `+count(`e.state = 'drafted'`)+`, `+count(`e.state = 'signed'`)+`, `+count(`e.state = 'refused'`)+`, `+
		count(`e.state = 'given' and e.giver_on is null`)+`, `+count(`e.state = 'given' and e.taker_on is null`)+`, `+
		count(`e.state = 'given' and (e.giver = `+ours+` and e.giver_on is null or e.taker = `+ours+` and e.taker_on is null)`)+`
		from letter e where `+where, c.args...).Scan(&t.All, &t.Drafted, &t.Signed, &t.Refused, &t.WaitGiver, &t.WaitTaker, &t.Ours)
	if err != nil {
		err = fmt.Errorf("store: counting letters: %w", err)
	}
	return t, err
}

// LettersChanged tells of listed letters which say something else than their plan
// does today: the last of a chain only.
func (v *View) LettersChanged(ctx context.Context, listed []LetterEntry) (map[letter.ID]bool, error) {
	byPlan, seen := map[memo.PlanID][]org.UnitID{}, map[string]bool{}
	for _, e := range listed {
		if one := string(e.Plan) + " " + string(e.Taker); e.State.Holds() && !seen[one] {
			seen[one] = true
			byPlan[e.Plan] = append(byPlan[e.Plan], e.Taker)
		}
	}
	out := map[letter.ID]bool{}
	for plan, units := range byPlan {
		_, m, err := loadPlan(ctx, v.q, plan)
		if err != nil {
			return nil, err
		}
		now, err := letterUnits(ctx, v.q, plan, m, LetterReach{Units: units})
		if err != nil {
			return nil, err
		}
		chains, err := letterChains(ctx, v.q, plan, LetterReach{Units: units})
		if err != nil {
			return nil, err
		}
		tasks := map[org.UnitID][]letter.Task{}
		for _, u := range now {
			tasks[u.Unit] = u.Tasks
		}
		for unit, chain := range chains {
			last := chain[len(chain)-1]
			out[last.ID] = !letter.Supplement(last.Standing, tasks[unit]).Empty()
		}
	}
	return out, nil
}

// LetterBatch returns a batch, if the caller sees letters of its office.
func (v *View) LetterBatch(ctx context.Context, id letter.BatchID) (LetterBatch, error) {
	b, err := loadLetterBatch(ctx, v.q, id)
	if err != nil {
		return b, err
	}
	return b, v.see(org.SeeLetter, org.LetterFacts{Office: b.Office, Giver: b.Giver, Draft: true})
}
