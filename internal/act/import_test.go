package act_test

import (
	"strings"
	"testing"

	"gongjian/internal/act"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/paper"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/testkit"
)

// imported is a table with a row of every kind: clear, a group that leads, a
// name that no unit bears, a day to look up, and a heading, a total and a note.
const imported = "泸州市2010年任务分解表\n序号,工作任务,牵头单位,配合单位,完成时限,目标值\n一、实施名牌战略,,,,,\n" +
	"1,新增四川名牌产品,市质监局,市农业局,10月底前,不少于20个\n" +
	"2,签订目标责任书,各区县质监局,,3月底前,\n" +
	"3,规范小作坊标识,市工商质监局,,每季度,\n" +
	"4,开展汛期检查,市农业局,,汛期来临前,\n" +
	"合计,4,,,,\n备注：以上任务按季通报。\n"

// importing is a town with a plan of 2010 for 泸州 that is not yet issued.
func importing(t *testing.T, w *testkit.Town) (memo.PlanID, org.Caller) {
	t.Helper()
	office := w.Caller(testkit.ProvinceBureau, org.Office)
	_, plan, err := w.Desk.EnterPlan(t.Context(), office, "", w.Memorandum().ID, 2010, "泸州市2010年度工作计划")
	if err != nil {
		t.Fatal(err)
	}
	return plan, office
}

