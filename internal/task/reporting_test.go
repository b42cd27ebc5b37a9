package task

import (
	"errors"
	"slices"
	"testing"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"

	"pgregory.net/rapid"
)

// brandTask is the running example: 20 brands by the end of October.
func brandTask() Task {
	return Task{ID: "t", State: InForce, Setter: "office", Leads: unitsOf("u"), Cooperating: unitsOf("help"), Cadence: calendar.Month,
		Start: day("2010-01-01"), Due: day("2010-10-31"), Target: brands(OpAtLeast, 20), Rollup: RollupSum}
}

func lead() Part { return Part{Task: "t", Unit: "u", Role: Lead, State: PartSigned} }

func value(p string, n int) ReportInput {
	return ReportInput{ID: "r", Period: period(p), Kind: ReportValue, Value: Count(n), By: "clerk", Due: DefaultReporting().DueOf(period(p))}
}

func stands(p string, round, n int, s ReportState) Report {
	return Report{ID: "r", Task: "t", Unit: "u", Role: Lead, Period: period(p), Round: round, Kind: ReportValue, Value: Count(n), State: s,
		By: "clerk", At: at("2010-06-02"), VerdictAt: at("2010-06-04")}
}

func TestAReportClaimsTheCumulativeValue(t *testing.T) {
	r, err := NewReport(brandTask(), lead(), nil, value("2010-05", 9), at("2010-06-07"), today)
	if err != nil || r.State != ReportSubmitted || r.Value != Count(9) || r.Round != 1 || r.Late || r.Unit != "u" || r.Role != Lead || r.At != at("2010-06-07") {
		t.Errorf("%+v %v", r, err)
	}
	late, err := NewReport(brandTask(), lead(), nil, value("2010-04", 9), at("2010-06-07"), today)
	if err != nil || !late.Late {
		t.Errorf("April closed on 10 May: %+v %v", late, err)
	}
}

// Rule T-10.
func TestWhoMayReportAndForWhichPeriod(t *testing.T) {
	for _, c := range []struct {
		name string
		task func(*Task)
		part func(*Part)
		on   string
		key  string
	}{
		{"draft", func(k *Task) { k.State = Draft }, nil, "2010-05", "report.task-closed"},
		{"finished", func(k *Task) { k.State = Finished }, nil, "2010-05", "report.task-closed"},
		{"withdrawn", func(k *Task) { k.State = Withdrawn }, nil, "2010-05", "report.task-closed"},
		{"not signed", nil, func(p *Part) { p.State = PartWaiting }, "2010-05", "report.not-signed"},
		{"refused", nil, func(p *Part) { p.State = PartRefused }, "2010-05", "report.not-signed"},
		{"another task's part", nil, func(p *Part) { p.Task = "x" }, "2010-05", "report.no-part"},
		{"another lead has refused", func(k *Task) { k.State = Refused }, nil, "2010-05", ""},
		{"not begun", nil, nil, "2010-07", "report.period-not-begun"},
		{"before the start", nil, nil, "2009-12", "report.no-such-period"},
		{"a quarter of a monthly task", nil, nil, "2010-Q1", "report.no-such-period"},
		{"after the deadline, unfinished", func(k *Task) { k.Due = day("2010-03-31") }, nil, "2010-06", ""},
		{"without a cadence by the month", func(k *Task) { k.Cadence = "" }, nil, "2010-06", ""},
	} {
		k, p := brandTask(), lead()
		if c.task != nil {
			c.task(&k)
		}
		if c.part != nil {
			c.part(&p)
		}
		_, err := NewReport(k, p, nil, value(c.on, 3), at("2010-06-07"), today)
		if (c.key == "") != (err == nil) || (c.key != "" && !fault.Is(err, c.key)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.key)
		}
	}
}

