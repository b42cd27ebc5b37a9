package act

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/paper/bulk"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// SheetSecret returns the secret that seals the keys of report sheets.
func (d *Desk) SheetSecret(ctx context.Context) (bulk.Secret, error) {
	return d.store.Secret(ctx, "report-sheet")
}

// TakeSheet takes in a report sheet that the caller's unit filled in without a
// line. It reports nothing yet: HandIn does, once somebody has seen what it says.
func (d *Desk) TakeSheet(ctx context.Context, c org.Caller, key, name string, file io.ReaderAt, size int64) (store.Receipt, string, error) {
	filled, err := bulk.ReadFilled(name, file, size) // before the transaction
	if err != nil {
		return store.Receipt{}, "", err
	}
	return d.takeBulk(ctx, c, org.UploadSheet, key, store.BulkUpload{Kind: store.BulkOffline, Name: name}, filled, len(filled.Rows), file, size)
}

// takeBulk keeps the reading of a table for the caller's unit.
func (d *Desk) takeBulk(ctx context.Context, c org.Caller, action org.Action, key string, u store.BulkUpload, reading any, rows int, file io.ReaderAt, size int64) (store.Receipt, string, error) {
	raw, err := json.Marshal(reading)
	if err != nil {
		return store.Receipt{}, "", fmt.Errorf("act: keeping a table: %w", err)
	}
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(file, 0, size)); err != nil {
		return store.Receipt{}, "", fmt.Errorf("act: reading a table: %w", err)
	}
	u.SHA256, u.Reading = hex.EncodeToString(h.Sum(nil)), raw
	r, err := d.store.Act(ctx, c, action, key, func(tx *store.Tx) error {
		u.Unit, u.Person, u.At = c.Unit().ID, c.Person().ID, tx.Now()
		tx.About("unit", string(u.Unit))
		if err := tx.Require(action, org.UnitFacts{Unit: u.Unit}); err != nil {
			return err
		}
		u.ID = tx.NewID()
		tx.About("upload", u.ID)
		if err := tx.AddBulk(u); err != nil {
			return err
		}
		return tx.Record(map[string]any{"upload": u.ID, "sha256": u.SHA256, "rows": rows})
	})
	return made(ctx, d, r, err, "upload", u.ID)
}

// RowState says what becomes of a row of a report sheet.
type RowState string

// The states of a row.
const (
	RowReady    RowState = "ready"     // will be reported
	RowNoChange RowState = "no-change" // will be noted
	RowWaits    RowState = "waits"     // wants evidence, which cannot travel in a sheet
	RowDone     RowState = "done"      // has been reported, with this very content
	RowClash    RowState = "clash"     // something else has been reported meanwhile
	RowWrong    RowState = "wrong"     // cannot be reported as it is
	RowBlank    RowState = "blank"     // nothing was filled in
)

// SheetRow is a row of a report sheet, held against what the books say now.
type SheetRow struct {
	bulk.Entry
	State    RowState
	Task     store.Reportable // zero where the row names no task that the unit may report
	In       task.ReportInput
	Before   task.Report // what the unit says of the periods before
	Standing task.Report // newest report of the row's period; zero: none
	Receipt  store.ReceiptOf
	Late     bool
	Faults   fault.List // why it is wrong, each at its cell
	once     string
}

// lateSaid begins the words that say why a report comes late. Sheets are Chinese
// papers, and so is what they add to a report.
const lateSaid = "迟报原因："

// Sheet holds the rows of an upload against the tasks as they are. Nothing is
// kept of what comes out: it is worked out anew at every look, so that what was
// handed in shows as handed in.
func (d *Desk) Sheet(ctx context.Context, v *store.View, u store.BulkUpload) ([]SheetRow, error) {
	var filled bulk.Filled
	if err := json.NewDecoder(bytes.NewReader(u.Reading)).Decode(&filled); err != nil {
		return nil, fmt.Errorf("act: reading upload %s: %w", u.ID, err)
	}
	secret, err := d.SheetSecret(ctx)
	if err != nil {
		return nil, err
	}
	entries := filled.Entries(secret)
	var ids []task.ID
	for _, e := range entries {
		if e.Fault == nil && e.Key.Unit == u.Unit && !slices.Contains(ids, e.Key.Task) {
			ids = append(ids, e.Key.Task)
		}
	}
	tasks, err := v.Reportable(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]SheetRow, len(entries))
	for i, e := range entries {
		out[i] = d.sheetRow(v, u, e, tasks[e.Key.Task])
	}
	return out, nil
}

