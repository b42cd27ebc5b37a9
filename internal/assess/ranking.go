package assess

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// Ranking orders the scorecards of one group on one day (排名).
type Ranking struct {
	Scheme  SchemeID      `json:"scheme"`
	Version int           `json:"version"`
	Group   string        `json:"group"`
	AsOf    calendar.Date `json:"as_of"`
	Entries []Entry       `json:"entries,omitempty"` // by rank; open cards last
	Median  *Points       `json:"median"`            // of the totals; nil when no card is complete
	// Medians are taken item by item and do not add up to Median.
	Medians []ItemMedian `json:"medians,omitempty"`
	Before  string       `json:"before,omitempty"` // digest of the ranking compared with
	Digest  string       `json:"digest"`           // SHA-256 in hex of this ranking without it
}

// Entry is one subject's place.
type Entry struct {
	Subject  org.RegionCode `json:"subject"`
	Rank     int            `json:"rank"` // 0 while the card is open (未评完)
	Total    Points         `json:"total"`
	Grade    string         `json:"grade"`
	Capped   []string       `json:"capped,omitempty"`
	Open     []string       `json:"open,omitempty"`
	Previous *Previous      `json:"previous,omitempty"` // nil: not in the earlier ranking, or open there
	Card     string         `json:"card"`               // digest of the scorecard
}

// Previous is a subject's place in the earlier ranking and the way from it.
type Previous struct {
	Rank  int    `json:"rank"`
	Total Points `json:"total"`
	Rise  Points `json:"rise"` // total now less total then; zero while the card is open
	Climb int    `json:"climb"`
}

// ItemMedian is the median of one line over the complete cards that have the business.
type ItemMedian struct {
	No  string `json:"no"`
	Got Points `json:"got"`
}

// Rank orders the cards of one group. Cards of other groups are left aside, so
// that all cards of a day may be handed over; their order does not matter.
// earlier may be nil. It fails with a fault when the scheme has no such group,
// when two cards are of one subject, or when a card is of another scheme,
// version or day: unlike things have no order.
//
// Rule A-18 (practice: 分类排名, 并列; the veto is our choice): a better grade stands
// before a worse one, which tells only where a veto capped it; then the published
// total; then the scheme's rule for ties. An open card has no rank and stands last.
func Rank(s Scheme, group string, cards []Scorecard, earlier *Ranking) (Ranking, error) {
	own, err := groupCards(s, group, cards)
	if err != nil {
		return Ranking{}, err
	}
	out := Ranking{Scheme: s.ID, Version: s.Version, Group: group}
	var closed []Scorecard
	for _, c := range own {
		out.AsOf = c.AsOf
		if !c.IsOpen() {
			closed = append(closed, c)
		}
	}
	slices.SortStableFunc(own, func(a, b Scorecard) int {
		return cmp.Or(s.compare(a, b), cmp.Compare(a.Subject, b.Subject))
	})
	for i, c := range own {
		e := Entry{Subject: c.Subject, Total: c.Total, Grade: c.Grade, Capped: c.Capped, Open: c.Open, Card: c.Digest}
		switch {
		case c.IsOpen():
		case i > 0 && s.compare(own[i-1], c) == 0:
			e.Rank = out.Entries[i-1].Rank
		default:
			e.Rank = i + 1
		}
		e.Previous = previousOf(e, earlier)
		out.Entries = append(out.Entries, e)
	}
	if earlier != nil {
		out.Before = earlier.Digest
	}
	out.medians(s, closed)
	b, err := out.MarshalCanonical()
	if err != nil {
		return Ranking{}, fmt.Errorf("assess: digest of a ranking: %w", err)
	}
	out.Digest = hexSum(b)
	return out, nil
}

// MarshalCanonical writes the ranking as canonical JSON.
func (r Ranking) MarshalCanonical() ([]byte, error) { return canonical(r) }

