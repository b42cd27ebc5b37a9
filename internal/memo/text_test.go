package memo

import (
	"bytes"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gongjian/internal/calendar"
	"gongjian/internal/org"
)

func soundText() Text {
	m := sound()
	m.Clauses[0].Level = 1
	return m.Text(func(u org.UnitID) string { return "名称" + string(u) })
}

func TestATextReadBackHasTheSameBytes(t *testing.T) {
	want := soundText()
	want.Clauses[0].Commitments[0].Support = &Support{Kind: Money, Amount: 60_000_000_00, Year: 2010}
	got, err := ReadText(want.Canonical())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Canonical(), want.Canonical()) {
		t.Error(cmp.Diff(want, got))
	}
	if _, err := ReadText([]byte(`{"title":"x","smuggled":1}`)); err == nil {
		t.Error("unknown words were read")
	}
}

func TestWhereAClauseStoodBeforeDoesNotChangeTheBytes(t *testing.T) {
	a, b := soundText(), soundText()
	b.Clauses[0].Position, b.Clauses[0].Commitments[0].Clause = 7, "elsewhere"
	if !bytes.Equal(a.Canonical(), b.Canonical()) {
		t.Error("equal texts, other bytes")
	}
	b.Clauses[0].Text += "。"
	if bytes.Equal(a.Canonical(), b.Canonical()) {
		t.Error("other words, equal bytes")
	}
}

func TestATextSaysWhatKeepsItFromBeingProposed(t *testing.T) {
	if err := soundText().Check(); err != nil {
		t.Fatal(err)
	}
	for key, spoil := range map[string]func(*Text){
		"memo.no-clauses":       func(t *Text) { t.Clauses = nil },
		"memo.clause-level":     func(t *Text) { t.Clauses[0].Level = 2 },
		"memo.joint-no-party":   func(t *Text) { t.Clauses[0].Commitments[0].Joint = []org.UnitID{"stranger"} },
		"memo.obligor-no-party": func(t *Text) { t.Clauses[0].Commitments[0].Obligor = "" },
		"memo.parties-too-few":  func(t *Text) { t.Parties = t.Parties[:1]; t.Clauses[0].Commitments = nil },
		"memo.title-missing":    func(t *Text) { t.Title = "" },
	} {
		x := soundText()
		x.Clauses = slices.Clone(x.Clauses)
		spoil(&x)
		if got := keys(x.Check()); !slices.Contains(got, key) {
			t.Errorf("want %s, got %v", key, got)
		}
	}
}

func TestATermEndsOnTheDayBeforeItsAnniversary(t *testing.T) {
	signed := calendar.NewDate(2010, 2, 26)
	if got := (Term{Years: 3}).Last(signed); got != calendar.NewDate(2013, 2, 25) {
		t.Errorf("three years: %v", got)
	}
	if got := (Term{Years: 1}).Last(calendar.NewDate(2012, 2, 29)); got != calendar.NewDate(2013, 2, 28) {
		t.Errorf("from a leap day: %v", got)
	}
	if got := (Term{}).Last(signed); !got.IsZero() {
		t.Errorf("open-ended: %v", got)
	}
	if got := (Term{Years: 3}).Last(calendar.Date{}); !got.IsZero() {
		t.Errorf("unsigned: %v", got)
	}
}
