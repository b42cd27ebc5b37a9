package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

// How long a memorandum's form may grow.
const (
	mostParties = 30
	mostClauses = 120
	mostOwed    = 20
)

// memorandumText are the plain fields of the form, in their order.
var memorandumText = []string{"title", "kind", "signed", "until", "place"}

// memorandumDraft is a memorandum as it is being typed.
type memorandumDraft struct {
	page.MemorandumForm
	parties []org.UnitID // as read; "" where the name did not say which
	faults  fault.List
}

func (s *Server) memorandumNew(q *request) error {
	if !q.mayEnterMemorandum() {
		return fault.New(fault.Denied, "denied", "Action", string(org.EnterMemorandum))
	}
	d := &memorandumDraft{}
	d.Values = map[string]string{"kind": q.p.T("memorandum.kind-usual")}
	d.Parties = []page.TaskUnitField{{ID: "party.0", Value: q.caller.Unit().Name, Chosen: string(q.caller.Unit().ID)}, {ID: "party.1"}}
	d.addClause()
	return s.showMemorandumForm(q, d, nil, http.StatusOK, nil)
}

// addClause adds an empty clause with one commitment.
func (d *memorandumDraft) addClause() {
	prefix := "clause." + strconv.Itoa(len(d.Clauses))
	d.Clauses = append(d.Clauses, page.MemorandumFormClause{Prefix: prefix})
	d.addOwed(prefix)
}

// addOwed adds an empty commitment to a clause.
func (d *memorandumDraft) addOwed(prefix string) {
	for i := range d.Clauses {
		if c := &d.Clauses[i]; c.Prefix == prefix && len(c.Owed) < mostOwed {
			c.Owed = append(c.Owed, page.MemorandumFormOwed{Prefix: prefix + ".owed." + strconv.Itoa(len(c.Owed))})
		}
	}
}

// showMemorandumForm shows the form; old is the memorandum that it changes, or nil.
func (s *Server) showMemorandumForm(q *request, d *memorandumDraft, old *store.MemorandumView, code int, cause error) error {
	title, back := q.p.T("memorandum.enter"), "/memorandums"
	d.Action, d.Button = "/memorandums", q.p.T("memorandum.save-new")
	crumbs := []page.Crumb{{Text: q.p.T("memorandum.list-title"), Href: "/memorandums"}}
	if old != nil {
		title, back = q.p.T("memorandum.edit"), "/memorandums/"+string(old.ID)
		d.Action, d.Button = back+"/edit", q.p.T("memorandum.save")
		crumbs = append(crumbs, page.Crumb{Text: old.Title, Href: back})
	}
	if d.Hidden == nil {
		d.Hidden = map[string]string{}
	}
	d.Hidden["key"] = formKey(q)
	d.Head = page.HeadView{Crumbs: append(crumbs, page.Crumb{Text: title}), Title: page.Say(title)}
	d.Back = back
	labels := map[string]string{"clauses": q.p.T("memorandum.clauses"), "parties": q.p.T("memorandum.parties")}
	for _, name := range memorandumText {
		labels[name] = q.p.T("memorandum.field-" + name)
	}
	d.Sides = nil
	for i := range d.Parties {
		n := strconv.Itoa(i)
		d.Parties[i].Label = q.p.T("memorandum.party-no", "no", i+1)
		labels["party."+n] = d.Parties[i].Label
		d.Sides = append(d.Sides, page.TaskChoice{Value: n, Text: q.p.T("memorandum.side", "no", i+1, "name", d.Parties[i].Value)})
	}
	d.Faults = page.Faults(q.p, cause, labels)
	v, err := q.frame(title, "plan")
	if err != nil {
		return err
	}
	return q.render(code, page.MemorandumEdit(v, d.MemorandumForm))
}

// readMemorandumForm reads what was typed. Names that do not say which unit is
// meant come back with candidates.
func (q *request) readMemorandumForm() (*memorandumDraft, error) {
	d := &memorandumDraft{}
	d.Values = map[string]string{}
	for _, name := range memorandumText {
		d.Values[name] = strings.TrimSpace(q.PostFormValue(name))
	}
	names, err := q.unitNames(q.caller.Unit().Region)
	if err != nil {
		return nil, err
	}
	for i := range mostParties {
		id := "party." + strconv.Itoa(i)
		if !q.PostForm.Has(id) {
			break
		}
		f, unit, wrong := names.read(q, id)
		d.Parties, d.parties = append(d.Parties, f), append(d.parties, unit)
		if wrong != nil {
			d.faults = append(d.faults, wrong)
		}
	}
	for i := range mostClauses {
		prefix := "clause." + strconv.Itoa(i)
		if !q.PostForm.Has(prefix + ".text") {
			break
		}
		c := page.MemorandumFormClause{Prefix: prefix, ID: q.PostFormValue(prefix + ".id"),
			No: strings.TrimSpace(q.PostFormValue(prefix + ".no")), Text: strings.TrimSpace(q.PostFormValue(prefix + ".text"))}
		for j := range mostOwed {
			p := prefix + ".owed." + strconv.Itoa(j)
			if !q.PostForm.Has(p + ".text") {
				break
			}
			c.Owed = append(c.Owed, page.MemorandumFormOwed{Prefix: p, ID: q.PostFormValue(p + ".id"), Obligor: q.PostFormValue(p + ".obligor"),
				Confirms: q.PostFormValue(p + ".confirms"), Text: strings.TrimSpace(q.PostFormValue(p + ".text"))})
		}
		d.Clauses = append(d.Clauses, c)
	}
	return d, nil
}