func upload(t *testing.T, w *testkit.Town, plan memo.PlanID, words string) string {
	t.Helper()
	_, id, err := w.Desk.Upload(t.Context(), w.Caller(testkit.ProvinceBureau, org.Office), "", plan, "任务表.csv", strings.NewReader(words), int64(len(words)))
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// working is an upload worked out as the office sees it.
func working(t *testing.T, w *testkit.Town, id string) act.Import {
	t.Helper()
	u, err := w.Store.View(w.Caller(testkit.ProvinceBureau, org.Office)).Upload(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	im, err := w.Desk.Import(u.Upload, u.Plan, u.Memorandum, u.Units, u.Names, w.Store.Today())
	if err != nil {
		t.Fatal(err)
	}
	return im
}

// question finds an open question of a row by its code.
func question(t *testing.T, im act.Import, code string) (row int, key string) {
	t.Helper()
	for _, r := range im.Rows {
		for _, q := range r.Questions {
			if q.Code == code && q.Answer == nil {
				return r.Index, q.Key
			}
		}
	}
	t.Fatalf("no open question %s", code)
	return 0, ""
}

func mend(t *testing.T, w *testkit.Town, id, code string, a paper.Answer, typed string) {
	t.Helper()
	im := working(t, w, id)
	row, key := question(t, im, code)
	_, err := w.Desk.Mend(t.Context(), w.Caller(testkit.ProvinceBureau, org.Office), "", id,
		act.Mending{Version: im.Version, Row: row, Question: key, Answer: a, Typed: typed})
	if err != nil {
		t.Fatal(err)
	}
}

func settleAll(t *testing.T, w *testkit.Town, id string) {
	t.Helper()
	mend(t, w, id, paper.QuestionUnknown, paper.Answer{Choice: paper.ChooseUnits}, "泸州市质量技术监督局、市农业局")
	mend(t, w, id, paper.QuestionDeadline, paper.Answer{Choice: paper.ChooseNone}, "")
	office := w.Caller(testkit.ProvinceBureau, org.Office)
	if _, n, err := w.Desk.AcceptSuggestions(t.Context(), office, "", id, working(t, w, id).Version); err != nil || n != 1 {
		t.Fatalf("accepted %d, %v", n, err)
	}
}

func TestATableGoesFromTheUploadToThePlan(t *testing.T) { // Rules I-40, I-42, I-44
	each(t, func(t *testing.T, w *testkit.Town) {
		ctx := t.Context()
		plan, office := importing(t, w)
		id := upload(t, w, plan, imported)
		im := working(t, w, id)
		if got := paper.Count(im.Rows); got.Rows != 4 || got.Open != 3 || got.Clear != 1 {
			t.Fatalf("tally %+v", got)
		}
		if a := im.Reading.Account(); a.Places != 9 || a.Tasks+a.Headings+a.LeftOut != a.Places {
			t.Errorf("account %+v", a)
		}
		_, _, err := w.Desk.Apply(ctx, office, "", id, im.Version)
		refused(t, err, fault.Conflict, "import.still-open")
		settleAll(t, w, id)
		version := working(t, w, id).Version
		first, done, err := w.Desk.Apply(ctx, office, "apply", id, version)
		if err != nil || done.Rows != 4 || done.Plan != plan {
			t.Fatalf("applied %+v, %v", done, err)
		}
		checkImported(t, w.Tasks(plan))

		again, _, err := w.Desk.Apply(ctx, office, "apply", id, version)
		if err != nil || !again.Again || again.Number != first.Number {
			t.Errorf("the same click again: %+v, %v", again, err)
		}
		_, _, err = w.Desk.Apply(ctx, office, "another", id, version)
		refused(t, err, fault.Conflict, "import.applied")
		skip := "x"
		_, err = w.Desk.Mend(ctx, office, "", id, act.Mending{Version: version, Skip: &skip})
		refused(t, err, fault.Conflict, "import.applied")
		if n := len(w.Tasks(plan)); n != 6 {
			t.Errorf("%d tasks after a second click, want 6", n)
		}
		if _, err := w.Desk.IssuePlan(ctx, office, "", plan); err != nil {
			t.Fatal(err)
		}
		for _, k := range w.Tasks(plan) {
			if k.State != task.Issued {
				t.Errorf("%s of depth %d is %s after the plan was issued", k.Title, k.Depth, k.State)
			}
		}
	})
}

// checkImported wants four rows and the parts of the two county bureaus, all drafts.
func checkImported(t *testing.T, tasks []store.TaskRow) {
	t.Helper()
	byTitle := map[string]store.TaskRow{}
	var parts []store.TaskRow
	for _, k := range tasks {
		if k.State != task.Draft {
			t.Errorf("%s is %s", k.Title, k.State)
		}
		if k.Depth == 1 {
			parts = append(parts, k)
			continue
		}
		byTitle[k.Title] = k
	}
	brands := byTitle["新增四川名牌产品"]
	if len(byTitle) != 4 || brands.Target == nil || brands.Target.Value != task.Count(20) || brands.Leads[0] != testkit.LuzhouBureau ||
		brands.Cooperating[0] != testkit.LuzhouFarm || brands.Chapter[0] != "一、实施名牌战略" {
		t.Errorf("the first row is %+v", brands.Task)
	}
	if k := byTitle["规范小作坊标识"]; len(k.Leads) != 2 || k.LeadWords != "市工商质监局" {
		t.Errorf("a mended name became %v, words %q", k.Leads, k.LeadWords)
	}
	group := byTitle["签订目标责任书"]
	if group.Rollup != task.RollupCount || group.Leads[0] != testkit.LuzhouBureau || group.LeadWords != "各区县质监局" || len(parts) != 2 {
		t.Errorf("the group became %+v with %d parts", group.Task, len(parts))
	}
	for _, p := range parts {
		if p.Parent != group.ID || p.Setter != testkit.LuzhouBureau || p.Due != group.Due || p.Region == group.Region {
			t.Errorf("a part is %+v", p.Task)
		}
	}
}

func TestTwoPeopleMendingOneVersionConflict(t *testing.T) {
	each(t, func(t *testing.T, w *testkit.Town) {
		plan, office := importing(t, w)
		id := upload(t, w, plan, imported)
		im := working(t, w, id)
		mend(t, w, id, paper.QuestionDeadline, paper.Answer{Choice: paper.ChooseNone}, "")
		row, key := question(t, im, paper.QuestionUnknown)
		_, err := w.Desk.Mend(t.Context(), office, "", id, act.Mending{Version: im.Version, Row: row, Question: key, Answer: paper.Answer{Choice: paper.ChooseOpen}})
		refused(t, err, fault.Conflict, "changed-meanwhile")
		_, _, err = w.Desk.AcceptSuggestions(t.Context(), office, "", id, im.Version)
		refused(t, err, fault.Conflict, "changed-meanwhile")
	})
}

func TestATypedUnitMustBeOne(t *testing.T) { // Rule I-41
	each(t, func(t *testing.T, w *testkit.Town) {
		plan, office := importing(t, w)
		im := working(t, w, upload(t, w, plan, imported))
		row, key := question(t, im, paper.QuestionUnknown)
		for typed, want := range map[string]string{"市没有的局": "import.typed-unknown", "各区县质监局": "import.typed-group", "": "import.units-missing"} {
			_, err := w.Desk.Mend(t.Context(), office, "", im.ID, act.Mending{Version: im.Version, Row: row, Question: key, Typed: typed, Answer: paper.Answer{Choice: paper.ChooseUnits}})
			refused(t, err, fault.Invalid, want)
		}
		_, err := w.Desk.Mend(t.Context(), office, "", im.ID, act.Mending{Version: im.Version, Row: row, Question: key,
			Answer: paper.Answer{Choice: paper.ChooseUnits, Units: []org.UnitID{"nobody"}}})
		refused(t, err, fault.Invalid, "import.unit-absent")
	})
}

func TestOnlyThePlansOfficeImports(t *testing.T) { // Rule O-13
	each(t, func(t *testing.T, w *testkit.Town) {
		ctx := t.Context()
		plan, _ := importing(t, w)
		id := upload(t, w, plan, imported)
		for _, stranger := range []org.Caller{w.Caller(testkit.LuzhouBureau, org.Office), w.Caller(testkit.ProvinceBureau, org.Clerk)} {
			_, _, err := w.Desk.Upload(ctx, stranger, "", plan, "x.csv", strings.NewReader(imported), int64(len(imported)))
			refused(t, err, fault.NotFound, "absent")
			_, _, err = w.Desk.Apply(ctx, stranger, "", id, 1)
			refused(t, err, fault.NotFound, "absent")
			v := w.Store.View(stranger)
			_, err = v.Upload(ctx, id)
			refused(t, err, fault.NotFound, "absent")
		}
	})
}

func TestADocumentWithoutATableIsRefused(t *testing.T) {
	each(t, func(t *testing.T, w *testkit.Town) {
		plan, office := importing(t, w)
		const words = "关于召开会议的通知\n请各单位参加。\n"
		_, _, err := w.Desk.Upload(t.Context(), office, "", plan, "通知.txt", strings.NewReader(words), int64(len(words)))
		refused(t, err, fault.Invalid, "import.no-table")
		_, _, err = w.Desk.Upload(t.Context(), office, "", plan, "x.docx", strings.NewReader("PK\x03\x04…"), 7)
		refused(t, err, fault.Unsupported, "import.broken")
	})
}

func TestTheUploadsOfAPlanAreListed(t *testing.T) {
	each(t, func(t *testing.T, w *testkit.Town) {
		ctx := t.Context()
		plan, office := importing(t, w)
		upload(t, w, plan, imported)
		id := upload(t, w, plan, imported)
		v := w.Store.View(office)
		p, err := v.Plan(ctx, plan)
		if err != nil {
			t.Fatal(err)
		}
		all, err := v.Uploads(ctx, p, 10)
		if err != nil || len(all) != 2 || !all[0].Applied.IsZero() || all[0].Unit == "" {
			t.Fatalf("uploads %+v, %v", all, err)
		}
		settleAll(t, w, id)
		if _, _, err := w.Desk.Apply(ctx, office, "", id, working(t, w, id).Version); err != nil {
			t.Fatal(err)
		}
		all, err = v.Uploads(ctx, p, 10)
		applied := 0
		for _, e := range all {
			if !e.Applied.IsZero() && e.ID == id {
				applied++
			}
		}
		if err != nil || applied != 1 {
			t.Errorf("after applying: %+v, %v", all, err)
		}
		if _, err := w.Store.View(w.Caller(testkit.ProvinceBureau, org.Clerk)).Uploads(ctx, p, 10); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a clerk sees the uploads: %v", err)
		}
	})
}
