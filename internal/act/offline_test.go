package act_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"gongjian/internal/act"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/paper/bulk"
	"gongjian/internal/sheet"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/testkit"
)

// offlineTown is a town on 2 June 2010 with three signed tasks of 泸州's bureau: with a
// figure and evidence, with a figure, in words.
func offlineTown(t *testing.T, db *sqldb.DB) (*testkit.Town, org.Caller, []task.ID) {
	t.Helper()
	w := testkit.NewTown(t, db)
	brands := testkit.Brands()
	shops := testkit.Brands()
	shops.No, shops.Title, shops.Evidence, shops.Cooperating = "2", "规范小作坊", "", nil
	words := testkit.Brands()
	words.No, words.Title, words.Evidence, words.Target, words.Cooperating = "3", "建设示范区", "", nil, nil
	plan := w.Plan(w.Memorandum(), brands, shops, words)
	clerk := w.Caller(testkit.LuzhouBureau, org.Clerk)
	var ids []task.ID
	for _, k := range w.Tasks(plan) {
		ids = append(ids, k.ID)
		if _, err := w.Desk.Sign(t.Context(), clerk, "", k.ID); err != nil {
			t.Fatal(err)
		}
	}
	w.On(2010, 6, 2)
	return w, clerk, ids
}

// handed is the sheet that a caller is handed out, as its unit owes it, with what
// is filled in by the title of the task: value, words, no change.
func handed(t *testing.T, w *testkit.Town, c org.Caller, filled map[string][3]string) []byte {
	t.Helper()
	owed, _, err := w.Store.View(c).Owed(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := w.Desk.SheetSecret(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s := bulk.Sheet{Number: secret.Number(c.Unit().ID, w.Store.Today()), Unit: c.Unit().ID, Name: "表"}
	for _, o := range owed {
		s.Lines = append(s.Lines, bulk.Line{Task: o.ID, Period: o.Period, Title: o.Title})
	}
	return typedIn(t, s, secret, filled)
}

// typedIn writes a sheet and fills it in as a clerk does.
func typedIn(t *testing.T, s bulk.Sheet, secret bulk.Secret, filled map[string][3]string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := sheet.WriteXLSX(&b, s.Table(), s.Rows(secret)); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	name := f.GetSheetName(0)
	rows, err := f.GetRows(name)
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, row := range rows {
		if len(row) > 5 && row[0] == "任务" {
			for c, head := range row {
				at[strings.SplitN(head, "（", 2)[0]] = c + 1
			}
			continue
		}
		if len(row) == 0 || len(at) == 0 {
			continue
		}
		for n, head := range []string{"本期完成值", "进展说明", "无变化"} {
			cell, err := excelize.CoordinatesToCellName(at[head], i+1)
			if err != nil {
				t.Fatal(err)
			}
			if said := filled[row[0]][n]; said != "" {
				if err := f.SetCellValue(name, cell, said); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func take(t *testing.T, w *testkit.Town, c org.Caller, data []byte) (id string, rows []act.SheetRow) {
	t.Helper()
	_, id, err := w.Desk.TakeSheet(t.Context(), c, "", "表.xlsx", bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return id, look(t, w, c, id)
}

func look(t *testing.T, w *testkit.Town, c org.Caller, id string) []act.SheetRow {
	t.Helper()
	v := w.Store.View(c)
	u, err := v.BulkUpload(t.Context(), store.BulkOffline, id)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := w.Desk.Sheet(t.Context(), v, u)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func states(rows []act.SheetRow) string {
	var out []string
	for _, r := range rows {
		s := r.Title + " " + string(r.State)
		for _, f := range r.Faults {
			s += " " + f.Key
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

var allThree = map[string][3]string{"新增四川名牌产品": {"5", "新申报两个", ""}, "规范小作坊": {"8个", "", ""}, "建设示范区": {"", "", "是"}}

// Rule OS-02: whoever sends a sheet twice hands nothing in twice.
func TestASheetBecomesReportsOnce(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w, clerk, ids := offlineTown(t, db)
		data := handed(t, w, clerk, allThree)
		id, rows := take(t, w, clerk, data)
		if got := states(rows); got != "新增四川名牌产品 waits; 规范小作坊 ready; 建设示范区 no-change" {
			t.Fatal(got)
		}
		done, refused, err := w.Desk.HandIn(t.Context(), clerk, rows, nil)
		if err != nil || done != 2 || refused != 0 {
			t.Fatal(done, refused, err)
		}
		if done, _, err := w.Desk.HandIn(t.Context(), clerk, rows, nil); err != nil || done != 2 || len(w.Reports(ids[1])) != 1 {
			t.Errorf("pressed twice: %d %v, %d reports", done, err, len(w.Reports(ids[1])))
		}
		rows = look(t, w, clerk, id)
		if got := states(rows); got != "新增四川名牌产品 waits; 规范小作坊 done; 建设示范区 done" || rows[1].Receipt.Number == "" {
			t.Fatal(got, rows[1].Receipt)
		}
		file, err := w.Desk.KeepEvidence(clerk, strings.NewReader("%PDF-1.4"), "推荐文件.pdf")
		if err != nil {
			t.Fatal(err)
		}
		if done, _, err := w.Desk.HandIn(t.Context(), clerk, rows, map[int][]task.Evidence{rows[0].Row: {file}}); err != nil || done != 1 {
			t.Fatal(done, err)
		}
		reports := w.Reports(ids[0])
		if len(reports) != 1 || reports[0].Value != 5*task.One || reports[0].Words != "新申报两个" || len(reports[0].Evidence) != 1 {
			t.Errorf("%+v", reports)
		}
		if _, again := take(t, w, clerk, data); states(again) != "新增四川名牌产品 done; 规范小作坊 done; 建设示范区 done" {
			t.Error("the same sheet again: ", states(again))
		}
		if owed, _, err := w.Store.View(clerk).Owed(t.Context(), false); err != nil || len(owed) != 0 {
			t.Errorf("nothing is owed now: %d %v", len(owed), err)
		}
		if owed, _, err := w.Store.View(clerk).Owed(t.Context(), true); err != nil || len(owed) != 3 || owed[0].Period.Index != 6 {
			t.Errorf("June ahead of its end: %d %v", len(owed), err)
		}
	})
}

func TestWhatWasReportedMeanwhileIsShownAndNotOverwritten(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w, clerk, ids := offlineTown(t, db)
		data := handed(t, w, clerk, allThree)
		in := task.ReportInput{Period: may2010, Kind: task.ReportValue, Value: 7 * task.One}
		if _, err := w.Desk.Report(t.Context(), clerk, "", ids[1], in, nil); err != nil {
			t.Fatal(err)
		}
		id, rows := take(t, w, clerk, data)
		if rows[1].State != act.RowClash || rows[1].Standing.Value != 7*task.One || rows[1].In.Value != 8*task.One {
			t.Fatalf("%s: %+v", states(rows), rows[1])
		}
		reports := w.Reports(ids[1])
		verifier := w.Caller(testkit.ProvinceBureau, org.Verifier)
		if _, err := w.Desk.Return(t.Context(), verifier, "", reports[0].ID, "数字不符"); err != nil {
			t.Fatal(err)
		}
		rows = look(t, w, clerk, id)
		if rows[1].State != act.RowReady {
			t.Fatal(states(rows))
		}
		if _, _, err := w.Desk.HandIn(t.Context(), clerk, rows[1:2], nil); err != nil {
			t.Fatal(err)
		}
		reports = w.Reports(ids[1])
		if len(reports) != 2 || reports[1].Round != 2 || reports[1].Value != 8*task.One {
			t.Fatalf("%+v", reports)
		}
		if _, err := w.Desk.Return(t.Context(), verifier, "", reports[1].ID, "数字仍与台账不符"); err != nil {
			t.Fatal(err)
		}
		if rows = look(t, w, clerk, id); rows[1].State != act.RowWrong || rows[1].Faults[0].Key != "offline.same-as-returned" {
			t.Errorf("what was returned does not go out again by itself: %s", states(rows))
		}
	})
}

// Rule OS-07: a sheet is its unit's; another unit's post sees and reports nothing by it.
func TestASheetIsItsUnits(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w, clerk, _ := offlineTown(t, db)
		data := handed(t, w, clerk, allThree)
		id, _ := take(t, w, clerk, data)
		farm := w.Caller(testkit.LuzhouFarm, org.Clerk)
		if _, err := w.Store.View(farm).BulkUpload(t.Context(), store.BulkOffline, id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("another unit sees the sheet: %v", err)
		}
		if _, rows := take(t, w, farm, data); states(rows) != "新增四川名牌产品 wrong offline.other-unit; 规范小作坊 wrong offline.other-unit; 建设示范区 wrong offline.other-unit" {
			t.Error(states(rows))
		}
		for _, role := range []org.Role{org.Leader, org.Verifier, org.Auditor, org.Admin} {
			c := w.Caller(testkit.LuzhouBureau, role)
			if _, _, err := w.Desk.TakeSheet(t.Context(), c, "", "表.xlsx", bytes.NewReader(data), int64(len(data))); err == nil {
				t.Errorf("%s takes a sheet in", role)
			}
			if _, _, err := w.Store.View(c).Owed(t.Context(), false); err == nil {
				t.Errorf("%s is handed a sheet out", role)
			}
		}
		office := w.Store.View(w.Caller(testkit.ProvinceBureau, org.Office))
		units, err := office.UnitsOwing(t.Context(), "510500")
		if err != nil || len(units) != 1 || units[0].ID != testkit.LuzhouBureau {
			t.Errorf("units that owe: %+v %v", units, err)
		}
		if owed, _, err := office.OwedBy(t.Context(), testkit.LuzhouBureau, false); err != nil || len(owed) != 3 {
			t.Errorf("the office's sheet for the unit: %d %v", len(owed), err)
		}
		if units, err := office.UnitsOwing(t.Context(), "513400"); err != nil || len(units) != 0 {
			t.Errorf("凉山 owes nothing: %+v %v", units, err)
		}
		if _, err := w.Store.View(clerk).UnitsOwing(t.Context(), "510500"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a clerk gets the sheets of others: %v", err)
		}
		if units, err := w.Store.View(w.Caller(testkit.LiangshanBureau, org.Office)).UnitsOwing(t.Context(), "510000"); err != nil || len(units) != 0 {
			t.Errorf("an office without these plans gets their sheets: %+v %v", units, err)
		}
	})
}

func TestARowThatTheRulesForbidSaysWhyAtItsCell(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w, clerk, ids := offlineTown(t, db)
		april := may2010.Prev()
		if _, err := w.Desk.Report(t.Context(), clerk, "", ids[1], task.ReportInput{Period: april, Kind: task.ReportValue, Value: 9 * task.One}, nil); err != nil {
			t.Fatal(err)
		}
		_, rows := take(t, w, clerk, handed(t, w, clerk, allThree))
		if rows[1].State != act.RowWrong || rows[1].Faults[0].Key != "report.less-than-before" || rows[1].Faults[0].Field != "value" || rows[1].Before.Value != 9*task.One {
			t.Errorf("%s: %+v", states(rows), rows[1].Faults)
		}
		office := w.Caller(testkit.ProvinceBureau, org.Office)
		if _, err := w.Desk.Withdraw(t.Context(), office, "", ids[2], "不再开展"); err != nil {
			t.Fatal(err)
		}
		id, rows := take(t, w, clerk, handed(t, w, clerk, allThree))
		if len(rows) != 2 || id == "" {
			t.Errorf("a withdrawn task is asked for no more: %s", states(rows))
		}
	})
}

const rosterText = "单位名称,简称,类别,层级,上级（条）,上级（块）,区划代码,岗位,姓名,登录名,角色,起任日期\n"

func takeRoster(t *testing.T, w *testkit.Town, c org.Caller, rows ...string) store.BulkUpload {
	t.Helper()
	text := rosterText + strings.Join(rows, "\n") + "\n"
	_, id, err := w.Desk.TakeRoster(t.Context(), c, "", "名册.csv", strings.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	return rosterNow(t, w, c, id)
}

func rosterNow(t *testing.T, w *testkit.Town, c org.Caller, id string) store.BulkUpload {
	t.Helper()
	u, err := w.Store.View(c).BulkUpload(t.Context(), store.BulkRoster, id)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func rosterPlan(t *testing.T, w *testkit.Town, c org.Caller, u store.BulkUpload) bulk.Plan {
	t.Helper()
	b, err := w.Store.View(c).RosterBooks(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p, err := w.Desk.Roster(u, b, c.Unit().Region, c.Person().ID, w.Store.Today())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Rules OS-05 and OS-06, and the roster twice.
func TestARosterIsEnteredAtOnceAndOnce(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		admin := w.Caller(testkit.ProvinceBureau, org.Admin)
		rows := []string{
			"合江县质量技术监督局,县质监局,垂直管理机构,县级,泸州市质量技术监督局,,510522,联络员,张X,zhangx,联络员,2010-01-01",
			",,,,,,,核实岗,李X,lix,核实岗,2010-01-01",
			"合江县质监局检测所,,事业单位,县级,合江县质量技术监督局,,510522,,,,,",
			"泸州市农业局,市农业局,,,,,,副主任,王X,wangx,分管领导,",
		}
		u := takeRoster(t, w, admin, rows...)
		p := rosterPlan(t, w, admin, u)
		if len(p.Faults)+len(p.Doubts) > 0 || len(p.Units) != 2 || len(p.Posts) != 3 || len(p.Persons) != 3 || len(p.Changed) != 1 {
			t.Fatalf("%+v", p)
		}
		r, access, err := w.Desk.ApplyRoster(t.Context(), admin, "once", u.ID, u.Version)
		if err != nil || len(access) != 3 || access[0].Token == "" || access[1].Unit != "合江县质量技术监督局" {
			t.Fatal(access, err)
		}
		if again, access, err := w.Desk.ApplyRoster(t.Context(), admin, "once", u.ID, u.Version); err != nil || len(access) != 0 || again.Number != r.Number {
			t.Errorf("sent twice: %+v %v", access, err)
		}
		if _, _, err := w.Desk.ApplyRoster(t.Context(), admin, "other", u.ID, u.Version); !fault.Is(err, "roster.applied") {
			t.Errorf("entered twice: %v", err)
		}
		if left := rosterNow(t, w, admin, u.ID); string(left.Reading) != "{}" {
			t.Errorf("the names are kept: %s", left.Reading)
		}
		person, err := w.Store.Link(t.Context(), access[0].Token)
		if err != nil || person != access[0].Person.ID {
			t.Errorf("the link: %v %v", person, err)
		}
		posts, err := w.Store.PostsOf(t.Context(), person, w.Store.Today())
		if err != nil || len(posts) != 1 || posts[0].UnitName != "合江县质量技术监督局" {
			t.Fatalf("%+v %v", posts, err)
		}
		c, err := w.Store.Caller(t.Context(), person, posts[0].Post, w.Store.Today())
		if err != nil || len(c.LineAbove()) != 2 || c.LineAbove()[0] != testkit.LuzhouBureau || c.Unit().Function != "质监" {
			t.Errorf("the new unit stands in its line: %+v %v", c.LineAbove(), err)
		}
		second := takeRoster(t, w, admin, rows...)
		if p := rosterPlan(t, w, admin, second); !p.Nothing() || len(p.Faults)+len(p.Doubts) > 0 {
			t.Errorf("the same roster again: %+v", p)
		}
		if _, _, err := w.Desk.ApplyRoster(t.Context(), admin, "", second.ID, second.Version); !fault.Is(err, "roster.nothing-new") {
			t.Errorf("nothing new: %v", err)
		}
	})
}

func TestADoubtOfARosterHoldsItUpUntilItIsAnswered(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		admin := w.Caller(testkit.ProvinceBureau, org.Admin)
		row := "泸州市农牧局,,政府部门,市级,,泸州市人民政府,510500,联络员,王X,wangx,,"
		u := takeRoster(t, w, admin, row)
		p := rosterPlan(t, w, admin, u)
		if p.Open() != 1 {
			t.Fatalf("%+v", p)
		}
		if _, _, err := w.Desk.ApplyRoster(t.Context(), admin, "", u.ID, u.Version); !fault.Is(err, "roster.still-open") {
			t.Errorf("with a doubt: %v", err)
		}
		mend := func(answer string) error {
			_, err := w.Desk.MendRoster(t.Context(), admin, "", u.ID, u.Version, p.Doubts[0].Key, answer)
			return err
		}
		if err := mend("unit:bureau"); !fault.Is(err, "roster.no-such-answer") {
			t.Errorf("an answer of one's own: %v", err)
		}
		if err := mend("unit:" + string(testkit.LuzhouFarm)); err != nil {
			t.Fatal(err)
		}
		if err := mend("new"); !fault.Is(err, "changed-meanwhile") {
			t.Errorf("an answer to an older look: %v", err)
		}
		u = rosterNow(t, w, admin, u.ID)
		if _, _, err := w.Desk.ApplyRoster(t.Context(), admin, "", u.ID, u.Version); err != nil {
			t.Fatal(err)
		}
		if p := rosterPlan(t, w, admin, takeRoster(t, w, admin, row)); !p.Nothing() || len(p.Doubts) != 0 {
			t.Errorf("the name is known now: %+v", p)
		}
		for _, role := range []org.Role{org.Office, org.Clerk, org.Leader, org.Auditor} {
			c := w.Caller(testkit.ProvinceBureau, role)
			if _, _, err := w.Desk.TakeRoster(t.Context(), c, "", "名册.csv", strings.NewReader(rosterText+row), int64(len(rosterText+row))); err == nil {
				t.Errorf("%s takes a roster in", role)
			}
			if _, err := w.Store.View(c).RosterBooks(t.Context()); err == nil {
				t.Errorf("%s reads the books", role)
			}
		}
	})
}

func TestARosterOfAThousandRowsIsOneAct(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		admin := w.Caller(testkit.ProvinceBureau, org.Admin)
		var rows []string
		for i := range 1000 {
			rows = append(rows, fmt.Sprintf("泸州市第%d检测所,,事业单位,市级,泸州市质量技术监督局,泸州市人民政府,510500,联络员,甲%d,login%d,联络员,2010-01-01", 1000+i*137, i, i))
		}
		u := takeRoster(t, w, admin, rows...)
		_, access, err := w.Desk.ApplyRoster(t.Context(), admin, "", u.ID, u.Version)
		if err != nil || len(access) != 1000 {
			t.Fatal(len(access), err)
		}
	})
}
