package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/act"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

// drafting is what the pages of a draft begin with.
type drafting struct {
	memorandum store.MemorandumView
	state      memo.Negotiation
	kept       store.Draft
	base       memo.Text // what the draft goes on from: a version, or the start
	start      memo.Text // what is shown: the draft, or what it would begin with
}

// drafting reads the caller's unit's draft, for those who write it.
func (q *request) drafting() (drafting, error) {
	var d drafting
	var err error
	ctx := q.Context()
	if d.memorandum, err = q.view.Memorandum(ctx, memo.ID(q.PathValue("id"))); err != nil {
		return d, err
	}
	if !q.view.May(org.DraftMemorandum, d.memorandum.Facts) {
		return d, denied(org.DraftMemorandum)
	}
	if d.state, err = q.view.Negotiation(ctx, d.memorandum.Memorandum); err != nil {
		return d, err
	}
	if d.kept, err = q.view.Draft(ctx, d.memorandum.Memorandum); err != nil {
		return d, err
	}
	units, err := q.view.Names(ctx, d.memorandum.Parties)
	if err != nil {
		return d, err
	}
	name := func(u org.UnitID) string { return units[u].Name }
	if v := d.state.Newest; v != nil {
		d.base = v.Text
	} else if d.state.Signed != nil {
		d.base = *d.state.Signed
	} else if len(d.memorandum.Clauses) > 0 {
		d.base = d.memorandum.Text(name)
	}
	if d.kept.Version > 0 {
		d.start = d.kept.Text
		return d, nil
	}
	if d.state.Newest != nil {
		d.start, d.kept.Base = d.base, d.state.Newest.Number
		return d, nil
	}
	d.start, err = act.StartingText(d.state, name)
	return d, err
}

// behind says that a newer version lies there than the draft was made from.
func (d drafting) behind() bool {
	return d.kept.Version > 0 && d.state.Newest != nil && d.state.Newest.Number != d.kept.Base
}

func (s *Server) draft(q *request) error {
	d, err := q.drafting()
	if err != nil {
		return err
	}
	return s.showDraft(q, d, textDraftOf(d.start), http.StatusOK, nil)
}

// showDraft shows the editor; cause is what is to mend in it.
func (s *Server) showDraft(q *request, d drafting, f *textDraft, code int, cause error) error {
	id := "/memorandums/" + string(d.memorandum.ID)
	title := q.p.T("negotiation.our-draft")
	f.Head = page.HeadView{
		Crumbs: []page.Crumb{{Text: d.memorandum.Title, Href: id}, {Text: q.p.T("negotiation.title"), Href: id + "/versions"}, {Text: title}},
		Title:  page.Say(title), Meta: page.Say(q.p.T("negotiation.draft-about", "unit", q.caller.Unit().Name)),
	}
	f.Action, f.Back, f.Propose, f.Drop, f.Upload, f.Key = id+"/draft", id+"/versions", id+"/propose", id+"/draft/drop", id+"/draft/file", formKey(q)
	f.Saved = d.kept.Version > 0
	f.Hidden = map[string]string{"key": f.Key, "version": strconv.FormatInt(d.kept.Version, 10), "base": strconv.Itoa(d.kept.Base), "source": d.kept.Source}
	if q.Method == http.MethodPost && f.Clash == nil && q.PostFormValue("base") != "" {
		for _, name := range []string{"version", "base", "source"} { // as the form began
			f.Hidden[name] = q.PostFormValue(name)
		}
	}
	switch {
	case d.behind():
		f.Notes = append(f.Notes, page.Linked(q.p.T("negotiation.behind", "no", d.state.Newest.Number), id+"/propose"))
	case !f.Saved && d.state.Newest == nil:
		f.Notes = append(f.Notes, page.Say(q.p.T("negotiation.model-note", "kind", d.start.Kind)))
	case !f.Saved:
		f.Notes = append(f.Notes, page.Say(q.p.T("negotiation.counter-note", "no", d.state.Newest.Number)))
	case d.kept.Source != "":
		f.Notes = append(f.Notes, page.Say(q.p.T("negotiation.from-file")))
	}
	q.labelDraft(f, d.base)
	labels := map[string]string{"clauses": q.p.T("memorandum.clauses"), "parties": q.p.T("memorandum.parties"), "joins": q.p.T("negotiation.one-more"),
		"title": q.p.T("memorandum.field-title"), "years": q.p.T("negotiation.years"), "until": q.p.T("negotiation.until"), "file": q.p.T("negotiation.file")}
	for _, c := range f.Clauses {
		for _, o := range c.Owed {
			labels[o.Prefix+".text"], labels[o.Prefix+".amount"] = q.p.Dots(c.No, q.p.T("memorandum.owed-text")), q.p.Dots(c.No, q.p.T("negotiation.amount"))
		}
	}
	f.Faults = page.Faults(q.p, cause, labels)
	f.open()
	v, err := q.frame(title, "plan")
	if err != nil {
		return err
	}
	return q.render(code, page.Draft(v, f.DraftPage))
}

