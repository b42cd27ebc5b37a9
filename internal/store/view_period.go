package store

import (
	"context"
	"database/sql"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/org"
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

// PeriodList is the periods of an office's plans.
type PeriodList struct {
	Rows    []PeriodRow
	Counted time.Time // when reports were counted, where that is not of this moment
}

// Periods returns the last months and quarters that have ended, newest first,
// with what was reported for them in the plans that the caller's unit runs.
func (v *View) Periods(ctx context.Context, months int) (out PeriodList, err error) {
	first := calendar.Of(calendar.Month, v.today)
	for range months {
		first = first.Prev()
	}
	counts, at, err := v.periodCounts(ctx, first)
	if err != nil {
		return out, err
	}
	closed, err := v.closedPeriods(ctx)
	if err != nil {
		return out, err
	}
	out.Counted = at
	for _, p := range endedPeriods(first, v.today) {
		row := PeriodRow{Period: p, Due: v.store.Rules().Reporting.DueOf(p), Closed: closed[p]}
		for _, c := range counts {
			if !c.period.First().Before(p.First()) && !c.period.Last().After(p.Last()) {
				row.Reports, row.Late, row.Open = row.Reports+c.reports, row.Late+c.late, row.Open+c.open
			}
		}
		row.MayClose = row.Closed.IsZero() && v.today.After(row.Due)
		out.Rows = append(out.Rows, row)
	}
	return out, nil
}

// periodCount is what was reported for a period.
type periodCount struct {
	period              calendar.Period
	reports, late, open int
}

// periodsOf is what was reported of an office's plans since a period.
type periodsOf struct {
	office org.UnitID
	first  calendar.Period
}

// periodCounts counts what was reported for each period; of a large office it may be a
// minute old, and says then when it was counted. It goes from the office's plans to
// their reports, which for a nation are fewer than all of a year.
func (v *View) periodCounts(ctx context.Context, first calendar.Period) (all []periodCount, at time.Time, err error) {
	what := periodsOf{v.caller.Unit().ID, first}
	return v.store.held.periods.count(what, v.store.Now(), func() ([]periodCount, int, error) { return v.countPeriods(ctx, what) })
}

func (v *View) countPeriods(ctx context.Context, what periodsOf) (all []periodCount, whole int, err error) {
	rows, err := v.q.QueryContext(ctx, `select r.period, count(*), sum(case when r.late then 1 else 0 end), sum(case when r.state = 'submitted' then 1 else 0 end)
		from plan l cross join task t cross join report r where t.plan = l.id and r.task = t.id
		and l.office = $1 and r.at >= $2 and r.state <> 'taken-back' group by r.period`, what.office, what.first.First().Time().UnixMicro())
	all, err = collect(rows, err, func(r *sql.Rows) (c periodCount, err error) {
		return c, r.Scan(&c.period, &c.reports, &c.late, &c.open)
	})
	for _, c := range all {
		whole += c.reports
	}
	return all, whole, err
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
