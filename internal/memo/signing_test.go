package memo

import (
	"testing"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
)

func agreedVersion() Version {
	v := *between().Newest
	v.State = AgreedOn
	return v
}

// Rule M-04.
func TestOnlyTheAgreedVersionIsSignedOnceByEachParty(t *testing.T) {
	today := may.AddDays(10)
	ok := Signed{"city", may.AddDays(3)}
	v := agreedVersion()
	if err := CheckSigning(v, v.Digest, nil, ok, today); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		spoil  func(*Version)
		digest string
		signed []Signed
		by     Signed
		key    string
	}{
		{name: "still open", spoil: func(v *Version) { v.State = Open }, key: "sign.not-agreed"},
		{name: "void since", spoil: func(v *Version) { v.State = VoidedByNext }, key: "sign.not-agreed"},
		{name: "another text", digest: "00", key: "sign.other-text"},
		{name: "a text changed behind its digest", spoil: func(v *Version) { v.Text = rewritten(v.Text) }, key: "sign.other-text"},
		{name: "no party", by: Signed{"stranger", may}, key: "version.not-a-party"},
		{name: "twice", signed: []Signed{{"city", may}}, key: "sign.already"},
		{name: "no day", by: Signed{Party: "city"}, key: "sign.day-missing"},
		{name: "tomorrow", by: Signed{"city", today.AddDays(1)}, key: "sign.day-ahead"},
		{name: "before the version was", by: Signed{"city", may.AddDays(-1)}, key: "sign.day-before-version"},
		{name: "out of turn", spoil: func(v *Version) {
			v.Text.Parties[0].Order, v.Text.Parties[1].Order = 1, 2
			v.Digest = Digest(v.Text)
		}, key: "sign.not-your-turn"},
	} {
		v := agreedVersion()
		if c.spoil != nil {
			c.spoil(&v)
		}
		digest, by := v.Digest, ok
		if c.digest != "" {
			digest = c.digest
		}
		if c.by.Party != "" {
			by = c.by
		}
		if err := CheckSigning(v, digest, c.signed, by, today); !fault.Is(err, c.key) {
			t.Errorf("%s: want %s, got %v", c.name, c.key, err)
		}
	}
}

func TestTheLastToSignGivesTheDay(t *testing.T) {
	x := agreedVersion().Text
	signed := []Signed{{"city", may.AddDays(4)}, {"bureau", may}}
	if _, all := Complete(x, signed); all {
		t.Error("the county has not signed")
	}
	if day, all := Complete(x, append(signed, Signed{"county", may.AddDays(2)})); !all || day != may.AddDays(4) {
		t.Errorf("%v, %v", day, all)
	}
	if _, all := Complete(Text{}, nil); all {
		t.Error("nobody signed nothing")
	}
}

func TestThoseOfOneOrderSignInAnyOrder(t *testing.T) {
	x := agreedVersion().Text
	x.Parties[0].Order, x.Parties[1].Order, x.Parties[2].Order = 1, 1, 2
	names := func(p []Party) (out []org.UnitID) {
		for _, one := range p {
			out = append(out, one.Unit)
		}
		return out
	}
	if got := names(MaySign(x, nil)); len(got) != 2 {
		t.Errorf("at first %v", got)
	}
	if got := names(MaySign(x, []Signed{{"city", may}, {"bureau", calendar.Date{}}})); len(got) != 1 || got[0] != "county" {
		t.Errorf("then %v", got)
	}
}
