package assess

import (
	"fmt"
	"testing"

	"gongjian/internal/calendar"
	"gongjian/internal/task"
)

// may31 is the day of the sample card.
var may31 = calendar.NewDate(2010, 5, 31)

// figure is a task with a target: goal, expected, claimed and verified in whole numbers.
func figure(id, title string, f task.Field, goal, expected, claimed, verified int64) TaskFigure {
	return TaskFigure{
		Task: task.ID(id), Title: title, Field: f, Unit: "个", HasGoal: true, Op: task.OpAtLeast,
		Goal: task.Quantity(goal) * task.One, Expected: task.Quantity(expected) * task.One,
		Claimed: task.Quantity(claimed) * task.One, Verified: task.Quantity(verified) * task.One,
		HasVerified: verified > 0, Weight: task.One, Light: task.Green,
	}
}

// liangshan are the facts behind the reference page: Liangshan, January to May 2010.
func liangshan() Inputs {
	in := Inputs{Subject: "513400", AsOf: may31}
	brand := figure("t21", "新增四川名牌产品", task.FieldBrand, 20, 10, 9, 7)
	for i := range 7 {
		brand.Evidence = append(brand.Evidence, Proof{task.EvidenceID(fmt.Sprintf("%064x", i+1)), fmt.Sprintf("推荐文件%d", i+1)})
	}
	funds := figure("t32", "技术机构建设资金", task.FieldLaboratory, 500, 500, 460, 460)
	funds.Unit = "万元"
	in.Tasks = []TaskFigure{
		figure("t11", "成立领导小组与办公室", task.FieldOrganisation, 3, 3, 3, 3),
		figure("t12", "质量例会", task.FieldMeeting, 6, 2, 1, 1),
		figure("t13", "签目标责任书", task.FieldLetter, 17, 17, 17, 17),
		brand,
		figure("t22", "农业标准化示范区", task.FieldDemonstration, 6, 3, 4, 4),
		figure("t23", "地理标志产品保护", task.FieldGeographic, 3, 2, 2, 2),
		figure("t24", "标准制定与发布", task.FieldStandard, 30, 13, 13, 13),
		figure("t31", "抽查经费列入县级预算", task.FieldFood, 17, 17, 17, 15),
		funds,
	}
	for i := range 13 {
		in.Tasks = append(in.Tasks, figure(fmt.Sprintf("r%02d", i), "其余任务", task.FieldEquipment, 10, 5, 5, 5))
	}
	for i, verified := range []int64{50, 50, 29} { // 13 + 0.50 + 0.50 + 0.29 of 16
		in.Tasks = append(in.Tasks, figure(fmt.Sprintf("r%02d", 13+i), "其余任务", task.FieldTraining, 200, 100, verified, verified))
	}
	in.Reporting = ReportingRecord{Due: 102, OnTime: 98, Late: 4, Verified: 41, Disagree: 3, Refs: []ReportRef{
		{Late, "p1", "3月"}, {Late, "p2", "3月"}, {Late, "p3", "4月"}, {Late, "p4", "4月"},
		{Disagree, "p5", "5月"}, {Disagree, "p6", "5月"}, {Disagree, "p7", "5月"},
	}}
	in.Occurrences = []Occurrence{
		{ID: "o1", Kind: SampleAward, On: calendar.NewDate(2010, 4, 20), Words: "国家级示范区批准文件", Count: 1},
		{ID: "o2", Kind: SampleLateSlip, On: calendar.NewDate(2010, 5, 12), Words: "督办单〔2010〕14号，迟答3个工作日", Count: 1},
	}
	return in
}

func mustScore(t testing.TB, s Scheme, in Inputs) Scorecard {
	t.Helper()
	card, err := Score(s, in)
	if err != nil {
		t.Fatalf("Score: %v", err)
	}
	return card
}

// Rules: every line of the reference page, worked by hand there.
func TestTheReferenceCardComesTo8646AndIsPublishedAs865(t *testing.T) {
	card := mustScore(t, SampleScheme(), liangshan())
	want := map[string]string{
		"1": "14.00", "1.1": "4.00", "1.2": "4.00", "1.3": "6.00",
		"2": "43.75", "2.1": "10.50", "2.2": "10.00", "2.3": "9.00", "2.4": "8.00", "2.5": "6.25",
		"3": "18.02", "3.1": "8.82", "3.2": "9.20",
		"4": "11.69", "4.1": "7.69", "4.2": "4.00",
		"5": "-1.00", "5.1": "1.00", "5.2": "-2.00",
		"6": "0.00", "6.1": "0.00", "6.2": "0.00", "6.3": "0.00",
	}
	if len(card.Lines) != len(want) {
		t.Errorf("%d lines, want %d", len(card.Lines), len(want))
	}
	for _, l := range card.Lines {
		if got := l.Got.StringFixed(2); got != want[l.No] {
			t.Errorf("%s %s: %s points, want %s", l.No, l.Title, got, want[l.No])
		}
		if l.State != Scored {
			t.Errorf("%s is %s", l.No, l.State)
		}
	}
	if card.Exact.String() != "86.46" || card.Total.String() != "86.5" || card.Grade != "B" {
		t.Errorf("sum %s, total %s, grade %s; want 86.46, 86.5, B", card.Exact, card.Total, card.Grade)
	}
	if len(card.Capped) != 0 || card.IsOpen() {
		t.Errorf("capped by %v, open %v", card.Capped, card.Open)
	}
}

