package bulk

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/sheet"
)

// The books of a small city.
var units = []org.Unit{
	{ID: "gov", Name: "四川省人民政府", Kind: org.Government, Level: org.Province, Region: "510000"},
	{ID: "bureau", Name: "四川省质量技术监督局", Kind: org.Agency, Level: org.Province, Region: "510000", Function: "质监", Block: "gov"},
	{ID: "luzhou-gov", Name: "泸州市人民政府", Kind: org.Government, Level: org.City, Region: "510500", Block: "gov"},
	{ID: "luzhou", Name: "泸州市质量技术监督局", Short: "市质监局", Kind: org.Agency, Level: org.City, Region: "510500", Function: "质监", Line: "bureau", Block: "luzhou-gov"},
	{ID: "farm", Name: "泸州市农业局", Kind: org.Department, Level: org.City, Region: "510500", Function: "农业", Block: "luzhou-gov"},
}

func facts(t testing.TB, r Register) RosterFacts {
	t.Helper()
	regions, err := org.StandardRegions()
	if err != nil {
		t.Fatal(err)
	}
	today := calendar.NewDate(2010, 6, 2)
	f := RosterFacts{Units: map[org.UnitID]org.Unit{}, Regions: regions, Find: org.NewIndex(units, nil, today).Match, Territory: "510500", By: "admin", Today: today}
	for _, u := range units {
		f.Units[u.ID] = u
	}
	f.Register = func([]org.UnitID, []string) (Register, error) { return r, nil }
	return f
}

