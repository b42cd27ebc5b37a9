package web

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongjian/internal/assess"
	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/paper"
	"gongjian/internal/paper/rubric"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

const rubricsListed = 10

// uploadRubric takes a rubric in and leads to its preview.
func (s *Server) uploadRubric(q *request) error {
	if !q.view.May(org.UploadRubric, org.ScoreFacts{Office: q.caller.Unit().ID}) {
		return errAbsent
	}
	file, name, size, err := q.uploaded("rubric", "rubric.file-missing")
	if mendable(err) {
		return s.showScheme(q, status(fault.Invalid), schemeEntry{rubric: err})
	}
	if err != nil {
		return err
	}
	defer file.Close()
	receipt, id, err := s.desk.UploadRubric(q.Context(), q.caller, q.key(), name, file, size)
	if mendable(err) {
		return s.showScheme(q, status(fault.KindOf(err)), schemeEntry{rubric: err})
	}
	if err != nil {
		return err
	}
	return q.done(receipt, "/scores/rubrics/"+id, "rubric.done-upload", "name", name)
}

// rubricFile hands out the document that a scheme was made from.
func (s *Server) rubricFile(q *request) error {
	e, err := s.desk.OpenRubric(q.Context(), q.caller, q.PathValue("id"))
	if err != nil {
		return err
	}
	defer e.File.Close()
	return serveFile(q, e)
}

func (s *Server) rubric(q *request) error {
	return s.showRubric(q, http.StatusOK, nil)
}

// showRubric lays out the preview. What was chosen in a form that came back stays chosen.
func (s *Server) showRubric(q *request, code int, cause error) error {
	kept, r, err := q.readRubric()
	if err != nil {
		return err
	}
	v, err := q.frame(q.p.T("rubric.title", "name", kept.Name), "assess")
	if err != nil {
		return err
	}
	v.Wide = true
	w := rubricView{request: q, kept: kept, r: r, sent: q.Method == http.MethodPost}
	f := w.page()
	f.Faults = page.Faults(q.p, cause, nil)
	return q.render(code, page.Rubric(v, f))
}

func (q *request) readRubric() (store.Rubric, rubric.Rubric, error) {
	kept, err := q.view.Rubric(q.Context(), q.PathValue("id"))
	if err != nil {
		return kept, rubric.Rubric{}, err
	}
	r, err := rubric.Restore(kept.Reading)
	return kept, r, err
}

// makeScheme turns a rubric by its answers into a draft in the editor. Nothing is
// stored: the scheme comes to be when the editor's form is sent.
func (s *Server) makeScheme(q *request) error {
	kept, r, err := q.readRubric()
	if err != nil {
		return err
	}
	level := org.Level(q.PostFormValue("level"))
	if level != org.City && level != org.County {
		return s.showRubric(q, status(fault.Invalid), fault.New(fault.Invalid, "rubric.level-missing").On("level"))
	}
	scheme, err := r.Scheme(q.rubricChoices(r), rubric.Setting{
		ID: assess.SchemeID("rubric-" + strings.ToLower(kept.ID)), Name: "《" + cmp.Or(r.Title, kept.Name) + "》",
		From:  calendar.NewDate(cmp.Or(r.Year, q.view.Today().Year), time.January, 1),
		Level: level, Group: q.p.T("rubric.level-" + string(level)), Start: q.p.T("rubric.start"),
		Document: assess.Document{Upload: kept.ID, Name: kept.Name, SHA256: kept.File},
	})
	if err == nil {
		err = scheme.Check()
	}
	if mendable(err) {
		return s.showRubric(q, status(fault.KindOf(err)), err)
	}
	if err != nil {
		return err
	}
	b, err := json.MarshalIndent(scheme, "", "  ")
	if err != nil {
		return err
	}
	return s.showScheme(q, http.StatusOK, schemeEntry{words: string(b), notes: q.draftNotes(kept, r, scheme)})
}

