package web

import (
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
)

func (s *Server) deskRoutes() []Route {
	return []Route{{"GET /desk", false, s.showDesk}}
}

// How much of a list stands on the desk; the rest comes up as these are done.
const (
	askedShown  = 40
	signShown   = 20
	lightsShown = 6
	queueShown  = 8
	unitsShown  = 8
)

// showDesk is the first page of a post: a section for each of its roles, and of
// all that waits the one thing to do first.
func (s *Server) showDesk(q *request) error {
	c := q.caller
	d := page.DeskView{}
	waits := 0
	title := q.p.T("desk.title")
	if c.Has(org.Clerk) || c.Has(org.Office) {
		own, err := q.view.OwnDesk(q.Context())
		if err != nil {
			return err
		}
		if c.Has(org.Clerk) || len(own.Tasks)+len(own.ToSign) > 0 {
			q.ownDesk(&d, own)
			waits += len(own.Asked) + len(own.ToSign)
		}
	}
	if c.Has(org.Office) || c.Has(org.Verifier) {
		n, err := s.officeDesk(q, &d)
		if err != nil {
			return err
		}
		waits += n
		if !c.Has(org.Clerk) {
			title = q.p.T("desk.office-title")
		}
	}
	if q.takesPart() {
		lines, n, err := q.unitQueues()
		if err != nil {
			return err
		}
		waits += n
		if d.Office != nil {
			d.Office.Queues = append(d.Office.Queues, lines...)
			d.Office.QueuesMeta = page.Say(q.p.T("desk.queues-all", "n", waits))
		} else {
			d.Queues = lines
		}
	}
	if err := s.otherDesks(q, &d); err != nil {
		return err
	}
	if d.Own == nil && d.Office == nil && d.Leader == nil && len(d.Notices)+len(d.Queues) == 0 {
		d.Idle = page.Say(q.p.T("desk.idle"))
	}
	meta := q.p.Dots(c.Unit().Name, c.Post().Title, q.p.DateWeekday(q.view.Today()))
	if d.Own != nil || d.Office != nil {
		meta = q.p.Dots(meta, q.p.T("desk.waits", "n", waits))
	}
	d.Head = page.HeadView{Title: page.Say(title), Meta: page.Say(meta)}
	v, err := q.frame(title, "desk")
	if err != nil {
		return err
	}
	return q.render(http.StatusOK, page.Desk(v, d))
}

// dueWords says when something is due and how many working days are left, or
// how many it is over.
func (q *request) dueWords(due calendar.Date) (words string, late bool) {
	today := q.view.Today()
	n := q.server.store.Workdays().Between(today, due)
	switch {
	case due.IsZero():
		return q.p.T("desk.no-day"), false
	case today.After(due):
		return q.p.T("desk.due-over", "date", due, "n", -n), true
	case today == due:
		return q.p.T("desk.due-today", "date", due), false
	}
	return q.p.T("desk.due-left", "date", due, "n", n), false
}

// dueSentence is dueWords for a line of text, where no column says what the day is.
func (q *request) dueSentence(due calendar.Date, again bool) string {
	n := q.server.store.Workdays().Between(q.view.Today(), due)
	if words, late := q.dueWords(due); due.IsZero() || late || n == 0 {
		return words
	}
	if again {
		return q.p.T("desk.again-left", "date", due, "n", n)
	}
	return q.p.T("desk.closes-left", "date", due, "n", n)
}

// onDay writes when something was: the hour today, the day otherwise.
func (q *request) onDay(at time.Time) string {
	if day := calendar.DateOf(at); day != q.view.Today() {
		return q.p.Date(day)
	}
	return q.p.Recent(at)
}

// shortPeriod writes a period as people speak of it: 5月 for a month of this year.
func (q *request) shortPeriod(p calendar.Period) string {
	if p.Kind == calendar.Month && p.Year == q.view.Today().Year {
		return q.p.MonthName(p.First().Month)
	}
	return q.p.Period(p)
}

