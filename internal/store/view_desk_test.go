package store_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/testkit"
)

// reported is the town on 7 June 2010: 泸州's bureau has signed for its task and
// reported eleven brands for May with one file, the farm bureau has signed, and a
// second task waits to be signed for by both.
func reported(t *testing.T, db *sqldb.DB) (w *testkit.Town, first, second task.ID) {
	w = testkit.NewTown(t, db)
	more := testkit.Brands()
	more.No, more.Title = "2", "农业标准化示范区"
	rows := w.Tasks(w.Plan(w.Memorandum(), testkit.Brands(), more))
	first, second = rows[0].ID, rows[1].ID
	clerk, farm := w.Caller(testkit.LuzhouBureau, org.Clerk), w.Caller(testkit.LuzhouFarm, org.Clerk)
	done(t)(w.Desk.Sign(t.Context(), clerk, "", first))
	done(t)(w.Desk.Sign(t.Context(), farm, "", first))
	w.On(2010, 6, 7)
	file, err := w.Desk.KeepEvidence(clerk, strings.NewReader("eleven brands"), "推荐文件.txt")
	if err != nil {
		t.Fatal(err)
	}
	in := task.ReportInput{Period: may, Kind: task.ReportValue, Value: task.Count(11)}
	done(t)(w.Desk.Report(t.Context(), clerk, "", first, in, []task.Evidence{file}))
	return w, first, second
}

var may = calendar.Period{Kind: calendar.Month, Year: 2010, Index: 5}

