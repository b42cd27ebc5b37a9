package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/act"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
)

// unitsToSplit is how many units one form of a split offers; a search finds others.
const unitsToSplit = 60

// splitForm is a split as it is being made.
type splitForm struct {
	store.TaskView
	parts   []store.PartRow
	units   []org.Unit // in the order of the form
	found   int        // by the search, -1 without one
	words   string
	values  map[org.UnitID]string // as typed, "" gets nothing
	faults  map[org.UnitID]string
	numbers bool
	sum     task.Split
}

// held is the part that a unit has already, nil for none.
func (f *splitForm) held(u org.UnitID) *store.PartRow {
	for i := range f.parts {
		if f.parts[i].FirstLead() == u {
			return &f.parts[i]
		}
	}
	return nil
}

// readSplit reads a task with its parts and the units that may get one: those that
// have, those directly below, those that the search finds, those that were on the form.
func (q *request) readSplit() (*splitForm, error) {
	ctx := q.Context()
	k, _, err := q.actOn(org.SplitTask, "task.split")
	if err != nil {
		return nil, err
	}
	f := &splitForm{TaskView: k, found: -1, words: strings.TrimSpace(q.FormValue("words")), values: map[org.UnitID]string{}, faults: map[org.UnitID]string{}}
	_, goal := k.Target.Goal()
	_, limit := k.Target.Limit()
	f.numbers = k.Rollup == task.RollupSum && (goal || limit)
	if f.parts, err = q.view.TaskParts(ctx, k.ID, store.RowKey{}, 400); err != nil {
		return nil, err
	}
	if f.units, err = q.view.UnitsBelow(ctx, q.caller.Unit().ID, f.words, unitsToSplit); err != nil {
		return nil, err
	}
	if f.words != "" {
		f.found = len(f.units)
	}
	var more []org.UnitID
	for _, p := range f.parts {
		more = append(more, p.FirstLead())
	}
	for _, u := range q.Form["unit"] {
		if len(more) < 400 {
			more = append(more, org.UnitID(u))
		}
	}
	for _, u := range f.units {
		more = slices.DeleteFunc(more, func(id org.UnitID) bool { return id == u.ID })
	}
	slices.Sort(more)
	names, err := q.view.Names(ctx, slices.Compact(more))
	if err != nil {
		return nil, err
	}
	for _, id := range slices.Compact(more) {
		f.units = append(f.units, names[id])
	}
	slices.SortStableFunc(f.units, func(a, b org.Unit) int { return strings.Compare(string(a.Region), string(b.Region)) })
	for _, p := range f.parts {
		f.values[p.FirstLead()] = partNumber(p)
	}
	return f, nil
}

// partNumber is the number that a part has, as it is typed.
func partNumber(p store.PartRow) string {
	if p.Target == nil {
		return ""
	}
	return p.Target.Value.String()
}

func (s *Server) taskSplitForm(q *request) error {
	if err := q.ParseForm(); err != nil {
		return err
	}
	f, err := q.readSplit()
	if err != nil {
		return err
	}
	_, sum, _ := f.pieces(q)
	f.sum = sum
	return s.showSplit(q, f, f.Version, nil)
}

