package api

import (
	"context"
	"encoding/json"
	"net/http"

	"gongjian/internal/assess"
	"gongjian/internal/org"
	"gongjian/internal/store"
)

// Scheme is a version of an assessment scheme (考核办法) as it is kept.
type Scheme struct {
	ID      string          `json:"id"`
	Name    string          `json:"name"`
	Version int             `json:"version"`
	Office  string          `json:"office" doc:"The unit that assesses by it."`
	From    string          `json:"from,omitempty" format:"date"`
	Points  string          `json:"points" doc:"Full marks, a decimal."`
	Body    json.RawMessage `json:"body" doc:"The whole scheme, in the form that scorecards are hashed with."`
}

// Ranking is one run of a scheme over a group of regions (排名).
type Ranking struct {
	ID        string  `json:"id"`
	Scheme    string  `json:"scheme"`
	Version   int     `json:"version" doc:"Of the scheme."`
	Group     string  `json:"group"`
	Period    string  `json:"period"`
	AsOf      string  `json:"as_of" format:"date"`
	Computed  string  `json:"computed" format:"date-time"`
	Published string  `json:"published,omitempty" format:"date-time" doc:"Absent: seen by those who score and by the assessed only."`
	Entry     string  `json:"entry,omitempty" doc:"The journal entry."`
	Digest    string  `json:"digest,omitempty"`
	Median    string  `json:"median,omitempty" doc:"Of the totals, a decimal."`
	Places    []Place `json:"places" nullable:"false"`
}

// Place is one region in a ranking.
type Place struct {
	Region   string   `json:"region"`
	Rank     int      `json:"rank" doc:"0 while the card is open."`
	Total    string   `json:"total" doc:"A decimal."`
	Grade    string   `json:"grade,omitempty"`
	Open     []string `json:"open,omitempty" doc:"Items that nobody has scored yet."`
	Card     string   `json:"card" doc:"The digest of the scorecard."`
	WasRank  int      `json:"was_rank,omitempty" doc:"In the ranking before."`
	WasTotal string   `json:"was_total,omitempty" doc:"In the ranking before, a decimal."`
}

// Scorecard is one region's card with its reasons (考核表).
type Scorecard struct {
	Run    string          `json:"run"`
	Region string          `json:"region"`
	Rank   int             `json:"rank"`
	Total  string          `json:"total" doc:"A decimal."`
	Grade  string          `json:"grade,omitempty"`
	Digest string          `json:"digest" doc:"SHA-256 of the payload."`
	Lines  []ScoreLine     `json:"lines" nullable:"false"`
	Body   json.RawMessage `json:"body" doc:"The payload: scheme, inputs and card, from which the card can be computed again."`
}

// ScoreLine is one item of a card.
type ScoreLine struct {
	No     string   `json:"no"`
	Title  string   `json:"title"`
	Kind   string   `json:"kind" doc:"heading, score, bonus, deduction, veto"`
	Points string   `json:"points" doc:"Full marks, a decimal."`
	Got    string   `json:"got" doc:"A decimal."`
	Lost   string   `json:"lost" doc:"A decimal."`
	State  string   `json:"state" doc:"scored, open, exempt"`
	How    []Reason `json:"how" nullable:"false" doc:"How the points come about."`
	Why    *Reason  `json:"why,omitempty" doc:"Why points are lost, or why it is open or exempt."`
	Refs   []Ref    `json:"refs" nullable:"false" doc:"What it rests on."`
}

// Ref is a record that an item rests on.
type Ref struct {
	Kind  string `json:"kind" doc:"task, report, evidence, occurrence, judgement"`
	ID    string `json:"id"`
	Label string `json:"label"`
}

// CardEntry is a scorecard in a list.
type CardEntry struct {
	Run       string `json:"run"`
	Region    string `json:"region"`
	Group     string `json:"group"`
	AsOf      string `json:"as_of" format:"date"`
	Published bool   `json:"published"`
	Rank      int    `json:"rank" doc:"0 while the card is open."`
	Of        int    `json:"of" doc:"Cards in the run that have a rank."`
	Total     string `json:"total" doc:"A decimal."`
	Grade     string `json:"grade,omitempty"`
}

func showRun(a store.Assessment) Ranking {
	out := Ranking{
		ID: string(a.ID), Scheme: string(a.Scheme), Version: a.Version, Group: a.Group, Period: a.Period.String(), AsOf: a.AsOf.String(),
		Computed: instant(a.Computed), Published: instant(a.Published), Entry: a.Entry, Digest: a.Ranking.Digest, Places: []Place{},
	}
	if a.Ranking.Median != nil {
		out.Median = a.Ranking.Median.String()
	}
	for _, e := range a.Ranking.Entries {
		p := Place{Region: string(e.Subject), Rank: e.Rank, Total: e.Total.String(), Grade: e.Grade, Open: e.Open, Card: e.Card}
		if e.Previous != nil {
			p.WasRank, p.WasTotal = e.Previous.Rank, e.Previous.Total.String()
		}
		out.Places = append(out.Places, p)
	}
	return out
}

