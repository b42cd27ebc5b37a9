package store

import (
	"context"
	"database/sql"
	"time"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// ApprovalView is a plan before its parties, as one caller sees it.
type ApprovalView struct {
	PlanView
	Approval memo.PlanApproval
	Rows     []TaskRow
}

// Approval returns a plan with what its parties say of it. Beside those who see the
// plan, the office of a party sees it once it was put before the parties.
func (v *View) Approval(ctx context.Context, id memo.PlanID) (ApprovalView, error) {
	p, m, err := loadPlan(ctx, v.q, id)
	if err != nil {
		return ApprovalView{}, err
	}
	facts := planFacts(p, m)
	a, rows, err := loadApproval(ctx, v.q, p, m)
	if err != nil {
		return ApprovalView{}, err
	}
	if !v.May(org.SeePlan, facts) && (a.Asked == "" || !v.May(org.ApprovePlan, facts)) {
		return ApprovalView{}, fault.New(fault.NotFound, "absent", "Action", string(org.SeePlan))
	}
	return ApprovalView{PlanView{p, m, facts}, a, rows}, nil
}

// PlansToApprove returns the plans of a memorandum that lie before the caller's
// unit and that it has not answered.
func (v *View) PlansToApprove(ctx context.Context, m memo.Memorandum) ([]memo.Plan, error) {
	if !v.May(org.ApprovePlan, org.PlanFacts{Parties: m.Parties}) {
		return nil, nil
	}
	ids, err := rowsOf[memo.PlanID](v.q.QueryContext(ctx, `select l.id from plan l where l.memorandum = $1
		and exists (select 1 from plan_put x where x.plan = l.id) order by l.year desc, l.id`, m.ID))
	var out []memo.Plan
	for _, id := range ids { // a memorandum has one plan a year
		a, err := v.Approval(ctx, id)
		if err != nil {
			if fault.KindOf(err) == fault.NotFound {
				continue
			}
			return nil, err
		}
		if a.Approval.CheckAnswer(memo.PlanAnswer{Party: v.caller.Unit().ID, Digest: a.Approval.Now, Accepts: true}) == nil {
			out = append(out, a.Plan)
		}
	}
	return out, err
}

// Implementation returns a version of a plan's implementation plan, the newest for
// 0, with when it was written. Its Version is 0 when there is none. The plan must
// have been asked for before (View.Plan).
func (v *View) Implementation(ctx context.Context, p PlanView, version int64) (memo.Implementation, time.Time, error) {
	return loadImplementation(ctx, v.q, p.ID, version)
}

// Served says what plans have made of the commitments of a plan's memorandum. The
// plan must have been asked for before (View.Plan).
func (v *View) Served(ctx context.Context, p PlanView) (map[memo.CommitmentID]task.Served, error) {
	return loadServed(ctx, v.q, p.Plan)
}

// Delivered returns a task that serves a commitment with what the parties said of it,
// for those who see its memorandum. Seen says whether the caller may open the task.
func (v *View) Delivered(ctx context.Context, id task.ID) (o Delivered, seen bool, err error) {
	if o, err = loadDelivered(ctx, v.q, id); err != nil {
		return Delivered{}, false, err
	}
	if err := v.see(org.SeeMemorandum, memorandumFacts(o.Memorandum)); err != nil {
		return Delivered{}, false, err
	}
	all, err := v.tasksSeen(ctx, []task.ID{id})
	return o, all[id], err
}

// DeliveredOf is the same for a task that was asked for with its thread (View.Task,
// View.TaskThread).
func (v *View) DeliveredOf(ctx context.Context, k TaskView, t TaskThread) (Delivered, error) {
	if err := v.see(org.SeeMemorandum, memorandumFacts(t.Memorandum)); err != nil {
		return Delivered{}, err
	}
	stands, err := standings(ctx, v.q, []TaskRow{k.TaskRow}, map[memo.PlanID]org.UnitID{k.Plan: k.Facts.Office})
	if err != nil {
		return Delivered{}, err
	}
	return delivered(ctx, v.q, k.TaskRow, stands[k.ID], t.Memorandum)
}

// BalanceTask is a task that serves a commitment, in the balance. Title, figures and
// light are shown only where the caller sees the task or its plan.
type BalanceTask struct {
	TaskRow
	Year  int
	Open  bool // the caller may open it
	Shown bool // the caller sees the task or its plan
	Said  []task.Confirmation
	Word  task.Word
}

// BalanceLine is one commitment in the balance.
type BalanceLine struct {
	Clause     memo.Clause // without its commitments
	Commitment memo.Commitment
	Side       task.Side
	Disputed   bool // a dispute is not settled
	Tasks      []BalanceTask
}

// BalanceView is what the parties of a memorandum owe each other.
type BalanceView struct {
	Parties []task.Balance
	Lines   []BalanceLine
}

// Balance works out what the parties of a memorandum promised, delivered and still
// owe. The memorandum must have been asked for before (View.Memorandum).
func (v *View) Balance(ctx context.Context, m MemorandumView) (b BalanceView, err error) {
	tasks, stands, err := loadStandings(ctx, v.q, serving, m.ID)
	if err != nil {
		return b, err
	}
	ids := make([]task.ID, len(tasks))
	for i, t := range tasks {
		ids[i] = t.ID
	}
	said, err := loadConfirmations(ctx, v.q, ids)
	if err != nil {
		return b, err
	}
	seen, err := v.tasksSeen(ctx, ids)
	if err != nil {
		return b, err
	}
	years, shown, err := v.planYears(ctx, m.ID)
	if err != nil {
		return b, err
	}
	of := map[memo.CommitmentID][]TaskRow{}
	for _, t := range tasks {
		of[t.Commitment] = append(of[t.Commitment], t)
	}
	sides, disputed := map[memo.CommitmentID]task.Side{}, map[memo.CommitmentID]bool{}
	for _, c := range m.Clauses {
		bare := c
		bare.Commitments = nil
		for _, k := range c.Commitments {
			line := BalanceLine{Clause: bare, Commitment: k}
			var standing []task.TaskStanding
			for _, t := range of[k.ID] {
				v.asOfToday(&t)
				standing = append(standing, stands[t.ID])
				w := task.WordOf(stands[t.ID], task.Confirmers(m.Memorandum, k), said[t.ID])
				line.Disputed = line.Disputed || t.State != task.Withdrawn && len(w.Disputed)+len(w.Answered) > 0
				if t.State == task.Withdrawn {
					continue
				}
				line.Tasks = append(line.Tasks, BalanceTask{
					TaskRow: t, Year: years[t.Plan], Open: seen[t.ID], Shown: seen[t.ID] || shown[t.Plan] && t.State != task.Draft, Said: said[t.ID], Word: w,
				})
			}
			line.Side = task.SideOf(m.Memorandum, k, standing, said)
			sides[k.ID], disputed[k.ID] = line.Side, line.Disputed
			b.Lines = append(b.Lines, line)
		}
	}
	b.Parties = task.Balances(m.Memorandum, sides, disputed)
	return b, nil
}

// planYears returns the years of a memorandum's plans, and which the caller sees.
func (v *View) planYears(ctx context.Context, m memo.ID) (map[memo.PlanID]int, map[memo.PlanID]bool, error) {
	years, shown := map[memo.PlanID]int{}, map[memo.PlanID]bool{}
	rows, err := v.q.QueryContext(ctx, `select l.id, l.year from plan l where l.memorandum = $1`, m)
	_, err = collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var id memo.PlanID
		var year int
		err := r.Scan(&id, &year)
		years[id] = year
		return struct{}{}, err
	})
	if err != nil {
		return nil, nil, err
	}
	where, args := plansInScope(v.scope, 2)
	ids, err := rowsOf[memo.PlanID](v.q.QueryContext(ctx, `select l.id from plan l where l.memorandum = $1 and `+where, append([]any{m}, args...)...))
	for _, id := range ids {
		shown[id] = true
	}
	return years, shown, err
}
