package act

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/paper"
	"gongjian/internal/store"
)

// Import is an upload worked out: its reading, what was decided, and the rows as
// they would be entered. Pages show it and acts change it.
type Import struct {
	store.Upload
	Plan       memo.Plan
	Memorandum memo.Memorandum
	Reading    paper.Reading
	Mends      paper.Mends
	Rows       []paper.DraftRow
	Units      map[org.UnitID]org.Unit
	Gatherer   org.UnitID
	draft      func(paper.Mends) []paper.DraftRow
	find       func(printed string, territory org.RegionCode) org.Match
}

// Import works out an upload with the units of the province, as of a day.
func (d *Desk) Import(u store.Upload, p memo.Plan, m memo.Memorandum, units []org.Unit, names []org.Name, today calendar.Date) (Import, error) {
	im := Import{Upload: u, Plan: p, Memorandum: m, Units: make(map[org.UnitID]org.Unit, len(units))}
	var err error
	if im.Reading, err = paper.Restore(u.Reading); err != nil {
		return im, err
	}
	if err := json.Unmarshal(u.Mends, &im.Mends); err != nil {
		return im, fmt.Errorf("act: reading mends of upload %s: %w", u.ID, err)
	}
	for _, unit := range units {
		im.Units[unit.ID] = unit
	}
	day := planDay(p, today)
	im.find, im.Gatherer = d.names.at(units, names, day), gatherer(p, units, day)
	facts := paper.DraftFacts{
		Year: p.Year, Office: p.Office, Gatherer: im.Gatherer, Events: events(p, m), Workdays: d.store.Workdays(),
		Match: func(printed string) org.Match { return im.match(printed, day) },
		Members: func(q org.GroupQuery) []org.UnitID {
			return org.ResolveGroup(q, p.Region, day, units)
		},
	}
	im.draft = func(m paper.Mends) []paper.DraftRow { return paper.Draft(im.Reading.Result, m, facts) }
	im.Rows = im.draft(im.Mends)
	return im, nil
}

// match finds a printed name; a successor is offered only for a unit that no
// longer existed on the day.
func (im *Import) match(printed string, day calendar.Date) org.Match {
	m := im.find(printed, im.Plan.Region)
	if m.Outcome == org.Found && im.Units[m.Unit].Exists(day) {
		m.Successor = ""
	}
	return m
}

// planDay is the day at which names and groups of a plan's document are read:
// that of issue, or today as far as it lies in the plan's year.
func planDay(p memo.Plan, today calendar.Date) calendar.Date {
	first, last := calendar.NewDate(p.Year, time.January, 1), calendar.NewDate(p.Year, time.December, 31)
	switch {
	case !p.Issued.IsZero():
		return p.Issued
	case today.Before(first):
		return first
	case today.After(last):
		return last
	}
	return today
}

// gatherer is the unit that runs a plan in its territory: the office's own line
// there (the city's bureau for a plan of the province's), or the office itself.
func gatherer(p memo.Plan, units []org.Unit, day calendar.Date) org.UnitID {
	at := slices.IndexFunc(units, func(u org.Unit) bool { return u.ID == p.Office })
	if at < 0 {
		return p.Office
	}
	office := units[at]
	for _, u := range units {
		if u.Region == p.Region && u.Kind == office.Kind && u.Function == office.Function && u.Exists(day) {
			return u.ID
		}
	}
	return p.Office
}

// units joins the units chosen with those typed by name.
func (im *Import) units(chosen []org.UnitID, typed string) ([]org.UnitID, error) {
	for _, u := range chosen {
		if _, ok := im.Units[u]; !ok {
			return nil, fault.New(fault.Invalid, "import.unit-absent").On("unit")
		}
	}
	out := slices.Clone(chosen)
	for _, name := range paper.SplitUnits(typed) {
		m := im.find(name, im.Plan.Region)
		switch m.Outcome {
		case org.Found:
			out = append(out, m.Unit)
		case org.Unknown:
			return nil, fault.New(fault.Invalid, "import.typed-unknown", "Name", name, "Like", im.names(m.Candidates)).On("unit")
		case org.Ambiguous:
			return nil, fault.New(fault.Invalid, "import.typed-ambiguous", "Name", name, "Candidates", im.names(m.Candidates)).On("unit")
		case org.Grouped:
			return nil, fault.New(fault.Invalid, "import.typed-group", "Name", name).On("unit")
		}
	}
	return out, nil
}

func (im *Import) names(units []org.UnitID) []string {
	out := make([]string, len(units))
	for i, u := range units {
		out[i] = im.Units[u].Name
	}
	return out
}

// AcceptAll answers every open question that has a suggestion by it, and those
// that come up thereby, and says how many answers those were.
func (im *Import) AcceptAll() (paper.Mends, int) {
	all, n := im.Mends, 0
	for range acceptRounds {
		m, more := all.Accept(im.draft(all))
		all, n = m, n+more
	}
	return all, n
}

// planRows are the rows that are taken in, as they are entered.
func (im *Import) planRows() []Row {
	var out []Row
	for _, r := range im.Rows {
		if r.Skipped == "" {
			out = append(out, rowOf(r))
		}
	}
	return out
}

// rowOf is a row of a draft as it is entered.
func rowOf(r paper.DraftRow) Row {
	return Row{
		No: r.Row.No, Chapter: r.Row.Chapter, Title: r.Title, Measures: r.Measures, Note: r.Note, Leads: r.Leads,
		Cooperating: r.Cooperating, People: r.Row.People, LeadWords: r.LeadWords, Deadline: r.Deadline, Target: r.Target,
		Rollup: r.Rollup, Each: r.Each, EachTarget: r.EachTarget,
	}
}
