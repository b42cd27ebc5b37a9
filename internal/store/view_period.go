package store

import (
	"context"
	"database/sql"

	"gongjian/internal/calendar"
)

// PeriodRow is one reporting period of the plans that the caller's unit runs.
type PeriodRow struct {
	Period   calendar.Period
	Due      calendar.Date // last day in time
	Reports  int           // handed in and not taken back
	Late     int           // of them after the last day
	Open     int           // of them not yet verified or returned
	Closed   calendar.Date // zero: not closed
	MayClose bool          // the last day is over and it is not closed
}

// Periods returns the last months and quarters that have ended, newest first,
// with what was reported for them in the plans that the caller's unit runs.
func (v *View) Periods(ctx context.Context, months int) ([]PeriodRow, error) {
	type count struct {
		period              calendar.Period
		reports, late, open int
	}
	first := calendar.Of(calendar.Month, v.today)
	for range months {
		first = first.Prev()
	}
	office := v.caller.Unit().ID
	rows, err := v.q.QueryContext(ctx, `select r.period, count(*), sum(case when r.late then 1 else 0 end), sum(case when r.state = 'submitted' then 1 else 0 end)
		from report r join task t on t.id = r.task join plan l on l.id = t.plan
		where l.office = $1 and r.at >= $2 and r.state <> 'taken-back' group by r.period`, office, first.First().Time().UnixMicro())
	counts, err := collect(rows, err, func(r *sql.Rows) (c count, err error) {
		return c, r.Scan(&c.period, &c.reports, &c.late, &c.open)
	})
	if err != nil {
		return nil, err
	}
	closed, err := v.closedPeriods(ctx)
	if err != nil {
		return nil, err
	}
	var out []PeriodRow
	for _, p := range endedPeriods(first, v.today) {
		row := PeriodRow{Period: p, Due: v.store.Rules().Reporting.DueOf(p), Closed: closed[p]}
		for _, c := range counts {
			if !c.period.First().Before(p.First()) && !c.period.Last().After(p.Last()) {
				row.Reports, row.Late, row.Open = row.Reports+c.reports, row.Late+c.late, row.Open+c.open
			}
		}
		row.MayClose = row.Closed.IsZero() && v.today.After(row.Due)
		out = append(out, row)
	}
	return out, nil
}

func (v *View) closedPeriods(ctx context.Context) (map[calendar.Period]calendar.Date, error) {
	type row struct {
		period calendar.Period
		on     calendar.Date
	}
	rows, err := v.q.QueryContext(ctx, `select period, on_day from closed_period where office = $1`, v.caller.Unit().ID)
	all, err := collect(rows, err, func(r *sql.Rows) (x row, err error) { return x, r.Scan(&x.period, &x.on) })
	out := map[calendar.Period]calendar.Date{}
	for _, x := range all {
		out[x.period] = x.on
	}
	return out, err
}

// endedPeriods are the months from first on, and the quarters that lie in them,
// that have ended before today; newest first, a quarter before its last month.
func endedPeriods(first calendar.Period, today calendar.Date) (out []calendar.Period) {
	for p := calendar.Of(calendar.Month, today).Prev(); !p.Before(first); p = p.Prev() {
		if q := calendar.Of(calendar.Quarter, p.First()); q.Last() == p.Last() {
			out = append(out, q)
		}
		out = append(out, p)
	}
	return out
}
