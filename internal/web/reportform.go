package web

import (
	"errors"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
)

// typedReport is what stands in the form of a report.
type typedReport struct {
	period    calendar.Period
	kind      task.ReportKind
	value     string // as typed
	number    task.Quantity
	words     string
	why       string
	completes bool
	files     []task.Evidence
}

func (t typedReport) input() task.ReportInput {
	in := task.ReportInput{Period: t.period, Kind: t.kind, Value: t.number, Words: t.words, Why: t.why, Completes: t.completes}
	for _, e := range t.files {
		in.Evidence = append(in.Evidence, e.ID)
	}
	return in
}

// readReport reads the form with its files. What is wrong with a field comes
// together, and every file that is good is kept all the same, so that nobody
// uploads it twice.
func (s *Server) readReport(q *request, f store.ReportForm) (t typedReport, err error) {
	if err := q.ParseMultipartForm(8 << 20); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return t, err
		}
		return t, fault.New(fault.Invalid, "report.form-broken").Because(err)
	}
	t = typedReport{
		kind: task.ReportKind(q.PostFormValue("kind")), value: q.PostFormValue("value"), words: unix(q.PostFormValue("words")),
		why: unix(q.PostFormValue("why")), completes: q.PostFormValue("completes") == "yes",
	}
	var l fault.List
	if t.period, err = calendar.ParsePeriod(q.PostFormValue("period")); err != nil {
		l = append(l, fault.New(fault.Invalid, "report.no-such-period", "Period", q.PostFormValue("period")).On("period").Because(err))
	}
	if t.kind == task.ReportValue {
		var wrong *fault.Fault
		if t.number, err = task.ParseReported(t.value, f.Target); errors.As(err, &wrong) {
			l = append(l, wrong.On("value"))
		}
	}
	found, err := s.readFiles(q, f, &t)
	if err != nil {
		return t, err
	}
	return t, append(l, found...).Err()
}

