package task

import (
	"testing"

	"gongjian/internal/calendar"
)

// Rule T-19.
func TestReportsDueBeforeATaskWasGivenOrAfterItsEndAreNotMissed(t *testing.T) {
	k := Task{
		ID: "k", State: InForce, Leads: nil, Cadence: calendar.Month, Start: calendar.NewDate(2010, 1, 1), Due: calendar.NewDate(2010, 12, 31),
		Deadline: Deadline{Kind: DeadlineByDate, Date: calendar.NewDate(2010, 12, 31)}, Given: calendar.NewDate(2010, 3, 20),
	}
	k.Leads = append(k.Leads, "unit")
	missed := func(finished, on calendar.Date) (out []string) {
		f := FactsOf(k, nil, finished, on, ReportingRule{DayOfMonth: 10})
		for _, p := range f.Periods {
			if p.Reported.IsZero() && p.Due.Before(on) {
				out = append(out, p.Period.String())
			}
		}
		return out
	}
	// Given on 20 March: January (due 10 February) and February (10 March) are nobody's
	// fault; March is due on 10 April.
	if got := missed(calendar.Date{}, calendar.NewDate(2010, 6, 30)); len(got) != 3 || got[0] != "2010-03" || got[2] != "2010-05" {
		t.Errorf("missed by the end of June: %v, want March to May", got)
	}
	if got := missed(calendar.NewDate(2010, 5, 2), calendar.NewDate(2010, 12, 20)); len(got) != 1 || got[0] != "2010-03" {
		t.Errorf("finished on 2 May, missed by December: %v, want March", got)
	}
	k.Withdrawn = calendar.NewDate(2010, 5, 15)
	if got := missed(calendar.Date{}, calendar.NewDate(2010, 12, 20)); len(got) != 2 || got[1] != "2010-04" {
		t.Errorf("withdrawn on 15 May, missed by December: %v, want March and April", got)
	}
}
