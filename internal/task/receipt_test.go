package task

import (
	"testing"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// Rule T-05.
func TestARefusalNeedsAReason(t *testing.T) {
	waiting := Part{Task: "t", Unit: "u", Role: Lead, State: PartWaiting}
	for _, why := range []string{"", "   ", "不行", " 不归我 "} {
		if p, err := Refuse(waiting, why, today); !fault.Is(err, "reason.too-short") || p.State != PartWaiting {
			t.Errorf("%q: %v", why, err)
		}
	}
	p, err := Refuse(waiting, " 不属我单位 ", today)
	if err != nil || p.State != PartRefused || p.Reason != "不属我单位" || p.Signed != today {
		t.Errorf("%+v %v", p, err)
	}
	if CheckReason("好的") == nil || CheckReason("任务重复下达") != nil {
		t.Error("CheckReason judges like Refuse")
	}
}

func TestAPartIsAnsweredOnce(t *testing.T) {
	signed, err := Sign(Part{State: PartWaiting}, today)
	if err != nil || signed.State != PartSigned || signed.Signed != today {
		t.Fatalf("%+v %v", signed, err)
	}
	if _, err := Sign(signed, today); !fault.Is(err, "receipt.answered") {
		t.Errorf("signed twice: %v", err)
	}
	if _, err := Refuse(signed, "不属我单位", today); fault.KindOf(err) != fault.Conflict {
		t.Errorf("refused after signing: %v", err)
	}
}

// Rule T-06.
func TestTheStateOfATaskFollowsFromItsParts(t *testing.T) {
	part := func(r Role, s PartState) Part { return Part{Role: r, State: s} }
	for _, c := range []struct {
		name  string
		from  State
		parts []Part
		want  State
	}{
		{"one lead of two has signed", Issued, []Part{part(Lead, PartSigned), part(Lead, PartWaiting)}, Issued},
		{"every lead has signed", Issued, []Part{part(Lead, PartSigned), part(Lead, PartSigned), part(Cooperating, PartWaiting)}, InForce},
		{"one lead refuses", Issued, []Part{part(Lead, PartSigned), part(Lead, PartRefused)}, Refused},
		{"a cooperating unit refuses", InForce, []Part{part(Lead, PartSigned), part(Cooperating, PartRefused)}, InForce},
		{"given again", Refused, []Part{part(Lead, PartWaiting)}, Issued},
		{"no lead yet", Issued, nil, Issued},
		{"draft", Draft, []Part{part(Lead, PartSigned)}, Draft},
		{"finished", Finished, []Part{part(Lead, PartRefused)}, Finished},
		{"withdrawn", Withdrawn, []Part{part(Lead, PartSigned)}, Withdrawn},
	} {
		if got := Settle(Task{State: c.from}, c.parts); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestTheSettersAnswersToARefusal(t *testing.T) {
	task := Task{ID: "t", Leads: []org.UnitID{"a", "b"}, Cooperating: []org.UnitID{"c"}}
	parts := []Part{
		{Task: "t", Unit: "a", Role: Lead, State: PartRefused, Reason: "不属我单位", Signed: today},
		{Task: "t", Unit: "b", Role: Lead, State: PartSigned}, {Task: "t", Unit: "c", Role: Cooperating, State: PartWaiting},
	}
	again, err := Reissue(parts[0], "分工方案已明确", today.AddDays(4))
	if err != nil || again.State != PartWaiting || again.Due != today.AddDays(4) || !again.Signed.IsZero() {
		t.Errorf("given again: %+v %v", again, err)
	}
	if _, err := Reissue(parts[1], "分工方案已明确", today); !fault.Is(err, "receipt.not-refused") {
		t.Errorf("nothing was refused: %v", err)
	}
	next, rest, err := WithdrawPart(task, parts, "a")
	if err != nil || len(next.Leads) != 1 || len(rest) != 2 || len(parts) != 3 || len(task.Leads) != 2 {
		t.Errorf("taken back: %+v %+v %v", next.Leads, rest, err)
	}
	if _, _, err := WithdrawPart(next, rest, "b"); !fault.Is(err, "receipt.last-lead") {
		t.Errorf("the last lead: %v", err)
	}
	given, all, err := GiveTo(task, parts, "a", "d", today)
	if err != nil || given.Leads[0] != "d" || all[0] != (Part{Task: "t", Unit: "d", Role: Lead, State: PartWaiting, Due: today}) || parts[0].Unit != "a" {
		t.Errorf("given to another: %+v %+v %v", given.Leads, all, err)
	}
	for _, c := range []struct {
		from, to org.UnitID
		key      string
	}{{"x", "d", "receipt.no-part"}, {"b", "d", "receipt.answered"}, {"a", "", "receipt.unit-missing"}, {"a", "c", "receipt.takes-part"}} {
		if _, _, err := GiveTo(task, parts, c.from, c.to, today); !fault.Is(err, c.key) {
			t.Errorf("from %s to %s: %v, want %s", c.from, c.to, err, c.key)
		}
	}
	if p, err := Excuse(parts[2], "机构撤并，不再承担"); err != nil || !p.Excused {
		t.Errorf("excused: %v", err)
	}
	if _, err := Excuse(parts[1], "机构撤并，不再承担"); !fault.Is(err, "receipt.lead-not-excused") {
		t.Errorf("a lead: %v", err)
	}
}

// Rule T-14: whoever reports does not verify.
func TestTheUnitThatReportsIsNeverItsOwnVerifier(t *testing.T) {
	for _, c := range []struct{ setter, supervising, reporter, above, want org.UnitID }{
		{"office", "inspector", "county", "province", "office"},
		{"office", "inspector", "office", "province", "inspector"},
		{"office", "", "office", "province", "province"},
		{"office", "office", "office", "province", "province"},
		{"office", "", "office", "", ""},
	} {
		if got := VerifierOf(Task{Setter: c.setter, Supervising: c.supervising}, c.reporter, c.above); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

func TestATaskIsCheckedAllAtOnce(t *testing.T) {
	good := Task{Title: "新增四川名牌产品", Leads: []org.UnitID{"a"}, Deadline: Deadline{Kind: DeadlineNone}}
	if err := Check(good); err != nil {
		t.Error(err)
	}
	for key, change := range map[string]func(*Task){
		"task.title-missing":       func(k *Task) { k.Title = " " },
		"task.lead-missing":        func(k *Task) { k.Leads = nil },
		"task.unit-twice":          func(k *Task) { k.Cooperating = []org.UnitID{"a"} },
		"task.due-before-start":    func(k *Task) { k.Start, k.Due = today, today.AddDays(-1) },
		"task.cadence-unknown":     func(k *Task) { k.Cadence = "week" },
		"task.deadline-incomplete": func(k *Task) { k.Deadline = Deadline{Kind: DeadlineByDate} },
		"task.range-reversed":      func(k *Task) { k.Target = &Target{Op: OpRange, Value: 3, High: 1} },
		"task.op-unknown":          func(k *Task) { k.Target = &Target{Op: "<"} },
		"quantity.negative":        func(k *Task) { k.Target = &Target{Op: OpAtLeast, Value: -1} },
		"quantity.too-large":       func(k *Task) { k.Target = &Target{Op: OpAtLeast, Value: Largest + 1} },
	} {
		bad := good
		change(&bad)
		if err := Check(bad); !fault.Is(err, key) {
			t.Errorf("want %s, got %v", key, err)
		}
	}
	for _, d := range []Deadline{
		{Kind: DeadlineRange, From: today, Date: today.AddDays(-1)}, {Kind: DeadlineRecurring, Every: "day"},
		{Kind: DeadlineRelative, Relative: &Relative{To: "signing"}}, {Kind: DeadlineRelative}, {Kind: "soon"},
	} {
		bad := good
		bad.Deadline = d
		if err := Check(bad); !fault.Is(err, "task.deadline-incomplete") {
			t.Errorf("%+v: %v", d, err)
		}
	}
}

func TestAPartOfASplitKeepsTheParentsCourse(t *testing.T) {
	parent := Task{ID: "p", Root: "p", Start: day("2010-01-01"), Due: day("2010-10-31"), Cadence: calendar.Month, State: InForce, No: "（一）",
		Deadline: Deadline{Text: "2010年10月底前", Kind: DeadlineByDate, Date: day("2010-10-31")}, Leads: []org.UnitID{"a"}}
	c := PartFor(parent, brands(OpAtLeast, 6), calendar.Date{})
	if c.Parent != "p" || c.Root != "p" || c.Depth != 1 || c.Start != parent.Start || c.Due != parent.Due || c.State != Issued || c.No != "" || c.TakesPart("a") {
		t.Errorf("%+v", c)
	}
	if c := PartFor(parent, nil, day("2010-09-30")); c.Due != day("2010-09-30") || c.Deadline.Date != c.Due || c.Deadline.Text != "2010年10月底前" {
		t.Errorf("%+v", c.Deadline)
	}
	parent.State = Draft
	if PartFor(parent, nil, calendar.Date{}).State != Draft {
		t.Error("the part of a draft is a draft")
	}
}

func unitsOf(names ...org.UnitID) []org.UnitID { return names }
