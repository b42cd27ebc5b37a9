package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gongjian/internal/calendar"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// Renewal returns the memorandum that follows one, or "". One that was given up
// before it came into force does not count.
func (t *Tx) Renewal(id memo.ID) (memo.ID, error) { return renewal(t.ctx, t.tx, id) }

func renewal(ctx context.Context, q queryer, id memo.ID) (next memo.ID, err error) {
	err = q.QueryRowContext(ctx, `select id from memorandum where renews = $1 and (stage <> 'ended' or signed is not null) order by id limit 1`, id).Scan(&next)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("store: looking for the renewal of %s: %w", id, err)
	}
	return next, nil
}

// SignedText returns the newest text that all parties signed, or nil.
func (t *Tx) SignedText(id memo.ID) (*memo.Version, error) { return signedText(t.ctx, t.tx, id) }

func signedText(ctx context.Context, q queryer, id memo.ID) (*memo.Version, error) {
	v, err := scanVersion(q.QueryRowContext(ctx, `select `+versionColumns+` from text_version x
		where x.memorandum = $1 and x.state = 'signed' order by x.number desc limit 1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("store: reading the signed text of %s: %w", id, err)
	}
	return &v, nil
}

// FinishedCommitments returns the commitments of a memorandum that tasks served and
// of which none is still open.
func (t *Tx) FinishedCommitments(id memo.ID) (map[memo.CommitmentID]bool, error) {
	rows, err := t.tx.QueryContext(t.ctx, `select k.commitment from task k join plan l on l.id = k.plan
		where l.memorandum = $1 and k.commitment is not null and k.depth = 0 and k.state <> 'withdrawn'
		group by k.commitment having sum(case when k.state = 'finished' then 0 else 1 end) = 0`, id)
	ids, err := rowsOf[memo.CommitmentID](rows, err)
	out := map[memo.CommitmentID]bool{}
	for _, k := range ids {
		out[k] = true
	}
	return out, err
}

const openTask = `t.depth = 0 and t.state not in ('finished', 'withdrawn')`

// OpenTasks reads the rows of a memorandum's plans that are neither finished nor withdrawn.
func (t *Tx) OpenTasks(id memo.ID) ([]TaskRow, error) { return openTasks(t.ctx, t.tx, id) }

func openTasks(ctx context.Context, q queryer, id memo.ID) ([]TaskRow, error) {
	rows, err := q.QueryContext(ctx, `select `+taskColumns+` from task t join plan l on l.id = t.plan
		where l.memorandum = $1 and `+openTask+` order by l.year, t.position, t.id`, id)
	return newTaskRows().collect(rows, err)
}

// TasksServing reads the open rows that serve any of these commitments.
func (t *Tx) TasksServing(gone []memo.Commitment) ([]TaskRow, error) {
	if len(gone) == 0 {
		return nil, nil
	}
	ids := make([]memo.CommitmentID, len(gone))
	for i, k := range gone {
		ids[i] = k.ID
	}
	marks, args := list(1, ids)
	rows, err := t.tx.QueryContext(t.ctx, `select `+taskColumns+` from task t where t.commitment in (`+marks+`) and `+openTask+` order by t.position, t.id`, args...)
	return newTaskRows().collect(rows, err)
}

// Unsettled is a task that waits for the office's decision.
type Unsettled struct {
	Task       task.ID
	Cause      string // amended or renewed
	Commitment memo.CommitmentID
	Words      string // of the commitment that is gone
	Since      calendar.Date
}

// AddUnsettled lists a task for the office's decision.
func (t *Tx) AddUnsettled(m memo.ID, u Unsettled) error {
	return t.exec(`insert into unsettled (task, memorandum, cause, commitment, words, since, entry) values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (task, memorandum, cause, since) do update set commitment = excluded.commitment, words = excluded.words, decision = ''`,
		u.Task, m, u.Cause, u.Commitment, u.Words, t.Today(), t.entry)
}

// Unsettled reads the tasks of a memorandum that wait for a decision. Those finished
// or withdrawn meanwhile no longer do.
func (t *Tx) Unsettled(id memo.ID) ([]Unsettled, error) { return loadUnsettled(t.ctx, t.tx, id) }

func loadUnsettled(ctx context.Context, q queryer, id memo.ID) ([]Unsettled, error) {
	rows, err := q.QueryContext(ctx, `select x.task, x.cause, x.commitment, x.words, x.since from unsettled x join task t on t.id = x.task
		where x.memorandum = $1 and x.decision = '' and t.state not in ('finished', 'withdrawn') order by x.since, t.position, x.task`, id)
	return collect(rows, err, func(r *sql.Rows) (u Unsettled, err error) {
		return u, r.Scan(&u.Task, &u.Cause, &u.Commitment, &u.Words, &u.Since)
	})
}

// Decide writes the decision on a listed task.
func (t *Tx) Decide(id memo.ID, s memo.Settlement) error {
	return t.exec(`update unsettled set decision = $3, reason = $4, decided = $5 where memorandum = $1 and task = $2 and decision = ''`,
		id, s.Task, s.Do, s.Reason, t.Today())
}

// NewestPlan returns the newest plan of a memorandum, or "".
func (t *Tx) NewestPlan(id memo.ID) (plan memo.PlanID, err error) {
	err = t.tx.QueryRowContext(t.ctx, `select id from plan where memorandum = $1 order by year desc, id limit 1`, id).Scan(&plan)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("store: reading the newest plan of %s: %w", id, err)
	}
	return plan, nil
}

// CarryTask moves a row with its parts to another plan, at its end, where it serves
// a commitment of that plan's memorandum ("" for none).
func (t *Tx) CarryTask(k TaskRow, plan memo.PlanID, serves memo.CommitmentID) error {
	last, err := t.LastPosition(plan)
	if err != nil {
		return err
	}
	t.restate(k.Task)
	t.restated[plan] = true
	if err := t.exec(`update task set plan = $2 where root = $1`, k.Root, plan); err != nil {
		return err
	}
	return t.exec(`update task set position = $2, commitment = $3, version = version + 1 where id = $1`, k.ID, last+1, null(serves))
}

// Frameworks returns a memorandum and those that it hangs under, nearest first.
func (t *Tx) Frameworks(id memo.ID) ([]memo.ID, error) {
	rows, err := t.tx.QueryContext(t.ctx, `with recursive up (id, under, depth) as (
			select id, under, 0 from memorandum where id = $1
			union all select m.id, m.under, up.depth + 1 from memorandum m join up on m.id = up.under where up.depth < 50)
		select id from up order by depth`, id)
	return rowsOf[memo.ID](rows, err)
}

// MemorandumsOf returns the memorandums that a unit is a party of or runs.
func (t *Tx) MemorandumsOf(unit org.UnitID) ([]memo.ID, error) {
	rows, err := t.tx.QueryContext(t.ctx, `select m.id from memorandum m where m.office = $1
		or exists (select 1 from party x where x.memorandum = m.id and x.unit = $1) order by m.id`, unit)
	return rowsOf[memo.ID](rows, err)
}

// Succeed puts one unit in another's place in a memorandum, in its plans and in the
// drafts of its next text. What was proposed stays as it is; a version that is not
// signed by all names a party that is no more, and is void with its signatures.
func (t *Tx) Succeed(m memo.Memorandum, s memo.Succession) error {
	if err := t.SaveMemorandum(m); err != nil {
		return err
	}
	if err := t.exec(`update memorandum set office = $2 where id = $1`, m.ID, m.Office); err != nil {
		return err
	}
	if err := t.exec(`update plan set office = $3, version = version + 1 where memorandum = $1 and office = $2`, m.ID, s.Was, s.Now); err != nil {
		return err
	}
	err := t.exec(`insert into succession (memorandum, was, now, name, day, at, entry) values ($1, $2, $3, $4, $5, $6, $7)`,
		m.ID, s.Was, s.Now, s.Name, s.Day, t.now.UnixMicro(), t.entry)
	if err != nil {
		return err
	}
	if err := t.exec(`update draft set unit = $3, version = version + 1 where memorandum = $1 and unit = $2
		and not exists (select 1 from draft d where d.memorandum = $1 and d.unit = $3)`, m.ID, s.Was, s.Now); err != nil {
		return err
	}
	if err := t.exec(`delete from draft where memorandum = $1 and unit = $2`, m.ID, s.Was); err != nil {
		return err
	}
	if err := t.exec(`update chosen_measure set unit = $3 where memorandum = $1 and unit = $2`, m.ID, s.Was, s.Now); err != nil {
		return err
	}
	return t.voidUnsigned(m)
}

// voidUnsigned makes a version void that lies before the parties or waits for signatures.
func (t *Tx) voidUnsigned(m memo.Memorandum) error {
	n, err := t.Negotiation(m)
	if err != nil || n.Newest == nil || n.Newest.State != memo.Open && n.Newest.State != memo.AgreedOn {
		return err
	}
	if _, err := t.VoidSignatures("version", string(n.Newest.ID), "succeeded"); err != nil {
		return err
	}
	if err := t.SetTextVersion(n.Newest.ID, n.Newest.State, memo.VoidedByNext); err != nil {
		return err
	}
	if m.Stage == memo.Agreed {
		return t.SetStage(m.ID, memo.Negotiating)
	}
	return nil
}

// Successions returns who took whose place in a memorandum, the oldest first.
func (t *Tx) Successions(id memo.ID) ([]memo.Succession, error) {
	return loadSuccessions(t.ctx, t.tx, id)
}

func loadSuccessions(ctx context.Context, q queryer, id memo.ID) ([]memo.Succession, error) {
	rows, err := q.QueryContext(ctx, `select x.was, x.now, x.name, u.name, x.day from succession x join unit u on u.id = x.now
		where x.memorandum = $1 order by x.day, x.at`, id)
	return collect(rows, err, func(r *sql.Rows) (s memo.Succession, err error) {
		return s, r.Scan(&s.Was, &s.Now, &s.Name, &s.NowName, &s.Day)
	})
}

func loadMembers(ctx context.Context, q queryer, id memo.ID) ([]memo.Member, error) {
	rows, err := q.QueryContext(ctx, `select id, memorandum, unit, asked, unasked, joined, left_day, why, digest from member where memorandum = $1 order by id`, id)
	return collect(rows, err, func(r *sql.Rows) (m memo.Member, err error) {
		return m, r.Scan(&m.ID, &m.Memorandum, &m.Unit, &m.Asked, &m.Unasked, &m.Joined, &m.Left, &m.Why, &m.Digest)
	})
}

// Members reads the members of an alliance, those who left too, in the order of being asked.
func (t *Tx) Members(id memo.ID) ([]memo.Member, error) { return loadMembers(t.ctx, t.tx, id) }

// AddMember writes a unit that is asked or that comes by itself; somebody may have
// been faster (IsDuplicate).
func (t *Tx) AddMember(m memo.Member) error {
	return t.exec(`insert into member (id, memorandum, unit, asked, unasked, joined, digest, entry) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		m.ID, m.Memorandum, m.Unit, m.Asked, m.Unasked, m.Joined, m.Digest, t.entry)
}

// OpenMembers writes whether a memorandum's list of members is open, if it is still
// at the version that was read.
func (t *Tx) OpenMembers(m memo.Memorandum) error {
	return t.execOne(`update memorandum set open_list = $3, version = version + 1 where id = $1 and version = $2`, m.ID, m.Version, m.Open)
}

// SetMember writes that a member joined or left; somebody may have been faster.
func (t *Tx) SetMember(m memo.Member) error {
	return t.execOne(`update member set joined = $2, left_day = $3, why = $4, digest = $5 where id = $1 and left_day is null`, m.ID, m.Joined, m.Left, m.Why, m.Digest)
}

// MemorandumFacts is what permissions are judged by for a memorandum.
func (t *Tx) MemorandumFacts(m memo.Memorandum) org.MemorandumFacts { return memorandumFacts(m) }
