package web

import (
	"strings"

	"gongjian/internal/org"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
)

// rankNews words what stands and what changed.
func (s *Server) rankNews(q *request, st standing) ([]page.Words, error) {
	n := newsOf(st.run.Ranking, st.overall, st.then)
	var counts []string
	for _, c := range lightOrder {
		if n.Counts[c] > 0 {
			counts = append(counts, q.p.T("ranking.count", "count", n.Counts[c], "word", q.lightWithin(c)))
		}
	}
	stands := "ranking.stands-cities"
	if st.level == org.County {
		stands = "ranking.stands-counties"
	}
	out := []page.Words{page.Rich(q.p.Rich(stands, "n", len(st.run.Ranking.Entries), "counts", q.p.List(counts)))}
	if !n.Before {
		return append(out, page.Say(q.p.T("ranking.first"))), nil
	}
	if n.Up == nil && n.Down == nil {
		out = append(out, page.Say(q.p.T("ranking.unmoved")))
	}
	for _, x := range []struct {
		m               *move
		key, explaining string
	}{{n.Up, "ranking.rise", "ranking.rise-by"}, {n.Down, "ranking.fall", "ranking.fall-by"}} {
		if x.m == nil {
			continue
		}
		w, err := q.moveSentence(st, *x.m, x.key, x.explaining)
		if err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return append(out, q.turnedSentences(n.Turned)...), nil
}

// turnedSentences says which lights changed: places that took the same way share
// a sentence.
func (q *request) turnedSentences(turned []turn) (out []page.Words) {
	const most = 3
	type way struct{ from, to task.Colour }
	var ways []way
	took := map[way][]org.RegionCode{}
	for _, t := range turned {
		w := way{t.From, t.To}
		if took[w] == nil {
			ways = append(ways, w)
		}
		took[w] = append(took[w], t.Subject)
	}
	rest := len(turned)
	for _, w := range ways[:min(most, len(ways))] {
		rest -= len(took[w])
		out = append(out, page.Say(q.p.T("ranking.turned", "name", q.severalNames(took[w]), "from", q.lightWithin(w.from), "to", q.lightWithin(w.to))))
	}
	if rest > 0 {
		out = append(out, page.Say(q.p.T("ranking.turned-more", "n", rest)))
	}
	return out
}

// severalNames names four places, or says how many more there are.
func (q *request) severalNames(codes []org.RegionCode) string {
	const named = 4
	names := q.shortNames(codes[:min(named, len(codes))])
	if len(codes) > named {
		return q.p.T("ranking.and-others", "names", names, "n", len(codes))
	}
	return names
}

// lightWithin is a light's word inside a sentence, where English has no capital.
func (q *request) lightWithin(c task.Colour) string {
	return strings.ToLower(page.LightWord(q.p, string(c)))
}

// moveSentence says who rose or fell most and, of a single one, by which item.
func (q *request) moveSentence(st standing, m move, key, explained string) (page.Words, error) {
	names := q.severalNames(m.Subjects)
	by := page.FixedPoints(m.By, st.places())
	plain := page.Say(q.p.T(key, "names", names, "by", by))
	if len(m.Subjects) > 1 || st.before == nil {
		return plain, nil
	}
	now, err := q.view.CardIn(q.Context(), st.run, m.Subjects[0])
	if err != nil {
		return plain, err
	}
	then, err := q.view.CardIn(q.Context(), *st.before, m.Subjects[0])
	if err != nil {
		return plain, err
	}
	line, ok := explaining(now.Read.Card, then.Read.Card)
	if !ok {
		return plain, nil
	}
	places := st.scheme.Rounding.ItemPlaces
	return page.Rich(q.p.Rich(explained, "names", names, "by", by, "item", line.Line.Title,
		"from", page.FixedPoints(line.From, places), "to", page.FixedPoints(line.To, places)),
		cardHref(st.run.ID, m.Subjects[0])+"#"+lineID(line.Line.No)), nil
}
