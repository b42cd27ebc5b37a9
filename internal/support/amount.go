package support

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/task"
)

// Amount counts support in the smallest piece of its kind: money in fen (分), land in
// thirds of a square centimetre, posts, equipment and policies one by one.
//
// Rule SL-05 (国务院关于在我国统一实行法定计量单位的命令, 1984: 1 亩 is 10,000 ÷ 15 square
// metres): 15 亩 are one hectare, so one 亩 is no finite decimal of square metres. A
// third of a square centimetre divides them all: a square metre has 30,000 of them,
// 亩 20,000,000, hectare (公顷) 300,000,000, and areas of four decimals in any of the
// three are whole numbers of it. Nothing is ever rounded.
type Amount int64

// measures says how many smallest pieces a unit has, by kind. The first unit of
// a kind is the one in which its sums are shown.
var measures = []struct {
	Kind  memo.SupportKind
	Unit  string
	Piece int64
}{
	{memo.Money, "万元", 1_000_000}, {memo.Money, "元", 100}, {memo.Money, "亿元", 10_000_000_000},
	{memo.Land, "公顷", 300_000_000}, {memo.Land, "亩", 20_000_000}, {memo.Land, "平方米", 30_000},
	{memo.Posts, "名", 1}, {memo.Posts, "个", 1},
	{memo.Equipment, "台（套）", 1}, {memo.Equipment, "台", 1}, {memo.Equipment, "套", 1}, {memo.Equipment, "件", 1},
	{memo.Policy, "件", 1}, {memo.Policy, "项", 1}, {memo.Policy, "个", 1},
}

// Units returns the units in which support of a kind may be entered, the usual first.
func Units(k memo.SupportKind) (out []string) {
	for _, m := range measures {
		if m.Kind == k {
			out = append(out, m.Unit)
		}
	}
	return out
}

// AmountOf converts a value in a unit exactly; what does not come out whole, or is
// too large, is a fault at the field value.
func AmountOf(k memo.SupportKind, v task.Quantity, unit string) (Amount, *fault.Fault) {
	unit = strings.NewReplacer("(", "（", ")", "）", "㎡", "平方米", "m²", "平方米").Replace(strings.TrimSpace(unit))
	for _, m := range measures {
		if m.Kind != k || m.Unit != unit {
			continue
		}
		n := new(big.Int).Mul(big.NewInt(int64(v)), big.NewInt(m.Piece))
		whole, rest := new(big.Int).QuoRem(n, big.NewInt(int64(task.One)), new(big.Int))
		switch {
		case rest.Sign() != 0:
			return 0, fault.New(fault.Invalid, "support.not-whole", "Unit", unit).On("value")
		case !whole.IsInt64() || whole.Int64() > math.MaxInt64/1000: // a thousand of the largest still add up
			return 0, fault.New(fault.Invalid, "support.too-large").On("value")
		}
		return Amount(whole.Int64()), nil
	}
	return 0, fault.New(fault.Invalid, "support.unit", "Unit", unit).On("unit")
}

// Promised converts what a commitment promises.
func Promised(s memo.Support) (Amount, error) {
	if s.Kind == memo.Money { // kept in fen
		return Amount(s.Amount), nil
	}
	unit := s.Unit
	if unit == "" {
		unit = Units(s.Kind)[0]
		if s.Kind == memo.Land {
			unit = "平方米"
		}
	}
	a, err := AmountOf(s.Kind, task.Quantity(s.Amount), unit)
	if err != nil {
		return 0, err
	}
	return a, nil
}

// In writes an amount as a decimal of a unit of its kind, exactly where it has a
// finite decimal of at most four places, else rounded to four.
func (a Amount) In(k memo.SupportKind, unit string) string {
	for _, m := range measures {
		if m.Kind == k && m.Unit == unit {
			s := new(big.Rat).SetFrac64(int64(a), m.Piece).FloatString(4)
			return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
		}
	}
	return strconv.FormatInt(int64(a), 10)
}

// Usual writes an amount in the unit in which sums of its kind are shown.
func (a Amount) Usual(k memo.SupportKind) (number, unit string) {
	units := Units(k)
	if len(units) == 0 {
		return "", ""
	}
	return a.In(k, units[0]), units[0]
}