// Rule T-11: one live report for a task, unit and period.
func TestASecondReportForThePeriodNeedsTheFirstReturnedOrTakenBack(t *testing.T) {
	for _, c := range []struct {
		state ReportState
		n     int
		key   string
	}{
		{ReportSubmitted, 9, "report.already"}, {ReportSubmitted, 8, "report.live"}, {ReportVerified, 8, "report.live"}, {ReportNoted, 8, "report.live"},
		{ReportReturned, 9, ""}, {ReportTakenBack, 9, ""},
	} {
		r, err := NewReport(brandTask(), lead(), []Report{stands("2010-05", 1, 9, c.state)}, value("2010-05", c.n), at("2010-06-07"), today)
		if (c.key == "") != (err == nil) || (c.key != "" && (!fault.Is(err, c.key) || fault.KindOf(err) != fault.Conflict)) {
			t.Errorf("after a %s one: %v, want %q", c.state, err, c.key)
		}
		if c.key == "" && r.Round != 2 {
			t.Errorf("after a %s one: round %d", c.state, r.Round)
		}
	}
	other := stands("2010-05", 1, 9, ReportSubmitted)
	other.Unit = "elsewhere"
	if _, err := NewReport(brandTask(), lead(), []Report{other}, value("2010-05", 9), at("2010-06-07"), today); err != nil {
		t.Errorf("another unit's report stands in the way: %v", err)
	}
}

// Rule T-12.
func TestTheFormOfAReportIsCheckedAllAtOnce(t *testing.T) {
	k := brandTask()
	k.EvidenceWanted = "名牌产品证书"
	april := []Report{stands("2010-04", 1, 2, ReportSubmitted)}
	_, err := NewReport(k, lead(), april, value("2010-05", 1), at("2010-06-07"), today)
	var l fault.List
	if !errors.As(err, &l) || len(l) != 2 || l[0].Key != "report.less-than-before" || l[0].Field != "value" || l[0].Args["Last"] != Count(2) ||
		l[1].Key != "report.evidence-missing" || l[1].Field != "evidence" {
		t.Fatalf("two things to mend: %v", err)
	}
	in := value("2010-05", 1)
	in.Why, in.Evidence = "重复计算，更正", []EvidenceID{"e"}
	if r, err := NewReport(k, lead(), april, in, at("2010-06-07"), today); err != nil || r.Value != One {
		t.Errorf("with a reason: %v", err)
	}
	returned := []Report{stands("2010-04", 1, 2, ReportReturned)}
	in.Why = ""
	if _, err := NewReport(k, lead(), returned, in, at("2010-06-07"), today); err != nil {
		t.Errorf("a returned claim binds nobody: %v", err)
	}
	for key, in := range map[string]ReportInput{
		"quantity.negative":          {Kind: ReportValue, Value: -1},
		"quantity.too-large":         {Kind: ReportValue, Value: Largest + 1},
		"report.words-missing":       {Kind: ReportWords, Words: " "},
		"report.kind-missing":        {Kind: "picture"},
		"report.no-change-completes": {Kind: ReportNoChange, Completes: true},
	} {
		in.Period = period("2010-05")
		if _, err := NewReport(brandTask(), lead(), nil, in, at("2010-06-07"), today); !fault.Is(err, key) {
			t.Errorf("%v, want %s", err, key)
		}
	}
}

// Rule T-12: one click, no evidence, the previous claim, zero at the start.
func TestNoChangeCarriesTheClaimOn(t *testing.T) {
	k := brandTask()
	k.EvidenceWanted = "证书"
	in := ReportInput{Kind: ReportNoChange, Period: period("2010-05"), Value: Count(99)}
	for n, prior := range map[int][]Report{0: nil, 2: {stands("2010-04", 1, 2, ReportVerified)}} {
		r, err := NewReport(k, lead(), prior, in, at("2010-06-07"), today)
		if err != nil || r.State != ReportNoted || r.Value != Count(n) {
			t.Errorf("%+v %v", r, err)
		}
	}
}

