package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/support"
	"gongjian/internal/task"
)

const supportColumns = `d.id, d.kind, d.value, d.unit, d.amount, d.year, d.on_day, d.region, d.giver, d.taker, d.memorandum,
	d.commitment, d.words, d.cancels, d.state, d.verdict, d.version`

func scanSupport(r interface{ Scan(...any) error }, more ...any) (d support.Delivery, err error) {
	return d, r.Scan(append([]any{&d.ID, &d.Kind, &d.Value, &d.Unit, &d.Amount, &d.Year, &d.On, &d.Region, &d.Giver, &d.Taker, optional[memo.ID]{&d.Memorandum},
		optional[memo.CommitmentID]{&d.Commitment}, &d.Words, optional[support.ID]{&d.Cancels}, &d.State, &d.Verdict, &d.Version}, more...)...)
}

func loadSupport(ctx context.Context, q queryer, id support.ID) (support.Delivery, org.SupportFacts, error) {
	var office org.UnitID
	d, err := scanSupport(q.QueryRowContext(ctx, `select `+supportColumns+`, m.office from support d left join memorandum m on m.id = d.memorandum
		where d.id = $1`, id), optional[org.UnitID]{&office})
	if errors.Is(err, sql.ErrNoRows) {
		return d, org.SupportFacts{}, fault.New(fault.NotFound, "absent")
	}
	if err != nil {
		return d, org.SupportFacts{}, fmt.Errorf("store: reading support %s: %w", id, err)
	}
	return d, org.SupportFacts{Giver: d.Giver, Taker: d.Taker, Office: office, Region: d.Region}, nil
}

// Support reads an entry of the ledger to change it.
func (t *Tx) Support(id support.ID) (support.Delivery, org.SupportFacts, error) {
	return loadSupport(t.ctx, t.tx, id)
}

// Commitment reads a commitment with its memorandum.
func (t *Tx) Commitment(id memo.CommitmentID) (memo.Commitment, memo.Memorandum, error) {
	return loadCommitment(t.ctx, t.tx, id)
}

func loadCommitment(ctx context.Context, q queryer, id memo.CommitmentID) (memo.Commitment, memo.Memorandum, error) {
	var of memo.ID
	err := q.QueryRowContext(ctx, `select c.memorandum from commitment k join clause c on c.id = k.clause where k.id = $1`, id).Scan(&of)
	if errors.Is(err, sql.ErrNoRows) {
		return memo.Commitment{}, memo.Memorandum{}, fault.New(fault.NotFound, "absent")
	}
	if err != nil {
		return memo.Commitment{}, memo.Memorandum{}, fmt.Errorf("store: reading commitment %s: %w", id, err)
	}
	m, err := loadMemorandum(ctx, q, of)
	for _, c := range m.Clauses {
		for _, k := range c.Commitments {
			if k.ID == id {
				return k, m, err
			}
		}
	}
	return memo.Commitment{}, m, errors.Join(err, fault.New(fault.NotFound, "absent"))
}

// SeesMemorandum reports whether the caller may see a memorandum.
func (t *Tx) SeesMemorandum(m memo.Memorandum) bool {
	return t.store.policies.Decide(t.caller, org.SeeMemorandum, memorandumFacts(m)).Allowed
}

