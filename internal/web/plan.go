package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/paper/official"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
)

func (s *Server) planRoutes() []Route {
	return []Route{
		{"GET /plans", false, s.plans},
		{"GET /plans/{id}", false, s.plan},
		{"GET /plans/{id}/level", false, s.planLevel},
		{"GET /plans/{id}/issue", false, s.planIssueForm},
		{"POST /plans/{id}/issue", false, s.planIssue},
	}
}

// How much of a plan stands on one page: a plan with few rows is open at once, a
// long one by chapters, a long chapter a piece at a time.
const (
	plansAPage    = 50
	openPlanRows  = 60
	rowsAPiece    = 50
	partsOpened   = 200
	deepestLevel  = 3 // province, city, county, one spare
	unitsToIssue  = 60
	turnedChapter = "turn"
	openedTask    = "open"
)

func (s *Server) plans(q *request) error {
	after := store.PlanKey{Region: org.RegionCode(q.FormValue("region")), ID: memo.PlanID(q.FormValue("after"))}
	after.Year, _ = strconv.Atoi(q.FormValue("year"))
	all, err := q.view.Plans(q.Context(), after, plansAPage+1)
	if err != nil {
		return err
	}
	f := page.PlansPage{Acts: []page.PlanLink{{Text: q.p.T("memorandum.list-title"), Href: "/memorandums"}}, Head: page.HeadView{Title: page.Say(q.p.T("plan.list-title")), Meta: page.Say(q.p.T("plan.list-about"))}}
	if len(all) > plansAPage {
		last := all[plansAPage-1]
		f.Pager.Next = "/plans?" + url.Values{"year": {strconv.Itoa(last.Year)}, "region": {string(last.Region)}, "after": {string(last.ID)}}.Encode()
		all = all[:plansAPage]
	}
	if after.ID != "" {
		f.Pager.First = "/plans"
	}
	for _, e := range all {
		year := q.p.T("plan.year", "year", e.Year)
		if n := len(f.Years); n == 0 || f.Years[n-1].Year != year {
			f.Years = append(f.Years, page.PlansOfYear{Year: year})
		}
		group := &f.Years[len(f.Years)-1]
		group.Plans = append(group.Plans, q.planLine(e))
	}
	if len(all) == 0 {
		f.Empty = &page.EmptyView{Text: page.Say(q.p.T("plan.none")), Note: page.Rich(q.p.Rich("plan.none-note"), "/memorandums")}
	}
	v, err := q.frame(q.p.T("plan.list-title"), "plan")
	if err != nil {
		return err
	}
	return q.render(http.StatusOK, page.Plans(v, f))
}

// planLine is a plan in a list.
func (q *request) planLine(e store.PlanEntry) page.PlanLine {
	line := page.PlanLine{Title: e.Title, Href: "/plans/" + string(e.ID), About: e.Memorandum,
		Count: q.p.T("plan.rows", "n", e.Lights.Total()), Lights: q.counts(e.Lights, false)}
	if e.Issued.IsZero() {
		line.State = q.p.T("plan.not-issued")
	}
	return line
}

// lightOrder is how lights are counted up.
var lightOrder = []task.Colour{task.Green, task.Yellow, task.Red, task.Blue, task.Grey}

// counts words the lights of several tasks; pieces adds the measure word.
func (q *request) counts(l store.Lights, pieces bool) []page.PlanCount {
	var out []page.PlanCount
	for _, c := range lightOrder {
		if l[c] == 0 {
			continue
		}
		word := page.LightWord(q.p, string(c))
		if c == task.Grey {
			word = q.p.T("plan.no-light")
		}
		count := page.PlanCount{Colour: string(c), Word: word, Count: q.p.Number(int64(l[c]))}
		if pieces {
			count.Word, count.Count = q.p.T("plan.rows-of", "n", l[c], "light", word), ""
		}
		out = append(out, count)
	}
	return out
}

// planQuery is how the reader wants a plan shown.
type planQuery struct {
	filter store.RowFilter
	turned []string // chapters that are not as they would be at first, by their place
	opened []task.ID
	piece  string // chapter of which a later piece is shown
	after  store.RowKey
}