// Rule T-13.
func TestCompletionIsClaimedByALeadWhenEverybodyHasReportedAndTheTargetIsMet(t *testing.T) {
	helper := Part{Task: "t", Unit: "help", Role: Cooperating, State: PartSigned}
	excused := helper
	excused.Excused = true
	helped := Report{Task: "t", Unit: "help", Role: Cooperating, Period: period("2010-04"), Round: 1, State: ReportNoted}
	for _, c := range []struct {
		name  string
		n     int
		part  Part
		parts []Part
		prior []Report
		below *Figure
		key   string
	}{
		{"met, helper excused", 20, lead(), []Part{lead(), excused}, nil, nil, ""},
		{"met, helper has reported", 20, lead(), []Part{lead(), helper}, []Report{helped}, nil, ""},
		{"helper open", 20, lead(), []Part{lead(), helper}, nil, nil, "report.cooperating-open"},
		{"target not met", 19, lead(), []Part{lead()}, nil, nil, "report.target-not-met"},
		{"met with the parts below", 2, lead(), []Part{lead()}, nil, &Figure{Claimed: Count(18)}, ""},
		{"met with another lead", 15, lead(), []Part{lead()}, []Report{{Task: "t", Unit: "v", Role: Lead, Period: period("2010-05"), Round: 1, Value: Count(5), State: ReportSubmitted}}, nil, ""},
		{"helper completes", 20, helper, []Part{helper}, nil, nil, "report.completes-no-lead"},
	} {
		in := value("2010-05", c.n)
		in.Completes, in.Parts, in.Below = true, c.parts, c.below
		_, err := NewReport(brandTask(), c.part, c.prior, in, at("2010-06-07"), today)
		if (c.key == "") != (err == nil) || (c.key != "" && !fault.Is(err, c.key)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.key)
		}
	}
}

// Rule T-14.
func TestAReportIsNeverVerifiedByWhoeverMadeIt(t *testing.T) {
	submitted := stands("2010-05", 1, 9, ReportSubmitted)
	for _, by := range []Verifier{{Person: "clerk", Unit: "office"}, {Person: "other", Unit: "u"}} {
		if _, err := Verify(brandTask(), submitted, by, "", at("2010-06-07")); !fault.Is(err, "report.own-report") || fault.KindOf(err) != fault.Denied {
			t.Errorf("%+v verified: %v", by, err)
		}
		if _, err := Return(brandTask(), submitted, by, "印章看不清", at("2010-06-07")); !fault.Is(err, "report.own-report") {
			t.Errorf("%+v returned: %v", by, err)
		}
	}
	office := Verifier{Person: "v", Unit: "office"}
	r, err := Verify(brandTask(), submitted, office, " 已核 ", at("2010-06-07"))
	if err != nil || r.State != ReportVerified || r.Verdict != "已核" || r.VerdictBy != "v" || r.VerdictAt != at("2010-06-07") || r.By != "clerk" {
		t.Errorf("%+v %v", r, err)
	}
	if _, err := Return(brandTask(), r, office, "印章看不清", at("2010-06-07")); !fault.Is(err, "report.not-submitted") {
		t.Errorf("returned after verifying: %v", err)
	}
	if _, err := Return(brandTask(), submitted, office, "不", at("2010-06-07")); !fault.Is(err, "reason.too-short") {
		t.Errorf("returned without a reason: %v", err)
	}
	if _, err := Verify(Task{ID: "x"}, submitted, office, "", at("2010-06-07")); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another task's report: %v", err)
	}
}

