package store

import (
	"context"
	"database/sql"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/memo"
	"gongjian/internal/org"
)

// MemorandumFilter is which memorandums a list shows.
type MemorandumFilter struct {
	Words  string
	Stage  memo.Stage // "": all
	Region org.RegionCode
	Soon   bool // in force, with a term that ends within memo.WarnDays, or ended it
}

// where is the filter as a condition on memorandum m.
func (f MemorandumFilter) where(c *clause, today calendar.Date) string {
	w := ""
	if f.Words != "" {
		x := c.arg("%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(f.Words) + "%")
		w += ` and (m.title like ` + x + ` escape '\' or m.place like ` + x + ` escape '\' or exists (select 1 from party y
			join unit u on u.id = y.unit where y.memorandum = m.id and (u.name like ` + x + ` escape '\' or u.aliases like ` + x + ` escape '\')))`
	}
	if f.Stage != "" {
		w += ` and m.stage = ` + c.arg(string(f.Stage))
	}
	if f.Region != "" {
		w += ` and m.region like ` + c.arg(f.Region.Prefix()+"%")
	}
	if f.Soon {
		w += ` and m.stage = 'in-force' and m.until is not null and m.until <= ` + c.arg(today.AddDays(memo.WarnDays))
	}
	return w
}

// OverviewEntry is a memorandum in the overview: what it waits for.
type OverviewEntry struct {
	MemorandumEntry
	Wait  memo.Wait
	Names []string // of those that it waits for
}

// StageCounts returns how many memorandums in scope stand at each stage, and how
// many have a term that soon ends or has ended. The filter's stage and Soon are left out.
func (v *View) StageCounts(ctx context.Context, f MemorandumFilter) (map[memo.Stage]int, int, error) {
	f.Stage, f.Soon = "", false
	where, args := memorandumsInScope(v.scope, 1)
	c := clause{n: len(args) + 1, args: args}
	where += f.where(&c, v.today)
	type counted struct {
		stage memo.Stage
		n     int
		soon  int
	}
	rows, err := v.q.QueryContext(ctx, `select m.stage, count(*), sum(case when m.stage = 'in-force' and m.until is not null and m.until <= `+
		c.arg(v.today.AddDays(memo.WarnDays))+` then 1 else 0 end) from memorandum m where `+where+` group by m.stage`, c.args...)
	all, err := collect(rows, err, func(r *sql.Rows) (x counted, err error) { return x, r.Scan(&x.stage, &x.n, &x.soon) })
	out, soon := map[memo.Stage]int{}, 0
	for _, x := range all {
		out[x.stage] = x.n
		soon += x.soon
	}
	return out, soon, err
}

// Overview lists the memorandums in scope that fit a filter, by region, each with
// what it waits for.
func (v *View) Overview(ctx context.Context, f MemorandumFilter, after MemorandumKey, limit int) ([]OverviewEntry, error) {
	where, args := memorandumsInScope(v.scope, 1)
	c := clause{n: len(args) + 1, args: args}
	where += f.where(&c, v.today)
	all, err := v.memorandumEntries(ctx, where, c, after, limit)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	standing, err := v.standing(ctx, all)
	if err != nil {
		return nil, err
	}
	out := make([]OverviewEntry, len(all))
	var units []org.UnitID
	for i, e := range all {
		out[i] = OverviewEntry{MemorandumEntry: e, Wait: standing[e.ID].Waits(v.today)}
		units = append(units, out[i].Wait.Parties...)
	}
	names, err := v.Names(ctx, units)
	for i := range out {
		for _, u := range out[i].Wait.Parties {
			out[i].Names = append(out[i].Names, names[u].Name)
		}
	}
	return out, err
}

// Wait returns what one memorandum waits for, with the names of those that it waits for.
func (v *View) Wait(ctx context.Context, m MemorandumView) (memo.Wait, []string, error) {
	plans, err := v.PlansOf(ctx, m.ID)
	if err != nil {
		return memo.Wait{}, nil, err
	}
	standing, err := v.standing(ctx, []MemorandumEntry{{Memorandum: m.Memorandum, Plans: plans}})
	if err != nil {
		return memo.Wait{}, nil, err
	}
	w := standing[m.ID].Waits(v.today)
	units, err := v.Names(ctx, w.Parties)
	var names []string
	for _, u := range w.Parties {
		names = append(names, units[u].Name)
	}
	return w, names, err
}

// standing gathers what memo.Standing looks at, for many memorandums in five questions.
func (v *View) standing(ctx context.Context, all []MemorandumEntry) (map[memo.ID]*memo.Standing, error) {
	out, ids := map[memo.ID]*memo.Standing{}, make([]memo.ID, len(all))
	for i, e := range all {
		ids[i] = e.ID
		s := &memo.Standing{Negotiation: memo.Negotiation{Memorandum: e.Memorandum, Purpose: e.Negotiates()}}
		for _, p := range e.Plans {
			s.Planned = s.Planned || p.Year == v.today.Year
		}
		out[e.ID] = s
	}
	marks, args := list(1, ids)
	rows, err := v.q.QueryContext(ctx, `select `+versionColumns+` from text_version x where x.memorandum in (`+marks+`)
		and x.state in ('open', 'agreed') order by x.number`, args...)
	versions, err := collect(rows, err, func(r *sql.Rows) (memo.Version, error) { return scanVersion(r) })
	if err != nil {
		return nil, err
	}
	of := map[memo.VersionID]*memo.Standing{}
	for _, x := range versions {
		out[x.Memorandum].Negotiation.Newest = &x
		of[x.ID] = out[x.Memorandum]
	}
	rows, err = v.q.QueryContext(ctx, `select a.version, a.party, a.accepts, a.words, a.on_day from answer a join text_version x on x.id = a.version
		where x.memorandum in (`+marks+`) and x.state in ('open', 'agreed') order by a.at`, args...)
	answers, err := collect(rows, err, func(r *sql.Rows) (a memo.Answer, err error) {
		return a, r.Scan(&a.Version, &a.Party, &a.Accepts, &a.Words, &a.On)
	})
	if err != nil {
		return nil, err
	}
	for _, a := range answers {
		s := of[a.Version]
		s.Negotiation.Answers = append(s.Negotiation.Answers, a)
		s.Agreed = a.On
	}
	rows, err = v.q.QueryContext(ctx, `select x.memorandum, s.party, s.on_day from signature s join text_version x on x.id = s.subject
		where s.kind = 'version' and s.void_at is null and x.state = 'agreed' and x.memorandum in (`+marks+`)`, args...)
	if _, err = collect(rows, err, func(r *sql.Rows) (x struct{}, err error) {
		var id memo.ID
		var s memo.Signed
		if err = r.Scan(&id, &s.Party, &s.On); err == nil {
			out[id].Signed = append(out[id].Signed, s)
		}
		return x, err
	}); err != nil {
		return nil, err
	}
	rows, err = v.q.QueryContext(ctx, `select x.memorandum, count(*), min(x.since) from unsettled x join task t on t.id = x.task
		where x.decision = '' and t.state not in ('finished', 'withdrawn') and x.memorandum in (`+marks+`) group by x.memorandum`, args...)
	if _, err = collect(rows, err, func(r *sql.Rows) (x struct{}, err error) {
		var id memo.ID
		var n int
		var since calendar.Date
		if err = r.Scan(&id, &n, &since); err == nil {
			out[id].Unsettled, out[id].Since = n, since
		}
		return x, err
	}); err != nil {
		return nil, err
	}
	if err := v.approvals(ctx, ids, out); err != nil {
		return nil, err
	}
	rows, err = v.q.QueryContext(ctx, `select renews from memorandum where renews in (`+marks+`)`, args...)
	renewed, err := rowsOf[memo.ID](rows, err)
	for _, id := range renewed {
		out[id].Renewed = true
	}
	return out, err
}

// Linked is a memorandum that another one is joined to, as far as it is seen.
type Linked struct {
	ID    memo.ID
	Title string
	Stage memo.Stage
}

// Links are the memorandums that one is joined to and that the caller sees.
type Links struct {
	Under, Renews, RenewedBy *Linked
	Below                    []Linked
}

// LinksOf returns the memorandums that one hangs under, that hang under it, that it
// follows and that follows it, as far as the caller sees them.
func (v *View) LinksOf(ctx context.Context, m MemorandumView) (l Links, err error) {
	where, args := memorandumsInScope(v.scope, 4)
	rows, err := v.q.QueryContext(ctx, `select m.id, m.title, m.stage, coalesce(m.under, ''), coalesce(m.renews, '') from memorandum m
		where (m.under = $1 or m.renews = $1 or m.id = $2 or m.id = $3) and `+where+` order by m.region, m.id`,
		append([]any{m.ID, m.Under, m.Renews}, args...)...)
	type found struct {
		Linked
		under, renews memo.ID
	}
	all, err := collect(rows, err, func(r *sql.Rows) (x found, err error) {
		return x, r.Scan(&x.ID, &x.Title, &x.Stage, &x.under, &x.renews)
	})
	for _, x := range all {
		if x.ID == m.Under {
			l.Under = &x.Linked
		}
		if x.ID == m.Renews {
			l.Renews = &x.Linked
		}
		if x.renews == m.ID {
			l.RenewedBy = &x.Linked
		}
		if x.under == m.ID {
			l.Below = append(l.Below, x.Linked)
		}
	}
	return l, err
}

// Succession returns who took whose place in a memorandum, the oldest first.
func (v *View) Succession(ctx context.Context, m MemorandumView) ([]memo.Succession, error) {
	if err := v.see(org.SeeMemorandum, m.Facts); err != nil {
		return nil, err
	}
	return loadSuccessions(ctx, v.q, m.ID)
}

// AllianceMember is a member with its name and its signature under the pledge.
type AllianceMember struct {
	memo.Member
	Name   string
	Signed Signature // no ID: it has not signed
}

// Members returns the members of an alliance, those who left too.
func (v *View) Members(ctx context.Context, m MemorandumView) ([]AllianceMember, error) {
	if err := v.see(org.SeeMemorandum, m.Facts); err != nil {
		return nil, err
	}
	all, err := loadMembers(ctx, v.q, m.ID)
	if err != nil {
		return nil, err
	}
	ids := make([]org.UnitID, len(all))
	for i, x := range all {
		ids[i] = x.Unit
	}
	names, err := v.Names(ctx, ids)
	if err != nil {
		return nil, err
	}
	rows, err := v.q.QueryContext(ctx, `select `+signatureColumns+` from signature s where s.kind = 'pledge'
		and s.subject in (select x.id from member x where x.memorandum = $1)`, m.ID)
	signatures, err := collect(rows, err, scanSignature)
	of := map[string]Signature{}
	for _, s := range signatures {
		of[s.Subject] = s
	}
	out := make([]AllianceMember, len(all))
	for i, x := range all {
		out[i] = AllianceMember{x, names[x.Unit].Name, of[x.ID]}
	}
	return out, err
}

// OpenTask is a task that a decision is asked on.
type OpenTask struct {
	TaskRow
	Unsettled
	Year int
}

// OpenTasks returns the rows of a memorandum's plans that are neither finished nor
// withdrawn, for the office that may end it.
func (v *View) OpenTasks(ctx context.Context, m MemorandumView) ([]OpenTask, error) {
	if !v.May(org.EndMemorandum, m.Facts) {
		return nil, v.see(org.SeeMemorandum, m.Facts)
	}
	rows, err := openTasks(ctx, v.q, m.ID)
	out := make([]OpenTask, len(rows))
	for i, r := range rows {
		v.asOfToday(&r)
		out[i] = OpenTask{TaskRow: r}
	}
	return out, err
}

// Unsettled returns the tasks that wait for the decision of a memorandum's office.
func (v *View) Unsettled(ctx context.Context, m MemorandumView) ([]OpenTask, error) {
	if !v.May(org.SettleMemorandum, m.Facts) {
		return nil, v.see(org.SeeMemorandum, m.Facts)
	}
	listed, err := loadUnsettled(ctx, v.q, m.ID)
	if err != nil || len(listed) == 0 {
		return nil, err
	}
	ids := make([]string, len(listed))
	for i, u := range listed {
		ids[i] = string(u.Task)
	}
	marks, args := list(1, ids)
	rows, err := v.q.QueryContext(ctx, `select `+taskColumns+` from task t where t.id in (`+marks+`)`, args...)
	found, err := newTaskRows().collect(rows, err)
	var out []OpenTask
	for _, u := range listed {
		for _, r := range found {
			if r.ID == u.Task {
				v.asOfToday(&r)
				out = append(out, OpenTask{TaskRow: r, Unsettled: u})
			}
		}
	}
	return out, err
}

// memorandumRegions steps from region to region in an index. What is added to it keeps
// those that have a memorandum m of a condition.
const memorandumRegions = `with recursive r (region) as (select min(region) from memorandum
		union all select (select min(x.region) from memorandum x where x.region > r.region) from r where r.region is not null)
	select r.region from r where r.region is not null`

func withMemorandum(where string) string {
	return ` and exists (select 1 from memorandum m where m.region = r.region and ` + where + `)`
}

// MemorandumRegions returns the regions that memorandums in scope belong to.
func (v *View) MemorandumRegions(ctx context.Context) ([]org.RegionCode, error) {
	query := memorandumRegions
	var args []any
	if !v.scope.All() {
		var where string
		where, args = memorandumsInScope(v.scope, 1)
		query += withMemorandum(where)
	}
	return rowsOf[org.RegionCode](v.q.QueryContext(ctx, query+` order by r.region`, args...))
}
