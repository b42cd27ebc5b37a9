package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

type memoCommitment = memo.CommitmentID

// loadTask reads one task with its units.
func loadTask(ctx context.Context, q queryer, id task.ID) (TaskRow, []task.Part, error) {
	rows, err := q.QueryContext(ctx, `select `+taskColumns+`, coalesce(p.task, ''), coalesce(p.unit, ''), coalesce(p.role, ''), coalesce(p.state, ''),
		coalesce(p.reason, ''), p.due, p.signed, coalesce(p.excused, false)
		from task t left join part p on p.task = t.id where t.id = $1 order by p.role desc, p.position`, id)
	var t TaskRow
	var same any
	again := slices.Repeat([]any{&same}, 1+strings.Count(taskColumns, ",")) // the task's columns beside its second part
	parts, err := collect(rows, err, func(r *sql.Rows) (p task.Part, err error) {
		part := []any{&p.Task, &p.Unit, &p.Role, &p.State, &p.Reason, &p.Due, &p.Signed, &p.Excused}
		if t.ID != "" {
			return p, r.Scan(append(again[:len(again):len(again)], part...)...)
		}
		t, err = scanTask(beside{r, part})
		return p, err
	})
	if err != nil {
		return TaskRow{}, nil, fmt.Errorf("store: reading task %s: %w", id, err)
	}
	if len(parts) == 0 {
		return TaskRow{}, nil, fault.New(fault.NotFound, "absent")
	}
	if parts[0].Task == "" { // nobody's
		parts = nil
	}
	seat(&t.Task, parts)
	return t, parts, nil
}

// seat fills a task's leads and cooperating units from its parts.
func seat(t *task.Task, parts []task.Part) {
	for _, p := range parts {
		if p.Role == task.Lead {
			t.Leads = append(t.Leads, p.Unit)
		} else {
			t.Cooperating = append(t.Cooperating, p.Unit)
		}
	}
}

// loadTree reads all tasks of a tree, parents before parts.
func loadTree(ctx context.Context, q queryer, root task.ID) ([]TaskRow, error) {
	return loadTasks(ctx, q, `where t.root = $1`, root)
}

// loadReports reads reports, those of a task together and the oldest first, with
// their evidence.
func loadReports(ctx context.Context, q queryer, where string, args ...any) ([]task.Report, error) {
	rows, err := q.QueryContext(ctx, `select `+reportColumns+`, coalesce(e.evidence, '') from report r
		left join report_evidence e on e.report = r.id `+where+` order by r.task, r.at, r.unit, r.period, r.round, r.id, e.position`, args...)
	return onePerReport(collect(rows, err, func(r *sql.Rows) (task.Report, error) {
		var file task.EvidenceID
		out, err := scanReport(beside{r, []any{&file}})
		if file != "" {
			out.Evidence = []task.EvidenceID{file}
		}
		return out, err
	}))
}

// onePerReport puts the files of a report together that came with a row each.
func onePerReport(rows []task.Report, err error) ([]task.Report, error) {
	var out []task.Report
	for _, r := range rows {
		if n := len(out); n > 0 && out[n-1].ID == r.ID {
			out[n-1].Evidence = append(out[n-1].Evidence, r.Evidence...)
		} else {
			out = append(out, r)
		}
	}
	return out, err
}

// Task reads a task, with its parts, to change it.
func (t *Tx) Task(id task.ID) (TaskRow, []task.Part, error) { return loadTask(t.ctx, t.tx, id) }

// Tree reads the whole tree that a task belongs to, parents before parts.
func (t *Tx) Tree(root task.ID) ([]TaskRow, error) {
	return loadTree(t.ctx, t.tx, root)
}

// Children reads the tasks directly below one, in order.
func (t *Tx) Children(of task.ID) ([]TaskRow, error) {
	return loadTasks(t.ctx, t.tx, `where t.parent = $1`, of)
}

// Reports reads the reports of a task, oldest first.
func (t *Tx) Reports(of task.ID) ([]task.Report, error) {
	return loadReports(t.ctx, t.tx, `where r.task = $1`, of)
}

// Report reads one report with its task.
func (t *Tx) Report(id task.ReportID) (task.Report, TaskRow, []task.Part, error) {
	found, err := loadReports(t.ctx, t.tx, `where r.id = $1`, id)
	if err != nil {
		return task.Report{}, TaskRow{}, nil, err
	}
	if len(found) == 0 {
		return task.Report{}, TaskRow{}, nil, fault.New(fault.NotFound, "absent")
	}
	row, parts, err := t.Task(found[0].Task)
	return found[0], row, parts, err
}

