package support

import (
	"testing"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/task"

	"pgregory.net/rapid"
)

func q(t *testing.T, s string) task.Quantity {
	t.Helper()
	v, err := task.ParseQuantity(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestAmountsConvertExactly(t *testing.T) { // Rule SL-05
	for _, c := range []struct {
		kind        memo.SupportKind
		value, unit string
		want        Amount
	}{
		{memo.Money, "6000", "万元", 6_000_000_000}, {memo.Money, "0.01", "元", 1}, {memo.Money, "0.0001", "万元", 100}, {memo.Money, "1.2", "亿元", 12_000_000_000},
		{memo.Land, "1.33", "公顷", 399_000_000}, {memo.Land, "20", "亩", 400_000_000}, {memo.Land, "1", "平方米", 30_000}, {memo.Land, "0.0001", "平方米", 3},
		{memo.Posts, "12", "名", 12}, {memo.Equipment, "3", "台（套）", 3}, {memo.Equipment, "3", "台(套)", 3}, {memo.Policy, "1", "件", 1},
	} {
		got, err := AmountOf(c.kind, q(t, c.value), c.unit)
		if err != nil || got != c.want {
			t.Errorf("%s %s is %d (%v), want %d", c.value, c.unit, got, err, c.want)
		}
	}
	for _, c := range []struct{ kind, value, unit, key string }{
		{"money", "0.001", "元", "support.not-whole"}, {"posts", "1.5", "名", "support.not-whole"},
		{"land", "1", "顷", "support.unit"}, {"money", "1", "公顷", "support.unit"}, {"money", "99999999999999", "亿元", "support.too-large"},
	} {
		if _, err := AmountOf(memo.SupportKind(c.kind), q(t, c.value), c.unit); err == nil || err.Key != c.key {
			t.Errorf("%s %s: %v, want %s", c.value, c.unit, err, c.key)
		}
	}
}

func TestFifteenMuAreOneHectare(t *testing.T) { // Rule SL-05
	rapid.Check(t, func(t *rapid.T) {
		v := task.Quantity(rapid.Int64Range(0, 1_000_000_000).Draw(t, "hectares"))
		hectares, err := AmountOf(memo.Land, v, "公顷")
		if err != nil {
			t.Fatal(err)
		}
		mu, err := AmountOf(memo.Land, 15*v, "亩")
		if err != nil || mu != hectares {
			t.Fatalf("%v 公顷 is %d, 15 times as many 亩 are %d, %v", v, hectares, mu, err)
		}
		if metres, err := AmountOf(memo.Land, 10_000*v, "平方米"); err != nil || metres != hectares {
			t.Fatalf("in square metres it is %d, %v", metres, err)
		}
		back, perr := task.ParseQuantity(hectares.In(memo.Land, "公顷"))
		if perr != nil || back != v {
			t.Fatalf("written %s for %v", hectares.In(memo.Land, "公顷"), v)
		}
	})
}

func TestAPromiseIsReadFromItsCommitment(t *testing.T) {
	for _, c := range []struct {
		s    memo.Support
		want Amount
	}{
		{memo.Support{Kind: memo.Money, Amount: 6_000_000_000}, 6_000_000_000},
		{memo.Support{Kind: memo.Land, Amount: int64(task.One) * 20, Unit: "亩"}, 400_000_000},
		{memo.Support{Kind: memo.Land, Amount: int64(task.One)}, 30_000},
		{memo.Support{Kind: memo.Posts, Amount: 5 * int64(task.One)}, 5},
	} {
		if got, err := Promised(c.s); err != nil || got != c.want {
			t.Errorf("%+v promises %d (%v), want %d", c.s, got, err, c.want)
		}
	}
}

func delivery() Delivery {
	return Delivery{
		ID: "d", Kind: memo.Money, Value: 100 * task.One, Unit: "万元", Amount: 100_000_000, Year: 2010, On: calendar.NewDate(2010, 5, 6),
		Region: "510500", Giver: "luzhou-gov", Taker: "bureau", State: Entered,
	}
}

func TestADeliveryIsChecked(t *testing.T) { // Rule SL-01
	today := calendar.NewDate(2010, 6, 7)
	if err := delivery().Check(today); err != nil {
		t.Fatal(err)
	}
	for field, change := range map[string]func(*Delivery){
		"kind":   func(d *Delivery) { d.Kind = "favour" },
		"value":  func(d *Delivery) { d.Value, d.Amount = 0, 0 },
		"unit":   func(d *Delivery) { d.Unit = "箱" },
		"on":     func(d *Delivery) { d.On = calendar.NewDate(2010, 6, 8) },
		"year":   func(d *Delivery) { d.Year = 2012 },
		"region": func(d *Delivery) { d.Region = "" },
		"giver":  func(d *Delivery) { d.Giver = "" },
		"taker":  func(d *Delivery) { d.Taker = d.Giver },
	} {
		d := delivery()
		change(&d)
		var l fault.List
		if err := d.Check(today); err == nil {
			t.Errorf("%s: accepted", field)
		} else if l, _ = err.(fault.List); len(l) == 0 || l[0].Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	nothing := delivery()
	nothing.Value, nothing.Amount, nothing.Cancels = 0, 0, "old"
	if err := nothing.Check(today); err != nil {
		t.Errorf("a correction to nothing: %v", err)
	}
}

func TestADeliveryUnderACommitmentIsOfItsKindAndFromItsSide(t *testing.T) { // Rule SL-02
	k := memo.Commitment{Obligor: "luzhou-gov", Support: &memo.Support{Kind: memo.Money, Amount: 1}}
	d := delivery()
	if err := d.CheckUnder(k, false); err != nil {
		t.Error(err)
	}
	d.Giver = "luzhou-farm"
	if err := d.CheckUnder(k, true); err != nil {
		t.Error(err)
	}
	if err := d.CheckUnder(k, false); !fault.Is(err, "support.not-obligor") {
		t.Errorf("a stranger gives: %v", err)
	}
	d.Kind = memo.Land
	if err := d.CheckUnder(k, true); !fault.Is(err, "support.other-kind") {
		t.Errorf("land for money: %v", err)
	}
}

func TestTheReceivingSideVerifiesOnce(t *testing.T) { // Rule SL-03
	d := delivery()
	if _, err := d.Verify("luzhou-gov", ""); !fault.Is(err, "support.not-yours") {
		t.Errorf("the giver verified: %v", err)
	}
	if _, err := d.Return("bureau", ""); err == nil {
		t.Error("returned without a reason")
	}
	v, err := d.Verify("bureau", "已到账")
	if err != nil || v.State != Verified {
		t.Fatal(v.State, err)
	}
	if _, err := v.Verify("bureau", ""); !fault.Is(err, "support.judged-already") {
		t.Errorf("verified twice: %v", err)
	}
}

func TestACorrectionCancelsOnce(t *testing.T) { // Rule SL-04
	old, next, err := Correct(delivery(), Delivery{Amount: 5, Giver: "elsewhere"}, "金额录入有误")
	if err != nil || old.State != Cancelled || next.Cancels != "d" || next.Giver != "luzhou-gov" || next.State != Entered {
		t.Fatalf("%+v %+v %v", old, next, err)
	}
	if _, _, err := Correct(old, next, "再改一次试试"); !fault.Is(err, "support.cancelled-already") {
		t.Errorf("cancelled twice: %v", err)
	}
	if _, counts := CellOf(old); counts {
		t.Error("a cancelled entry counts")
	}
}

func TestSumsUpTheTreeEqualARecount(t *testing.T) { // Rule SL-06
	regions := []org.RegionCode{"510000", "510400", "510500", "510502", "510521", "513400", "513433"}
	rapid.Check(t, func(t *rapid.T) {
		var all []Delivery
		var cells []Cell
		for range rapid.IntRange(0, 40).Draw(t, "n") {
			d := Delivery{
				Kind: rapid.SampledFrom(memo.SupportKinds()).Draw(t, "kind"), Amount: Amount(rapid.Int64Range(1, 1e12).Draw(t, "amount")),
				Year: rapid.IntRange(2009, 2011).Draw(t, "year"), Region: rapid.SampledFrom(regions).Draw(t, "region"),
				State: rapid.SampledFrom([]State{Entered, Verified, Returned, Cancelled}).Draw(t, "state"),
			}
			all = append(all, d)
			if c, counts := CellOf(d); counts {
				cells = append(cells, c)
			}
		}
		for _, c := range Up(Sum(cells)) {
			var verified, entered Amount
			for _, d := range all {
				if d.Region.Within(c.Region) && d.Year == c.Year && d.Kind == c.Kind {
					switch d.State {
					case Verified:
						verified += d.Amount
					case Entered:
						entered += d.Amount
					}
				}
			}
			if verified != c.Verified || entered != c.Entered {
				t.Fatalf("%+v: a recount gives %d and %d", c, verified, entered)
			}
		}
		// The pieces below a territory and the territory as a whole are the same.
		for _, territory := range []org.RegionCode{"510000", "510500"} {
			var parts, whole Amount
			for _, c := range Below(cells, territory) {
				parts += c.Verified
			}
			for _, c := range Within(cells, territory) {
				whole += c.Verified
			}
			if parts != whole {
				t.Fatalf("%s: parts %d, whole %d", territory, parts, whole)
			}
		}
	})
}
