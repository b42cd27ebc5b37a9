package task

import (
	"testing"
	"time"

	"gongjian/internal/calendar"
)

// Rule T-07.
func TestDeadlinesResolveToADay(t *testing.T) {
	e := Events{Signed: day("2010-02-26"), Issued: day("2010-01-31"), Received: day("2010-06-07"), Year: 2010}
	relative := func(r Relative) Deadline { return Deadline{Kind: DeadlineRelative, Relative: &r} }
	for _, c := range []struct {
		name string
		d    Deadline
		want string
	}{
		{"签署之日起90日内", relative(Relative{To: "signing", Days: 90}), "2010-05-27"},
		{"签署后三十日内", relative(Relative{To: "signing", Days: 30}), "2010-03-28"},
		{"收到后5个工作日内", relative(Relative{To: "receipt", Workdays: 5}), "2010-06-12"},
		{"印发后1个月内", relative(Relative{To: "issue", Months: 1}), "2010-02-28"},
		{"印发后5年内", relative(Relative{To: "issue", Years: 5}), "2015-01-31"},
		{"批复后18个月内, not approved", relative(Relative{To: "approval", Months: 18}), ""},
		{"nothing named", relative(Relative{To: "signing"}), ""},
		{"no relative", Deadline{Kind: DeadlineRelative}, ""},
		{"6月底前", Deadline{Kind: DeadlineByDate, Date: day("2010-06-30")}, "2010-06-30"},
		{"3月至11月", Deadline{Kind: DeadlineRange, From: day("2010-03-01"), Date: day("2010-11-30")}, "2010-11-30"},
		{"每季度", Deadline{Kind: DeadlineRecurring, Every: "quarter"}, "2010-12-31"},
		{"长期坚持", Deadline{Kind: DeadlineStanding}, ""},
		{"汛期前", Deadline{Kind: DeadlineUnparsed}, ""},
		{"无", Deadline{Kind: DeadlineNone}, ""},
	} {
		if got := DueDate(c.d, e, calendar.Default()).String(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// Rule T-08: May's reports close on 10 June.
func TestThePeriodsReportIsDueInTheMonthAfter(t *testing.T) {
	for _, c := range []struct {
		day          int
		period, want string
	}{
		{10, "2010-05", "2010-06-10"}, {10, "2010-12", "2011-01-10"}, {10, "2010-Q2", "2010-07-10"}, {10, "2010-H1", "2010-07-10"}, {10, "2010", "2011-01-10"},
		{31, "2010-01", "2010-02-28"}, {0, "2010-05", "2010-06-30"}, {28, "2010-05", "2010-06-28"},
	} {
		if got := (ReportingRule{DayOfMonth: c.day}).DueOf(period(c.period)).String(); got != c.want {
			t.Errorf("day %d after %s: %s, want %s", c.day, c.period, got, c.want)
		}
	}
	if !DefaultReporting().DueOf(calendar.Period{}).IsZero() {
		t.Error("no period is never due")
	}
}

// Rule T-17: a return does not make a punctual unit late.
func TestAReturnedReportHasItsOwnLastDay(t *testing.T) {
	w, rules, part := calendar.Default(), DefaultRuleset(), Part{Unit: "u"}
	returned := Report{Unit: "u", Period: period("2010-04"), Round: 1, State: ReportReturned, VerdictAt: at("2010-06-04")}
	if got := rules.LastDay(part, period("2010-04"), []Report{returned}, w).String(); got != "2010-06-08" {
		t.Errorf("in time, then returned: %s", got)
	}
	late := returned
	late.Late = true
	if got := rules.LastDay(part, period("2010-04"), []Report{late}, w).String(); got != "2010-05-10" {
		t.Errorf("late, then returned: %s", got)
	}
	returned.Period = period("2010-05")
	if got := rules.LastDay(part, period("2010-05"), []Report{returned}, w).String(); got != "2010-06-10" {
		t.Errorf("returned before the period closed: %s", got)
	}
	if got := rules.VerifyBy(today, w).String(); got != "2010-06-12" { // 核实岗6月12日前答复
		t.Errorf("verify by %s", got)
	}
	if got := rules.SignBy(today, w).String(); got != "2010-06-12" {
		t.Errorf("sign by %s", got)
	}
}

// Rule T-09.
func TestPeriodsRunFromTheStartAndOnWhileUnfinished(t *testing.T) {
	k := Task{Cadence: calendar.Month, Start: day("2010-03-15"), Due: day("2010-05-27"), State: InForce}
	count := func(k Task) int { return len(PeriodsOf(k, day("2010-07-02"))) }
	if got := count(k); got != 5 {
		t.Errorf("overdue and unfinished: %d periods", got)
	}
	k.State = Finished // today's state says nothing of a past day: FactsOf cuts by the day of finishing
	if got := count(k); got != 5 {
		t.Errorf("finished: %d periods", got)
	}
	k.Deadline.StandingAfter = true
	if got := count(k); got != 5 {
		t.Errorf("standing: %d periods", got)
	}
	k.Cadence = ""
	if got := count(k); got != 0 || k.PeriodKind() != calendar.Month {
		t.Errorf("without a cadence: %d periods", got)
	}
}

// at is ten in the morning of a day in China.
func at(s string) time.Time {
	d := day(s)
	return time.Date(d.Year, d.Month, d.Day, 10, 0, 0, 0, calendar.China)
}
