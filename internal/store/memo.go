package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
)

const memorandumColumns = `m.id, m.title, m.kind, m.region, m.office, m.signed, m.until, m.place, m.stage, m.version,
	m.form, m.under, m.renews, m.ended, m.why, m.preamble, m.closing, m.term, m.open_list`

func scanMemorandum(r interface{ Scan(...any) error }) (m memo.Memorandum, err error) {
	err = r.Scan(&m.ID, &m.Title, &m.Kind, &m.Region, &m.Office, &m.Signed, &m.Until, &m.Place, &m.Stage, &m.Version,
		&m.Form, optional[memo.ID]{&m.Under}, optional[memo.ID]{&m.Renews}, &m.Ended, &m.Why, &m.Preamble, &m.Closing, kept{&m.Term}, &m.Open)
	return m, err
}

const planColumns = `l.id, l.memorandum, l.year, l.title, l.region, l.office, l.issued, l.version`

func scanPlan(r interface{ Scan(...any) error }) (p memo.Plan, err error) {
	err = r.Scan(&p.ID, &p.Memorandum, &p.Year, &p.Title, &p.Region, &p.Office, &p.Issued, &p.Version)
	return p, err
}

// loadMemorandum reads a memorandum with parties, clauses and commitments.
func loadMemorandum(ctx context.Context, q queryer, id memo.ID) (memo.Memorandum, error) {
	m, err := scanMemorandum(q.QueryRowContext(ctx, `select `+memorandumColumns+` from memorandum m where m.id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return m, fault.New(fault.NotFound, "absent")
	}
	if err != nil {
		return m, fmt.Errorf("store: reading memorandum %s: %w", id, err)
	}
	rows, err := q.QueryContext(ctx, `select unit from party where memorandum = $1 order by position`, id)
	m.Parties, err = collect(rows, err, func(r *sql.Rows) (u org.UnitID, err error) { return u, r.Scan(&u) })
	if err != nil {
		return m, err
	}
	if m.Form == memo.Alliance {
		rows, err := q.QueryContext(ctx, `select unit from member where memorandum = $1 and left_day is null order by id`, id)
		if m.Members, err = rowsOf[org.UnitID](rows, err); err != nil {
			return m, err
		}
	}
	rows, err = q.QueryContext(ctx, `select id, no, level, text, position from clause where memorandum = $1 order by position`, id)
	m.Clauses, err = collect(rows, err, func(r *sql.Rows) (c memo.Clause, err error) {
		return c, r.Scan(&c.ID, &c.No, &c.Level, &c.Text, &c.Position)
	})
	if err != nil {
		return m, err
	}
	rows, err = q.QueryContext(ctx, `select k.id, k.clause, k.obligor, k.joint, k.confirms, k.text, k.deadline, k.target,
			k.support, k.measure, k.carried from commitment k
		join clause c on c.id = k.clause where c.memorandum = $1 order by c.position, k.position`, id)
	all, err := collect(rows, err, func(r *sql.Rows) (k memo.Commitment, err error) {
		return k, r.Scan(&k.ID, &k.Clause, &k.Obligor, kept{&k.Joint}, optional[org.UnitID]{&k.Confirms}, &k.Text,
			&k.Deadline, &k.Target, kept{&k.Support}, &k.Measure, optional[memo.CommitmentID]{&k.Carried})
	})
	for _, k := range all {
		for i := range m.Clauses {
			if m.Clauses[i].ID == k.Clause {
				m.Clauses[i].Commitments = append(m.Clauses[i].Commitments, k)
			}
		}
	}
	return m, err
}

// Memorandum reads a memorandum to change it.
func (t *Tx) Memorandum(id memo.ID) (memo.Memorandum, error) { return loadMemorandum(t.ctx, t.tx, id) }

// AddMemorandum writes a memorandum with all that belongs to it.
func (t *Tx) AddMemorandum(m memo.Memorandum) error {
	if m.Form == "" {
		m.Form = memo.Agreement
	}
	err := t.exec(`insert into memorandum (id, title, kind, region, office, signed, until, place, stage,
			form, under, renews, preamble, closing, term, open_list) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		m.ID, m.Title, m.Kind, m.Region, m.Office, m.Signed, m.Until, m.Place, m.Stage,
		m.Form, null(m.Under), null(m.Renews), m.Preamble, m.Closing, text(m.Term), m.Open)
	if err != nil {
		return err
	}
	return t.addTerms(m)
}

// SaveMemorandum replaces a memorandum and its clauses, if it is still at the
// version that was read. Clauses that tasks refer to keep their ids: the caller
// passes them along.
func (t *Tx) SaveMemorandum(m memo.Memorandum) error {
	err := t.execOne(`update memorandum set title = $3, kind = $4, signed = $5, until = $6, place = $7, stage = $8,
		under = $9, ended = $10, why = $11, preamble = $12, closing = $13, term = $14, version = version + 1 where id = $1 and version = $2`,
		m.ID, m.Version, m.Title, m.Kind, m.Signed, m.Until, m.Place, m.Stage,
		null(m.Under), m.Ended, m.Why, m.Preamble, m.Closing, text(m.Term))
	if err != nil {
		return err
	}
	if err := t.exec(`delete from party where memorandum = $1`, m.ID); err != nil {
		return err
	}
	old, err := t.Memorandum(m.ID)
	if err != nil {
		return err
	}
	if err := t.addTerms(m); err != nil {
		return err
	}
	return t.dropTerms(old, m)
}

// dropTerms removes what a memorandum no longer says; tasks that served a
// commitment that is gone serve none.
func (t *Tx) dropTerms(old, m memo.Memorandum) error {
	clauses, owed := map[memo.ClauseID]bool{}, map[memo.CommitmentID]bool{}
	for _, c := range m.Clauses {
		clauses[c.ID] = true
		for _, k := range c.Commitments {
			owed[k.ID] = true
		}
	}
	for _, c := range old.Clauses {
		for _, k := range c.Commitments {
			if owed[k.ID] {
				continue
			}
			if err := t.exec(`update task set commitment = null where commitment = $1`, k.ID); err != nil {
				return err
			}
			if err := t.exec(`delete from commitment where id = $1`, k.ID); err != nil {
				return err
			}
		}
		if clauses[c.ID] {
			continue
		}
		if err := t.exec(`delete from clause where id = $1`, c.ID); err != nil {
			return err
		}
	}
	return nil
}

// addTerms writes parties, clauses and commitments, over those of the same id.
func (t *Tx) addTerms(m memo.Memorandum) error {
	if err := t.addParties(m.ID, m.Parties); err != nil {
		return err
	}
	for i, c := range m.Clauses {
		err := t.exec(`insert into clause (id, memorandum, no, level, text, position) values ($1, $2, $3, $4, $5, $6)
			on conflict (id) do update set no = excluded.no, level = excluded.level, text = excluded.text, position = excluded.position
			where clause.memorandum = excluded.memorandum`,
			c.ID, m.ID, c.No, max(c.Level, 1), c.Text, i+1)
		if err != nil {
			return err
		}
		for j, k := range c.Commitments {
			err := t.exec(`insert into commitment (id, clause, obligor, joint, confirms, text, deadline, target, support, measure, carried, position)
				values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
				on conflict (id) do update set clause = excluded.clause, obligor = excluded.obligor, joint = excluded.joint,
				confirms = excluded.confirms, text = excluded.text, deadline = excluded.deadline, target = excluded.target,
				support = excluded.support, measure = excluded.measure, carried = excluded.carried, position = excluded.position`,
				k.ID, c.ID, k.Obligor, text(k.Joint), null(k.Confirms), k.Text, k.Deadline, k.Target, text(k.Support),
				k.Measure, null(k.Carried), j+1)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *Tx) addParties(m memo.ID, units []org.UnitID) error {
	for i, u := range units {
		if err := t.exec(`insert into party (memorandum, unit, position) values ($1, $2, $3)`, m, u, i+1); err != nil {
			return err
		}
	}
	return nil
}

// Plan reads a plan with its memorandum.
func (t *Tx) Plan(id memo.PlanID) (memo.Plan, memo.Memorandum, error) {
	return loadPlan(t.ctx, t.tx, id)
}

func loadPlan(ctx context.Context, q queryer, id memo.PlanID) (memo.Plan, memo.Memorandum, error) {
	p, err := scanPlan(q.QueryRowContext(ctx, `select `+planColumns+` from plan l where l.id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return p, memo.Memorandum{}, fault.New(fault.NotFound, "absent")
	}
	if err != nil {
		return p, memo.Memorandum{}, fmt.Errorf("store: reading plan %s: %w", id, err)
	}
	m, err := loadMemorandum(ctx, q, p.Memorandum)
	return p, m, err
}

// AddPlan writes a new plan.
func (t *Tx) AddPlan(p memo.Plan) error {
	return t.exec(`insert into plan (id, memorandum, year, title, region, office, issued) values ($1, $2, $3, $4, $5, $6, $7)`,
		p.ID, p.Memorandum, p.Year, p.Title, p.Region, p.Office, p.Issued)
}

// IssuePlan marks the plan and its drafts as issued on a day; parts wait to be
// signed for until signBy.
func (t *Tx) IssuePlan(p memo.Plan, on, signBy calendar.Date) error {
	drafts, err := t.DraftTasks(p.ID)
	if err != nil {
		return err
	}
	for _, k := range drafts {
		t.restate(k.Task)
	}
	if err := t.execOne(`update plan set issued = coalesce(issued, $3), version = version + 1 where id = $1 and version = $2`, p.ID, p.Version, on); err != nil {
		return err
	}
	if err := t.exec(`update part set due = $2 where task in (select id from task where plan = $1 and state = 'draft')`, p.ID, signBy); err != nil {
		return err
	}
	return t.exec(`update task set state = 'issued', given = $2, version = version + 1 where plan = $1 and state = 'draft'`, p.ID, on)
}

// DraftTasks reads the rows of a plan that are not yet issued.
func (t *Tx) DraftTasks(p memo.PlanID) ([]TaskRow, error) {
	rows, err := t.tx.QueryContext(t.ctx, `select `+taskColumns+` from task t where t.plan = $1 and t.state = 'draft' order by t.depth, t.position`, p)
	return newTaskRows().collect(rows, err)
}

// LastPosition returns the position of the last row of a plan, 0 when it has none.
func (t *Tx) LastPosition(p memo.PlanID) (n int, err error) {
	err = t.tx.QueryRowContext(t.ctx, `select coalesce(max(position), 0) from task where plan = $1 and depth = 0`, p).Scan(&n)
	return n, err
}
