package web

import (
	"encoding/json"
	"slices"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/journal"
	"gongjian/internal/org"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
)

// done is what an entry of the journal keeps of an act, as far as a history tells it.
type done struct {
	Unit     org.UnitID      `json:"unit"`
	From     org.UnitID      `json:"from"`
	To       org.UnitID      `json:"to"`
	Released org.UnitID      `json:"released"`
	State    string          `json:"state"`
	Period   calendar.Period `json:"period"`
	Kind     task.ReportKind `json:"kind"`
	Value    task.Quantity   `json:"value"`
	Words    string          `json:"words"`
	Verdict  string          `json:"verdict"`
	Reason   string          `json:"reason"`
	Tasks    json.RawMessage `json:"tasks"`
	Pieces   []struct {
		Target *task.Target `json:"target"`
	} `json:"pieces"`
	Before map[string]json.RawMessage `json:"before"`
	After  map[string]json.RawMessage `json:"after"`
}

// taskHistory tells what was done to the task, from the journal. What was done to
// its parts stands on their pages.
func (s *Server) taskHistory(q *request, f *page.TaskPage, k taskPage) error {
	records, err := s.log.History(q.Context(), "task", string(k.ID), historyShown)
	if err != nil {
		return err
	}
	records = slices.DeleteFunc(records, func(r journal.Record) bool {
		return r.Damaged || r.Entry.Outcome != journal.Done || calendar.DateOf(r.Entry.At).After(k.on)
	})
	rows, err := s.history(q, records, func(e journal.Entry) string { return q.didToTask(e, k) })
	f.History = rows
	if k.TaskRow.Parts > 0 {
		f.HistoryNote = q.p.T("task.history-parts")
	}
	return err
}

// history turns entries into rows with posts, receipts and sequence numbers.
func (s *Server) history(q *request, records []journal.Record, what func(journal.Entry) string) ([]page.TaskDone, error) {
	var ids []org.PostID
	for _, r := range records {
		ids = append(ids, org.PostID(r.Entry.Post))
	}
	slices.Sort(ids)
	posts, err := q.view.PostNames(q.Context(), slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	var out []page.TaskDone
	for _, r := range records {
		post := posts[org.PostID(r.Entry.Post)]
		row := page.TaskDone{
			When: q.p.Recent(r.Entry.At), Post: q.p.Dots(post.UnitName, post.Title), What: what(r.Entry),
			Receipt: r.Receipt, Href: "/journal/entries/" + r.Entry.ID,
		}
		if r.Folded() {
			row.Sequence = q.p.Number(r.Sequence)
		}
		out = append(out, row)
	}
	return out, nil
}

// didToTask says in words what an entry did. An action without words of its own
// here is called by its name.
func (q *request) didToTask(e journal.Entry, k taskPage) string {
	var d done
	if err := json.Unmarshal(e.Detail, &d); err != nil {
		return q.p.T(org.Action(e.Action).TextKey())
	}
	unit := targetUnit(k.TaskRow)
	switch org.Action(e.Action) {
	case org.SubmitReport:
		return q.p.T("task.did-report", "period", d.Period, "said", q.reportWords(d.Kind, d.Value, d.Words, unit))
	case org.VerifyReport:
		return q.p.T("task.did-verify", "period", d.Period, "said", q.reportWords(d.Kind, d.Value, d.Words, unit))
	case org.ReturnReport:
		return q.p.T("task.did-return", "period", d.Period, "reason", d.Verdict)
	case org.TakeBackReport:
		return q.p.T("task.did-take-back", "period", d.Period)
	case org.SignTask:
		return q.p.T("task.did-sign")
	case org.RefuseTask:
		return q.p.T("task.did-refuse", "reason", d.Reason)
	case org.ExcuseUnit:
		return q.p.T("task.did-excuse", "unit", called(k.units[d.Unit]), "reason", d.Reason)
	case org.WithdrawTask:
		return q.p.T("task.did-withdraw", "reason", d.Reason)
	case org.AnswerRefusal:
		return q.didAnswer(d, k)
	case org.SplitTask:
		return q.didSplit(d, unit)
	case org.ChangeTask:
		return q.p.T("task.did-change", "fields", changedFields(q, d), "reason", d.Reason)
	}
	return q.p.T(org.Action(e.Action).TextKey())
}

func (q *request) didAnswer(d done, k taskPage) string {
	switch {
	case d.To != "":
		return q.p.T("task.did-give", "to", called(k.units[d.To]))
	case d.Released != "":
		return q.p.T("task.did-release")
	}
	return q.p.T("task.did-insist", "unit", called(k.units[d.Unit]), "reason", d.Reason)
}

func (q *request) didSplit(d done, unit string) string {
	var sum []task.Quantity
	for _, p := range d.Pieces {
		if goal, ok := p.Target.Goal(); ok {
			sum = append(sum, goal)
		}
	}
	if len(sum) == 0 {
		return q.p.T("task.did-split-count", "n", len(d.Pieces))
	}
	return q.p.T("task.did-split", "n", len(d.Pieces), "sum", task.Sum(sum...), "unit", unit)
}

// changedFields names the fields that a change touched.
func changedFields(q *request, d done) []string {
	var out []string
	for _, name := range []string{"title", "measures", "deadline", "due", "target", "evidence", "cadence", "field"} {
		if string(d.Before[name]) != string(d.After[name]) {
			out = append(out, q.p.T("task.field-"+name))
		}
	}
	return out
}

// lastDone is who changed a record last, and when.
type lastDone struct {
	post string
	at   time.Time
}

// lastDoneTo finds the last act on a record, for the words of a conflict.
func (s *Server) lastDoneTo(q *request, kind, id string) (lastDone, error) {
	records, err := s.log.History(q.Context(), kind, id, 10)
	if err != nil {
		return lastDone{}, err
	}
	for _, r := range records {
		if r.Damaged || r.Entry.Outcome != journal.Done {
			continue
		}
		posts, err := q.view.PostNames(q.Context(), []org.PostID{org.PostID(r.Entry.Post)})
		p := posts[org.PostID(r.Entry.Post)]
		return lastDone{q.p.Dots(p.UnitName, p.Title), r.Entry.At}, err
	}
	return lastDone{q.p.T("task.somebody"), s.store.Now()}, nil
}
