package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/act"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/paper"
	"gongjian/internal/web/page"
)

func (s *Server) importRoutes() []Route {
	return []Route{
		{"GET /plans/{id}/import", false, s.importForm},
		{"POST /plans/{id}/import", false, s.upload},
		{"GET /imports/{id}", false, s.preview},
		{"GET /imports/{id}/rows/{row}", false, s.importRow},
		{"POST /imports/{id}/rows/{row}", false, s.mendRow},
		{"POST /imports/{id}/accept", false, s.acceptSuggestions},
		{"POST /imports/{id}/apply", false, s.applyImport},
	}
}

const (
	importsListed = 30
	importPage    = 100 // rows of a preview at a time
)

func (s *Server) importForm(q *request) error { return s.showImportForm(q, http.StatusOK, nil) }

func (s *Server) showImportForm(q *request, code int, cause error) error {
	p, err := q.view.Plan(q.Context(), memo.PlanID(q.PathValue("id")))
	if err != nil {
		return err
	}
	earlier, err := q.view.Uploads(q.Context(), p, importsListed)
	if err != nil {
		return err
	}
	v, err := q.frame(q.p.T("import.title"), "plan")
	if err != nil {
		return err
	}
	plan := "/plans/" + string(p.ID)
	f := page.ImportFormView{
		Head: page.HeadView{
			Crumbs: []page.Crumb{{Text: p.Title, Href: plan}, {Text: q.p.T("import.title")}},
			Title:  page.Say(q.p.T("import.title")), Meta: page.Say(p.Title),
		},
		Action: plan + "/import", Back: plan, Key: newKey(), Faults: atField(q, cause, "file", q.p.T("import.file")),
		About: []page.Words{
			page.Rich(q.p.Rich("import.about-kinds")),
			page.Rich(q.p.Rich("import.about-limits", "size", paper.MaxFile>>20, "rows", paper.MaxRows)),
			page.Rich(q.p.Rich("import.about-shapes")),
			page.Rich(q.p.Rich("import.about-preview")),
		},
	}
	for _, e := range earlier {
		state := q.p.T("import.state-open")
		if !e.Applied.IsZero() {
			state = q.p.T("import.state-applied", "at", q.p.Recent(e.Applied))
		}
		f.Earlier = append(f.Earlier, page.ImportEntry{Name: e.Name, Href: "/imports/" + e.ID, Unit: e.Unit, At: q.p.Recent(e.At), State: state})
	}
	return q.render(code, page.ImportForm(v, f))
}

// atField shows every fault of an error at one field: a document has many ways
// to be unreadable, the form has one field.
func atField(q *request, err error, field, label string) []page.FieldFault {
	out := page.Faults(q.p, err, nil)
	for i := range out {
		out[i].Field, out[i].Label = field, label
	}
	return out
}

func (s *Server) upload(q *request) error {
	id := memo.PlanID(q.PathValue("id"))
	p, err := q.view.Plan(q.Context(), id) // asked before the document is read
	if err != nil {
		return err
	}
	if !q.view.May(org.UploadImport, org.ImportFacts{Office: p.Office}) {
		return errAbsent
	}
	file, name, size, err := q.uploaded("file", "import.file-missing")
	if mendable(err) {
		return s.showImportForm(q, status(fault.Invalid), err)
	}
	if err != nil {
		return err
	}
	defer file.Close()
	receipt, upload, err := s.desk.Upload(q.Context(), q.caller, q.key(), id, name, file, size)
	if mendable(err) {
		return s.showImportForm(q, status(fault.KindOf(err)), err)
	}
	if err != nil {
		return err
	}
	to, err := s.previewOf(q, upload)
	if err != nil {
		return err
	}
	return q.done(receipt, to, "import.done-upload", "name", name)
}

// working is an upload worked out for the request.
func (s *Server) working(q *request) (act.Import, error) {
	u, err := q.view.Upload(q.Context(), q.PathValue("id"))
	if err != nil {
		return act.Import{}, err
	}
	return s.desk.Import(u.Upload, u.Plan, u.Memorandum, u.Units, u.Names, q.view.Today())
}

func (s *Server) preview(q *request) error { return s.showPreview(q, http.StatusOK, nil) }