// draftNotes says what of the draft is ours and has to be looked at.
func (q *request) draftNotes(kept store.Rubric, r rubric.Rubric, s assess.Scheme) []page.Words {
	notes := []page.Words{page.Rich(q.p.Rich("rubric.draft-from", "name", kept.Name, "n", len(s.Leaves())), "/scores/rubrics/"+kept.ID)}
	if r.Total != nil && !r.Total.Equal(s.Points.Decimal) {
		notes = append(notes, page.Say(q.p.T("rubric.draft-total", "printed", r.Total.String(), "now", s.Points.String())))
	}
	if !r.Capped(s) {
		notes = append(notes, page.Say(q.p.T("rubric.draft-cap", "cap", r.BonusCap.String())))
	}
	left := 0
	for i, row := range r.Rows {
		if row.Kind == rubric.Veto && q.PostFormValue("grade-"+strconv.Itoa(i)) == "" {
			left++
		}
	}
	if left > 0 {
		notes = append(notes, page.Say(q.p.T("rubric.draft-vetoes", "n", left)))
	}
	return append(notes, page.Say(q.p.T("rubric.draft-preset")))
}

// rubricChoices reads the answers of the form.
func (q *request) rubricChoices(r rubric.Rubric) rubric.Choices {
	c := rubric.Choices{Faults: map[int]string{}, Points: map[int]string{}, Clear: map[int]bool{}, Grades: map[int]string{}}
	for i := range r.Faults {
		c.Faults[i] = q.PostFormValue("fault-" + strconv.Itoa(i))
	}
	for i := range r.Rows {
		n := strconv.Itoa(i)
		c.Points[i] = q.PostFormValue("points-" + n)
		c.Clear[i] = q.PostFormValue("clear-"+n) == "yes"
		c.Grades[i] = q.PostFormValue("grade-" + n)
	}
	return c
}

// rubricView works out the preview of one rubric.
type rubricView struct {
	*request
	kept store.Rubric
	r    rubric.Rubric
	sent bool // the form came back
}

func (w rubricView) page() page.RubricView {
	title := cmp.Or(w.r.Title, w.kept.Name)
	f := page.RubricView{
		Head: page.HeadView{
			Crumbs: []page.Crumb{{Text: w.p.T("nav.assess"), Href: "/scorecards"}, {Text: w.p.T("rubric.crumb"), Href: "/scores/schemes"}, {Text: title}},
			Title:  page.Say(title), Meta: page.Say(w.p.Dots(w.about()...)),
		},
		File: "/scores/rubrics/" + w.kept.ID + "/file", Action: "/scores/rubrics/" + w.kept.ID, Key: newKey(), Figs: w.figs(),
		Said: w.p.T("rubric.make-about"),
	}
	for _, level := range []org.Level{org.City, org.County} {
		f.Levels = append(f.Levels, page.RubricChoice{Value: string(level), Text: w.p.T("rubric.level-" + string(level)), Checked: w.chosen("level", w.level()) == string(level)})
	}
	if w.r.Starting {
		f.Notes = append(f.Notes, page.Say(w.p.T("rubric.starting", "total", w.r.Total.String())))
	}
	for i, x := range w.r.Faults {
		if len(x.Path) == 0 {
			f.Asks = append(f.Asks, w.fault(i))
		}
	}
	f.Rows = w.rows()
	for _, l := range w.r.LeftOut {
		f.Out = append(f.Out, page.ImportOut{Place: importPlace(w.p, l.Origin), Reason: w.reason(l.Reason), Text: l.Text})
	}
	return f
}

func (w rubricView) reason(r paper.Reason) string {
	if key := "rubric.reason-" + string(r); w.p.Has(key) {
		return w.p.T("rubric.reason-" + string(r))
	}
	return string(r)
}