// saidBy writes what a report says in a few words.
func (q *request) saidBy(r task.Report, unit string) string {
	switch {
	case r.ID == "":
		return q.p.T("desk.said-nothing")
	case r.Kind == task.ReportNoChange && unit == "":
		return q.p.T("desk.said-no-change")
	case r.Kind == task.ReportWords:
		return clip(r.Words, 40)
	}
	return q.p.T("desk.value", "value", r.Value, "unit", unit)
}

// unstopped takes the full stop off words that a sentence goes on after.
func (q *request) unstopped(words string) string {
	return strings.TrimRight(strings.TrimSpace(words), "。.；;")
}

// clip shortens words to n characters.
func clip(words string, n int) string {
	if utf8.RuneCountInString(words) <= n {
		return words
	}
	return string([]rune(words)[:n]) + "…"
}

// ownDesk is the desk of a unit that takes part in tasks.
func (q *request) ownDesk(d *page.DeskView, own store.OwnDesk) {
	v := &page.OwnDeskView{
		AllTasks: page.Linked(q.p.T("desk.all-tasks"), "/plans"), LastHead: q.p.T("desk.col-last"),
		NoneAsked: page.Say(q.p.T("desk.none-asked", "day", calendar.Of(calendar.Month, q.view.Today()).Next().First())),
	}
	d.Own = v
	d.Next = q.ownNext(own)
	if len(own.Asked) > 0 && own.Asked[0].Returned() { // it stands in the frame above
		own.Asked = own.Asked[1:]
		v.NoneAsked = page.Say(q.p.T("desk.none-asked-else"))
	}
	if len(own.Asked) > 0 {
		v.AskedOpen = q.p.Number(int64(len(own.Asked)))
	}
	numbers := map[task.ReportID]store.OwnReceipt{}
	for _, r := range own.Receipts {
		numbers[r.ID] = r
		v.Receipts = append(v.Receipts, q.receiptRow(r))
	}
	q.askedRows(d, own, numbers)
	for i, k := range own.ToSign {
		if i < signShown {
			v.ToSign = append(v.ToSign, q.signRow(k))
		}
	}
	if len(own.ToSign) > 0 {
		v.SignOpen = q.p.Number(int64(len(own.ToSign)))
	}
	if len(own.Tasks) > 0 {
		v.TaskCount = q.p.Number(int64(len(own.Tasks)))
	}
	v.Tasks = q.ownLights(own.Tasks)
	if more := max(len(own.Asked)-askedShown, 0) + max(len(own.ToSign)-signShown, 0); more > 0 || own.More {
		v.Small = append(v.Small, page.Say(q.p.T("desk.more", "n", more)))
	}
	if words := q.daysOff(); words != "" {
		v.Small = append(v.Small, page.Say(words))
	}
	v.Small = append(v.Small, page.Rich(q.p.Rich("offline.desk-link"), "/offline"))
}

// askedRows lists what is to be reported and what has been, and says when the
// period closes.
func (q *request) askedRows(d *page.DeskView, own store.OwnDesk, numbers map[task.ReportID]store.OwnReceipt) {
	v := d.Own
	var before calendar.Period
	same := true
	for i, a := range own.Asked {
		if i < askedShown {
			v.Asked = append(v.Asked, q.askedRow(a))
		}
		if a.Before.ID != "" {
			same = same && (before.IsZero() || before == a.Before.Period)
			before = a.Before.Period
		}
		if !a.Returned() && d.Right.Empty() && !q.view.Today().After(a.Due) {
			left := q.server.store.Workdays().Between(q.view.Today(), a.Due)
			d.Right = page.Rich(q.p.Rich("desk.closes", "period", q.shortPeriod(a.Period), "date", a.Due, "n", left))
			v.AskedMeta = page.Say(q.p.T("desk.asked-period", "period", a.Period))
		}
	}
	if same && !before.IsZero() {
		v.LastHead = q.p.T("desk.col-last-period", "period", q.shortPeriod(before))
	}
	for i, a := range own.Reported {
		if i < lightsShown {
			v.Asked = append(v.Asked, q.reportedRow(a, numbers[a.Last.ID]))
		}
	}
}

