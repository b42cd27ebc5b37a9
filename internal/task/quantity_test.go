package task

import (
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"

	"gongjian/internal/fault"

	"pgregory.net/rapid"
)

// Rule T-01.
func TestANumberReadsAsUsersTypeIt(t *testing.T) {
	for text, want := range map[string]Quantity{
		"0": 0, "7": 7 * One, "1200.5": 12_005_000, "1,200.50": 12_005_000, "１，２００．５": 12_005_000, " 1 200 ": 1200 * One,
		"5000万": 50_000_000 * One, "1.2亿": 120_000_000 * One, "1.23456万": 123_456_000, "-3": -3 * One, "－3": -3 * One, "+3": 3 * One,
		".5": One / 2, "5.": 5 * One, "0.0001": 1, "0.00010": 1, "000012": 12 * One, "1　000": 1000 * One,
		"99999999999999.9999": Largest, "-0": 0,
	} {
		if got, err := ParseQuantity(text); err != nil || got != want {
			t.Errorf("%q: %s (%v), want %s", text, got, err, want)
		}
	}
}

// Rule T-01.
func TestWhatIsNoNumberIsRefusedWithItsReason(t *testing.T) {
	for text, key := range map[string]string{
		"": "quantity.empty", "　": "quantity.empty", "二十": "quantity.not-a-number", "1.2.3": "quantity.not-a-number", "--3": "quantity.not-a-number",
		"20个": "quantity.not-a-number", ".": "quantity.not-a-number", "万": "quantity.not-a-number", "1e3": "quantity.not-a-number",
		"1,5": "quantity.commas", "1,2345": "quantity.commas", ",200": "quantity.commas", "1234,567": "quantity.commas",
		"0.00001": "quantity.decimals", "1.234567891万": "quantity.decimals",
		"100000000000000": "quantity.too-large", strings.Repeat("9", 400): "quantity.too-large", "1000000亿": "quantity.too-large", "1亿亿": "quantity.not-a-number",
	} {
		if got, err := ParseQuantity(text); !fault.Is(err, key) || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q: %s, %v, want %s", text, got, err, key)
		}
	}
}

// Rule T-01: in a field of 万元 the word 万 after the number is the unit's.
func TestTheUnitOfTheFieldMayBeTypedAgain(t *testing.T) {
	for _, c := range []struct {
		text, unit string
		want       Quantity
	}{
		{"5000万", "元", 50_000_000 * One}, {"5000万元", "元", 50_000_000 * One}, {"5000万", "万元", 5000 * One}, {"5000万元", "万元", 5000 * One},
		{"20个", "个", 20 * One}, {"85%", "%", 85 * One}, {"85％", "%", 85 * One}, {"3", "", 3 * One}, {"2亿", "亿元", 2 * One},
	} {
		if got, err := ParseQuantityIn(c.text, c.unit); err != nil || got != c.want {
			t.Errorf("%q in %q: %s (%v), want %s", c.text, c.unit, got, err, c.want)
		}
	}
}

func TestEveryQuantityReadsItsOwnText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := Quantity(rapid.Int64Range(-int64(Largest), int64(Largest)).Draw(t, "q"))
		if got, err := ParseQuantity(q.String()); err != nil || got != q {
			t.Fatalf("%d is written %s and read %d (%v)", q, q, got, err)
		}
	})
	if got := Quantity(math.MinInt64).String(); got != "-922337203685477.5808" {
		t.Errorf("smallest: %s", got)
	}
	if got := Quantity(-5).String(); got != "-0.0005" {
		t.Errorf("small negative: %s", got)
	}
}

func FuzzParseQuantity(f *testing.F) {
	for _, s := range []string{"1,200.50", "５０００万", "-0.5", "1.2亿", "", ",", "9999999999999999999999", "1.2.3", "万万", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := ParseQuantity(s)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatalf("%q: %v is no fault that a user can mend", s, err)
			}
			return
		}
		if q > Largest || q < -Largest {
			t.Fatalf("%q: %d is out of bounds", s, q)
		}
		if again, err := ParseQuantity(q.String()); err != nil || again != q {
			t.Fatalf("%q: %d reads back as %d (%v)", s, q, again, err)
		}
	})
}