// grow does what one of the small buttons asks: one more party, clause or
// commitment. It reports whether one was pressed.
func (d *memorandumDraft) grow(button string) bool {
	switch {
	case button == "party" && len(d.Parties) < mostParties:
		d.Parties = append(d.Parties, page.TaskUnitField{ID: "party." + strconv.Itoa(len(d.Parties))})
	case button == "clause" && len(d.Clauses) < mostClauses:
		d.addClause()
	case strings.HasPrefix(button, "owed."):
		d.addOwed(strings.TrimPrefix(button, "owed."))
	default:
		return false
	}
	return true
}

// memorandum turns the form into a memorandum. What was left empty is left out.
func (d *memorandumDraft) memorandum(q *request) (memo.Memorandum, error) {
	m := memo.Memorandum{Title: d.Values["title"], Kind: d.Values["kind"], Place: d.Values["place"], Stage: memo.Preparing}
	l := d.faults
	day := func(name string) (out calendar.Date) {
		out, ok := readDay(d.Values[name], q.view.Today().Year)
		if !ok {
			l = append(l, fault.New(fault.Invalid, "task.day-unread", "Text", d.Values[name]).On(name))
		}
		return out
	}
	m.Signed, m.Until = day("signed"), day("until")
	if !m.Signed.IsZero() {
		m.Stage = memo.InForce
	}
	for _, u := range d.parties {
		if u != "" {
			m.Parties = append(m.Parties, u)
		}
	}
	for _, c := range d.Clauses {
		clause := memo.Clause{ID: memo.ClauseID(c.ID), No: c.No, Text: c.Text}
		for _, o := range c.Owed {
			if o.Text == "" && o.Obligor == "" {
				continue
			}
			k := memo.Commitment{ID: memo.CommitmentID(o.ID), Obligor: d.side(o.Obligor), Confirms: d.side(o.Confirms), Text: o.Text}
			if k.Text == "" {
				l = append(l, fault.New(fault.Invalid, "memorandum.owed-empty").On(o.Prefix+".text"))
			}
			clause.Commitments = append(clause.Commitments, k)
		}
		if c.Text != "" || c.No != "" || len(clause.Commitments) > 0 {
			m.Clauses = append(m.Clauses, clause)
		}
	}
	return m, l.Err()
}

// side is the party that stands at a place of the form.
func (d *memorandumDraft) side(place string) org.UnitID {
	if i, err := strconv.Atoi(place); err == nil && i >= 0 && i < len(d.parties) {
		return d.parties[i]
	}
	return ""
}

func (s *Server) memorandumEnter(q *request) error {
	if !q.mayEnterMemorandum() {
		return fault.New(fault.Denied, "denied", "Action", string(org.EnterMemorandum))
	}
	if err := q.ParseForm(); err != nil {
		return err
	}
	d, err := q.readMemorandumForm()
	if err != nil {
		return err
	}
	if d.grow(q.PostFormValue("do")) {
		return s.showMemorandumForm(q, d, nil, http.StatusOK, nil)
	}
	m, err := d.memorandum(q)
	if err != nil {
		return s.showMemorandumForm(q, d, nil, http.StatusUnprocessableEntity, joinCheck(err, m))
	}
	units, err := q.view.Names(q.Context(), m.Parties)
	if err != nil {
		return err
	}
	m.Region = org.SmallestRegion(m.Parties, units)
	r, id, err := s.desk.EnterMemorandum(q.Context(), q.caller, q.key(), m)
	if mendable(err) {
		return s.showMemorandumForm(q, d, nil, status(fault.KindOf(err)), err)
	}
	if err != nil {
		return err
	}
	return q.done(r, "/memorandums/"+string(id), "memorandum.done-enter")
}

// joinCheck adds what the rule finds to what could not be read, so that a form comes
// back once with all of it. A party that was not understood is not also missing.
func joinCheck(err error, m memo.Memorandum) error {
	var read, rule fault.List
	if !errors.As(err, &read) || !errors.As(m.Check(), &rule) {
		return err
	}
	parties := false
	for _, f := range read {
		parties = parties || strings.HasPrefix(f.Field, "party.")
	}
	for _, f := range rule {
		if !parties || f.Field != "parties" && f.Field != "clauses" {
			read = append(read, f)
		}
	}
	return read
}

