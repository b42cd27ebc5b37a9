package memo

import (
	"errors"
	"slices"
	"testing"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
)

func sound() Memorandum {
	return Memorandum{
		ID: "m", Title: "合作备忘录", Parties: []org.UnitID{"bureau", "city"}, Stage: InForce, Signed: calendar.NewDate(2010, 2, 26),
		Until: calendar.NewDate(2013, 2, 25),
		Clauses: []Clause{{ID: "c", No: "第三条", Text: "实施名牌战略", Commitments: []Commitment{
			{ID: "k", Clause: "c", Obligor: "city", Confirms: "bureau", Text: "三年五十个"},
		}}},
	}
}

func keys(err error) (out []string) {
	var l fault.List
	if errors.As(err, &l) {
		for _, f := range l {
			out = append(out, f.Key)
		}
	}
	return out
}

func TestAMemorandumThatCannotStandSaysEverythingAtOnce(t *testing.T) {
	if err := sound().Check(); err != nil {
		t.Fatalf("a sound memorandum: %v", err)
	}
	for key, spoil := range map[string]func(*Memorandum){
		"memo.title-missing":       func(m *Memorandum) { m.Title = "　" },
		"memo.parties-too-few":     func(m *Memorandum) { m.Parties = m.Parties[1:]; m.Clauses = nil },
		"memo.party-twice":         func(m *Memorandum) { m.Parties = append(m.Parties, "city") },
		"memo.signed-missing":      func(m *Memorandum) { m.Signed = calendar.Date{} },
		"memo.until-before-signed": func(m *Memorandum) { m.Until = calendar.NewDate(2009, 1, 1) },
		"memo.clause-empty":        func(m *Memorandum) { m.Clauses[0].Text = "" },
		"memo.obligor-no-party":    func(m *Memorandum) { m.Clauses[0].Commitments[0].Obligor = "stranger" },
		"memo.confirms-itself":     func(m *Memorandum) { m.Clauses[0].Commitments[0].Confirms = "city" },
	} {
		m := sound()
		spoil(&m)
		if got := keys(m.Check()); !slices.Contains(got, key) {
			t.Errorf("want %s, got %v", key, got)
		}
	}
	m := sound()
	m.Title, m.Clauses[0].Text = "", ""
	if got := keys(m.Check()); len(got) != 2 {
		t.Errorf("two things wrong: %v", got)
	}
}

func TestAPlanLiesWithinTheTermOfItsMemorandum(t *testing.T) {
	m := sound()
	for year, ok := range map[int]bool{2009: false, 2010: true, 2013: true, 2014: false} {
		if err := (Plan{Year: year}).Check(m); (err == nil) != ok {
			t.Errorf("%d: %v", year, err)
		}
	}
	m.Until = calendar.Date{}
	if err := (Plan{Year: 2030}).Check(m); err != nil {
		t.Errorf("without an end: %v", err)
	}
	m.Signed = calendar.Date{}
	if err := (Plan{Year: 2010}).Check(m); !fault.Is(err, "plan.memorandum-unsigned") {
		t.Errorf("unsigned: %v", err)
	}
}

func TestAMemorandumContinuesItselfOnly(t *testing.T) {
	old := sound()
	if !sound().Continues(old) {
		t.Error("unchanged")
	}
	m := sound()
	m.Clauses = append(m.Clauses, Clause{No: "第四条", Text: "新的"})
	if !m.Continues(old) {
		t.Error("a new clause without an id")
	}
	m.Clauses[1].ID = "of-another"
	if m.Continues(old) {
		t.Error("a clause of another memorandum")
	}
	m = sound()
	m.Clauses[0].Commitments[0].ID = "of-another"
	if m.Continues(old) {
		t.Error("a commitment of another memorandum")
	}
}
