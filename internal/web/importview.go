package web

import (
	"cmp"
	"slices"
	"strconv"

	"gongjian/internal/act"
	"gongjian/internal/org"
	"gongjian/internal/paper"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
	"gongjian/internal/web/text"
)

// importView words one upload for its reader.
type importView struct {
	*request
	im    act.Import
	tally paper.Tally
	show  string
	after int
	cause error // why the form came back
	// compare is where the upload is held against the rows that its plan has; "" when it has none.
	compare string
}

// The tabs of a preview.
const (
	tabOpen   = "doubts"
	tabMended = "mended"
	tabClear  = "ok"
	tabAll    = "all"
	tabOut    = "out"
)

func (w *importView) applied() bool { return !w.im.Applied.IsZero() }

func (w *importView) base() string { return "/imports/" + w.im.ID }

func (w *importView) page() page.ImportView {
	w.show = w.tab()
	f := page.ImportView{
		Head: w.head(w.p.T("import.preview-title", "name", w.im.Name)), Again: "/plans/" + string(w.im.Plan.ID) + "/import",
		Figs: w.figures(), Notes: w.notes(), Tabs: w.tabs(), ShowOut: w.show == tabOut, Bar: w.bar(),
	}
	if f.ShowOut {
		f.Out, f.Pager = w.out()
	} else {
		f.Rows, f.Pager = w.rows()
	}
	if len(f.Rows)+len(f.Out) == 0 {
		f.Empty = w.p.T("import.empty-" + w.show)
	}
	return f
}

func (w *importView) head(title string) page.HeadView {
	plan := "/plans/" + string(w.im.Plan.ID)
	meta := []string{w.p.T("import.meta-rows", "n", len(w.im.Rows)), w.p.T("import.meta-at", "at", w.p.Recent(w.im.At))}
	if len(w.im.Rows) > 0 && w.im.Rows[0].Row.Origin.Sheet != "" {
		meta = append([]string{w.im.Rows[0].Row.Origin.Sheet}, meta...)
	}
	if w.applied() {
		meta = append(meta, w.p.T("import.state-applied", "at", w.p.Recent(w.im.Applied)))
	} else {
		meta = append(meta, w.p.T("import.meta-not-applied"))
	}
	return page.HeadView{
		Crumbs: []page.Crumb{{Text: w.im.Plan.Title, Href: plan}, {Text: w.p.T("import.title"), Href: plan + "/import"}, {Text: w.im.Name}},
		Title:  page.Say(title), Meta: page.Say(w.p.Dots(meta...)),
	}
}

// tab is the one asked for, or the first that has something to do.
func (w *importView) tab() string {
	switch {
	case slices.Contains([]string{tabOpen, tabMended, tabClear, tabAll, tabOut}, w.show):
		return w.show
	case w.tally.Open > 0:
		return tabOpen
	}
	return tabAll
}

func (w *importView) tabs() []page.Choice {
	left := len(w.im.Reading.Result.LeftOut) + w.tally.Skipped
	var out []page.Choice
	for _, t := range []struct {
		show string
		n    int
	}{{tabOpen, w.tally.Open}, {tabMended, w.tally.Mended}, {tabClear, w.tally.Clear}, {tabAll, w.tally.Rows}, {tabOut, left}} {
		out = append(out, page.Choice{Text: w.p.T("import.tab-"+t.show, "n", t.n), Href: importAddress(w.im.ID, t.show, -1), Current: t.show == w.show})
	}
	return out
}

func (w *importView) figures() []page.Fig {
	a := w.im.Reading.Account()
	whole := w.p.T("import.fig-whole", "tasks", a.Tasks, "headings", a.Headings, "out", a.LeftOut)
	if a.Missing > 0 {
		whole = w.p.T("import.fig-missing", "n", a.Missing)
	}
	last := w.p.T("import.fig-then")
	switch {
	case w.applied():
		last = w.p.T("import.state-applied", "at", w.p.Recent(w.im.Applied))
	case w.tally.Open == 0:
		last = w.p.T("import.fig-none-open")
	}
	number := func(n int) string { return w.p.Number(int64(n)) }
	return []page.Fig{
		{Label: w.p.T("import.fig-places"), Big: number(a.Places), Note: page.Say(whole)},
		{Label: w.p.T("import.fig-clear"), Big: number(w.tally.Clear), Note: page.Say(w.p.T("import.fig-clear-note"))},
		{Label: w.p.T("import.fig-asked"), Big: number(w.tally.Asked), Note: page.Say(w.p.T("import.fig-mended", "n", w.tally.Mended))},
		{Label: w.p.T("import.fig-open"), Big: number(w.tally.Open), Note: page.Say(last)},
	}
}

