package rubric

import (
	"regexp"
	"strconv"

	"gongjian/internal/paper"
)

var (
	oneTake  = regexp.MustCompile(`每[^,。;、扣减得分]{1,14}(?:的)?,?[扣减]` + figure + `分`)
	onceGet  = regexp.MustCompile(`得` + figure + `分`)
	ranks    = regexp.MustCompile(`第(\d{1,4})(?:名)?(?:[-至到]第?(\d{1,4}))?名[^,;。]{0,6}[得计加]`)
	shares   = regexp.MustCompile(`(\d{1,3}(?:\.\d+)?)%?(?:\(含\))?[-至到](\d{1,3}(?:\.\d+)?)%[^,;。\d]{0,8}[得计]`)
	noDoubts = regexp.MustCompile(`扣完为止|倒扣|扣完|不限`)
)

// doubts: Rule R-09, what contradicts itself in the rules, and what was not read.
// They are questions to a person and no slips of the document's arithmetic.
func (r *reader) doubts() {
	for i, it := range r.items {
		method := paper.Plain(it.Method)
		add := func(code string, args map[string]string) {
			r.out.Doubts = append(r.out.Doubts, Doubt{Code: code, Row: i, Args: args, Origin: it.Origin})
		}
		if it.Kind != Veto && it.Points == nil && !it.cell.none {
			add(DoubtNoPoints, nil)
		}
		if it.cell.span {
			add(DoubtRange, map[string]string{"points": it.Points.String()})
		}
		if it.Points != nil && it.Kind == Score {
			if most := largest(oneTake, method); most != nil && it.Points.Less(*most) && !noDoubts.MatchString(method) {
				add(DoubtTakesMore, map[string]string{"points": it.Points.String(), "amount": most.String()})
			}
			if most := largest(onceGet, method); most != nil && it.Points.Less(*most) {
				add(DoubtGivesMore, map[string]string{"points": it.Points.String(), "amount": most.String()})
			}
		}
		if most := readLimit(method); most != nil && it.Points != nil && it.Kind == Bonus && !most.Equal(it.Points.Decimal) {
			add(DoubtGivesMore, map[string]string{"points": it.Points.String(), "amount": most.String()})
		}
		if at := overlap(method); at != "" {
			add(DoubtOverlap, map[string]string{"value": at})
		}
		if it.Kind == Bonus && it.Points != nil && r.out.BonusCap != nil && r.out.BonusCap.Less(*it.Points) {
			add(DoubtCap, map[string]string{"points": it.Points.String(), "cap": r.out.BonusCap.String()})
		}
	}
}

func largest(words *regexp.Regexp, text string) (out Points) {
	for _, m := range words.FindAllStringSubmatch(text, -1) {
		if p := parse(m[1]); out == nil || out.Less(*p) {
			out = p
		}
	}
	return out
}

var limitWords = regexp.MustCompile(`(?:最高|最多|累计不超过|不超过|上限|封顶)(?:可|只)?(?:累计)?[加扣得为]*` + figure + `分`)

// readLimit reads 最高加3分.
func readLimit(method string) Points {
	if m := limitWords.FindStringSubmatch(method); m != nil {
		return parse(m[1])
	}
	return nil
}

// overlap returns a value for which two steps of a rule hold: 第1—3名得6分，第3—5名
// 得4分. Shares that only touch (90%—95%, 95%—98%) leave the bound open and are
// usually meant; ranks that touch give one unit two scores.
func overlap(method string) string {
	type span struct{ from, to float64 }
	read := func(words *regexp.Regexp) (out []span) {
		for _, m := range words.FindAllStringSubmatch(method, -1) {
			from, _ := strconv.ParseFloat(m[1], 64) // digits by the pattern
			to := from
			if m[2] != "" {
				to, _ = strconv.ParseFloat(m[2], 64) // digits by the pattern
			}
			out = append(out, span{min(from, to), max(from, to)})
		}
		return out
	}
	for _, kind := range []struct {
		spans []span
		touch bool
	}{{read(ranks), true}, {read(shares), false}} {
		for i, a := range kind.spans {
			for _, b := range kind.spans[:i] {
				from, to := max(a.from, b.from), min(a.to, b.to)
				if from < to || kind.touch && from == to {
					return strconv.FormatFloat(from, 'f', -1, 64)
				}
			}
		}
	}
	return ""
}
