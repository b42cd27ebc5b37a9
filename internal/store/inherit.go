package store

import (
	"context"
	"database/sql"
	"fmt"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/letter"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// InheritedKind is what kind of open work goes on under a successor.
type InheritedKind string

// The kinds of open work, in the order of pages.
const (
	InheritedMemorandums InheritedKind = "memorandum"
	InheritedTasks       InheritedKind = "task"    // led, helped in, supervised or set
	InheritedReports     InheritedKind = "report"  // that wait for its verification
	InheritedLetters     InheritedKind = "letter"  // not signed by both: drawn anew
	InheritedSurveys     InheritedKind = "survey"  // of its office
	InheritedSections    InheritedKind = "section" // of a survey, not handed in
	InheritedOpinions    InheritedKind = "opinion" // asked for and not given
	InheritedSupport     InheritedKind = "support" // entries of the ledger not yet verified
	InheritedPosts       InheritedKind = "post"
)

// InheritedKinds returns the kinds in the order of pages.
func InheritedKinds() []InheritedKind {
	return []InheritedKind{InheritedMemorandums, InheritedTasks, InheritedReports, InheritedLetters, InheritedSurveys,
		InheritedSections, InheritedOpinions, InheritedSupport, InheritedPosts}
}

// Inherited is how much of a kind went over when one unit took another's place.
type Inherited struct {
	Was, Now org.UnitID
	Kind     InheritedKind
	Count    int
	Day      calendar.Date // of the merger
	Entry    string        // of the journal
}

// AddInherited keeps how much of a kind went over; nothing is not kept.
func (t *Tx) AddInherited(was, now org.UnitID, kind InheritedKind, count int, day calendar.Date) error {
	if count == 0 {
		return nil
	}
	return t.exec(`insert into inherited (was, now, kind, count, day, entry) values ($1, $2, $3, $4, $5, $6)`, was, now, kind, count, day, t.entry)
}

func loadInherited(ctx context.Context, q queryer, unit org.UnitID) ([]Inherited, error) {
	rows, err := q.QueryContext(ctx, `select was, now, kind, count, day, entry from inherited where was = $1 or now = $1 order by day, was, kind`, unit)
	return collect(rows, err, func(r *sql.Rows) (x Inherited, err error) {
		return x, r.Scan(&x.Was, &x.Now, &x.Kind, &x.Count, &x.Day, &x.Entry)
	})
}

// OpenTasksOf reads the tasks, drafts too, that a unit leads, helps in, supervises
// or has set, and that are neither finished nor withdrawn.
func (t *Tx) OpenTasksOf(unit org.UnitID) ([]TaskRow, error) {
	return loadTasks(t.ctx, t.tx, `where t.state not in ('finished', 'withdrawn') and (t.setter = $1 or t.supervising = $1
		or exists (select 1 from part p where p.task = t.id and p.unit = $1))`, unit)
}

// SucceedTask writes a task with a successor in a merged unit's place; over says
// that the merged unit's own part goes over. The version rises: a form that still
// names the merged unit conflicts.
func (t *Tx) SucceedTask(k task.Task, was, now org.UnitID, over bool) error {
	t.restate(k)
	if err := t.exec(`update task set setter = $2, supervising = $3, state = $4, version = version + 1 where id = $1`,
		k.ID, k.Setter, null(k.Supervising), k.State); err != nil {
		return err
	}
	if !over {
		return t.exec(`delete from part where task = $1 and unit = $2`, k.ID, was)
	}
	if err := t.exec(`delete from part where task = $1 and unit = $2`, k.ID, now); err != nil {
		return err
	}
	return t.exec(`update part set unit = $3 where task = $1 and unit = $2`, k.ID, was, now)
}

// SucceedReports lets a successor go on with the figures that a merged unit
// reported of a task. Where it has reported of that task itself, both figures stay
// as they are and add up, since two rows of figures cannot be made into one.
func (t *Tx) SucceedReports(id task.ID, was, now org.UnitID) error {
	var own int
	if err := t.tx.QueryRowContext(t.ctx, `select count(*) from report where task = $1 and unit = $2`, id, now).Scan(&own); err != nil {
		return fmt.Errorf("store: asking who reported of %s: %w", id, err)
	}
	if own > 0 {
		return nil
	}
	return t.exec(`update report set unit = $3, filed_by = coalesce(filed_by, unit) where task = $1 and unit = $2`, id, was, now)
}

// WaitingFor reads the reports that wait for a unit's verification.
func (t *Tx) WaitingFor(verifier org.UnitID) ([]task.Report, error) {
	return loadReports(t.ctx, t.tx, `where r.verifier = $1 and r.state = 'submitted'`, verifier)
}

// SetVerifier puts a report into another unit's queue.
func (t *Tx) SetVerifier(id task.ReportID, verifier org.UnitID) error {
	return t.exec(`update report set verifier = $2 where id = $1`, id, verifier)
}

// succeeding are the records besides tasks, letters and memorandums that go over by
// one statement each: which they are, and what becomes of them. $1 is the merged
// unit, $2 its successor. A post of administration or of audit stays, since nobody
// gets such a right by a merger.
var succeeding = []struct {
	kind       InheritedKind
	about      string // kind of record in the journal
	find, move string
}{
	{InheritedSurveys, "survey", `select id from survey where unit = $1 and stage <> 'closed' order by id`,
		`update survey set unit = $2, version = version + 1 where unit = $1 and stage <> 'closed'`},
	{InheritedSections, "survey", `select x.survey from survey_section x join survey s on s.id = x.survey
			where x.unit = $1 and x.state <> 'handed-in' and s.stage <> 'closed' order by x.survey, x.number`,
		`update survey_section set unit = $2, version = version + 1 where unit = $1 and state <> 'handed-in'
			and survey in (select id from survey where stage <> 'closed')`},
	{InheritedOpinions, "opinion", `select id from opinion where result = '' and (asked = $1 or party = $1) order by id`,
		`update opinion set asked = case when asked = $1 then $2 else asked end, party = case when party = $1 then $2 else party end
			where result = '' and (asked = $1 or party = $1)`},
	{InheritedSupport, "support", `select id from support where state in ('entered', 'returned') and (giver = $1 or taker = $1) order by id`,
		`update support set giver = case when giver = $1 then $2 else giver end, taker = case when taker = $1 then $2 else taker end,
			version = version + 1 where state in ('entered', 'returned') and (giver = $1 or taker = $1)`},
	{InheritedPosts, "post", `select id from post where unit = $1 and roles not like '%"` + string(org.Admin) + `"%' and roles not like '%"` + string(org.Auditor) + `"%' order by id`,
		`update post set unit = $2 where unit = $1 and roles not like '%"` + string(org.Admin) + `"%' and roles not like '%"` + string(org.Auditor) + `"%'`},
}

// SucceedRecords lets what a merged unit has open besides tasks, letters and
// memorandums go on under its successor, and returns how much of each kind.
func (t *Tx) SucceedRecords(was, now org.UnitID) (map[InheritedKind]int, error) {
	out := map[InheritedKind]int{}
	for _, x := range succeeding {
		rows, err := t.tx.QueryContext(t.ctx, x.find, was)
		ids, err := rowsOf[string](rows, err)
		if err != nil {
			return nil, fmt.Errorf("store: asking what goes over: %w", err)
		}
		for _, id := range ids {
			t.About(x.about, id)
		}
		if len(ids) > 0 {
			if err := t.exec(x.move, was, now); err != nil {
				return nil, err
			}
		}
		out[x.kind] = len(ids)
	}
	return out, nil
}

// OpenLettersOf reads the letters that a unit is to give or to sign and that are
// not signed by both.
func (t *Tx) OpenLettersOf(unit org.UnitID) ([]LetterRow, error) {
	return loadLetters(t.ctx, t.tx, `where (e.giver = $1 or e.taker = $1) and e.state in ('drafted', 'given', 'refused') order by e.plan, e.taker, e.number, e.id`, unit)
}

// SucceedLetterOffice lets the successor's office run the letters of its plans.
func (t *Tx) SucceedLetterOffice(was, now org.UnitID) error {
	if err := t.exec(`update letter set office = $2 where office = $1 and plan in (select id from plan where office = $2)`, was, now); err != nil {
		return err
	}
	return t.exec(`update letter_batch set office = $2 where office = $1 and plan in (select id from plan where office = $2)`, was, now)
}

// LetterChain reads the letters of one unit in a plan that hold, by number.
func (t *Tx) LetterChain(plan memo.PlanID, taker org.UnitID) ([]letter.Letter, error) {
	all, err := t.LetterChains(plan, LetterReach{Units: []org.UnitID{taker}})
	return all[taker], err
}

// SuccessorOf returns the unit that a unit goes on in today: itself, unless it was
// merged. A ring of successors is an error.
func (t *Tx) SuccessorOf(id org.UnitID) (org.Unit, error) { return successorOf(t.ctx, t.tx, id) }

func successorOf(ctx context.Context, q queryer, id org.UnitID) (org.Unit, error) {
	seen := map[org.UnitID]bool{}
	for {
		u, err := loadUnit(ctx, q, id)
		if err != nil || u.Successor == "" {
			return u, err
		}
		if seen[id] {
			return u, fault.New(fault.Conflict, "org.merge-ended", "Name", u.Name)
		}
		seen[id], id = true, u.Successor
	}
}