// groupCards picks the cards of a group, by subject, and refuses unlike ones.
func groupCards(s Scheme, group string, cards []Scorecard) ([]Scorecard, error) {
	if !slices.ContainsFunc(s.Groups, func(g Group) bool { return g.Key == group }) {
		return nil, fault.New(fault.NotFound, "assess.ranking.group", "Group", group)
	}
	var own []Scorecard
	for _, c := range cards {
		if g, ok := s.GroupOf(c.Subject); ok && g.Key == group {
			own = append(own, c)
		}
	}
	slices.SortStableFunc(own, func(a, b Scorecard) int { return cmp.Compare(a.Subject, b.Subject) })
	for i, c := range own {
		if c.Scheme != s.ID || c.Version != s.Version {
			return nil, fault.New(fault.Conflict, "assess.ranking.scheme", "Subject", string(c.Subject), "Version", c.Version)
		}
		if c.AsOf != own[0].AsOf {
			return nil, fault.New(fault.Conflict, "assess.ranking.day", "Subject", string(c.Subject), "Day", c.AsOf, "Other", own[0].AsOf)
		}
		if i > 0 && c.Subject == own[i-1].Subject {
			return nil, fault.New(fault.Conflict, "assess.ranking.subject-twice", "Subject", string(c.Subject))
		}
	}
	return own, nil
}

// compare is negative when a stands before b, zero when they share a rank.
func (s Scheme) compare(a, b Scorecard) int {
	if a.IsOpen() || b.IsOpen() {
		switch {
		case a.IsOpen() && b.IsOpen():
			return 0
		case a.IsOpen():
			return 1
		}
		return -1
	}
	grades := s.Grades()
	if d := cmp.Compare(slices.Index(grades, a.Grade), slices.Index(grades, b.Grade)); d != 0 {
		return d
	}
	if d := b.Total.Cmp(a.Total.Decimal); d != 0 {
		return d
	}
	if s.Ties.Rule == TiesByItems {
		for _, no := range s.Ties.Items {
			x, _ := a.Line(no)
			y, _ := b.Line(no)
			if d := y.Got.Cmp(x.Got.Decimal); d != 0 {
				return d
			}
		}
	}
	return 0
}

// previousOf finds the subject's earlier place; a card open then or now has no way.
func previousOf(e Entry, earlier *Ranking) *Previous {
	if earlier == nil {
		return nil
	}
	for _, old := range earlier.Entries {
		if old.Subject != e.Subject || old.Rank == 0 {
			continue
		}
		p := &Previous{Rank: old.Rank, Total: old.Total}
		if e.Rank > 0 {
			p.Rise, p.Climb = e.Total.Minus(old.Total), old.Rank-e.Rank
		}
		return p
	}
	return nil
}

// medians fills in the medians of the total and of every line.
//
// Rule A-19 (our choice: 各项中位数分别取，不相加): each is taken over the complete cards;
// a line counts where the subject has the business. Of an even number it is the
// mean of the two in the middle, rounded as the scheme says.
func (r *Ranking) medians(s Scheme, closed []Scorecard) {
	var totals []Points
	for _, c := range closed {
		totals = append(totals, c.Total)
	}
	if m, ok := median(totals, s.Rounding, s.Rounding.TotalPlaces); ok {
		r.Median = &m
	}
	walk(s.Items, 0, func(it Item, _ int) {
		if it.Kind == Veto {
			return // no points to take the middle of
		}
		var got []Points
		for _, c := range closed {
			if l, ok := c.Line(it.No); ok && l.State == Scored {
				got = append(got, l.Got)
			}
		}
		if m, ok := median(got, s.Rounding, s.Rounding.ItemPlaces); ok {
			r.Medians = append(r.Medians, ItemMedian{it.No, m})
		}
	})
}

func median(values []Points, by Rounding, places int32) (Points, bool) {
	n := len(values)
	if n == 0 {
		return Points{}, false
	}
	slices.SortFunc(values, func(a, b Points) int { return a.Cmp(b.Decimal) })
	if n%2 == 1 {
		return values[n/2], true
	}
	sum := values[n/2-1].Plus(values[n/2]).Rat()
	return by.round(sum.Mul(sum, big.NewRat(1, 2)), places), true
}