func (q *request) planQuery() planQuery {
	v := q.URL.Query()
	out := planQuery{turned: v[turnedChapter], piece: v.Get("piece")}
	out.filter.Words = strings.TrimSpace(v.Get("words"))
	out.filter.Behind, out.filter.Short = v.Get("show") == "behind", v.Get("show") == "short"
	for _, id := range v[openedTask] {
		if len(out.opened) < 20 {
			out.opened = append(out.opened, task.ID(id))
		}
	}
	out.after.Position, _ = strconv.Atoi(v.Get("position"))
	out.after.ID = task.ID(v.Get("after"))
	return out
}

// address is the same plan with some answers changed: pairs of name and value,
// where a name that the query can hold several times is added or taken out.
func (q *request) address(turn string, open task.ID) string {
	v := q.URL.Query()
	toggle := func(name, value string) {
		if i := slices.Index(v[name], value); i >= 0 {
			v[name] = slices.Delete(slices.Clone(v[name]), i, i+1)
		} else {
			v.Add(name, value)
		}
	}
	if turn != "" {
		toggle(turnedChapter, turn)
		v.Del("piece")
		v.Del("position")
		v.Del("after")
	}
	if open != "" {
		toggle(openedTask, string(open))
	}
	v.Del("lang")
	if e := v.Encode(); e != "" {
		return q.URL.Path + "?" + e
	}
	return q.URL.Path
}

func (s *Server) plan(q *request) error {
	ctx := q.Context()
	p, err := q.view.Plan(ctx, memo.PlanID(q.PathValue("id")))
	if err != nil {
		return err
	}
	ask := q.planQuery()
	chapters, err := q.view.Chapters(ctx, p, ask.filter)
	if err != nil {
		return err
	}
	open, err := q.view.PlanOpen(ctx, p)
	if err != nil {
		return err
	}
	if !q.URL.Query().Has(openedTask) && open.Gaps > 0 && ask.filter.IsZero() {
		ask.opened = []task.ID{open.Gap.ID} // the split that is not finished is shown at once
	}
	f := page.PlanPage{Head: q.planHead(p), Words: ask.filter.Words, Show: q.URL.Query().Get("show"), Action: "/plans/" + string(p.ID)}
	if f.Show != "behind" && f.Show != "short" {
		f.Show = ""
	}
	q.planActs(&f, p, open)
	if err := q.approvalFirst(&f, p, open); err != nil {
		return err
	}
	total := store.Lights{}
	for _, c := range chapters {
		for colour, n := range c.Lights {
			total[colour] += n
		}
	}
	f.Total, f.Counts = q.p.T("plan.rows", "n", total.Total()), q.counts(total, false)
	f.Filters = q.planFilters(f)
	if len(chapters) == 0 {
		q.emptyPlan(&f, p)
	} else if err := q.planChapters(&f, p, ask, chapters, total.Total()); err != nil {
		return err
	}
	v, err := q.frame(p.Title, "plan")
	if err != nil {
		return err
	}
	v.Wide = true
	return q.render(http.StatusOK, page.Plan(v, f))
}

func (q *request) planHead(p store.PlanView) page.HeadView {
	m := p.Memorandum
	about := []string{}
	if !m.Signed.IsZero() {
		about = append(about, q.p.T("plan.signed", "date", m.Signed))
	}
	if !m.Until.IsZero() {
		about = append(about, q.p.T("plan.until", "date", m.Until))
	}
	if p.Issued.IsZero() {
		about = append(about, q.p.T("plan.not-issued"))
	} else {
		about = append(about, q.p.T("plan.issued-on", "date", p.Issued))
	}
	meta := page.Say(q.p.Dots(append([]string{m.Title}, about...)...))
	if q.view.May(org.SeeMemorandum, org.MemorandumFacts{Office: m.Office, Parties: m.Parties, Region: m.Region, Members: m.Members, Open: m.TakesMembers()}) {
		meta = page.Rich(q.p.Rich("plan.under", "memorandum", strings.Trim(m.Title, "《》"), "about", q.p.Dots(about...)), "/memorandums/"+string(m.ID))
	}
	return page.HeadView{
		Crumbs: []page.Crumb{{Text: q.p.T("plan.list-title"), Href: "/plans"}, {Text: q.p.T("plan.crumb", "year", p.Year)}},
		Title:  page.Say(p.Title), Meta: meta,
	}
}

