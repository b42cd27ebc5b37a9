package task

import "gongjian/internal/calendar"

// Ruleset is everything about tasks that a province sets for itself. Which one
// holds on a day is for a Rulebook to say.
type Ruleset struct {
	Light        Rule          `json:"light"`
	Place        PlaceRule     `json:"place"`
	Reporting    ReportingRule `json:"reporting"`
	SignDays     int           `json:"sign_days"`     // working days to sign for a task or to refuse it
	VerifyDays   int           `json:"verify_days"`   // working days to verify or return a report
	ResubmitDays int           `json:"resubmit_days"` // working days to hand a returned report in again
}

// DefaultRuleset is that of the reference pages: May's reports close on 10 June;
// what came in on 7 June 2010 is answered by the 12th, a Saturday that was
// worked; what was returned on 4 June is due again on the 8th. Five working days
// to sign are ours.
func DefaultRuleset() Ruleset {
	return Ruleset{
		Light: DefaultRule(), Place: DefaultPlaceRule(), Reporting: DefaultReporting(),
		SignDays: 5, VerifyDays: 5, ResubmitDays: 2,
	}
}

// SignBy returns the last day to sign for what was given on a day.
func (s Ruleset) SignBy(given calendar.Date, w calendar.Workdays) calendar.Date {
	return w.Add(given, s.SignDays)
}

// VerifyBy returns the last day to verify or return what was handed in on a day.
func (s Ruleset) VerifyBy(handedIn calendar.Date, w calendar.Workdays) calendar.Date {
	return w.Add(handedIn, s.VerifyDays)
}

// ResubmitBy returns the last day to hand in again what was returned on a day.
func (s Ruleset) ResubmitBy(returned calendar.Date, w calendar.Workdays) calendar.Date {
	return w.Add(returned, s.ResubmitDays)
}

// LastDay returns the last day in time for the next report of a part in a period.
//
// Rule T-17 (ours): that of the period, or, where the unit's last report for it
// came in time and was returned, the last day to hand it in again, if that is
// later: a return does not make a punctual unit late.
func (s Ruleset) LastDay(part Part, p calendar.Period, prior []Report, w calendar.Workdays) calendar.Date {
	due := s.Reporting.DueOf(p)
	if last, ok := lastRound(prior, part.Unit, p); ok && last.State == ReportReturned && !last.Late {
		if again := s.ResubmitBy(calendar.DateOf(last.VerdictAt), w); again.After(due) {
			return again
		}
	}
	return due
}
