package assess

import (
	"fmt"
	"math/big"
	"regexp"

	"github.com/shopspring/decimal"
)

// Points is a number of points (分): an exact decimal, never a float. In JSON it
// is a string without trailing zeros ("10.5"), so equal points are equal bytes.
type Points struct{ decimal.Decimal }

// Whole returns n points.
func Whole(n int64) Points { return Points{decimal.NewFromInt(n)} }

// pointsForm bounds what is read: a number such as 1e999999999 in a file sent in
// by a stranger would fill the memory when it is written out.
var pointsForm = regexp.MustCompile(`^-?[0-9]{1,9}(\.[0-9]{1,6})?$`)

// ParsePoints reads points as they are written: up to nine digits before and six
// after the point, no exponent.
func ParsePoints(s string) (Points, error) {
	if !pointsForm.MatchString(s) {
		return Points{}, fmt.Errorf("assess: %q is not a number of points", s)
	}
	d, err := decimal.NewFromString(s)
	if err != nil {
		return Points{}, fmt.Errorf("assess: %q is not a number of points: %w", s, err)
	}
	return Points{d}, nil
}

// MarshalJSON writes the canonical string.
func (p Points) MarshalJSON() ([]byte, error) { return []byte(`"` + p.String() + `"`), nil }

// UnmarshalJSON reads a string such as "10.5". A JSON number is refused, as a
// reader might have turned it into a float on the way.
func (p *Points) UnmarshalJSON(b []byte) error {
	if len(b) < 2 || b[0] != '"' || b[len(b)-1] != '"' {
		return fmt.Errorf("assess: points are written as text, not %.20q", b)
	}
	q, err := ParsePoints(string(b[1 : len(b)-1]))
	if err != nil {
		return err
	}
	*p = q
	return nil
}

// Plus returns p + q.
func (p Points) Plus(q Points) Points { return Points{p.Add(q.Decimal)} }

// Minus returns p − q.
func (p Points) Minus(q Points) Points { return Points{p.Sub(q.Decimal)} }

// Less reports whether p is fewer points than q.
func (p Points) Less(q Points) bool { return p.LessThan(q.Decimal) }

// Mode says how a number is rounded (修约).
type Mode string

// The modes. All work on the absolute value and put the sign back.
const (
	HalfUp   Mode = "half-up"   // 四舍五入
	HalfEven Mode = "half-even" // 四舍六入五成双
	Down     Mode = "down"      // 舍去
)

// Rounding is how a scheme rounds. Items are rounded first and then added, so
// that the printed items add up to the printed sum; the total is rounded last.
type Rounding struct {
	ItemPlaces  int32 `json:"item_places"`  // decimals of an item's points, 0 to 6
	TotalPlaces int32 `json:"total_places"` // decimals of the total, 0 to ItemPlaces
	Mode        Mode  `json:"mode"`
}

// round turns an exact fraction into points with the given decimals.
//
// Rule A-01 (GB/T 8170-2008, 3.2 for half-even; negative numbers are rounded by
// their absolute value): the fraction is exact until this one rounding.
func (r Rounding) round(x *big.Rat, places int32) Points {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
	num := new(big.Int).Mul(new(big.Int).Abs(x.Num()), scale)
	whole, rest := new(big.Int).QuoRem(num, x.Denom(), new(big.Int))
	switch half := rest.Lsh(rest, 1).Cmp(x.Denom()); r.Mode {
	case HalfUp:
		if half >= 0 {
			whole.Add(whole, big.NewInt(1))
		}
	case HalfEven:
		if half > 0 || half == 0 && whole.Bit(0) == 1 {
			whole.Add(whole, big.NewInt(1))
		}
	}
	if x.Sign() < 0 {
		whole.Neg(whole)
	}
	return Points{decimal.NewFromBigInt(whole, -places)}
}

// Total rounds a sum of items to the total that is published.
func (r Rounding) Total(sum Points) Points { return r.round(sum.Rat(), r.TotalPlaces) }
