package web

import (
	"context"
	"strings"

	"gongjian/internal/assess"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
)

// cardPage lays out a scorecard.
func (s *Server) cardPage(q *request, c store.CardView) (page.ScorecardView, error) {
	card, places := c.Read.Card, c.Read.Scheme.Rounding
	total := page.FixedPoints(card.Total, places.TotalPlaces)
	href := cardHref(c.Run.ID, c.Region)
	f := page.ScorecardView{
		Head: page.HeadView{Crumbs: q.cardCrumbs(c), Title: page.Say(q.p.T("scorecard.why-title", "name", q.regionName(c.Region), "total", total)),
			Meta: page.Say(q.cardMeta(c))},
		Total: total, HasBars: c.Run.Ranking.Median != nil, Run: href, Bundle: !c.Run.Published.IsZero(),
		FileName: q.bundleName(c), Command: "gongjian verify " + q.bundleName(c) + " --key journal.pub",
	}
	if card.IsOpen() {
		f.Head.Title = page.Say(q.p.T("scorecard.open-title", "name", q.regionName(c.Region)))
	}
	before, ok, err := q.view.CardBefore(q.Context(), c)
	if err != nil {
		return f, err
	}
	f.Figs = q.cardFigs(c, before, ok)
	if err := q.cardNext(&f, c); err != nil {
		return f, err
	}
	if m := c.Run.Ranking.Median; m != nil {
		f.Median = page.FixedPoints(*m, places.TotalPlaces)
	}
	medians := map[string]assess.Points{}
	for _, m := range c.Run.Ranking.Medians {
		medians[m.No] = m.Got
	}
	at, err := q.whereOf(c)
	if err != nil {
		return f, err
	}
	worst, _ := assess.Headline(card)
	var sum []string
	for _, l := range card.Lines {
		f.Lines = append(f.Lines, q.scoreLine(c, l, medians, at, l.No == worst.No))
		if l.Depth == 0 && l.Kind != assess.Veto && !onlyVetoes(c.Read.Scheme, l.No) {
			sum = append(sum, page.FixedPoints(l.Got, places.ItemPlaces))
		}
	}
	f.Sum = q.p.T("scorecard.sum", "parts", strings.ReplaceAll(strings.Join(sum, " + "), "+ −", "− "), "exact", page.FixedPoints(card.Exact, places.ItemPlaces))
	f.Entry, err = s.entryWords(q, c)
	return f, err
}

// onlyVetoes reports whether everything under a heading is a veto: it has no points.
func onlyVetoes(s assess.Scheme, no string) bool {
	it, ok := s.Item(no)
	if !ok || it.Kind != assess.Heading {
		return false
	}
	for _, child := range it.Children {
		if child.Kind != assess.Veto {
			return false
		}
	}
	return true
}

// entryWords says where in the journal the card stands.
func (s *Server) entryWords(q *request, c store.CardView) (string, error) {
	r, err := s.log.ByID(q.Context(), c.Run.Entry)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return "", nil
	case err != nil:
		return "", err
	case r.Folded():
		return q.p.T("scorecard.entry", "sequence", r.Sequence, "digest", shortDigest(c.Digest)), nil
	}
	return q.p.T("scorecard.entry-waiting", "digest", shortDigest(c.Digest)), nil
}

// shortDigest is the beginning of a digest in groups of four, to compare by eye.
func shortDigest(digest string) string {
	if len(digest) < 16 {
		return digest
	}
	return digest[:4] + " " + digest[4:8] + " " + digest[8:12] + " " + digest[12:16] + " …"
}

func (q *request) cardCrumbs(c store.CardView) []page.Crumb {
	out := []page.Crumb{{Text: q.p.T("ranking.province"), Href: "/ranking"}}
	city := cityOf(c.Region)
	if city != "" && city != c.Region {
		out = append(out, page.Crumb{Text: q.regionName(city), Href: rankQuery{group: groupCounties, city: city}.href()},
			page.Crumb{Text: q.regionName(c.Region), Href: rankQuery{group: groupCounties, city: city}.href()})
	} else {
		out = append(out, page.Crumb{Text: q.regionName(c.Region), Href: rankQuery{group: groupCities, city: c.Region}.href()})
	}
	return append(out, page.Crumb{Text: q.p.T("scorecard.title")})
}

func (q *request) cardMeta(c store.CardView) string {
	state := q.p.T("score.draft")
	if !c.Run.Published.IsZero() {
		state = q.p.T("ranking.published", "at", q.p.Instant(c.Run.Published))
	}
	return q.p.Dots(q.p.T("scorecard.span", "from", q.p.Month(c.Run.Period.Year, 1), "to", c.Run.AsOf),
		q.p.T("ranking.scheme", "name", c.Read.Scheme.Name, "version", c.Run.Version), state, q.placeOf(c.Place, ranked(c.Run.Ranking)))
}

