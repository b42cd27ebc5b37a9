package memo

import (
	"slices"
	"testing"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
)

func TestAPlanIsIssuedWhenEveryPartyApprovedWhatItSays(t *testing.T) { // Rule IF-03
	for name, c := range map[string]struct {
		a   PlanApproval
		key string
	}{
		"not needed":       {PlanApproval{Parties: []org.UnitID{"city"}, Now: "1"}, ""},
		"needed":           {PlanApproval{Needed: true, Parties: []org.UnitID{"city"}, Now: "1"}, "approval.not-asked"},
		"asked for":        {PlanApproval{Parties: []org.UnitID{"city"}, Asked: "1", Now: "1"}, "approval.waiting"},
		"approved":         {PlanApproval{Needed: true, Parties: []org.UnitID{"city"}, Asked: "1", Now: "1", Given: []PlanAnswer{{Party: "city", Digest: "1", Accepts: true}}}, ""},
		"changed since":    {PlanApproval{Needed: true, Parties: []org.UnitID{"city"}, Asked: "1", Now: "2", Given: []PlanAnswer{{Party: "city", Digest: "1", Accepts: true}}}, "approval.changed-since"},
		"one of two":       {PlanApproval{Parties: []org.UnitID{"city", "gov"}, Asked: "1", Now: "1", Given: []PlanAnswer{{Party: "city", Digest: "1", Accepts: true}}}, "approval.waiting"},
		"returned":         {PlanApproval{Parties: []org.UnitID{"city"}, Asked: "1", Now: "1", Given: []PlanAnswer{{Party: "city", Digest: "1"}}}, "approval.waiting"},
		"nobody to ask":    {PlanApproval{Needed: true, Now: "1"}, ""},
		"returned at last": {PlanApproval{Parties: []org.UnitID{"city"}, Asked: "1", Now: "1", Given: []PlanAnswer{{Party: "city", Digest: "1", Accepts: true}, {Party: "city", Digest: "1"}}}, "approval.waiting"},
	} {
		err := c.a.CheckIssue()
		if c.key == "" && err != nil || c.key != "" && !fault.Is(err, c.key) {
			t.Errorf("%s: %v, want %q", name, err, c.key)
		}
	}
}

func TestAChangeMakesApprovalsVoid(t *testing.T) { // Rule IF-03
	a := PlanApproval{Parties: []org.UnitID{"city"}, Asked: "1", Now: "1", Given: []PlanAnswer{{Party: "city", Digest: "1", Accepts: true}}}
	if len(a.Void()) != 0 || len(a.Waiting()) != 0 {
		t.Fatalf("void before the change: %+v", a.Void())
	}
	a.Now = PlanDigest([]string{"一", "二"})
	if v := a.Void(); len(v) != 1 || v[0].Party != "city" || !slices.Equal(a.Waiting(), []org.UnitID{"city"}) {
		t.Fatalf("%+v", v)
	}
	if PlanDigest([]string{"一二"}) == PlanDigest([]string{"一", "二"}) {
		t.Error("rows run together")
	}
}

func TestAnApprovalIsOfWhatWasShown(t *testing.T) { // Rule IF-04
	a := PlanApproval{Parties: []org.UnitID{"city"}, Asked: "1", Now: "1"}
	for _, c := range []struct {
		g   PlanAnswer
		key string
	}{
		{PlanAnswer{Party: "city", Digest: "1", Accepts: true}, ""},
		{PlanAnswer{Party: "city", Digest: "0", Accepts: true}, "approval.changed-meanwhile"},
		{PlanAnswer{Party: "farm", Digest: "1", Accepts: true}, "approval.not-yours"},
		{PlanAnswer{Party: "city", Digest: "1"}, "approval.say-why"},
		{PlanAnswer{Party: "city", Digest: "1", Words: "目标过高"}, ""},
	} {
		err := a.CheckAnswer(c.g)
		if c.key == "" && err != nil || c.key != "" && !fault.Is(err, c.key) {
			t.Errorf("%+v: %v", c.g, err)
		}
	}
	a.Given = []PlanAnswer{{Party: "city", Digest: "1", Accepts: true}}
	if err := a.CheckAnswer(a.Given[0]); !fault.Is(err, "approval.given-already") {
		t.Errorf("twice: %v", err)
	}
	if err := a.CheckAsk(3); !fault.Is(err, "approval.asked-already") {
		t.Errorf("asked twice: %v", err)
	}
	if err := (PlanApproval{Parties: []org.UnitID{"city"}, Now: "1"}).CheckAsk(0); !fault.Is(err, "approval.empty") {
		t.Errorf("an empty plan: %v", err)
	}
}

func TestAnImplementationPlanHasOneHeadAndStagesInOrder(t *testing.T) { // Rule IF-02
	p := Plan{Year: 2010}
	good := func() Implementation {
		return Implementation{
			Group:    []GroupSeat{{GroupHead, "泸州市人民政府", "分管副市长"}, {GroupMember, "泸州市质监局", "局长"}},
			Schedule: []ScheduleStage{{"动员部署", calendar.NewDate(2010, 3, 1), calendar.NewDate(2010, 3, 31), ""}, {"总结", calendar.NewDate(2010, 12, 1), calendar.NewDate(2011, 1, 31), ""}},
		}
	}
	if err := good().Check(p); err != nil {
		t.Fatal(err)
	}
	for key, change := range map[string]func(*Implementation){
		"implementation.one-head":    func(x *Implementation) { x.Group[1].Duty = GroupHead },
		"implementation.seat":        func(x *Implementation) { x.Group[1].Post = " " },
		"implementation.duty":        func(x *Implementation) { x.Group[1].Duty = "friend" },
		"implementation.stage-title": func(x *Implementation) { x.Schedule[0].Title = "" },
		"implementation.stage-days":  func(x *Implementation) { x.Schedule[0].To = calendar.NewDate(2010, 2, 1) },
		"implementation.stage-order": func(x *Implementation) { x.Schedule[1].From = calendar.NewDate(2010, 2, 1) },
		"implementation.stage-year":  func(x *Implementation) { x.Schedule[1].To = calendar.NewDate(2012, 1, 1) },
	} {
		x := good()
		change(&x)
		if err := x.Check(p); !fault.Is(err, key) {
			t.Errorf("%s: %v", key, err)
		}
	}
}
