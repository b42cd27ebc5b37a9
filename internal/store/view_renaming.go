package store

import (
	"context"
	"database/sql"
	"slices"

	"gongjian/internal/calendar"
	"gongjian/internal/memo"
	"gongjian/internal/org"
)

// Called is a unit with the name that a text calls it by.
type Called struct {
	Unit org.UnitID
	Name string
}

// Renaming is that the unit which a text calls by one name is found under another
// (原X，现Y): it was renamed, or goes on in its successor.
type Renaming struct {
	Called
	Now string
	Day calendar.Date // since when the name of the text is past; zero: not known
}

// Renamings returns which units are found under another name today than a text calls
// them by, in the text's order. Of a unit that still exists only a name counts that it
// bore: a short form or a slip of the typist is no renaming.
//
// Rule O-02 (units merge and are renamed; a document keeps the name it was issued
// with): the text stays, and what it means today stands beside it.
func (v *View) Renamings(ctx context.Context, named []Called) (out []Renaming, err error) {
	ids := make([]org.UnitID, len(named))
	for i, c := range named {
		ids[i] = c.Unit
	}
	units, err := v.Names(ctx, ids)
	if err != nil {
		return nil, err
	}
	former, err := formerNames(ctx, v.q, ids)
	if err != nil {
		return nil, err
	}
	for _, c := range named {
		u, known := units[c.Unit]
		switch {
		case !known || c.Name == "" || slices.ContainsFunc(out, func(r Renaming) bool { return r.Called == c }):
		case u.Successor != "":
			now, err := successorOf(ctx, v.q, u.ID)
			if err != nil {
				return nil, err
			}
			out = append(out, Renaming{c, now.Name, dayAfter(u.To)})
		case u.Name != c.Name:
			for _, n := range slices.Backward(former) { // the last time that it bore the name
				if n.Unit == u.ID && n.Name == c.Name {
					out = append(out, Renaming{c, u.Name, dayAfter(n.To)})
					break
				}
			}
		}
	}
	return out, nil
}

func dayAfter(d calendar.Date) calendar.Date {
	if d.IsZero() {
		return d
	}
	return d.AddDays(1)
}

// CalledOn returns what units were called on a day, as a paper of that day names them.
func (v *View) CalledOn(ctx context.Context, ids []org.UnitID, day calendar.Date) ([]Called, error) {
	units, err := v.Names(ctx, ids)
	if err != nil {
		return nil, err
	}
	former, err := formerNames(ctx, v.q, ids)
	if err != nil {
		return nil, err
	}
	var out []Called
	for _, id := range ids {
		if u, ok := units[id]; ok {
			out = append(out, Called{id, org.NameAt(former, u, day)})
		}
	}
	return out, nil
}

// formerNames are the names that units bore before, the oldest first.
func formerNames(ctx context.Context, q queryer, ids []org.UnitID) ([]org.Name, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	marks, args := list(1, ids)
	rows, err := q.QueryContext(ctx, `select unit, name, from_day, to_day from unit_name where unit in (`+marks+`) order by to_day, from_day`, args...)
	return collect(rows, err, func(r *sql.Rows) (n org.Name, err error) {
		return n, r.Scan(&n.Unit, &n.Name, &n.From, &n.To)
	})
}

// Renamed returns which parties of a memorandum are found under another name today
// than on the day that it was signed, those whose place a successor took under the
// name of then; one that is not signed tells its successions alone.
func (v *View) Renamed(ctx context.Context, m MemorandumView) ([]Renaming, error) {
	was, err := v.Succession(ctx, m)
	if err != nil {
		return nil, err
	}
	parties := slices.Clone(m.Parties)
	var out []Renaming
	for _, s := range slices.Backward(was) {
		if at := slices.Index(parties, s.Now); at >= 0 && !m.Signed.IsZero() && !s.Day.Before(m.Signed) {
			parties[at] = s.Was
			continue
		}
		out = append(out, succeededBy(s))
	}
	if m.Signed.IsZero() {
		slices.Reverse(out)
		return out, nil
	}
	named, err := v.CalledOn(ctx, parties, m.Signed)
	if err != nil {
		return nil, err
	}
	since, err := v.Renamings(ctx, named)
	return append(since, out...), err
}

func succeededBy(s memo.Succession) Renaming {
	return Renaming{Called{s.Was, s.Name}, s.NowName, s.Day}
}