// cardFigs are the four figures above the lines.
func (q *request) cardFigs(c, before store.CardView, compared bool) []page.Fig {
	card, by := c.Read.Card, c.Read.Scheme.Rounding
	note := q.p.T("scorecard.rounded", "exact", page.FixedPoints(card.Exact, by.ItemPlaces), "mode", q.p.T(by.Mode.TextKey()), "n", int(by.TotalPlaces))
	if card.IsOpen() {
		note = q.p.T("scorecard.so-far", "n", len(card.Open))
	}
	figs := []page.Fig{{Label: q.p.T("ranking.total"), Big: page.FixedPoints(card.Total, by.TotalPlaces), Note: page.Say(q.p.Dots(note, q.gradeWord(card)))}}
	if m := c.Run.Ranking.Median; m != nil {
		gap := card.Total.Minus(*m)
		word := q.p.T("scorecard.at-median")
		if gap.IsPositive() {
			word = q.p.T("scorecard.above", "by", page.FixedPoints(gap, by.TotalPlaces))
		} else if gap.IsNegative() {
			word = q.p.T("scorecard.below", "by", page.FixedPoints(assess.Points{}.Minus(gap), by.TotalPlaces))
		}
		figs = append(figs, page.Fig{Label: q.p.T("scorecard.median-of", "n", ranked(c.Run.Ranking)), Big: page.FixedPoints(*m, by.TotalPlaces), Note: page.Say(word)})
	}
	change := page.Fig{Label: q.p.T("scorecard.change"), Big: "—", Note: page.Say(q.p.T("scorecard.no-earlier"))}
	if compared {
		change = page.Fig{Label: q.p.T("ranking.change", "period", q.since(c.Run, before.Run)),
			Big: q.change(card.Total.Minus(before.Read.Card.Total), by.TotalPlaces), Note: page.Say(q.mainly(card, before.Read.Card))}
	}
	return append(figs, change, q.vetoFig(card))
}

func (q *request) gradeWord(card assess.Scorecard) string {
	if card.Grade == "" {
		return ""
	}
	return q.p.T("scorecard.grade-is", "grade", card.Grade)
}

// mainly names the two items that changed most.
func (q *request) mainly(now, then assess.Scorecard) string {
	lines := movedLines(now, then)
	if len(lines) == 0 {
		return q.p.T("scorecard.unmoved")
	}
	var nos []string
	for _, m := range lines[:min(2, len(lines))] {
		nos = append(nos, m.Line.No)
	}
	return q.p.T("scorecard.mainly", "items", nos)
}

func (q *request) vetoFig(card assess.Scorecard) page.Fig {
	var first string
	n := 0
	for _, l := range card.Lines {
		if l.Kind == assess.Veto {
			if n++; first == "" {
				first = l.No
			}
		}
	}
	fig := page.Fig{Label: q.p.T(assess.Veto.TextKey()), Big: q.p.T("scorecard.veto-none")}
	switch {
	case n == 0:
		fig.Note = page.Say(q.p.T("scorecard.veto-absent"))
		return fig
	case len(card.Capped) > 0:
		fig.Big = q.p.T("scorecard.veto-hit")
		first = card.Capped[0]
	}
	fig.Note = page.Rich(q.p.Rich("scorecard.veto-checked", "n", n), "#"+lineID(first))
	return fig
}

// cardNext is the box of the line that lost most and what would change it.
func (q *request) cardNext(f *page.ScorecardView, c store.CardView) error {
	worst, ok := assess.Headline(c.Read.Card)
	if !ok {
		return nil
	}
	by := c.Read.Scheme.Rounding
	next := &page.NextView{Label: q.p.T("scorecard.lost-most", "title", worst.Title, "lost", page.FixedPoints(worst.Lost, by.ItemPlaces))}
	p, waits, err := assess.IfVerified(c.Read, worst.No)
	if err != nil {
		return err
	}
	switch {
	case waits:
		next.Title = page.Say(q.p.T("scorecard.if-verified", "n", len(p.Tasks), "before", page.FixedPoints(p.Before, by.ItemPlaces), "after", page.FixedPoints(p.After, by.ItemPlaces),
			"total", page.FixedPoints(p.TotalBefore, by.TotalPlaces), "then", page.FixedPoints(p.TotalAfter, by.TotalPlaces)))
		for _, t := range p.Tasks[:min(3, len(p.Tasks))] {
			next.Lines = append(next.Lines, page.Say(q.p.T("scorecard.claimed", "title", t.Title, "claimed", t.Claimed, "verified", t.Verified, "unit", t.Unit)))
		}
		f.NextTo, err = q.taskHref(p.Tasks[0].Task)
		f.NextDo = q.p.T("scorecard.see-tasks", "n", len(p.Tasks))
	case worst.Why != nil:
		next.Title = page.Say(q.p.Say(*worst.Why))
		for _, r := range worst.Refs {
			if r.Kind == assess.RefTask && f.NextTo == "" {
				f.NextTo, err = q.taskHref(task.ID(r.ID))
				f.NextDo = q.p.T("scorecard.see-task")
			}
		}
	}
	if f.NextTo == "" {
		f.NextDo = ""
	}
	f.Next = next
	return err
}

