package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// contentRows reads the rows of a plan that its parties approve.
func contentRows(ctx context.Context, q queryer, plan memo.PlanID) ([]TaskRow, error) {
	return loadTasks(ctx, q, `where t.plan = $1 and t.depth = 0 and t.state <> 'withdrawn'`, plan)
}

// loadApproval reads what the other parties were asked and said of a plan.
func loadApproval(ctx context.Context, q queryer, p memo.Plan, m memo.Memorandum) (a memo.PlanApproval, rows []TaskRow, err error) {
	a.Plan, a.Parties = p.ID, memo.Approvers(m, p.Office)
	if rows, err = contentRows(ctx, q, p.ID); err != nil {
		return a, nil, err
	}
	content := make([]string, len(rows))
	for i, r := range rows {
		content[i] = task.Content(r.Task)
	}
	a.Now = memo.PlanDigest(content)
	var n int
	err = q.QueryRowContext(ctx, `select count(*) from text_version where memorandum = $1 and state = 'signed' and purpose <> 'amendment'`, m.ID).Scan(&n)
	if err != nil {
		return a, nil, fmt.Errorf("store: reading whether %s was negotiated: %w", m.ID, err)
	}
	a.Needed = n > 0
	err = q.QueryRowContext(ctx, `select digest, on_day from plan_put where plan = $1 order by number desc limit 1`, p.ID).Scan(&a.Asked, &a.AskedOn)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return a, nil, fmt.Errorf("store: reading when plan %s was put before its parties: %w", p.ID, err)
	}
	answers, err := q.QueryContext(ctx, `select party, digest, accepts, words, on_day from plan_answer where plan = $1 order by number`, p.ID)
	a.Given, err = collect(answers, err, func(r *sql.Rows) (g memo.PlanAnswer, err error) {
		return g, r.Scan(&g.Party, &g.Digest, &g.Accepts, &g.Words, &g.On)
	})
	return a, rows, err
}

// Approval reads what the other parties said of a plan, and how many rows it has.
func (t *Tx) Approval(p memo.Plan, m memo.Memorandum) (memo.PlanApproval, int, error) {
	a, rows, err := loadApproval(t.ctx, t.tx, p, m)
	return a, len(rows), err
}

// next is the number that follows those of a plan or task in a table of what was said.
func (t *Tx) next(table, column, id string) (n int, err error) {
	err = t.tx.QueryRowContext(t.ctx, `select coalesce(max(number), 0) + 1 from `+table+` where `+column+` = $1`, id).Scan(&n)
	return n, err
}

// PutPlan writes that a plan with this content was put before its parties.
func (t *Tx) PutPlan(plan memo.PlanID, digest string, rows int) error {
	n, err := t.next("plan_put", "plan", string(plan))
	if err != nil {
		return err
	}
	return t.exec(`insert into plan_put (plan, number, digest, rows, person, post, on_day, at, entry) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		plan, n, digest, rows, t.caller.Person().ID, t.caller.Post().ID, t.Today(), t.now.UnixMicro(), t.entry)
}

// AddPlanAnswer writes what a party says to a plan.
func (t *Tx) AddPlanAnswer(plan memo.PlanID, g memo.PlanAnswer) error {
	n, err := t.next("plan_answer", "plan", string(plan))
	if err != nil {
		return err
	}
	return t.exec(`insert into plan_answer (plan, number, party, digest, accepts, words, person, post, on_day, at, entry)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		plan, n, g.Party, g.Digest, g.Accepts, g.Words, t.caller.Person().ID, t.caller.Post().ID, g.On, t.now.UnixMicro(), t.entry)
}

func loadImplementation(ctx context.Context, q queryer, plan memo.PlanID, version int64) (x memo.Implementation, at time.Time, err error) {
	which, args := `order by version desc limit 1`, []any{plan}
	if version > 0 {
		which, args = `and version = $2`, append(args, version)
	}
	err = q.QueryRowContext(ctx, `select version, body, at from implementation where plan = $1 `+which, args...).Scan(&x.Version, kept{&x}, instant{&at})
	x.Plan = plan
	if errors.Is(err, sql.ErrNoRows) {
		return x, at, nil
	}
	if err != nil {
		return x, at, fmt.Errorf("store: reading the implementation plan of %s: %w", plan, err)
	}
	return x, at, nil
}