func TestOnlyTheReporterTakesBackAndOnlyBeforeTheVerdict(t *testing.T) {
	for state, key := range map[ReportState]string{
		ReportSubmitted: "", ReportNoted: "", ReportVerified: "report.judged", ReportReturned: "report.judged", ReportTakenBack: "report.judged",
	} {
		r, err := TakeBack(stands("2010-05", 1, 9, state), "u", day("2010-06-10"), day("2010-06-10"))
		if (key == "") != (err == nil) || (key == "" && r.State != ReportTakenBack) || (key != "" && !fault.Is(err, key)) {
			t.Errorf("%s: %s %v", state, r.State, err)
		}
	}
	if _, err := TakeBack(stands("2010-05", 1, 9, ReportSubmitted), "v", day("2010-06-10"), day("2010-06-10")); !fault.Is(err, "report.not-yours") {
		t.Errorf("another unit: %v", err)
	}
	late := day("2010-06-11")
	if _, err := TakeBack(stands("2010-05", 1, 9, ReportNoted), "u", day("2010-06-10"), late); !fault.Is(err, "report.period-over") {
		t.Errorf("what was noted for a period that is over: %v", err)
	}
	if _, err := TakeBack(stands("2010-05", 1, 9, ReportSubmitted), "u", day("2010-06-10"), late); err != nil {
		t.Errorf("what still waits for its verdict: %v", err)
	}
}

// Rule T-15.
func TestAVerifiedCompletionFinishesTheTask(t *testing.T) {
	done := stands("2010-05", 1, 20, ReportVerified)
	done.Completes = true
	for _, c := range []struct {
		name   string
		change func(*Task, *Report)
		whole  int
		want   bool
	}{
		{"met", nil, 20, true},
		{"a part is not yet verified", nil, 19, false},
		{"does not complete", func(_ *Task, r *Report) { r.Completes = false }, 20, false},
		{"not verified", func(_ *Task, r *Report) { r.State = ReportSubmitted }, 20, false},
		{"by a cooperating unit", func(_ *Task, r *Report) { r.Role = Cooperating }, 20, false},
		{"words", func(k *Task, _ *Report) { k.Target = nil }, 0, true},
		{"withdrawn", func(k *Task, _ *Report) { k.State = Withdrawn }, 20, false},
	} {
		k, r := brandTask(), done
		if c.change != nil {
			c.change(&k, &r)
		}
		if got := Finishes(k, r, Figure{Verified: Count(c.whole)}); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// Rule T-16: a returned report still claims until it is replaced.
func TestFiguresOfAUnitsOwnReports(t *testing.T) {
	reports := []Report{
		stands("2010-03", 1, 1, ReportVerified), stands("2010-05", 1, 4, ReportReturned),
		stands("2010-04", 1, 2, ReportVerified), stands("2010-06", 1, 9, ReportTakenBack),
	}
	if got := Figures(reports); got != (Figure{Claimed: Count(4), Verified: Count(2)}) {
		t.Errorf("%+v", got)
	}
	reports = append(reports, stands("2010-05", 2, 3, ReportSubmitted))
	if got := Figures(reports); got != (Figure{Claimed: Count(3), Verified: Count(2)}) {
		t.Errorf("after the next round: %+v", got)
	}
	helper := stands("2010-05", 1, 7, ReportVerified)
	helper.Role, helper.Unit = Cooperating, "help"
	second := stands("2010-05", 1, 5, ReportVerified)
	second.Unit = "v"
	if got := LeadFigure(append(reports, helper, second)); got != (Figure{Claimed: Count(8), Verified: Count(7)}) {
		t.Errorf("two leads and a helper: %+v", got)
	}
}

// Rule T-16: the steps end at the figure, in whatever order reports are given.
func TestStepsEndAtTheFigureWhateverTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var reports []Report
		for i, p := range calendar.Periods(calendar.Month, day("2010-01-01"), day("2010-08-31")) {
			r := stands(p.String(), 1, rapid.IntRange(0, 30).Draw(t, "value"), rapid.SampledFrom([]ReportState{ReportSubmitted, ReportVerified, ReportReturned, ReportNoted, ReportTakenBack}).Draw(t, "state"))
			r.At = at(p.Last().AddDays(rapid.IntRange(1, 20).Draw(t, "after")).String())
			r.VerdictAt = r.At.AddDate(0, 0, rapid.IntRange(0, 40).Draw(t, "verdict"))
			if i%2 == 1 {
				r.Unit = "v"
			}
			reports = append(reports, r)
		}
		claimed, verified := Steps(reports)
		if got := (Figure{Claimed: last(claimed), Verified: last(verified)}); got != LeadFigure(reports) {
			t.Fatalf("steps end at %+v, the figure is %+v", got, LeadFigure(reports))
		}
		mixed := rapid.Permutation(reports).Draw(t, "mixed")
		c2, v2 := Steps(mixed)
		if !slices.Equal(claimed, c2) || !slices.Equal(verified, v2) {
			t.Fatal("the order of reports changes the steps")
		}
		for _, steps := range [][]Step{claimed, verified} {
			if !slices.IsSortedFunc(steps, func(a, b Step) int { return a.On.Compare(b.On) }) {
				t.Fatal("steps are not in the order of days")
			}
		}
	})
}

