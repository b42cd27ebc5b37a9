package rubric

import (
	"strconv"
	"strings"
	"testing"

	"gongjian/internal/assess"
	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/office"
	"gongjian/internal/org"
)

func setting() Setting {
	return Setting{ID: "own", Name: "《考核办法》", From: calendar.NewDate(2013, 1, 1), Level: org.County, Group: "县（市、区）", Start: "起评分",
		Document: assess.Document{Upload: "x", Name: "表.xlsx", SHA256: "00"}}
}

// answered are choices with the n-th answer to everything.
func answered(r Rubric, n int) Choices {
	c := Choices{Faults: map[int]string{}, Points: map[int]string{}, Clear: map[int]bool{}, Grades: map[int]string{}}
	for i, f := range r.Faults {
		answers := r.Answers(f)
		c.Faults[i] = answers[n%len(answers)]
	}
	for i := range r.Rows {
		c.Points[i], c.Clear[i], c.Grades[i] = "1.5", n%2 == 1, []string{"D", ""}[n%2]
	}
	return c
}

func TestR20EveryAnsweredRubricIsASchemeThatCanBeScored(t *testing.T) {
	for _, v := range variants {
		r := Read(sheet(v.format, v.text))
		for n := range 3 {
			s, err := r.Scheme(answered(r, n), setting())
			if err != nil {
				t.Errorf("%s, answers %d: %v", v.name, n, err)
				continue
			}
			if err := s.Check(); err != nil {
				t.Errorf("%s, answers %d: the scheme has slips: %v", v.name, n, err)
			}
			for _, it := range s.Leaves() {
				if it.Method == assess.Judged && (it.Source.Kind != assess.FromJudgement || it.Place == nil) {
					t.Errorf("%s: item %s is scored by a person without its place in the document", v.name, it.No)
				}
			}
		}
	}
}

const faulty = `
考核项目|分值|评分办法|计算公式
一、管理（9分）|||
1.制度（0.2分）|2|每缺1项扣0.1分|
1.人员（3分）|3|少于3人的，每少1人扣1分|(N-3)*(-1)
2.经费（5分）|5|按比例得分|
二、加分项（最高5分）|||
获奖|2|每次加2分|`

func TestAnOpenSlipIsNamedAtItsField(t *testing.T) {
	r := Read(sheet(office.XLSX, faulty))
	if len(r.Faults) != 4 {
		t.Fatalf("found %d slips, want 4:\n%s", len(r.Faults), told(r))
	}
	_, err := r.Scheme(Choices{}, setting())
	var fields []string
	list, ok := err.(fault.List)
	for _, f := range list {
		fields = append(fields, f.Field)
	}
	if !ok || strings.Join(fields, " ") != "fault-0 fault-2 fault-3 fault-1" && len(fields) != 4 {
		t.Errorf("open: %v, want the four slips", fields)
	}
}

func TestAnswersToSlipsChangeWhatTheyAreAbout(t *testing.T) {
	r := Read(sheet(office.XLSX, faulty))
	at := map[FaultType]int{}
	for i, f := range r.Faults {
		at[f.Type] = i
	}
	row := func(s assess.Scheme, no string) assess.Item { it, _ := s.Item(no); return it }
	c := Choices{Faults: map[int]string{at[LabelCell]: ByCell, at[Sum]: BySum, at[TwiceIndex]: Renumber, at[Sign]: ByWords}}
	s, err := r.Scheme(c, setting())
	if err != nil {
		t.Fatal(err)
	}
	if got := row(s, "1.1").Points.String() + " " + row(s, "1").Points.String() + " " + s.Points.String(); got != "2 10 10" {
		t.Errorf("by the cell and the sum: item, heading and full marks are %s, want 2 10 10", got)
	}
	if got := row(s, "1.2").Title + " " + row(s, "1.3").Title; got != "2.人员 3.经费" {
		t.Errorf("counted on: %s", got)
	}
	if got := row(s, "1.2").Words; got != "少于3人的，每少1人扣1分" {
		t.Errorf("without the formula the words are %q", got)
	}
	if got := row(s, "2").Points.String(); got != "5" {
		t.Errorf("the common cap of the bonus heading is %s, want 5", got)
	}
	c.Faults = map[int]string{at[LabelCell]: ByLabel, at[Sum]: ToRow + "2", at[TwiceIndex]: AsIs, at[Sign]: ByRule}
	if s, err = r.Scheme(c, setting()); err != nil {
		t.Fatal(err)
	}
	if got := row(s, "1.1").Points.String() + " " + row(s, "1.3").Points.String() + " " + s.Points.String(); got != "0.2 5.8 9" {
		t.Errorf("by the label and the stated sum: %s, want 0.2 5.8 9", got)
	}
	if got := row(s, "1.2").Words; !strings.HasSuffix(got, "（(N-3)*(-1)）") {
		t.Errorf("with the formula the words are %q", got)
	}
}

