package web

import (
	"errors"
	"slices"
	"strconv"

	"gongjian/internal/act"
	"gongjian/internal/fault"
	"gongjian/internal/paper"
	"gongjian/internal/web/page"
)

// reimportView words one difference for its reader.
type reimportView struct {
	importView
	re    act.Reimport
	from  string // key of the row after which the page begins
	cause error
	asked map[string]string
}

// changeTabs are the tabs of a difference; the first holds all but what is equal.
var changeTabs = []string{"", string(paper.Changed), string(paper.Added), string(paper.Removed), string(paper.Moved), string(paper.Same)}

func (w *reimportView) page() page.ReimportView {
	tolls := paper.CountChanges(w.re.Changes)
	if !slices.Contains(changeTabs, w.show) {
		w.show = ""
	}
	plan := "/plans/" + string(w.im.Plan.ID)
	f := page.ReimportView{
		Head: w.head(w.p.T("reimport.title", "name", w.im.Name)), Again: plan + "/import", Reading: w.base(), Notes: w.notes(), Faults: w.faults(),
	}
	if tolls.Empty() {
		f.Empty, f.Done = page.Say(w.p.T("reimport.nothing", "n", tolls[paper.Same])), plan
		return f
	}
	if w.show == "" && !slices.ContainsFunc(w.re.Changes, w.on) {
		w.show = string(paper.Moved)
	}
	f.Figs, f.Tabs = w.figures(tolls), w.tabs(tolls)
	for _, kind := range []paper.ChangeKind{paper.Changed, paper.Added, paper.Moved} {
		if n := tolls[kind]; n > 0 && (w.show == "" || w.show == string(kind)) {
			f.All = append(f.All, page.Choice{Text: w.p.T("reimport.all-"+string(kind), "n", n), Href: "all-" + string(kind)})
		}
	}
	if len(w.im.Mends.Accepted) > 0 {
		f.All = append(f.All, page.Choice{Text: w.p.T("reimport.none"), Href: "none"})
	}
	rows, next := w.rows()
	f.Pager.Next = next
	if w.from != "" {
		f.Pager.First = changesAddress(w.im.ID, w.show, "")
	}
	switch {
	case len(rows) == 0:
		f.Empty = page.Say(w.p.T("reimport.empty"))
	case w.show == string(paper.Same):
		f.Equal, f.All = rows, nil
	default:
		f.Rows = rows
	}
	f.Form = w.form()
	return f
}

func (w *reimportView) figures(tolls paper.Tolls) []page.Fig {
	number := func(k paper.ChangeKind) string { return w.p.Number(int64(tolls[k])) }
	return []page.Fig{
		{Label: w.p.T("reimport.kind-changed"), Big: number(paper.Changed), Note: page.Say(w.p.T("reimport.fig-changed"))},
		{Label: w.p.T("reimport.kind-added"), Big: number(paper.Added), Note: page.Say(w.p.T("reimport.fig-added"))},
		{Label: w.p.T("reimport.kind-removed"), Big: number(paper.Removed), Note: page.Say(w.p.T("reimport.fig-removed"))},
		{Label: w.p.T("reimport.kind-same"), Big: number(paper.Same), Note: page.Say(w.p.T("reimport.fig-same", "moved", tolls[paper.Moved]))},
	}
}

func (w *reimportView) tabs(tolls paper.Tolls) []page.Choice {
	var out []page.Choice
	for _, show := range changeTabs {
		n, key := tolls[paper.ChangeKind(show)], "reimport.tab-"+show
		if show == "" {
			all := *w
			all.show = ""
			n, key = 0, "reimport.tab-all"
			for _, c := range w.re.Changes {
				if all.on(c) {
					n++
				}
			}
		}
		out = append(out, page.Choice{Text: w.p.T(key, "n", n), Href: changesAddress(w.im.ID, show, ""), Current: show == w.show})
	}
	return out
}

// rows are those of the tab, a page of them, and the address of the next page.
func (w *reimportView) rows() (out []page.ChangeRow, next string) {
	begin := 0
	if w.from != "" { // a row that is no longer there begins the list anew
		begin = 1 + slices.IndexFunc(w.re.Changes, func(c paper.Change) bool { return c.Key() == w.from })
	}
	w.asked = map[string]string{}
	for _, c := range w.re.Changes[begin:] {
		if !w.on(c) {
			continue
		}
		if len(out) == importPage {
			return out, changesAddress(w.im.ID, w.show, out[len(out)-1].Key)
		}
		out = append(out, w.row(c))
	}
	return out, ""
}

// on reports whether a row stands on the tab. A number that changed because a row
// was put in above is a difference that nobody looks for: it stands among the moves only.
func (w *reimportView) on(c paper.Change) bool {
	if w.show != "" {
		return string(c.Kind) == w.show
	}
	return c.Kind != paper.Same && !(c.Kind == paper.Moved && len(c.Fields) == 1 && c.Has("no"))
}