// notes are what concerns the table as a whole.
func (w *importView) notes() (out []page.Words) {
	if year := w.im.Reading.Result.Year; year != 0 && year != w.im.Plan.Year {
		out = append(out, page.Rich(w.p.Rich("import.note-year", "year", year, "Year", w.im.Plan.Year)))
	}
	if w.im.Reading.Result.Year == 0 {
		out = append(out, page.Rich(w.p.Rich("import.note-no-year", "year", w.im.Plan.Year)))
	}
	unread := 0
	for _, l := range w.im.Reading.Result.LeftOut {
		if l.Reason == paper.ReasonUnread {
			unread++
		}
	}
	if n := len(w.im.Mends.Accepted); n > 0 && w.applied() {
		out = append(out, page.Say(w.p.T("reimport.note-applied", "n", n)))
	}
	if unread > 0 {
		out = append(out, page.Rich(w.p.Rich("import.note-unread", "n", unread), importAddress(w.im.ID, tabOut, -1)))
	}
	return out
}

func (w *importView) bar() page.ImportBar {
	if w.applied() {
		return page.ImportBar{}
	}
	b := page.ImportBar{
		Shown: true, Version: strconv.FormatInt(w.im.Version, 10),
		Ready: w.p.T("import.bar-ready"), Apply: w.p.T("import.bar-apply", "n", w.tally.Rows),
		Actions: map[string]string{"accept": w.base() + "/accept", "accept-key": newKey(), "apply": w.base() + "/apply", "apply-key": newKey()},
	}
	switch {
	case w.tally.Open > 0:
		b.Why = w.p.T("import.bar-why", "n", w.tally.Open)
	case w.tally.Rows == 0:
		b.Why = w.p.T("import.bar-nothing")
	}
	if w.tally.Open > 0 && w.tally.Suggested == 0 {
		b.Why = w.p.T("import.bar-why-none", "n", w.tally.Open)
	}
	if w.tally.Suggested > 0 { // an answer may bring up the next question, so they are counted by trying
		_, n := w.im.AcceptAll()
		b.Accept = w.p.T("import.bar-accept", "n", n)
	}
	if w.compare != "" {
		b.Why, b.Ready, b.Apply, b.Compare = "", w.p.T("reimport.bar-ready"), w.p.T("reimport.bar-compare"), w.compare
	}
	return b
}

// rows are those of the tab, a page of them, from the row after on.
func (w *importView) rows() ([]page.ImportRow, page.PagerView) {
	var out []page.ImportRow
	var pager page.PagerView
	if w.after >= 0 {
		pager.First = importAddress(w.im.ID, w.show, -1)
	}
	asked := map[string]string{} // questions of the whole table, by the place where they are asked on this page
	last := -1
	for _, r := range w.im.Rows {
		if r.Skipped != "" || r.Index <= w.after || !w.on(r) {
			continue
		}
		if len(out) == importPage {
			pager.Next = importAddress(w.im.ID, w.show, last)
			break
		}
		out, last = append(out, w.line(r, asked)), r.Index
	}
	return out, pager
}

// on reports whether a row stands on the tab.
func (w *importView) on(r paper.DraftRow) bool {
	switch w.show {
	case tabOpen:
		return r.Open() > 0
	case tabMended:
		return r.Mended()
	case tabClear:
		return r.Open() == 0 && !r.Mended()
	}
	return true
}

// allOut is what became no task.
func (w *importView) allOut() (all []page.ImportOut) {
	for _, r := range w.im.Rows {
		if r.Skipped != "" {
			all = append(all, page.ImportOut{
				Place: importPlace(w.p, r.Row.Origin), Reason: w.p.T("import.skipped", "reason", r.Skipped), Text: r.Title, Href: w.rowHref(r),
			})
		}
	}
	for _, l := range w.im.Reading.Result.LeftOut {
		all = append(all, page.ImportOut{Place: importPlace(w.p, l.Origin), Reason: w.reason(l.Reason), Text: l.Text})
	}
	return all
}

