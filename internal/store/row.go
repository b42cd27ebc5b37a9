package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// text is a structure kept as JSON in one column.
func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("store: %T cannot be written as JSON: %v", v, err)) // a mistake in our types
	}
	return string(b)
}

// from reads what text wrote; the empty text leaves v as it is, and so does null,
// as which text writes lists that nobody filled.
func from(s string, v any) error {
	if s == "" || s == "null" {
		return nil
	}
	if err := json.Unmarshal([]byte(s), v); err != nil {
		return fmt.Errorf("store: reading a kept structure: %w", err)
	}
	return nil
}

// null turns "" into NULL, for optional references.
func null[T ~string](v T) any {
	if v == "" {
		return nil
	}
	return string(v)
}

// optional scans a nullable text column into a string type.
type optional[T ~string] struct{ to *T }

func (o optional[T]) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*o.to = ""
	case string:
		*o.to = T(v)
	case []byte:
		*o.to = T(v)
	default:
		return fmt.Errorf("store: cannot read text from %T", v)
	}
	return nil
}

// instant scans microseconds since 1970; NULL is the zero time.
type instant struct{ to *time.Time }

func (i instant) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*i.to = time.Time{}
	case int64:
		*i.to = time.UnixMicro(v).UTC()
	default:
		return fmt.Errorf("store: cannot read an instant from %T", v)
	}
	return nil
}

// kept scans a JSON column into a structure.
type kept struct{ to any }

func (k kept) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		return from(v, k.to)
	case []byte:
		return from(string(v), k.to)
	default:
		return fmt.Errorf("store: cannot read a structure from %T", v)
	}
}

// known is kept for a column in which few texts stand many times, as deadlines and
// targets do: each is read once. What comes out is shared and not to be changed. Without
// a map nothing is remembered.
type known[T any] struct {
	to   *T
	read map[string]T
}

func (k known[T]) Scan(v any) error {
	var s string
	if err := (optional[string]{&s}).Scan(v); err != nil {
		return err
	}
	was, ok := k.read[s]
	if !ok {
		if err := from(s, &was); err != nil {
			return err
		}
		if k.read != nil {
			k.read[s] = was
		}
	}
	*k.to = was
	return nil
}

// beside reads more columns of the same row than the scanning function knows.
type beside struct {
	row  interface{ Scan(...any) error }
	more []any
}

// Scan reads a row.
func (b beside) Scan(to ...any) error { return b.row.Scan(append(slices.Clip(to), b.more...)...) }

// rowsOfMany are the values of an insert or update of several rows at once.
type rowsOfMany struct {
	args  []any
	width int
	casts map[int]bool // columns (from 0) that are cast to bigint: PostgreSQL takes a bare placeholder for text
}

func (r *rowsOfMany) add(values ...any) {
	r.width = len(values)
	r.args = append(r.args, values...)
}