// level is who the title says is assessed, "" when it does not.
func (w rubricView) level() string {
	switch {
	case strings.Contains(w.r.Title, "区县") || strings.Contains(w.r.Title, "县（") || strings.Contains(w.r.Title, "县(") || strings.Contains(w.r.Title, "县区"):
		return string(org.County)
	case strings.Contains(w.r.Title, "市（州") || strings.Contains(w.r.Title, "市州"):
		return string(org.City)
	}
	return ""
}

func (w rubricView) about() (out []string) {
	out = append(out, w.kept.Name)
	if w.r.Issuer != "" {
		out = append(out, w.r.Issuer)
	}
	return append(out, w.p.T("rubric.uploaded", "at", w.p.Recent(w.kept.At)))
}

func (w rubricView) figs() []page.Fig {
	shown := func(p rubric.Points) string {
		if p == nil {
			return w.p.T("rubric.not-printed")
		}
		return page.PlainPoints(*p)
	}
	return []page.Fig{
		{Label: w.p.T("rubric.fig-items"), Big: strconv.Itoa(len(w.r.Rows))},
		{Label: w.p.T("rubric.fig-total"), Big: shown(w.r.Total)},
		{Label: w.p.T("rubric.fig-cap"), Big: shown(w.r.BonusCap)},
		{Label: w.p.T("rubric.fig-faults"), Big: strconv.Itoa(len(w.r.Faults)), Note: page.Say(w.p.T("rubric.fig-doubts", "n", len(w.r.Doubts)))},
	}
}

// rows lists headings and items in the order of the document.
func (w rubricView) rows() (out []page.RubricRow) {
	var above []string
	for i, row := range w.r.Rows {
		for k := range len(row.Path) - 1 {
			if k < len(above) && slices.Equal(above[:k+1], row.Path[:k+1]) {
				continue
			}
			above = slices.Clone(row.Path[:k+1])
			out = append(out, w.heading(above))
		}
		above = row.Path
		out = append(out, w.item(i))
	}
	return out
}

func (w rubricView) heading(path []string) page.RubricRow {
	out := page.RubricRow{Heading: true, Depth: len(path) - 1, Title: path[len(path)-1]}
	for _, h := range w.r.Headings {
		if slices.Equal(h.Path, path) {
			out.Place = shortPlace(w.p, h.Origin)
			if p := cmp.Or(h.Label, h.Cell); p != nil {
				out.Points = page.PlainPoints(*p)
			}
		}
	}
	for i, f := range w.r.Faults {
		if f.Row < 0 && slices.Equal(f.Path, path) {
			out.Asks, out.Must = append(out.Asks, w.fault(i)), true
		}
	}
	return out
}

func (w rubricView) item(i int) page.RubricRow {
	row := w.r.Rows[i]
	out := page.RubricRow{
		Depth: len(row.Path) - 1, Place: shortPlace(w.p, row.Origin), Title: row.Path[len(row.Path)-1], No: row.No,
		Kind: w.p.T("rubric.kind-" + string(row.Kind)), Words: row.Method, Formula: row.Formula, Scorer: row.Scorer, Evidence: row.Evidence,
	}
	if row.Points != nil {
		out.Points = page.PlainPoints(*row.Points)
	}
	for n, f := range w.r.Faults {
		if f.Row == i {
			out.Asks, out.Must = append(out.Asks, w.fault(n)), true
		}
	}
	for _, d := range w.r.Doubts {
		if d.Row == i && d.Code != rubric.DoubtNoPoints {
			out.Doubts = append(out.Doubts, w.p.T("rubric.doubt-"+d.Code, "points", d.Args["points"], "amount", d.Args["amount"], "value", d.Args["value"], "cap", d.Args["cap"]))
		}
	}
	n := strconv.Itoa(i)
	switch {
	case row.Kind == rubric.Veto:
		out.Asks = append(out.Asks, w.grade(n, row))
	case row.Points == nil:
		out.Must = true
		out.Asks = append(out.Asks, page.RubricAsk{ID: "points-" + n, Typed: true, Label: w.p.T("rubric.col-points"), Value: w.PostFormValue("points-" + n),
			Text: page.Say(w.p.T("rubric.ask-points"))})
	}
	if s := row.Suggest(row.Points); s != nil {
		out.Asks = append(out.Asks, w.suggestion("clear-"+n, row, *s))
	}
	return out
}

