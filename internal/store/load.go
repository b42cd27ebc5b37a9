package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gongjian/internal/assess"
	"gongjian/internal/calendar"
	"gongjian/internal/journal"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/task"

	"golang.org/x/mod/sumdb/note"
)

// Loader fills an empty database with what acts would have left in it, without
// the acts: no permission is asked and no rule is tried. It is for sample data of
// a size that cannot be played. Rows, figures and lights are those of acts: it
// counts with the same functions as they do.
//
// It is for one goroutine. What it is given must come with its ids.
type Loader struct {
	store   *Store
	journal *journal.Load
	on      calendar.Date // on which lights are counted
	exec    func(string) error
	loadTables
}

// loadTables are the tables that a Loader writes into.
type loadTables struct {
	unit, unitName, post, person, holding       *sqldb.Rows
	memorandum, party, clause, commitment, plan *sqldb.Rows
	task, part, report, evidence, proof         *sqldb.Rows
	scheme, occurrence, assessment, scorecard   *sqldb.Rows
}

// Load lets f fill an empty database; signer signs the journal. Lights are those of
// the store's today. After an error the database is of no use.
func (s *Store) Load(ctx context.Context, signer note.Signer, f func(*Loader) error) error {
	if s.bulk != nil {
		return errors.New("store: a rehearsal cannot load")
	}
	var units int
	if err := s.db.Read().QueryRowContext(ctx, `select count(*) from unit`).Scan(&units); err != nil {
		return fmt.Errorf("store: looking whether the database is empty: %w", err)
	}
	if units > 0 {
		return errors.New("store: the database already has units")
	}
	return s.db.Load(ctx, func(l *sqldb.Loader) error {
		x := &Loader{store: s, journal: journal.NewLoad(l, signer), on: s.Today(), exec: l.Exec, loadTables: newLoadTables(l)}
		if err := errors.Join(f(x), x.exec(tallyAll)); err != nil {
			return err
		}
		if err := l.Table("setting", "name", "value").Add(countedSetting, text(s.counting(x.on))); err != nil {
			return err
		}
		return x.journal.End()
	})
}

func newLoadTables(l *sqldb.Loader) loadTables {
	table := func(name, columns string) *sqldb.Rows { return l.Table(name, strings.Fields(columns)...) }
	return loadTables{
		unit:       table("unit", "id name short aliases kind level region function line block from_day to_day successor position"),
		unitName:   table("unit_name", "unit name from_day to_day"),
		post:       table("post", "id unit title roles"),
		person:     table("person", "id name login"),
		holding:    table("holding", "person post from_day to_day"),
		memorandum: table("memorandum", "id title kind region office signed until place stage form term"),
		party:      table("party", "memorandum unit position"),
		clause:     table("clause", "id memorandum no level text position"),
		commitment: table("commitment", "id clause obligor joint confirms text deadline target support measure position"),
		plan:       table("plan", "id memorandum year title region office issued version"),
		task: table("task", `id plan commitment parent root depth position no chapter title measures note field region setter
			supervising post people lead_words deadline start_day due_day target goal weight evidence cadence rollup state given finished version
			claimed verified assigned parts light light_body missing_since missing_of light_until`),
		part: table("part", "task unit role position state due signed"),
		report: table("report", `id task unit role period round kind value words completes why state late person post at verifier due
			verdict verdict_by verdict_at entry version`),
		evidence:   table("evidence", "id type size"),
		proof:      table("report_evidence", "report evidence name position at"),
		scheme:     table("scheme", "id version from_day office body"),
		occurrence: table("occurrence", "id region kind on_day words count person at"),
		assessment: table("assessment", "id scheme version period as_of grouping office computed published entry summary"),
		scorecard:  table("scorecard", "assessment region place total grade digest lights payload"),
	}
}

// Entry writes the next entry of the journal.
func (l *Loader) Entry(e journal.Entry) error {
	_, err := l.journal.Append(e)
	return err
}