// AddTask writes a new task with a waiting part for each of its units, to be
// signed for by the given day.
func (t *Tx) AddTask(k task.Task, signBy calendar.Date) error {
	var given calendar.Date
	if k.State != task.Draft {
		given = t.Today()
	}
	var target, goal any
	if k.Target != nil {
		target = text(k.Target)
		if g, ok := k.Target.Goal(); ok {
			goal = int64(g)
		}
	}
	err := t.exec(`insert into task (id, plan, commitment, parent, root, depth, position, no, chapter, title, measures, note,
		field, region, setter, supervising, post, people, lead_words, deadline, start_day, due_day, target, goal, weight, evidence,
		cadence, rollup, state, given) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
		$21, $22, $23, $24, $25, $26, $27, $28, $29, $30)`,
		k.ID, k.Plan, null(k.Commitment), null(k.Parent), k.Root, k.Depth, k.Position, k.No, text(k.Chapter), k.Title, k.Measures, k.Note,
		k.Field, k.Region, k.Setter, null(k.Supervising), null(k.Post), text(k.People), k.LeadWords, text(k.Deadline), k.Start, k.Due, target, goal,
		int64(k.Weight), k.EvidenceWanted, k.Cadence, k.Rollup, k.State, given)
	if err != nil {
		return err
	}
	t.restate(k)
	if err := t.addParts(k.ID, task.Lead, k.Leads, signBy); err != nil {
		return err
	}
	return t.addParts(k.ID, task.Cooperating, k.Cooperating, signBy)
}

func (t *Tx) addParts(id task.ID, role task.Role, units []org.UnitID, signBy calendar.Date) error {
	for i, u := range units {
		err := t.exec(`insert into part (task, unit, role, position, state, due) values ($1, $2, $3, $4, $5, $6)`,
			id, u, role, i+1, task.PartWaiting, signBy)
		if err != nil {
			return err
		}
	}
	return nil
}

// SaveTask writes what may change of a task, if it is still at the version that
// was read.
func (t *Tx) SaveTask(k task.Task, reason string) error {
	var target, goal any
	if k.Target != nil {
		target = text(k.Target)
		if g, ok := k.Target.Goal(); ok {
			goal = int64(g)
		}
	}
	t.restate(k)
	return t.execOne(`update task set title = $3, measures = $4, note = $5, field = $6, supervising = $7, post = $8,
		deadline = $9, start_day = $10, due_day = $11, target = $12, goal = $13, weight = $14, evidence = $15, cadence = $16,
		rollup = $17, state = $18, reason = $19, version = version + 1 where id = $1 and version = $2`,
		k.ID, k.Version, k.Title, k.Measures, k.Note, k.Field, null(k.Supervising), null(k.Post), text(k.Deadline),
		k.Start, k.Due, target, goal, int64(k.Weight), k.EvidenceWanted, k.Cadence, k.Rollup, k.State, reason)
}

// SetTaskState writes where a task stands. finished is the day of completion; zero
// leaves the day that is there.
func (t *Tx) SetTaskState(k task.Task, state task.State, finished calendar.Date) error {
	if open := func(s task.State) bool { return s == task.Issued || s == task.InForce || s == task.Refused }; open(state) && open(k.State) && finished.IsZero() {
		t.stale[k.ID] = k.Root // signing and refusing change nothing that a tally counts
	} else {
		t.restate(k)
	}
	return t.exec(`update task set state = $2, finished = coalesce($3, finished) where id = $1`, k.ID, state, finished)
}

// WithdrawTask takes a task back today, with the reason.
func (t *Tx) WithdrawTask(k task.Task, reason string) error {
	t.restate(k)
	return t.exec(`update task set state = $2, withdrawn = $3, reason = $4 where id = $1`, k.ID, task.Withdrawn, t.Today(), reason)
}

// SetDue writes the course of a task whose deadline counts from an event that has
// now happened. The version rises: a form that does not show the day yet conflicts.
func (t *Tx) SetDue(k task.Task) error {
	t.stale[k.ID] = k.Root
	return t.exec(`update task set start_day = $2, due_day = $3, version = version + 1 where id = $1`, k.ID, k.Start, k.Due)
}