// pieces reads what was typed: the pieces in the order of the form, their sum, and
// what is to mend, each at its unit's field.
func (f *splitForm) pieces(q *request) ([]act.Piece, task.Split, error) {
	var pieces []act.Piece
	var children []task.Child
	var l fault.List
	for _, u := range f.units {
		typed, field := f.values[u.ID], "n."+string(u.ID)
		if typed == "" {
			if f.held(u.ID) != nil && f.numbers {
				l = append(l, fault.New(fault.Invalid, "split.held", "Unit", called(u)).On(field))
			}
			continue
		}
		p := act.Piece{Unit: u.ID}
		if f.numbers {
			n, err := task.ParseQuantityIn(typed, f.Target.Unit)
			if err != nil {
				var one *fault.Fault
				if errors.As(err, &one) {
					g := *one
					l = append(l, g.On(field))
					continue
				}
				return nil, task.Split{}, err
			}
			p.Target = f.Target.Piece(n)
		} else if f.held(u.ID) != nil {
			continue // it has its part: ticking it again changes nothing
		}
		pieces = append(pieces, p)
		children = append(children, task.Child{Unit: p.Unit, Target: p.Target})
	}
	whole := children
	if !f.numbers {
		for _, p := range f.parts {
			whole = append(whole, task.Child{Unit: p.FirstLead()})
		}
	}
	sum, err := task.CheckSplit(f.Task, whole)
	return pieces, sum, joinFaults(l, f.atUnits(err, pieces))
}

// atUnits moves faults of children.N to the field of the unit that N is.
func (f *splitForm) atUnits(err error, pieces []act.Piece) error {
	var list fault.List
	if !errors.As(err, &list) {
		return err
	}
	var out fault.List
	for _, one := range list {
		g := *one
		if rest, ok := strings.CutPrefix(g.Field, "children."); ok {
			n, err := strconv.Atoi(strings.SplitN(rest, ".", 2)[0])
			if err == nil && n < len(pieces) {
				g.Field = "n." + string(pieces[n].Unit)
			}
		}
		out = append(out, &g)
	}
	return out
}

// joinFaults makes one list of the slips in a form and what the rule found; an error
// that is no list of slips wins.
func joinFaults(l fault.List, err error) error {
	if err == nil {
		return l.Err()
	}
	var list fault.List
	if errors.As(err, &list) {
		return append(l, list...).Err()
	}
	return err
}

func (s *Server) taskSplit(q *request) error {
	if err := q.ParseForm(); err != nil {
		return err
	}
	f, err := q.readSplit()
	if err != nil {
		return err
	}
	version, _ := strconv.ParseInt(q.PostFormValue("version"), 10, 64)
	for _, u := range f.units {
		if typed, ok := q.PostForm["n."+string(u.ID)]; ok && len(typed) > 0 {
			f.values[u.ID] = strings.TrimSpace(typed[0])
		}
	}
	if q.PostFormValue("do") == "even" {
		f.even()
	}
	pieces, sum, err := f.pieces(q)
	f.sum = sum
	if err != nil || q.PostFormValue("do") != "split" {
		return s.showSplit(q, f, version, err)
	}
	if version != f.Version {
		return s.showSplit(q, f, f.Version, fault.New(fault.Conflict, "changed-meanwhile"))
	}
	if len(pieces) == 0 {
		return s.showSplit(q, f, version, fault.New(fault.Invalid, "split.nothing").On("children"))
	}
	r, err := s.desk.Split(q.Context(), q.caller, q.key(), f.ID, version, pieces)
	if mendable(err) {
		return s.showSplit(q, f, f.Version, f.atUnits(err, pieces))
	}
	if err != nil {
		return err
	}
	if !f.numbers {
		return q.done(r, "/tasks/"+string(f.ID), "task.done-split-count", "n", len(pieces))
	}
	return q.done(r, "/tasks/"+string(f.ID), "task.done-split", "n", len(pieces), "given", sum.Assigned, "rest", sum.Gap(), "unit", f.Target.Unit)
}

// even shares the number out among all units of the form, whole pieces first; what
// does not divide goes to the first ones, one each.
func (f *splitForm) even() {
	goal, ok := f.Target.Goal()
	if !ok || len(f.units) == 0 || !f.numbers {
		return
	}
	n := task.Quantity(len(f.units))
	each, rest := goal/task.One/n, goal/task.One%n
	for i, u := range f.units {
		share := each * task.One
		if task.Quantity(i) < rest {
			share += task.One
		}
		f.values[u.ID] = share.String()
	}
}