func (w *reimportView) row(c paper.Change) page.ChangeRow {
	out := page.ChangeRow{Key: c.Key(), Kind: string(c.Kind), KindText: w.p.T("reimport.kind-" + string(c.Kind))}
	var draft paper.DraftRow
	if c.Draft >= 0 {
		draft = w.re.Draft[c.Draft]
		out.Title, out.Place = draft.Title, importPlace(w.p, draft.Row.Origin)
		if c.Kind == paper.Same {
			out.Place = shortPlace(w.p, draft.Row.Origin)
		}
	}
	if c.Now >= 0 {
		k := w.re.Now[c.Now]
		out.Title, out.Href, out.State = k.Title, "/tasks/"+string(k.ID), w.standing(k)
		if c.Kind == paper.Removed && k.Measures != "" { // a title may stand over several lines
			out.Reading = []page.Fact{{Name: w.p.T("import.field.measures"), Text: page.Say(k.Measures)}}
		}
	}
	for _, f := range c.Fields {
		out.Fields = append(out.Fields, w.field(f))
	}
	waits := w.re.Waits(c)
	for _, q := range waits {
		asked := w.question(draft, q, w.asked)
		asked.Back = changesAddress(w.im.ID, w.show, w.from)
		out.Questions = append(out.Questions, asked)
	}
	if c.Draft >= 0 && c.Kind != paper.Same {
		out.RowHref, out.Row = w.rowHref(draft), w.p.T("reimport.row")
	}
	if c.Kind == paper.Added {
		if draft.Measures != "" {
			out.Reading = []page.Fact{{Name: w.p.T("import.field.measures"), Text: page.Say(draft.Measures)}}
		}
		if len(waits) == 0 {
			out.Reading = append(out.Reading, w.facts(draft)...)
		}
	}
	w.tick(c, len(waits) > 0, &out)
	return out
}

// tick says whether a change can be accepted, and was.
func (w *reimportView) tick(c paper.Change, waits bool, out *page.ChangeRow) {
	if f := rowFault(w.cause, c.Key()); f != nil {
		out.Why = w.p.Fault(f)
	}
	var f *fault.Fault
	switch refusal := w.re.Refusal(c); {
	case errors.As(refusal, &f):
		out.Why = w.p.Fault(f)
		return
	case waits:
		out.Why = w.p.T("reimport.answer-first")
		return
	case c.Kind == paper.Same:
		return
	}
	out.Tick = c.Key() + " " + c.Seal()
	kept := w.im.Mends.Accepted[c.Key()]
	out.Ticked = kept == c.Seal()
	if w.cause != nil { // as it was sent
		if slices.Contains(w.PostForm["shown"], c.Key()) {
			out.Ticked = slices.Contains(w.PostForm["tick"], out.Tick)
		}
	}
	if kept != "" && kept != c.Seal() && out.Why == "" {
		out.Why = w.p.T("fault.reimport.stale")
	}
}

// rowFault is the fault of a refused act that names a row.
func rowFault(err error, key string) *fault.Fault {
	var l fault.List
	if !errors.As(err, &l) {
		return nil
	}
	for _, f := range l {
		if f.Field == key {
			return f
		}
	}
	return nil
}

// faults names each refused row by its title.
func (w *reimportView) faults() []page.FieldFault {
	labels := map[string]string{"reason": w.p.T("reimport.reason")}
	for _, c := range w.re.Changes {
		switch {
		case c.Now >= 0:
			labels[c.Key()] = w.re.Now[c.Now].Title
		default:
			labels[c.Key()] = w.re.Draft[c.Draft].Title
		}
	}
	return page.Faults(w.p, w.cause, labels)
}

// field is one field, word by word.
func (w *reimportView) field(f paper.FieldChange) page.ChangeField {
	out := page.ChangeField{Label: w.p.T("reimport.field." + f.Field)}
	was, is := f.Old, f.New
	if f.Field == "position" {
		was, is = w.p.T("reimport.position", "n", was), w.p.T("reimport.position", "n", is)
	}
	before, after := paper.Runs(was, is)
	for _, r := range before {
		out.Old = append(out.Old, page.ChangeRun{Text: r.Text, Same: r.Same})
	}
	for _, r := range after {
		out.New = append(out.New, page.ChangeRun{Text: r.Text, Same: r.Same})
	}
	return out
}

func (w *reimportView) form() page.ReimportForm {
	taken, stale := w.im.Mends.Taken(w.re.Comparison)
	tolls := paper.CountChanges(taken)
	f := page.ReimportForm{
		Shown: true, Action: w.base() + "/changes", Key: newKey(), Version: strconv.FormatInt(w.im.Version, 10), Show: w.show, After: w.from, Stale: stale,
		Reason: w.PostFormValue("reason"), Faults: page.Faults(w.p, w.cause, nil), Says: w.p.T("reimport.says-none"),
	}
	if len(taken) > 0 {
		f.Says = w.p.T("reimport.says", "changed", tolls[paper.Changed], "added", tolls[paper.Added], "removed", tolls[paper.Removed], "moved", tolls[paper.Moved])
	}
	return f
}
