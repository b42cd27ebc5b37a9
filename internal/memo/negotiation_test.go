package memo

import (
	"slices"
	"testing"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
)

var may = calendar.NewDate(2010, 5, 10)

// between is a negotiation of three parties with one version of the bureau open.
func between() Negotiation {
	m := sound()
	m.Stage, m.Signed = Negotiating, calendar.Date{}
	t := soundText()
	t.Parties = append(t.Parties, Party{Unit: "county", Name: "县政府"})
	return Negotiation{Memorandum: m, Purpose: First, Newest: &Version{
		ID: "v1", Number: 1, Proposer: "bureau", Text: t, Digest: Digest(t), State: Open, On: may,
	}}
}

func rewritten(t Text) Text {
	t.Clauses = slices.Clone(t.Clauses)
	t.Clauses[0].Text += "，三年五十个"
	return t
}

// Rule M-01.
func TestAVersionAnswersTheNewestOneOnly(t *testing.T) {
	n := between()
	next := rewritten(n.Newest.Text)
	if err := n.CheckProposal("city", 1, next); err != nil {
		t.Errorf("a counter-proposal: %v", err)
	}
	for _, c := range []struct {
		name string
		by   org.UnitID
		base int
		text Text
		key  string
	}{
		{"made from an older version", "city", 0, next, "version.outdated"},
		{"of a stranger", "stranger", 1, next, "version.proposer-no-party"},
		{"beside the own open one", "bureau", 1, next, "version.own-is-open"},
		{"that changes nothing", "city", 1, n.Newest.Text, "version.nothing-changed"},
	} {
		if err := n.CheckProposal(c.by, c.base, c.text); !fault.Is(err, c.key) {
			t.Errorf("a proposal %s: %v", c.name, err)
		}
	}
	empty := next
	empty.Clauses = nil
	if got := keys(n.CheckProposal("city", 1, empty)); !slices.Contains(got, "memo.no-clauses") {
		t.Errorf("without clauses: %v", got)
	}
	n.Memorandum.Stage = InForce
	if err := n.CheckProposal("city", 1, next); !fault.Is(err, "version.signed-already") {
		t.Errorf("after signing: %v", err)
	}
	n.Purpose = Amendment
	if err := n.CheckProposal("city", 1, next); err != nil {
		t.Errorf("an amendment: %v", err)
	}
	n.Newest = nil
	if err := n.CheckProposal("city", 0, next); err != nil {
		t.Errorf("the first: %v", err)
	}
	if err := n.CheckProposal("city", 3, next); !fault.Is(err, "version.outdated") {
		t.Errorf("the first, made from a third: %v", err)
	}
}

// Rule M-02.
func TestAllOthersMustAccept(t *testing.T) {
	n := between()
	city := Answer{Version: "v1", Party: "city", Accepts: true, On: may.AddDays(2)}
	if err := n.CheckAnswer(city); err != nil || n.Agreed(city) {
		t.Fatalf("one of two accepted: %v, agreed %v", err, n.Agreed(city))
	}
	if got := n.Turn(); !slices.Equal(got.Parties, []org.UnitID{"city", "county"}) || got.Since != may {
		t.Errorf("turn %+v", got)
	}
	n.Answers = append(n.Answers, city)
	if got := n.Turn(); !slices.Equal(got.Parties, []org.UnitID{"county"}) {
		t.Errorf("turn %+v", got)
	}
	if err := n.CheckAnswer(city); !fault.Is(err, "version.accepted-already") {
		t.Errorf("accepted twice: %v", err)
	}
	county := Answer{Version: "v1", Party: "county", Accepts: true}
	if !n.Agreed(county) {
		t.Error("all accepted and nothing agreed")
	}
	if county.Accepts = false; n.Agreed(county) {
		t.Error("a refusal made an agreement")
	}
	if err := n.CheckAnswer(county); !fault.Is(err, "version.words-missing") {
		t.Errorf("no words: %v", err)
	}
	county.Words, county.On = "第三条请写明经费来源", may.AddDays(5)
	if err := n.CheckAnswer(county); err != nil {
		t.Error(err)
	}
	n.Answers = append(n.Answers, county)
	if got := n.Turn(); !slices.Equal(got.Parties, []org.UnitID{"bureau"}) || got.Since != may.AddDays(5) {
		t.Errorf("after words it is the proposer's turn: %+v", got)
	}
	for key, a := range map[string]Answer{
		"version.own":         {Version: "v1", Party: "bureau", Accepts: true},
		"version.not-a-party": {Version: "v1", Party: "stranger", Accepts: true},
		"version.outdated":    {Version: "v0", Party: "city", Accepts: true},
	} {
		if err := n.CheckAnswer(a); !fault.Is(err, key) {
			t.Errorf("want %s: %v", key, err)
		}
	}
}

func TestAVersionProposedAfterTheAgreementVoidsIt(t *testing.T) {
	n := between()
	n.Newest.State = AgreedOn
	if !n.Voids() {
		t.Error("the agreement stands")
	}
	if err := n.CheckProposal("city", 1, rewritten(n.Newest.Text)); err != nil {
		t.Errorf("a change of one character after the agreement: %v", err)
	}
	if err := n.CheckAnswer(Answer{Version: "v1", Party: "city", Accepts: true}); !fault.Is(err, "version.not-open") {
		t.Errorf("answered after the agreement: %v", err)
	}
	if n.Turn().Parties != nil {
		t.Error("somebody's turn after the agreement")
	}
}

func TestOnlyTheProposerTakesAnOpenVersionBack(t *testing.T) {
	n := between()
	if err := n.CheckTakeBack("bureau", "v1"); err != nil {
		t.Error(err)
	}
	if err := n.CheckTakeBack("city", "v1"); !fault.Is(err, "version.not-yours") {
		t.Errorf("another's: %v", err)
	}
	n.Newest.State = AgreedOn
	if err := n.CheckTakeBack("bureau", "v1"); !fault.Is(err, "version.not-open") {
		t.Errorf("after the agreement: %v", err)
	}
}

func TestAnAmendmentCallsThePartiesAsTheSignedTextDoes(t *testing.T) {
	signed := Text{Parties: []Party{{Unit: "bureau", Name: "省局", Called: "甲方", Order: 1}, {Unit: "city", Name: "市政府", Called: "乙方", Order: 2}, {Unit: "old", Name: "县局", Called: "丙方", Order: 3}}}
	n := Negotiation{Purpose: Amendment, Signed: &signed, Memorandum: Memorandum{Parties: []org.UnitID{"bureau", "city", "new"}}}
	name := func(u org.UnitID) string { return "现" + string(u) }
	want := []Party{{Unit: "bureau", Name: "现bureau", Called: "甲方", Order: 1}, {Unit: "city", Name: "现city", Called: "乙方", Order: 2}, {Unit: "new", Name: "现new", Called: "丙方", Order: 3}}
	if got := n.Begin(name).Parties; !slices.Equal(got, want) {
		t.Errorf("after a succession the parties are %+v", got)
	}
	n.Memorandum.Parties = []org.UnitID{"city", "bureau", "fourth", "old"}
	got := n.Begin(name).Parties
	if got[0].Called != "乙方" || got[1].Called != "甲方" || got[2].Called != "" || got[3].Called != "丙方" {
		t.Errorf("in another order, with one more, the parties are %+v", got)
	}
	n.Signed = nil
	if got := n.Begin(name).Parties[0]; got != (Party{Unit: "city", Name: "现city"}) {
		t.Errorf("without a text that was signed here the first is %+v", got)
	}
}
