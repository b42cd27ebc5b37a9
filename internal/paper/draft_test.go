package paper

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// known are the units that the drafts of these tests find.
var known = map[string]org.Match{
	"市质监局":       {Outcome: org.Found, Unit: "zhijian"},
	"市农业局":       {Outcome: org.Found, Unit: "nongye"},
	"市旧局":        {Outcome: org.Found, Unit: "old", Successor: "new"},
	"雁江区":        {Outcome: org.Ambiguous, Candidates: []org.UnitID{"yanjiang"}},
	"市工商质监局":     {Outcome: org.Unknown, Candidates: []org.UnitID{"gongshang", "zhijian"}},
	"各县（市、区）政府":  {Outcome: org.Grouped, Group: org.GroupQuery{Words: "各县（市、区）政府", Types: []string{"县"}, Kind: org.Government}},
	"各有关单位":      {Outcome: org.Grouped, Group: org.GroupQuery{Words: "各有关单位", Open: true}},
	"沿线县（市、区）政府": {Outcome: org.Grouped, Group: org.GroupQuery{Words: "沿线县（市、区）政府", Types: []string{"县"}, Kind: org.Government, Open: true}},
}

func factsOfTests() DraftFacts {
	return DraftFacts{
		Year: 2010, Office: "office", Gatherer: "zhijian", Workdays: calendar.Default(),
		Events: task.Events{Signed: calendar.NewDate(2010, 1, 6), Year: 2010},
		Match: func(printed string) org.Match {
			if m, ok := known[printed]; ok {
				return m
			}
			return org.Match{Outcome: org.Unknown}
		},
		Members: func(q org.GroupQuery) []org.UnitID {
			if q.Open {
				return nil
			}
			return []org.UnitID{"jiangyang", "naxi", "luxian"}
		},
	}
}

func tableRow(lead, deadline string) Row {
	return Row{Task: "做一件事", Lead: SplitUnits(lead), Deadline: ReadDeadline(deadline, 2010)}
}

func helped(cooperating string) Row {
	row := tableRow("市质监局", "")
	row.Cooperating = []string{cooperating}
	return row
}

func draftOf(m Mends, rows ...Row) []DraftRow { return Draft(Result{Rows: rows}, m, factsOfTests()) }

// answered drafts rows after one answer.
func answered(t *testing.T, index int, key string, a Answer, rows ...Row) []DraftRow {
	t.Helper()
	m, err := Mends{}.With(draftOf(Mends{}, rows...), index, key, a)
	if err != nil {
		t.Fatal(err)
	}
	return draftOf(m, rows...)
}

func codes(r DraftRow) (out []string) {
	for _, q := range r.Questions {
		if q.Answer == nil {
			out = append(out, q.Code)
		}
	}
	return out
}

