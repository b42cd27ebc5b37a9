package web

import (
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/org"
	"gongjian/internal/paper"
	"gongjian/internal/web/page"
)

// line is a row of the preview.
func (w *importView) line(r paper.DraftRow, asked map[string]string) page.ImportRow {
	out := page.ImportRow{
		Anchor: "row-" + strconv.Itoa(r.Index), Place: shortPlace(w.p, r.Row.Origin), Cells: w.cells(r), Href: w.rowHref(r),
		Settled: r.Mended(), Running: len(r.Row.Originals()) == 1,
	}
	for _, q := range r.Questions {
		out.Questions = append(out.Questions, w.question(r, q, asked))
	}
	if r.Open() == 0 {
		out.Reading = w.facts(r)
	}
	return out
}

// cells are the original cells by column, with what is in doubt marked.
func (w *importView) cells(r paper.DraftRow) map[string][]page.ImportCell {
	doubts := doubtful(r)
	out := map[string][]page.ImportCell{}
	count := map[string]int{}
	originals := r.Row.Originals()
	for _, o := range originals {
		count[o.Field]++
	}
	for _, o := range originals {
		header := o.Header
		if o.Field != "" && (count[o.Field] == 1 || header == w.p.T("import.col-"+o.Field)) {
			header = ""
		}
		words := slices.Concat(doubts[o.Field], doubts["target"], doubts[""])
		if len(originals) == 1 { // running text: everything stands in one cell
			words = slices.Concat(doubts["task"], doubts["units"], doubts["deadline"], words)
		}
		cell := page.Marked(header, o.Text, words)
		if strings.TrimSpace(o.Text) == "" {
			if len(doubts[o.Field]) == 0 || count[o.Field] > 1 {
				continue
			}
			cell.Mark = w.p.T("import.blank")
		}
		out[o.Field] = append(out[o.Field], cell)
	}
	return out
}

// doubtful are the words in doubt, by the column that they stand in.
func doubtful(r paper.DraftRow) map[string][]string {
	out := map[string][]string{}
	for _, q := range r.Questions {
		field := q.Field
		switch field {
		case "lead", "cooperating":
			field = "units"
		case "task", "deadline", "units", "target":
		default:
			field = ""
		}
		out[field] = append(out[field], q.Words)
		if q.Code == paper.DoubtLeader {
			out[field] = append(out[field], r.Row.Lead...)
		}
	}
	return out
}

// question words one doubt. asked holds where the questions of the whole table
// stand on this page: each of them has one form. nil gives every question its form.
func (w *importView) question(r paper.DraftRow, q paper.Question, asked map[string]string) page.ImportQuestion {
	out := page.ImportQuestion{
		ID:     "q" + strconv.Itoa(r.Index) + "-" + strconv.Itoa(slices.IndexFunc(r.Questions, func(o paper.Question) bool { return o.Key == q.Key })),
		Action: w.base() + "/rows/" + strconv.Itoa(r.Index), Key: newKey(), Version: strconv.FormatInt(w.im.Version, 10), Name: q.Key,
		Text: page.Rich(w.p.Rich("import.doubt."+w.doubtKey(q), "words", q.Words, "year", w.im.Plan.Year, "count", len(q.Units), "field", w.p.T("import.field."+q.Field))),
	}
	if q.Fault != nil {
		out.Text = page.Say(w.p.Fault(q.Fault))
	}
	if asked != nil {
		out.Back = importAddress(w.im.ID, w.show, w.after)
	}
	if q.Whole && q.Rows > 1 {
		out.Note = w.p.T("import.in-rows", "n", q.Rows)
	}
	if q.Answer != nil {
		out.Chosen = page.Rich(w.p.Rich("import.chosen", "what", w.answer(q, *q.Answer)))
	}
	switch at, ok := asked[q.Key]; {
	case w.applied() || asked != nil && q.Answer != nil:
	case q.Whole && ok:
		out.Elsewhere = w.p.T("import.asked-above", "place", at)
	default:
		if q.Whole && asked != nil {
			asked[q.Key] = shortPlace(w.p, r.Row.Origin)
		}
		out.Choices = w.choices(q)
	}
	return out
}

func (w *importView) doubtKey(q paper.Question) string {
	if w.p.Has("import.doubt." + q.Code) {
		return q.Code
	}
	return "other" // a doubt of the reader that has no words of its own yet
}