// Found writes units, posts and persons.
func (l *Loader) Found(f Founding) error {
	var all []error
	for _, u := range f.Units {
		all = append(all, l.unit.Add(string(u.ID), u.Name, u.Short, text(u.Aliases), string(u.Kind), string(u.Level), string(u.Region), u.Function,
			null(u.Line), null(u.Block), day(u.From), day(u.To), null(u.Successor), int64(u.Position)))
	}
	for _, n := range f.Names {
		all = append(all, l.unitName.Add(string(n.Unit), n.Name, day(n.From), day(n.To)))
	}
	for _, p := range f.Posts {
		all = append(all, l.post.Add(string(p.ID), string(p.Unit), p.Title, text(p.Roles)))
	}
	for _, p := range f.Persons {
		all = append(all, l.person.Add(string(p.ID), p.Name, strings.ToLower(p.Login)))
	}
	for _, h := range f.Holdings {
		all = append(all, l.holding.Add(string(h.Person), string(h.Post), day(h.From), day(h.To)))
	}
	for _, axis := range []org.Axis{org.Line, org.Block} {
		all = append(all, l.exec(closure(axis)))
	}
	return errors.Join(all...)
}

// Memorandum writes a memorandum in force with its clauses.
func (l *Loader) Memorandum(m memo.Memorandum) error {
	all := []error{l.memorandum.Add(string(m.ID), m.Title, m.Kind, string(m.Region), string(m.Office), day(m.Signed), day(m.Until), m.Place,
		string(m.Stage), string(memo.Agreement), text(m.Term))}
	for i, p := range m.Parties {
		all = append(all, l.party.Add(string(m.ID), string(p), int64(i+1)))
	}
	for i, c := range m.Clauses {
		all = append(all, l.clause.Add(string(c.ID), string(m.ID), c.No, int64(max(c.Level, 1)), c.Text, int64(i+1)))
		for j, k := range c.Commitments {
			all = append(all, l.commitment.Add(string(k.ID), string(c.ID), string(k.Obligor), text(k.Joint), null(k.Confirms), k.Text,
				k.Deadline, k.Target, text(k.Support), k.Measure, int64(j+1)))
		}
	}
	return errors.Join(all...)
}

// Plan writes a plan.
func (l *Loader) Plan(p memo.Plan) error {
	return l.plan.Add(string(p.ID), string(p.Memorandum), int64(p.Year), p.Title, string(p.Region), string(p.Office), day(p.Issued), p.Version)
}

// Scheme writes a version of a scheme.
func (l *Loader) Scheme(s assess.Scheme, office org.UnitID) error {
	return l.scheme.Add(string(s.ID), int64(s.Version), day(s.From), string(office), text(s))
}

// Occurrence writes something that costs or brings a region points.
func (l *Loader) Occurrence(region org.RegionCode, o assess.Occurrence, by org.PersonID, at time.Time) error {
	return l.occurrence.Add(o.ID, string(region), o.Kind, day(o.On), o.Words, int64(o.Count), string(by), at.UnixMicro())
}

// Assessment writes a published run and its cards.
func (l *Loader) Assessment(a Assessment, cards []Card) error {
	all := []error{l.assessment.Add(string(a.ID), string(a.Scheme), int64(a.Version), a.Period.String(), day(a.AsOf), a.Group, string(a.Office),
		a.Computed.UnixMicro(), a.Published.UnixMicro(), a.Entry, text(a.Ranking))}
	for _, c := range cards {
		all = append(all, l.scorecard.Add(string(a.ID), string(c.Region), int64(c.Place), c.Total, c.Grade, c.Digest, text(c.Lights), string(c.Payload)))
	}
	return errors.Join(all...)
}

// Evidence writes that a file is kept.
func (l *Loader) Evidence(f task.Evidence) error { return l.evidence.Add(string(f.ID), f.Type, f.Size) }

// day is a day as its column keeps it.
func day(d calendar.Date) any {
	if d.IsZero() {
		return nil
	}
	return d.String()
}
