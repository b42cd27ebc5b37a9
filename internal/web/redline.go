package web

import (
	"net/http"
	"slices"
	"strconv"

	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/redline"
	"gongjian/internal/support"
	"gongjian/internal/web/page"
)

// redline shows what changed between two versions of a memorandum: those that the
// address names by number, else this one and the one before it.
func (s *Server) redline(q *request) error {
	ctx := q.Context()
	x, m, err := q.view.TextVersion(ctx, memo.VersionID(q.PathValue("id")))
	if err != nil {
		return err
	}
	all, err := q.view.TextVersions(ctx, m)
	if err != nil {
		return err
	}
	pick := func(field string, usual int) *memo.Version {
		if n, err := strconv.Atoi(q.FormValue(field)); err == nil {
			usual = n
		}
		for i := range all {
			if all[i].Number == usual {
				return &all[i]
			}
		}
		return nil
	}
	before := x.Base
	for _, v := range all { // the newest that is older
		if v.Number < x.Number && (before == 0 || v.Number > before) {
			before = v.Number
		}
	}
	old, new := pick("old", before), pick("new", x.Number)
	if old == nil || new == nil {
		return errAbsent
	}
	units, err := q.textUnits(old.Text, new.Text)
	if err != nil {
		return err
	}
	title := q.p.T("negotiation.redline-title", "old", old.Number, "new", new.Number)
	f := page.RedlinePage{
		Head: page.HeadView{Crumbs: []page.Crumb{{Text: m.Title, Href: "/memorandums/" + string(m.ID)}, {Text: q.p.T("negotiation.title"), Href: "/memorandums/" + string(m.ID) + "/versions"}, {Text: title}},
			Title: page.Say(title), Meta: page.Say(new.Text.Title)},
		Compare: q.compareForm(all, old.Number, new.Number, versionHref(x.ID)+"/redline"),
		Redline: q.redlineView(old.Text, new.Text, units), Back: page.PlanLink{Text: q.p.T("negotiation.version-no", "no", new.Number), Href: versionHref(new.ID)},
	}
	v, err := q.frame(title, "plan")
	if err != nil {
		return err
	}
	return q.render(http.StatusOK, page.Redline(v, f))
}

// textUnits reads the units that texts name.
func (q *request) textUnits(texts ...memo.Text) (map[org.UnitID]org.Unit, error) {
	var ids []org.UnitID
	for _, t := range texts {
		ids = append(ids, t.Mentions()...)
	}
	slices.Sort(ids)
	return q.view.Names(q.Context(), slices.Compact(ids))
}

// redlineView is what changed between two texts, what stands around the clauses first.
func (q *request) redlineView(old, new memo.Text, units map[org.UnitID]org.Unit) page.RedlineView {
	var all []page.RedClause
	count := map[memo.ClauseChangeKind]int{}
	around := func(key, a, b string) {
		if a == b {
			return
		}
		count[memo.ClauseChanged]++
		all = append(all, page.RedClause{Level: "1", Kind: "changed", Word: q.p.T("negotiation." + key), Runs: redline.Compare(a, b)})
	}
	around("title-field", old.Title, new.Title)
	around("parties-field", q.partiesLine(old), q.partiesLine(new))
	around("preamble", old.Preamble, new.Preamble)
	for _, ch := range memo.Compare(old, new) {
		c := q.redClause(ch, old, new, units)
		kind := ch.Kind
		if kind == memo.ClauseSame && ch.No {
			kind = memo.ClauseChanged
		}
		count[kind]++
		all = append(all, c)
	}
	around("closing", old.Closing, new.Closing)
	around("term", q.termLine(old.Term), q.termLine(new.Term))
	return q.foldRedline(all, count)
}

