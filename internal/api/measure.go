package api

import (
	"context"
	"net/http"

	"gongjian/internal/measure"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/survey"
)

// MeasureEntry is an entry of the catalogue of measures (措施库), as it is today.
type MeasureEntry struct {
	ID      string          `json:"id"`
	Unit    string          `json:"unit" doc:"That keeps it."`
	On      bool            `json:"on" doc:"It is proposed and picked."`
	Number  int             `json:"number" doc:"Of the version that holds."`
	From    string          `json:"from" format:"date"`
	Says    measure.Measure `json:"says"`
	Version int64           `json:"version"`
}

func showMeasure(e measure.Entry) MeasureEntry {
	return MeasureEntry{ID: string(e.ID), Unit: string(e.Unit), On: e.On, Number: e.Number, From: e.From.String(), Says: e.Measure, Version: e.Version}
}

// MeasureAsked names a measure in an address.
type MeasureAsked struct {
	Measure string `path:"measure" maxLength:"128"`
}

func (a *MeasureAsked) version(ctx context.Context, q *asking) (int64, error) {
	m, err := q.view.Measure(ctx, measure.ID(a.Measure))
	return m.Version, err
}

func (s *Server) measureOperations() {
	handle(s, describe(http.MethodGet, "/measures", "list-measures", "measures", "The catalogue of measures, by field", org.TokenReads), listMeasures)
	handle(s, describe(http.MethodGet, "/measures/{measure}", "get-measure", "measures", "One measure", org.TokenReads),
		func(ctx context.Context, q *asking, in *MeasureAsked) (*One[MeasureEntry], error) {
			m, err := q.view.Measure(ctx, measure.ID(in.Measure))
			return one(m.Version, showMeasure(m.Entry)), err
		})
	enter(s, post("/measures", "enter-measure", "measures", "Enter a measure of the token's unit", org.TokenWrites), "/measures/",
		func(ctx context.Context, q *asking, in *struct {
			Body struct {
				Says measure.Measure `json:"says"`
				From string          `json:"from,omitempty" format:"date" doc:"Absent: today."`
			}
		}) (store.Receipt, measure.ID, error) {
			from, err := day(in.Body.From, "from")
			if err != nil {
				return store.Receipt{}, "", err
			}
			return s.desk.EnterMeasure(ctx, q.caller, q.key, in.Body.Says, from)
		})
	do(s, post("/measures/standard", "load-measures", "measures", "Take the standard measures into the catalogue of the token's unit", org.TokenWrites),
		func(ctx context.Context, q *asking, _ *struct{}) (store.Receipt, error) {
			r, _, err := s.desk.LoadMeasures(ctx, q.caller, q.key)
			return r, err
		})
	change(s, describe(http.MethodPut, "/measures/{measure}", "change-measure", "measures", "Write the next version of a measure, or switch it on or off", org.TokenWrites),
		func(ctx context.Context, q *asking, in *struct {
			MeasureAsked
			Body struct {
				Says measure.Measure `json:"says"`
				From string          `json:"from" format:"date"`
				On   bool            `json:"on"`
			}
		}, version int64) (store.Receipt, error) {
			from, err := day(in.Body.From, "from")
			if err != nil {
				return store.Receipt{}, err
			}
			return s.desk.ChangeMeasure(ctx, q.caller, q.key, measure.ID(in.Measure), version, in.Body.Says, from, in.Body.On)
		})
	change(s, post("/memorandums/{memorandum}/draft/measures", "take-measures", "measures", "Put measures into the draft of the token's unit, as commitments (选用)", org.TokenWrites), s.takeMeasures)
}

func listMeasures(ctx context.Context, q *asking, in *struct {
	Page
	Field string `query:"field" maxLength:"40"`
	Side  string `query:"side" enum:"offers,asks"`
	Words string `query:"words" maxLength:"100"`
	Off   bool   `query:"off" doc:"Also those that are switched off."`
}) (*List[MeasureEntry], error) {
	var after store.MeasureKey
	if err := cursor(in.After, &after); err != nil {
		return nil, err
	}
	f := store.MeasureFilter{Field: survey.Field(in.Field), Side: measure.Side(in.Side), Words: in.Words, Off: in.Off}
	rows, err := q.view.Measures(ctx, f, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	key := func(e store.MeasureEntry) store.MeasureKey {
		return store.MeasureKey{Field: e.Field, Position: e.Position, ID: e.ID}
	}
	return page(q, in.Page, rows, key, func(e store.MeasureEntry) MeasureEntry { return showMeasure(e.Entry) }), nil
}

// Chosen is a measure that is put into a draft, in the words of this memorandum.
type Chosen struct {
	Measure  string `json:"measure" maxLength:"128"`
	Finding  string `json:"finding,omitempty" maxLength:"128" doc:"That it answers."`
	Obligor  string `json:"obligor" maxLength:"128"`
	Confirms string `json:"confirms,omitempty" maxLength:"128"`
	Wording  string `json:"wording" maxLength:"2000" doc:"Its blanks filled in."`
	Target   string `json:"target,omitempty" maxLength:"400"`
	Deadline string `json:"deadline,omitempty" maxLength:"400"`
}

func (s *Server) takeMeasures(ctx context.Context, q *asking, in *struct {
	DraftAsked
	Body struct {
		Measures []Chosen `json:"measures" nullable:"false" minItems:"1" maxItems:"100"`
	}
}, version int64) (store.Receipt, error) {
	var chosen []measure.Chosen
	for _, c := range in.Body.Measures {
		chosen = append(chosen, measure.Chosen{
			ID: measure.ChosenID(c.Measure), Measure: measure.ID(c.Measure), Finding: survey.FindingID(c.Finding), Obligor: org.UnitID(c.Obligor), Confirms: org.UnitID(c.Confirms),
			Wording: c.Wording, Target: c.Target, Deadline: c.Deadline,
		})
	}
	return s.desk.TakeMeasures(ctx, q.caller, q.key, in.id(), version, chosen)
}
