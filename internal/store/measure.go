package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/measure"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/survey"
)

// measureColumns are read by scanMeasure; x is the version that holds.
const measureColumns = `m.id, m.unit, m.key, m.position, m.on_list, m.version, x.number, x.from_day, x.body`

// measuresToday joins a measure with the version that holds on the day in the
// placeholder, or with its first when none holds yet.
func measuresToday(day string) string {
	return `measure m join measure_version x on x.measure = m.id and x.number = coalesce(
		(select max(y.number) from measure_version y where y.measure = m.id and y.from_day <= ` + day + `), 1)`
}

func scanMeasure(r interface{ Scan(...any) error }, more ...any) (e measure.Entry, err error) {
	err = r.Scan(append([]any{&e.ID, &e.Unit, &e.Key, &e.Position, &e.On, &e.Version, &e.Number, &e.From, kept{&e.Measure}}, more...)...)
	return e, err
}

func loadMeasure(ctx context.Context, q queryer, id measure.ID, day calendar.Date) (measure.Entry, error) {
	e, err := scanMeasure(q.QueryRowContext(ctx, `select `+measureColumns+` from `+measuresToday("$2")+` where m.id = $1`, id, day))
	if errors.Is(err, sql.ErrNoRows) {
		return e, fault.New(fault.NotFound, "absent")
	}
	if err != nil {
		return e, fmt.Errorf("store: reading measure %s: %w", id, err)
	}
	return e, nil
}

// Measure reads a measure as it is today.
func (t *Tx) Measure(id measure.ID) (measure.Entry, error) {
	return loadMeasure(t.ctx, t.tx, id, t.Today())
}

// LastMeasureVersion returns the number and first day of a measure's last version.
func (t *Tx) LastMeasureVersion(id measure.ID) (n int, from calendar.Date, err error) {
	err = t.tx.QueryRowContext(t.ctx, `select number, from_day from measure_version where measure = $1 order by number desc limit 1`, id).Scan(&n, &from)
	return n, from, err
}

// MeasureKeys returns the keys of the standard measures that the caller's unit has,
// and the last position in each field.
func (t *Tx) MeasureKeys() (keys map[string]bool, last map[survey.Field]int, err error) {
	rows, err := t.tx.QueryContext(t.ctx, `select key, field, position from measure where unit = $1`, t.caller.Unit().ID)
	type row struct {
		key      string
		field    survey.Field
		position int
	}
	all, err := collect(rows, err, func(r *sql.Rows) (x row, err error) { return x, r.Scan(&x.key, &x.field, &x.position) })
	keys, last = map[string]bool{}, map[survey.Field]int{}
	for _, x := range all {
		if x.key != "" {
			keys[x.key] = true
		}
		last[x.field] = max(last[x.field], x.position)
	}
	return keys, last, err
}

// AddMeasure writes a new measure with its first version.
func (t *Tx) AddMeasure(e measure.Entry) error {
	err := t.exec(`insert into measure (id, unit, key, field, position, on_list) values ($1, $2, $3, $4, $5, $6)`,
		e.ID, e.Unit, e.Key, e.Field, e.Position, e.On)
	if err != nil {
		return err
	}
	return t.addMeasureVersion(e)
}

func (t *Tx) addMeasureVersion(e measure.Entry) error {
	return t.exec(`insert into measure_version (measure, number, from_day, body, person, at, entry) values ($1, $2, $3, $4, $5, $6, $7)`,
		e.ID, e.Number, e.From, text(e.Measure), t.caller.Person().ID, t.now.UnixMicro(), t.entry)
}

// SaveMeasure writes a measure's next version, if it is still at the version of the
// row that was read.
func (t *Tx) SaveMeasure(e measure.Entry, said bool) error {
	if err := t.execOne(`update measure set field = $3, on_list = $4, version = version + 1 where id = $1 and version = $2`, e.ID, e.Version, e.Field, e.On); err != nil {
		return err
	}
	if !said {
		return nil
	}
	return t.addMeasureVersion(e)
}