// draftOf is a memorandum as the form shows it.
func draftOf(m memo.Memorandum, units map[org.UnitID]org.Unit) *memorandumDraft {
	d := &memorandumDraft{parties: m.Parties}
	d.Values = map[string]string{"title": m.Title, "kind": m.Kind, "signed": m.Signed.String(), "until": m.Until.String(), "place": m.Place}
	place := map[org.UnitID]string{}
	for i, p := range m.Parties {
		n := strconv.Itoa(i)
		place[p] = n
		d.Parties = append(d.Parties, page.TaskUnitField{ID: "party." + n, Value: units[p].Name, Chosen: string(p)})
	}
	for i, c := range m.Clauses {
		prefix := "clause." + strconv.Itoa(i)
		clause := page.MemorandumFormClause{Prefix: prefix, ID: string(c.ID), No: c.No, Text: c.Text}
		for j, k := range c.Commitments {
			clause.Owed = append(clause.Owed, page.MemorandumFormOwed{Prefix: prefix + ".owed." + strconv.Itoa(j), ID: string(k.ID),
				Obligor: place[k.Obligor], Confirms: place[k.Confirms], Text: k.Text})
		}
		d.Clauses = append(d.Clauses, clause)
	}
	return d
}

// editable reads a memorandum that the caller may change.
func (q *request) editable() (store.MemorandumView, map[org.UnitID]org.Unit, error) {
	m, err := q.view.Memorandum(q.Context(), memo.ID(q.PathValue("id")))
	if err != nil {
		return m, nil, err
	}
	if !q.view.May(org.ChangeMemorandum, m.Facts) {
		return m, nil, fault.New(fault.Denied, "denied", "Action", string(org.ChangeMemorandum))
	}
	units, err := q.memorandumUnits(m)
	return m, units, err
}

func (s *Server) memorandumEditForm(q *request) error {
	m, units, err := q.editable()
	if err != nil {
		return err
	}
	d := draftOf(m.Memorandum, units)
	d.Hidden = d.base(m.Version)
	return s.showMemorandumForm(q, d, &m, http.StatusOK, nil)
}

// base is what the form began from: it goes along, to tell what each of two people changed.
func (d *memorandumDraft) base(version int64) map[string]string {
	out := map[string]string{"version": strconv.FormatInt(version, 10), "was.terms": d.terms()}
	for _, name := range memorandumText {
		out["was."+name] = d.Values[name]
	}
	return out
}

// terms is parties and clauses as one text, to tell whether they changed.
func (d *memorandumDraft) terms() string {
	var b strings.Builder
	for _, p := range d.Parties {
		b.WriteString(p.Value + "\n")
	}
	for _, c := range d.Clauses {
		b.WriteString(c.No + " " + c.Text + "\n")
		for _, o := range c.Owed {
			b.WriteString(o.Obligor + ">" + o.Confirms + ": " + o.Text + "\n")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func (s *Server) memorandumEdit(q *request) error {
	old, units, err := q.editable()
	if err != nil {
		return err
	}
	if err := q.ParseForm(); err != nil {
		return err
	}
	d, err := q.readMemorandumForm()
	if err != nil {
		return err
	}
	d.Hidden = map[string]string{}
	for name, values := range q.PostForm {
		if (strings.HasPrefix(name, "was.") || name == "version") && len(values) > 0 {
			d.Hidden[name] = values[0]
		}
	}
	now := draftOf(old.Memorandum, units)
	d.keep(q, now)
	version, _ := strconv.ParseInt(q.PostFormValue("version"), 10, 64)
	switch {
	case d.grow(q.PostFormValue("do")):
		return s.showMemorandumForm(q, d, &old, http.StatusOK, nil)
	case version != old.Version:
		return s.memorandumConflict(q, d, now, old)
	}
	m, err := d.memorandum(q)
	if err != nil {
		return s.showMemorandumForm(q, d, &old, http.StatusUnprocessableEntity, joinCheck(err, m))
	}
	m = m.Keeping(old.Memorandum)
	m.ID, m.Version = old.ID, version
	r, err := s.desk.ChangeMemorandum(q.Context(), q.caller, q.key(), m)
	if mendable(err) {
		return s.showMemorandumForm(q, d, &old, status(fault.KindOf(err)), err)
	}
	if err != nil {
		return err
	}
	return q.done(r, "/memorandums/"+string(old.ID), "memorandum.done-change")
}

// keep takes over what somebody else saved, where the choice was for theirs.
func (d *memorandumDraft) keep(q *request, now *memorandumDraft) {
	for _, name := range memorandumText {
		if q.PostFormValue("keep."+name) == "theirs" {
			d.Values[name] = now.Values[name]
		}
	}
	if q.PostFormValue("keep.terms") == "theirs" {
		d.Parties, d.parties, d.Clauses, d.faults = now.Parties, now.parties, now.Clauses, nil
	}
}
