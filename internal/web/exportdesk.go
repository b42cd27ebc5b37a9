package web

import (
	"slices"
	"strings"

	"gongjian/internal/assess"
	"gongjian/internal/org"
	"gongjian/internal/store"
)

// The lists of the scoring desk (评分台): what is given by hand, what happened, the
// runs, and the schemes' items. The desk is not there for others.

// desks are the schemes on the reader's scoring desk and the year that it shows.
func (q *request) desks() ([]store.OfficeScheme, int, error) {
	if !q.scores() {
		return nil, 0, errAbsent
	}
	year := q.yearTyped()
	if year <= 0 {
		year = suggestedYear(q.view.Today())
	}
	schemes, err := q.view.Schemes(q.Context(), "", mostSchemes)
	return schemes, year, err
}

// judgementList is every item that is judged by hand for every place, with the
// points given; those that wait are among them.
func judgementList(q *request) (exportTable, error) {
	schemes, year, err := q.desks()
	if err != nil {
		return exportTable{}, err
	}
	var rows []exportRow
	var posts []org.PostID
	of := takingPart{year, map[org.Level][]org.RegionCode{}}
	for _, x := range schemes {
		given, err := q.view.Judgements(q.Context(), x, year)
		if err != nil {
			return exportTable{}, err
		}
		for _, g := range x.Groups {
			places, err := q.placesOf(g, of)
			if err != nil {
				return exportTable{}, err
			}
			for _, it := range x.Leaves() {
				if it.Method != assess.Judged {
					continue
				}
				for _, code := range places {
					row := exportRow{"scheme": said(x.Name), "no": said(it.No), "item": said(it.Title), "region": said(q.regionName(code)), "full": scored(it.Points), "judged": said(q.p.T("export.to-judge"))}
					if j, ok := given[it.No][code]; ok {
						row["reason"], row["at"], row["post"], row["judged"] = said(j.Reason), atMoment(j.At), said(string(j.By)), said(q.p.T("export.judged"))
						posts = append(posts, org.PostID(j.By))
						if j.Absent {
							row["judged"] = said(q.p.T("export.absent"))
						} else {
							row["points"] = scored(j.Points)
						}
					}
					rows = append(rows, row)
				}
			}
		}
	}
	slices.Sort(posts)
	names, err := q.view.PostNames(q.Context(), slices.Compact(posts))
	return exportTable{title: q.p.T("score.desk"), rows: each(rows, func(r exportRow) exportRow {
		r["post"] = said(q.postText(names, r["post"].Text))
		return r
	})}, err
}

// occurrenceList is what was recorded in a year that costs or brings points.
func occurrenceList(q *request) (exportTable, error) {
	schemes, year, err := q.desks()
	if err != nil || len(schemes) == 0 {
		return exportTable{title: q.p.T("score.desk"), rows: each([]exportRow(nil), func(r exportRow) exportRow { return r })}, err
	}
	x := schemes[0] // happenings are recorded once for all schemes, as the page shows them
	all, err := q.view.Occurrences(q.Context(), x, year, maxOccurrences)
	return exportTable{title: q.p.T("score.desk"), rows: each(all, func(o store.OccurrenceEntry) exportRow {
		return exportRow{"scheme": said(x.Name), "on": onDate(o.On), "region": said(q.regionName(o.Region)), "happening": said(kindLabel(x, o.Kind)), "count": counted(o.Count), "said": said(o.Words)}
	})}, err
}

// What a scoring desk's file holds at most; a province records some dozens a year.
const maxOccurrences, maxRuns = 20_000, 2_000

// runsList is the runs, the newest first.
func runsList(q *request) (exportTable, error) {
	if !q.scores() {
		return exportTable{}, errAbsent
	}
	runs, err := q.view.Runs(q.Context(), store.RunKey{}, maxRuns)
	return exportTable{title: q.p.T("score.desk"), rows: each(runs, func(a store.Assessment) exportRow {
		return exportRow{"period": said(q.p.Period(a.Period)), "group": said(q.groupName(a.Group)), "as-of": onDate(a.AsOf), "computed": atMoment(a.Computed), "published-at": atMoment(a.Published)}
	})}, err
}

// schemeItems is the items of the schemes on the desk, headings among them.
func schemeItems(q *request) (exportTable, error) {
	schemes, _, err := q.desks()
	if err != nil {
		return exportTable{}, err
	}
	var rows []exportRow
	for _, x := range schemes {
		var walk func([]assess.Item)
		walk = func(items []assess.Item) {
			for _, it := range items {
				row := exportRow{"scheme": said(x.Name), "no": said(it.No), "item": said(it.Title), "criterion": said(it.Words), "item-kind": said(q.p.T(it.Kind.TextKey())), "full": scored(it.Points), "scorer": said(it.Scorer)}
				if it.Method != "" {
					row["method"] = said(q.p.T(it.Method.TextKey()))
				}
				rows = append(rows, row)
				walk(it.Children)
			}
		}
		walk(x.Items)
	}
	return exportTable{title: q.p.T("score.desk"), rows: each(rows, func(r exportRow) exportRow { return r })}, nil
}

// lines puts several sentences into one cell.
func lines(all []string) string { return strings.Join(all, "\n") }
