package memo

import (
	"slices"
	"strconv"
	"testing"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// Rule M-20.
func TestATermIsWarnedOfAQuarterBeforeItsLastDay(t *testing.T) {
	m := sound()
	for _, c := range []struct {
		day  calendar.Date
		left int
		soon bool
	}{
		{m.Until.AddDays(-91), 91, false},
		{m.Until.AddDays(-90), 90, true},
		{m.Until, 0, true},
		{m.Until.AddDays(3), -3, true},
	} {
		if left, soon := m.Expiring(c.day); left != c.left || soon != c.soon {
			t.Errorf("%s: %d days, %v", c.day, left, soon)
		}
	}
	m.Until = calendar.Date{}
	if _, soon := m.Expiring(may); soon {
		t.Error("an open-ended one runs out")
	}
}

// Rule M-21.
func TestEndingNeedsAReasonADayAndADecisionOnEveryOpenTask(t *testing.T) {
	m, open := sound(), []string{"a", "b"}
	today := may
	good := []Settlement{{Task: "a", Do: RunOn}, {Task: "b", Do: Withdraw, Reason: "不再需要"}}
	if err := m.CheckEnding(may, today, "双方协商一致", open, good); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		day     calendar.Date
		why     string
		decided []Settlement
		key     string
	}{
		{"no reason", may, "　", good, "memo.why-missing"},
		{"no day", calendar.Date{}, "x", good, "memo.day-missing"},
		{"tomorrow", may.AddDays(1), "x", good, "memo.day-outside"},
		{"before it was signed", m.Signed.AddDays(-1), "x", good, "memo.day-outside"},
		{"a task without a decision", may, "x", good[:1], "memo.task-undecided"},
		{"withdrawn without a reason", may, "x", []Settlement{good[0], {Task: "b", Do: Withdraw}}, "memo.task-reason-missing"},
		{"carried to nowhere", may, "x", []Settlement{good[0], {Task: "b", Do: Carry}}, "memo.task-undecided"},
		{"a task that is not open", may, "x", append(slices.Clone(good), Settlement{Task: "z", Do: RunOn}), "memo.task-not-open"},
	} {
		if err := m.CheckEnding(c.day, today, c.why, open, c.decided); !fault.Is(err, c.key) {
			t.Errorf("%s: want %s, got %v", c.name, c.key, err)
		}
	}
	m.Stage = Negotiating
	if err := m.CheckEnding(may, today, "x", nil, nil); !fault.Is(err, "memo.not-in-force") {
		t.Errorf("not in force: %v", err)
	}
}

// Rule M-22.
func TestARenewalCarriesWhatIsUnfinishedAndRemembersWhatItWas(t *testing.T) {
	m := sound()
	if err := m.CheckRenewal(""); err != nil {
		t.Fatal(err)
	}
	if err := m.CheckRenewal("next"); !fault.Is(err, "memo.renewed-already") {
		t.Errorf("twice: %v", err)
	}
	m.Stage = Ended
	if err := m.CheckRenewal(""); !fault.Is(err, "memo.not-in-force") {
		t.Errorf("an ended one: %v", err)
	}
	x := soundText()
	x.Term = Term{Until: may}
	x.Clauses[0].Commitments = append(x.Clauses[0].Commitments, Commitment{ID: "done", Clause: "c", Obligor: "bureau", Text: "派出专家"})
	before := string(x.Canonical())
	n := 0
	got := x.Renewed(func(k CommitmentID) bool { return k == "done" }, func() string { n++; return "new" + strconv.Itoa(n) })
	owed := got.Clauses[0].Commitments
	if len(owed) != 1 || owed[0].Carried != "k" || owed[0].ID == "k" || owed[0].Clause != got.Clauses[0].ID || got.Clauses[0].ID == "c" {
		t.Errorf("carried %+v", got.Clauses)
	}
	if !got.Term.Until.IsZero() || string(x.Canonical()) != before {
		t.Error("the old last day stands, or the old text was changed")
	}
}