func (q *request) foldRedline(all []page.RedClause, count map[memo.ClauseChangeKind]int) page.RedlineView {
	var r page.RedlineView
	var same []page.RedClause
	fold := func() {
		if len(same) > 0 {
			r.Parts = append(r.Parts, page.RedPart{Fold: q.p.T("negotiation.unchanged", "n", len(same)), Clauses: same})
			same = nil
		}
	}
	changed := 0
	for _, c := range all {
		if c.Kind == string(memo.ClauseSame) {
			same = append(same, c)
			continue
		}
		fold()
		changed++
		r.Parts = append(r.Parts, page.RedPart{Clauses: []page.RedClause{c}})
	}
	fold()
	if changed == 0 {
		r.None = q.p.T("negotiation.nothing-changed")
		return r
	}
	r.Sum = q.p.T("negotiation.sum", "changed", count[memo.ClauseChanged], "added", count[memo.ClauseAdded], "removed", count[memo.ClauseRemoved], "moved", count[memo.ClauseMoved])
	return r
}

func (q *request) redClause(ch memo.ClauseChange, old, new memo.Text, units map[org.UnitID]org.Unit) page.RedClause {
	c := page.RedClause{Kind: string(ch.Kind), Runs: ch.Runs}
	if ch.Kind == memo.ClauseSame && ch.No {
		c.Kind = string(memo.ClauseChanged)
	}
	var was, is memo.Clause
	if ch.Old != nil {
		was = *ch.Old
		c.Level = strconv.Itoa(max(was.Level, 1))
	}
	if ch.New != nil {
		is = *ch.New
		c.Level = strconv.Itoa(max(is.Level, 1))
	}
	if c.Kind != string(memo.ClauseSame) {
		c.Word = q.p.T("negotiation.change-" + c.Kind)
	}
	c.No = redline.Compare(was.No, is.No)
	if c.Kind == string(memo.ClauseSame) {
		return c
	}
	for _, k := range is.Commitments {
		i := slices.IndexFunc(was.Commitments, func(o memo.Commitment) bool { return o.ID == k.ID && k.ID != "" })
		line := ""
		if i >= 0 {
			line = q.owedLine(old, was.Commitments[i], units)
		}
		runs := redline.Compare(line, q.owedLine(new, k, units))
		if redline.Changed(runs) {
			c.Owed = append(c.Owed, page.RedOwed{Word: q.p.T("negotiation.owed"), Runs: runs})
		}
	}
	for _, o := range was.Commitments {
		if !slices.ContainsFunc(is.Commitments, func(k memo.Commitment) bool { return k.ID == o.ID }) {
			c.Owed = append(c.Owed, page.RedOwed{Word: q.p.T("negotiation.owed"), Runs: redline.Compare(q.owedLine(old, o, units), "")})
		}
	}
	return c
}

func (q *request) partiesLine(t memo.Text) string {
	var out []string
	for _, p := range t.Parties {
		out = append(out, p.Called+p.Name)
	}
	return q.p.List(out)
}

func (q *request) termLine(t memo.Term) string {
	switch {
	case t.Years > 0:
		return q.p.T("negotiation.term-years", "n", t.Years)
	case !t.Until.IsZero():
		return q.p.T("negotiation.term-until", "until", t.Until.String())
	}
	return q.p.T("negotiation.term-open")
}

// owedLine is a commitment in one line, to be compared with another.
func (q *request) owedLine(t memo.Text, k memo.Commitment, units map[org.UnitID]org.Unit) string {
	return q.p.Dots(q.owedWho(t, k, units), k.Text, q.owedMore(k))
}

func (q *request) owedWho(t memo.Text, k memo.Commitment, units map[org.UnitID]org.Unit) string {
	var names []string
	for _, u := range k.Obligors() {
		if u != "" {
			names = append(names, partyNamed(t, units, u))
		}
	}
	if len(names) == 0 {
		return q.p.T("negotiation.nobody-owes")
	}
	if k.Confirms == "" {
		return q.p.T("negotiation.owes", "who", names)
	}
	return q.p.T("negotiation.owes-confirmed", "who", names, "by", partyNamed(t, units, k.Confirms))
}

// owedMore is deadline, target and support of a commitment.
func (q *request) owedMore(k memo.Commitment) string {
	more := []string{k.Deadline, k.Target}
	if u := k.Support; u != nil {
		amount, unit := support.Typed(*u)
		line := q.p.T("negotiation.support-"+string(u.Kind)) + " " + amount + unit
		if u.Year > 0 {
			line = q.p.T("negotiation.support-year", "support", line, "year", u.Year)
		}
		more = append(more, line)
	}
	return q.p.Dots(more...)
}