// labelDraft puts words to the parts of the form, and the questions that are open.
func (q *request) labelDraft(f *textDraft, base memo.Text) {
	f.Sides, f.Kinds = nil, nil
	for i, p := range f.Parties {
		name := p.Called
		if name == "" {
			name = q.p.T("memorandum.party-no", "no", i+1)
		}
		f.Sides = append(f.Sides, page.TaskChoice{Value: strconv.Itoa(i), Text: q.p.Dots(name, p.Name)})
	}
	for _, k := range memo.SupportKinds() {
		f.Kinds = append(f.Kinds, page.TaskChoice{Value: string(k), Text: q.p.T("negotiation.support-" + string(k))})
	}
	f.Joins.ID, f.Joins.Label, f.Joins.Hint = "joins", q.p.T("negotiation.one-more"), q.p.T("memorandum.parties-about")
	now, _ := f.text(q.view.Today().Year) // what cannot be read is said elsewhere
	stale := memo.Stale(base, now)
	for i := range f.Clauses {
		c := &f.Clauses[i]
		c.Label = q.p.T("negotiation.clause-label", "no", i+1, "text", c.No)
		if stale[memo.ClauseID(c.ID)] {
			c.Stale = q.p.T("negotiation.stale")
		}
		for j := range c.Owed {
			o := &c.Owed[j]
			for _, side := range f.Sides {
				if side.Value == o.Obligor {
					o.Who = side.Text
				}
			}
			if o.Obligor == "" && o.Text != "" {
				o.Ask = q.p.T("negotiation.who-owes")
			}
		}
	}
}

// open unfolds the commitments that ask for something: new ones, those without
// obligor, those with something to mend.
func (d *textDraft) open() {
	for i := range d.Clauses {
		for j := range d.Clauses[i].Owed {
			o := &d.Clauses[i].Owed[j]
			o.Open = o.Ask != "" || o.Text == "" || slices.ContainsFunc(d.Faults, func(f page.FieldFault) bool { return strings.HasPrefix(f.Field, o.Prefix+".") })
		}
	}
}

func (s *Server) draftSave(q *request) error {
	d, err := q.drafting()
	if err != nil {
		return err
	}
	f, err := q.readTextDraft()
	if err != nil {
		return err
	}
	if f.press(q.PostFormValue("do")) {
		var cause error
		if len(f.faults) > 0 {
			cause = f.faults
		}
		return s.showDraft(q, d, f, http.StatusOK, cause)
	}
	t, err := f.text(q.view.Today().Year)
	if err != nil {
		return s.showDraft(q, d, f, http.StatusUnprocessableEntity, err)
	}
	r, err := s.desk.SaveDraft(q.Context(), q.caller, q.key(), f.keep(q, d.memorandum.ID, t))
	if err != nil && fault.KindOf(err) == fault.Conflict {
		return s.draftClash(q, d, f, t)
	}
	if mendable(err) {
		return s.showDraft(q, d, f, status(fault.KindOf(err)), err)
	}
	if err != nil {
		return err
	}
	return q.done(r, "/memorandums/"+string(d.memorandum.ID)+"/draft", "negotiation.done-draft")
}

// draftClash shows what a colleague saved meanwhile against what was typed: nothing is
// overwritten before this has been seen. Saving again from here replaces it knowingly.
func (s *Server) draftClash(q *request, d drafting, f *textDraft, typed memo.Text) error {
	who, err := s.lastDoneTo(q, "memorandum", string(d.memorandum.ID))
	if err != nil {
		return err
	}
	units, err := q.textUnits(d.start, typed)
	if err != nil {
		return err
	}
	r := q.redlineView(d.start, typed, units)
	f.Clash, f.ClashBy = &r, q.p.T("negotiation.clash", "who", who.post, "at", q.p.Recent(who.at))
	return s.showDraft(q, d, f, http.StatusConflict, nil)
}

func (s *Server) draftDrop(q *request) error {
	d, err := q.drafting()
	if err != nil {
		return err
	}
	if q.PostFormValue("sure") == "" {
		return s.showDraft(q, d, textDraftOf(d.start), http.StatusUnprocessableEntity, fault.New(fault.Invalid, "version.drop-unsure"))
	}
	r, err := s.desk.DropDraft(q.Context(), q.caller, q.key(), d.memorandum.ID)
	if err != nil {
		return err
	}
	return q.done(r, "/memorandums/"+string(d.memorandum.ID)+"/versions", "negotiation.done-drop")
}