func TestADraftAsksAboutWhatItDoesNotKnow(t *testing.T) { // Rule I-41
	clear := tableRow("市质监局", "6月底前")
	several := tableRow("市质监局、市农业局", "年底前")
	several.doubt("units", DoubtLeader)
	figure := tableRow("市质监局", "")
	figure.Target = &task.Target{Text: "“三个100%”"}
	figure.doubt("target", DoubtFigure)
	empty := tableRow("市质监局", "")
	empty.Task = ""
	empty.doubt("row", DoubtNoTask)
	reversed := tableRow("市质监局", "")
	reversed.Target = &task.Target{Text: "3-1个", Op: task.OpRange, Value: task.Count(3), High: task.Count(1)}
	for name, c := range map[string]struct {
		row  Row
		want []string
		have Answer // the suggestion of the first question, zero: none
	}{
		"nothing in doubt":     {row: clear},
		"no such unit":         {tableRow("市工商质监局", ""), []string{QuestionUnknown}, Answer{}},
		"one may be meant":     {tableRow("雁江区", ""), []string{QuestionAmbiguous}, Answer{Choice: ChooseUnits, Units: []org.UnitID{"yanjiang"}}},
		"merged since":         {tableRow("市旧局", ""), []string{QuestionMerged}, Answer{Choice: ChooseUnits, Units: []org.UnitID{"new"}}},
		"nobody named":         {tableRow("各有关单位", ""), []string{QuestionGroupOpen}, Answer{Choice: ChooseOpen}},
		"a group leads":        {tableRow("各县（市、区）政府", ""), []string{QuestionGroup}, Answer{Choice: ChooseEach, Units: []org.UnitID{"zhijian"}}},
		"no leader":            {tableRow("", ""), []string{DoubtNoLeader}, Answer{}},
		"who leads":            {several, []string{DoubtLeader}, Answer{Choice: ChooseFirst}},
		"a day to look up":     {tableRow("市质监局", "汛期来临前"), []string{QuestionDeadline}, Answer{}},
		"words without a day":  {tableRow("市质监局", "适时"), []string{QuestionDeadline}, Answer{Choice: ChooseNone}},
		"before the plan":      {tableRow("市质监局", "2009年5月31日"), []string{QuestionEarly}, Answer{Choice: ChooseDate, Date: calendar.NewDate(2010, 5, 31)}},
		"an unclear figure":    {figure, []string{DoubtFigure}, Answer{Choice: ChooseKeep}},
		"nothing to do":        {empty, []string{DoubtNoTask}, Answer{}},
		"what no task may be":  {reversed, []string{QuestionUnfit}, Answer{}},
		"a helper not known":   {helped("某公司"), []string{QuestionUnknown}, Answer{}},
		"a group that helps":   {helped("各县（市、区）政府"), nil, Answer{}},
		"a counted from event": {tableRow("市质监局", "签署后三十日内"), nil, Answer{}},
	} {
		t.Run(name, func(t *testing.T) {
			got := draftOf(Mends{}, c.row)[0]
			if d := cmp.Diff(c.want, codes(got)); d != "" {
				t.Fatalf("questions (- want, + got):\n%s", d)
			}
			if got.Ready() != (len(c.want) == 0) {
				t.Errorf("ready is %v", got.Ready())
			}
			have := Answer{}
			if len(got.Questions) > 0 && got.Questions[0].Suggest != nil {
				have = *got.Questions[0].Suggest
			}
			if d := cmp.Diff(c.have, have); d != "" {
				t.Errorf("suggestion (- want, + got):\n%s", d)
			}
		})
	}
}

func TestOneAnswerAboutANameHoldsForTheTable(t *testing.T) { // Rule I-42
	rows := []Row{tableRow("市工商质监局", ""), tableRow("市质监局", ""), tableRow("市工商质监局、市农业局", "")}
	before := draftOf(Mends{}, rows...)
	if n := before[0].Questions[0].Rows; n != 2 {
		t.Errorf("the question stands in %d rows, want 2", n)
	}
	got := answered(t, 2, "name.市工商质监局", Answer{Choice: ChooseUnits, Units: []org.UnitID{"gongshang", "zhijian"}}, rows...)
	if d := cmp.Diff([]org.UnitID{"gongshang", "zhijian"}, got[0].Leads); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]org.UnitID{"gongshang", "zhijian", "nongye"}, got[2].Leads); d != "" {
		t.Error(d)
	}
	if got[0].LeadWords != "市工商质监局" || got[1].LeadWords != "" {
		t.Errorf("the printed words are %q and %q", got[0].LeadWords, got[1].LeadWords)
	}
}

func TestAnOpenGroupIsLedByTheOffice(t *testing.T) { // Rule I-43
	got := answered(t, 0, "name.各有关单位", Answer{Choice: ChooseOpen}, tableRow("各有关单位", ""))[0]
	if d := cmp.Diff([]org.UnitID{"office"}, got.Leads); d != "" || got.LeadWords != "各有关单位" || !got.Ready() {
		t.Errorf("leads %v, words %q, ready %v", got.Leads, got.LeadWords, got.Ready())
	}
	helps := helped("各有关单位")
	helps.Cells = []Cell{{Header: "配合单位", Text: "各有关单位"}}
	got = answered(t, 0, "name.各有关单位", Answer{Choice: ChooseOpen}, helps)[0]
	if got.Note != "配合单位：各有关单位" || len(got.Leads) != 1 || got.Leads[0] != "zhijian" {
		t.Errorf("leads %v, note %q", got.Leads, got.Note)
	}
}

