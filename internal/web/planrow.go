package web

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
	"gongjian/internal/web/text"
)

// called is what a unit is called in tables: its shortest usual name that has its
// place (凉山州质监局), or its full name where it has none.
func called(u org.Unit) string {
	name, least := u.Name, utf8.RuneCountInString(u.Short)
	for _, alias := range u.Aliases {
		if n := utf8.RuneCountInString(alias); n > least && n < utf8.RuneCountInString(name) {
			name = alias
		}
	}
	return usualPlace(u.Region, name)
}

// usualPlace writes the name of an autonomous place as offices do in tables:
// 凉山彝族自治州财政局 is 凉山州财政局.
func usualPlace(code org.RegionCode, name string) string {
	r, ok := regions().By(code)
	if !ok || !strings.Contains(r.Name, "自治") {
		return name
	}
	last, _ := utf8.DecodeLastRuneInString(r.Name)
	return strings.Replace(name, r.Name, strings.TrimSuffix(r.Short, string(last))+string(last), 1)
}

// unitList names units in the order of a document.
func unitList(q *request, units map[org.UnitID]org.Unit, ids []org.UnitID) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = called(units[id])
	}
	return q.p.List(names)
}

// rowName is a task with its number in the plan.
func (q *request) rowName(t store.TaskRow) string {
	return q.numbered(t.No, t.Title)
}

func (q *request) numbered(no, title string) string {
	if no == "" {
		return title
	}
	return q.p.T("task.numbered", "no", q.printedNo(no), "title", title)
}

// printedNo is the number of a task as it stands before its title: as printed,
// and with a point after it where it is a bare number.
func (q *request) printedNo(no string) string {
	if no == "" || strings.Trim(no, "0123456789.") != "" || strings.HasSuffix(no, ".") {
		return no
	}
	return q.p.T("plan.part-no", "no", no)
}

// countyInName is the place that a county's unit carries in its name.
var countyInName = regexp.MustCompile(`^[^省州]{1,12}?[县区市]`)

// partTitle is what a part of a split task is called: the place that it went to,
// or the unit where several units of a place have one.
func partTitle(q *request, units map[org.UnitID]org.Unit, t store.TaskRow) string {
	u := units[t.FirstLead()]
	// A place that was renamed since goes by its unit's name, which is of its time.
	r, ok := regions().By(t.Region)
	if ok && strings.Contains(u.Name, r.Name) && (u.Kind == org.Agency || u.Kind == org.Government) {
		return page.RegionName(q.p, r)
	}
	// Its name of that time begins its unit's name.
	if place := countyInName.FindString(u.Name); place != "" && (u.Kind == org.Agency || u.Kind == org.Government) && ok {
		return place
	}
	if u.Name != "" {
		return called(u)
	}
	return t.Title
}

// targetUnit is the measure word of a task's target.
func targetUnit(t store.TaskRow) string {
	if t.Target == nil {
		return ""
	}
	return t.Target.Unit
}

// targetWords are the document's words of a target, or the number that a split gave.
func targetWords(q *request, t store.TaskRow) string {
	switch {
	case t.Target == nil:
		return q.p.T("plan.no-target")
	case t.Target.Text != "":
		return t.Target.Text
	}
	return q.p.T("plan.amount", "n", t.Target.Value, "unit", t.Target.Unit)
}

// targetNote says whether a target binds; parts of a split do not say it again.
func targetNote(q *request, t store.TaskRow) string {
	switch {
	case t.Target == nil || t.Depth > 0:
		return ""
	case t.Target.Soft:
		return q.p.T("plan.hoped")
	}
	return q.p.T("plan.binding")
}

// pairOf is the claimed and verified figure of a task with its bar.
func pairOf(t store.TaskRow) page.PairView {
	v := page.PairView{Claimed: t.Claimed, Verified: t.Verified}
	if targetUnit(t) == "%" {
		v.Claimed, v.Verified = text.Hundredths(t.Claimed), text.Hundredths(t.Verified)
	}
	if goal, ok := t.Target.Goal(); ok {
		v.Target = goal
	}
	if t.Light.Course {
		expected := t.Light.Expected
		v.Expected = &expected
	}
	return v
}

// rowLight words the light of a task: a task that is not out yet, was taken back or
// has no day is grey and says which.
func (q *request) rowLight(t store.TaskRow) page.LightView {
	return q.lightOf(t, t.Light)
}

// lightOf words any day's light of a task.
func (q *request) lightOf(t store.TaskRow, l task.Light) page.LightView {
	switch t.State {
	case task.Draft:
		return page.LightView{Colour: string(task.Grey), Word: q.p.T("plan.not-issued")}
	case task.Withdrawn:
		return page.LightView{Colour: string(task.Grey), Word: q.p.T("plan.withdrawn")}
	}
	v := page.LightView{Colour: string(l.Colour), Word: page.LightWord(q.p, string(l.Colour))}
	if l.Colour == task.Grey && t.Due.IsZero() {
		v.Word = q.p.T("plan.undated")
	}
	if len(l.Why) > 0 {
		v.Reason = q.p.Say(l.Why[0])
	}
	if t.State == task.Refused {
		v.Reason = q.p.T("plan.refused")
	}
	return v
}

// deadline is a task's 完成时限 for a table; a part that has the whole's says so.
func (q *request) deadline(t store.TaskRow, above *store.PlanRow) page.PlanDeadline {
	if above != nil && t.Due == above.Due && t.Deadline.Text == above.Deadline.Text {
		return page.PlanDeadline{Same: true}
	}
	d := page.PlanDeadline{Words: t.Deadline.Text, Reading: page.DeadlineReading(q.p, t.Deadline, t.Due)}
	if t.Deadline.Kind == task.DeadlineUnparsed && t.Due.IsZero() {
		d.Unread = true
		if q.mayChange(t) {
			d.Ask = "/tasks/" + string(t.ID) + "/change#due"
		}
	}
	return d
}

// mayChange reports whether the reader may change a task, by what stands in a table's
// row: the setter may. (The plan's office, where it is another unit, finds the
// link on the task's page, which knows it.)
func (q *request) mayChange(t store.TaskRow) bool {
	return q.view.May(org.ChangeTask, org.TaskFacts{Setter: t.Setter, Leads: t.Leads, Cooperating: t.Cooperating, Draft: t.State == task.Draft})
}

// formKey is the key that came with a form which is shown again, or a new one.
func formKey(q *request) string {
	if k := q.key(); k != "" && q.Method != "GET" {
		return k
	}
	return newKey()
}
