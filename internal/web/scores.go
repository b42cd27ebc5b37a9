package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/assess"
	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/paper"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

func (s *Server) scoreRoutes() []Route {
	return []Route{
		{"GET /scores", false, s.scores},
		{"POST /scores/judge", false, s.giveScore},
		{"POST /scores/occurrences", false, s.enterOccurrence},
		{"POST /scores/compute", false, s.compute},
		{"GET /scores/runs/{run}", false, s.run},
		{"POST /scores/runs/{run}/publish", false, s.publish},
	}
}

// scores reports whether the caller is one of those who use the scoring desk.
func (q *request) scores() bool {
	return (q.caller.Has(org.Scorer) || q.caller.Has(org.Office)) && !q.caller.Has(org.Admin)
}

const happeningsShown, recentRuns = 50, 30

// mostSchemes is how many schemes stand on a page: an office assesses by one or two.
const mostSchemes = 200

// deskForms is what the forms of the scoring desk hold when one comes back.
type deskForms struct {
	judge   page.JudgeForm
	compute page.ComputeForm
	occur   page.OccurrenceForm
	item    string // chosen
	region  string
	group   string
	kind    string
	where   string
	year    int // whose points, places and happenings the desk shows
}

func (s *Server) scores(q *request) error {
	return s.showScores(q, http.StatusOK, deskForms{
		item: q.FormValue("item"), region: q.FormValue("region"), occur: page.OccurrenceForm{Count: "1"},
		compute: page.ComputeForm{AsOf: suggestedDay(q.view.Today()).String()}, year: q.yearTyped(),
	})
}

// showScores lays out the scoring desk. Those who neither score nor publish are
// answered as if it did not exist.
func (s *Server) showScores(q *request, code int, forms deskForms) error {
	if !q.scores() {
		return errAbsent
	}
	if forms.year <= 0 {
		forms.year = suggestedYear(q.view.Today())
	}
	forms.judge.Year = cmp.Or(forms.judge.Year, strconv.Itoa(forms.year))
	forms.compute.Year = cmp.Or(forms.compute.Year, strconv.Itoa(forms.year))
	schemes, err := q.view.Schemes(q.Context(), "", mostSchemes)
	if err != nil {
		return err
	}
	out := page.ScoresView{Head: page.HeadView{Title: page.Say(q.p.T("score.desk")), Meta: page.Say(q.p.T("score.desk-about")),
		Crumbs: []page.Crumb{{Text: q.p.T("scorecard.list"), Href: "/scorecards"}, {Text: q.p.T("score.desk")}}}}
	if len(schemes) == 0 {
		out.Empty = &page.EmptyView{Text: page.Say(q.p.T("score.no-scheme")), Note: page.Say(q.p.T("score.no-scheme-note"))}
	}
	of := takingPart{forms.year, map[org.Level][]org.RegionCode{}}
	for i, x := range schemes {
		if err := q.schemeOnDesk(&out, x, &forms, of); err != nil {
			return err
		}
		view := q.schemeView(x)
		view.Open = i == 0 && len(schemes) == 1
		out.Schemes = append(out.Schemes, view)
	}
	q.deskForms(&out, forms)
	runs, err := q.view.Runs(q.Context(), store.RunKey{}, recentRuns)
	if err != nil {
		return err
	}
	for _, a := range runs {
		state := q.p.T("score.draft-at", "at", q.p.Recent(a.Computed))
		if !a.Published.IsZero() {
			state = q.p.T("ranking.published", "at", q.p.Instant(a.Published))
		}
		out.Runs = append(out.Runs, page.RunLine{Title: q.p.T("scorecard.run", "period", q.p.Period(a.Period), "group", q.groupName(a.Group)),
			Meta: q.p.Dots(q.p.T("ranking.as-of", "on", a.AsOf), state), Href: "/scores/runs/" + string(a.ID)})
	}
	v, err := q.frame(q.p.T("score.desk"), "assess")
	if err != nil {
		return err
	}
	return q.render(code, page.Scores(v, out))
}

