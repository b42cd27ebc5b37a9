package web

import (
	"strings"

	"gongjian/internal/assess"
	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
)

// regions is the table of divisions; it never changes while the program runs.
func regions() *org.Regions {
	r, err := org.StandardRegions()
	if err != nil {
		panic(err) // committed data; org's tests read it
	}
	return r
}

// division finds a division; one that the table does not have is called by its code.
func division(code org.RegionCode) org.Region {
	if r, ok := regions().By(code); ok {
		return r
	}
	return org.Region{Code: code, Name: string(code), Short: string(code), English: string(code)}
}

func (q *request) regionName(code org.RegionCode) string { return page.RegionName(q.p, division(code)) }

func (q *request) regionShort(code org.RegionCode) string {
	return page.RegionShort(q.p, division(code))
}

// shortNames joins the names of several places.
func (q *request) shortNames(codes []org.RegionCode) string {
	names := make([]string, len(codes))
	for i, c := range codes {
		names[i] = q.regionShort(c)
	}
	return q.p.List(names)
}

// cityOf is the city that a region is or lies in; "" for a province.
func cityOf(code org.RegionCode) org.RegionCode {
	if len(code) != 6 || strings.HasSuffix(string(code), "0000") {
		return ""
	}
	return code[:4] + "00"
}

// provinceOf is the province around a region.
func provinceOf(code org.RegionCode) org.RegionCode {
	if len(code) != 6 {
		return code
	}
	return code[:2] + "0000"
}

// change words a difference of totals: 升1.9, 降2.3, 持平.
func (q *request) change(by assess.Points, places int32) string {
	switch {
	case by.IsPositive():
		return q.p.T("score.up", "by", page.FixedPoints(by, places))
	case by.IsNegative():
		return q.p.T("score.down", "by", page.FixedPoints(assess.Points{}.Minus(by), places))
	}
	return q.p.T("score.level")
}

// overall are the lights of the places of a run, by the rule of its day.
func (s *Server) overall(lights map[org.RegionCode]store.Lights, on calendar.Date) map[org.RegionCode]task.Colour {
	rule := s.store.Rulebook().On(on).Place
	out := map[org.RegionCode]task.Colour{}
	for code, counts := range lights {
		out[code] = rule.Overall(counts)
	}
	return out
}

// placeOf words a place among how many: 第10名，共15名; 未评完 without one.
func (q *request) placeOf(rank, of int) string {
	if rank == 0 {
		return q.p.T("score.open")
	}
	return q.p.T("score.place", "rank", rank, "of", of)
}

// rankOf is the same beside a label that says rank already.
func (q *request) rankOf(rank, of int) string {
	if rank == 0 {
		return q.p.T("score.open")
	}
	return q.p.T("score.rank-of", "rank", rank, "of", of)
}

// ranked counts the entries with a place.
func ranked(r assess.Ranking) (n int) {
	for _, e := range r.Entries {
		if e.Rank > 0 {
			n++
		}
	}
	return n
}

// entryOf finds a region's entry in a ranking.
func entryOf(r assess.Ranking, code org.RegionCode) (assess.Entry, bool) {
	for _, e := range r.Entries {
		if e.Subject == code {
			return e, true
		}
	}
	return assess.Entry{}, false
}

// cardHref is the address of a scorecard.
func cardHref(run store.AssessmentID, code org.RegionCode) string {
	return "/scorecards/" + string(run) + "/" + string(code)
}
