package web

import (
	"net/http"
	"strconv"
	"strings"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

// A form of the administrators is made by one function for both showing it and
// showing it again with what is to be mended: typed values come from the request.

// mend shows a form again, or gives back an error that no form can mend.
func (q *request) mend(f page.UnitForm, err error) error {
	if err != nil && !mendable(err) {
		return err
	}
	code := http.StatusOK
	if err != nil {
		code = status(fault.KindOf(err))
		labels := map[string]string{}
		for _, field := range f.Fields {
			labels[field.ID] = field.Label
			if field.Unit != nil {
				labels[field.Unit.ID] = field.Unit.Label
			}
		}
		f.Faults = page.Faults(q.p, err, labels)
	}
	f.Hidden = append(f.Hidden, page.JournalHidden{Name: "key", Value: newKey()})
	v, err := q.frame(plainWords(f.Head.Title), "")
	if err != nil {
		return err
	}
	return q.render(code, page.UnitEdit(v, f))
}

// entered is a field's value as it was sent, or what stands there before.
func (q *request) entered(name, before string) string {
	if q.Method == http.MethodPost {
		return q.PostFormValue(name)
	}
	if v := q.FormValue(name); v != "" {
		return v
	}
	return before
}

// dayTyped reads the field "day".
func (q *request) dayTyped() (calendar.Date, error) {
	today := q.view.Today()
	d, ok := readDay(q.PostFormValue("day"), today.Year)
	if !ok {
		return d, fault.New(fault.Invalid, "unit.day-form").On("day")
	}
	return d, nil
}

func (q *request) dayField(label, hint string) page.UnitFormField {
	return page.UnitFormField{ID: "day", Label: q.p.T(label), Hint: q.p.T(hint), Value: q.entered("day", q.view.Today().String())}
}

func (q *request) textField(id, label, value string) page.UnitFormField {
	return page.UnitFormField{ID: id, Label: q.p.T(label), Value: q.entered(id, value)}
}

// unitForm begins a form about one unit, for whoever may do the action. For
// others the form is not there.
func (q *request) unitForm(action org.Action, title, to string) (store.UnitView, page.UnitForm, error) {
	u, err := q.view.Unit(q.Context(), org.UnitID(q.PathValue("id")))
	if err != nil {
		return u, page.UnitForm{}, err
	}
	if !q.view.May(action, u.Facts) {
		return u, page.UnitForm{}, fault.New(fault.Denied, "denied")
	}
	back := "/units/" + string(u.ID)
	return u, page.UnitForm{
		Head:   page.HeadView{Crumbs: []page.Crumb{{Text: q.p.T("unit.title"), Href: "/units"}, {Text: u.Name, Href: back}, {Text: q.p.T(title)}}, Title: page.Say(q.p.T(title))},
		Action: back + to, Submit: q.p.T(title), Back: back,
		Hidden: []page.JournalHidden{{Name: "version", Value: strconv.FormatInt(u.Version, 10)}},
	}, nil
}

// version is the version that the form was shown with.
func (q *request) version() int64 {
	n, err := strconv.ParseInt(q.PostFormValue("version"), 10, 64)
	if err != nil {
		return 0 // no version: a conflict, so that nothing is overwritten
	}
	return n
}

// changedMeanwhile says in a form what is there now.
func (q *request) changedMeanwhile(f *page.UnitForm, u store.UnitView, err error) {
	if fault.Is(err, "changed-meanwhile") {
		f.Now = q.p.T("unit.now", "name", u.Name, "line", u.Around[u.Line], "block", u.Around[u.Block])
	}
}

func (s *Server) renameForm(q *request) error { return s.showRename(q, nil) }

func (s *Server) showRename(q *request, problem error) error {
	u, f, err := q.unitForm(org.ChangeUnit, "unit.rename", "/rename")
	if err != nil {
		return err
	}
	f.About = []string{q.p.T("unit.rename-about", "name", u.Name)}
	short := q.textField("short", "unit.short", u.Short)
	short.Optional, short.Hint = true, q.p.T("unit.short-hint")
	f.Fields = []page.UnitFormField{q.textField("name", "unit.name", u.Name), short, q.dayField("unit.from-day", "unit.day-hint")}
	q.changedMeanwhile(&f, u, problem)
	return q.mend(f, problem)
}

func (s *Server) rename(q *request) error {
	day, err := q.dayTyped()
	if err != nil {
		return s.showRename(q, err)
	}
	id := org.UnitID(q.PathValue("id"))
	r, err := s.desk.ChangeUnit(q.Context(), q.caller, q.key(), id, act.UnitChange{
		Version: q.version(), Rename: true, Name: q.PostFormValue("name"), Short: q.PostFormValue("short"), Day: day,
	})
	if err != nil {
		return s.showRename(q, err)
	}
	return q.done(r, "/units/"+string(id), "unit.renamed", "name", q.PostFormValue("name"), "day", day)
}

// unitFields are fields that ask for units by name, as shown or as they came back.
type unitFields []page.TaskUnitField

// form puts label and hint to the fields.
func (u unitFields) form(q *request, hint string) (out []page.UnitFormField) {
	for i := range u {
		u[i].Label, u[i].Hint = q.p.T("unit."+u[i].ID), q.p.T(hint)
		out = append(out, page.UnitFormField{Unit: &u[i]})
	}
	return out
}

// readUnits reads fields that ask for units: the fields as they came back, the
// units they mean, and what is not clear.
func (q *request) readUnits(territory org.RegionCode, ids ...string) (fields unitFields, units []org.UnitID, err error) {
	names, err := q.unitNames(territory)
	if err != nil {
		return nil, nil, err
	}
	var unclear fault.List
	for _, id := range ids {
		field, unit, wrong := names.read(q, id)
		if wrong != nil {
			unclear = append(unclear, wrong)
		}
		fields, units = append(fields, field), append(units, unit)
	}
	return fields, units, unclear.Err()
}

func (s *Server) moveForm(q *request) error {
	u, err := q.view.Unit(q.Context(), org.UnitID(q.PathValue("id")))
	if err != nil {
		return err
	}
	return s.showMove(q, unitFields{
		{ID: "line", Value: u.Around[u.Line], Chosen: string(u.Line)}, {ID: "block", Value: u.Around[u.Block], Chosen: string(u.Block)},
	}, nil)
}

func (s *Server) showMove(q *request, fields unitFields, problem error) error {
	u, f, err := q.unitForm(org.ChangeUnit, "unit.move", "/move")
	if err != nil {
		return err
	}
	f.About = []string{q.p.T("unit.move-about", "name", u.Name)}
	f.Fields = append(fields.form(q, "unit.above-hint"), q.dayField("unit.from-day", "unit.day-hint"))
	q.changedMeanwhile(&f, u, problem)
	return q.mend(f, problem)
}

func (s *Server) move(q *request) error {
	u, _, err := q.unitForm(org.ChangeUnit, "unit.move", "/move")
	if err != nil {
		return err
	}
	fields, above, err := q.readUnits(u.Region, "line", "block")
	if err != nil {
		return s.showMove(q, fields, err)
	}
	day, err := q.dayTyped()
	if err != nil {
		return s.showMove(q, fields, err)
	}
	r, err := s.desk.ChangeUnit(q.Context(), q.caller, q.key(), u.ID, act.UnitChange{Version: q.version(), Move: true, Line: above[0], Block: above[1], Day: day})
	if err != nil {
		return s.showMove(q, fields, err)
	}
	return q.done(r, "/units/"+string(u.ID), "unit.moved", "name", u.Name, "day", day)
}

func (s *Server) mergeForm(q *request) error {
	return s.showMerge(q, unitFields{{ID: "successor"}}, nil)
}

func (s *Server) showMerge(q *request, fields unitFields, problem error) error {
	u, f, err := q.unitForm(org.ChangeUnit, "unit.merge", "/merge")
	if err != nil {
		return err
	}
	f.About = []string{q.p.T("unit.merge-about", "name", u.Name), q.p.T("unit.merge-rest")}
	f.Fields = append(fields.form(q, "unit.successor-hint"), q.dayField("unit.merge-day", "unit.day-hint"))
	q.changedMeanwhile(&f, u, problem)
	return q.mend(f, problem)
}

func (s *Server) merge(q *request) error {
	u, _, err := q.unitForm(org.ChangeUnit, "unit.merge", "/merge")
	if err != nil {
		return err
	}
	fields, into, err := q.readUnits(u.Region, "successor")
	if err == nil && into[0] == "" {
		err = fault.New(fault.Invalid, "unit.successor-missing").On("successor")
	}
	if err != nil {
		return s.showMerge(q, fields, err)
	}
	day, err := q.dayTyped()
	if err != nil {
		return s.showMerge(q, fields, err)
	}
	r, err := s.desk.Merge(q.Context(), q.caller, q.key(), u.ID, q.version(), into[0], day)
	if err != nil {
		return s.showMerge(q, fields, err)
	}
	return q.done(r, "/units/"+string(u.ID), "unit.merged-done", "name", u.Name, "successor", fields[0].Value, "day", day)
}

// addUnitForm asks for a new unit; the address may name the unit that it stands below.
func (s *Server) addUnitForm(q *request) error {
	fields := unitFields{{ID: "line"}, {ID: "block"}}
	ids := []org.UnitID{org.UnitID(q.FormValue("line")), org.UnitID(q.FormValue("block"))}
	names, err := q.view.Names(q.Context(), ids)
	if err != nil {
		return err
	}
	for i, id := range ids {
		if u, ok := names[id]; ok {
			fields[i].Value, fields[i].Chosen = u.Name, string(id)
		}
	}
	return s.showAddUnit(q, fields, nil)
}

func (s *Server) showAddUnit(q *request, fields unitFields, problem error) error {
	if !q.view.May(org.ChangeUnit, org.UnitFacts{Unit: q.caller.Unit().ID}) {
		return fault.New(fault.Denied, "denied")
	}
	f := page.UnitForm{
		Head:   page.HeadView{Crumbs: []page.Crumb{{Text: q.p.T("unit.title"), Href: "/units"}, {Text: q.p.T("unit.new")}}, Title: page.Say(q.p.T("unit.new"))},
		Action: "/units", Submit: q.p.T("unit.new"), Back: "/units",
	}
	short, region := q.textField("short", "unit.short", ""), q.textField("region", "unit.region-code", string(q.caller.Unit().Region))
	short.Optional, short.Hint = true, q.p.T("unit.short-hint")
	region.Hint = q.p.T("unit.region-hint")
	kind, level := page.UnitFormField{ID: "kind", Label: q.p.T("unit.kind")}, page.UnitFormField{ID: "level", Label: q.p.T("unit.level")}
	for _, k := range org.Kinds() {
		kind.Options = append(kind.Options, page.Option{Value: string(k), Text: q.p.T("unit.kind." + string(k)), Current: q.entered("kind", "") == string(k)})
	}
	for _, l := range org.Levels() {
		level.Options = append(level.Options, page.Option{Value: string(l), Text: q.p.T("unit.level." + string(l)), Current: q.entered("level", "") == string(l)})
	}
	f.Fields = append([]page.UnitFormField{q.textField("name", "unit.name", ""), short, kind, level, region}, fields.form(q, "unit.above-hint")...)
	since := q.dayField("unit.since", "unit.day-hint")
	f.Fields = append(f.Fields, since)
	return q.mend(f, problem)
}

func (s *Server) addUnit(q *request) error {
	region := org.RegionCode(strings.TrimSpace(q.PostFormValue("region")))
	fields, above, err := q.readUnits(region, "line", "block")
	if err != nil {
		return s.showAddUnit(q, fields, err)
	}
	day, err := q.dayTyped()
	if err != nil {
		return s.showAddUnit(q, fields, err)
	}
	u := org.Unit{
		Name: strings.TrimSpace(q.PostFormValue("name")), Short: strings.TrimSpace(q.PostFormValue("short")), Kind: org.Kind(q.PostFormValue("kind")),
		Level: org.Level(q.PostFormValue("level")), Region: region, Line: above[0], Block: above[1], From: day,
	}
	r, id, err := s.desk.AddUnit(q.Context(), q.caller, q.key(), u)
	if err != nil {
		return s.showAddUnit(q, fields, err)
	}
	return q.done(r, "/units/"+string(id), "unit.added", "name", u.Name)
}