func done(t *testing.T) func(store.Receipt, error) {
	return func(_ store.Receipt, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestADeskHoldsWhatItsUnitOwesAndNothingElse(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w, first, second := reported(t, db)
		ctx := t.Context()
		own, err := w.Store.View(w.Caller(testkit.LuzhouBureau, org.Clerk)).OwnDesk(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if len(own.Asked) != 0 || len(own.Reported) != 1 || own.Reported[0].ID != first || len(own.ToSign) != 1 || own.ToSign[0].ID != second {
			t.Fatalf("the bureau's desk: %d asked, %d reported, %d to sign", len(own.Asked), len(own.Reported), len(own.ToSign))
		}
		if len(own.Receipts) != 1 || !strings.HasPrefix(own.Receipts[0].Number, "20100607-") {
			t.Fatalf("receipts: %+v", own.Receipts)
		}
		farm, err := w.Store.View(w.Caller(testkit.LuzhouFarm, org.Clerk)).OwnDesk(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if len(farm.Asked) != 1 || farm.Asked[0].Period != may || farm.Asked[0].Due != calendar.NewDate(2010, 6, 10) || len(farm.Receipts) != 0 {
			t.Fatalf("the farm bureau's desk: %+v", farm.Asked)
		}
		for _, c := range []org.Caller{w.Caller(testkit.MianningBureau, org.Clerk), w.Caller(testkit.LuzhouBureau, org.Admin), w.Caller(testkit.LuzhouBureau, org.Auditor), org.Public(), {}} {
			d, err := w.Store.View(c).OwnDesk(ctx)
			if err != nil || len(d.Asked)+len(d.Reported)+len(d.ToSign)+len(d.Tasks)+len(d.Receipts) > 0 {
				t.Fatalf("%s has a desk: %+v %v", c.Post().ID, d, err)
			}
		}
	})
}

func TestADeskSaysOfTheFirstOfManyTasksWhatTheirPagesSay(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		rows := make([]act.Row, 90)
		for i := range rows {
			rows[i] = testkit.Brands()
			rows[i].No, rows[i].Title = fmt.Sprint(i+1), fmt.Sprintf("第%d项名牌产品", i+1)
		}
		ctx, clerk := t.Context(), w.Caller(testkit.LuzhouBureau, org.Clerk)
		tasks := w.Tasks(w.Plan(w.Memorandum(), rows...))
		for i, k := range tasks {
			if i%2 == 0 { // the others wait to be signed for
				done(t)(w.Desk.Sign(ctx, clerk, "", k.ID))
			}
		}
		w.On(2010, 6, 7)
		in := task.ReportInput{Period: may, Kind: task.ReportValue, Value: task.Count(11)}
		file, err := w.Desk.KeepEvidence(clerk, strings.NewReader("eleven brands"), "推荐文件.txt")
		if err != nil {
			t.Fatal(err)
		}
		done(t)(w.Desk.Report(ctx, clerk, "", tasks[0].ID, in, []task.Evidence{file}))
		w.On(2010, 7, 12)
		view := w.Store.View(w.Caller(testkit.LuzhouBureau, org.Clerk))
		own, err := view.OwnDesk(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if len(own.Asked) != 45 || len(own.Tasks) != 45 || len(own.ToSign) != 45 {
			t.Fatalf("%d asked, %d tasks, %d to sign", len(own.Asked), len(own.Tasks), len(own.ToSign))
		}
		asked := make([]store.OwnTask, len(own.Asked))
		for i, a := range own.Asked {
			asked[i] = a.OwnTask
			if a.ID == tasks[0].ID && (a.Before.Value != in.Value || a.Before.By != clerk.Person().ID) {
				t.Errorf("what was reported before: %+v", a.Before)
			}
		}
		whole := slices.Concat(own.Tasks[:40], own.ToSign[:40], asked[:40])
		for _, k := range slices.Concat(own.Tasks[40:], own.ToSign[40:], asked[40:]) {
			if k.ID == "" || k.Light.Colour == "" || k.Part.Due.IsZero() {
				t.Errorf("of one further down nothing is said: %+v", k)
			}
		}
		for _, k := range whole {
			want, err := view.Task(ctx, k.ID)
			if err != nil {
				t.Fatal(err)
			}
			k.Leads, k.Cooperating = want.Leads, want.Cooperating // a desk says nothing of the others that take part
			if !reflect.DeepEqual(k.TaskRow, want.TaskRow) || k.Part != want.Parts[0] || k.Setter.Name == "" {
				t.Errorf("the desk says %+v\nits page %+v", k, want)
			}
		}
	})
}

// Rule T-29 counts the reports of leads: a period of a lead without a report is overdue.
func TestAnOfficeSeesItsQueueItsRefusalsAndWhatIsOverdue(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w, first, second := reported(t, db)
		ctx := t.Context()
		office := w.Store.View(w.Caller(testkit.ProvinceBureau, org.Office))
		rows, err := office.VerifyQueue(ctx, store.QueueFilter{}, store.QueueKey{}, 10)
		if err != nil || len(rows) != 1 || rows[0].Files != 1 || rows[0].Due != calendar.NewDate(2010, 6, 12) {
			t.Fatalf("the queue: %+v %v", rows, err)
		}
		if next, err := office.VerifyQueue(ctx, store.QueueFilter{}, rows[0].Key(), 10); err != nil || len(next) != 0 {
			t.Fatalf("after the last of the queue: %d %v", len(next), err)
		}
		n, err := office.QueueCount(ctx, store.QueueFilter{Unit: testkit.LuzhouBureau, Task: first}, calendar.NewDate(2010, 6, 11))
		if err != nil || n.All != 1 || n.By != 0 {
			t.Fatalf("the count: %+v %v", n, err)
		}
		done(t)(w.Desk.Refuse(ctx, w.Caller(testkit.LuzhouBureau, org.Clerk), "", second, "不属我单位职责"))
		if parts, err := office.RefusedParts(ctx, 10); err != nil || len(parts) != 1 || parts[0].Reason != "不属我单位职责" {
			t.Fatalf("refusals: %+v %v", parts, err)
		}
		if late, err := office.Overdue(ctx, 5); err != nil || len(late.Units) != 0 {
			t.Fatalf("with May reported: %+v %v", late, err)
		}
		w.On(2010, 7, 12) // June was due on the 10th, a Saturday
		if _, err := w.Store.Relight(ctx); err != nil {
			t.Fatal(err)
		}
		july := w.Store.View(w.Caller(testkit.ProvinceBureau, org.Office))
		late, err := july.Overdue(ctx, 5)
		if err != nil || len(late.Units) != 1 || late.Units[0].Unit != testkit.LuzhouBureau || late.Units[0].Tasks != 1 || late.Units[0].Longest != 1 || !late.Counted.IsZero() {
			t.Fatalf("on 12 July: %+v %v", late, err)
		}
		for _, x := range []struct {
			ago  time.Duration
			want int
		}{{59 * time.Second, 2}, {time.Minute, 1}, {-time.Second, 1}} {
			w.Store.KeepOverdue(testkit.ProvinceBureau, w.Store.Today(), 5, store.Overdue{Units: make([]store.UnitOverdue, 2), Counted: w.Store.Now().Add(-x.ago)})
			if kept, err := july.Overdue(ctx, 5); err != nil || len(kept.Units) != x.want {
				t.Errorf("a count of what is missing, of %s ago: %+v %v", x.ago, kept, err)
			}
		}
		w.Store.KeepOverdue(testkit.ProvinceBureau, w.Store.Today().AddDays(-1), 5, store.Overdue{Counted: w.Store.Now()})
		if now, err := july.Overdue(ctx, 5); err != nil || len(now.Units) != 1 {
			t.Errorf("the count of another day is shown: %+v %v", now, err)
		}
		load, err := office.AskedOfUnits(ctx, may, 5)
		if err != nil || len(load.Units) != 2 || load.Units[0].Tasks != 2 || !load.Counted.IsZero() {
			t.Fatalf("the load: %+v %v", load, err)
		}
		w.Store.KeepBurden(testkit.ProvinceBureau, may, 5, store.Burden{Units: load.Units[:1], Counted: w.Store.Now().Add(-9 * time.Minute)})
		if kept, err := office.AskedOfUnits(ctx, may, 5); err != nil || len(kept.Units) != 1 {
			t.Errorf("a count of nine minutes ago: %+v %v", kept, err)
		}
		for _, ago := range []time.Duration{10 * time.Minute, -time.Minute} {
			w.Store.KeepBurden(testkit.ProvinceBureau, may, 5, store.Burden{Counted: w.Store.Now().Add(-ago)})
			if now, err := office.AskedOfUnits(ctx, may, 5); err != nil || len(now.Units) != 2 {
				t.Errorf("a count of %s ago is kept: %+v %v", ago, now, err)
			}
		}
		if units, err := office.QueueUnits(ctx, 5); err != nil || len(units) != 1 {
			t.Fatalf("units of the queue: %+v %v", units, err)
		}
		if up, err := office.OpenUploads(ctx, 5); err != nil || len(up) != 0 {
			t.Fatalf("uploads: %+v %v", up, err)
		}
		other := w.Store.View(w.Caller(testkit.LiangshanBureau, org.Office))
		queue, err := other.VerifyQueue(ctx, store.QueueFilter{}, store.QueueKey{}, 10)
		if err != nil || len(queue) != 0 {
			t.Fatalf("another office's queue: %+v %v", queue, err)
		}
		if parts, err := other.RefusedParts(ctx, 10); err != nil || len(parts) != 0 {
			t.Fatalf("another office's refusals: %+v %v", parts, err)
		}
	})
}

