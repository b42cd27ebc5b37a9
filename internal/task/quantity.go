package task

import (
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"strings"

	"gongjian/internal/fault"
)

// Hundred is the quantity 100: a whole in per cent.
const Hundred = 100 * One

// Largest is the largest quantity that is read or kept: 99,999,999,999,999 with
// four decimals. It leaves room below the size of int64, so that a figure can be
// added to another without a check.
const Largest Quantity = 99_999_999_999_999*One + 9_999

// ParseQuantity reads a number as users type it: 1200.5, 1,200.50, １２００,
// 5000万, 1.2亿, -3. Full-width characters read like half-width ones.
//
// Rule T-01 (ours; docs/sources/task.md): at most four decimals, never rounded;
// commas only between groups of three digits, so that a European 1,5 is refused
// and not read as 15; 万 and 亿 multiply, as in documents (5000万 is 50,000,000).
//
// Faults, all Invalid: quantity.empty, quantity.not-a-number, quantity.commas,
// quantity.decimals, quantity.too-large.
func ParseQuantity(text string) (Quantity, error) {
	s := narrow(text)
	if s == "" {
		return 0, fault.New(fault.Invalid, "quantity.empty")
	}
	s, zeros := cutMyriad(s)
	negative := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(strings.TrimPrefix(s, "-"), "+")
	whole, decimals, _ := strings.Cut(s, ".")
	whole, ok := ungroup(whole)
	if !ok {
		return 0, fault.New(fault.Invalid, "quantity.commas", "Text", text)
	}
	if whole+decimals == "" || strings.Trim(whole+decimals, "0123456789") != "" {
		return 0, fault.New(fault.Invalid, "quantity.not-a-number", "Text", text)
	}
	// Shift the point right by four places and by those of 万 or 亿.
	decimals = strings.TrimRight(decimals, "0")
	if len(decimals) > 4+zeros {
		return 0, fault.New(fault.Invalid, "quantity.decimals", "Text", text)
	}
	digits := strings.TrimLeft(whole+decimals+strings.Repeat("0", 4+zeros-len(decimals)), "0")
	if digits == "" {
		return 0, nil
	}
	v, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || Quantity(v) > Largest {
		return 0, fault.New(fault.Invalid, "quantity.too-large", "Text", text)
	}
	if negative {
		v = -v
	}
	return Quantity(v), nil
}

// ParseQuantityIn reads a number for a field whose unit (元, 万元, 个, %) stands
// behind it. The unit may be typed again. Where the unit itself counts in 万 or
// 亿, that word after the number belongs to the unit: 5000万 in a field of 万元
// is 5000, not 50,000,000.
func ParseQuantityIn(text, unit string) (Quantity, error) {
	s, u := narrow(text), narrow(unit)
	if u != "" {
		s = strings.TrimSuffix(s, u)
	}
	for _, word := range []string{"万", "亿"} {
		if strings.HasPrefix(u, word) {
			s = strings.TrimSuffix(s, word)
		}
	}
	return ParseQuantity(s)
}

// ParseReported reads a number that is reported against a target, in the unit of
// the target.
//
// Rule T-01: where the document counts in 万 or 亿 (不低于50万元) and the target is
// kept in the unit itself (500,000 元), a small number without any unit says nothing
// sure: 50 was typed for 50万元 more often than for 50 元. It is asked back
// (quantity.magnitude); 50万, 50元 and 500000 are taken as they stand.
func ParseReported(text string, target *Target) (Quantity, error) {
	if target == nil {
		return ParseQuantity(text)
	}
	v, err := ParseQuantityIn(text, target.Unit)
	if err != nil || target.Unit == "" || strings.HasSuffix(narrow(text), narrow(target.Unit)) {
		return v, err
	}
	for word, size := range map[string]Quantity{"万": 10_000 * One, "亿": 100_000_000 * One} {
		if strings.Contains(narrow(target.Text), word+narrow(target.Unit)) && v > 0 && v < size && !strings.Contains(text, "万") && !strings.Contains(text, "亿") {
			return 0, fault.New(fault.Invalid, "quantity.magnitude", "Text", strings.TrimSpace(text), "Word", word, "Unit", target.Unit)
		}
	}
	return v, nil
}