// fewUnits is how many candidates are shown to pick from; more stand in the list
// of the field.
const fewUnits = 5

// choices are the ways to answer, the suggested one chosen.
func (w *importView) choices(q paper.Question) []page.ImportChoice {
	now := q.Suggest
	if q.Answer != nil {
		now = q.Answer
	}
	var out []page.ImportChoice
	add := func(c page.ImportChoice, a paper.Answer) {
		c.Checked = now != nil && same(*now, a)
		c.Suggested = q.Suggest != nil && same(*q.Suggest, a)
		out = append(out, c)
	}
	for _, choice := range q.Choices {
		a := paper.Answer{Choice: choice}
		c := page.ImportChoice{Value: string(choice), Text: w.way(q, choice)}
		switch choice {
		case paper.ChooseUnits:
			for _, units := range w.picks(q) {
				pick := paper.Answer{Choice: choice, Units: units}
				add(page.ImportChoice{Value: string(choice) + ":" + joinIDs(units), Text: w.units(units)}, pick)
			}
			c.Input = &page.ImportInput{Name: "unit", Label: w.p.T("import.unit-label"), Hint: w.p.T("import.unit-hint"), List: w.list(q)}
			if q.Answer != nil && q.Answer.Choice == choice && !slices.ContainsFunc(out, func(c page.ImportChoice) bool { return c.Checked }) {
				c.Checked, c.Input.Value = true, w.units(q.Answer.Units)
			}
			out = append(out, c)
			continue
		case paper.ChooseEach:
			if q.Code == paper.QuestionGroup {
				c.Input = &page.ImportInput{Name: "unit", Label: w.p.T("import.gatherer-label"), List: w.list(q)}
				if now != nil && now.Choice == choice {
					c.Input.Value, a.Units = w.units(now.Units), now.Units
				}
			}
		case paper.ChooseDate:
			c.Input = &page.ImportInput{Name: "date", Label: w.p.T("import.date-label"), Hint: w.p.T("import.date-hint")}
			if now != nil && now.Choice == choice {
				c.Input.Value, a.Date = now.Date.String(), now.Date
			}
		case paper.ChooseText:
			c.Input = &page.ImportInput{Name: "text", Label: w.p.T("import.text-label")}
			if now != nil && now.Choice == choice {
				c.Input.Value, a.Text = now.Text, now.Text
			}
		}
		add(c, a)
	}
	if len(out) == 1 { // nothing to choose between
		out[0].Checked = true
	}
	return out
}

// same reports whether two answers say the same.
func same(a, b paper.Answer) bool {
	return a.Choice == b.Choice && slices.Equal(a.Units, b.Units) && a.Date == b.Date && a.Text == b.Text
}

// picks are the units, or sets of units, that are offered each as a choice.
func (w *importView) picks(q paper.Question) (out [][]org.UnitID) {
	if q.Suggest != nil && len(q.Suggest.Units) > 0 {
		out = append(out, q.Suggest.Units)
	}
	if len(q.Units) > fewUnits {
		return out
	}
	for _, u := range q.Units {
		if one := []org.UnitID{u}; !slices.ContainsFunc(out, func(o []org.UnitID) bool { return slices.Equal(o, one) }) {
			out = append(out, one)
		}
	}
	return out
}

func (w *importView) list(q paper.Question) (out []string) {
	for _, u := range q.Units {
		out = append(out, w.im.Units[u].Name)
	}
	return out
}

func joinIDs(units []org.UnitID) string {
	out := make([]string, len(units))
	for i, u := range units {
		out[i] = string(u)
	}
	return strings.Join(out, "+")
}

// way words a choice, by its question where that has words of its own.
func (w *importView) way(q paper.Question, c paper.Choice) string {
	if w.p.Has("import.choice." + q.Code + "." + string(c)) {
		return w.p.T("import.choice."+q.Code+"."+string(c), "count", len(q.Units))
	}
	return w.p.T("import.choice."+string(c), "count", len(q.Units))
}