// Rule M-23.
func TestASuccessorTakesTheOldPlaceAndTheOldTextKeepsItsName(t *testing.T) {
	m := sound()
	next, changed := m.Inherit("city", "new-city")
	if !changed || !slices.Equal(next.Parties, []org.UnitID{"bureau", "new-city"}) || next.Clauses[0].Commitments[0].Obligor != "new-city" {
		t.Errorf("%v, %+v", changed, next)
	}
	if m.Parties[1] != "city" || m.Clauses[0].Commitments[0].Obligor != "city" {
		t.Error("the old one was changed in place")
	}
	if err := next.Check(); err != nil {
		t.Error(err)
	}
	if _, changed := m.Inherit("city", "bureau"); changed {
		t.Error("one unit sits on both sides")
	}
	if _, changed := m.Inherit("stranger", "x"); changed {
		t.Error("a stranger was succeeded")
	}
	x := soundText()
	digest := Digest(x)
	y := x.Succeeded(Succession{Was: "city", Now: "new-city", NowName: "新市"})
	if Digest(x) != digest || y.Parties[1].Unit != "new-city" || y.Parties[1].Name != "新市" || y.Clauses[0].Commitments[0].Obligor != "new-city" {
		t.Errorf("%+v", y)
	}
	if z := x.Succeeded(Succession{Was: "city", Now: "bureau"}); Digest(z) != digest {
		t.Error("both sides became one")
	}
}

// Rule M-24.
func TestMembersAreAskedSignThePledgeOfTheDayAndLeaveWithAReason(t *testing.T) {
	m := sound()
	if err := m.CheckInvite("firm", nil); !fault.Is(err, "member.no-alliance") {
		t.Errorf("no alliance: %v", err)
	}
	m.Form = Alliance
	if _, err := m.CheckJoin("firm", nil, "d", "d", may, may); !fault.Is(err, "member.not-asked") {
		t.Errorf("by itself into a closed list: %v", err)
	}
	if err := m.CheckOpening(false); !fault.Is(err, "changed-meanwhile") {
		t.Errorf("closed once more: %v", err)
	}
	open := m
	open.Open = true
	if x, err := open.CheckJoin("firm", nil, "d", "d", may, may); err != nil || !x.Unasked || x.ID != "" || x.Joined != may || x.Unit != "firm" {
		t.Errorf("by itself into an open list: %+v, %v", x, err)
	}
	if _, err := open.CheckJoin("city", nil, "d", "d", may, may); !fault.Is(err, "member.already") {
		t.Errorf("a party joins its own alliance: %v", err)
	}
	open.Stage = Ended
	if _, err := open.CheckJoin("firm", nil, "d", "d", may, may); !fault.Is(err, "memo.not-in-force") {
		t.Errorf("into an alliance that has ended: %v", err)
	}
	if err := m.CheckInvite("firm", nil); err != nil {
		t.Fatal(err)
	}
	if err := m.CheckInvite("city", nil); !fault.Is(err, "member.already") {
		t.Errorf("a founder: %v", err)
	}
	asked := []Member{{ID: "1", Unit: "firm", Asked: may}}
	if err := m.CheckInvite("firm", asked); !fault.Is(err, "member.already") {
		t.Errorf("twice: %v", err)
	}
	if _, err := m.CheckJoin("other", asked, "d", "d", may, may); !fault.Is(err, "member.not-asked") {
		t.Errorf("not asked: %v", err)
	}
	if _, err := m.CheckJoin("firm", asked, "old", "d", may, may); !fault.Is(err, "member.other-pledge") {
		t.Errorf("other words: %v", err)
	}
	if _, err := m.CheckJoin("firm", asked, "d", "d", may.AddDays(1), may); !fault.Is(err, "sign.day-ahead") {
		t.Errorf("tomorrow: %v", err)
	}
	in, err := m.CheckJoin("firm", asked, "d", "d", may, may)
	if err != nil || in.Joined != may || in.Digest != "d" {
		t.Fatalf("%+v, %v", in, err)
	}
	if _, err := m.CheckJoin("firm", []Member{in}, "d", "d", may, may); !fault.Is(err, "member.already") {
		t.Errorf("joined twice: %v", err)
	}
	if _, err := m.CheckLeave("firm", []Member{in}, may.AddDays(-1), may, "x"); !fault.Is(err, "memo.day-outside") {
		t.Errorf("before it joined: %v", err)
	}
	if _, err := m.CheckLeave("firm", []Member{in}, may, may, ""); !fault.Is(err, "memo.why-missing") {
		t.Errorf("without a reason: %v", err)
	}
	out, err := m.CheckLeave("firm", []Member{in}, may, may, "歇业")
	if err != nil || out.Standing() {
		t.Fatalf("%+v, %v", out, err)
	}
	if err := m.CheckInvite("firm", []Member{out}); err != nil {
		t.Errorf("asked again: %v", err)
	}
}