// planActs fills the buttons and the box of the one next thing.
func (q *request) planActs(f *page.PlanPage, p store.PlanView, o store.PlanOpen) {
	base := "/plans/" + string(p.ID)
	mayImport := q.view.May(org.UploadImport, org.ImportFacts{Office: p.Office})
	if mayImport {
		f.Acts = append(f.Acts, page.PlanLink{Text: q.p.T("plan.import"), Href: base + "/import"})
	}
	f.Acts = append(f.Acts, q.issueLink(p.Office, official.Plan, string(p.ID))...)
	f.Acts = append(f.Acts, q.forceActs(p)...)
	if mayImport && !p.Issued.IsZero() { // letters are drawn from what has been issued
		f.Acts = append(f.Acts, page.PlanLink{Text: q.p.T("letter.list-title"), Href: "/letters?plan=" + string(p.ID)})
	}
	if !q.view.May(org.IssuePlan, p.Facts) {
		o.Drafts, o.Refusals = 0, 0 // not this reader's to answer
	}
	next := func(title, line string, text, href string) {
		f.Next = &page.NextView{Label: page.DoFirst(q.p), Title: page.Say(title), Lines: []page.Words{page.Say(line)}}
		f.NextDo = []page.PlanLink{{Text: text, Href: href, Class: "btn-primary"}}
	}
	gapTask := "/tasks/" + string(o.Gap.ID)
	switch {
	case o.Drafts > 0:
		next(q.p.T("plan.next-issue", "n", o.Drafts), q.p.T("plan.next-issue-line", "n", o.DraftUnits), q.p.T("plan.issue"), base+"/issue")
	case o.Refusals > 0:
		next(q.p.T("plan.next-refused", "n", o.Refusals), q.p.T("plan.next-refused-line", "unit", o.RefusedBy, "title", o.RefusedAs),
			q.p.T("plan.answer"), "/tasks/"+string(o.Refused))
	case o.Gaps > 0:
		rest := o.Gap.Unassigned()
		unit := targetUnit(o.Gap)
		goal, _ := o.Gap.Target.Goal()
		next(q.p.T("plan.next-gap", "n", o.Gaps, "rest", rest, "unit", unit),
			q.p.T("plan.next-gap-line", "title", o.Gap.Title, "goal", goal, "given", goal-rest, "rest", rest, "unit", unit, "me", called(q.caller.Unit())),
			q.p.T("plan.share-rest", "rest", rest, "unit", unit), gapTask+"/split")
	}
}

func (q *request) planFilters(f page.PlanPage) []page.Choice {
	link := func(show string) string {
		v := url.Values{}
		if show != "" {
			v.Set("show", show)
		}
		if f.Words != "" {
			v.Set("words", f.Words)
		}
		if e := v.Encode(); e != "" {
			return f.Action + "?" + e
		}
		return f.Action
	}
	return []page.Choice{
		{Text: q.p.T("plan.show-all"), Href: link(""), Current: f.Show == ""},
		{Text: q.p.T("plan.show-behind"), Href: link("behind"), Current: f.Show == "behind"},
		{Text: q.p.T("plan.show-short"), Href: link("short"), Current: f.Show == "short"},
	}
}

// emptyPlan says what is absent: rows at all, or rows that fit.
func (q *request) emptyPlan(f *page.PlanPage, p store.PlanView) {
	if f.Words != "" || f.Show != "" {
		f.Empty = &page.EmptyView{Text: page.Say(q.p.T("plan.nothing-fits"))}
		f.EmptyDo = []page.PlanLink{{Text: q.p.T("plan.show-all"), Href: f.Action}}
		return
	}
	f.Empty = &page.EmptyView{Text: page.Say(q.p.T("plan.empty"))}
	if q.view.May(org.UploadImport, org.ImportFacts{Office: p.Office}) {
		f.Empty.Note = page.Say(q.p.T("plan.empty-note"))
		f.EmptyDo = []page.PlanLink{{Text: q.p.T("plan.import-table"), Href: f.Action + "/import", Class: "btn-primary"}, {Text: q.p.T("force.propose"), Href: f.Action + "/propose"}}
		f.Acts = nil
	}
}