// schemeOnDesk adds one scheme's open items, its choices in the forms and what
// was recorded under it.
func (q *request) schemeOnDesk(out *page.ScoresView, x store.OfficeScheme, forms *deskForms, of takingPart) error {
	facts := org.ScoreFacts{Office: x.Office}
	for _, g := range x.Groups {
		if q.view.May(org.ComputeScores, facts) {
			value := string(x.ID) + " " + g.Key
			forms.compute.Groups = append(forms.compute.Groups, page.Option{Value: value, Text: g.Label + "·" + x.Name, Current: value == forms.group})
		}
		places, err := q.placesOf(g, of)
		if err != nil {
			return err
		}
		given, err := q.view.Judgements(q.Context(), x, forms.year)
		if err != nil {
			return err
		}
		may := q.view.May(org.JudgeScore, facts)
		for _, it := range x.Leaves() {
			if it.Method != assess.Judged {
				continue
			}
			out.Open = append(out.Open, q.openItem(x, g, it, places, given[it.No], may, forms.year))
			if may {
				value := string(x.ID) + " " + it.No
				forms.judge.Items = append(forms.judge.Items, page.Option{Value: value, Text: it.No + " " + it.Title, Current: value == forms.item})
			}
		}
		for _, code := range places {
			name := q.regionName(code)
			if may {
				forms.judge.Regions = append(forms.judge.Regions, page.Option{Value: string(code), Text: name, Current: string(code) == forms.region})
			}
			if q.view.May(org.EnterOccurrence, facts) {
				forms.occur.Regions = append(forms.occur.Regions, page.Option{Value: string(code), Text: name, Current: string(code) == forms.where})
			}
		}
	}
	if q.view.May(org.EnterOccurrence, facts) {
		for _, k := range x.Occurrences {
			if !slices.ContainsFunc(forms.occur.Kinds, func(o page.Option) bool { return o.Value == k.Key }) {
				forms.occur.Kinds = append(forms.occur.Kinds, page.Option{Value: k.Key, Text: k.Label, Current: k.Key == forms.kind})
			}
		}
	}
	if len(out.Occurrences) > 0 {
		return nil
	}
	happened, err := q.view.Occurrences(q.Context(), x, forms.year, happeningsShown)
	for _, o := range happened {
		out.Occurrences = append(out.Occurrences, page.OccurrenceLine{Words: o.Words, Kind: kindLabel(x, o.Kind), Place: q.regionName(o.Region), On: q.p.Column(o.On), Count: strconv.Itoa(o.Count)})
	}
	return err
}

// takingPart are the regions that runs of a year would score; those of a level are asked
// once for all schemes.
type takingPart struct {
	year int
	by   map[org.Level][]org.RegionCode
}

func (q *request) placesOf(g assess.Group, of takingPart) ([]org.RegionCode, error) {
	if len(g.Subjects) > 0 {
		return g.Subjects, nil
	}
	if places, ok := of.by[g.Level]; ok {
		return places, nil
	}
	places, err := q.view.Assessed(q.Context(), g.Level, q.caller.Unit().Region, of.year)
	of.by[g.Level] = places
	return places, err
}

func kindLabel(x store.OfficeScheme, key string) string {
	for _, k := range x.Occurrences {
		if k.Key == key {
			return k.Label
		}
	}
	return key
}

// openItem says which places still wait for the points of an item.
func (q *request) openItem(x store.OfficeScheme, g assess.Group, it assess.Item, places []org.RegionCode, given map[org.RegionCode]assess.Judgement, may bool, year int) page.OpenItem {
	out := page.OpenItem{Title: it.No + " " + it.Title, Meta: q.p.Dots(g.Label, it.Words, q.p.T("score.full", "points", page.PlainPoints(it.Points)))}
	for _, code := range places {
		j, ok := given[code]
		switch {
		case !ok:
			place := page.Choice{Text: q.regionShort(code)}
			if may {
				place.Href = "/scores?item=" + string(x.ID) + "+" + it.No + "&region=" + string(code) + "&year=" + strconv.Itoa(year) + "#judge"
			}
			out.Places = append(out.Places, place)
		case j.Absent:
			out.Given = append(out.Given, q.p.T("score.given-absent", "name", q.regionName(code), "reason", j.Reason))
		default:
			out.Given = append(out.Given, q.p.T("score.given", "name", q.regionName(code), "points", page.PlainPoints(j.Points), "reason", j.Reason))
		}
	}
	out.Text = q.p.T("score.all-judged")
	if n := len(out.Places); n > 0 {
		out.Text = q.p.T("score.to-judge", "n", n)
	}
	if n := len(out.Given); n > 0 {
		out.GivenTitle = q.p.T("score.judged", "n", n)
	}
	return out
}