// chosen is what the form said, or the preset before it was sent.
func (w rubricView) chosen(field, preset string) string {
	if w.sent {
		return w.PostFormValue(field)
	}
	return preset
}

// fault asks which of two values holds, in the words of the slip.
func (w rubricView) fault(i int) page.RubricAsk {
	f := w.r.Faults[i]
	args := []any{"where", f.Where, "label", printedPoints(f.Label), "cell", printedPoints(f.Cell), "stated", printedPoints(f.Stated), "sum", printedPoints(f.Added), "index", f.Index, "formula", f.Formula}
	ask := page.RubricAsk{ID: "fault-" + strconv.Itoa(i), Text: page.Say(w.p.T("rubric.fault-"+string(f.Type), args...))}
	ask.Label = w.p.T("rubric.answers")
	for _, answer := range w.r.Answers(f) {
		c := page.RubricChoice{Value: answer, Checked: w.chosen(ask.ID, "") == answer}
		if row, ok := strings.CutPrefix(answer, rubric.ToRow); ok {
			n, err := strconv.Atoi(row)
			if err != nil || n >= len(w.r.Rows) {
				continue
			}
			path := w.r.Rows[n].Path
			c.Text = w.p.T("rubric.answer-row", "stated", printedPoints(f.Stated), "item", path[len(path)-1])
		} else {
			c.Text = w.p.T("rubric.answer-"+answer, args...)
		}
		ask.Choices = append(ask.Choices, c)
	}
	if f.Type == rubric.Sum {
		ask.List = true
		ask.Choices = append([]page.RubricChoice{{Text: w.p.T("rubric.choose")}}, ask.Choices...)
	}
	return ask
}

func printedPoints(p rubric.Points) string {
	if p == nil {
		return ""
	}
	return p.String()
}

// grade asks for the best grade that a veto leaves.
func (w rubricView) grade(n string, row rubric.Row) page.RubricAsk {
	ask := page.RubricAsk{ID: "grade-" + n, Text: page.Say(w.p.T("rubric.ask-grade")), Label: w.p.T("rubric.answers")}
	at := w.chosen(ask.ID, row.SuggestGrade())
	if row.SuggestGrade() != "" {
		ask.Note = w.p.T("rubric.suggested")
	}
	for _, b := range rubric.Bands(assess.Whole(100))[1:] {
		ask.Choices = append(ask.Choices, page.RubricChoice{Value: b.Grade, Text: w.p.T("rubric.grade", "grade", b.Grade), Checked: at == b.Grade})
	}
	ask.Choices = append(ask.Choices, page.RubricChoice{Text: w.p.T("rubric.grade-none"), Checked: at == ""})
	return ask
}

// suggestion offers to count an item from recorded happenings.
func (w rubricView) suggestion(id string, row rubric.Row, s rubric.Suggestion) page.RubricAsk {
	key := "rubric.suggest-" + string(row.Kind)
	limit := w.p.T("rubric.no-limit")
	if s.Limit.IsPositive() {
		limit = w.p.T("rubric.limit", "limit", s.Limit.String())
	}
	at := w.chosen(id, "")
	return page.RubricAsk{ID: id, Text: page.Say(w.p.T("rubric.ask-method")), Choices: []page.RubricChoice{
		{Value: "", Text: w.p.T("rubric.by-person"), Checked: at != "yes"},
		{Value: "yes", Text: w.p.T(key, "each", s.Each.String(), "limit", limit), Note: w.p.T("rubric.suggested"), Checked: at == "yes"},
	}}
}