// Rule M-25.
func TestNothingHangsUnderItself(t *testing.T) {
	m := sound()
	if err := m.CheckUnder([]ID{"x", "y"}); err != nil {
		t.Error(err)
	}
	if err := m.CheckUnder([]ID{"x", "m"}); !fault.Is(err, "memo.under-itself") {
		t.Errorf("a ring: %v", err)
	}
}

func TestAFormDoesNotWipeWhatItDoesNotAskFor(t *testing.T) {
	old := sound()
	old.Form, old.Term, old.Preamble, old.Under = Alliance, Term{Years: 3}, "依据", "frame"
	old.Clauses[0].Level, old.Clauses[0].Commitments[0].Target = 2, "50个"
	typed := sound()
	typed.Title, typed.Stage = "新题", Preparing
	typed.Clauses[0].Commitments[0].Text = "三年六十个"
	got := typed.Keeping(old)
	k := got.Clauses[0].Commitments[0]
	if got.Title != "新题" || got.Stage != InForce || got.Form != Alliance || got.Term.Years != 3 || got.Under != "frame" ||
		got.Clauses[0].Level != 2 || k.Target != "50个" || k.Text != "三年六十个" {
		t.Errorf("%+v", got)
	}
	typed.Stage = InForce
	old.Stage = Negotiating
	if got := typed.Keeping(old); got.Stage != Negotiating {
		t.Errorf("typed into force: %s", got.Stage)
	}
}

func TestAMemorandumWaitsForOneThingTheMostPressing(t *testing.T) {
	n := between()
	n.Memorandum.Office = "bureau"
	today := may.AddDays(5)
	if w := (Standing{Negotiation: n}).Waits(today); w.Kind != WaitAnswer || !slices.Equal(w.Parties, []org.UnitID{"city", "county"}) || w.Since != may {
		t.Errorf("open: %+v", w)
	}
	n.Newest.State = AgreedOn
	s := Standing{Negotiation: n, Agreed: may, Signed: []Signed{{"bureau", may}}, Unsettled: 3}
	if w := s.Waits(today); w.Kind != WaitSign || len(w.Parties) != 2 {
		t.Errorf("agreed: %+v", w)
	}
	m := sound()
	m.Office = "bureau"
	s = Standing{Negotiation: Negotiation{Memorandum: m}, Unsettled: 3, Since: may}
	if w := s.Waits(today); w.Kind != WaitSettle || w.Count != 3 || w.Since != may {
		t.Errorf("unsettled: %+v", w)
	}
	s.Unsettled = 0
	put := PlanApproval{Plan: "p", Parties: []org.UnitID{"city", "county"}, Asked: "d", Now: "d", AskedOn: may, Given: []PlanAnswer{{Party: "city", Digest: "d", Accepts: true}}}
	s.Plans = []PlanApproval{put}
	if w := s.Waits(today); w.Kind != WaitApproval || !slices.Equal(w.Parties, []org.UnitID{"county"}) || w.Since != may || w.Plan != "p" {
		t.Errorf("a plan before its parties: %+v", w)
	}
	s.Plans[0].Given = append(s.Plans[0].Given, PlanAnswer{Party: "county", Digest: "d", Words: "时限过紧"})
	if w := s.Waits(today); w.Kind == WaitApproval {
		t.Errorf("a plan that was returned: %+v", w)
	}
	s.Plans[0] = put
	s.Plans[0].Now = "changed"
	if w := s.Waits(today); w.Kind == WaitApproval {
		t.Errorf("a plan that was changed since: %+v", w)
	}
	s.Plans = nil
	if w := s.Waits(m.Until.AddDays(-10)); w.Kind != WaitExpiry || w.Days != 10 {
		t.Errorf("expiring: %+v", w)
	}
	s.Renewed, s.Planned = true, true
	if w := s.Waits(m.Until.AddDays(-10)); w.Kind != "" {
		t.Errorf("renewed: %+v", w)
	}
	s.Planned = false
	if w := s.Waits(today); w.Kind != WaitPlan {
		t.Errorf("no plan: %+v", w)
	}
	s.Negotiation.Memorandum.Stage = Preparing
	if w := s.Waits(today); w.Kind != WaitDraft {
		t.Errorf("preparing: %+v", w)
	}
	s.Negotiation.Memorandum.Stage = Ended
	if w := s.Waits(today); w.Kind != "" {
		t.Errorf("ended: %+v", w)
	}
}