// showPreview answers with the preview. cause is why an act was refused.
func (s *Server) showPreview(q *request, code int, cause error) error {
	im, err := s.working(q)
	if err != nil {
		return err
	}
	v, err := q.frame(q.p.T("import.preview-title", "name", im.Name), "plan")
	if err != nil {
		return err
	}
	v.Wide = true
	after, err := strconv.Atoi(q.FormValue("after"))
	if err != nil {
		after = -1
	}
	w := importView{request: q, im: im, tally: paper.Count(im.Rows), show: q.FormValue("show"), after: after}
	if to, err := s.previewOf(q, im.ID); err != nil {
		return err
	} else if im.Applied.IsZero() && to != w.base() {
		w.compare = to
	}
	f := w.page()
	f.Faults = page.Faults(q.p, cause, nil)
	return q.render(code, page.Import(v, f))
}

func (s *Server) importRow(q *request) error {
	return s.showImportRow(q, http.StatusOK, nil)
}

// showImportRow answers with the page of one row; what was typed comes back with
// what is wrong with it.
func (s *Server) showImportRow(q *request, code int, cause error) error {
	im, err := s.working(q)
	if err != nil {
		return err
	}
	if !im.Applied.IsZero() { // nothing is changed here any more
		return q.redirect("/imports/" + im.ID)
	}
	index, err := strconv.Atoi(q.PathValue("row"))
	at := slices.IndexFunc(im.Rows, func(r paper.DraftRow) bool { return r.Index == index })
	if err != nil || at < 0 {
		return errAbsent
	}
	v, err := q.frame(q.p.T("import.row-title", "place", importPlace(q.p, im.Rows[at].Row.Origin)), "plan")
	if err != nil {
		return err
	}
	w := importView{request: q, im: im, tally: paper.Count(im.Rows), cause: cause}
	return q.render(code, page.ImportRowPage(v, w.row(at)))
}

// mendRow answers a question about a row, corrects its words, or leaves it out.
func (s *Server) mendRow(q *request) error {
	id, back := q.PathValue("id"), "/imports/"+q.PathValue("id")
	index, err := strconv.Atoi(q.PathValue("row"))
	if err != nil {
		return errAbsent
	}
	mend := act.Mending{Row: index}
	if mend.Version, err = strconv.ParseInt(q.PostFormValue("version"), 10, 64); err != nil {
		return errAbsent
	}
	said := "import.done-mend"
	switch q.PostFormValue("do") {
	case "take":
		mend.Skip, said = new(string), "import.done-take"
	case "skip":
		reason := strings.TrimSpace(q.PostFormValue("reason"))
		if reason == "" {
			return s.showImportRow(q, status(fault.Invalid), fault.New(fault.Invalid, "import.reason-missing").On("reason"))
		}
		mend.Skip, said = &reason, "import.done-skip"
	case "correct":
		mend.Words = &paper.Words{Task: wordsTyped(q, "task"), Lead: wordsTyped(q, "lead"), Cooperating: wordsTyped(q, "cooperating"),
			Deadline: wordsTyped(q, "deadline"), Target: wordsTyped(q, "target")}
	default:
		if err := s.readAnswer(q, &mend); err != nil {
			return s.mendFailed(q, err)
		}
	}
	receipt, err := s.desk.Mend(q.Context(), q.caller, q.key(), id, mend)
	if err != nil {
		return s.mendFailed(q, err)
	}
	if mend.Words != nil {
		back += "/rows/" + strconv.Itoa(index)
	}
	return q.done(receipt, local(q.PostFormValue("back"), back), said)
}

// mendFailed shows the row with what is to be mended, and what was typed.
func (s *Server) mendFailed(q *request, err error) error {
	if mendable(err) && !fault.Is(err, "import.applied") {
		return s.showImportRow(q, status(fault.KindOf(err)), err)
	}
	return err
}

// wordsTyped is a field of the form, nil when the form did not have it.
func wordsTyped(q *request, name string) *string {
	if err := q.ParseForm(); err != nil || !q.PostForm.Has(name) {
		return nil
	}
	v := q.PostForm.Get(name)
	return &v
}

