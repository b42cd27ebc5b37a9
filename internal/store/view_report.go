package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// ReportForm is all that the form of a report needs to know of its task.
type ReportForm struct {
	TaskView
	Part     task.Part                         // of the caller's unit
	Reports  []task.Report                     // of all units of the task, oldest first
	Files    map[task.EvidenceID]task.Evidence // that the caller's unit handed in with them
	Names    map[org.UnitID]org.Unit
	Verifier org.Unit // whoever verifies what the caller's unit reports
}

// ReportForm returns the form of a task for the caller's unit. A task that is
// seen but that the unit has no part in is Denied (report.no-part).
func (v *View) ReportForm(ctx context.Context, id task.ID) (f ReportForm, err error) {
	if f.TaskView, err = v.Task(ctx, id); err != nil {
		return f, err
	}
	unit := v.caller.Unit().ID
	for _, p := range f.Parts {
		if p.Unit == unit {
			f.Part = p
		}
	}
	if f.Part.Unit == "" || !v.May(org.SubmitReport, f.Facts) {
		return f, fault.New(fault.Denied, "report.no-part")
	}
	if f.Reports, err = loadReports(ctx, v.q, `where r.task = $1`, id); err != nil {
		return f, err
	}
	files, err := v.files(ctx, `r.task = $1 and r.unit = $2`, id, unit)
	if err != nil {
		return f, err
	}
	f.Files = map[task.EvidenceID]task.Evidence{}
	for _, list := range files {
		for _, e := range list {
			f.Files[e.ID] = e
		}
	}
	verifier, err := verifierOf(ctx, v.q, f.Task, unit)
	if err != nil {
		return f, err
	}
	ids := []org.UnitID{f.Task.Setter, verifier}
	for _, p := range f.Parts {
		ids = append(ids, p.Unit)
	}
	f.Names, err = v.Names(ctx, ids)
	f.Verifier = f.Names[verifier]
	return f, err
}

// verifierOf finds the unit that verifies what a unit reports of a task.
func verifierOf(ctx context.Context, q queryer, k task.Task, reporter org.UnitID) (org.UnitID, error) {
	if u := task.VerifierOf(k, reporter, ""); u != "" {
		return u, nil // whoever stands above is not asked
	}
	for _, axis := range []org.Axis{org.Line, org.Block} {
		up, err := above(ctx, q, axis, []org.UnitID{reporter})
		if err != nil {
			return "", err
		}
		if len(up) > 0 {
			return task.VerifierOf(k, reporter, up[0]), nil
		}
	}
	return task.VerifierOf(k, reporter, ""), nil
}

// files reads the evidence of the reports r that a clause selects, in their order.
func (v *View) files(ctx context.Context, where string, args ...any) (map[task.ReportID][]task.Evidence, error) {
	type row struct {
		report task.ReportID
		file   task.Evidence
	}
	rows, err := v.q.QueryContext(ctx, `select e.report, e.evidence, e.name, f.type, f.size, e.at, r.person from report_evidence e
		join report r on r.id = e.report join evidence f on f.id = e.evidence where `+where+` order by e.report, e.position`, args...)
	all, err := collect(rows, err, func(r *sql.Rows) (w row, err error) {
		return w, r.Scan(&w.report, &w.file.ID, &w.file.Name, &w.file.Type, &w.file.Size, instant{&w.file.At}, &w.file.By)
	})
	out := map[task.ReportID][]task.Evidence{}
	for _, w := range all {
		out[w.report] = append(out[w.report], w.file)
	}
	return out, err
}

// ReportView is a report as one caller sees it.
type ReportView struct {
	task.Report
	Task     TaskView
	Facts    org.ReportFacts
	Unit     org.Unit
	Verifier org.Unit
	VerifyBy calendar.Date
	Post     string // title of the post that handed it in
	Number   string // of the receipt
	Entry    string // journal entry of the handing in
	Files    []task.Evidence
	Rounds   []task.Report // of the same task, unit and period, the first first
	Before   task.Report   // the unit's newest live report for an earlier period; zero: none
	Verified task.Report   // the unit's newest verified report, this one left out; zero: none
	Names    map[org.UnitID]org.Unit
	Uses     FileUses
}

// ReportView returns a report, if the caller may see its task.
func (v *View) ReportView(ctx context.Context, id task.ReportID) (out ReportView, err error) {
	found, err := loadReports(ctx, v.q, `where r.id = $1`, id)
	if err != nil {
		return out, err
	}
	if len(found) == 0 {
		return out, fault.New(fault.NotFound, "absent")
	}
	out.Report = found[0]
	if out.Task, err = v.Task(ctx, out.Report.Task); err != nil {
		return out, err
	}
	if out.Facts, err = reportFacts(ctx, v.q, out.Report, out.Task.Task); err != nil {
		return out, err
	}
	err = v.q.QueryRowContext(ctx, `select r.due, r.entry, coalesce(e.receipt, ''), coalesce(o.title, '') from report r
		left join journal_entry e on e.id = r.entry left join post o on o.id = r.post where r.id = $1`, id).
		Scan(&out.VerifyBy, &out.Entry, &out.Number, &out.Post)
	if err != nil {
		return out, fmt.Errorf("store: reading report %s: %w", id, err)
	}
	if err := v.aroundReport(ctx, &out); err != nil {
		return out, err
	}
	files, err := v.files(ctx, `r.id = $1`, id)
	if err != nil {
		return out, err
	}
	out.Files = files[id]
	out.Uses, err = v.FileUses(ctx, out.Report.Task, out.Evidence)
	return out, err
}