// Implementation reads the newest implementation plan; its Version is 0 when there is none.
func (t *Tx) Implementation(plan memo.PlanID) (memo.Implementation, error) {
	x, _, err := loadImplementation(t.ctx, t.tx, plan, 0)
	return x, err
}

// AddImplementation writes a version; two of the same number are a conflict.
func (t *Tx) AddImplementation(x memo.Implementation) error {
	return t.exec(`insert into implementation (plan, version, body, person, post, at, entry) values ($1, $2, $3, $4, $5, $6, $7)`,
		x.Plan, x.Version, text(x), t.caller.Person().ID, t.caller.Post().ID, t.now.UnixMicro(), t.entry)
}

// serving is the condition on tasks that serve a commitment of the memorandum in $1.
const serving = `t.depth = 0 and t.commitment in (select k.id from commitment k join clause c on c.id = k.clause where c.memorandum = $1)`

// loadStandings reads where tasks stand, as the balance between the parties reads it.
func loadStandings(ctx context.Context, q queryer, where string, args ...any) ([]TaskRow, map[task.ID]task.TaskStanding, error) {
	tasks, err := loadTasks(ctx, q, `where `+where, args...)
	if err != nil || len(tasks) == 0 {
		return nil, nil, err
	}
	offices := map[memo.PlanID]org.UnitID{}
	for _, t := range tasks {
		offices[t.Plan] = ""
	}
	for p := range offices {
		var office org.UnitID
		if err := q.QueryRowContext(ctx, `select office from plan where id = $1`, p).Scan(&office); err != nil {
			return nil, nil, fmt.Errorf("store: reading the office of plan %s: %w", p, err)
		}
		offices[p] = office
	}
	out, err := standings(ctx, q, tasks, offices)
	return tasks, out, err
}

// standings says how tasks stand, from the offices of their plans.
func standings(ctx context.Context, q queryer, tasks []TaskRow, offices map[memo.PlanID]org.UnitID) (map[task.ID]task.TaskStanding, error) {
	out, ids := make(map[task.ID]task.TaskStanding, len(tasks)), make([]task.ID, len(tasks))
	for i, t := range tasks {
		ids[i] = t.ID
	}
	type count struct {
		root     task.ID
		verified int
		waiting  org.UnitID
	}
	marks, marked := list(1, ids)
	rows, err := q.QueryContext(ctx, `select t.root, sum(case when r.state = 'verified' then 1 else 0 end),
		min(case when r.state = 'submitted' then r.verifier end)
		from report r join task t on t.id = r.task where t.root in (`+marks+`) and r.state in ('verified', 'submitted') group by t.root`, marked...)
	counts, err := collect(rows, err, func(r *sql.Rows) (c count, err error) {
		return c, r.Scan(&c.root, &c.verified, optional[org.UnitID]{&c.waiting})
	})
	of := map[task.ID]count{}
	for _, c := range counts {
		of[c.root] = c
	}
	for _, t := range tasks {
		c := of[t.ID]
		out[t.ID] = task.TaskStanding{
			ID: t.ID, State: t.State, Office: offices[t.Plan], Verified: t.Verified, Reported: c.verified > 0, Waiting: c.waiting, Reporters: t.Leads,
		}
	}
	return out, err
}

func loadConfirmations(ctx context.Context, q queryer, ids []task.ID) (map[task.ID][]task.Confirmation, error) {
	out := map[task.ID][]task.Confirmation{}
	if len(ids) == 0 {
		return out, nil
	}
	marks, args := list(1, ids)
	rows, err := q.QueryContext(ctx, `select task, party, kind, verified, finished, words, on_day from confirmation
		where task in (`+marks+`) order by task, number`, args...)
	all, err := collect(rows, err, func(r *sql.Rows) (c task.Confirmation, err error) {
		return c, r.Scan(&c.Task, &c.Party, &c.Kind, &c.Verified, &c.Finished, &c.Words, &c.On)
	})
	for _, c := range all {
		out[c.Task] = append(out[c.Task], c)
	}
	return out, err
}

