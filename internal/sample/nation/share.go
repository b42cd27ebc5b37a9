package nation

import "gongjian/internal/org"

// share is what a land's plans of a year hold.
type share struct {
	trees int // rows that are split down to the counties
	rows  int // rows that a unit of the land keeps
}

// rowsOfPlan is how many rows a plan has at most: a larger share makes more
// memorandums, not longer plans.
const rowsOfPlan = 80

func (s share) plans() int { return (s.trees + s.rows + rowsOfPlan - 1) / rowsOfPlan }

// divide shares n tasks of a year out: half in trees that reach from the province
// to the counties, the other half in the cities' plans, in proportion to how
// many divisions there are; what does not come out even are single rows.
func (m *maker) divide(n int) map[org.RegionCode]share {
	out := map[org.RegionCode]share{}
	total := 0
	for _, p := range m.lands {
		total += p.size
	}
	before, seen := 0, 0
	for _, p := range m.lands {
		seen += p.size
		upTo := n * seen / total
		p.divide(upTo-before, out)
		before = upTo
	}
	return out
}

func (l *land) divide(n int, out map[org.RegionCode]share) {
	var cities []*land
	size := 0
	for _, c := range l.planning()[1:] {
		cities = append(cities, c)
		size += c.size
	}
	if len(cities) == 0 {
		out[l.Code] = share{n / l.size, n % l.size}
		return
	}
	s := share{trees: n / 2 / l.size}
	out[l.Code] = s
	rest, before, seen := n-s.trees*l.size, 0, 0
	for _, c := range cities {
		seen += c.size
		upTo := rest * seen / size
		own := upTo - before
		before = upTo
		trees := own * 9 / 10 / c.size
		out[c.Code] = share{trees, own - trees*c.size}
	}
}
