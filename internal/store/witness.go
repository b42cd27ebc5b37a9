package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

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
}

// RecordOf is the record of a report as it stands.
func RecordOf(r task.Report) ReportRecord {
	return ReportRecord{
		r.ID, r.Task, r.Unit, r.Period, r.Round, r.Kind, r.Value, r.Words, r.Evidence,
		r.Completes, r.Late, r.Why, r.State, r.Verdict,
	}
}

// Witness compares every report with the newest journal entry about it and calls
// each for those that differ: a figure that was changed behind the journal's back
// is found even where the journal itself is whole. It returns how many it read.
func (s *Store) Witness(ctx context.Context, each func(report task.ReportID, what string)) (read int, err error) {
	after := ""
	for {
		reports, err := loadReports(ctx, s.db.Read(), `where r.id in (select id from report where id > $1 order by id limit 500)`, after)
		if err != nil || len(reports) == 0 {
			return read, err
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

// told returns what the journal last said of the reports between two ids.
func (s *Store) told(ctx context.Context, first, last task.ReportID) (map[task.ReportID][]byte, error) {
	rows, err := s.db.Read().QueryContext(ctx, `select s.subject, e.bytes from journal_subject s join journal_entry e on e.id = s.entry
		where s.kind = 'report' and s.subject >= $1 and s.subject <= $2 and e.outcome = 'done' order by e.at, e.id`, first, last)
	type row struct {
		id    task.ReportID
		bytes []byte
	}
	all, err := collect(rows, err, func(r *sql.Rows) (v row, err error) { return v, r.Scan(&v.id, &v.bytes) })
	out := map[task.ReportID][]byte{}
	for _, v := range all {
		out[v.id] = v.bytes
	}
	return out, err
}

// differs says in what a report is not as the journal told it, or "".
func differs(now ReportRecord, entry []byte) string {
	if entry == nil {
		return "the journal knows nothing of it"
	}
	e, err := journal.ParseEntry(entry)
	if err != nil {
		return "its journal entry cannot be read"
	}
	var then ReportRecord
	if err := json.Unmarshal(e.Detail, &then); err != nil {
		return "its journal entry cannot be read"
	}
	slices.Sort(now.Evidence)
	slices.Sort(then.Evidence)
	a, b := text(now), text(then)
	if a == b {
		return ""
	}
	return fmt.Sprintf("the table has %s, the journal %s", a, b)
}