// Delivered is a task that serves a commitment, with all that a confirmation is judged by.
type Delivered struct {
	Task       TaskRow
	Standing   task.TaskStanding
	Memorandum memo.Memorandum
	Commitment memo.Commitment
	Said       []task.Confirmation
}

// Facts is what permissions are judged by.
func (o Delivered) Facts() org.CommitmentFacts {
	return org.CommitmentFacts{
		Memorandum: memorandumFacts(o.Memorandum), Obligors: o.Commitment.Obligors(), Confirmers: task.Confirmers(o.Memorandum, o.Commitment),
	}
}

// loadDelivered reads the task; NotFound where it serves no commitment.
func loadDelivered(ctx context.Context, q queryer, id task.ID) (o Delivered, err error) {
	tasks, stands, err := loadStandings(ctx, q, `t.id = $1`, id)
	if err != nil {
		return o, err
	}
	if len(tasks) == 0 {
		return o, fault.New(fault.NotFound, "absent")
	}
	_, m, err := loadPlan(ctx, q, tasks[0].Plan)
	if err != nil {
		return o, err
	}
	return delivered(ctx, q, tasks[0], stands[id], m)
}

// delivered adds what the parties said of a row that serves a commitment of a memorandum.
func delivered(ctx context.Context, q queryer, t TaskRow, s task.TaskStanding, m memo.Memorandum) (o Delivered, err error) {
	if t.Commitment == "" || t.Depth > 0 {
		return o, fault.New(fault.NotFound, "absent")
	}
	o = Delivered{Task: t, Standing: s, Memorandum: m}
	if _, k := servedBy(m, t.Commitment); k != nil {
		o.Commitment = *k
	}
	said, err := loadConfirmations(ctx, q, []task.ID{t.ID})
	o.Said = said[t.ID]
	return o, err
}

// Delivered reads a task that serves a commitment, for the other side's word.
func (t *Tx) Delivered(id task.ID) (Delivered, error) { return loadDelivered(t.ctx, t.tx, id) }

// AddConfirmation writes what a party says; two at once are a conflict.
func (t *Tx) AddConfirmation(c task.Confirmation) error {
	n, err := t.next("confirmation", "task", string(c.Task))
	if err != nil {
		return err
	}
	return t.exec(`insert into confirmation (id, task, number, party, kind, verified, finished, words, person, post, on_day, at, entry)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		t.NewID(), c.Task, n, c.Party, c.Kind, int64(c.Verified), c.Finished, c.Words, t.caller.Person().ID, t.caller.Post().ID, c.On, t.now.UnixMicro(), t.entry)
}

// loadServed says what plans have made of a memorandum's commitments, for the plan of a year.
func loadServed(ctx context.Context, q queryer, p memo.Plan) (map[memo.CommitmentID]task.Served, error) {
	rows, err := q.QueryContext(ctx, `select t.commitment, l.id, l.year, t.state from task t join plan l on l.id = t.plan
		where `+serving+` and t.state <> 'withdrawn'`, p.Memorandum)
	type row struct {
		commitment memo.CommitmentID
		plan       memo.PlanID
		year       int
		state      task.State
	}
	all, err := collect(rows, err, func(r *sql.Rows) (k row, err error) { return k, r.Scan(&k.commitment, &k.plan, &k.year, &k.state) })
	out, open := map[memo.CommitmentID]task.Served{}, map[memo.CommitmentID]bool{}
	for _, k := range all {
		s := out[k.commitment]
		s.Planned = s.Planned || k.plan == p.ID
		s.Done = s.Done || k.state == task.Finished && k.year < p.Year
		open[k.commitment] = open[k.commitment] || k.state != task.Finished
		out[k.commitment] = s
	}
	for id, s := range out {
		s.Done = s.Done && !open[id]
		out[id] = s
	}
	return out, err
}

// Served says what plans have made of a memorandum's commitments, for the plan of a year.
func (t *Tx) Served(p memo.Plan) (map[memo.CommitmentID]task.Served, error) {
	return loadServed(t.ctx, t.tx, p)
}