func (q *request) askedRow(a store.Asked) page.AskedRow {
	row := q.askedTask(a)
	due, late := q.dueWords(a.Due)
	row.Due, row.Late = page.Say(due), late
	row.Report = reportHref(a.ID, a.Period)
	switch {
	case a.Returned():
		row.Again, row.Note = true, page.Say(q.p.T("desk.returned", "reason", clip(a.Last.Verdict, 60)))
	case a.Missed > 0:
		row.Note = page.Say(q.p.T("desk.missed", "n", a.Missed))
	}
	if !a.Returned() {
		row.Buttons = []page.PostButton{{Text: q.p.T("desk.no-change"), Action: "/tasks/" + string(a.ID) + "/no-change", Key: newKey(),
			Period: a.Period.String(), About: a.Title}}
	}
	return row
}

func (q *request) askedTask(a store.Asked) page.AskedRow {
	what := q.p.T("desk.asks-words")
	if a.Target.Numeric() {
		what = q.p.T("desk.asks-number", "unit", targetUnit(a.TaskRow))
	}
	return page.AskedRow{
		Task: page.Linked(a.Title, "/tasks/"+string(a.ID)), Title: a.Title, Last: q.saidBy(a.Before, targetUnit(a.TaskRow)),
		What: q.p.Dots(q.p.T("desk.role."+string(a.Part.Role)), what),
	}
}

// reportedRow is what was handed in and can still be taken back.
func (q *request) reportedRow(a store.Asked, r store.OwnReceipt) page.AskedRow {
	row := q.askedTask(a)
	said := q.saidBy(a.Last, targetUnit(a.TaskRow))
	if a.Last.Kind == task.ReportNoChange {
		said = q.p.T("desk.said-no-change")
	}
	row.Due = page.Rich(q.p.Rich("desk.reported", "time", q.onDay(a.Last.At), "said", said), "/reports/"+string(a.Last.ID))
	if r.Number != "" {
		row.Note = page.Say(q.p.T("desk.receipt-number", "number", r.Number))
	}
	if q.mayTakeBack(a.Last) {
		row.Buttons = []page.PostButton{{Text: q.p.T("desk.take-back"), Action: "/reports/" + string(a.Last.ID) + "/take-back", Key: newKey(), About: a.Title}}
	}
	return row
}

func (q *request) signRow(k store.OwnTask) page.SignRow {
	due, late := q.dueWords(k.Part.Due)
	what := page.Rich(q.p.Rich("desk.sign-what", "unit", called(k.Setter), "role", q.p.T("desk.role."+string(k.Part.Role)), "deadline", k.Deadline.Text))
	return page.SignRow{
		Task: page.Linked(k.Title, "/tasks/"+string(k.ID)), Title: k.Title, Target: targetWords(q, k.TaskRow),
		What: what, Due: page.Say(due), Late: late, Refuse: "/tasks/" + string(k.ID) + "/refuse",
		Sign: page.PostButton{Text: q.p.T("desk.sign"), Action: "/tasks/" + string(k.ID) + "/sign", Key: newKey(), Next: "/desk", Class: "btn-go", About: k.Title},
	}
}

func (q *request) receiptRow(r store.OwnReceipt) page.ReceiptRow {
	said := q.saidBy(r.Report, r.Measure)
	if r.Kind == task.ReportNoChange {
		said = q.p.T("desk.said-no-change")
	}
	state := ""
	if r.State != task.ReportSubmitted && r.State != task.ReportNoted {
		state = q.p.T("report.state." + string(r.State))
	}
	return page.ReceiptRow{
		Text: page.Rich(q.p.Rich("desk.receipt", "title", r.Title, "said", said), "/reports/"+string(r.ID)),
		Meta: page.Say(q.p.Dots(q.p.Recent(r.At), q.p.T("desk.receipt-number", "number", r.Number), state)),
	}
}