func TestAGroupThatLeadsHasAPartForEachMember(t *testing.T) { // Rule I-44
	row := tableRow("各县（市、区）政府", "年底前")
	each := Answer{Choice: ChooseEach, Units: []org.UnitID{"zhijian"}}
	got := answered(t, 0, "name.各县（市、区）政府", each, row)[0]
	want := []org.UnitID{"jiangyang", "naxi", "luxian"}
	if d := cmp.Diff(want, got.Each); d != "" || got.Rollup != task.RollupCount || !slices.Equal(got.Leads, []org.UnitID{"zhijian"}) {
		t.Errorf("each %v, leads %v, roll-up %s", got.Each, got.Leads, got.Rollup)
	}
	got = answered(t, 0, "name.各县（市、区）政府", Answer{Choice: ChooseTogether}, row)[0]
	if d := cmp.Diff(want, got.Leads); d != "" || got.Each != nil {
		t.Errorf("together: leads %v, each %v", got.Leads, got.Each)
	}
}

func TestTheNumberOfAGroupIsAskedAboutUnlessTheWordsSay(t *testing.T) { // Rule I-44
	row := tableRow("各县（市、区）政府", "")
	row.Target = ReadTarget("2个", "")
	group := Answer{Choice: ChooseEach, Units: []org.UnitID{"zhijian"}}
	rows := answered(t, 0, "name.各县（市、区）政府", group, row)
	if d := cmp.Diff([]string{QuestionShared}, codes(rows[0])); d != "" {
		t.Fatal(d)
	}
	whole := Mends{Whole: map[string]Answer{"name.各县（市、区）政府": group}}
	m, err := whole.With(rows, 0, "group-target", Answer{Choice: ChooseEach})
	if err != nil {
		t.Fatal(err)
	}
	got := draftOf(m, row)[0]
	if got.EachTarget == nil || got.EachTarget.Value != task.Count(2) || got.Target.Numeric() || got.Rollup != task.RollupCount {
		t.Errorf("each %v, of all %v, roll-up %s", got.EachTarget, got.Target, got.Rollup)
	}
	if m, err = whole.With(rows, 0, "group-target", Answer{Choice: ChooseTogether}); err != nil {
		t.Fatal(err)
	}
	if got = draftOf(m, row)[0]; got.EachTarget != nil || !got.Target.Numeric() || got.Rollup != task.RollupSum {
		t.Errorf("together: each %v, of all %v, roll-up %s", got.EachTarget, got.Target, got.Rollup)
	}
	row.Task = "每个县建成2个"
	if q := answered(t, 0, "name.各县（市、区）政府", group, row)[0].Questions[1]; q.Suggest == nil || q.Suggest.Choice != ChooseEach {
		t.Error("每 does not suggest that the number is each member's")
	}
}

func TestABlankLeadSuggestsTheOneAbove(t *testing.T) { // Rule I-41
	rows := draftOf(Mends{}, tableRow("市农业局", ""), tableRow("", ""))
	if q := rows[1].Questions[0]; q.Suggest == nil || !slices.Equal(q.Suggest.Units, []org.UnitID{"nongye"}) {
		t.Errorf("suggested %v", q.Suggest)
	}
}

func TestAcceptingLeavesOpenWhatHasNoSuggestion(t *testing.T) { // Rule I-41
	rows := []Row{tableRow("各有关单位", "适时"), tableRow("市工商质监局", ""), tableRow("各有关单位", "")}
	m, n := Mends{}.Accept(draftOf(Mends{}, rows...))
	if n != 2 {
		t.Errorf("%d accepted, want the group once and the deadline", n)
	}
	got := Count(draftOf(m, rows...))
	if d := cmp.Diff(Tally{Rows: 3, Asked: 3, Mended: 2, Open: 1}, got); d != "" {
		t.Errorf("tally (- want, + got):\n%s", d)
	}
}

func TestATableWithoutAYearIsOfThePlansYear(t *testing.T) { // Rule I-45
	row := Row{Task: "做", Lead: []string{"市质监局"}, Deadline: ReadDeadline("年底前", 0)}
	if got := draftOf(Mends{}, row)[0]; !got.Ready() || got.Due != calendar.NewDate(2010, 12, 31) {
		t.Errorf("due %v, open %v", got.Due, codes(got))
	}
	if got := Draft(Result{Year: 2011, Rows: []Row{row}}, Mends{}, factsOfTests())[0]; got.Ready() {
		t.Error("what a table of another year left unread is read as of the plan's year")
	}
}

