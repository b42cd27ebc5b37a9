package web

import (
	"gongjian/internal/calendar"
	"gongjian/internal/journal"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
)

// officeDesk is the desk of those who run tasks and verify. It returns how many
// things wait for them.
func (s *Server) officeDesk(q *request, d *page.DeskView) (int, error) {
	ctx, today := q.Context(), q.view.Today()
	soon := s.store.Workdays().Add(today, 1)
	count, err := q.view.QueueCount(ctx, store.QueueFilter{}, soon)
	if err != nil {
		return 0, err
	}
	rows, err := q.view.VerifyQueue(ctx, store.QueueFilter{}, store.QueueKey{}, queueShown)
	if err != nil {
		return 0, err
	}
	refused, err := q.view.RefusedParts(ctx, 50)
	if err != nil {
		return 0, err
	}
	uploads, err := q.view.OpenUploads(ctx, 20)
	if err != nil {
		return 0, err
	}
	overdue, err := q.view.Overdue(ctx, unitsShown)
	if err != nil {
		return 0, err
	}
	month := calendar.Of(calendar.Month, today).Prev()
	load, err := q.view.AskedOfUnits(ctx, month, unitsShown)
	if err != nil {
		return 0, err
	}
	v := &page.OfficeDeskView{VerifyCount: q.p.Number(int64(count.All))}
	d.Office = v
	for _, r := range rows {
		v.Verify = append(v.Verify, q.verifyRow(r))
	}
	if count.All > len(rows) {
		v.VerifyAll = page.Linked(q.p.T("desk.all-to-verify", "n", count.All), "/verify")
	}
	for _, r := range refused {
		v.Refused = append(v.Refused, page.RefusedRow{Task: page.Linked(r.Title, "/tasks/"+string(r.Task)), Unit: r.UnitName, Why: r.Reason, On: q.p.Date(r.On)})
	}
	reports := q.overdueRows(v, overdue)
	q.queueLines(v, count, soon, refused, uploads, overdue)
	if err := q.expiringLine(v); err != nil {
		return 0, err
	}
	q.loadRows(v, load, month)
	waits := count.All + len(refused) + len(uploads) + reports
	if q.caller.Has(org.Office) {
		d.Acts = append(d.Acts, page.Choice{Text: q.p.T("desk.to-plans"), Href: "/plans"})
	}
	if d.Next == nil && count.All > 0 {
		d.Next = q.officeNext(count, rows, soon)
	}
	return waits, nil
}