func TestTheHeadlineIsTheItemThatLostMost(t *testing.T) {
	card := mustScore(t, SampleScheme(), liangshan())
	l, ok := Headline(card)
	if !ok || l.No != "2.1" || l.Lost.StringFixed(2) != "4.50" {
		t.Fatalf("headline is %s with %s lost", l.No, l.Lost)
	}
	if l.Why == nil || l.Why.Key != "assess.loss.behind-course" || l.Why.Number["gap"] != 3*task.One || l.Why.Word["lost"] != "4.50" {
		t.Errorf("why is %+v", l.Why)
	}
	if q := l.Calc[0]; q.Key != "assess.calc.quotient" || q.Word["share"] != "0.70" {
		t.Errorf("first step is %+v", q)
	}
	var tasks, files int
	for _, r := range l.Refs {
		switch r.Kind {
		case RefTask:
			tasks++
		case RefEvidence:
			files++
		}
	}
	if tasks != 1 || files != 7 {
		t.Errorf("2.1 leads to %d tasks and %d files, want 1 and 7", tasks, files)
	}
	if _, ok := Headline(Scorecard{}); ok {
		t.Error("a card without losses has a headline")
	}
}

func TestVerifyingTheClaimsWouldLiftTheItemTo1350AndTheTotalTo895(t *testing.T) {
	in := liangshan()
	now, err := NewPayload(SampleScheme(), in)
	if err != nil {
		t.Fatal(err)
	}
	p, ok, err := IfVerified(now, "2.1")
	if err != nil || !ok {
		t.Fatalf("no prospect: %v, %v", ok, err)
	}
	got := fmt.Sprintln(p.Before.StringFixed(2), p.After.StringFixed(2), p.TotalBefore, p.TotalAfter, len(p.Tasks))
	if want := fmt.Sprintln("10.50", "13.50", "86.5", "89.5", 1); got != want {
		t.Errorf("prospect %s, want %s", got, want)
	}
	if in.Tasks[3].Verified != 7*task.One {
		t.Error("IfVerified changed the caller's figures")
	}
	for _, no := range []string{"2.2", "4.1", "2", "9"} {
		if _, ok, err := IfVerified(now, no); ok || err != nil {
			t.Errorf("item %s has a prospect: %v", no, err)
		}
	}
}

func TestTheSampleSchemesAreWithoutFault(t *testing.T) {
	for _, s := range []Scheme{SampleScheme(), SampleCountyScheme()} {
		if err := s.Check(); err != nil {
			t.Errorf("%s: %v", s.Name, err)
		}
	}
}

// Rule A-04: the grade is capped, the points stay.
func TestAnIncidentMeansGradeDWhateverThePoints(t *testing.T) {
	in := liangshan()
	in.Occurrences = append(in.Occurrences, Occurrence{ID: "o3", Kind: SampleIncident, On: may31, Words: "事件", Count: 1})
	card := mustScore(t, SampleScheme(), in)
	if card.Grade != "D" || card.Total.String() != "86.5" || fmt.Sprint(card.Capped) != "[6.1]" {
		t.Errorf("grade %s, total %s, capped by %v", card.Grade, card.Total, card.Capped)
	}
	in.Occurrences[2].On = may31.AddDays(1)
	if card = mustScore(t, SampleScheme(), in); card.Grade != "B" {
		t.Error("an incident after the day of assessment changed the card")
	}
}

func TestTheFieldOfATaskIsProposedFromItsWords(t *testing.T) {
	for _, c := range []struct {
		chapter []string
		title   string
		want    task.Field
	}{
		{nil, "新增四川名牌产品10个", task.FieldBrand},
		{nil, "建设农业标准化示范区3个", task.FieldDemonstration},
		{nil, "制定发布地方标准13项", task.FieldStandard},
		{nil, "苦荞茶地理标志产品保护", task.FieldGeographic},
		{nil, "与17个县（市）签订目标责任书", task.FieldLetter},
		{nil, "每两月召开一次质量例会", task.FieldMeeting},
		{nil, "食品抽查经费列入财政预算", task.FieldFood},
		{nil, "电梯定期检验率达到98%", task.FieldEquipment},
		{nil, "建设国家钒钛质检中心", task.FieldLaboratory},
		{nil, "开展农资打假专项行动", task.FieldEnforcement},
		{nil, "强制检定工作计量器具建档", task.FieldMetrology},
		{nil, "成立领导小组", task.FieldOrganisation},
		{[]string{"品牌建设", "重点工作"}, "完成申报", task.FieldBrand},
		{[]string{"计量", "名牌培育"}, "完成申报", task.FieldBrand},
		{nil, "完成其他工作", task.FieldOther},
	} {
		if got := task.FieldOf(c.chapter, c.title); got != c.want {
			t.Errorf("%v %s is %s, want %s", c.chapter, c.title, got, c.want)
		}
		if got := task.FieldOf(c.chapter, c.title); !got.Known() {
			t.Errorf("%s is not in the list", got)
		}
	}
}
