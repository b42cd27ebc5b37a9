package api

import (
	"context"
	"encoding/json"

	"gongjian/internal/assess"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/store"
)

// SchemeInput is a scheme as it is kept.
type SchemeInput struct {
	Scheme json.RawMessage `json:"scheme" doc:"The whole scheme, in the form of body in the list of schemes."`
}

// NewOccurrence is something that happened in a region and costs or brings points.
type NewOccurrence struct {
	Region string `json:"region" maxLength:"6"`
	Kind   string `json:"kind" maxLength:"100" doc:"A key of the scheme's occurrences."`
	On     string `json:"on" format:"date"`
	Count  int    `json:"count" minimum:"1" maximum:"10000"`
	Reason string `json:"reason" maxLength:"2000" doc:"What it rests on: 督办单〔2010〕14号，迟答3个工作日."`
}

// NewJudgement is what a scorer gives by hand.
type NewJudgement struct {
	Scheme string `json:"scheme" maxLength:"128"`
	Item   string `json:"item" maxLength:"100" doc:"The item's number in the scheme."`
	Region string `json:"region" maxLength:"6"`
	Year   int    `json:"year,omitempty" minimum:"0" maximum:"2200" doc:"Absent: this year."`
	Points string `json:"points,omitempty" maxLength:"30" doc:"A decimal; of a deduction what is taken off, without a sign."`
	Absent bool   `json:"absent,omitempty" doc:"Instead of points: the region has no business for the item."`
	Reason string `json:"reason" maxLength:"2000"`
}

func (s *Server) scoreActs() {
	do(s, post("/schemes", "enter-scheme", "scores", "Enter a new version of a scheme; it holds from its day (考核办法)", org.TokenWrites),
		func(ctx context.Context, q *asking, in *struct{ Body SchemeInput }) (store.Receipt, error) {
			x, err := assess.ReadScheme(in.Body.Scheme)
			if err != nil {
				return store.Receipt{}, err
			}
			return s.desk.EnterScheme(ctx, q.caller, q.key, x)
		})
	do(s, post("/occurrences", "enter-occurrence", "scores", "Enter something that happened and costs or brings a region points", org.TokenWrites),
		func(ctx context.Context, q *asking, in *struct{ Body NewOccurrence }) (store.Receipt, error) {
			b := in.Body
			on, err := day(b.On, "on")
			if err != nil {
				return store.Receipt{}, err
			}
			return s.desk.EnterOccurrence(ctx, q.caller, q.key, org.RegionCode(b.Region), assess.Occurrence{Kind: b.Kind, On: on, Words: b.Reason, Count: b.Count})
		})
	do(s, post("/judgements", "judge-item", "scores", "Give the points of an item that is scored by hand, with the reason", org.TokenWrites),
		func(ctx context.Context, q *asking, in *struct{ Body NewJudgement }) (store.Receipt, error) {
			b := in.Body
			if b.Absent {
				return s.desk.JudgeAbsent(ctx, q.caller, q.key, assess.SchemeID(b.Scheme), b.Item, org.RegionCode(b.Region), b.Year, b.Reason)
			}
			points, err := assess.ParsePoints(b.Points)
			if err != nil {
				return store.Receipt{}, fault.New(fault.Invalid, "score.points-unread").On("points").Because(err)
			}
			return s.desk.Judge(ctx, q.caller, q.key, assess.SchemeID(b.Scheme), b.Item, org.RegionCode(b.Region), b.Year, points, b.Reason)
		})
	enter(s, post("/rankings", "compute-ranking", "scores", "Score every region of a group and rank them; nothing is published by it (测算)", org.TokenWrites), "/rankings/",
		func(ctx context.Context, q *asking, in *struct {
			Body struct {
				Scheme string `json:"scheme" maxLength:"128"`
				Group  string `json:"group" maxLength:"100" example:"cities"`
				Year   int    `json:"year,omitempty" minimum:"0" maximum:"2200" doc:"Absent: that of the day."`
				AsOf   string `json:"as_of" format:"date" doc:"From what was verified by this day."`
			}
		}) (store.Receipt, store.AssessmentID, error) {
			on, err := day(in.Body.AsOf, "as_of")
			if err != nil {
				return store.Receipt{}, "", err
			}
			return s.desk.Compute(ctx, q.caller, q.key, assess.SchemeID(in.Body.Scheme), in.Body.Group, in.Body.Year, on)
		})
	do(s, post("/rankings/{ranking}/publication", "publish-ranking", "scores", "Make a run visible to everybody (公布)", org.TokenWrites),
		func(ctx context.Context, q *asking, in *struct {
			Ranking string `path:"ranking" maxLength:"128"`
		}) (store.Receipt, error) {
			return s.desk.Publish(ctx, q.caller, q.key, store.AssessmentID(in.Ranking))
		})
}
