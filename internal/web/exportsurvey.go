package web

import (
	"strings"

	"gongjian/internal/measure"
	"gongjian/internal/org"
	"gongjian/internal/sheet"
	"gongjian/internal/store"
	"gongjian/internal/survey"
	"gongjian/internal/task"
)

func surveyExports() []exportable {
	return []exportable{
		{key: "surveys", page: "/surveys", address: "/surveys", wide: true, table: surveyList, columns: []exportColumn{
			words("survey", 40), words("region", 12), figure("year"), words("unit", 30), words("stage", 12), figure("sections"), figure("handed-in"), day("due"), day("sent"), figure("findings"),
		}},
		{key: "survey-answers", page: "/surveys/{id}", address: "/surveys/{id}/answers", wide: true, table: surveyAnswers, columns: []exportColumn{
			words("section", 18), words("question", 40), words("unit", 28), words("state", 12), figure("year"), figure("figure"), words("measure-word", 10), figure("year-before"), words("given-answer", 40), words("source", 28), moment("saved"),
		}},
		{key: "findings", page: "/surveys/{id}/findings", address: "/surveys/{id}/findings", wide: true, table: findingList, columns: []exportColumn{
			words("finding-kind", 14), words("work-field", 14), words("finding", 50), words("grounds", 60), moment("drawn"),
		}},
		{key: "comparison", page: "/surveys/{id}/compare", address: "/surveys/{id}/compare", wide: true, table: comparisonList, columns: []exportColumn{
			words("question", 40), words("measure-word", 10), figure("figure"), figure("year"), figure("other-figure"), figure("other-year"), figure("difference"),
		}},
		{key: "measures", page: "/measures", address: "/measures", wide: true, table: measureList, columns: []exportColumn{
			words("work-field", 14), words("catalogue-measure", 28), words("who-does", 12), words("wording", 50), words("target", 20), words("deadline", 20), words("evidence-wanted", 24), words("unit", 28), day("since"), figure("times-taken"),
		}},
		{key: "proposals", page: "/memorandums/{id}/measures", address: "/memorandums/{id}/measures", wide: true, table: proposalList, columns: []exportColumn{
			words("work-field", 14), words("catalogue-measure", 28), words("who-does", 12), words("wording", 50), words("target", 20), words("deadline", 20), words("grounds", 60),
		}},
	}
}

func surveyList(q *request) (exportTable, error) {
	filter := q.surveyFilter()
	rows := paged(func(after store.SurveyKey, limit int) ([]store.SurveyEntry, error) {
		return q.view.Surveys(q.Context(), filter, after, limit)
	}, func(e store.SurveyEntry) store.SurveyKey { return store.SurveyKey{Year: e.Year, ID: e.ID} }, rowsOf(func(e store.SurveyEntry) exportRow {
		return exportRow{"survey": said(e.Title), "region": said(q.regionName(e.Region)), "year": counted(e.Year), "unit": said(e.UnitName), "stage": said(q.p.T("survey.stage-" + string(e.Stage))),
			"sections": counted(e.Parts), "handed-in": counted(e.In), "due": onDate(e.Due), "sent": onDate(e.Sent), "findings": counted(e.Findings)}
	}))
	return exportTable{title: q.p.T("survey.list-title"), rows: rows}, nil
}

// surveyAnswers are the questions of a survey with the answers that the reader may see.
func surveyAnswers(q *request) (exportTable, error) {
	v, err := q.view.Survey(q.Context(), survey.ID(q.PathValue("id")))
	if err != nil {
		return exportTable{}, err
	}
	answers, err := q.view.SurveyAnswers(q.Context(), v)
	if err != nil {
		return exportTable{}, err
	}
	units, err := q.view.Names(q.Context(), v.Asked())
	if err != nil {
		return exportTable{}, err
	}
	industries := survey.StandardIndustries()
	var rows []exportRow
	for _, x := range v.Sections {
		for _, y := range x.Questions {
			a := answers[y.Key]
			r := exportRow{"section": said(x.Title), "question": said(y.Text), "unit": said(units[x.Unit].Name), "state": said(q.p.T("survey.state-" + string(x.State))), "source": said(a.Source), "saved": atMoment(a.At)}
			if y.Kind == survey.Figure {
				r["year"], r["measure-word"], r["figure"], r["year-before"] = counted(y.YearIn(v.Year)), said(y.Unit), maybe(a.Value), maybe(a.Before)
			} else {
				lines := q.said(v.Survey, y, a, industries)
				for _, f := range a.Files {
					lines = append(lines, f.Name)
				}
				r["given-answer"] = said(strings.Join(lines, "；"))
			}
			rows = append(rows, r)
		}
	}
	return exportTable{title: v.Title, rows: each(rows, func(r exportRow) exportRow { return r })}, nil
}

