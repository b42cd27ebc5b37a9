package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/journal"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// ReportRecord is what the journal keeps of a report, each time something is
// done to it: enough to check every figure that rests on it without the server.
type ReportRecord struct {
	Report    task.ReportID     `json:"report"`
	Task      task.ID           `json:"task"`
	Unit      org.UnitID        `json:"unit"`
	Period    calendar.Period   `json:"period"`
	Round     int               `json:"round"`
	Kind      task.ReportKind   `json:"kind"`
	Value     task.Quantity     `json:"value"`
	Words     string            `json:"words,omitempty"`
	Evidence  []task.EvidenceID `json:"digests,omitempty"`
	Completes bool              `json:"completes,omitempty"`
	Late      bool              `json:"late,omitempty"`
	Why       string            `json:"why,omitempty"`
	State     task.ReportState  `json:"state"`
	Verdict   string            `json:"verdict,omitempty"`
	Role      task.Role         `json:"role"`
	By        org.PersonID      `json:"by"`
	At        time.Time         `json:"at"`
	VerdictBy org.PersonID      `json:"verdict_by,omitempty"`
	VerdictAt time.Time         `json:"verdict_at,omitzero"`
	Version   int64             `json:"version"`
}

// RecordOf is the record of a report as it stands.
func RecordOf(r task.Report) ReportRecord {
	return ReportRecord{
		r.ID, r.Task, r.Author(), r.Period, r.Round, r.Kind, r.Value, r.Words, r.Evidence,
		r.Completes, r.Late, r.Why, r.State, r.Verdict, r.Role, r.By, micro(r.At), r.VerdictBy, micro(r.VerdictAt), r.Version,
	}
}

// Witness compares every report with the newest journal entry about it and calls
// each for those that differ: a figure that was changed behind the journal's back
// is found even where the journal itself is whole. It returns how many it read.
func (s *Store) Witness(ctx context.Context, each func(report task.ReportID, what string)) (read int, err error) {
	after := ""
	for {
		reports, err := loadReports(ctx, s.db.Read(), `where r.id in (select id from report where id > $1 order by id limit 500)`, after)
		if err != nil {
			return read, err
		}
		if len(reports) == 0 {
			return read, s.vanished(ctx, each)
		}
		first, last := reports[0].ID, reports[0].ID
		for _, r := range reports {
			first, last = min(first, r.ID), max(last, r.ID)
		}
		told, err := s.told(ctx, first, last)
		if err != nil {
			return read, err
		}
		for _, r := range reports {
			if what := differs(RecordOf(r), told[r.ID]); what != "" {
				each(r.ID, what)
			}
		}
		read += len(reports)
		after = string(last)
	}
}

// micro is an instant as the tables keep it.
func micro(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// vanished calls each for reports that the journal tells of and the table has lost.
func (s *Store) vanished(ctx context.Context, each func(task.ReportID, string)) error {
	rows, err := s.db.Read().QueryContext(ctx, `select distinct s.subject from journal_subject s join journal_entry e on e.id = s.entry
		where s.kind = 'report' and e.outcome = 'done' and not exists (select 1 from report r where r.id = s.subject) order by s.subject limit 100`)
	gone, err := rowsOf[task.ReportID](rows, err)
	for _, id := range gone {
		each(id, "the journal tells of it, the table has it no longer")
	}
	return err
}

// told returns what the journal last said of the reports between two ids: by the
// reports' versions, since clocks may be set back.
func (s *Store) told(ctx context.Context, first, last task.ReportID) (map[task.ReportID]ReportRecord, error) {
	rows, err := s.db.Read().QueryContext(ctx, `select e.bytes from journal_subject s join journal_entry e on e.id = s.entry
		where s.kind = 'report' and s.subject >= $1 and s.subject <= $2 and e.outcome = 'done'`, first, last)
	all, err := collect(rows, err, func(r *sql.Rows) (b []byte, err error) { return b, r.Scan(&b) })
	out := map[task.ReportID]ReportRecord{}
	for _, b := range all {
		e, err := journal.ParseEntry(b)
		if err != nil {
			continue // the journal's own verifier names it
		}
		var r ReportRecord
		if err := json.Unmarshal(e.Detail, &r); err == nil && r.Version > out[r.Report].Version {
			out[r.Report] = r
		}
	}
	return out, err
}

// differs says in what a report is not as the journal told it, or "".
func differs(now, then ReportRecord) string {
	if then.Version == 0 {
		return "the journal knows nothing of it"
	}
	slices.Sort(now.Evidence)
	slices.Sort(then.Evidence)
	a, b := text(now), text(then)
	if a == b {
		return ""
	}
	return fmt.Sprintf("the table has %s, the journal %s", a, b)
}