// planChapters reads the rows of the chapters that are open, then their parts a
// level at a time.
func (q *request) planChapters(f *page.PlanPage, p store.PlanView, ask planQuery, chapters []store.ChapterCount, rows int) error {
	all := rows <= openPlanRows || len(chapters) == 1
	if !ask.filter.IsZero() && rows <= 4*openPlanRows {
		all = true
	}
	var tables [][]store.PlanRow
	var shown []store.PlanRow
	for i, c := range chapters {
		key := strconv.Itoa(i + 1)
		open := all || i == 0
		if slices.Contains(ask.turned, key) {
			open = !open
		}
		view := page.PlanChapter{Title: strings.Join(c.Titles, " "), Open: open, Count: q.p.T("plan.rows", "n", c.Lights.Total()), Lights: q.counts(c.Lights, true)}
		if view.Title == "" && len(chapters) > 1 {
			view.Title = q.p.T("plan.no-chapter")
		}
		view.Toggle = q.address(key, "")
		var part []store.PlanRow
		if open {
			var err error
			if part, err = q.chapterRows(&view, p, ask, c.Key, key); err != nil {
				return err
			}
		}
		f.Chapters, tables, shown = append(f.Chapters, view), append(tables, part), append(shown, part...)
	}
	tree, err := q.readTree(p, shown, ask.opened)
	if err != nil {
		return err
	}
	for i := range f.Chapters {
		for _, r := range tables[i] {
			f.Chapters[i].Rows = append(f.Chapters[i].Rows, tree.rows(q, r, nil)...)
		}
	}
	return nil
}

// chapterRows reads one piece of a chapter.
func (q *request) chapterRows(view *page.PlanChapter, p store.PlanView, ask planQuery, chapter, key string) ([]store.PlanRow, error) {
	after := store.RowKey{}
	if ask.piece == key {
		after = ask.after
	}
	rows, err := q.view.PlanRows(q.Context(), p, chapter, ask.filter, after, rowsAPiece+1)
	if err != nil {
		return nil, err
	}
	values := q.URL.Query()
	for _, name := range []string{"piece", "position", "after", "lang"} {
		values.Del(name)
	}
	if after.ID != "" {
		view.First = q.URL.Path + "?" + values.Encode()
	}
	if len(rows) > rowsAPiece {
		rows = rows[:rowsAPiece]
		last := rows[len(rows)-1]
		values.Set("piece", key)
		values.Set("position", strconv.Itoa(last.Position))
		values.Set("after", string(last.ID))
		view.More = q.URL.Path + "?" + values.Encode()
	}
	return rows, nil
}

// planTree is the rows of a plan on one page with the parts that are open.
type planTree struct {
	plan   store.PlanView
	parts  map[task.ID][]store.PlanRow
	opened map[task.ID]bool
	units  map[org.UnitID]org.Unit
}

// readTree reads the parts of the opened tasks, a level at a time.
func (q *request) readTree(p store.PlanView, rows []store.PlanRow, opened []task.ID) (planTree, error) {
	t := planTree{plan: p, parts: map[task.ID][]store.PlanRow{}, opened: map[task.ID]bool{}}
	all := slices.Clone(rows)
	level := rows
	for depth := 0; depth < deepestLevel && len(level) > 0; depth++ {
		var parents []task.ID
		for _, r := range level {
			if r.TaskRow.Parts > 0 && slices.Contains(opened, r.ID) {
				parents = append(parents, r.ID)
				t.opened[r.ID] = true
			}
		}
		var err error
		if level, err = q.view.Level(q.Context(), p, parents, partsOpened); err != nil {
			return t, err
		}
		for _, r := range level {
			t.parts[r.Parent] = append(t.parts[r.Parent], r)
		}
		all = append(all, level...)
	}
	var ids []org.UnitID
	for _, r := range all {
		ids = append(ids, r.Leads...)
		ids = append(ids, r.Cooperating...)
	}
	slices.Sort(ids)
	var err error
	t.units, err = q.view.Names(q.Context(), slices.Compact(ids))
	return t, err
}