// SetRegion writes for which region a task counts: that of its first lead.
func (t *Tx) SetRegion(k task.Task, region org.RegionCode) error {
	return t.exec(`update task set region = $2 where id = $1`, k.ID, region)
}

// SavePart writes a unit's answer.
func (t *Tx) SavePart(p task.Part, root task.ID) error {
	t.stale[p.Task] = root
	return t.exec(`update part set state = $3, reason = $4, due = $5, signed = $6, excused = $7 where task = $1 and unit = $2`,
		p.Task, p.Unit, p.State, p.Reason, p.Due, p.Signed, p.Excused)
}

// DropPart takes a unit out of a task after its refusal was accepted.
func (t *Tx) DropPart(p task.Part, root task.ID) error {
	t.stale[p.Task] = root
	return t.exec(`delete from part where task = $1 and unit = $2`, p.Task, p.Unit)
}

// AddPart gives a task to one more unit.
func (t *Tx) AddPart(p task.Part, root task.ID) error {
	t.stale[p.Task] = root
	return t.exec(`insert into part (task, unit, role, position, state, due)
		select $1, $2, $3, coalesce(max(position), 0) + 1, $4, $5 from part where task = $1`,
		p.Task, p.Unit, p.Role, p.State, p.Due)
}

// AddReport writes a report. verifier is the unit in whose queue it stands until
// the day due.
func (t *Tx) AddReport(r task.Report, files []task.Evidence, root task.ID, verifier org.UnitID, due calendar.Date) error {
	t.stale[r.Task] = root
	err := t.exec(`insert into report (id, task, unit, role, period, round, kind, value, words, completes, why, state, late,
		person, post, at, verifier, due, entry) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
		r.ID, r.Task, r.Unit, r.Role, r.Period, r.Round, r.Kind, int64(r.Value), r.Words, r.Completes, r.Why, r.State, r.Late,
		r.By, r.Post, r.At.UnixMicro(), verifier, due, t.entry)
	if err != nil {
		return err
	}
	return t.addFiles(r.ID, files)
}

// addFiles names the files that a report rests on; the same file twice is one.
func (t *Tx) addFiles(r task.ReportID, files []task.Evidence) error {
	if len(files) == 0 {
		return nil
	}
	var kinds, uses rowsOfMany
	for i, f := range files {
		kinds.add(f.ID, f.Type, f.Size)
		uses.add(r, f.ID, f.Name, i+1, t.now.UnixMicro())
	}
	if err := t.exec(`insert into evidence (id, type, size) values `+kinds.marks()+` on conflict (id) do nothing`, kinds.args...); err != nil {
		return err
	}
	return t.exec(`insert into report_evidence (report, evidence, name, position, at) values `+uses.marks()+`
		on conflict (report, evidence) do nothing`, uses.args...)
}

// SaveVerdict writes what became of a report, if nobody decided meanwhile, and
// returns it as it now stands.
func (t *Tx) SaveVerdict(r task.Report, root task.ID) (task.Report, error) {
	t.stale[r.Task] = root
	var at any
	if !r.VerdictAt.IsZero() {
		at = r.VerdictAt.UnixMicro()
	}
	err := t.execOne(`update report set state = $3, verdict = $4, verdict_by = $5, verdict_at = $6, version = version + 1
		where id = $1 and version = $2`, r.ID, r.Version, r.State, r.Verdict, r.VerdictBy, at)
	r.Version++
	return r, err
}

// EvidenceUse says where an evidence file was used before.
type EvidenceUse struct {
	Report task.ReportID
	Task   task.ID
	Title  string
	Unit   org.UnitID
}

// EvidenceUses finds earlier uses of a file in reports of other tasks.
func (t *Tx) EvidenceUses(id task.EvidenceID, except task.ID) ([]EvidenceUse, error) {
	rows, err := t.tx.QueryContext(t.ctx, `select e.report, r.task, k.title, r.unit from report_evidence e
		join report r on r.id = e.report join task k on k.id = r.task
		where e.evidence = $1 and r.task <> $2 order by r.at limit 5`, id, except)
	return collect(rows, err, func(r *sql.Rows) (u EvidenceUse, err error) {
		return u, r.Scan(&u.Report, &u.Task, &u.Title, &u.Unit)
	})
}