// AddChosen writes a chosen measure.
func (t *Tx) AddChosen(c measure.Chosen) error {
	return t.exec(`insert into chosen_measure (id, memorandum, unit, measure, number, finding, field, side, obligor, wording, target, deadline, person, at, entry)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		c.ID, c.Memorandum, c.Unit, c.Measure, c.Number, null(c.Finding), c.Field, c.Side, c.Obligor, c.Wording, c.Target, c.Deadline,
		t.caller.Person().ID, t.now.UnixMicro(), t.entry)
}

// PartyUnits returns units by their ids, in the order given.
func (t *Tx) PartyUnits(ids []org.UnitID) ([]org.Unit, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	marks, args := list(1, ids)
	rows, err := t.tx.QueryContext(t.ctx, `select `+unitColumns+` from unit u where u.id in (`+marks+`)`, args...)
	found, err := collect(rows, err, func(r *sql.Rows) (org.Unit, error) { return scanUnit(r) })
	out := make([]org.Unit, 0, len(ids))
	for _, id := range ids {
		for _, u := range found {
			if u.ID == id {
				out = append(out, u)
			}
		}
	}
	return out, err
}

// MeasureFilter narrows the catalogue; what is empty does not.
type MeasureFilter struct {
	Field survey.Field
	Side  measure.Side
	Words string
	Off   bool // also those that are switched off
}

// MeasureKey is where a page of the catalogue begins: after this measure.
type MeasureKey struct {
	Field    survey.Field
	Position int
	ID       measure.ID
}

// MeasureEntry is a measure in the catalogue.
type MeasureEntry struct {
	measure.Entry
	UnitName string
	Used     int // times that it was taken, by anybody
}

// Measures lists the catalogue by field and position.
func (v *View) Measures(ctx context.Context, f MeasureFilter, after MeasureKey, limit int) ([]MeasureEntry, error) {
	if !v.May(org.SeeMeasures, org.MeasureFacts{}) {
		return nil, nil
	}
	c := clause{n: 1}
	day := c.arg(v.today.String())
	where := `1 = 1`
	if !f.Off {
		where += ` and m.on_list = true`
	}
	if f.Field != "" {
		where += ` and m.field = ` + c.arg(string(f.Field))
	}
	if f.Side != "" {
		where += ` and x.body like ` + c.arg(`%"side":"`+string(f.Side)+`"%`)
	}
	if f.Words != "" {
		where += ` and x.body like ` + c.arg("%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(f.Words)+"%") + ` escape '\'`
	}
	if after.ID != "" {
		field, position, id := c.arg(string(after.Field)), c.arg(after.Position), c.arg(string(after.ID))
		where += ` and (m.field > ` + field + ` or m.field = ` + field + ` and (m.position > ` + position + ` or m.position = ` + position + ` and m.id > ` + id + `))`
	}
	rows, err := v.q.QueryContext(ctx, `select `+measureColumns+`, u.name, (select count(*) from chosen_measure h where h.measure = m.id)
		from `+measuresToday(day)+` join unit u on u.id = m.unit where `+where+` order by m.field, m.position, m.id limit `+c.arg(limit), c.args...)
	return collect(rows, err, func(r *sql.Rows) (e MeasureEntry, err error) {
		e.Entry, err = scanMeasure(r, &e.UnitName, &e.Used)
		return e, err
	})
}

// MeasureVersion is one version of a measure.
type MeasureVersion struct {
	Number int
	From   calendar.Date
	measure.Measure
}

// MeasureView is a measure with its history.
type MeasureView struct {
	MeasureEntry
	Versions []MeasureVersion // the newest first
	Facts    org.MeasureFacts
}

// Measure returns a measure of the catalogue.
func (v *View) Measure(ctx context.Context, id measure.ID) (out MeasureView, err error) {
	out.Entry, err = loadMeasure(ctx, v.q, id, v.today)
	if err != nil {
		return out, err
	}
	out.Facts = org.MeasureFacts{Office: out.Unit}
	if err := v.see(org.SeeMeasures, out.Facts); err != nil {
		return MeasureView{}, err
	}
	if err := v.q.QueryRowContext(ctx, `select u.name, (select count(*) from chosen_measure h where h.measure = $2) from unit u where u.id = $1`,
		out.Unit, id).Scan(&out.UnitName, &out.Used); err != nil {
		return out, fmt.Errorf("store: reading who keeps measure %s: %w", id, err)
	}
	rows, err := v.q.QueryContext(ctx, `select number, from_day, body from measure_version where measure = $1 order by number desc`, id)
	out.Versions, err = collect(rows, err, func(r *sql.Rows) (x MeasureVersion, err error) {
		return x, r.Scan(&x.Number, &x.From, kept{&x.Measure})
	})
	return out, err
}