func TestAReportAndItsFileAreSeenWithTheTaskAndElsewhereNot(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w, first, second := reported(t, db)
		ctx := t.Context()
		r := w.Reports(first)[0]
		clerk := w.Caller(testkit.LuzhouBureau, org.Clerk)
		view, err := w.Store.View(clerk).ReportView(ctx, r.ID)
		if err != nil || len(view.Files) != 1 || view.Number == "" || view.Verifier.ID != testkit.ProvinceBureau || len(view.Rounds) != 1 {
			t.Fatalf("the report: %+v %v", view, err)
		}
		form, err := w.Store.View(clerk).ReportForm(ctx, first)
		if err != nil || form.Part.Role != task.Lead || len(form.Files) != 1 || form.Verifier.ID != testkit.ProvinceBureau {
			t.Fatalf("the form: %+v %v", form, err)
		}
		done(t)(w.Desk.Sign(ctx, clerk, "", second))
		in := task.ReportInput{Period: may, Kind: task.ReportValue, Value: task.Count(1)}
		done(t)(w.Desk.Report(ctx, clerk, "", second, in, view.Files))
		uses, err := w.Store.View(clerk).FileUses(ctx, first, r.Evidence)
		if err != nil || len(uses.Seen[r.Evidence[0]]) != 1 || uses.Seen[r.Evidence[0]][0].Task != second {
			t.Fatalf("the same file elsewhere: %+v %v", uses, err)
		}
		stranger := w.Store.View(w.Caller(testkit.MianningBureau, org.Office))
		if uses, err := stranger.FileUses(ctx, first, r.Evidence); err != nil || len(uses.Seen) != 0 || uses.Hidden[r.Evidence[0]] != 1 {
			t.Fatalf("a stranger is told of %+v %v", uses, err)
		}
		_, seen := stranger.ReportView(ctx, r.ID)
		_, missing := stranger.ReportView(ctx, "no-such-report")
		_, file := stranger.EvidenceFile(ctx, r.ID, r.Evidence[0])
		_, none := stranger.EvidenceFile(ctx, "no-such-report", r.Evidence[0])
		_, formless := stranger.ReportForm(ctx, first)
		for _, err := range []error{seen, missing, file, none, formless} {
			if fault.KindOf(err) != fault.NotFound {
				t.Fatalf("a stranger is answered %v", err)
			}
		}
		if _, err := w.Store.View(w.Caller(testkit.ProvinceBureau, org.Clerk)).ReportForm(ctx, first); !fault.Is(err, "absent") && !fault.Is(err, "report.no-part") {
			t.Fatalf("a unit without a part gets a form: %v", err)
		}
	})
}

func TestOtherDesksAnswerEachRoleInItsScope(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w, _, _ := reported(t, db)
		ctx := t.Context()
		month, err := w.Store.View(w.Caller(testkit.ProvinceBureau, org.Leader)).Month(ctx)
		if err != nil || len(month.Lights) == 0 {
			t.Fatalf("the province's leader: %+v %v", month, err)
		}
		away, err := w.Store.View(w.Caller(testkit.MianningBureau, org.Leader)).Month(ctx)
		if err != nil || len(away.Lights) != 0 {
			t.Fatalf("a leader out of scope: %+v %v", away, err)
		}
		if s, err := w.Store.View(w.Caller(testkit.ProvinceBureau, org.Scorer)).Scoring(ctx); err != nil || s.Last.ID != "" {
			t.Fatalf("without an assessment: %+v %v", s, err)
		}
		n, err := w.Store.View(w.Caller(testkit.ProvinceBureau, org.Admin)).CountDirectory(ctx)
		if err != nil || n.Units != 11 || n.Posts != 77 || n.Empty != 0 {
			t.Fatalf("the directory: %+v %v", n, err)
		}
	})
}