// AddSupport writes a new entry with its evidence; why is said of a correction.
func (t *Tx) AddSupport(d support.Delivery, why string, files []task.Evidence) error {
	err := t.exec(`insert into support (id, kind, value, unit, amount, year, on_day, region, giver, taker, memorandum, commitment, words, cancels,
		why, state, person, post, at, entry) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
		d.ID, d.Kind, int64(d.Value), d.Unit, int64(d.Amount), d.Year, d.On, d.Region, d.Giver, d.Taker, null(d.Memorandum), null(d.Commitment), d.Words,
		null(d.Cancels), why, d.State, t.caller.Person().ID, t.caller.Post().ID, t.now.UnixMicro(), t.entry)
	if err != nil {
		return err
	}
	for i, f := range files {
		if err := t.exec(`insert into evidence (id, type, size) values ($1, $2, $3) on conflict (id) do nothing`, f.ID, f.Type, f.Size); err != nil {
			return err
		}
		if err := t.exec(`insert into support_evidence (support, evidence, name, position) values ($1, $2, $3, $4)
			on conflict (support, evidence) do nothing`, d.ID, f.ID, f.Name, i+1); err != nil {
			return err
		}
	}
	return nil
}

// SaveSupport writes what became of an entry, if nobody decided meanwhile.
func (t *Tx) SaveSupport(d support.Delivery) error {
	return t.execOne(`update support set state = $3, verdict = $4, verdict_by = $5, verdict_at = $6, version = version + 1 where id = $1 and version = $2`,
		d.ID, d.Version, d.State, d.Verdict, t.caller.Person().ID, t.now.UnixMicro())
}

// supportsInScope is the WHERE clause that equals org.Scope.SeesSupport, for support d.
func supportsInScope(s org.Scope, from int) (string, []any) {
	if w, ok := unbounded(s); ok {
		return w, nil
	}
	b := clause{n: from}
	unit := b.arg(string(s.Unit()))
	w := `d.giver = ` + unit + ` or d.taker = ` + unit + ` or exists (select 1 from memorandum x where x.id = d.memorandum and x.office = ` + unit + `)`
	if p := s.TerritoryPrefix(); p != "" {
		w += ` or d.region like ` + b.arg(p+"%")
	}
	return `(` + w + `)`, b.args
}

// SupportFilter chooses entries of the ledger; the zero one takes all.
type SupportFilter struct {
	Place      org.RegionCode // with all that lies in it
	Year       int
	Kind       memo.SupportKind
	State      support.State
	Commitment memo.CommitmentID
}

func (f SupportFilter) where(c *clause) (w string) {
	if f.Place != "" {
		w += ` and d.region like ` + c.arg(f.Place.Prefix()+"%")
	}
	if f.Year != 0 {
		w += ` and d.year = ` + c.arg(f.Year)
	}
	if f.Kind != "" {
		w += ` and d.kind = ` + c.arg(string(f.Kind))
	}
	if f.State != "" {
		w += ` and d.state = ` + c.arg(string(f.State))
	}
	if f.Commitment != "" {
		w += ` and d.commitment = ` + c.arg(string(f.Commitment))
	}
	return w
}

// SupportKey is where a page of the ledger begins: after this entry.
type SupportKey struct {
	On string
	ID support.ID
}

// SupportEntry is an entry of the ledger in a list.
type SupportEntry struct {
	support.Delivery
	GiverName, TakerName string
}

// Supports lists the entries in scope, the newest first.
func (v *View) Supports(ctx context.Context, f SupportFilter, after SupportKey, limit int) ([]SupportEntry, error) {
	where, args := supportsInScope(v.scope, 1)
	c := clause{n: len(args) + 1, args: args}
	where += f.where(&c)
	if after.ID != "" {
		on, id := c.arg(after.On), c.arg(string(after.ID))
		where += ` and (d.on_day < ` + on + ` or d.on_day = ` + on + ` and d.id < ` + id + `)`
	}
	rows, err := v.q.QueryContext(ctx, `select `+supportColumns+`, g.name, k.name from support d join unit g on g.id = d.giver join unit k on k.id = d.taker
		where `+where+` order by d.on_day desc, d.id desc limit `+c.arg(limit), c.args...)
	return collect(rows, err, func(r *sql.Rows) (e SupportEntry, err error) {
		e.Delivery, err = scanSupport(r, &e.GiverName, &e.TakerName)
		return e, err
	})
}

// SupportSums sums the entries in scope by place, year and kind.
func (v *View) SupportSums(ctx context.Context, f SupportFilter) ([]support.Cell, error) {
	where, args := supportsInScope(v.scope, 1)
	c := clause{n: len(args) + 1, args: args}
	return v.supportSums(ctx, where+f.where(&c), c.args)
}

func (v *View) supportSums(ctx context.Context, where string, args []any) ([]support.Cell, error) {
	rows, err := v.q.QueryContext(ctx, `select d.region, d.year, d.kind, count(*),
		cast(sum(case when d.state = 'entered' then d.amount else 0 end) as bigint), cast(sum(case when d.state = 'verified' then d.amount else 0 end) as bigint)
		from support d where `+where+` and d.state in ('entered', 'verified') group by d.region, d.year, d.kind`, args...)
	cells, err := collect(rows, err, func(r *sql.Rows) (c support.Cell, err error) {
		return c, r.Scan(&c.Region, &c.Year, &c.Kind, &c.Count, &c.Entered, &c.Verified)
	})
	return support.Sum(cells), err
}

// PublicSupport sums what was verified, by year and kind, for everybody.
func (v *View) PublicSupport(ctx context.Context) ([]support.Cell, error) {
	if !v.scope.Published() {
		return nil, nil
	}
	rows, err := v.q.QueryContext(ctx, `select d.year, d.kind, count(*), cast(sum(d.amount) as bigint) from support d
		where d.state = 'verified' group by d.year, d.kind`)
	cells, err := collect(rows, err, func(r *sql.Rows) (c support.Cell, err error) {
		return c, r.Scan(&c.Year, &c.Kind, &c.Count, &c.Verified)
	})
	return support.Sum(cells), err
}

// SupportView is an entry of the ledger as one caller sees it.
type SupportView struct {
	SupportEntry
	Facts       org.SupportFacts
	Why         string     // of the correction that it is
	CorrectedBy support.ID // the entry that cancels it, or ""
	Files       []task.Evidence
	By          string // person and unit's post who entered it
	At          time.Time
	Entry       string // of the journal
	Title       string // of the memorandum; "" when it is under none, or one that the caller does not see
	Clause      string
	Owed        string // words of the commitment
}

// Support returns an entry of the ledger, if the caller may see it.
func (v *View) Support(ctx context.Context, id support.ID) (s SupportView, err error) {
	d, facts, err := loadSupport(ctx, v.q, id)
	if err == nil {
		err = v.see(org.SeeSupport, facts)
	}
	if err != nil {
		return SupportView{}, err
	}
	s.Delivery, s.Facts = d, facts
	err = v.q.QueryRowContext(ctx, `select g.name, k.name, d.why, coalesce((select x.id from support x where x.cancels = d.id), ''), o.title, d.at, d.entry
		from support d join unit g on g.id = d.giver join unit k on k.id = d.taker join post o on o.id = d.post where d.id = $1`, id).
		Scan(&s.GiverName, &s.TakerName, &s.Why, &s.CorrectedBy, &s.By, instant{&s.At}, &s.Entry)
	if err != nil {
		return SupportView{}, fmt.Errorf("store: reading support %s: %w", id, err)
	}
	rows, err := v.q.QueryContext(ctx, `select e.id, x.name, e.type, e.size from support_evidence x join evidence e on e.id = x.evidence
		where x.support = $1 order by x.position`, id)
	if s.Files, err = collect(rows, err, func(r *sql.Rows) (f task.Evidence, err error) {
		return f, r.Scan(&f.ID, &f.Name, &f.Type, &f.Size)
	}); err != nil || d.Commitment == "" {
		return s, err
	}
	k, m, err := loadCommitment(ctx, v.q, d.Commitment)
	if fault.KindOf(err) == fault.NotFound && err != nil { // an amendment took it away; the entry stays
		return s, nil
	}
	if err == nil && v.May(org.SeeMemorandum, memorandumFacts(m)) {
		s.Title, s.Owed = m.Title, k.Text
		for _, c := range m.Clauses {
			if c.ID == k.Clause {
				s.Clause = c.No
			}
		}
	}
	return s, err
}

// SupportFile returns what is known of a file of an entry, if the caller may see the
// entry; NotFound (evidence.absent) in every other case.
func (v *View) SupportFile(ctx context.Context, id support.ID, file task.EvidenceID) (task.Evidence, error) {
	absent := fault.New(fault.NotFound, "evidence.absent")
	s, err := v.Support(ctx, id)
	if err != nil {
		if fault.KindOf(err) == fault.NotFound {
			return task.Evidence{}, absent.Because(err)
		}
		return task.Evidence{}, err
	}
	for _, f := range s.Files {
		if f.ID == file {
			return f, nil
		}
	}
	return task.Evidence{}, absent
}

// PromiseEntry is what one commitment promises, with where it stands.
type PromiseEntry struct {
	support.Promise
	Memorandum memo.ID
	Title      string
	Region     org.RegionCode
	Clause     string
	Text       string
	Obligor    org.UnitID
	Joint      []org.UnitID
	Confirms   org.UnitID
	Words      string // of the promise, as printed
	Unit       string // in which it was promised, or the usual one
}

// PromiseKey is where a page of promises begins: after this one.
type PromiseKey struct {
	Region     org.RegionCode
	Commitment memo.CommitmentID
}

// Promises lists what the commitments of signed memorandums in scope promise, with
// what was delivered under each as far as the caller sees it, by place.
func (v *View) Promises(ctx context.Context, f SupportFilter, after PromiseKey, limit int) ([]PromiseEntry, error) {
	where, args := memorandumsInScope(v.scope, 1)
	c := clause{n: len(args) + 1, args: args}
	where += ` and k.support <> 'null' and m.signed is not null`
	if f.Place != "" {
		where += ` and m.region like ` + c.arg(f.Place.Prefix()+"%")
	}
	if f.Kind != "" {
		where += ` and k.support like ` + c.arg(`%"kind":"`+string(f.Kind)+`"%`)
	}
	if f.Commitment != "" {
		where += ` and k.id = ` + c.arg(string(f.Commitment))
	}
	if after.Commitment != "" {
		region, id := c.arg(string(after.Region)), c.arg(string(after.Commitment))
		where += ` and (m.region > ` + region + ` or m.region = ` + region + ` and k.id > ` + id + `)`
	}
	rows, err := v.q.QueryContext(ctx, `select k.id, k.support, m.id, m.title, m.region, s.no, k.text, k.obligor, k.joint, k.confirms
		from commitment k join clause s on s.id = k.clause join memorandum m on m.id = s.memorandum
		where `+where+` order by m.region, k.id limit `+c.arg(limit), c.args...)
	out, err := collect(rows, err, func(r *sql.Rows) (e PromiseEntry, err error) {
		var p memo.Support
		if err = r.Scan(&e.Commitment, kept{&p}, &e.Memorandum, &e.Title, &e.Region, &e.Clause, &e.Text, &e.Obligor, kept{&e.Joint}, optional[org.UnitID]{&e.Confirms}); err != nil {
			return e, err
		}
		e.Kind, e.Year, e.Words = p.Kind, p.Year, p.Words
		_, e.Unit = support.Amount(0).Usual(p.Kind)
		if p.Unit != "" && slices.Contains(support.Units(p.Kind), p.Unit) {
			e.Unit = p.Unit
		}
		e.Promised, err = support.Promised(p)
		return e, err
	})
	if err != nil || len(out) == 0 {
		return nil, err
	}
	return out, v.fillDelivered(ctx, out)
}

// fillDelivered adds to promises what was delivered under them.
func (v *View) fillDelivered(ctx context.Context, out []PromiseEntry) error {
	ids, at := make([]memo.CommitmentID, len(out)), map[memo.CommitmentID]int{}
	for i, e := range out {
		ids[i], at[e.Commitment] = e.Commitment, i
	}
	scope, args := supportsInScope(v.scope, 1)
	marks, marked := list(len(args)+1, ids)
	rows, err := v.q.QueryContext(ctx, `select d.commitment, cast(sum(case when d.state = 'entered' then d.amount else 0 end) as bigint),
		cast(sum(case when d.state = 'verified' then d.amount else 0 end) as bigint)
		from support d where `+scope+` and d.commitment in (`+marks+`) group by d.commitment`, append(args, marked...)...)
	_, err = collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var id memo.CommitmentID
		var entered, verified support.Amount
		err := r.Scan(&id, &entered, &verified)
		if i, ok := at[id]; ok && err == nil {
			out[i].Entered, out[i].Verified = entered, verified
		}
		return struct{}{}, err
	})
	return err
}

// SupportYears returns the budget years that the ledger has in scope, the newest first.
func (v *View) SupportYears(ctx context.Context) ([]int, error) {
	where, args := supportsInScope(v.scope, 1)
	rows, err := v.q.QueryContext(ctx, `with recursive y (year) as (select max(year) from support
			union all select (select max(x.year) from support x where x.year < y.year) from y where y.year is not null)
		select y.year from y where y.year is not null and exists (select 1 from support d where d.year = y.year and `+where+`) order by y.year desc`, args...)
	return collect(rows, err, func(r *sql.Rows) (y int, err error) { return y, r.Scan(&y) })
}
