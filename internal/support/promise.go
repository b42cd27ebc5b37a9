package support

import (
	"regexp"
	"strconv"
	"strings"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// ReadPromise reads an amount as it is typed beside a commitment: money in fen (万元
// where no unit is typed), everything else in ten-thousandths of its unit. ok is false
// where the amount is no number, or no whole number of fen.
func ReadPromise(kind memo.SupportKind, amount, unit string) (s memo.Support, ok bool) {
	s = memo.Support{Kind: kind, Unit: unit}
	if amount == "" {
		return s, true // promised, and no figure said
	}
	v, err := task.ParseQuantity(amount)
	if err != nil || v < 0 {
		return s, false
	}
	if kind != memo.Money {
		s.Amount = int64(v)
		return s, true
	}
	if unit == "" {
		unit = Units(memo.Money)[0]
	}
	fen, bad := AmountOf(memo.Money, v, unit)
	if bad != nil {
		return s, false
	}
	s.Amount, s.Unit = int64(fen), ""
	return s, true
}

// Typed writes an amount as it is typed; "" where none is said.
func Typed(s memo.Support) (amount, unit string) {
	if s.Amount == 0 {
		return "", s.Unit
	}
	if s.Kind != memo.Money {
		return task.Quantity(s.Amount).String(), s.Unit
	}
	if s.Amount%100 != 0 { // fen: shown in yuan, exactly
		return task.Quantity(s.Amount * int64(task.One) / 100).String(), "元"
	}
	return task.Quantity(s.Amount / 100).String(), "万元"
}

// kindWords are the kinds as a document writes them.
var kindWords = map[memo.SupportKind]string{memo.Land: "土地", memo.Money: "资金", memo.Posts: "编制", memo.Equipment: "设备", memo.Policy: "政策"}

// inWords is what Words writes: the kind, an amount with its unit, the budget year.
var inWords = regexp.MustCompile(`^(土地|资金|编制|设备|政策)[：:]?([\d.,，]*)(.*?)(?:（(\d{4})年度?）)?$`)

// Words writes promised support into a cell of a document: 资金4000万元（2010年）. What
// is promised without a figure is named alone.
func Words(s memo.Support) string {
	out := kindWords[s.Kind]
	if amount, unit := Typed(s); amount != "" {
		if unit == "" {
			unit = usual(s.Kind)
		}
		out += amount + unit
	}
	if s.Year != 0 {
		out += "（" + strconv.Itoa(s.Year) + "年）"
	}
	return out
}

// usual is the unit of an amount that names none (see Promised).
func usual(k memo.SupportKind) string {
	if k == memo.Land {
		return "平方米"
	}
	return Units(k)[0]
}

// ReadWords reads what Words wrote, or somebody wrote like it; nil for a blank cell or
// a dash. The fault is version.support-unread.
func ReadWords(cell string) (*memo.Support, error) {
	words := strings.NewReplacer("(", "（", ")", "）", "㎡", "平方米").Replace(strings.Join(strings.Fields(cell), ""))
	if strings.Trim(words, "-－—–/无") == "" {
		return nil, nil
	}
	unread := fault.New(fault.Invalid, "version.support-unread", "Text", cell)
	m := inWords.FindStringSubmatch(words)
	if m == nil {
		return nil, unread
	}
	var kind memo.SupportKind
	for k, w := range kindWords {
		if w == m[1] {
			kind = k
		}
	}
	amount, unit := strings.NewReplacer(",", "", "，", "").Replace(m[2]), m[3]
	if amount == "" && unit != "" { // 资金若干
		return nil, unread
	}
	if amount != "" {
		v, err := task.ParseQuantity(amount)
		if err != nil {
			return nil, unread
		}
		if _, bad := AmountOf(kind, v, unit); bad != nil {
			return nil, unread
		}
	}
	s, ok := ReadPromise(kind, amount, unit)
	if !ok {
		return nil, unread
	}
	s.Year, _ = strconv.Atoi(m[4]) // four digits or nothing
	return &s, nil
}

// Wording is how a table of commitments writes units and support, and reads them again.
// name says what a unit is called that is no party.
func Wording(name func(org.UnitID) string) memo.Wording {
	return memo.Wording{Name: name, Write: Words, Read: ReadWords}
}