// showSplit shows the form with its sum.
func (s *Server) showSplit(q *request, f *splitForm, version int64, cause error) error {
	base := "/tasks/" + string(f.ID)
	v := page.TaskSplitPage{
		Head: page.HeadView{
			Crumbs: []page.Crumb{{Text: q.p.T("plan.list-title"), Href: "/plans"}, {Text: q.rowName(f.TaskRow), Href: base}, {Text: q.p.T("task.split")}},
			Title:  page.Say(q.p.T("task.split-title", "title", f.Title)),
			Meta:   page.Say(q.p.T("task.split-meta", "target", targetWords(q, f.TaskRow), "me", called(q.caller.Unit()))),
		},
		Action: base + "/split", Key: formKey(q), Version: strconv.FormatInt(version, 10), Numbers: f.numbers, Unit: targetUnit(f.TaskRow),
		Words: f.words, Back: base, Nobody: len(f.units) == 0,
	}
	if f.found >= 0 {
		v.Found = q.p.T("task.split-found", "n", f.found)
	}
	if goal, ok := f.Target.Goal(); ok {
		v.Goal = goal.String()
	}
	v.Says = map[string]string{
		"gap":  q.p.T("task.split-gap", "given", "{given}", "goal", "{goal}", "rest", "{rest}", "unit", v.Unit),
		"over": q.p.T("task.split-over", "given", "{given}", "goal", "{goal}", "rest", "{rest}", "unit", v.Unit),
		"even": q.p.T("task.split-exact", "given", "{given}", "goal", "{goal}", "unit", v.Unit),
	}
	labels := map[string]string{"children": q.p.T("task.parts")}
	for _, u := range f.units {
		labels["n."+string(u.ID)] = called(u)
	}
	v.Faults = page.Faults(q.p, cause, labels)
	for _, u := range f.units {
		v.Rows = append(v.Rows, f.row(q, u, v.Faults))
	}
	f.sumWords(q, &v)
	code := http.StatusOK
	if cause != nil {
		code = status(fault.KindOf(cause))
	}
	if fault.KindOf(cause) == fault.Conflict && cause != nil {
		v.Conflict, v.Faults = v.Faults[0].Text, nil
	}
	frame, err := q.frame(q.p.T("task.split"), "plan")
	if err != nil {
		return err
	}
	return q.render(code, page.TaskSplit(frame, v))
}

// row is one unit of the form.
func (f *splitForm) row(q *request, u org.Unit, faults []page.FieldFault) page.TaskSplitRow {
	r := page.TaskSplitRow{Unit: string(u.ID), Name: called(u), Value: f.values[u.ID], On: f.values[u.ID] != "" && !f.numbers}
	if p := f.held(u.ID); p != nil {
		r.Held, r.Now = true, targetWords(q, p.TaskRow)
		if p.Target == nil {
			r.Now = q.p.T("task.split-has")
		}
	}
	for _, one := range faults {
		if one.Field == "n."+string(u.ID) {
			r.Fault = one.Text
		}
	}
	return r
}

// sumWords says what the pieces amount to.
func (f *splitForm) sumWords(q *request, v *page.TaskSplitPage) {
	s := f.sum
	switch {
	case !s.HasGoal && s.Needed > 0:
		v.Sum = q.p.T("task.split-needed", "n", s.Needed)
	case !s.HasGoal:
		v.Sum = q.p.T("task.split-no-goal")
	case s.Rest > 0:
		v.Sum, v.SumClass = q.p.T("task.split-gap", "given", s.Assigned, "goal", s.Goal, "rest", s.Rest, "unit", v.Unit), "gap"
	case s.Rest < 0:
		v.Sum, v.SumClass = q.p.T("task.split-over", "given", s.Assigned, "goal", s.Goal, "rest", s.Excess(), "unit", v.Unit), "over"
	default:
		v.Sum = q.p.T("task.split-exact", "given", s.Assigned, "goal", s.Goal, "unit", v.Unit)
	}
}