func TestScalingIsExactAndRoundsHalvesAwayFromZero(t *testing.T) {
	for _, c := range []struct {
		q        Quantity
		num, den int64
		want     Quantity
	}{
		{One, 1, 3, 3333}, {One, 2, 3, 6667}, {1, 1, 2, 1}, {-1, 1, 2, -1}, {1, -1, 2, -1}, {1, 1, -2, -1}, {3, 1, 2, 2}, {Largest, 3, 3, Largest}, {0, 5, 7, 0},
	} {
		if got, ok := c.q.Scale(c.num, c.den); !ok || got != c.want {
			t.Errorf("%d × %d ÷ %d = %d, want %d", c.q, c.num, c.den, got, c.want)
		}
	}
	if _, ok := One.Scale(1, 0); ok {
		t.Error("divided by nothing")
	}
	if _, ok := Largest.Scale(math.MaxInt64, 1); ok {
		t.Error("a product that does not fit was given")
	}
	rapid.Check(t, func(t *rapid.T) {
		q := Quantity(rapid.Int64().Draw(t, "q"))
		num, den := rapid.Int64().Draw(t, "num"), rapid.Int64().Filter(func(n int64) bool { return n != 0 }).Draw(t, "den")
		got, ok := q.Scale(num, den)
		if !ok {
			return
		}
		// |got×den − q×num| × 2 ≤ |den|
		diff := new(big.Int).Mul(big.NewInt(int64(got)), big.NewInt(den))
		diff.Sub(diff, new(big.Int).Mul(big.NewInt(int64(q)), big.NewInt(num)))
		diff.Abs(diff).Lsh(diff, 1)
		if diff.CmpAbs(big.NewInt(den)) > 0 {
			t.Fatalf("%d × %d ÷ %d = %d is not the nearest", q, num, den, got)
		}
	})
}

func TestSharesAndSums(t *testing.T) {
	if got := ShareOf(Count(15), Count(17)).String(); got != "88.2353" {
		t.Errorf("15 of 17: %s", got)
	}
	if ShareOf(One, 0) != 0 {
		t.Error("a share of nothing")
	}
	if !AtLeastShare(9*One, 10*One, 90) || AtLeastShare(9*One-1, 10*One, 90) {
		t.Error("90 % is exact")
	}
	if Sum(math.MaxInt64, 1) != math.MaxInt64 || Sum(math.MinInt64, -1) != math.MinInt64 || Sum(1, 2, -4) != -1 {
		t.Error("sums stay at the ends instead of wrapping round")
	}
}

func TestASmallBareNumberAgainstATargetInMyriadsIsAskedBack(t *testing.T) { // Rule T-01
	money := &Target{Text: "不低于50万元", Value: 500_000 * One, Unit: "元"}
	pieces := &Target{Text: "不少于50个", Value: 50 * One, Unit: "个"}
	for _, c := range []struct {
		text   string
		target *Target
		want   Quantity
		asked  bool
	}{
		{"50", money, 0, true}, {"５０．５", money, 0, true}, {"9999", money, 0, true},
		{"50万", money, 500_000 * One, false}, {"50万元", money, 500_000 * One, false}, {"50元", money, 50 * One, false},
		{"500000", money, 500_000 * One, false}, {"0", money, 0, false}, {"50", pieces, 50 * One, false}, {"50", nil, 50 * One, false},
	} {
		got, err := ParseReported(c.text, c.target)
		var f *fault.Fault
		if asked := errors.As(err, &f) && f.Key == "quantity.magnitude"; asked != c.asked || got != c.want || !asked && err != nil {
			t.Errorf("%q: %s, %v", c.text, got, err)
		}
	}
}