// answer words what was decided.
func (w *importView) answer(q paper.Question, a paper.Answer) string {
	switch a.Choice {
	case paper.ChooseUnits:
		return w.units(a.Units)
	case paper.ChooseDate:
		return a.Date.String()
	case paper.ChooseText:
		return a.Text
	case paper.ChooseEach:
		if len(a.Units) > 0 {
			return w.p.T("import.chose-each", "unit", w.units(a.Units))
		}
	}
	return w.way(q, a.Choice)
}

// row is the page of one row.
func (w *importView) row(at int) page.ImportRowView {
	r := w.im.Rows[at]
	out := page.ImportRowView{
		Head:   w.head(w.p.T("import.row-title", "place", importPlace(w.p, r.Row.Origin))),
		Row:    page.ImportRow{Reading: w.facts(r)},
		Action: w.base() + "/rows/" + strconv.Itoa(r.Index), Version: strconv.FormatInt(w.im.Version, 10),
		Keys: [3]string{newKey(), newKey(), newKey()}, Skip: w.PostFormValue("reason"), List: w.base(),
		Faults: page.Faults(w.p, w.cause, w.labels()),
	}
	out.Head.Meta = page.Words{}
	if r.Skipped != "" {
		out.Row.Skipped = w.p.T("import.skipped", "reason", r.Skipped)
	}
	for _, q := range r.Questions {
		out.Row.Questions = append(out.Row.Questions, w.typedInto(w.question(r, q, nil), out.Faults))
	}
	var doubts []string
	for _, words := range doubtful(r) {
		doubts = append(doubts, words...)
	}
	for _, o := range r.Row.Originals() {
		if strings.TrimSpace(o.Text) != "" {
			out.Original = append(out.Original, page.Marked(o.Header, o.Text, doubts))
		}
	}
	if !w.applied() {
		out.Fields = w.fields(r)
	}
	if i := w.nextOpen(at, -1); i >= 0 {
		out.Previous = w.rowHref(w.im.Rows[i])
	}
	if i := w.nextOpen(at, 1); i >= 0 {
		out.Next = w.rowHref(w.im.Rows[i])
	}
	return out
}

// nextOpen is the next row in a direction that has something open, or -1.
func (w *importView) nextOpen(at, step int) int {
	for i := at + step; i >= 0 && i < len(w.im.Rows); i += step {
		if w.im.Rows[i].Open() > 0 {
			return i
		}
	}
	return -1
}

// typedInto puts what was typed back into the question that it was an answer to.
func (w *importView) typedInto(q page.ImportQuestion, faults []page.FieldFault) page.ImportQuestion {
	if w.cause == nil || w.PostFormValue("question") != q.Name {
		return q
	}
	q.Faults = faults
	for i := range q.Choices {
		c := &q.Choices[i]
		if chosen := w.PostFormValue("choice"); chosen != "" {
			c.Checked = c.Value == chosen
		}
		if c.Input != nil {
			c.Input.Value = w.PostFormValue(c.Input.Name)
		}
	}
	return q
}

// fields are the words of a row that can be corrected.
func (w *importView) fields(r paper.DraftRow) []page.ImportField {
	target := ""
	if r.Row.Target != nil {
		target = r.Row.Target.Text
	}
	out := []page.ImportField{
		{ID: "task", Value: r.Row.Task, Long: true},
		{ID: "lead", Value: strings.Join(r.Row.Lead, "、"), Hint: w.p.T("import.names-hint")},
		{ID: "cooperating", Value: strings.Join(r.Row.Cooperating, "、"), Hint: w.p.T("import.names-hint")},
		{ID: "deadline", Value: r.Row.Deadline.Text, Hint: w.p.T("import.deadline-hint")},
		{ID: "target", Value: target, Hint: w.p.T("import.target-hint")},
	}
	labels := w.labels()
	for i := range out {
		out[i].Label = labels[out[i].ID]
		if w.cause != nil && w.PostFormValue("do") == "correct" {
			out[i].Value = w.PostFormValue(out[i].ID)
		}
	}
	return out
}

func (w *importView) labels() map[string]string {
	out := map[string]string{"reason": w.p.T("import.skip-reason"), "unit": w.p.T("import.unit-label"), "date": w.p.T("import.date-label"), "text": w.p.T("import.text-label")}
	for _, field := range []string{"task", "lead", "cooperating", "deadline", "target"} {
		out[field] = w.p.T("import.field." + field)
	}
	return out
}