func (q *asking) showCard(c store.CardView) Scorecard {
	out := Scorecard{
		Run: string(c.Run.ID), Region: string(c.Region), Rank: c.Place, Total: c.Total, Grade: c.Grade, Digest: c.Digest, Lines: []ScoreLine{}, Body: c.Payload,
	}
	for _, l := range c.Read.Card.Lines {
		x := ScoreLine{
			No: l.No, Title: l.Title, Kind: string(l.Kind), Points: l.Points.String(), Got: l.Got.String(), Lost: l.Lost.String(),
			State: string(l.State), How: q.reasons(l.Calc), Refs: []Ref{},
		}
		if l.Why != nil {
			x.Why = &Reason{Code: l.Why.Key, Text: q.p.Say(*l.Why)}
		}
		for _, r := range l.Refs {
			x.Refs = append(x.Refs, Ref{Kind: string(r.Kind), ID: r.ID, Label: r.Label})
		}
		out.Lines = append(out.Lines, x)
	}
	return out
}

func (s *Server) scoreOperations() {
	handle(s, describe(http.MethodGet, "/schemes", "list-schemes", "scores", "The newest version in force of each scheme in sight, by id", org.TokenReads), listSchemes)
	handle(s, describe(http.MethodGet, "/rankings", "list-rankings", "scores", "The runs in sight, the newest first, without their places", org.TokenReads),
		func(ctx context.Context, q *asking, in *struct{ Page }) (*List[Ranking], error) {
			var after store.RunKey
			if err := cursor(in.After, &after); err != nil {
				return nil, err
			}
			rows, err := q.view.Runs(ctx, after, in.Limit+1)
			if err != nil {
				return nil, err
			}
			return page(q, in.Page, rows, store.Assessment.Key, showRun), nil
		})
	s.scoreActs()
	handle(s, describe(http.MethodGet, "/rankings/{ranking}", "get-ranking", "scores", "One run with its ranking", org.TokenReads),
		func(ctx context.Context, q *asking, in *struct {
			Ranking string `path:"ranking" maxLength:"128"`
		}) (*Plain[Ranking], error) {
			a, err := q.view.Run(ctx, store.AssessmentID(in.Ranking))
			return &Plain[Ranking]{Body: showRun(a)}, err
		})
	handle(s, describe(http.MethodGet, "/ranking", "get-newest-ranking", "scores", "The newest published ranking of a group", org.TokenReads),
		func(ctx context.Context, q *asking, in *struct {
			Group string `query:"group" required:"true" maxLength:"100" example:"cities"`
		}) (*Plain[Ranking], error) {
			all, err := q.view.PublishedRuns(ctx, in.Group, q.view.Today(), 1)
			if err == nil && len(all) == 0 {
				err = absent()
			}
			if err != nil {
				return nil, err
			}
			return &Plain[Ranking]{Body: showRun(all[0])}, nil
		})
	handle(s, describe(http.MethodGet, "/rankings/{ranking}/scorecards/{region}", "get-scorecard", "scores", "One region's scorecard with the reasons of every point", org.TokenReads),
		func(ctx context.Context, q *asking, in *struct {
			Ranking string `path:"ranking" maxLength:"128"`
			Region  string `path:"region" maxLength:"6"`
		}) (*Plain[Scorecard], error) {
			c, err := q.view.Scorecard(ctx, store.AssessmentID(in.Ranking), org.RegionCode(in.Region))
			if err != nil {
				return nil, err
			}
			return &Plain[Scorecard]{Body: q.showCard(c)}, nil
		})
	handle(s, describe(http.MethodGet, "/scorecards", "list-scorecards", "scores", "The scorecards in sight, the newest first", org.TokenReads), listCards)
}

func listSchemes(ctx context.Context, q *asking, in *struct{ Page }) (*List[Scheme], error) {
	var after assess.SchemeID
	if err := cursor(in.After, &after); err != nil {
		return nil, err
	}
	rows, err := q.view.Schemes(ctx, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	bodies := map[assess.SchemeID]json.RawMessage{}
	for _, x := range rows {
		if bodies[x.ID], err = json.Marshal(x.Scheme); err != nil {
			return nil, err
		}
	}
	return page(q, in.Page, rows, func(x store.OfficeScheme) assess.SchemeID { return x.ID }, func(x store.OfficeScheme) Scheme {
		return showScheme(x.Scheme, x.Office, bodies[x.ID])
	}), nil
}

func showScheme(x assess.Scheme, office org.UnitID, body []byte) Scheme {
	return Scheme{ID: string(x.ID), Name: x.Name, Version: x.Version, Office: string(office), From: x.From.String(), Points: x.Points.String(), Body: body}
}

func listCards(ctx context.Context, q *asking, in *struct {
	Page
	Territory string `query:"territory" maxLength:"6" doc:"Only regions that lie in it."`
}) (*List[CardEntry], error) {
	var after store.CardKey
	if err := cursor(in.After, &after); err != nil {
		return nil, err
	}
	rows, err := q.view.Scorecards(ctx, org.RegionCode(in.Territory), after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	key := func(c store.CardEntry) store.CardKey {
		return store.CardKey{AsOf: c.AsOf, Run: c.Run, Region: c.Region}
	}
	return page(q, in.Page, rows, key, func(c store.CardEntry) CardEntry {
		return CardEntry{
			Run: string(c.Run), Region: string(c.Region), Group: c.Group, AsOf: c.AsOf.String(), Published: c.Published,
			Rank: c.Place, Of: c.Of, Total: c.Total, Grade: c.Grade,
		}
	}), nil
}