// out is a page of it, from the entry after on.
func (w *importView) out() ([]page.ImportOut, page.PagerView) {
	all := w.allOut()
	var pager page.PagerView
	if w.after >= 0 {
		pager.First = importAddress(w.im.ID, w.show, -1)
	}
	from := min(w.after+1, len(all)) // the list of a kept reading does not change
	if all = all[from:]; len(all) > importPage {
		all, pager.Next = all[:importPage], importAddress(w.im.ID, w.show, from+importPage-1)
	}
	return all, pager
}

func (w *importView) reason(r paper.Reason) string {
	if key := "import.reason-" + string(r); w.p.Has(key) {
		return w.p.T("import.reason-" + string(r))
	}
	return string(r)
}

func (w *importView) rowHref(r paper.DraftRow) string {
	if w.applied() {
		return ""
	}
	return w.base() + "/rows/" + strconv.Itoa(r.Index)
}

// importPlace says where something stands in the original.
func importPlace(p *text.Printer, o paper.Place) string {
	switch {
	case o.Paragraph > 0:
		return p.T("import.place-paragraph", "n", o.Paragraph)
	case o.Sheet != "":
		return p.T("import.place-sheet", "sheet", o.Sheet, "row", strconv.Itoa(o.Row))
	case o.Table > 1:
		return p.T("import.place-table", "table", strconv.Itoa(o.Table), "row", strconv.Itoa(o.Row))
	}
	return p.T("import.place-row", "row", strconv.Itoa(o.Row))
}

// shortPlace is the number alone, for the column of a table.
func shortPlace(p *text.Printer, o paper.Place) string {
	switch {
	case o.Paragraph > 0:
		return strconv.Itoa(o.Paragraph)
	case o.Table > 1:
		return p.T("import.place-short", "table", strconv.Itoa(o.Table), "row", strconv.Itoa(o.Row))
	}
	return strconv.Itoa(o.Row)
}

// unit names a unit: as the territory calls it, in full when it is elsewhere.
func (w *importView) unit(id org.UnitID) string {
	u := w.im.Units[id]
	if u.Region == w.im.Plan.Region {
		return called(u)
	}
	return cmp.Or(u.Name, string(id))
}

func (w *importView) units(ids []org.UnitID) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = w.unit(id)
	}
	return w.p.List(names)
}

// Of a long list of units (各县（市、区）政府) the preview names the first few.
const (
	manyUnits  = 6
	firstUnits = 2
)

// some names units, of many the first few.
func (w *importView) some(ids []org.UnitID) string {
	if len(ids) <= manyUnits || w.show == "" {
		return w.units(ids)
	}
	return w.p.T("import.units-more", "first", w.units(ids[:firstUnits]), "n", len(ids))
}

// facts are the reading of a row in four parts; on the page of the row, which is
// no tab, all units are named.
func (w *importView) facts(r paper.DraftRow) []page.Fact {
	lead := page.Say(w.some(r.Leads))
	if len(r.Each) > 0 {
		lead = page.Rich(w.p.Rich("import.reads-each", "lead", w.units(r.Leads), "n", len(r.Each), "members", w.some(r.Each)))
	}
	dash := func(s string) page.Words { return page.Say(cmp.Or(s, "—")) }
	due := page.DeadlineReading(w.p, r.Deadline, r.Due)
	target := w.target(r.Target)
	if r.EachTarget != nil {
		target = w.p.T("import.reads-target-each", "target", w.target(r.EachTarget))
	}
	return []page.Fact{
		{Name: w.p.T("import.lead"), Text: lead},
		{Name: w.p.T("import.cooperating"), Text: dash(w.some(r.Cooperating))},
		{Name: w.p.T("import.deadline"), Text: dash(due)},
		{Name: w.p.T("import.target"), Text: dash(target)},
	}
}

// target says what a target was read as.
func (w *importView) target(t *task.Target) string {
	if t == nil {
		return ""
	}
	key := map[task.Op]string{
		task.OpAtLeast: "at-least", task.OpAtMost: "at-most", task.OpAbout: "about", task.OpRange: "range", task.OpFirst: "first", task.OpEqual: "equal",
	}[t.Op]
	if key == "" {
		return w.p.T("import.target-words", "words", t.Text)
	}
	out := w.p.T("import.target-"+key, "value", t.Value, "high", t.High, "unit", t.Unit)
	if t.Soft {
		out = w.p.T("import.target-soft", "target", out)
	}
	return out
}