// rows is a task with its open parts and its rest, as lines of the table.
func (t planTree) rows(q *request, r store.PlanRow, above *store.PlanRow) []page.PlanTableRow {
	out := []page.PlanTableRow{t.row(q, r, above)}
	if !t.opened[r.ID] {
		return out
	}
	for i := range t.parts[r.ID] {
		out = append(out, t.rows(q, t.parts[r.ID][i], &r)...)
	}
	if gap := q.gapRow(r); gap != nil {
		out = append(out, page.PlanTableRow{Depth: r.Depth + 1, Gap: gap})
	}
	return out
}

func (t planTree) row(q *request, r store.PlanRow, above *store.PlanRow) page.PlanTableRow {
	out := page.PlanTableRow{
		ID: string(r.ID), Depth: r.Depth, No: q.printedNo(r.No), Title: r.Title, Lead: unitList(q, t.units, r.Leads), Helps: unitList(q, t.units, r.Cooperating),
		Light: q.rowLight(r.TaskRow), Note: targetNote(q, r.TaskRow), Target: targetWords(q, r.TaskRow),
	}
	if len(r.Leads) > 1 {
		out.LeadTag = q.p.T("plan.jointly")
	}
	if out.Lead == "" {
		out.Lead = r.LeadWords
	}
	if r.Depth > 0 {
		out.No, out.Title = q.p.T("plan.part-no", "no", strconv.Itoa(r.Position)), partTitle(q, t.units, r.TaskRow)
	}
	if r.Seen {
		out.Href = "/tasks/" + string(r.ID)
	}
	if r.TaskRow.Parts > 0 {
		out.Open = t.opened[r.ID]
		out.Toggle = q.address("", r.ID)
		out.Fragment = "/plans/" + string(r.Plan) + "/level?task=" + url.QueryEscape(string(r.ID))
	}
	out.Deadline = q.deadline(r.TaskRow, above)
	if r.State != task.Draft {
		out.HasPair, out.Pair = true, pairOf(r.TaskRow)
	}
	return out
}

// gapRow is the rest that a split task keeps, nil when there is none.
func (q *request) gapRow(r store.PlanRow) *page.PlanGap {
	rest := r.Unassigned()
	if rest == 0 {
		return nil
	}
	goal, _ := r.Target.Goal()
	unit := targetUnit(r.TaskRow)
	gap := &page.PlanGap{
		Text: q.p.T("plan.gap", "given", goal-rest, "goal", goal, "rest", rest),
		Rest: q.p.T("plan.amount", "n", rest, "unit", unit),
	}
	if slices.Contains(r.Leads, q.caller.Unit().ID) && q.view.May(org.SplitTask, org.TaskFacts{Setter: r.Setter, Leads: r.Leads, Cooperating: r.Cooperating}) {
		gap.Do = &page.PlanLink{Text: q.p.T("plan.share"), Href: "/tasks/" + string(r.ID) + "/split", Class: "btn-go"}
	}
	return gap
}

// planLevel answers a script that opens the parts of one task.
func (s *Server) planLevel(q *request) error {
	p, err := q.view.Plan(q.Context(), memo.PlanID(q.PathValue("id")))
	if err != nil {
		return err
	}
	k, err := q.view.Task(q.Context(), task.ID(q.FormValue("task")))
	if err != nil {
		return err
	}
	if k.Plan != p.ID {
		return errAbsent
	}
	tree, err := q.readTree(p, []store.PlanRow{{TaskRow: k.TaskRow, Seen: true}}, []task.ID{k.ID})
	if err != nil {
		return err
	}
	q.URL.Path = "/plans/" + string(p.ID) // the links of the piece lead to the page
	q.URL.RawQuery = url.Values{openedTask: {string(k.ID)}}.Encode()
	return q.render(http.StatusOK, page.PlanRows(q.p, tree.rows(q, store.PlanRow{TaskRow: k.TaskRow}, nil)[1:]))
}