// unix writes line ends as we keep them; browsers send two characters.
func unix(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

// readFiles gathers the files that stay and keeps those that came with the form.
func (s *Server) readFiles(q *request, f store.ReportForm, t *typedReport) (l fault.List, err error) {
	add := func(e task.Evidence, err error) error {
		var wrong *fault.Fault
		switch {
		case errors.As(err, &wrong) && mendable(err):
			l = append(l, wrong.On("evidence"))
		case err != nil:
			return err
		case !slices.ContainsFunc(t.files, func(x task.Evidence) bool { return x.ID == e.ID }):
			t.files = append(t.files, e)
		}
		return nil
	}
	for _, kept := range q.PostForm["kept"] {
		id, name, _ := strings.Cut(kept, " ")
		own, before := f.Files[task.EvidenceID(id)]
		if before {
			name = own.Name
		}
		// Only what this unit handed in or this session uploaded: a file's hash alone
		// must not make it somebody's own.
		if !before && !slices.Contains(q.keptFiles(), id) {
			l = append(l, fault.New(fault.Invalid, "report.file-gone", "Name", name).On("evidence"))
			continue
		}
		e, err := s.desk.KeepAgain(q.caller, task.EvidenceID(id), name)
		if before {
			e.At = own.At // it was uploaded then, not now
		}
		if err := add(e, err); err != nil {
			return l, err
		}
	}
	if q.MultipartForm == nil {
		return l, nil
	}
	for _, header := range q.MultipartForm.File["evidence"] {
		if header.Filename == "" && header.Size == 0 {
			continue
		}
		e, err := s.keepUpload(q, header)
		if err := add(e, err); err != nil {
			return l, err
		}
		if err == nil {
			q.rememberKept(e.ID)
		}
	}
	return l, nil
}

func (s *Server) keepUpload(q *request, header *multipart.FileHeader) (task.Evidence, error) {
	r, err := header.Open()
	if err != nil {
		return task.Evidence{}, err
	}
	defer r.Close()
	return s.desk.KeepEvidence(q.caller, r, header.Filename)
}

// sessionKept names the hashes of files that this session uploaded and that no
// report names yet.
const sessionKept = "kept"

// maxKept bounds what a session remembers of uploads.
const maxKept = 60

func (q *request) keptFiles() []string {
	ids, _ := q.server.sessions.Get(q.Context(), sessionKept).([]string)
	return ids
}

func (q *request) rememberKept(id task.EvidenceID) {
	ids := append(slices.Clone(q.keptFiles()), string(id))
	if len(ids) > maxKept {
		ids = ids[len(ids)-maxKept:]
	}
	q.server.sessions.Put(q.Context(), sessionKept, ids)
}

func (q *request) forgetKept() { q.server.sessions.Remove(q.Context(), sessionKept) }

// hasFault reports whether one of the faults in err has a key.
func hasFault(err error, key string) bool {
	var l fault.List
	if errors.As(err, &l) {
		return slices.ContainsFunc(l, func(f *fault.Fault) bool { return f.Key == key })
	}
	return fault.Is(err, key)
}

func (s *Server) showReport(q *request, code int, f store.ReportForm, t typedReport, cause error) error {
	name := q.p.T("report.page-title", "period", q.shortPeriod(t.period))
	unit := targetUnit(f.TaskRow)
	v := page.ReportFormView{
		Head: q.reportHead(f, name), Action: "/tasks/" + string(f.ID) + "/report", Key: formKey(q), Period: t.period.String(),
		Question: q.p.T("report.question", "period", q.shortPeriod(t.period)), Kind: string(t.kind),
		ValueName: q.p.T("report.value-name", "date", t.period.Last()), Value: t.value, Unit: unit,
		FileHint: q.p.T("report.file-hint"), Wanted: f.EvidenceWanted, Words: t.words, Why: t.why,
		AskWhy:  t.why != "" || hasFault(cause, "report.less-than-before"),
		Follows: page.Say(q.p.T("report.follows", "unit", f.Verifier.Name, "n", s.store.Rules().VerifyDays)),
		Faults: page.Faults(q.p, cause, map[string]string{
			"value": q.p.T("report.value"), "words": q.p.T("report.words"), "why": q.p.T("report.why"), "evidence": q.p.T("report.files"),
			"completes": q.p.T("report.completes-label"), "kind": q.p.T("report.kind"), "period": q.p.T("report.period"),
		}),
	}
	if f.EvidenceWanted != "" {
		v.FileHint = q.p.T("report.file-hint-wanted", "wanted", f.EvidenceWanted)
	}
	own := ownReports(f)
	q.reportNotes(&v, f, t, own)
	q.lastSaid(&v, f, t, own)
	if err := q.formFiles(&v, f, t, lastOf(own, t.period)); err != nil {
		return err
	}
	if f.Part.Role == task.Lead {
		v.Complete = q.completion(f, t)
	}
	for _, p := range lastPeriods(f, q.view.Today()) {
		v.Periods = append(v.Periods, page.Option{Value: p.String(), Text: q.periodState(p, own), Current: p == t.period})
	}
	frame, err := q.frame(q.p.T("report.page-head", "title", f.Title, "name", name), "desk")
	if err != nil {
		return err
	}
	return q.render(code, page.ReportForm(frame, v))
}

// lastPeriods are the newest periods that can be reported, the newest first.
func lastPeriods(f store.ReportForm, today calendar.Date) []calendar.Period {
	all := periodsOf(f, today)
	slices.Reverse(all)
	return all[:min(len(all), 18)]
}

func (q *request) periodState(p calendar.Period, own []task.Report) string {
	last := lastOf(own, p)
	if last.ID == "" {
		return q.p.Dots(q.p.Period(p), q.p.T("report.not-yet"))
	}
	return q.p.Dots(q.p.Period(p), q.p.T("report.state."+string(last.State)))
}

func (q *request) reportHead(f store.ReportForm, name string) page.HeadView {
	due := ""
	if !f.Due.IsZero() {
		due = q.p.T("report.task-due", "date", f.Due)
	}
	target := ""
	if f.Target != nil {
		target = q.p.T("report.target", "target", targetWords(q, f.TaskRow))
	}
	return page.HeadView{
		Crumbs: []page.Crumb{{Text: q.p.T("report.to-desk"), Href: "/desk"}, {Text: q.p.T("report.fact-task"), Href: "/tasks/" + string(f.ID)}, {Text: name}},
		Title:  page.Say(f.Title),
		Meta:   page.Say(q.p.Dots(called(q.caller.Unit()), target, due)),
	}
}

// reportNotes say before anything is sent: why it came back, that a report
// stands already, that it comes late.
func (q *request) reportNotes(v *page.ReportFormView, f store.ReportForm, t typedReport, own []task.Report) {
	last := lastOf(own, t.period)
	due := q.server.store.Rules().LastDay(f.Part, t.period, f.Reports, q.server.store.Workdays())
	_, late := q.dueWords(due)
	words := q.dueSentence(due, last.State == task.ReportReturned)
	switch {
	case last.State == task.ReportReturned:
		v.Returned = page.Rich(q.p.Rich("report.returned", "reason", q.unstopped(last.Verdict), "due", words), "#evidence")
	case last.Live():
		v.Live = page.Rich(q.p.Rich("report.live", "period", q.shortPeriod(t.period), "time", q.p.Recent(last.At)), "/reports/"+string(last.ID))
	}
	if late && !last.Live() {
		v.Late = page.Say(q.p.T("report.late", "period", q.shortPeriod(t.period), "due", words))
	}
	v.Head.Meta = page.Rich(append(v.Head.Meta.Pieces, page.Say(q.p.T("format.dots")+words).Pieces...))
}

// lastSaid puts the last value and the target beside the field.
func (q *request) lastSaid(v *page.ReportFormView, f store.ReportForm, t typedReport, own []task.Report) {
	var before task.Report
	for _, r := range own {
		if r.Live() && r.Period.Before(t.period) && (before.ID == "" || before.Period.Before(r.Period)) {
			before = r
		}
	}
	unit := targetUnit(f.TaskRow)
	switch {
	case before.ID == "":
		v.LastSay = append(v.LastSay, page.Say(q.p.T("report.first-time")))
	case before.Kind == task.ReportWords:
		v.LastSay = append(v.LastSay, page.Say(q.p.T("report.last-words", "period", q.shortPeriod(before.Period), "words", clip(before.Words, 60))))
	default:
		v.LastSay = append(v.LastSay, page.Rich(q.p.Rich("report.last-value", "period", q.shortPeriod(before.Period), "value", before.Value, "unit", unit)))
		if t.number > before.Value {
			v.LastSay = append(v.LastSay, page.Rich(q.p.Rich("report.more-than-last", "value", t.number-before.Value)))
		}
	}
	if goal, ok := f.Target.Goal(); ok {
		v.LastSay = append(v.LastSay, page.Rich(q.p.Rich("report.goal", "value", goal, "unit", unit)))
	}
}

// formFiles lists the files that stay, and says where else they were handed in.
func (q *request) formFiles(v *page.ReportFormView, f store.ReportForm, t typedReport, last task.Report) error {
	ids := make([]task.EvidenceID, len(t.files))
	for i, e := range t.files {
		ids[i] = e.ID
	}
	uses, err := q.view.FileUses(q.Context(), f.ID, ids)
	if err != nil {
		return err
	}
	for _, e := range t.files {
		row := page.FileRow{Name: e.Name, Kept: string(e.ID) + " " + e.Name, Uses: q.usesOf(uses, e.ID),
			Meta: q.p.Dots(q.p.Size(e.Size), q.p.T("report.uploaded", "time", q.p.Recent(e.At)))}
		if slices.Contains(last.Evidence, e.ID) {
			row.Href = fileHref(last.ID, e.ID)
		}
		v.Files = append(v.Files, row)
	}
	return nil
}

// completion is the lead's claim that the task is done: open cooperating units
// are named, since they hold it up (Rule T-13 decides when it is sent).
func (q *request) completion(f store.ReportForm, t typedReport) *page.CompleteView {
	var open []string
	for _, p := range f.Parts {
		live := slices.ContainsFunc(f.Reports, func(r task.Report) bool { return r.Unit == p.Unit && r.Live() })
		if p.Role == task.Cooperating && !p.Excused && !live {
			open = append(open, called(f.Names[p.Unit]))
		}
	}
	c := &page.CompleteView{Checked: t.completes}
	if len(open) > 0 {
		c.Closed = page.Say(q.p.T("report.completes-open", "units", open))
	}
	return c
}
