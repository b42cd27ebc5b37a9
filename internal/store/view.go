package store

import (
	"context"
	"database/sql"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// View answers the questions of one caller. Lists are filtered by the caller's
// scope in SQL; single records are asked for by the policies, and one that is
// out of sight answers as if it did not exist.
type View struct {
	store  *Store
	caller org.Caller
	scope  org.Scope
	q      queryer
	today  calendar.Date
}

// View binds the database to a caller.
func (s *Store) View(c org.Caller) *View {
	q := s.asking()
	return &View{store: s, caller: c, scope: c.Scope(), q: q, today: s.Today()}
}

// Caller returns who looks.
func (v *View) Caller() org.Caller { return v.caller }

// Today returns the day on which the caller looks.
func (v *View) Today() calendar.Date { return v.today }

// May reports whether the caller may do something to a resource, and by which policy.
func (v *View) May(action org.Action, r org.Resource) bool {
	return v.store.policies.Decide(v.caller, action, r).Allowed
}

// see answers NotFound unless the caller may look at the resource.
func (v *View) see(action org.Action, r org.Resource) error {
	if v.May(action, r) {
		return nil
	}
	return fault.New(fault.NotFound, "absent", "Action", string(action))
}

// PostOf is a post that a person may act in, with its unit's name.
type PostOf struct {
	Post     org.PostID
	Title    string
	Unit     org.UnitID
	UnitName string
	Roles    []org.Role
	Region   org.RegionCode
}

// PostsOf returns the posts that a person holds on a day, the longest held first.
func (s *Store) PostsOf(ctx context.Context, person org.PersonID, on calendar.Date) ([]PostOf, error) {
	rows, err := s.db.Read().QueryContext(ctx, `select o.id, o.title, u.id, u.name, o.roles, u.region
		from holding h join post o on o.id = h.post join unit u on u.id = o.unit
		where h.person = $1 and h.from_day <= $2 and (h.to_day is null or h.to_day >= $2) order by h.from_day, o.id`, person, on)
	return collect(rows, err, scanPostOf)
}

func scanPostOf(r *sql.Rows) (p PostOf, err error) {
	return p, r.Scan(&p.Post, &p.Title, &p.Unit, &p.UnitName, kept{&p.Roles}, &p.Region)
}

// Names returns the names of units by id, for pages that show ids of several.
func (v *View) Names(ctx context.Context, ids []org.UnitID) (map[org.UnitID]org.Unit, error) {
	out := map[org.UnitID]org.Unit{}
	if len(ids) == 0 {
		return out, nil
	}
	marks, args := list(1, ids)
	rows, err := v.q.QueryContext(ctx, `select `+unitColumns+` from unit u where u.id in (`+marks+`)`, args...)
	units, err := collect(rows, err, func(r *sql.Rows) (org.Unit, error) { return scanUnit(r) })
	for _, u := range units {
		out[u.ID] = u
	}
	return out, err
}

// asOfToday makes a light that is kept that of the day on which the caller looks; one
// whose morning has not been is that of the last day for which it is kept.
func (v *View) asOfToday(t *TaskRow) {
	on := v.today
	if t.Until.Before(on) {
		on = t.Until
	}
	t.Light = t.Light.Seen(v.store.workdays, on)
}

// tasks reads tasks with their units, parents before parts, and their lights of today.
func (v *View) tasks(ctx context.Context, where string, args ...any) ([]TaskRow, error) {
	tasks, err := loadTasks(ctx, v.q, where, args...)
	for i := range tasks {
		v.asOfToday(&tasks[i])
	}
	return tasks, err
}

// TaskView is a task as one caller sees it.
type TaskView struct {
	TaskRow
	Parts []task.Part
	Facts org.TaskFacts
}

// Task returns a task, if the caller may see it.
func (v *View) Task(ctx context.Context, id task.ID) (TaskView, error) {
	row, parts, err := loadTask(ctx, v.q, id)
	if err != nil {
		return TaskView{}, err
	}
	v.asOfToday(&row)
	facts, err := taskFacts(ctx, v.q, row.Task)
	if err != nil {
		return TaskView{}, err
	}
	return TaskView{TaskRow: row, Parts: parts, Facts: facts}, v.see(org.SeeTask, facts)
}

// Tidy removes expired sessions, spent sign-in links, and remembered requests with
// their answers and deliveries older than a month; and the engine looks at how its
// tables are filled.
func (s *Store) Tidy(ctx context.Context) error {
	if err := s.db.Tend(ctx); err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		// Sessions go by real time, whatever the store's clock says; a marked one stays a day.
		if _, err := tx.ExecContext(ctx, `delete from session where expiry between 1 and $1 or expiry between $2 and -1`,
			time.Now().UnixMicro(), -time.Now().AddDate(0, 0, -1).UnixMicro()); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `delete from sign_in_link where until < $1`, s.clock().UnixMicro()); err != nil {
			return err
		}
		month := s.clock().AddDate(0, -1, 0).UnixMicro()
		if _, err := tx.ExecContext(ctx, `delete from request_answer where at < $1`, month); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `delete from webhook_delivery where state <> 'waiting' and due < $1`, month); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `delete from answered where at < $1`, month); err != nil {
			return err
		}
		return s.tidyErrands(ctx, tx)
	})
}

// PlanTasks returns the tasks of a plan that the caller sees, parents before
// parts, each level in its order. It reads a whole plan: for exports and checks and
// for working on one, not for pages, which load a level at a time.
func (v *View) PlanTasks(ctx context.Context, plan memo.PlanID) ([]TaskRow, error) {
	where, args := tasksInScope(v.scope, 2)
	return v.tasks(ctx, `where t.plan = $1 and `+where, append([]any{plan}, args...)...)
}

// PlanTable returns the rows of a plan's table that the caller sees, without withdrawn
// ones and without what they were split into, in their order: what its document prints.
func (v *View) PlanTable(ctx context.Context, plan memo.PlanID) ([]TaskRow, error) {
	where, args := namedTasksInScope(v.scope, 2)
	return v.tasks(ctx, `where t.plan = $1 and t.depth = 0 and t.state <> 'withdrawn' and `+where, append([]any{plan}, args...)...)
}

// Reports returns the reports of a task that the caller sees, oldest first.
func (v *View) Reports(ctx context.Context, id task.ID) ([]task.Report, error) {
	if _, err := v.Task(ctx, id); err != nil {
		return nil, err
	}
	return loadReports(ctx, v.q, `where r.task = $1`, id)
}