// deskForms hangs in the forms that the caller may use, and what to do first.
func (q *request) deskForms(out *page.ScoresView, f deskForms) {
	if len(f.judge.Items) > 0 {
		f.judge.Key, f.judge.About = newKey(), q.p.T("score.judge-about")
		out.Judge = &f.judge
	}
	if len(f.compute.Groups) > 0 {
		f.compute.Key = newKey()
		out.Compute = &f.compute
	}
	if len(f.occur.Kinds) > 0 {
		f.occur.Key = newKey()
		out.Occur = &f.occur
	}
	open, at := 0, ""
	for _, o := range out.Open {
		open += len(o.Places)
		if at == "" && len(o.Places) > 0 {
			at = o.Places[0].Href
		}
	}
	if at != "" {
		out.Next = &page.NextView{Label: page.DoFirst(q.p), Title: page.Say(q.p.T("score.next-judge", "n", open)), Meta: page.Say(q.p.T("score.next-judge-why"))}
		out.NextTo, out.NextDo = at, q.p.T("score.next-judge-do")
	}
}

// schemeView shows a scheme as a table.
func (q *request) schemeView(x store.OfficeScheme) page.SchemeView {
	r := x.Rounding
	grades := make([]string, len(x.Bands))
	for i, b := range x.Bands {
		grades[i] = q.p.T("score.band", "grade", b.Grade, "from", page.PlainPoints(b.From))
	}
	out := page.SchemeView{
		Title: x.Name, Meta: q.p.T("score.scheme-meta", "version", x.Version, "from", x.From), Summary: q.p.T("score.scheme-open", "n", len(x.Leaves())),
		Facts: []page.Fact{
			{Name: q.p.T("scorecard.full"), Text: page.Say(page.PlainPoints(x.Points))},
			{Name: q.p.T("score.grades"), Text: page.Say(q.p.List(grades))},
			{Name: q.p.T("score.rounding"), Text: page.Say(q.p.T("score.rounding-is", "item", int(r.ItemPlaces), "total", int(r.TotalPlaces), "mode", q.p.T(r.Mode.TextKey())))},
			{Name: q.p.T("score.ties"), Text: page.Say(q.p.T(x.Ties.Rule.TextKey()))},
		},
	}
	if d := x.Document; d != nil {
		out.Facts = append(out.Facts, page.Fact{Name: q.p.T("rubric.source"), Text: page.Rich(q.p.Rich("rubric.source-is", "name", d.Name, "hash", d.SHA256[:12]), "/scores/rubrics/"+d.Upload+"/file")})
	}
	var walk func([]assess.Item)
	walk = func(items []assess.Item) {
		for _, it := range items {
			row := page.SchemeItem{No: it.No, Title: it.Title, Words: it.Words, Heading: it.Kind == assess.Heading, Kind: q.p.T(it.Kind.TextKey()), Points: page.PlainPoints(it.Points), Scorer: it.Scorer}
			switch {
			case row.Heading:
				row.Kind = ""
			case it.Kind == assess.Veto:
				row.Points = it.CapGrade
			case it.Points.IsZero():
				row.Points = q.p.T("scorecard.no-limit")
			}
			if it.Method != "" {
				row.Method = q.p.T(it.Method.TextKey())
			}
			if at := it.Place; at != nil {
				row.Place = importPlace(q.p, paper.Place{Sheet: at.Sheet, Table: at.Table, Row: at.Row})
			}
			out.Items = append(out.Items, row)
			walk(it.Children)
		}
	}
	walk(x.Items)
	return out
}