// draftTake takes the file in that the other party edited.
func (s *Server) draftTake(q *request) error {
	d, err := q.drafting() // asked before the file is read
	if err != nil {
		return err
	}
	file, name, size, err := q.uploaded("file", "version.file-missing")
	var r store.Receipt
	if err == nil {
		defer file.Close()
		version, _ := strconv.ParseInt(q.PostFormValue("version"), 10, 64)
		r, err = s.desk.TakeDraft(q.Context(), q.caller, q.key(), d.memorandum.ID, version, name, file, size)
	}
	if mendable(err) {
		var one *fault.Fault
		if errors.As(err, &one) && one.Field == "" {
			err = one.On("file") // a document has many ways to be unreadable, the form has one field
		}
		return s.showDraft(q, d, textDraftOf(d.start), status(fault.KindOf(err)), err)
	}
	if err != nil {
		return err
	}
	return q.done(r, "/memorandums/"+string(d.memorandum.ID)+"/propose", "negotiation.done-take", "name", name)
}

func (s *Server) proposalForm(q *request) error {
	d, err := q.drafting()
	if err != nil {
		return err
	}
	return s.showProposal(q, d, http.StatusOK, nil)
}

// showProposal shows what the draft changes, against the newest version.
func (s *Server) showProposal(q *request, d drafting, code int, cause error) error {
	id := "/memorandums/" + string(d.memorandum.ID)
	if d.kept.Version == 0 {
		return fault.New(fault.NotFound, "absent")
	}
	units, err := q.textUnits(d.base, d.kept.Text)
	if err != nil {
		return err
	}
	title := q.p.T("negotiation.propose")
	f := page.VersionProposePage{
		Head: page.HeadView{Crumbs: []page.Crumb{{Text: d.memorandum.Title, Href: id}, {Text: q.p.T("negotiation.our-draft"), Href: id + "/draft"}, {Text: title}},
			Title: page.Say(title), Meta: page.Say(d.kept.Text.Title)},
		Redline: q.redlineView(d.base, d.kept.Text, units), Action: id + "/propose", Key: formKey(q), Version: strconv.FormatInt(d.kept.Version, 10),
		Words: q.PostFormValue("words"), Edit: id + "/draft",
	}
	labels := map[string]string{"clauses": q.p.T("memorandum.clauses"), "parties": q.p.T("memorandum.parties"), "title": q.p.T("memorandum.field-title")}
	switch {
	case d.behind():
		f.Rebase, f.Base = q.p.T("negotiation.rebase-about", "no", d.state.Newest.Number), strconv.Itoa(d.state.Newest.Number)
	case cause != nil:
		f.Open = page.Faults(q.p, cause, labels)
	default:
		f.Open = page.Faults(q.p, d.state.CheckProposal(q.caller.Unit().ID, d.kept.Base, d.kept.Text), labels)
	}
	for i := range f.Open { // the fields are in the editor
		f.Open[i].Field = ""
	}
	v, err := q.frame(title, "plan")
	if err != nil {
		return err
	}
	return q.render(code, page.VersionPropose(v, f))
}

func (s *Server) proposeVersion(q *request) error {
	d, err := q.drafting()
	if err != nil {
		return err
	}
	version, _ := strconv.ParseInt(q.PostFormValue("version"), 10, 64)
	id := "/memorandums/" + string(d.memorandum.ID)
	if q.PostFormValue("do") == "rebase" {
		next := d.kept
		next.Version = version
		next.Base, _ = strconv.Atoi(q.PostFormValue("base")) // a wrong one is refused when it is proposed
		r, err := s.desk.SaveDraft(q.Context(), q.caller, q.key(), next)
		if mendable(err) {
			return s.showProposal(q, d, status(fault.KindOf(err)), err)
		}
		if err != nil {
			return err
		}
		return q.done(r, id+"/propose", "negotiation.done-rebase", "no", next.Base)
	}
	r, v, err := s.desk.Propose(q.Context(), q.caller, q.key(), d.memorandum.ID, version, strings.TrimSpace(q.PostFormValue("words")))
	if mendable(err) {
		if d.kept.Version == 0 {
			return err
		}
		return s.showProposal(q, d, status(fault.KindOf(err)), err)
	}
	if err != nil {
		return err
	}
	return q.done(r, versionHref(v), "negotiation.done-propose")
}
