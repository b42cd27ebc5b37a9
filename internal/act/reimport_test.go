package act_test

import (
	"encoding/csv"
	"errors"
	"strings"
	"testing"

	"gongjian/internal/act"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/paper"
	"gongjian/internal/task"
	"gongjian/testkit"
)

// imported1 is a plan of 泸州 that came from the table imported, issued.
func imported1(t *testing.T, w *testkit.Town) (memo.PlanID, org.Caller) {
	t.Helper()
	plan, office := importing(t, w)
	id := upload(t, w, plan, imported)
	settleAll(t, w, id)
	if _, _, err := w.Desk.Apply(t.Context(), office, "", id, working(t, w, id).Version); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Desk.IssuePlan(t.Context(), office, "", plan); err != nil {
		t.Fatal(err)
	}
	return plan, office
}

// against is an upload held against its plan as the office sees it.
func against(t *testing.T, w *testkit.Town, id string) act.Reimport {
	t.Helper()
	v := w.Store.View(w.Caller(testkit.ProvinceBureau, org.Office))
	u, err := v.Upload(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	now, err := v.TasksAgainst(t.Context(), u)
	if err != nil {
		t.Fatal(err)
	}
	return working(t, w, id).Against(now)
}

// ticks accepts changes as the page of them would.
func ticks(re act.Reimport, kinds ...paper.ChangeKind) act.Ticks {
	out := act.Ticks{Version: re.Version}
	for _, c := range re.Changes {
		out.Shown = append(out.Shown, c.Key())
		for _, k := range kinds {
			if c.Kind == k {
				out.Ticked = append(out.Ticked, paper.Tick{Key: c.Key(), Seal: c.Seal()})
			}
		}
	}
	return out
}

var everyKind = []paper.ChangeKind{paper.Added, paper.Removed, paper.Changed, paper.Moved}

func byTitle(w *testkit.Town, plan memo.PlanID, title string) (k task.Task) {
	for _, row := range w.Tasks(plan) {
		if row.Title == title && row.Depth == 0 {
			return row.Task
		}
	}
	return k
}

func noDifference(t *testing.T, re act.Reimport) {
	t.Helper()
	for _, c := range re.Changes {
		if c.Kind != paper.Same {
			t.Errorf("%s: %+v", c.Kind, c.Fields)
		}
	}
}

func TestTheSameTableAgainDiffersInNothing(t *testing.T) { // Rules I-61, I-67
	each(t, func(t *testing.T, w *testkit.Town) {
		plan, office := imported1(t, w)
		id := upload(t, w, plan, imported)
		re := against(t, w, id)
		noDifference(t, re)
		if len(re.Changes) != 4 {
			t.Errorf("%d rows compared", len(re.Changes))
		}
		_, _, err := w.Desk.Apply(t.Context(), office, "", id, re.Version)
		if err == nil || len(w.Tasks(plan)) != 6 {
			t.Fatalf("the rows were entered a second time: %v", err)
		}
		_, _, err = w.Desk.ApplyChanges(t.Context(), office, "", id, act.Ticks{Version: re.Version}, "")
		refused(t, err, fault.Conflict, "reimport.nothing-accepted")
	})
}

// printedTable is a plan's table as offices agreed on it and as our exports print it.
func printedTable(t *testing.T, w *testkit.Town, plan memo.PlanID) string {
	t.Helper()
	var b strings.Builder
	out := csv.NewWriter(&b)
	write := func(cells ...string) {
		if err := out.Write(cells); err != nil {
			t.Fatal(err)
		}
	}
	units := working(t, w, upload(t, w, plan, imported)).Units
	names := func(ids []org.UnitID) string {
		var all []string
		for _, u := range ids {
			all = append(all, units[u].Name)
		}
		return strings.Join(all, "、")
	}
	write("泸州市2010年度工作计划任务分解表")
	write("序号", "章节", "工作任务", "具体措施", "牵头单位", "配合单位", "目标值", "完成时限", "责任岗位", "备注", paper.TaskIDHeader)
	for _, k := range w.Tasks(plan) {
		if k.Depth > 0 || k.State == task.Withdrawn {
			continue
		}
		lead, target := k.LeadWords, ""
		if lead == "" {
			lead = names(k.Leads)
		}
		if k.Target != nil {
			target = k.Target.Text
		}
		write(k.No, strings.Join(k.Chapter, "／"), k.Title, k.Measures, lead, names(k.Cooperating), target, k.Deadline.Text, "", k.Note, string(k.ID))
	}
	out.Flush()
	return b.String()
}

func TestAChangedTableIsTakenOverRowByRow(t *testing.T) { // Rules I-60, I-62, I-66
	each(t, func(t *testing.T, w *testkit.Town) {
		ctx := t.Context()
		plan, office := imported1(t, w)
		const later = "泸州市2010年任务分解表（调整）\n序号,工作任务,牵头单位,配合单位,完成时限,目标值\n一、实施名牌战略,,,,,\n" +
			"1,规范小作坊标识,市工商质监局,,每季度,\n" +
			"2,新增四川名牌产品,市质监局,,9月底前,不少于25个\n" +
			"3,签订目标责任书,各区县质监局,,3月底前,\n" +
			"4,建立企业质量档案,市农业局,,年底前,\n"
		id := upload(t, w, plan, later)
		re := against(t, w, id)
		if got := paper.CountChanges(re.Changes); got[paper.Added] != 1 || got[paper.Removed] != 1 || got[paper.Changed] != 1 || got[paper.Moved] != 2 {
			t.Fatalf("the difference is %v", got)
		}
		_, _, err := w.Desk.ApplyChanges(ctx, office, "", id, ticks(re, everyKind...), "")
		refused(t, err, fault.Invalid, "reason.too-short")
		first, done, err := w.Desk.ApplyChanges(ctx, office, "apply", id, ticks(re, everyKind...), "按市政府会议调整")
		if err != nil || done.Added != 1 || done.Changed != 1 || done.Moved != 2 || done.Withdrawn != 1 || done.Plan != plan {
			t.Fatalf("taken over %+v, %v", done, err)
		}
		brands := byTitle(w, plan, "新增四川名牌产品")
		if brands.Target.Value != task.Count(25) || brands.Due.Month != 9 || len(brands.Cooperating) != 0 {
			t.Errorf("the changed row is %+v", brands)
		}
		if k := byTitle(w, plan, "开展汛期检查"); k.State != task.Withdrawn {
			t.Errorf("the row that is gone is %s", k.State)
		}
		if k := byTitle(w, plan, "建立企业质量档案"); k.State != task.Draft {
			t.Errorf("the new row is %s", k.State)
		}
		var order []string
		for _, k := range w.Tasks(plan) {
			if k.Depth == 0 && k.State != task.Withdrawn {
				order = append(order, k.Title)
			}
		}
		if got := strings.Join(order, " "); got != "规范小作坊标识 新增四川名牌产品 签订目标责任书 建立企业质量档案" {
			t.Errorf("the order is %s", got)
		}
		again, _, err := w.Desk.ApplyChanges(ctx, office, "apply", id, ticks(re, everyKind...), "按市政府会议调整")
		if err != nil || !again.Again || again.Number != first.Number {
			t.Errorf("the same click again: %+v, %v", again, err)
		}
		noDifference(t, against(t, w, upload(t, w, plan, later)))
	})
}

func TestNothingIsTakenOverThatWasNotAccepted(t *testing.T) { // Rule I-64
	each(t, func(t *testing.T, w *testkit.Town) {
		ctx := t.Context()
		plan, office := imported1(t, w)
		id := upload(t, w, plan, strings.ReplaceAll(imported, "不少于20个", "不少于25个")+"5,建立企业质量档案,市农业局,,年底前,\n")
		re := against(t, w, id)
		_, n, err := w.Desk.TickChanges(ctx, office, "", id, act.Ticks{Version: re.Version, All: paper.Added})
		if err != nil || n != 1 {
			t.Fatalf("accepted %d, %v", n, err)
		}
		_, _, err = w.Desk.TickChanges(ctx, office, "", id, act.Ticks{Version: re.Version, All: paper.Changed})
		refused(t, err, fault.Conflict, "changed-meanwhile")
		_, done, err := w.Desk.ApplyChanges(ctx, office, "", id, act.Ticks{Version: re.Version + 1}, "")
		if err != nil || done.Added != 1 || done.Changed != 0 {
			t.Fatalf("taken over %+v, %v", done, err)
		}
		if k := byTitle(w, plan, "新增四川名牌产品"); k.Target.Value != task.Count(20) {
			t.Errorf("a change that nobody accepted was made: %s", k.Target)
		}
		_, _, err = w.Desk.TickChanges(ctx, office, "", id, act.Ticks{Version: re.Version + 3, None: true})
		refused(t, err, fault.Conflict, "import.applied")
	})
}

func TestATaskThatChangedMeanwhileIsNamedAndNothingHappens(t *testing.T) { // Rule I-64
	each(t, func(t *testing.T, w *testkit.Town) {
		ctx := t.Context()
		plan, office := imported1(t, w)
		id := upload(t, w, plan, strings.ReplaceAll(strings.ReplaceAll(imported, "不少于20个", "不少于25个"), "每季度", "每月"))
		re := against(t, w, id)
		seen := ticks(re, paper.Changed)
		if len(seen.Ticked) != 2 {
			t.Fatalf("%d changes", len(seen.Ticked))
		}
		k := byTitle(w, plan, "新增四川名牌产品")
		ch := unchanged(w.Tasks(plan)[0])
		for _, row := range w.Tasks(plan) {
			if row.ID == k.ID {
				ch = unchanged(row)
			}
		}
		ch.Measures = "推荐企业申报"
		if _, err := w.Desk.Change(ctx, office, "", k.ID, ch); err != nil {
			t.Fatal(err)
		}
		_, _, err := w.Desk.ApplyChanges(ctx, office, "", id, seen, "按市政府会议调整")
		refused(t, err, fault.Conflict, "reimport.stale")
		var l fault.List
		if !errors.As(err, &l) || len(l) != 1 || l[0].Field != "task-"+string(k.ID) {
			t.Errorf("the refusal names %v", err)
		}
		if o := byTitle(w, plan, "规范小作坊标识"); o.Deadline.Every == "month" {
			t.Error("the other row was changed all the same")
		}
	})
}

func TestWhatARuleRefusesIsNamedWithItsRow(t *testing.T) { // Rules I-65, I-66, T-03
	each(t, func(t *testing.T, w *testkit.Town) {
		ctx, must := t.Context(), must(t)
		plan, office := imported1(t, w)
		top := byTitle(w, plan, "新增四川名牌产品")
		bureau := w.Caller(testkit.LuzhouBureau, org.Office)
		must(w.Desk.Sign(ctx, bureau, "", top.ID))
		top = byTitle(w, plan, "新增四川名牌产品")
		must(w.Desk.Split(ctx, bureau, "", top.ID, top.Version, []act.Piece{pieceOf(testkit.JiangyangBureau, 10), pieceOf(testkit.NaxiBureau, 8)}))
		w.On(2010, 6, 2)
		farm := w.Caller(testkit.LuzhouFarm, org.Clerk)
		must(w.Desk.Sign(ctx, farm, "", top.ID))
		must(w.Desk.Report(ctx, farm, "", top.ID, task.ReportInput{Period: may2010, Kind: task.ReportWords, Words: "已推荐五家企业"}, nil))
		for edit, want := range map[[2]string]string{
			{"不少于20个", "12个"}: "split.too-much",
			{"新增四川名牌产品,市质监局,市农业局", "新增四川名牌产品,市质监局,泸州市人民政府"}:  "reimport.unit-reported",
			{"新增四川名牌产品,市质监局", "新增四川名牌产品,泸州市人民政府"}:            "reimport.unit-split",
			{"签订目标责任书,各区县质监局,,3月底前,", "签订目标责任书,市农业局,,3月底前,"}: "reimport.group-lead",
		} {
			id := upload(t, w, plan, strings.Replace(imported, edit[0], edit[1], 1))
			re := against(t, w, id)
			_, _, err := w.Desk.ApplyChanges(ctx, office, "", id, ticks(re, everyKind...), "按市政府会议调整")
			if !fault.Is(err, want) {
				t.Errorf("%s: %v, want %s", edit[1], err, want)
			}
		}
		id := upload(t, w, plan, strings.Replace(imported, "市质监局,市农业局,10月底前", "市质监局、泸州市人民政府,市农业局,10月底前", 1))
		if _, done, err := w.Desk.ApplyChanges(ctx, office, "", id, ticks(against(t, w, id), everyKind...), "市政府共同牵头"); err != nil || done.Changed != 1 {
			t.Fatalf("a second lead: %+v, %v", done, err)
		}
		if k := byTitle(w, plan, "新增四川名牌产品"); len(k.Leads) != 2 || k.State != task.Issued {
			t.Errorf("with a lead that has not signed the task is %s, led by %v", k.State, k.Leads)
		}
	})
}

func TestARowWithReportsIsWithdrawnAndKept(t *testing.T) { // Rule I-68
	each(t, func(t *testing.T, w *testkit.Town) {
		ctx, must := t.Context(), must(t)
		plan, office := imported1(t, w)
		top := byTitle(w, plan, "新增四川名牌产品")
		must(w.Desk.Sign(ctx, w.Caller(testkit.LuzhouBureau, org.Office), "", top.ID))
		w.On(2010, 6, 2)
		must(w.Desk.Report(ctx, w.Caller(testkit.LuzhouBureau, org.Clerk), "", top.ID, value(may2010, 9), nil))
		id := upload(t, w, plan, strings.Replace(imported, "1,新增四川名牌产品,市质监局,市农业局,10月底前,不少于20个\n", "", 1))
		_, done, err := w.Desk.ApplyChanges(ctx, office, "", id, ticks(against(t, w, id), everyKind...), "不再列入计划")
		if err != nil || done.Withdrawn != 1 {
			t.Fatalf("taken over %+v, %v", done, err)
		}
		if k := byTitle(w, plan, top.Title); k.State != task.Withdrawn || len(w.Reports(top.ID)) != 1 {
			t.Errorf("the task is %s with %d reports", k.State, len(w.Reports(top.ID)))
		}
	})
}

func TestARoundTripOfThePrintedTableIsEmpty(t *testing.T) { // Rules I-61, I-63
	each(t, func(t *testing.T, w *testkit.Town) {
		plan, _ := imported1(t, w)
		noDifference(t, against(t, w, upload(t, w, plan, printedTable(t, w, plan))))
	})
}

func TestOnlyThePlansOfficeTakesChangesOver(t *testing.T) { // Rule O-13
	each(t, func(t *testing.T, w *testkit.Town) {
		ctx := t.Context()
		plan, _ := imported1(t, w)
		id := upload(t, w, plan, imported)
		for _, stranger := range []org.Caller{w.Caller(testkit.LuzhouBureau, org.Office), w.Caller(testkit.ProvinceBureau, org.Clerk)} {
			_, _, err := w.Desk.TickChanges(ctx, stranger, "", id, act.Ticks{Version: 1})
			refused(t, err, fault.NotFound, "absent")
			_, _, err = w.Desk.ApplyChanges(ctx, stranger, "", id, act.Ticks{Version: 1}, "")
			refused(t, err, fault.NotFound, "absent")
		}
	})
}