// ownLights names the tasks that are slow or late and counts the others.
func (q *request) ownLights(tasks []store.OwnTask) (rows []page.LightRow) {
	rest := map[task.Colour]int{}
	last := map[task.Colour]store.TaskRow{}
	for _, k := range tasks {
		bad := k.Light.Colour == task.Red || k.Light.Colour == task.Yellow
		if bad && len(rows) < lightsShown {
			l := q.rowLight(k.TaskRow)
			reason := l.Reason
			if len(k.Light.Changes) > 0 {
				reason = q.p.T("desk.why-change", "why", l.Reason, "change", q.p.Say(k.Light.Changes[0]))
			}
			rows = append(rows, page.LightRow{Light: l, Text: page.Linked(k.Title, "/tasks/"+string(k.ID)), Why: reason})
			continue
		}
		rest[k.Light.Colour]++
		last[k.Light.Colour] = k.TaskRow
	}
	for _, c := range []task.Colour{task.Red, task.Yellow, task.Green, task.Grey} {
		if n := rest[c]; n > 0 {
			row := page.LightRow{Light: page.LightView{Colour: string(c), Word: page.LightWord(q.p, string(c))}, Text: page.Say(q.p.T("desk.rest", "n", n))}
			switch {
			case c == task.Green:
				row.Why = q.p.T("desk.rest-green")
			case n == 1:
				row.Why = q.rowLight(last[c]).Reason
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// daysOff tells the holidays and make-up days that the counts of the next weeks rest on.
func (q *request) daysOff() string {
	today := q.view.Today()
	var off, work []string
	for _, c := range q.server.store.Workdays().Changes() {
		if c.Date.Before(today) || c.Date.Sub(today) > 21 {
			continue
		}
		if c.Work {
			work = append(work, q.p.Date(c.Date))
		} else {
			off = append(off, q.p.Date(c.Date))
		}
	}
	switch {
	case len(off)+len(work) == 0:
		return ""
	case len(work) == 0:
		return q.p.T("desk.days-off", "off", off)
	}
	return q.p.T("desk.days-changed", "off", off, "work", work)
}

// ownNext is the one thing to do first: what came back, else what is due next.
func (q *request) ownNext(own store.OwnDesk) *page.NextJob {
	if len(own.Asked) > 0 && (own.Asked[0].Returned() || len(own.ToSign) == 0 || !own.ToSign[0].Part.Due.Before(own.Asked[0].Due)) {
		a := own.Asked[0]
		to := reportHref(a.ID, a.Period)
		n := &page.NextJob{Do: q.p.T("desk.report"), Href: to}
		n.Label = page.DoFirst(q.p)
		if a.Returned() {
			n.Do = q.p.T("desk.report-again")
			n.Title = page.Rich(q.p.Rich("desk.next-returned", "title", a.Title, "period", q.shortPeriod(a.Period)), to)
			n.Lines = []page.Words{page.Say(q.p.T("desk.next-reason", "reason", q.unstopped(a.Last.Verdict)))}
			n.Meta = page.Say(q.p.Dots(q.p.T("desk.next-returned-on", "time", q.p.Recent(a.Last.VerdictAt)), q.dueSentence(a.Due, true)))
			return n
		}
		n.Title = page.Rich(q.p.Rich("desk.next-report", "title", a.Title, "period", q.shortPeriod(a.Period)), to)
		n.Lines = []page.Words{page.Say(q.p.T("desk.next-report-line"))}
		n.Meta = page.Say(q.dueSentence(a.Due, false))
		return n
	}
	if len(own.ToSign) == 0 {
		return nil
	}
	k := own.ToSign[0]
	due := q.dueSentence(k.Part.Due, false)
	n := &page.NextJob{Do: q.p.T("desk.next-sign-do"), Href: "/tasks/" + string(k.ID)}
	n.Label, n.Meta = page.DoFirst(q.p), page.Say(due)
	n.Title = page.Rich(q.p.Rich("desk.next-sign", "title", k.Title), "/tasks/"+string(k.ID))
	n.Lines = []page.Words{page.Say(q.p.T("desk.next-sign-line", "unit", called(k.Setter)))}
	return n
}
