package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/paper"
	"gongjian/internal/web/page"
)

// The bonds that begin here: an agreement, one that hangs under a framework, and the
// pledge of an alliance. A framework is an agreement that others hang under.
const (
	beginAgreement = "agreement"
	beginUnder     = "under"
	beginAlliance  = "alliance"
)

// beginForm is which of them a form is about.
func beginForm(asked string) string {
	if asked == beginUnder || asked == beginAlliance {
		return asked
	}
	return beginAgreement
}

// memorandumBegin shows the form of a memorandum that is to be negotiated: parties,
// region, kind and title, and nothing of its text.
func (s *Server) memorandumBegin(q *request) error {
	if !q.mayEnterMemorandum() {
		return denied(org.EnterMemorandum)
	}
	own := q.caller.Unit()
	f := page.BeginPage{Values: map[string]string{"form": q.FormValue("form")}, Parties: []page.TaskUnitField{{ID: "party.0", Value: own.Name, Chosen: string(own.ID)}, {ID: "party.1"}}}
	return s.showBegin(q, f, http.StatusOK, nil)
}

func (s *Server) showBegin(q *request, f page.BeginPage, code int, cause error) error {
	models, err := paper.Models()
	if err != nil {
		return err
	}
	form := beginForm(f.Values["form"])
	f.Values["form"] = form
	for _, m := range models {
		if (m.Form == memo.Alliance) == (form == beginAlliance) {
			f.Kinds = append(f.Kinds, page.TaskChoice{Value: m.Kind, Text: m.Kind})
		}
	}
	if f.Values["kind"] == "" && len(f.Kinds) > 0 {
		f.Values["kind"] = f.Kinds[0].Value
	}
	for _, x := range []string{beginAgreement, beginUnder, beginAlliance} {
		f.Forms = append(f.Forms, page.Choice{Text: q.p.T("negotiation.form-" + x), Href: "/memorandums/begin?form=" + x, Current: x == form})
	}
	f.About, f.PartiesTitle, f.PartiesAbout = q.p.T("negotiation.form-"+form+"-about"), q.p.T("memorandum.parties"), q.p.T("memorandum.parties-about")
	switch form {
	case beginUnder:
		if f.Under, err = q.frameworks(""); err != nil {
			return err
		}
	case beginAlliance:
		f.PartiesTitle, f.PartiesAbout = q.p.T("negotiation.founders"), q.p.T("negotiation.founders-about")
	}
	title := q.p.T("negotiation.begin")
	f.Head = page.HeadView{Crumbs: []page.Crumb{{Text: q.p.T("memorandum.list-title"), Href: "/memorandums"}, {Text: title}}, Title: page.Say(title), Meta: page.Say(q.p.T("negotiation.begin-about"))}
	f.Action, f.Key, f.Entered = "/memorandums/begin", formKey(q), "/memorandums/new"
	labels := map[string]string{"title": q.p.T("memorandum.field-title"), "kind": q.p.T("memorandum.field-kind"), "region": q.p.T("negotiation.region"), "under": q.p.T("lapse.under"), "parties": q.p.T("memorandum.parties")}
	for i := range f.Parties {
		f.Parties[i].Label = q.p.T("memorandum.party-no", "no", i+1)
		labels[f.Parties[i].ID] = f.Parties[i].Label
	}
	f.Faults = page.Faults(q.p, cause, labels)
	v, err := q.frame(title, "plan")
	if err != nil {
		return err
	}
	return q.render(code, page.MemorandumBegin(v, f))
}

func (s *Server) memorandumBegun(q *request) error {
	if !q.mayEnterMemorandum() {
		return denied(org.EnterMemorandum)
	}
	f := page.BeginPage{Values: map[string]string{}}
	for _, name := range []string{"title", "kind", "region", "form", "under"} {
		f.Values[name] = strings.TrimSpace(q.PostFormValue(name))
	}
	names, err := q.unitNames(q.caller.Unit().Region)
	if err != nil {
		return err
	}
	m := memo.Memorandum{Title: f.Values["title"], Kind: f.Values["kind"], Stage: memo.Preparing}
	var l fault.List
	for i := range mostParties {
		id := "party." + strconv.Itoa(i)
		if !q.PostForm.Has(id) {
			break
		}
		field, unit, wrong := names.read(q, id)
		f.Parties = append(f.Parties, field)
		if wrong != nil {
			l = append(l, wrong)
		}
		if unit != "" {
			m.Parties = append(m.Parties, unit)
		}
	}
	if q.PostFormValue("do") == "party" && len(f.Parties) < mostParties {
		f.Parties = append(f.Parties, page.TaskUnitField{ID: "party." + strconv.Itoa(len(f.Parties))})
		return s.showBegin(q, f, http.StatusOK, nil)
	}
	models, err := paper.Models()
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(models, func(x paper.Model) bool { return x.Kind == m.Kind }); i >= 0 {
		m.Form = models[i].Form
	}
	if m.Form == memo.Alliance {
		f.Values["form"] = beginAlliance
	}
	if beginForm(f.Values["form"]) == beginUnder {
		if m.Under = memo.ID(f.Values["under"]); m.Under == "" {
			l = append(l, fault.New(fault.Invalid, "memo.under-missing").On("under"))
		}
	}
	m.Region = org.SmallestRegion(m.Parties, names.units)
	if r := org.RegionCode(f.Values["region"]); r != "" {
		if _, known := regions().By(r); known {
			m.Region = r
		} else {
			l = append(l, fault.New(fault.Invalid, "version.region-unknown", "Code", f.Values["region"]).On("region"))
		}
	}
	if len(l) > 0 {
		return s.showBegin(q, f, http.StatusUnprocessableEntity, joinCheck(l, m))
	}
	if err := m.Check(); err != nil {
		return s.showBegin(q, f, http.StatusUnprocessableEntity, err)
	}
	r, id, err := s.desk.EnterMemorandum(q.Context(), q.caller, q.key(), m)
	if mendable(err) {
		return s.showBegin(q, f, status(fault.KindOf(err)), err)
	}
	if err != nil {
		return err
	}
	return q.done(r, "/memorandums/"+string(id)+"/draft", "negotiation.done-begin")
}
