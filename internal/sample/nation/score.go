package nation

import (
	"maps"
	"slices"

	"gongjian/internal/act"
	"gongjian/internal/assess"
	"gongjian/internal/calendar"
	"gongjian/internal/journal"
	"gongjian/internal/org"
	"gongjian/internal/store"
)

// scores gathers what the scorecards of one province and year rest on.
type scores struct {
	schemes map[org.RegionCode][]assess.Scheme
	before  map[string]*assess.Ranking // by scheme
	days    []calendar.Date            // on which the year is scored
	year    int
	inputs  []store.Gathered // by day
}

var scored = []org.Level{org.City, org.County}

// enterSchemes gives every province its two schemes. They and their groups have a
// name of their own in each but the home province.
func (m *maker) enterSchemes(year int) {
	m.scores.schemes, m.scores.before = map[org.RegionCode][]assess.Scheme{}, map[string]*assess.Ranking{}
	for _, p := range m.lands {
		by := m.people.desks[p.bureau().ID][org.Scorer]
		for _, s := range []assess.Scheme{assess.SampleScheme(), assess.SampleCountyScheme()} {
			s.From = calendar.NewDate(year, 1, 1)
			if p.Code != home {
				s.ID += assess.SchemeID("-" + p.Code.Prefix())
				s.Groups[0].Key += "-" + p.Code.Prefix()
				s.Groups[0].Label = p.Short + s.Groups[0].Label
			}
			m.scores.schemes[p.Code] = append(m.scores.schemes[p.Code], s)
			m.try(m.load.Scheme(s, by.unit))
			m.enter(moment(calendar.NewDate(year, 1, 8), 10, 0), by, org.EnterScheme, byScorer, s, journal.Subject{Kind: "scheme", ID: string(s.ID)})
		}
	}
}

// begin forgets the province before. A year is scored at its half and its end, or
// at the end of the last month.
func (s *scores) begin(m *maker, year int) {
	s.year, s.inputs = year, nil
	s.days = []calendar.Date{calendar.NewDate(year, 6, 30), calendar.NewDate(year, 12, 31)}
	if year == m.today.Year {
		s.days = []calendar.Date{calendar.Of(calendar.Month, m.today).First().AddDays(-1)}
	}
	for range s.days {
		s.inputs = append(s.inputs, store.Gathered{org.City: {}, org.County: {}})
	}
}

// count adds a tree to the cards of its regions.
func (s *scores) count(m *maker, t store.LoadedTree) {
	for i, day := range s.days {
		m.load.Gather(t, day, s.inputs[i])
	}
}

// end computes and publishes the runs of a province's year.
func (s *scores) end(m *maker, p *land) {
	for i, day := range s.days {
		for j, level := range scored {
			all := s.inputs[i][level]
			if len(all) == 0 {
				continue // a municipality has no cities
			}
			var inputs []assess.Inputs
			for _, code := range slices.Sorted(maps.Keys(all)) {
				inputs = append(inputs, *all[code])
			}
			s.run(m, p, s.schemes[p.Code][j], day, inputs)
		}
	}
	s.inputs = nil
}

func (s *scores) run(m *maker, p *land, scheme assess.Scheme, day calendar.Date, inputs []assess.Inputs) {
	if m.err != nil {
		return
	}
	group := scheme.Groups[0].Key
	ranking, cards, err := store.Cards(scheme, group, inputs, s.before[string(scheme.ID)])
	m.try(err)
	if m.err != nil {
		return
	}
	s.before[string(scheme.ID)] = &ranking
	computed := m.workdays.Add(day, 1)
	published := moment(m.workdays.Add(computed, 2), 16, 0)
	bureau := m.people.desks[p.bureau().ID]
	a := store.Assessment{
		ID: store.AssessmentID(m.next()), Scheme: scheme.ID, Version: scheme.Version, Period: calendar.Of(calendar.Month, day), AsOf: day,
		Group: group, Office: p.bureau().ID, Computed: moment(computed, 15, 0), Published: published, Ranking: ranking,
	}
	about := journal.Subject{Kind: "assessment", ID: string(a.ID)}
	m.enter(a.Computed, bureau[org.Scorer], org.ComputeScores, byScorer, act.RunRecord(a, cards), journal.Subject{Kind: "scheme", ID: string(scheme.ID)}, about)
	a.Entry = m.enter(a.Published, bureau[org.Office], org.PublishScores, byPublisher, act.RunRecord(a, cards), about)
	m.try(m.load.Assessment(a, cards))
}
