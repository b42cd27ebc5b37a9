package support

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
)

func TestPromisedSupportIsReadAsItIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(memo.SupportKinds()).Draw(t, "kind")
		s := memo.Support{Kind: kind, Year: rapid.SampledFrom([]int{0, 1999, 2011}).Draw(t, "year")}
		if kind == memo.Money {
			s.Amount = rapid.Int64Range(0, 1<<45).Draw(t, "fen")
		} else if s.Amount = rapid.Int64Range(0, 1_000_000).Draw(t, "pieces") * 10_000; s.Amount > 0 {
			s.Unit = rapid.SampledFrom(Units(kind)).Draw(t, "unit")
		}
		got, err := ReadWords(Words(s))
		if err != nil || got == nil {
			t.Fatalf("%s: %v", Words(s), err)
		}
		if d := cmp.Diff(s, *got); d != "" {
			t.Fatalf("%s: %s", Words(s), d)
		}
	})
}

func TestSupportIsReadAsPeopleWriteIt(t *testing.T) {
	for cell, want := range map[string]*memo.Support{
		"":  nil,
		"—": nil, "无": nil,
		"资金：4,000 万元（2010年度）": {Kind: memo.Money, Amount: 4_000_000_000, Year: 2010},
		"资金2亿元":               {Kind: memo.Money, Amount: 20_000_000_000},
		"土地 20 亩":             {Kind: memo.Land, Amount: 200_000, Unit: "亩"},
		"设备15台(套)":            {Kind: memo.Equipment, Amount: 150_000, Unit: "台（套）"},
		"政策":                  {Kind: memo.Policy},
	} {
		got, err := ReadWords(cell)
		if d := cmp.Diff(want, got); d != "" || err != nil {
			t.Errorf("%q: %v %s", cell, err, d)
		}
	}
}

func TestSupportThatSaysNoAmountIsAskedBack(t *testing.T) {
	for _, cell := range []string{"资金若干", "资金99999999亿元", "500万元", "土地20台", "资金0.001元", "编制12", "资金-5万元"} {
		got, err := ReadWords(cell)
		var f *fault.Fault
		if !errors.As(err, &f) || f.Key != "version.support-unread" {
			t.Errorf("%q was read as %+v, %v", cell, got, err)
		}
	}
}
