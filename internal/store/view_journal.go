package store

import (
	"context"
	"database/sql"
	"slices"

	"gongjian/internal/journal"
	"gongjian/internal/org"
)

// SubjectName is what a record that an entry is about is called.
type SubjectName struct {
	Title  string
	Period string // of a report, as kept
	Unit   string // name of the unit that reported
}

// decisive are the kinds of record that carry their own right to be seen.
var decisive = []string{"task", "report", "plan", "memorandum"}

// SubjectNames returns what records are called, those that the caller sees.
func (v *View) SubjectNames(ctx context.Context, subjects []journal.Subject) (map[journal.Subject]SubjectName, error) {
	of := map[string][]string{}
	for _, s := range subjects {
		if !slices.Contains(of[s.Kind], s.ID) {
			of[s.Kind] = append(of[s.Kind], s.ID)
		}
	}
	out := map[journal.Subject]SubjectName{}
	for kind, ids := range of {
		query, args := v.subjectQuery(kind)
		if query == "" {
			continue
		}
		marks, marked := list(len(args)+1, ids)
		rows, err := v.q.QueryContext(ctx, query+` (`+marks+`)`, append(args, marked...)...)
		_, err = collect(rows, err, func(r *sql.Rows) (struct{}, error) {
			s, n := journal.Subject{Kind: kind}, SubjectName{}
			err := r.Scan(&s.ID, &n.Title, &n.Period, &n.Unit)
			out[s] = n
			return struct{}{}, err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// subjectQuery asks for id, title, period and unit of records of a kind, ending
// where the ids come.
func (v *View) subjectQuery(kind string) (string, []any) {
	switch kind {
	case "task":
		where, args := namedTasksInScope(v.scope, 1)
		return `select t.id, t.title, '', '' from task t where ` + where + ` and t.id in`, args
	case "report":
		where, args := namedTasksInScope(v.scope, 1)
		return `select r.id, t.title, r.period, u.name from report r join task t on t.id = r.task join unit u on u.id = coalesce(r.filed_by, r.unit) where ` + where + ` and r.id in`, args
	case "plan":
		where, args := plansInScope(v.scope, 1)
		return `select l.id, l.title, '', '' from plan l where ` + where + ` and l.id in`, args
	case "upload":
		where, args := plansInScope(v.scope, 1)
		return `select u.id, u.name, '', '' from upload u join plan l on l.id = u.plan where ` + where + ` and u.id in`, args
	case "memorandum":
		where, args := memorandumsInScope(v.scope, 1)
		return `select m.id, m.title, '', '' from memorandum m where ` + where + ` and m.id in`, args
	}
	if !v.caller.SignedIn() {
		return "", nil
	}
	switch kind { // what everybody signed in finds
	case "unit":
		return `select u.id, u.name, '', '' from unit u where u.id in`, nil
	case "assessment": // a published run, by its group and period
		return `select s.id, s.grouping, s.period, '' from assessment s where s.published is not null and s.id in`, nil
	case "post":
		return `select o.id, o.title, '', u.name from post o join unit u on u.id = o.unit where o.id in`, nil
	}
	return "", nil
}

// MayReadEntry reports whether the caller may read an entry of the journal: who
// reads the whole journal may, who did the act, and who sees every record that it
// is about. An entry about units, posts, persons or scores is for the first two.
func (v *View) MayReadEntry(ctx context.Context, e journal.Entry) (bool, error) {
	seen, err := v.Readable(ctx, []journal.Record{{Entry: e}})
	return len(seen) == 1, err
}

// Readable returns those of the entries that the caller may read, in their order. It
// asks once for all, so that a feed of many costs little.
func (v *View) Readable(ctx context.Context, records []journal.Record) ([]journal.Record, error) {
	if v.May(org.SeeJournal, org.JournalFacts{}) {
		return records, nil
	}
	if !v.caller.SignedIn() {
		return nil, nil
	}
	var asked []journal.Subject
	for _, r := range records {
		asked = append(asked, decisiveOf(r.Entry)...)
	}
	seen := map[journal.Subject]SubjectName{}
	if len(asked) > 0 {
		var err error
		if seen, err = v.SubjectNames(ctx, asked); err != nil {
			return nil, err
		}
	}
	var out []journal.Record
	for _, r := range records {
		if r.Entry.Person != "" && r.Entry.Person == string(v.caller.Person().ID) {
			out = append(out, r)
			continue
		}
		about := decisiveOf(r.Entry)
		hidden := slices.ContainsFunc(about, func(s journal.Subject) bool { _, ok := seen[s]; return !ok })
		if len(about) > 0 && !hidden {
			out = append(out, r)
		}
	}
	return out, nil
}

// decisiveOf are the records of an entry that decide who may read it.
func decisiveOf(e journal.Entry) (out []journal.Subject) {
	for _, s := range e.Subjects {
		if slices.Contains(decisive, s.Kind) {
			out = append(out, s)
		}
	}
	return out
}