// narrow folds full-width characters and drops every kind of space.
func narrow(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\u00a0' || r == '\u3000':
			return -1
		case r == '，':
			return ','
		case r == '。':
			return '.'
		case r == '−' || r == '—' || r == '–':
			return '-'
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		}
		return r
	}, text)
}

func cutMyriad(s string) (rest string, zeros int) {
	for {
		switch {
		case strings.HasSuffix(s, "万") && zeros < 12:
			s, zeros = strings.TrimSuffix(s, "万"), zeros+4
		case strings.HasSuffix(s, "亿") && zeros < 8:
			s, zeros = strings.TrimSuffix(s, "亿"), zeros+8
		default:
			return s, zeros
		}
	}
}

// ungroup takes the commas out of 1,200; it refuses 1,20 and ,200.
func ungroup(s string) (string, bool) {
	groups := strings.Split(s, ",")
	for i, g := range groups {
		if len(groups) > 1 && ((i == 0 && (g == "" || len(g) > 3)) || (i > 0 && len(g) != 3)) {
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}

// String is the plain decimal, without grouping and trailing zeros: 1200.5.
// ParseQuantity reads it back.
func (q Quantity) String() string {
	// The remainder is taken before the sign goes: the smallest int64 has no positive twin.
	whole, part := int64(q/One), int64(q%One)
	s := strconv.FormatInt(whole, 10)
	if part == 0 {
		return s
	}
	if part < 0 {
		part = -part
		if whole == 0 {
			s = "-0"
		}
	}
	return s + "." + strings.TrimRight(strconv.FormatInt(int64(One)+part, 10)[1:], "0")
}

// Whole reports whether q has no decimals.
func (q Quantity) Whole() bool { return q%One == 0 }

// Count is n as a quantity.
func Count(n int) Quantity { return Quantity(n) * One }

// Scale returns q × num ÷ den, rounded to the nearest ten-thousandth, halves away
// from zero. ok is false when den is 0 or the result does not fit.
func (q Quantity) Scale(num, den int64) (_ Quantity, ok bool) {
	return scale(q, num, den, 1)
}

// scale returns q × num ÷ den rounded to a multiple of step, halves away from zero.
func scale(q Quantity, num, den, step int64) (Quantity, bool) {
	if den == 0 || step <= 0 {
		return 0, false
	}
	n := new(big.Int).Mul(big.NewInt(int64(q)), big.NewInt(num))
	d := new(big.Int).Mul(big.NewInt(den), big.NewInt(step))
	if d.Sign() < 0 {
		n.Neg(n)
		d.Neg(d)
	}
	// Halves away from zero: round the amount, then put the sign back.
	sign := int64(n.Sign())
	n.Abs(n).Lsh(n, 1).Add(n, d)
	n.Quo(n, d.Lsh(d, 1))
	n.Mul(n, big.NewInt(sign*step))
	if !n.IsInt64() {
		return 0, false
	}
	return Quantity(n.Int64()), true
}

// ShareOf returns how many per cent part is of whole, rounded to the nearest
// ten-thousandth of a per cent, halves away from zero: 15 of 17 is 88.2353. A
// share of nothing is 0.
func ShareOf(part, whole Quantity) Quantity {
	v, ok := part.Scale(int64(Hundred), int64(whole))
	if !ok {
		return 0
	}
	return v
}

// AtLeastShare reports whether part is at least percent hundredths of whole,
// exactly: no rounding takes place.
func AtLeastShare(part, whole Quantity, percent int) bool {
	a := new(big.Int).Mul(big.NewInt(int64(part)), big.NewInt(100))
	b := new(big.Int).Mul(big.NewInt(int64(whole)), big.NewInt(int64(percent)))
	return a.Cmp(b) >= 0
}

// Sum adds quantities; a sum that does not fit stays at the largest or smallest
// int64 instead of wrapping round. Sums of that size cannot come from figures
// that were read: each is at most Largest.
func Sum(qs ...Quantity) Quantity {
	var high, low uint64 // of the total, with 128 bits: a recount adds millions of times
	for _, q := range qs {
		var carry uint64
		low, carry = bits.Add64(low, uint64(q), 0)
		high += uint64(int64(q)>>63) + carry
	}
	switch {
	case high == uint64(int64(low)>>63):
		return Quantity(low)
	case int64(high) < 0:
		return math.MinInt64
	}
	return math.MaxInt64
}
