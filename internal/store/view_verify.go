package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// QueueFilter narrows the queue of reports to verify; empty fields do not.
type QueueFilter struct {
	Unit org.UnitID // that reported
	Task task.ID
}

// QueueKey is the place of a report in the queue.
type QueueKey struct {
	Due calendar.Date
	ID  task.ReportID
}

// QueueRow is one report that waits for the caller's unit to verify it.
type QueueRow struct {
	task.Report
	Title    string
	Target   *task.Target
	UnitName string
	Due      calendar.Date // verify or return by this day
	Verified task.Quantity // the unit's last verified value
	Files    int
}

// Key is the row's place in the queue.
func (r QueueRow) Key() QueueKey { return QueueKey{r.Due, r.ID} }

// queue is the WHERE clause of the caller's queue for report r, numbered from 1.
func (v *View) queue(f QueueFilter) (string, *clause) {
	c := &clause{n: 1}
	where := `r.verifier = ` + c.arg(v.caller.Unit().ID) + ` and r.state = 'submitted'`
	if f.Unit != "" {
		where += ` and r.unit = ` + c.arg(f.Unit)
	}
	if f.Task != "" {
		where += ` and r.task = ` + c.arg(f.Task)
	}
	return where, c
}

// VerifyQueue lists reports for the caller's unit to verify, by the day they are
// due, from after a place on. A post that does not verify has no queue.
func (v *View) VerifyQueue(ctx context.Context, f QueueFilter, after QueueKey, limit int) ([]QueueRow, error) {
	if !v.runs() {
		return nil, nil
	}
	where, c := v.queue(f)
	if after.ID != "" {
		due := c.arg(after.Due)
		where += ` and (r.due > ` + due + ` or (r.due = ` + due + ` and r.id > ` + c.arg(after.ID) + `))`
	}
	last := c.arg(limit)
	rows, err := v.q.QueryContext(ctx, `select `+reportColumns+`, t.title, t.target, u.name, r.due,
			coalesce((select x.value from report x where x.task = r.task and x.unit = r.unit and x.state = 'verified'
				order by x.period desc, x.round desc limit 1), 0),
			(select count(*) from report_evidence e where e.report = r.id)
		from report r join task t on t.id = r.task join unit u on u.id = coalesce(r.filed_by, r.unit)
		where `+where+` order by r.due, r.id limit `+last, c.args...)
	return collect(rows, err, func(r *sql.Rows) (q QueueRow, err error) {
		q.Report, err = scanReport(beside{r, []any{&q.Title, known[*task.Target]{&q.Target, nil}, &q.UnitName, &q.Due, &q.Verified, &q.Files}})
		return q, err
	})
}

// QueueCount is how long the queue is and how pressing.
type QueueCount struct {
	All    int
	By     int           // due on a day or before it
	First  calendar.Date // the earliest day by which one is due
	Oldest time.Time     // when the one that waits longest was handed in
}

// QueueCount counts the queue, and what of it is due by a day.
func (v *View) QueueCount(ctx context.Context, f QueueFilter, by calendar.Date) (n QueueCount, err error) {
	if !v.runs() {
		return n, nil
	}
	where, c := v.queue(f)
	err = v.q.QueryRowContext(ctx, `select count(*), coalesce(sum(case when r.due <= `+c.arg(by)+` then 1 else 0 end), 0), min(r.due), min(r.at)
		from report r where `+where, c.args...).Scan(&n.All, &n.By, &n.First, instant{&n.Oldest})
	if err != nil {
		return n, fmt.Errorf("store: counting a queue: %w", err)
	}
	return n, nil
}

// QueueUnits returns the units whose reports wait in the caller's queue.
func (v *View) QueueUnits(ctx context.Context, limit int) ([]org.Unit, error) {
	if !v.runs() {
		return nil, nil
	}
	where, c := v.queue(QueueFilter{})
	rows, err := v.q.QueryContext(ctx, `select `+unitColumns+` from unit u where u.id in (select r.unit from report r where `+where+`)
		order by u.region, u.position, u.id limit `+c.arg(limit), c.args...)
	return collect(rows, err, func(r *sql.Rows) (org.Unit, error) { return scanUnit(r) })
}

// MayVerify reports whether the caller may verify or return a report.
func (v *View) MayVerify(r ReportView) bool {
	return r.State == task.ReportSubmitted && v.May(org.VerifyReport, r.Facts)
}
