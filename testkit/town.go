package testkit

import (
	"bytes"
	"context"
	"crypto/rand"
	"testing"
	"time"

	"gongjian/internal/act"
	"gongjian/internal/blob"
	"gongjian/internal/calendar"
	"gongjian/internal/journal"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/seal"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// Town is a small province for tests: the province bureau, two city bureaus
// (泸州, 凉山) with two county bureaus each, their governments, one department,
// and a post of every kind. The id of a unit is the key in the comments below.
type Town struct {
	T     testing.TB
	Store *store.Store
	Desk  *act.Desk
	Clock *Clock
}

// The units of the town.
const (
	ProvinceBureau  org.UnitID = "bureau"        // 四川省质量技术监督局
	ProvinceGov     org.UnitID = "gov"           // 四川省人民政府
	LuzhouBureau    org.UnitID = "luzhou"        // 泸州市质量技术监督局
	LuzhouGov       org.UnitID = "luzhou-gov"    // 泸州市人民政府
	LuzhouFarm      org.UnitID = "luzhou-farm"   // 泸州市农业局
	JiangyangBureau org.UnitID = "jiangyang"     // 江阳区质量技术监督局
	NaxiBureau      org.UnitID = "naxi"          // 纳溪区质量技术监督局
	LiangshanBureau org.UnitID = "liangshan"     // 凉山州质量技术监督局
	LiangshanGov    org.UnitID = "liangshan-gov" // 凉山彝族自治州人民政府
	MianningBureau  org.UnitID = "mianning"      // 冕宁县质量技术监督局
	XichangBureau   org.UnitID = "xichang"       // 西昌市质量技术监督局
)

func townUnits() []org.Unit {
	agency := func(id org.UnitID, name string, level org.Level, region org.RegionCode, line, block org.UnitID) org.Unit {
		return org.Unit{ID: id, Name: name, Kind: org.Agency, Level: level, Region: region, Function: "质监", Line: line, Block: block}
	}
	gov := func(id org.UnitID, name string, level org.Level, region org.RegionCode, block org.UnitID) org.Unit {
		return org.Unit{ID: id, Name: name, Kind: org.Government, Level: level, Region: region, Block: block}
	}
	return []org.Unit{
		gov(ProvinceGov, "四川省人民政府", org.Province, "510000", ""),
		agency(ProvinceBureau, "四川省质量技术监督局", org.Province, "510000", "", ProvinceGov),
		gov(LuzhouGov, "泸州市人民政府", org.City, "510500", ProvinceGov),
		agency(LuzhouBureau, "泸州市质量技术监督局", org.City, "510500", ProvinceBureau, LuzhouGov),
		{ID: LuzhouFarm, Name: "泸州市农业局", Kind: org.Department, Level: org.City, Region: "510500", Function: "农业", Block: LuzhouGov},
		agency(JiangyangBureau, "江阳区质量技术监督局", org.County, "510502", LuzhouBureau, ""),
		agency(NaxiBureau, "纳溪区质量技术监督局", org.County, "510503", LuzhouBureau, ""),
		gov(LiangshanGov, "凉山彝族自治州人民政府", org.City, "513400", ProvinceGov),
		agency(LiangshanBureau, "凉山彝族自治州质量技术监督局", org.City, "513400", ProvinceBureau, LiangshanGov),
		agency(XichangBureau, "西昌市质量技术监督局", org.County, "513401", LiangshanBureau, ""),
		agency(MianningBureau, "冕宁县质量技术监督局", org.County, "513433", LiangshanBureau, ""),
	}
}

// townRoles are the kinds of post that every unit of the town has, each held by
// one person; post and person are named unit/role.
var townRoles = [][]org.Role{{org.Office}, {org.Leader}, {org.Clerk}, {org.Verifier}, {org.Scorer}, {org.Auditor}, {org.Admin}}

// NewTown founds the town in an empty database. Its clock stands at 09:00 on
// 4 January 2010, a Monday.
func NewTown(t testing.TB, db *sqldb.DB) *Town {
	t.Helper()
	if err := store.Migrate(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	policies, err := org.StandardPolicies()
	if err != nil {
		t.Fatal(err)
	}
	clock := NewClock(time.Date(2010, 1, 4, 9, 0, 0, 0, calendar.China))
	s := store.New(db, store.Config{Policies: policies, Clock: clock.Now, Random: rand.Reader, Workdays: calendar.Default(), Rules: task.DefaultRulebook()})
	f := store.Founding{Units: townUnits()}
	since := calendar.NewDate(2008, 1, 1)
	for _, u := range f.Units {
		for _, roles := range townRoles {
			id := string(u.ID) + "/" + string(roles[0])
			f.Posts = append(f.Posts, org.Post{ID: org.PostID(id), Unit: u.ID, Title: string(roles[0]), Roles: roles})
			f.Persons = append(f.Persons, org.Person{ID: org.PersonID(id), Name: id, Login: id})
			f.Holdings = append(f.Holdings, org.Holding{Person: org.PersonID(id), Post: org.PostID(id), From: since})
		}
	}
	if err := s.Found(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	files, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return &Town{T: t, Store: s, Desk: act.New(s, files), Clock: clock}
}

// KeepKeys lets the desk keep signing keys for posts, as the server does.
func (w *Town) KeepKeys() {
	w.T.Helper()
	box, err := seal.NewBox(bytes.Repeat([]byte{7}, seal.BoxKey), rand.Reader)
	if err != nil {
		w.T.Fatal(err)
	}
	w.Desk = w.Desk.Keeping(box)
}

// Journal is the town's journal with a key made for it, and the public key that
// its statements are checked with.
func (w *Town) Journal(db *sqldb.DB) (log *journal.Log, public string) {
	w.T.Helper()
	private, public, err := journal.GenerateKey(rand.Reader, "town.example")
	if err != nil {
		w.T.Fatal(err)
	}
	signer, err := journal.LoadSigner(private)
	if err != nil {
		w.T.Fatal(err)
	}
	return journal.New(db, signer, w.Clock.Now), public
}

// Caller is the person who holds the unit's post of a role.
func (w *Town) Caller(unit org.UnitID, role org.Role) org.Caller {
	w.T.Helper()
	id := string(unit) + "/" + string(role)
	c, err := w.Store.Caller(w.T.Context(), org.PersonID(id), org.PostID(id), w.Store.Today())
	if err != nil {
		w.T.Fatal(err)
	}
	return c
}

// On sets the clock to 10:00 in China on a day.
func (w *Town) On(year int, month time.Month, day int) {
	w.Clock.Set(time.Date(year, month, day, 10, 0, 0, 0, calendar.China))
}

// Memorandum enters 泸州's memorandum, signed on 6 January 2010, run by the
// province bureau's office, with one clause and one commitment.
func (w *Town) Memorandum() memo.Memorandum {
	w.T.Helper()
	m := memo.Memorandum{
		Title: "四川省质监局 泸州市人民政府合作备忘录", Kind: "合作备忘录", Region: "510500", Stage: memo.InForce,
		Parties: []org.UnitID{ProvinceBureau, LuzhouGov}, Signed: calendar.NewDate(2010, 1, 6), Until: calendar.NewDate(2012, 12, 31),
		Clauses: []memo.Clause{{No: "第三条（二）", Text: "支持泸州市实施名牌战略。", Commitments: []memo.Commitment{
			{Obligor: LuzhouGov, Confirms: ProvinceBureau, Text: "三年内新增四川名牌产品五十个以上"},
		}}},
	}
	_, id, err := w.Desk.EnterMemorandum(w.T.Context(), w.Caller(ProvinceBureau, org.Office), "", m)
	if err != nil {
		w.T.Fatal(err)
	}
	m.ID, m.Office = id, ProvinceBureau
	return m
}

// Plan enters the plan of 2010 with the given rows and issues it.
func (w *Town) Plan(m memo.Memorandum, rows ...act.Row) memo.PlanID {
	w.T.Helper()
	ctx, office := w.T.Context(), w.Caller(ProvinceBureau, org.Office)
	_, id, err := w.Desk.EnterPlan(ctx, office, "", m.ID, 2010, "泸州市2010年度工作计划")
	if err != nil {
		w.T.Fatal(err)
	}
	if _, err := w.Desk.EnterTasks(ctx, office, "", id, rows); err != nil {
		w.T.Fatal(err)
	}
	if _, err := w.Desk.IssuePlan(ctx, office, "", id); err != nil {
		w.T.Fatal(err)
	}
	return id
}

// Brands is the row 新增四川名牌产品，不少于20个, led by 泸州's bureau with the
// farm bureau's help, due on 31 October 2010.
func Brands() act.Row {
	return act.Row{
		No: "1", Chapter: []string{"一、实施名牌战略"}, Title: "新增四川名牌产品", Leads: []org.UnitID{LuzhouBureau},
		Cooperating: []org.UnitID{LuzhouFarm}, Evidence: "推荐文件",
		Deadline: task.Deadline{Text: "2010年10月底前", Kind: task.DeadlineByDate, Date: calendar.NewDate(2010, 10, 31)},
		Target:   &task.Target{Text: "不少于20个", Op: task.OpAtLeast, Value: 20 * task.One, Unit: "个"},
	}
}

// Tasks returns the plan's tasks, parents before parts.
func (w *Town) Tasks(plan memo.PlanID) []store.TaskRow {
	w.T.Helper()
	rows, err := w.Store.View(w.Caller(ProvinceBureau, org.Office)).PlanTasks(context.Background(), plan)
	if err != nil {
		w.T.Fatal(err)
	}
	return rows
}

// Reports returns the reports of a task, oldest first.
func (w *Town) Reports(id task.ID) []task.Report {
	w.T.Helper()
	reports, err := w.Store.View(w.Caller(ProvinceBureau, org.Office)).Reports(context.Background(), id)
	if err != nil {
		w.T.Fatal(err)
	}
	return reports
}