func roster(t testing.TB, rows ...string) Roster {
	t.Helper()
	text := "单位全称,简称,性质,级别,条上级,块上级,行政区划代码,岗位名称,姓名,账号,角色,任职日期\n" + strings.Join(rows, "\n") + "\n"
	r, err := ReadRoster("名册.csv", strings.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func plan(t testing.TB, r Roster, c Choices, f RosterFacts) Plan {
	t.Helper()
	p, err := r.Plan(c, f)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func faultKeys(p Plan) (out []string) {
	for _, f := range p.Faults {
		out = append(out, fmt.Sprintf("%d %s %s", f.Row, f.Column, f.Fault.Key))
	}
	return out
}

func TestARosterListsWhatIsNew(t *testing.T) {
	r := roster(t,
		"纳溪区质量技术监督局,区质监局,垂直管理机构,县级,市质监局,,510503,联络员,张X,ZhangX,联络员,2010年5月1日",
		",,,,,,,核实岗,李X,lix,核实岗,",
		"泸州市农业局,,,,,,,联络员,王X,wangx,,20100601",
	)
	p := plan(t, r, nil, facts(t, Register{}))
	if len(p.Faults)+len(p.Doubts)+len(p.Notes) > 0 {
		t.Fatalf("%v %+v %+v", faultKeys(p), p.Doubts, p.Notes)
	}
	if len(p.Units) != 1 || len(p.Posts) != 3 || len(p.Persons) != 3 || len(p.Holdings) != 3 {
		t.Fatalf("%d units, %d posts, %d persons, %d holdings", len(p.Units), len(p.Posts), len(p.Persons), len(p.Holdings))
	}
	u := p.Units[0]
	if u.Line != "luzhou" || u.Level != org.County || u.Kind != org.Agency || u.Function != "质监" {
		t.Errorf("%+v", u)
	}
	if p.Posts[1].Unit != u.ID || !slices.Equal(p.Posts[2].Roles, []org.Role{org.Clerk}) || p.Posts[2].Unit != "farm" {
		t.Errorf("%+v", p.Posts)
	}
	if p.Persons[0].Login != "zhangx" || p.Holdings[0].From != calendar.NewDate(2010, 5, 1) || p.Holdings[1].From != calendar.NewDate(2010, 6, 2) || p.Holdings[2].From != calendar.NewDate(2010, 6, 1) {
		t.Errorf("%+v %+v", p.Persons, p.Holdings)
	}
}

// Rule OS-06: what stands in the books is compared, never overwritten.
func TestWhatStandsInTheBooksIsNotMadeAgain(t *testing.T) {
	books := Register{
		Posts:    []org.Post{{ID: "p", Unit: "farm", Title: "联络员", Roles: []org.Role{org.Clerk}}},
		Persons:  []org.Person{{ID: "n", Name: "王X", Login: "wangx"}, {ID: "m", Name: "赵X", Login: "zhaox"}},
		Holdings: []org.Holding{{Person: "n", Post: "p", From: calendar.NewDate(2009, 1, 1)}},
	}
	p := plan(t, roster(t, "泸州市农业局,,,,,,,联络员,王X,wangx,联络员,2010-06-01"), nil, facts(t, books))
	if !p.Nothing() || len(p.Faults) > 0 {
		t.Errorf("%+v %v", p, faultKeys(p))
	}
	p = plan(t, roster(t, "泸州市农业局,,企业,,,,,联络员,孙X,zhaox,核实岗,"), nil, facts(t, books))
	if got := faultKeys(p); len(got) != 1 || got[0] != "2 login roster.login-taken" {
		t.Errorf("%v", got)
	}
	if len(p.Notes) != 2 || len(p.Posts) != 0 {
		t.Errorf("another role and sort are said and not done: %+v %+v", p.Notes, p.Posts)
	}
}

// Rule OS-05: a doubt waits for a person.
func TestADoubtWaitsForAPerson(t *testing.T) {
	r := roster(t, "泸州市农牧局,市农业局,政府部门,市级,,市政府,510500,联络员,王X,wangx,,")
	p := plan(t, r, nil, facts(t, Register{}))
	if len(p.Doubts) != 1 || p.Open() != 1 || p.Doubts[0].Text != "roster.doubt.similar" || !p.Nothing() {
		t.Fatalf("%+v %v", p, faultKeys(p))
	}
	key := p.Doubts[0].Key
	for answer, check := range map[string]func(Plan) bool{
		ChooseNew: func(p Plan) bool { return len(p.Units) == 1 && p.Units[0].Block == "luzhou-gov" },
		ChooseUnit + "farm": func(p Plan) bool {
			return len(p.Units) == 0 && len(p.Posts) == 1 && p.Posts[0].Unit == "farm" && slices.ContainsFunc(p.Changed, func(c UnitChange) bool { return c.Alias == "泸州市农牧局" })
		},
		ChooseRename + "farm": func(p Plan) bool { return len(p.Changed) == 1 && p.Changed[0].Name == "泸州市农牧局" },
	} {
		if !p.Answers(key, answer) {
			t.Errorf("%s is no answer", answer)
		}
		if q := plan(t, r, Choices{key: answer}, facts(t, Register{})); q.Open() != 0 || !check(q) {
			t.Errorf("%s: %+v", answer, q)
		}
	}
	if p.Answers(key, ChooseUnit+"gov") || p.Answers(key, ChooseNone) || p.Answers("x", ChooseNew) {
		t.Error("an answer that was not offered is taken")
	}
	if q := plan(t, r, Choices{key: ChooseUnit + "nobody"}, facts(t, Register{})); q.Open() != 1 {
		t.Error("a unit that is not there settles the doubt")
	}
}

func TestFaultsStandAtTheirCells(t *testing.T) {
	tests := []struct{ row, want string }{
		{"泸州市农业局,,,,,,,联络员,王X,wangx,局长,", "2 role roster.role-unknown"},
		{"泸州市农业局,,,,,,,办事员,王X,wangx,,", "2 role roster.role-missing"},
		{"泸州市农业局,,,,,,,联络员,王X,wangx,联络员、系统管理员,", "2 role org.post-roles-separate"},
		{"泸州市农业局,,,,,,,联络员,王X,,,", "2 login roster.login-missing"},
		{"泸州市农业局,,,,,,,联络员,王X,wang x,,", "2 login person.login-form"},
		{"泸州市农业局,,,,,,,,王X,wangx,,", "2 post roster.post-missing"},
		{"泸州市农业局,,,,,,,联络员,王X,wangx,,下个月", "2 from roster.day-unreadable"},
		{"泸州市农业局,,,,,,,联络员,王X,wangx,,5月1日", "2 from roster.day-unreadable"},
		{"泸州市农业局,,,,,,,联络员,王X,wangx,,2010-02-30", "2 from roster.day-unreadable"},
		{"泸州市旅游局,,政府部门,市级,,,519999,联络员,王X,wangx,,", "2 region roster.region-unknown"},
		{"泸州市旅游局,,政府部门,县级,,,510500,联络员,王X,wangx,,", "2 level roster.level-differs"},
		{"泸州市旅游局,,,市级,,,510500,联络员,王X,wangx,,", "2 kind roster.kind-unknown"},
		{"各县（市、区）政府,,政府,县级,,,510500,联络员,王X,wangx,,", "2 unit roster.unit-group"},
		{",,,,,,,联络员,王X,wangx,,", "2 unit roster.unit-missing"},
	}
	for _, test := range tests {
		if got := faultKeys(plan(t, roster(t, test.row), nil, facts(t, Register{}))); len(got) != 1 || got[0] != test.want {
			t.Errorf("%s: %v, want %s", test.row, got, test.want)
		}
	}
	p := plan(t, roster(t, "泸州市农业局,,,,,,,联络员,王X,wangx,,", "泸州市质监局,,,,,,,联络员,赵X,wangx,,"), nil, facts(t, Register{}))
	if got := faultKeys(p); len(got) != 1 || got[0] != "3 login roster.login-twice" {
		t.Errorf("one login for two: %v", got)
	}
	p = plan(t, roster(t, "甲局,,政府部门,,乙局,,510500,,,,,", "乙局,,政府部门,,甲局,,510500,,,,,"), nil, facts(t, Register{}))
	if got := faultKeys(p); len(got) == 0 || !strings.Contains(got[0], "org.above-itself") {
		t.Errorf("a ring: %v", got)
	}
	f := facts(t, Register{Persons: []org.Person{{ID: "admin", Name: "周X", Login: "zhoux"}}})
	if got := faultKeys(plan(t, roster(t, "泸州市农业局,,,,,,,联络员,周X,zhoux,,"), nil, f)); len(got) != 1 || got[0] != "2 person person.own-holding" {
		t.Errorf("O-12, a right for oneself: %v", got)
	}
}

func TestTheTemplateIsAnEmptyRoster(t *testing.T) {
	for _, english := range []bool{false, true} {
		table, rows := Template("名册", "单位和人员名册", []string{"一行一个岗位。"}, english)
		var b bytes.Buffer
		err := sheet.WriteXLSX(&b, table, func(yield func(sheet.Row, error) bool) {
			for _, r := range rows {
				if !yield(r, nil) {
					return
				}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ReadRoster("名册.xlsx", bytes.NewReader(b.Bytes()), int64(b.Len())); !fault.Is(err, "roster.empty") {
			t.Errorf("the template of english=%v: %v", english, err)
		}
		for _, c := range table.Columns {
			for _, choice := range c.Choices {
				_, kind := meaning(kinds, choice)
				_, level := meaning(levels, choice)
				_, role := meaning(roles, choice)
				if !kind && !level && !role {
					t.Errorf("the list of %s offers %s, which is not read", c.Head, choice)
				}
			}
		}
	}
}

func TestAThousandRowsAreWorkedOut(t *testing.T) {
	var rows []string
	for i := range 1000 {
		rows = append(rows, fmt.Sprintf("泸州市第%d检测所,,事业单位,市级,市质监局,市政府,510500,联络员,甲%d,login%d,联络员,2010-01-01", i+1000, i, i))
	}
	p := plan(t, roster(t, rows...), nil, facts(t, Register{}))
	if len(p.Units) != 1000 || len(p.Persons) != 1000 || len(p.Holdings) != 1000 || len(p.Faults)+len(p.Doubts) != 0 {
		t.Errorf("%d units, %d persons, %d doubts, %v", len(p.Units), len(p.Persons), len(p.Doubts), faultKeys(p)[:min(3, len(p.Faults))])
	}
	if _, err := ReadRoster("x.csv", strings.NewReader("序号,单位\n1,甲\n"), 1<<10); !fault.Is(err, "roster.no-roster") {
		t.Errorf("another table: %v", err)
	}
}
