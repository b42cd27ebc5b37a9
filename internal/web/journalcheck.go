package web

import (
	"io"
	"net/http"

	"gongjian/internal/fault"
	"gongjian/internal/journal"
	"gongjian/internal/org"
	"gongjian/internal/web/page"
)

// verifyJournal recomputes the whole journal for whoever may read it whole. It
// changes nothing, so it is no act and has no receipt. One runs at a time.
func (s *Server) verifyJournal(q *request) error {
	if !q.view.May(org.SeeJournal, org.JournalFacts{}) || s.check == nil || s.check.Run == nil {
		return errAbsent
	}
	if !s.check.running.TryLock() {
		return fault.New(fault.Busy, "journal.check-running")
	}
	defer s.check.running.Unlock()
	report, err := s.check.Run(q.Context())
	if err != nil {
		return err
	}
	v, err := q.frame(q.p.T("journal.check-result"), "journal")
	if err != nil {
		return err
	}
	return q.render(http.StatusOK, page.JournalCheck(v, q.journalCheck(report)))
}

// journalCheck words a report.
func (q *request) journalCheck(report journal.Report) page.JournalCheckPage {
	f := page.JournalCheckPage{OK: report.OK(), Facts: []page.Fact{
		{Name: q.p.T("journal.check-entries"), Text: page.Say(q.p.Number(report.Entries))},
		{Name: q.p.T("journal.check-waiting"), Text: page.Say(q.p.Number(report.Waiting))},
		{Name: q.p.T("journal.check-checkpoints"), Text: page.Say(q.p.Number(report.Checkpoints))},
		{Name: q.p.T("journal.check-root"), Text: page.Say(report.Root.String())},
	}}
	if report.OK() {
		f.Said = page.Rich(q.p.Rich("journal.check-ok", "n", report.Entries))
		return f
	}
	f.Said = page.Rich(q.p.Rich("journal.check-bad", "n", int64(len(report.Problems))+report.More))
	if report.More > 0 {
		f.More = q.p.T("journal.check-more", "n", report.More)
	}
	for _, problem := range report.Problems {
		row := page.ProblemRow{Place: q.p.T("journal.check-whole"), Text: q.problem(problem)}
		if problem.Sequence != journal.Waiting {
			row.Place = q.p.T("journal.check-at", "sequence", q.p.Number(problem.Sequence))
		}
		if problem.ID != "" {
			row.Href = "/journal/entries/" + problem.ID
		}
		f.Problems = append(f.Problems, row)
	}
	return f
}

// problem is the sentence for one thing that does not fit.
func (q *request) problem(p journal.Problem) string {
	args := []any{"Sequence", p.Sequence, "ID", p.ID}
	for name, value := range p.Args {
		args = append(args, name, value)
	}
	key := "fault.journal.problem-" + p.Code
	if _, kept := p.Args["Outside"]; kept {
		key = "fault.journal.outside-checkpoint"
	}
	return q.p.T(key, args...)
}

// publicKey hands out the key that checkpoints are signed with, as the verifying
// program reads it. Whoever wants to be sure gets it by another way, too.
func (s *Server) publicKey(q *request) error {
	if s.check == nil || s.check.PublicKey == "" {
		return errAbsent
	}
	q.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := io.WriteString(q.w, journal.SaveKey(s.check.PublicKey))
	return err
}

// unitTyped finds the unit that somebody typed into an address or a filter: its id
// or a name that means one unit only.
func (q *request) unitTyped(typed, field string) (org.Unit, *fault.Fault, error) {
	names, err := q.unitNames(q.caller.Unit().Region)
	if err != nil {
		return org.Unit{}, nil, err
	}
	if u, ok := names.units[org.UnitID(typed)]; ok {
		return u, nil, nil
	}
	m := names.index.Match(typed, names.territory)
	if m.Outcome == org.Found {
		return names.units[m.Unit], nil, nil
	}
	return org.Unit{}, fault.New(fault.Invalid, "unit-field.unknown", "Name", typed).On(field), nil
}
