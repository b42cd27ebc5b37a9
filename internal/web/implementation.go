package web

import (
	"net/http"
	"strconv"
	"strings"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/paper/official"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

// Rows of a form that are offered beyond those that are filled in, and the most that are read.
const (
	spareRows = 3
	mostRows  = 60
)

func (s *Server) implementation(q *request) error {
	p, err := q.view.Plan(q.Context(), memo.PlanID(q.PathValue("id")))
	if err != nil {
		return err
	}
	version, _ := strconv.ParseInt(q.FormValue("version"), 10, 64)
	x, at, err := q.view.Implementation(q.Context(), p, version)
	if err != nil {
		return err
	}
	f := q.implementationPage(p)
	may := q.view.May(org.SaveImplementation, p.Facts)
	edit := page.PlanLink{Text: q.p.T("force.write"), Href: "/plans/" + string(p.ID) + "/implementation?do=edit"}
	switch {
	case may && q.FormValue("do") == "edit":
		f.Edit = q.implementationForm(p, x, nil)
	case x.Version == 0:
		f.Empty = &page.EmptyView{Text: page.Say(q.p.T("force.implementation-none"))}
		if may {
			edit.Class = "btn-primary"
			f.EmptyDo = []page.PlanLink{edit}
		}
	default:
		f.Head.Meta = page.Say(q.p.T("force.version-of", "n", x.Version, "at", q.p.Instant(at)))
		if may && version == 0 {
			edit.Text = q.p.T("force.change")
			f.Acts = append(f.Acts, edit)
			f.Acts = append(f.Acts, q.issueLink(p.Office, official.Implementation, string(p.ID))...)
		}
		if x.Version > 1 {
			f.Acts = append(f.Acts, page.PlanLink{Text: q.p.T("force.version-before"), Href: "/plans/" + string(p.ID) + "/implementation?version=" + strconv.FormatInt(x.Version-1, 10)})
		}
		if version > 0 {
			f.Past = q.p.T("force.version-past", "n", x.Version)
		}
		q.implementationText(&f, x)
	}
	return s.showForce(q, nil, q.p.T("force.implementation"), func(v page.View) error { return q.render(http.StatusOK, page.ImplementationPlan(v, f)) })
}

func (q *request) implementationPage(p store.PlanView) page.ImplementationPage {
	return page.ImplementationPage{Head: page.HeadView{Crumbs: q.planCrumbs(p, q.p.T("force.implementation")), Title: page.Say(q.p.T("force.implementation-title", "title", p.Title))}}
}

// implementationText fills the reading view.
func (q *request) implementationText(f *page.ImplementationPage, x memo.Implementation) {
	f.Aim, f.Office, f.OfficeHead, f.Safeguards = x.Aim, x.Office, x.OfficeHead, x.Safeguards
	for _, s := range x.Group {
		f.Group = append(f.Group, page.ImplementationSeat{Duty: q.p.T("force.duty-" + string(s.Duty)), Unit: s.Unit, Post: s.Post})
	}
	for _, s := range x.Schedule {
		f.Schedule = append(f.Schedule, page.ImplementationStage{Title: s.Title, From: q.p.Date(s.From), To: q.p.Date(s.To), Words: s.Words})
	}
}

// implementationForm shows what is there, or what was typed, with room for more.
func (q *request) implementationForm(p store.PlanView, x memo.Implementation, cause error) *page.ImplementationForm {
	base := "/plans/" + string(p.ID)
	f := &page.ImplementationForm{
		Action: base + "/implementation", Key: formKey(q), Version: strconv.FormatInt(x.Version, 10), Back: base + "/implementation",
		Faults: page.Faults(q.p, cause, map[string]string{}), Aim: x.Aim, Office: x.Office, OfficeHead: x.OfficeHead, Safeguards: strings.Join(x.Safeguards, "\n"),
	}
	for _, d := range memo.GroupDuties() {
		f.Duties = append(f.Duties, page.TaskChoice{Value: string(d), Text: q.p.T("force.duty-" + string(d))})
	}
	for _, s := range x.Group {
		f.Group = append(f.Group, page.ImplementationSeat{Duty: string(s.Duty), Unit: s.Unit, Post: s.Post})
	}
	for i := range spareRows {
		duty := string(memo.GroupMember)
		if len(x.Group) == 0 && i == 0 {
			duty = string(memo.GroupHead)
		}
		f.Group = append(f.Group, page.ImplementationSeat{Duty: duty})
	}
	for i, s := range x.Schedule {
		row := page.ImplementationStage{Title: s.Title, From: s.From.String(), To: s.To.String(), Words: s.Words}
		if cause != nil { // what was typed, read or not
			at := "schedule." + strconv.Itoa(i)
			row.From, row.To = q.PostFormValue(at+".from"), q.PostFormValue(at+".to")
		}
		f.Schedule = append(f.Schedule, row)
	}
	for range spareRows {
		f.Schedule = append(f.Schedule, page.ImplementationStage{})
	}
	return f
}

// typedImplementation reads the form. Rows that are wholly empty are no rows.
func (q *request) typedImplementation(p store.PlanView) memo.Implementation {
	x := memo.Implementation{Plan: p.ID, Aim: q.line("aim"), Office: q.line("office"), OfficeHead: q.line("office_head")}
	x.Version, _ = strconv.ParseInt(q.PostFormValue("version"), 10, 64)
	for i := range mostRows {
		at := "group." + strconv.Itoa(i)
		s := memo.GroupSeat{Duty: memo.GroupDuty(q.line(at + ".duty")), Unit: q.line(at + ".unit"), Post: q.line(at + ".post")}
		if s.Unit != "" || s.Post != "" {
			x.Group = append(x.Group, s)
		}
		at = "schedule." + strconv.Itoa(i)
		g := memo.ScheduleStage{Title: q.line(at + ".title"), Words: q.line(at + ".words")}
		from, to := q.line(at+".from"), q.line(at+".to")
		if g.Title == "" && g.Words == "" && from == "" && to == "" {
			continue
		}
		if d, ok := readDay(from, p.Year); ok {
			g.From = d
		}
		if d, ok := readDay(to, p.Year); ok {
			g.To = d
		}
		x.Schedule = append(x.Schedule, g)
	}
	for _, s := range strings.Split(q.PostFormValue("safeguards"), "\n") {
		if s = strings.TrimSpace(s); s != "" {
			x.Safeguards = append(x.Safeguards, s)
		}
	}
	return x
}

// line is a field without the space around it.
func (q *request) line(name string) string { return strings.TrimSpace(q.PostFormValue(name)) }

func (s *Server) implementationSave(q *request) error {
	p, err := q.view.Plan(q.Context(), memo.PlanID(q.PathValue("id")))
	if err != nil {
		return err
	}
	x := q.typedImplementation(p)
	r, err := s.desk.SaveImplementation(q.Context(), q.caller, q.key(), x)
	if mendable(err) {
		f := q.implementationPage(p)
		f.Edit = q.implementationForm(p, x, err)
		if fault.KindOf(err) == fault.Conflict { // what was typed stays; saved once more, it goes on from the newest
			if last, _, lastErr := q.view.Implementation(q.Context(), p, 0); lastErr == nil {
				f.Edit.Version = strconv.FormatInt(last.Version, 10)
				f.Past = q.p.T("force.changed-under-you", "n", last.Version)
			}
		}
		return s.showForce(q, err, q.p.T("force.implementation"), func(v page.View) error { return q.render(codeOf(err), page.ImplementationPlan(v, f)) })
	}
	if err != nil {
		return err
	}
	return q.done(r, "/plans/"+string(p.ID)+"/implementation", "force.done-implementation")
}