// maybe is a figure, or an empty cell where there is none.
func maybe(v *task.Quantity) sheet.Cell {
	if v == nil {
		return sheet.Cell{}
	}
	return amount(*v)
}

func findingList(q *request) (exportTable, error) {
	v, err := q.view.Survey(q.Context(), survey.ID(q.PathValue("id")))
	if err != nil {
		return exportTable{}, err
	}
	all, err := q.view.Findings(q.Context(), v)
	if err != nil {
		return exportTable{}, err
	}
	return exportTable{title: q.p.T("survey.findings-of", "title", v.Title), rows: each(all, func(f survey.Finding) exportRow {
		return exportRow{"finding-kind": said(q.p.T("survey.finding-" + string(f.Kind))), "work-field": said(q.p.T("survey.field-" + string(f.Field))), "finding": said(f.Sentence),
			"grounds": said(strings.Join(q.grounds(f.Rests), "；")), "drawn": atMoment(f.At)}
	})}, nil
}

func comparisonList(q *request) (exportTable, error) {
	full, _, err := q.view.SurveyInFull(q.Context(), survey.ID(q.PathValue("id")))
	if err != nil {
		return exportTable{}, err
	}
	rows, other, err := q.comparedWith(full)
	if err != nil {
		return exportTable{}, err
	}
	title := q.placeAndYear(full.Survey)
	if other != nil {
		title = q.p.T("survey.compared", "a", title, "b", q.placeAndYear(other.Survey))
	}
	return exportTable{title: title, rows: each(rows, func(c survey.Compared) exportRow {
		r := exportRow{"question": said(c.Question.Text), "measure-word": said(c.Question.Unit), "figure": maybe(c.A), "other-figure": maybe(c.B), "difference": maybe(c.Difference)}
		if c.YearA != 0 {
			r["year"] = counted(c.YearA)
		}
		if c.YearB != 0 {
			r["other-year"] = counted(c.YearB)
		}
		return r
	})}, nil
}

func measureList(q *request) (exportTable, error) {
	if !q.view.May(org.SeeMeasures, org.MeasureFacts{}) {
		return exportTable{}, errAbsent
	}
	filter := q.measureFilter()
	rows := paged(func(after store.MeasureKey, limit int) ([]store.MeasureEntry, error) {
		return q.view.Measures(q.Context(), filter, after, limit)
	}, func(e store.MeasureEntry) store.MeasureKey {
		return store.MeasureKey{Field: e.Field, Position: e.Position, ID: e.ID}
	}, rowsOf(func(e store.MeasureEntry) exportRow {
		r := q.measureCells(e.Entry.Measure)
		r["evidence-wanted"], r["unit"], r["since"], r["times-taken"] = said(e.Evidence), said(e.UnitName), onDate(e.From), counted(e.Used)
		return r
	}))
	return exportTable{title: q.p.T("measure.list-title"), rows: rows}, nil
}

func (q *request) measureCells(m measure.Measure) exportRow {
	return exportRow{"work-field": said(q.p.T("survey.field-" + string(m.Field))), "catalogue-measure": said(m.Title), "who-does": said(q.p.T("measure.side-" + string(m.Side))),
		"wording": said(m.Wording), "target": said(m.Target), "deadline": said(m.Deadline)}
}

func proposalList(q *request) (exportTable, error) {
	t, err := q.takePage()
	if err != nil {
		return exportTable{}, err
	}
	return exportTable{title: q.p.T("measure.proposals-of", "title", t.m.Title), rows: each(t.proposals, func(p measure.Proposal) exportRow {
		r := q.measureCells(p.Entry.Measure)
		var why []string
		for _, b := range p.Because {
			why = append(why, q.p.T("measure.because", "finding", b.Finding.Sentence, "grounds", strings.Join(q.grounds(b.Finding.Rests), "；")))
		}
		r["grounds"] = said(strings.Join(why, "\n"))
		return r
	})}, nil
}