// marks are the placeholders of all rows: ($1, $2), ($3, $4).
func (r *rowsOfMany) marks() string {
	var b strings.Builder
	for i := range r.args {
		switch {
		case i == 0:
			b.WriteString("(")
		case i%r.width == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		if r.casts[i%r.width] {
			fmt.Fprintf(&b, "cast($%d as bigint)", i+1)
		} else {
			fmt.Fprintf(&b, "$%d", i+1)
		}
	}
	return b.String() + ")"
}

const unitColumns = `u.id, u.name, u.short, u.aliases, u.kind, u.level, u.region, u.function, u.line, u.block,
	u.from_day, u.to_day, u.successor, u.position, u.version`

func scanUnit(r interface{ Scan(...any) error }) (u org.Unit, err error) {
	err = r.Scan(&u.ID, &u.Name, &u.Short, kept{&u.Aliases}, &u.Kind, &u.Level, &u.Region, &u.Function,
		optional[org.UnitID]{&u.Line}, optional[org.UnitID]{&u.Block}, &u.From, &u.To,
		optional[org.UnitID]{&u.Successor}, &u.Position, &u.Version)
	return u, err
}

// taskColumns are read by scanTask; the units of a task stand in its parts.
const taskColumns = `t.id, t.plan, t.commitment, t.parent, t.root, t.depth, t.position, t.no, t.chapter, t.title,
	t.measures, t.note, t.field, t.region, t.setter, t.supervising, t.post, t.people, t.lead_words, t.deadline,
	t.start_day, t.due_day, t.target, t.weight, t.evidence, t.cadence, t.rollup, t.state, t.given, t.withdrawn, t.finished, t.version,
	t.claimed, t.verified, t.assigned, t.parts, t.light_body, t.light_until`

// TaskRow is a task with what is derived of it.
type TaskRow struct {
	task.Task
	Finished calendar.Date // day of completion; zero before
	Claimed  task.Quantity // 填报数, by the task's roll-up
	Verified task.Quantity // 核实数
	Assigned task.Quantity // sum of the parts' targets
	Parts    int           // number of parts in the tree directly below
	Light    task.Light    // as it is kept; a View gives it as of its day
	Until    calendar.Date // the last day up to which the light stays true
}

// FirstLead is the unit that leads alone or is named first.
func (t TaskRow) FirstLead() org.UnitID {
	if len(t.Leads) == 0 {
		return ""
	}
	return t.Leads[0]
}

// PartFigure is what the task contributes to the one it is a part of.
func (t TaskRow) PartFigure() task.PartFigure {
	return task.PartFigure{
		Figure: task.Figure{Claimed: t.Claimed, Verified: t.Verified},
		Claims: t.claimsGoal(), Done: t.State == task.Finished,
	}
}

// claimsGoal reports whether the claim reaches a goal. A limit (不超过) is kept by
// silence too and claims nothing.
func (t TaskRow) claimsGoal() bool {
	_, goal := t.Target.Goal()
	return goal && t.Target.Met(t.Claimed)
}

// taskRows reads rows of tasks. Of what stands in many of them, a deadline or a light,
// each text is read once; what comes out is shared and not to be changed. The zero
// value remembers nothing, which does for one row.
type taskRows struct {
	chapters  map[string][]string
	people    map[string][]string
	deadlines map[string]task.Deadline
	targets   map[string]*task.Target
	lights    map[string]task.Light
}

func newTaskRows() taskRows {
	return taskRows{map[string][]string{}, map[string][]string{}, map[string]task.Deadline{}, map[string]*task.Target{}, map[string]task.Light{}}
}

// collect reads the tasks that a question is answered with.
func (x taskRows) collect(rows *sql.Rows, err error) ([]TaskRow, error) {
	return collect(rows, err, func(r *sql.Rows) (TaskRow, error) { return x.scan(r) })
}

func scanTask(r interface{ Scan(...any) error }) (TaskRow, error) { return taskRows{}.scan(r) }

func (x taskRows) scan(r interface{ Scan(...any) error }) (t TaskRow, err error) {
	err = r.Scan(&t.ID, &t.Plan, optional[memoCommitment]{&t.Commitment}, optional[task.ID]{&t.Parent}, &t.Root, &t.Depth, &t.Position, &t.No,
		known[[]string]{&t.Chapter, x.chapters}, &t.Title, &t.Measures, &t.Note, &t.Field, &t.Region, &t.Setter,
		optional[org.UnitID]{&t.Supervising}, optional[org.PostID]{&t.Post}, known[[]string]{&t.People, x.people}, &t.LeadWords, known[task.Deadline]{&t.Deadline, x.deadlines},
		&t.Start, &t.Due, known[*task.Target]{&t.Target, x.targets}, &t.Weight, &t.EvidenceWanted, &t.Cadence, &t.Rollup, &t.State, &t.Given, &t.Withdrawn, &t.Finished, &t.Version,
		&t.Claimed, &t.Verified, &t.Assigned, &t.Parts, known[task.Light]{&t.Light, x.lights}, &t.Until)
	return t, err
}

const partColumns = `p.task, p.unit, p.role, p.state, p.reason, p.due, p.signed, p.excused`

func scanPart(r interface{ Scan(...any) error }) (p task.Part, err error) {
	err = r.Scan(&p.Task, &p.Unit, &p.Role, &p.State, &p.Reason, &p.Due, &p.Signed, &p.Excused)
	return p, err
}

const reportColumns = `r.id, r.task, r.unit, r.filed_by, r.role, r.period, r.round, r.kind, r.value, r.words, r.completes, r.why,
	r.state, r.late, r.person, r.post, r.at, r.verdict, r.verdict_by, r.verdict_at, r.version`

func scanReport(s interface{ Scan(...any) error }) (r task.Report, err error) {
	err = s.Scan(&r.ID, &r.Task, &r.Unit, optional[org.UnitID]{&r.Filed}, &r.Role, &r.Period, &r.Round, &r.Kind, &r.Value, &r.Words, &r.Completes, &r.Why,
		&r.State, &r.Late, &r.By, &r.Post, instant{&r.At}, &r.Verdict, &r.VerdictBy, instant{&r.VerdictAt}, &r.Version)
	return r, err
}