func TestStepsOfPartsAddUpAndCount(t *testing.T) {
	a := []Step{{day("2010-02-01"), Count(1)}, {day("2010-04-01"), Count(3)}}
	b := []Step{{day("2010-03-01"), Count(2)}, {day("2010-04-01"), Count(1)}}
	want := []Step{{day("2010-02-01"), Count(1)}, {day("2010-03-01"), Count(3)}, {day("2010-04-01"), Count(4)}}
	if got := SumSteps(a, b); !slices.Equal(got, want) {
		t.Errorf("sum %v", got)
	}
	done := []calendar.Date{day("2010-03-01"), {}, day("2010-02-01"), day("2010-03-01")}
	if got := DoneSteps(RollupCount, done); !slices.Equal(got, []Step{{day("2010-02-01"), Count(1)}, {day("2010-03-01"), Count(3)}}) {
		t.Errorf("count %v", got)
	}
	if got := DoneSteps(RollupShare, done); last(got) != Count(75) {
		t.Errorf("share %v", got)
	}
}

func TestAPeriodIsReportedWhenTheLastLeadHasReported(t *testing.T) {
	a, b := stands("2010-05", 1, 1, ReportReturned), stands("2010-05", 1, 1, ReportSubmitted)
	a.At, b.At, b.Unit = at("2010-06-03"), at("2010-06-05"), "v"
	again := stands("2010-05", 2, 1, ReportSubmitted)
	again.At = at("2010-06-20")
	periods := []calendar.Period{period("2010-05")}
	if got := PeriodFacts(periods, unitsOf("u", "v"), []Report{a, b, again}, DefaultReporting())[0]; got.Reported != day("2010-06-05") || got.Due != day("2010-06-10") {
		t.Errorf("%+v", got)
	}
	if got := PeriodFacts(periods, unitsOf("u", "v"), []Report{a}, DefaultReporting())[0]; !got.Reported.IsZero() {
		t.Errorf("one lead is missing: %+v", got)
	}
}

// Rule T-18: a split task shows its parts and owes no report of its own.
func TestASplitTaskShowsTheFiguresOfItsParts(t *testing.T) {
	parent := brandTask()
	a := PartFor(parent, brands(OpAtLeast, 6), calendar.Date{})
	a.ID, a.Leads = "a", unitsOf("v")
	b := a
	b.ID, b.State = "b", Withdrawn
	reportOf := func(id ID, n int) []Report {
		r := stands("2010-05", 1, n, ReportVerified)
		r.Task, r.Unit = id, "v"
		return []Report{r}
	}
	facts := TreeFacts([]Node{{Task: parent, Reports: []Report{stands("2010-05", 1, 1, ReportVerified)}}, {Task: a, Reports: reportOf("a", 3)}, {Task: b, Reports: reportOf("b", 50)}},
		DefaultReporting(), today)
	if f := facts["t"]; f.On(today) != (Figure{Claimed: Count(4), Verified: Count(4)}) || f.Periods != nil || len(facts["a"].Periods) == 0 {
		t.Errorf("%+v", f.On(today))
	}
	if f := facts["t"]; f.On(day("2010-06-03")).Verified != 0 {
		t.Error("a verdict of 4 June is known on the 3rd")
	}
}