// taskHref is the address of a task, if the reader may open it.
func (q *request) taskHref(id task.ID) (string, error) {
	if !q.caller.SignedIn() {
		return "", nil
	}
	_, err := q.view.Task(context.WithoutCancel(q.Context()), id)
	if fault.KindOf(err) == fault.NotFound {
		return "", nil
	}
	return "/tasks/" + string(id), err
}

// lineID is the anchor of a line.
func lineID(no string) string { return "line-" + no }

// scoreLine lays out one line.
func (q *request) scoreLine(c store.CardView, l assess.Line, medians map[string]assess.Points, at where, worst bool) page.ScoreLine {
	places := c.Read.Scheme.Rounding.ItemPlaces
	out := page.ScoreLine{
		No: l.No, Title: l.Title, Words: l.Words, Heading: l.Kind == assess.Heading, Depth: l.Depth, ID: lineID(l.No),
		Full: page.PlainPoints(l.Points), Got: page.FixedPoints(l.Got, places), FullL: q.p.T("scorecard.limit"), GotL: q.p.T("ranking.total"), Strong: worst,
	}
	if m, ok := medians[l.No]; ok {
		out.Median = page.FixedPoints(m, places)
	}
	if l.Why != nil {
		out.Why = q.p.Say(*l.Why)
	}
	for _, s := range l.Calc {
		out.Calc = append(out.Calc, q.p.Say(s))
	}
	switch l.Kind {
	case assess.Heading:
		if onlyVetoes(c.Read.Scheme, l.No) {
			out.Full, out.Got, out.Median = "", "", ""
		}
	case assess.Plain:
		out.Short = out.Got + " / " + out.Full
		out.Bar = q.scoreBar(l, medians, places)
	case assess.Bonus:
		out.Got, out.GotL = page.SignedPoints(l.Got, places), q.p.T(assess.Bonus.TextKey())
	case assess.Deduction:
		out.GotL = q.p.T(assess.Deduction.TextKey())
	case assess.Veto:
		out.Full, out.Got = "—", "—"
	}
	if (l.Kind == assess.Bonus || l.Kind == assess.Deduction) && l.Points.IsZero() {
		out.Full = q.p.T("scorecard.no-limit")
	}
	if l.State == assess.StillOpen {
		out.Got, out.Short, out.Bar = q.p.T(l.State.TextKey()), "", nil
	}
	if l.State == assess.Exempt && l.Points.IsZero() { // taken out: neither full marks nor points
		out.Full, out.Got, out.Short, out.Bar = "—", "—", "", nil
	}
	q.lineRefs(l, at, &out)
	return out
}

func (q *request) scoreBar(l assess.Line, medians map[string]assess.Points, places int32) *page.ScoreBar {
	b := &page.ScoreBar{Full: page.PointsQuantity(l.Points), Got: page.PointsQuantity(l.Got)}
	args := []any{"title", l.Title, "got", page.FixedPoints(l.Got, places), "full", page.PlainPoints(l.Points)}
	b.Says = q.p.T("scorecard.bar", args...)
	if m, ok := medians[l.No]; ok {
		median := page.PointsQuantity(m)
		b.Median = &median
		b.Says = q.p.T("scorecard.bar-median", append(args, "median", page.FixedPoints(m, places))...)
	}
	return b
}

// refsShown is how many links stand open in a cell.
const refsShown = 2

// where says on which task's page the things that a card rests on are told of.
type where map[string]task.ID

// whereOf finds the task of every evidence file and report of a card.
func (q *request) whereOf(c store.CardView) (where, error) {
	out := where{}
	for _, t := range c.Read.Inputs.Tasks {
		out[string(t.Task)] = t.Task
		for _, e := range t.Evidence {
			out[string(e.ID)] = t.Task
		}
	}
	var reports []task.ReportID
	for _, r := range c.Read.Inputs.Reporting.Refs {
		if out[r.ID] == "" { // a missed or late one is named by its task
			reports = append(reports, task.ReportID(r.ID))
		}
	}
	of, err := q.view.TasksOfReports(q.Context(), reports)
	for id, t := range of {
		out[string(id)] = t
	}
	return out, err
}

// lineRefs sorts what a line rests on into data and proofs. They are links for
// those who are signed in; one out of scope answers like a missing page.
func (q *request) lineRefs(l assess.Line, at where, out *page.ScoreLine) {
	var data, proof []page.Choice
	for _, r := range l.Refs {
		if r.Kind == assess.RefJudgement {
			continue // its reason stands among the data already
		}
		ref := page.Choice{Text: r.Label}
		if t := at[r.ID]; t != "" && q.caller.SignedIn() && !q.caller.Has(org.Admin) {
			ref.Href = "/tasks/" + string(t)
		}
		if r.Kind == assess.RefEvidence {
			proof = append(proof, ref)
		} else {
			data = append(data, ref)
		}
	}
	out.Data, out.Proof = q.folded(data), q.folded(proof)
}

func (q *request) folded(all []page.Choice) page.ScoreRefs {
	if len(all) <= refsShown+1 {
		return page.ScoreRefs{Shown: all}
	}
	return page.ScoreRefs{Shown: all[:refsShown], Folded: all[refsShown:], More: q.p.T("scorecard.more", "n", len(all)-refsShown)}
}