// aroundReport fills in what stands beside a report: its rounds, what the unit
// said before, and the names of the units.
func (v *View) aroundReport(ctx context.Context, out *ReportView) error {
	own, err := loadReports(ctx, v.q, `where r.task = $1 and r.unit = $2`, out.Report.Task, out.Report.Unit)
	if err != nil {
		return err
	}
	for _, r := range own {
		switch {
		case r.Period == out.Period:
			out.Rounds = append(out.Rounds, r)
		case r.Live() && r.Period.Before(out.Period) && (out.Before.ID == "" || out.Before.Period.Before(r.Period)):
			out.Before = r
		}
		if r.State == task.ReportVerified && r.ID != out.ID && (out.Verified.ID == "" || out.Verified.Period.Before(r.Period)) {
			out.Verified = r
		}
	}
	ids := []org.UnitID{out.Report.Author(), out.Facts.Task.Verifier, out.Task.Setter}
	for _, p := range out.Task.Parts {
		ids = append(ids, p.Unit)
	}
	out.Names, err = v.Names(ctx, ids)
	out.Unit, out.Verifier = out.Names[out.Report.Author()], out.Names[out.Facts.Task.Verifier]
	return err
}

// FileUses says where files were handed in for other tasks. Uses that the
// caller may not see are counted only.
type FileUses struct {
	Seen   map[task.EvidenceID][]EvidenceUse
	Hidden map[task.EvidenceID]int
	Names  map[org.UnitID]string
}

// FileUses finds uses of files in reports of tasks other than one.
func (v *View) FileUses(ctx context.Context, except task.ID, ids []task.EvidenceID) (FileUses, error) {
	out := FileUses{Seen: map[task.EvidenceID][]EvidenceUse{}, Hidden: map[task.EvidenceID]int{}, Names: map[org.UnitID]string{}}
	if len(ids) == 0 {
		return out, nil
	}
	uses, args := usesOf(2, ids)
	scope, more := namedTasksInScope(v.scope, 2+len(ids))
	type row struct {
		file task.EvidenceID
		use  EvidenceUse
		name string
		seen bool
	}
	rows, err := v.q.QueryContext(ctx, `select e.evidence, r.id, t.id, t.title, u.id, u.name, case when `+scope+` then 1 else 0 end
		from (`+uses+`) e join report r on r.id = e.report join task t on t.id = r.task join unit u on u.id = coalesce(r.filed_by, r.unit)
		where t.id <> $1 and r.state <> 'taken-back' order by r.at, r.id limit 50`,
		append(append([]any{except}, args...), more...)...)
	all, err := collect(rows, err, func(r *sql.Rows) (w row, err error) {
		var seen int
		err = r.Scan(&w.file, &w.use.Report, &w.use.Task, &w.use.Title, &w.use.Unit, &w.name, &seen)
		w.seen = seen == 1
		return w, err
	})
	for _, w := range all {
		if !w.seen {
			out.Hidden[w.file]++
			continue
		}
		out.Seen[w.file] = append(out.Seen[w.file], w.use)
		out.Names[w.use.Unit] = w.name
	}
	return out, err
}

// maxUses is how many uses of a file are looked at, the oldest first.
const maxUses = 30

// usesOf is a question for the uses of files, as evidence and report: of each file
// so many, for one that every report brings must not cost every report.
func usesOf(from int, ids []task.EvidenceID) (string, []any) {
	parts, args := make([]string, len(ids)), make([]any, len(ids))
	for i, id := range ids {
		parts[i] = fmt.Sprintf(`select * from (select evidence, report from report_evidence where evidence = $%d order by report limit %d) x%d`, from+i, maxUses, i)
		args[i] = string(id)
	}
	return strings.Join(parts, ` union all `), args
}

// EvidenceFile returns what is known of a file of a report, if the caller may
// see the report's task; NotFound (evidence.absent) in every other case.
func (v *View) EvidenceFile(ctx context.Context, report task.ReportID, id task.EvidenceID) (task.Evidence, error) {
	absent := fault.New(fault.NotFound, "evidence.absent")
	var of task.ID
	err := v.q.QueryRowContext(ctx, `select r.task from report_evidence e join report r on r.id = e.report
		where e.report = $1 and e.evidence = $2`, report, id).Scan(&of)
	if errors.Is(err, sql.ErrNoRows) {
		return task.Evidence{}, absent
	}
	if err != nil {
		return task.Evidence{}, fmt.Errorf("store: reading a file's report: %w", err)
	}
	if _, err := v.Task(ctx, of); err != nil {
		if fault.KindOf(err) == fault.NotFound {
			return task.Evidence{}, absent.Because(err)
		}
		return task.Evidence{}, err
	}
	files, err := v.files(ctx, `r.id = $1 and e.evidence = $2`, report, id)
	if err != nil || len(files[report]) == 0 {
		return task.Evidence{}, errors.Join(err, absent)
	}
	return files[report][0], nil
}