// officeNext is the press of the queue: what runs out by the next working day,
// else the first of it.
func (q *request) officeNext(count store.QueueCount, rows []store.QueueRow, soon calendar.Date) *page.NextJob {
	n := &page.NextJob{Do: q.p.T("desk.one-by-one", "n", count.All), Href: checkHref(rows[0].ID)}
	n.Label = page.DoFirst(q.p)
	due, _ := q.dueWords(count.First)
	n.Title = page.Say(q.p.T("desk.next-verify", "n", count.All))
	n.Meta = page.Say(q.p.T("desk.next-verify-first", "due", due))
	if count.By > 0 {
		n.Title = page.Say(q.p.T("desk.next-verify-soon", "n", count.By, "date", soon))
		n.Do = q.p.T("desk.one-by-one", "n", count.By)
	}
	var units []string
	for _, r := range rows {
		if len(units) < 4 && !contains(units, r.UnitName) && (count.By == 0 || !r.Due.After(soon)) {
			units = append(units, r.UnitName)
		}
	}
	n.Lines = []page.Words{page.Say(q.p.T("desk.next-verify-units", "units", units))}
	return n
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func (q *request) queueLines(v *page.OfficeDeskView, count store.QueueCount, soon calendar.Date,
	refused []store.RefusedPart, uploads []store.OpenUpload, overdue store.Overdue,
) {
	since := func(d calendar.Date) string {
		return q.p.T("desk.waited", "n", q.server.store.Workdays().Between(d, q.view.Today()))
	}
	line := func(key string, n int, to string) *page.QueueLine {
		l := page.QueueLine{Name: q.p.T("desk.queue." + key), Count: q.p.Number(int64(n)), State: q.p.T("desk.queue-empty"), Some: n > 0}
		if n > 0 {
			l.State, l.Open = "", page.Linked(q.p.T("desk.open"), to)
		}
		v.Queues = append(v.Queues, l)
		return &v.Queues[len(v.Queues)-1]
	}
	if l := line("verify", count.All, "/verify"); l.Some {
		l.Wait = since(calendar.DateOf(count.Oldest))
		l.State = ""
		if count.By > 0 {
			l.State = q.p.T("desk.queue-soon", "n", count.By, "date", soon)
		} else if due, _ := q.dueWords(count.First); due != "" {
			l.State = q.p.T("desk.next-verify-first", "due", due)
		}
	}
	if l := line("refused", len(refused), "#refused"); l.Some {
		l.State, l.Wait = clip(refused[0].Reason, 30), since(refused[0].On)
	}
	if q.caller.Has(org.Office) {
		to := "/plans"
		if len(uploads) > 0 {
			to = "/imports/" + uploads[0].ID
		}
		if l := line("import", len(uploads), to); l.Some {
			l.State, l.Wait = uploads[0].Name, q.p.T("desk.uploaded", "time", q.p.Recent(uploads[0].At))
		}
	}
	n, longest := 0, 0
	for _, u := range overdue.Units {
		n, longest = n+u.Tasks, max(longest, u.Longest)
	}
	if l := line("overdue", n, "#overdue"); l.Some {
		l.State, l.Wait = q.p.T("desk.queue-units", "n", len(overdue.Units)), q.p.T("desk.waited", "n", longest)
	}
}

func (q *request) overdueRows(v *page.OfficeDeskView, overdue store.Overdue) (reports int) {
	if at := overdue.Counted; !at.IsZero() {
		v.OverdueMeta = page.Say(q.p.T("desk.load-counted", "time", q.p.Clock(at)))
	}
	for i, u := range overdue.Units {
		reports += u.Tasks
		if i < unitsShown {
			v.Overdue = append(v.Overdue, page.OverdueRow{Unit: u.Name, Count: q.p.Number(int64(u.Tasks)), Longest: q.p.Number(int64(u.Longest))})
		}
	}
	return reports
}

func (q *request) loadRows(v *page.OfficeDeskView, load store.Burden, month calendar.Period) {
	v.LoadMeta = page.Say(q.shortPeriod(month))
	if at := load.Counted; !at.IsZero() {
		v.LoadMeta = page.Say(q.p.Dots(q.shortPeriod(month), q.p.T("desk.load-counted", "time", q.p.Clock(at))))
	}
	v.LoadFoot = page.Say(q.p.T("desk.load-foot"))
	for _, u := range load.Units {
		v.Load = append(v.Load, page.LoadRow{Unit: u.Name, Tasks: q.p.Number(int64(u.Tasks)), NoChange: q.p.Number(int64(u.NoChange))})
	}
}

// otherDesks are the sections of leader, scorer, auditor and administrator.
func (s *Server) otherDesks(q *request, d *page.DeskView) error {
	for _, section := range []struct {
		role org.Role
		add  func(*request, *page.DeskView) error
	}{{org.Leader, s.leaderDesk}, {org.Scorer, s.scorerDesk}, {org.Auditor, s.auditorDesk}, {org.Admin, s.adminDesk}} {
		if q.caller.Has(section.role) {
			if err := section.add(q, d); err != nil {
				return err
			}
		}
	}
	return nil
}

// leaderDesk says in sentences what changed this month.
func (s *Server) leaderDesk(q *request, d *page.DeskView) error {
	m, err := q.view.Month(q.Context())
	if err != nil {
		return err
	}
	v := &page.LeaderDeskView{
		Title: q.p.T("desk.month", "month", q.p.MonthName(q.view.Today().Month)),
		Links: []page.Choice{{Text: q.p.T("desk.to-ranking"), Href: "/ranking"}, {Text: q.p.T("desk.to-plans"), Href: "/plans"}},
	}
	d.Leader = v
	if at := m.Counted; !at.IsZero() {
		v.Counted = q.p.T("desk.load-counted", "time", q.p.Clock(at))
	}
	all := 0
	for _, c := range []task.Colour{task.Red, task.Yellow, task.Green, task.Blue, task.Grey} {
		if n := m.Lights[c]; n > 0 {
			all += n
			v.Lights = append(v.Lights, page.LightRow{Light: page.LightView{Colour: string(c), Word: page.LightWord(q.p, string(c))}, Text: page.Say(q.p.T("desk.rest", "n", n))})
		}
	}
	if all == 0 {
		v.Says = []page.Words{page.Say(q.p.T("desk.month-nothing"))}
		return nil
	}
	v.Says = []page.Words{
		page.Rich(q.p.Rich("desk.month-lights", "all", all, "red", m.Lights[task.Red], "yellow", m.Lights[task.Yellow])),
		page.Rich(q.p.Rich("desk.month-done", "n", m.AllFinished, "ending", m.AllEnding)),
	}
	v.RedCount, v.EndingCount = q.p.Number(int64(m.AllRed())), q.p.Number(int64(m.AllEnding))
	for i, b := range m.Red {
		if i < lightsShown {
			v.Red = append(v.Red, q.briefRow(b))
		}
	}
	for i, b := range m.Ending {
		if i < lightsShown {
			v.Ending = append(v.Ending, q.briefRow(b))
		}
	}
	if d.Next == nil && len(m.Red) > 0 {
		n := &page.NextJob{Do: q.p.T("desk.look"), Href: "/tasks/" + string(m.Red[0].ID)}
		n.Label, n.Title = q.p.T("desk.look-first"), page.Linked(m.Red[0].Title, n.Href)
		n.Light = &page.LightView{Colour: string(task.Red), Word: page.LightWord(q.p, string(task.Red))}
		n.Lines, n.Meta = []page.Words{page.Say(q.firstWhy(m.Red[0].Light))}, page.Say(m.Red[0].Unit)
		d.Next = n
	}
	return nil
}

func (q *request) firstWhy(l task.Light) string {
	if len(l.Why) == 0 {
		return ""
	}
	return q.p.Say(l.Why[0])
}

func (q *request) briefRow(b store.TaskBrief) page.LightRow {
	colour := string(b.Light.Colour)
	return page.LightRow{
		Light: page.LightView{Colour: colour, Word: page.LightWord(q.p, colour)}, Text: page.Linked(b.Title, "/tasks/"+string(b.ID)),
		Why: q.p.Dots(b.Unit, q.firstWhy(b.Light)),
	}
}

// scorerDesk says which assessment is the newest and what it leaves open.
func (s *Server) scorerDesk(q *request, d *page.DeskView) error {
	v, err := q.view.Scoring(q.Context())
	if err != nil {
		return err
	}
	n := page.NoticeView{Title: q.p.T("desk.scoring"), Links: []page.Choice{{Text: q.p.T("desk.to-scorecards"), Href: "/scorecards"}}}
	if v.Last.ID == "" {
		n.Empty = page.Say(q.p.T("desk.no-assessment"))
	} else {
		state := q.p.T("desk.unpublished")
		if !v.Last.Published.IsZero() {
			state = q.p.T("desk.published", "time", q.p.Recent(v.Last.Published))
		}
		n.Facts = []page.Fact{
			{Name: q.p.T("desk.last-assessment"), Text: page.Say(q.p.T("desk.as-of", "date", v.Last.AsOf, "n", len(v.Last.Ranking.Entries)))},
			{Name: q.p.T("desk.publication"), Text: page.Say(state)},
			{Name: q.p.T("desk.open-items"), Text: page.Say(q.p.T("desk.open-count", "n", v.Open))},
		}
	}
	d.Notices = append(d.Notices, n)
	return nil
}

// auditorDesk shows refused attempts and how far the journal is sealed.
func (s *Server) auditorDesk(q *request, d *page.DeskView) error {
	refused, err := s.log.List(q.Context(), -1, lightsShown, journal.Filter{Outcome: journal.Refused})
	if err != nil {
		return err
	}
	last, err := s.log.Newest(q.Context())
	if err != nil {
		return err
	}
	tries := page.NoticeView{Title: q.p.T("desk.tries"), Links: []page.Choice{{Text: q.p.T("desk.to-journal"), Href: "/journal?outcome=refused"}}}
	if len(refused) == 0 {
		tries.Empty = page.Say(q.p.T("desk.no-tries"))
	}
	var ids []org.PostID
	for _, r := range refused {
		ids = append(ids, org.PostID(r.Entry.Post))
	}
	posts, err := q.view.PostNames(q.Context(), ids)
	if err != nil {
		return err
	}
	for _, r := range refused {
		post := posts[org.PostID(r.Entry.Post)]
		tries.Rows = append(tries.Rows, page.LightRow{
			Text: page.Linked(q.actionName(r.Entry.Action), "/journal/entries/"+r.Entry.ID),
			Why:  q.p.Dots(post.UnitName, post.Title, q.p.Recent(r.Entry.At)),
		})
	}
	sealed := page.NoticeView{Title: q.p.T("desk.sealed"), Links: []page.Choice{{Text: q.p.T("desk.to-whole-journal"), Href: "/journal"}}}
	if last.Size == 0 {
		sealed.Empty = page.Say(q.p.T("desk.no-checkpoint"))
	} else {
		sealed.Facts = []page.Fact{
			{Name: q.p.T("desk.checkpoint-size"), Text: page.Say(q.p.T("desk.entries", "n", last.Size))},
			{Name: q.p.T("desk.checkpoint-root"), Text: page.Say(last.Root.String())},
		}
	}
	d.Notices = append(d.Notices, tries, sealed)
	return nil
}

// adminDesk counts units, posts and persons.
func (s *Server) adminDesk(q *request, d *page.DeskView) error {
	n, err := q.view.CountDirectory(q.Context())
	if err != nil {
		return err
	}
	notice := page.NoticeView{
		Title: q.p.T("desk.directory"), Links: []page.Choice{{Text: q.p.T("desk.to-units"), Href: "/units"}},
		Facts: []page.Fact{
			{Name: q.p.T("desk.units"), Text: page.Say(q.p.Number(int64(n.Units)))},
			{Name: q.p.T("desk.posts"), Text: page.Say(q.p.T("desk.posts-empty", "all", n.Posts, "n", n.Empty))},
			{Name: q.p.T("desk.persons"), Text: page.Say(q.p.Number(int64(n.Persons)))},
		},
	}
	if !n.Counted.IsZero() {
		notice.Title = q.p.Dots(notice.Title, q.p.T("desk.load-counted", "time", q.p.Clock(n.Counted)))
	}
	d.Notices = append(d.Notices, notice)
	return nil
}

// expiringLine counts the memorandums whose term soon ends (Rule M-20), for an office.
func (q *request) expiringLine(v *page.OfficeDeskView) error {
	if !q.caller.Has(org.Office) {
		return nil
	}
	_, soon, err := q.view.StageCounts(q.Context(), store.MemorandumFilter{})
	if err != nil || soon == 0 {
		return err
	}
	v.Queues = append(v.Queues, page.QueueLine{Name: q.p.T("desk.queue.expiring"), Count: q.p.Number(int64(soon)), Some: true,
		State: q.p.T("desk.expiring-within", "days", memo.WarnDays), Open: page.Linked(q.p.T("desk.open"), "/memorandums?soon=1")})
	return nil
}