// readAnswer turns the form of a question into an answer. A field that was filled
// in speaks for its choice where the choice stayed as it was preset.
func (s *Server) readAnswer(q *request, mend *act.Mending) error {
	im, err := s.working(q)
	if err != nil {
		return err
	}
	mend.Question = q.PostFormValue("question")
	question, ok := questionOf(im.Rows, mend.Row, mend.Question)
	if !ok {
		return fault.New(fault.Conflict, "import.question-gone")
	}
	unit, day, words := strings.TrimSpace(q.PostFormValue("unit")), strings.TrimSpace(q.PostFormValue("date")), strings.TrimSpace(q.PostFormValue("text"))
	choice, unitID, _ := strings.Cut(q.PostFormValue("choice"), ":")
	mend.Answer.Choice = paper.Choice(choice)
	preset := question.Suggest == nil && choice == "" || question.Suggest != nil && choice == string(question.Suggest.Choice)
	if preset {
		for field, c := range map[string]paper.Choice{unit: paper.ChooseUnits, day: paper.ChooseDate, words: paper.ChooseText} {
			if field != "" && slices.Contains(question.Choices, c) {
				mend.Answer.Choice = c
			}
		}
	}
	switch mend.Answer.Choice {
	case paper.ChooseUnits, paper.ChooseEach:
		if unitID != "" && (unit == "" || choice != string(paper.ChooseUnits)) {
			mend.Answer.Units = idsOf(unitID)
		} else {
			mend.Typed = unit
		}
	case paper.ChooseText:
		mend.Answer.Text = words
	case paper.ChooseDate:
		if day == "" {
			return nil // the rule says what is missing
		}
		if mend.Answer.Date, ok = paper.ReadDay(day, im.Plan.Year); !ok {
			return fault.New(fault.Invalid, "import.date-unreadable", "Text", day).On("date")
		}
	}
	return nil
}

// idsOf reads the units of a choice: ids with + between them.
func idsOf(s string) (out []org.UnitID) {
	for _, id := range strings.Split(s, "+") {
		out = append(out, org.UnitID(id))
	}
	return out
}

func questionOf(rows []paper.DraftRow, index int, key string) (paper.Question, bool) {
	for _, r := range rows {
		if r.Index == index {
			for _, question := range r.Questions {
				if question.Key == key {
					return question, true
				}
			}
		}
	}
	return paper.Question{}, false
}

func (s *Server) acceptSuggestions(q *request) error {
	version, err := strconv.ParseInt(q.PostFormValue("version"), 10, 64)
	if err != nil {
		return errAbsent
	}
	id := q.PathValue("id")
	receipt, n, err := s.desk.AcceptSuggestions(q.Context(), q.caller, q.key(), id, version)
	if mendable(err) {
		return s.showPreview(q, status(fault.KindOf(err)), err)
	}
	if err != nil {
		return err
	}
	return q.done(receipt, "/imports/"+id, "import.done-accept", "n", n)
}

// applyImport enters the rows in the plan. A second click is told when that happened.
func (s *Server) applyImport(q *request) error {
	version, err := strconv.ParseInt(q.PostFormValue("version"), 10, 64)
	if err != nil {
		return errAbsent
	}
	receipt, done, err := s.desk.Apply(q.Context(), q.caller, q.key(), q.PathValue("id"), version)
	if mendable(err) {
		return s.showPreview(q, status(fault.KindOf(err)), err)
	}
	if err != nil {
		return err
	}
	if receipt.Again {
		u, err := q.view.Upload(q.Context(), q.PathValue("id"))
		if err != nil {
			return err
		}
		done.Plan = u.Upload.Plan
	}
	return q.done(receipt, "/plans/"+string(done.Plan), "import.done-apply", "n", done.Rows, "out", done.LeftOut)
}

// importAddress is the preview on a tab, from a row on.
func importAddress(id, show string, after int) string {
	v := url.Values{}
	if show != "" {
		v.Set("show", show)
	}
	if after >= 0 {
		v.Set("after", strconv.Itoa(after))
	}
	if len(v) == 0 {
		return "/imports/" + id
	}
	return "/imports/" + id + "?" + v.Encode()
}