func TestAnAnswerMustSayWhatItsChoiceNeeds(t *testing.T) {
	rows := draftOf(Mends{}, tableRow("市工商质监局", "汛期来临前"))
	for _, c := range []struct {
		key  string
		a    Answer
		want string
	}{
		{"deadline", Answer{Choice: ChooseDate}, "import.date-missing"},
		{"deadline", Answer{Choice: ChooseFirst}, "import.choice"},
		{"name.市工商质监局", Answer{Choice: ChooseUnits}, "import.units-missing"},
		{"name.没有的局", Answer{Choice: ChooseOpen}, "import.question-gone"},
	} {
		if _, err := (Mends{}).With(rows, 0, c.key, c.a); !fault.Is(err, c.want) {
			t.Errorf("%s: got %v, want %s", c.key, err, c.want)
		}
	}
}

func TestCorrectedWordsAreReadAnew(t *testing.T) {
	row := tableRow("市工商质监局", "汛期来临前")
	row.doubt("units", DoubtBrokenOff)
	rows := draftOf(Mends{}, row)
	lead, deadline, same := "市质监局、市农业局", "6-30", "做一件事"
	m := Mends{}.Correct(rows, 0, Words{Task: &same, Lead: &lead, Deadline: &deadline})
	if m.Rows[0].Words.Task != nil {
		t.Error("words that did not change are kept as a correction")
	}
	got := draftOf(m, row)[0]
	if !got.Ready() || !got.Mended() || got.Deadline.Date != calendar.NewDate(2010, 6, 30) || len(got.Leads) != 2 {
		t.Errorf("ready %v, deadline %v, leads %v, open %v", got.Ready(), got.Deadline, got.Leads, codes(got))
	}
}

func TestASkippedRowAsksNothingAndComesBack(t *testing.T) {
	row := tableRow("市工商质监局", "")
	m := Mends{}.LeaveOut(0, "与第3行重复")
	got := draftOf(m, row)
	if len(got[0].Questions) != 0 || got[0].Ready() || Count(got).Skipped != 1 || Count(got).Rows != 0 {
		t.Errorf("skipped: %+v", Count(got))
	}
	if got = draftOf(m.LeaveOut(0, ""), row); Count(got).Open != 1 {
		t.Errorf("taken in again: %+v", Count(got))
	}
}

func TestADayIsReadAsItIsTyped(t *testing.T) {
	for typed, want := range map[string]calendar.Date{
		"6-30": calendar.NewDate(2010, 6, 30), "6月30日": calendar.NewDate(2010, 6, 30), "2010-06-30": calendar.NewDate(2010, 6, 30),
		"６－３０": calendar.NewDate(2010, 6, 30), "6月底": calendar.NewDate(2010, 6, 30),
	} {
		if got, ok := ReadDay(typed, 2010); !ok || got != want {
			t.Errorf("%s is %v, %v", typed, got, ok)
		}
	}
	for _, typed := range []string{"", "2-30", "13-1", "汛期前", "每月"} {
		if got, ok := ReadDay(typed, 2010); ok {
			t.Errorf("%q is read as %v", typed, got)
		}
	}
}

const smallTable = "泸州市2010年任务分解表\n序号,工作任务,责任单位,完成时限,目标值\n一、名牌,,,,\n1,新增四川名牌产品,市质监局,10月底前,不少于20个\n2,开展检查,市农业局,汛期来临前,\n合计,2,,,\n备注：以上任务按季通报。\n"

func TestEveryPlaceOfADocumentIsAccountedFor(t *testing.T) { // Rule I-40
	r, err := Read("表.csv", strings.NewReader(smallTable), int64(len(smallTable)))
	if err != nil {
		t.Fatal(err)
	}
	a := r.Account()
	if a.Places != 7 || a.Tasks+a.Headings+a.LeftOut != a.Places || a.Missing != 0 || a.Tasks != 2 {
		t.Errorf("account %+v", a)
	}
	r.Result.LeftOut = r.Result.LeftOut[1:]
	if r.Account().Missing != 1 {
		t.Error("a place that vanished is not missed")
	}
}

func TestAReadingComesBackAsItWasKept(t *testing.T) {
	r, err := Read("表.csv", strings.NewReader(smallTable), int64(len(smallTable)))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := r.Keep()
	if err != nil {
		t.Fatal(err)
	}
	back, err := Restore(raw)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(r, back); d != "" {
		t.Errorf("kept and restored (- before, + after):\n%s", d)
	}
	if _, err := Restore([]byte(`{"Version":99}`)); err == nil {
		t.Error("a form of another release is read")
	}
}