func (s *Server) giveScore(q *request) error {
	scheme, item, _ := strings.Cut(q.PostFormValue("item"), " ")
	code, reason := org.RegionCode(q.PostFormValue("region")), strings.TrimSpace(q.PostFormValue("reason"))
	typed, absent := strings.TrimSpace(q.PostFormValue("points")), q.PostFormValue("absent") != ""
	year := q.yearTyped()
	var r store.Receipt
	var err error
	if absent {
		r, err = s.desk.JudgeAbsent(q.Context(), q.caller, q.key(), assess.SchemeID(scheme), item, code, year, reason)
	} else {
		var points assess.Points
		if points, err = assess.ParsePoints(typed); err != nil {
			err = fault.New(fault.Invalid, "score.points-unread").On("points").Because(err)
		} else {
			r, err = s.desk.Judge(q.Context(), q.caller, q.key(), assess.SchemeID(scheme), item, code, year, points, reason)
		}
	}
	if mendable(err) {
		// The domain names the item; on this page its reason or its points are meant.
		form := page.JudgeForm{Year: q.PostFormValue("year"), Points: typed, Absent: absent, Reason: reason}
		form.Faults = page.Faults(q.p, err, map[string]string{"points": q.p.T("score.points"), "region": q.p.T("score.region"), "year": q.p.T("score.year")})
		for i := range form.Faults {
			if strings.HasPrefix(form.Faults[i].Field, "judged.") {
				form.Faults[i].Field, form.Faults[i].Label = "points", q.p.T("score.points")
				if reason == "" {
					form.Faults[i].Field, form.Faults[i].Label = "reason", q.p.T("score.reason")
				}
			}
		}
		return s.showScores(q, status(fault.KindOf(err)), deskForms{judge: form, item: q.PostFormValue("item"), region: string(code), year: year})
	}
	if err != nil {
		return err
	}
	return q.done(r, scoresOf(year), "score.judge-done", "name", q.regionName(code), "item", item)
}

func (s *Server) enterOccurrence(q *request) error {
	form := page.OccurrenceForm{On: q.PostFormValue("on"), Count: q.PostFormValue("count"), Words: strings.TrimSpace(q.PostFormValue("reason"))}
	code := org.RegionCode(q.PostFormValue("where"))
	o := assess.Occurrence{Kind: q.PostFormValue("kind"), Words: form.Words}
	o.On, _ = calendar.ParseDate(strings.TrimSpace(form.On))                  // a day that cannot be read is the zero day: the act says so
	o.Count, _ = strconv.Atoi(strings.TrimSpace(form.Count))                  // likewise
	r, err := s.desk.EnterOccurrence(q.Context(), q.caller, q.key(), code, o) // refuses both
	if mendable(err) {
		form.Faults = page.Faults(q.p, err, map[string]string{"on": q.p.T("score.on"), "kind": q.p.T("score.kind"), "reason": q.p.T("score.words"), "region": q.p.T("score.region")})
		return s.showScores(q, status(fault.KindOf(err)), deskForms{occur: form, kind: o.Kind, where: string(code)})
	}
	if err != nil {
		return err
	}
	return q.done(r, "/scores", "score.occurrence-done", "name", q.regionName(code))
}

func (s *Server) compute(q *request) error {
	scheme, group, _ := strings.Cut(q.PostFormValue("group"), " ")
	typed := strings.TrimSpace(q.PostFormValue("as_of"))
	asOf, _ := calendar.ParseDate(typed) // the act refuses the zero day
	year := q.yearTyped()
	r, id, err := s.desk.Compute(q.Context(), q.caller, q.key(), assess.SchemeID(scheme), group, year, asOf)
	if mendable(err) {
		form := page.ComputeForm{AsOf: typed, Year: q.PostFormValue("year")}
		form.Faults = page.Faults(q.p, err, map[string]string{"as_of": q.p.T("score.as-of"), "group": q.p.T("score.group"), "year": q.p.T("score.year")})
		for i := range form.Faults {
			if form.Faults[i].Field == "year" { // the id of this form's field: the other form has one too
				form.Faults[i].Field = "compute-year"
			}
		}
		return s.showScores(q, status(fault.KindOf(err)), deskForms{compute: form, group: q.PostFormValue("group"), occur: page.OccurrenceForm{Count: "1"}, year: year})
	}
	if err != nil {
		return err
	}
	return q.done(r, "/scores/runs/"+string(id), "score.compute-done", "on", q.p.Date(asOf))
}