// MeasureThread is where a commitment comes from: the chosen measure, and the
// finding where the reader may see it.
type MeasureThread struct {
	measure.Chosen
	Title   string // of the measure
	Found   *survey.Finding
	Survey  string // title
	Visible bool   // the finding may be opened
}

const chosenColumns = `c.id, c.memorandum, c.unit, c.measure, c.number, c.finding, c.field, c.side, c.obligor, c.wording, c.target, c.deadline, c.at`

// MeasureThreads returns the threads of chosen measures of a memorandum by id: those
// that its text names, or those of the reader's own draft when ids is nil.
func (v *View) MeasureThreads(ctx context.Context, m MemorandumView, ids []string) (map[string]MeasureThread, error) {
	if err := v.see(org.SeeMemorandum, m.Facts); err != nil {
		return nil, err
	}
	c := clause{n: 1}
	var where string
	if ids == nil {
		where = `c.memorandum = ` + c.arg(string(m.ID)) + ` and c.unit = ` + c.arg(string(v.caller.Unit().ID))
	} else {
		if len(ids) == 0 {
			return nil, nil
		}
		marks, args := list(c.n, ids)
		c.n, c.args = c.n+len(args), append(c.args, args...)
		// A renewal carries commitments on with the measures that they came from.
		where = `c.id in (` + marks + `) and c.memorandum in (with recursive line(id) as (select cast(` + c.arg(string(m.ID)) + ` as text)
			union select o.renews from line join memorandum o on o.id = line.id where o.renews is not null) select id from line)`
	}
	rows, err := v.q.QueryContext(ctx, `select `+chosenColumns+`, x.body from chosen_measure c
		join measure_version x on x.measure = c.measure and x.number = c.number where `+where+` order by c.at, c.id`, c.args...)
	all, err := collect(rows, err, func(r *sql.Rows) (t MeasureThread, err error) {
		var of measure.Measure
		err = r.Scan(&t.ID, &t.Memorandum, &t.Unit, &t.Measure, &t.Number, optional[survey.FindingID]{&t.Finding}, &t.Field, &t.Side,
			&t.Obligor, &t.Wording, &t.Target, &t.Deadline, instant{&t.At}, kept{&of})
		t.Title = of.Title
		return t, err
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	findings, err := v.findingsOf(ctx, all)
	out := map[string]MeasureThread{}
	for _, t := range all {
		if f, ok := findings[t.Finding]; ok {
			t.Found, t.Survey, t.Visible = &f.Finding, f.Title, true
		}
		out[string(t.ID)] = t
	}
	return out, err
}

// findingsOf reads the findings that threads name and the reader may see; a dropped
// one is shown all the same, since somebody acted on it.
func (v *View) findingsOf(ctx context.Context, all []MeasureThread) (map[survey.FindingID]FindingOf, error) {
	var ids []survey.FindingID
	for _, t := range all {
		if t.Finding != "" {
			ids = append(ids, t.Finding)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	where, args := surveysInScope(v.scope, 1, false)
	marks, marked := list(len(args)+1, ids)
	rows, err := v.q.QueryContext(ctx, `select `+findingColumns+`, s.title from finding f join survey s on s.id = f.survey
		where `+where+` and f.id in (`+marks+`)`, append(args, marked...)...)
	found, err := collect(rows, err, func(r *sql.Rows) (f FindingOf, err error) {
		f.Finding, err = scanFinding(r, &f.Title)
		return f, err
	})
	out := map[survey.FindingID]FindingOf{}
	for _, f := range found {
		out[f.ID] = f
	}
	return out, err
}

// MeasuresOf returns the ids of the chosen measures that a text names.
func MeasuresOf(clauses []memo.Clause) (out []string) {
	out = []string{}
	for _, c := range clauses {
		for _, k := range c.Commitments {
			if k.Measure != "" {
				out = append(out, k.Measure)
			}
		}
	}
	return out
}