func TestR21StartingMarksAreGivenToEverybody(t *testing.T) {
	for _, v := range variants {
		if !strings.HasPrefix(v.name, "Rule R-05: starting marks") {
			continue
		}
		r := Read(sheet(v.format, v.text))
		s, err := r.Scheme(answered(r, 0), setting())
		if err != nil {
			t.Fatal(err)
		}
		if first := s.Items[0]; first.Method != assess.GivenToAll || first.Points.String() != "80" || s.Points.String() != "100" {
			t.Errorf("starting marks %s by %s, full %s; want 80 given of 100", first.Points, first.Method, s.Points)
		}
		return
	}
	t.Fatal("no such variant")
}

func TestR22OnlyAPlainAmountForEachIsSuggested(t *testing.T) {
	points := parse("5")
	tests := []struct {
		kind Kind
		rule string
		want string
	}{
		{Score, "每少1次扣1.5分，扣完为止", "occurrence 1.5 5"},
		{Score, "每缺1个单位扣0.5分", "occurrence 0.5 5"},
		{Deduction, "每次扣2分，扣完10分为止", "occurrence 2 10"},
		{Deduction, "每件扣5分", "occurrence 5 0"},
		{Bonus, "每次加1分，最高加3分", "bonus 1 3"},
		{Bonus, "每次加2分，无上限", "bonus 2 0"},
		{Bonus, "每次加2分", ""}, // its cell may be the limit or the amount
		{Score, "每低1个百分点扣1分", ""},
		{Score, "少于3家的，每少1家扣1分", ""},
		{Score, "每迟报1次扣0.5分，每缺报1次扣1分", ""},
		{Score, "完成率乘以分值", ""},
		{Veto, "每起扣1分", ""},
	}
	for _, test := range tests {
		got := ""
		if s := (Row{Kind: test.kind, Method: test.rule}).Suggest(points); s != nil {
			got = string(s.Method) + " " + s.Each.String() + " " + s.Limit.String()
		}
		if got != test.want {
			t.Errorf("%s %q suggests %q, want %q", test.kind, test.rule, got, test.want)
		}
	}
}

func TestCountingOn(t *testing.T) {
	for from, want := range map[string]string{"1": "2", "9": "10", "一": "二", "九": "十", "十": "十一", "十九": "二十", "二十九": "三十"} {
		if got := countOn(from); got != want {
			t.Errorf("after %s comes %s, want %s", from, got, want)
		}
	}
}

func TestAReadingIsKeptWhole(t *testing.T) {
	for _, v := range variants {
		r := Read(sheet(v.format, v.text))
		raw, err := r.Keep()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Restore(raw)
		if err != nil {
			t.Fatal(err)
		}
		if told(again) != told(r) || strconv.Itoa(len(again.LeftOut)) != strconv.Itoa(len(r.LeftOut)) {
			t.Errorf("%s: kept and restored differs", v.name)
		}
	}
}