// sheetRow judges one row by the rule that judges every report.
func (d *Desk) sheetRow(v *store.View, u store.BulkUpload, e bulk.Entry, k store.Reportable) SheetRow {
	r := SheetRow{Entry: e, State: RowWrong}
	switch {
	case e.Fault != nil && e.Blank():
		r.State = RowBlank
		return r
	case e.Fault != nil:
		r.Faults = fault.List{e.Fault}
		return r
	// Rule OS-07 (ours): a sheet is its unit's, whoever handed it out.
	case e.Key.Unit != u.Unit:
		r.Faults = fault.List{fault.New(fault.Invalid, "offline.other-unit").On("key")}
		return r
	case k.ID == "" || !v.May(org.SubmitReport, taskFactsOf(k)):
		r.Faults = fault.List{fault.New(fault.Invalid, "offline.task-gone").On("task")}
		return r
	}
	r.Task = k
	round := 1
	for _, x := range k.Reports {
		switch {
		case x.Unit != u.Unit:
		case x.Period == e.Key.Period && x.Round >= round:
			r.Standing, round = x, x.Round+1
		case x.Live() && x.Period.Before(e.Key.Period) && (r.Before.ID == "" || r.Before.Period.Before(x.Period)):
			r.Before = x
		}
	}
	r.once = e.Key.Once(round)
	if r.Standing.State == task.ReportTakenBack {
		r.Standing = task.Report{}
	}
	if e.Blank() {
		r.State = RowBlank
		return r
	}
	in, err := e.Input(k.Task, r.Before.Value, lateSaid)
	if r.Faults = faultsOf(err); len(r.Faults) > 0 {
		return r
	}
	in.Period, in.Parts, in.Below = e.Key.Period, k.Parts, k.Below
	in.Due = d.rules().LastDay(k.Part, in.Period, k.Reports, d.store.Workdays())
	r.In = in
	if r.Standing.Live() {
		r.State, r.Receipt = RowClash, k.Receipts[r.Standing.ID]
		if says(r.Standing, in) {
			r.State = RowDone
		}
		return r
	}
	made, err := task.NewReport(k.Task, k.Part, k.Reports, in, d.store.Now(), v.Today())
	r.Faults, r.Late = faultsOf(err), made.Late
	lacksEvidence := func(f *fault.Fault) bool { return f.Key == "report.evidence-missing" }
	switch {
	case len(r.Faults) > 0 && !slices.ContainsFunc(r.Faults, func(f *fault.Fault) bool { return !lacksEvidence(f) }):
		r.State, r.Faults = RowWaits, nil
	case len(r.Faults) > 0:
		r.Faults = slices.DeleteFunc(r.Faults, lacksEvidence) // it can be mended here, the others in the sheet
	case r.Standing.State == task.ReportReturned && says(r.Standing, in):
		r.Faults = fault.List{fault.New(fault.Conflict, "offline.same-as-returned", "Reason", r.Standing.Verdict).On("words")}
	case in.Kind == task.ReportNoChange:
		r.State = RowNoChange
	default:
		r.State = RowReady
	}
	return r
}

// taskFactsOf is what the permission to report is judged by.
func taskFactsOf(k store.Reportable) org.TaskFacts {
	return org.TaskFacts{Setter: k.Setter, Leads: k.Leads, Cooperating: k.Cooperating, Supervising: k.Supervising, Draft: k.State == task.Draft}
}

// says reports whether a report has the content of an input, evidence aside.
func says(r task.Report, in task.ReportInput) bool {
	return r.Kind == in.Kind && (in.Kind != task.ReportValue || r.Value == in.Value) && r.Words == strings.TrimSpace(in.Words) && r.Completes == in.Completes
}

func faultsOf(err error) fault.List {
	var l fault.List
	var one *fault.Fault
	switch {
	case err == nil:
	case errors.As(err, &l):
	case errors.As(err, &one):
		l = fault.List{one}
	default:
		l = fault.List{fault.New(fault.Internal, "internal").Because(err)}
	}
	return l
}

// HandIn reports the rows of an upload that can be, each by an act of its own
// under a key made of sheet, row and round: whoever sends a sheet twice hands
// nothing in twice. Files are the evidence added by row number; a row that wants
// some and has none waits on. It returns how many were handed in and how many the
// rules refused meanwhile: the next look at the upload says why.
func (d *Desk) HandIn(ctx context.Context, c org.Caller, rows []SheetRow, files map[int][]task.Evidence) (done, refused int, err error) {
	for _, r := range rows {
		add := files[r.Row]
		if r.State != RowReady && r.State != RowNoChange && (r.State != RowWaits || len(add) == 0) {
			continue
		}
		// Rule OS-02: the key is made of what the row is for and the round.
		_, err := d.Report(ctx, c, r.once, r.Task.ID, r.In, add)
		switch kind := fault.KindOf(err); {
		case err == nil:
			done++
		case kind == fault.Internal || kind == fault.Busy || kind == fault.SignedOut:
			return done, refused, err
		default:
			refused++
		}
	}
	return done, refused, nil
}
