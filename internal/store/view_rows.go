package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// PartsOf returns the tasks directly below one that the caller may see, in order.
func (v *View) PartsOf(ctx context.Context, parent task.ID) ([]TaskRow, error) {
	where, args := namedTasksInScope(v.scope, 2)
	return v.tasks(ctx, `where t.parent = $1 and `+where, append([]any{parent}, args...)...)
}

// LastReport returns the last report that a unit handed in for a task and a
// period, if the caller may see the task; NotFound when there is none.
func (v *View) LastReport(ctx context.Context, of task.ID, unit org.UnitID, p calendar.Period) (id task.ReportID, err error) {
	where, args := namedTasksInScope(v.scope, 4)
	err = v.q.QueryRowContext(ctx, `select r.id from report r join task t on t.id = r.task
		where r.task = $1 and r.unit = $2 and r.period = $3 and `+where+` order by r.round desc limit 1`,
		append([]any{of, unit, p}, args...)...).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", fault.New(fault.NotFound, "absent")
	}
	if err != nil {
		return "", fmt.Errorf("store: looking for a report: %w", err)
	}
	return id, nil
}
