package rubric

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"gongjian/internal/paper"
)

// expression is a formula of one unknown: numbers, + - * / ( ), a comparison,
// percent, and the few functions that such formulas use. What is more than that
// is not understood, and nothing is said about it. Floating point is good enough:
// only the direction is asked for, no point is counted by it.
type expression struct {
	rest    string
	unknown string  // the name of the unknown
	value   float64 // what it is worth now
	depth   int
	failed  bool
}

// evaluate works a formula out with the unknown at x.
func evaluate(formula string, x float64) (float64, bool) {
	e := expression{rest: formula, value: x}
	v := e.comparison()
	return v, !e.failed && e.rest == "" && e.unknown != "" && !math.IsNaN(v) && !math.IsInf(v, 0)
}

func (e *expression) fail() float64 { e.failed = true; return 0 }

func (e *expression) take(token string) bool {
	if strings.HasPrefix(e.rest, token) {
		e.rest = e.rest[len(token):]
		return true
	}
	return false
}

func (e *expression) comparison() float64 {
	left := e.sum()
	for _, op := range []string{"<=", ">=", "<>", "<", ">", "="} {
		if !e.take(op) {
			continue
		}
		right := e.sum()
		holds := map[string]bool{"<=": left <= right, ">=": left >= right, "<>": left != right, "<": left < right, ">": left > right, "=": left == right}[op]
		if holds {
			return 1
		}
		return 0
	}
	return left
}

func (e *expression) sum() float64 {
	v := e.product()
	for !e.failed {
		switch {
		case e.take("+"):
			v += e.product()
		case e.take("-"):
			v -= e.product()
		default:
			return v
		}
	}
	return v
}

func (e *expression) product() float64 {
	v := e.factor()
	for !e.failed {
		switch {
		case e.take("*"):
			v *= e.factor()
		case e.take("/"):
			v /= e.factor()
		default:
			return v
		}
	}
	return v
}

var (
	numberAt = regexp.MustCompile(`^\d{1,9}(?:\.\d{1,9})?`)
	nameAt   = regexp.MustCompile(`^(?:\$?[A-Za-z]{1,12}\$?\d{0,6}|\p{Han}{1,10})`)
)

const deepest = 50 // nested brackets

func (e *expression) factor() float64 {
	if e.depth++; e.depth > deepest {
		return e.fail()
	}
	defer func() { e.depth-- }()
	v := 0.0
	switch {
	case e.take("-"):
		return -e.factor()
	case e.take("+"):
		return e.factor()
	case e.take("("):
		v = e.comparison()
		if !e.take(")") {
			return e.fail()
		}
	case numberAt.MatchString(e.rest):
		digits := numberAt.FindString(e.rest)
		e.rest = e.rest[len(digits):]
		v, _ = strconv.ParseFloat(digits, 64) // the pattern lets nothing else through
		e.take("分")
	case nameAt.MatchString(e.rest):
		name := nameAt.FindString(e.rest)
		e.rest = e.rest[len(name):]
		if e.take("(") {
			return e.call(strings.ToUpper(name))
		}
		if name = strings.ReplaceAll(name, "$", ""); e.unknown != "" && e.unknown != name {
			return e.fail()
		}
		e.unknown, v = name, e.value
	default:
		return e.fail()
	}
	if e.take("%") {
		v /= 100
	}
	return v
}

func (e *expression) call(name string) float64 {
	args := []float64{e.comparison()}
	for !e.failed && e.take(",") {
		args = append(args, e.comparison())
	}
	if !e.take(")") {
		return e.fail()
	}
	switch {
	case name == "MAX" && len(args) == 2:
		return math.Max(args[0], args[1])
	case name == "MIN" && len(args) == 2:
		return math.Min(args[0], args[1])
	case name == "INT" && len(args) == 1:
		return math.Floor(args[0])
	case name == "ABS" && len(args) == 1:
		return math.Abs(args[0])
	case strings.HasPrefix(name, "ROUND") && len(args) == 2:
		return args[0]
	case name == "IF" && len(args) == 3:
		if args[0] != 0 {
			return args[1]
		}
		return args[2]
	}
	return e.fail()
}

// direction says which way a rule goes when the counted thing is off by one more.
type direction int

const (
	unclear  direction = iota
	right              // the formula takes off what the rule takes off
	reversed           // it adds
)

var (
	shortfall = regexp.MustCompile(`少于|低于|不足|未达|未完成|不到|达不到|每少|每低|每降低|每缺|每减少|每差|小于`)
	excess    = regexp.MustCompile(`超过|超出|每超|每高|高于|多于|每增加|每多|大于`)
	takesOff  = regexp.MustCompile(`扣|减\d|减分|倒扣`)
	turning   = regexp.MustCompile(`\((?:([A-Za-z\p{Han}]+\d{0,6})-(\d+(?:\.\d+)?)(%?)|(\d+(?:\.\d+)?)(%?)-([A-Za-z\p{Han}]+\d{0,6}))\)`)
	counted   = regexp.MustCompile(`[扣减](\d+(?:\.\d+)?)分`)
	operator  = regexp.MustCompile(`[*/+\-]`)
	prefix    = regexp.MustCompile(`^(?:(\p{Han}{1,8})?=|(\p{Han}{1,8})[:：])`)
)

// sign is what a formula does, by Rule R-08.
type sign struct {
	direction direction
	amount    bool // the formula says by its name that it counts what is taken off
	whole     bool // the formula gives the points that are left (5-N*0.1), not the change
}

// signOf compares a formula with the rule beside it. A formula in which the
// threshold stands, (N-3), is tried on the side of it that the rule punishes; any
// other counts the slips themselves. What is compared is the change: so N*(-0.4)
// and 5-N*0.4 are right alike.
func signOf(formula, method string) sign {
	f := strings.NewReplacer("×", "*", "x", "*", "÷", "/", "≤", "<=", "≥", ">=").Replace(paper.Plain(formula))
	s := sign{}
	if m := prefix.FindStringSubmatch(f); m != nil {
		s.amount = strings.ContainsAny(m[1]+m[2], "扣减")
		f = f[len(m[0]):]
	}
	rule := paper.Plain(method)
	if !takesOff.MatchString(rule) || gives.MatchString(rule) || !operator.MatchString(f) {
		return s
	}
	below, above := shortfall.MatchString(rule), excess.MatchString(rule)
	at, off := 0.0, 1.0
	if m := turning.FindStringSubmatch(f); m != nil && (below || above) {
		at = threshold(m)
		step := math.Max(math.Abs(at)/2, 1)
		if m[3]+m[5] != "" || at < 1 {
			step = at / 2
		}
		switch {
		case below && !above:
			off = at - step
		case above && !below:
			off = at + step
		default:
			return s
		}
	} else if m := counted.FindStringSubmatch(rule); below && (m == nil || !strings.Contains(f, m[1])) {
		return s // the unknown may be what was reached and not what is lacking
	}
	good, ok1 := evaluate(f, at)
	bad, ok2 := evaluate(f, off)
	s.whole = ok1 && good != 0
	switch {
	case !ok1 || !ok2 || good == bad:
	case bad < good:
		s.direction = right
	default:
		s.direction = reversed
	}
	return s
}

// threshold is the number of (N-3) or (95%-N).
func threshold(m []string) float64 {
	digits, percent := m[2]+m[4], m[3]+m[5]
	v, _ := strconv.ParseFloat(digits, 64) // the pattern lets nothing else through
	if percent != "" {
		v /= 100
	}
	return v
}

// signs: Rule R-08, a formula that turns its deduction into an addition. Where
// nearly all formulas count what is taken off as a positive number, that is how
// the document writes them, and one that goes the other way is the slip.
func (r *reader) signs() {
	type judged struct {
		row int
		sign
	}
	var all []judged
	plus, minus := 0, 0
	for i, it := range r.items {
		if it.Formula == "" || it.Kind == Bonus || it.Kind == Veto {
			continue
		}
		s := signOf(it.Formula, it.Method)
		if s.direction == unclear {
			continue
		}
		all = append(all, judged{i, s})
		switch {
		case s.whole:
		case s.direction == right:
			minus++
		default:
			plus++
		}
	}
	amounts := plus > 1 && plus > 2*minus || plus == 1 && minus == 0 && !strings.Contains(r.items[all[0].row].Formula, "-")
	for i, j := range all {
		if h := r.tables[r.items[j.row].table]; h.column(roleFormula) >= 0 && strings.ContainsAny(h.texts[h.column(roleFormula)], "扣减") {
			all[i].amount = true
		}
		wrong := reversed
		if !j.whole && (all[i].amount || amounts) {
			wrong = right
		}
		if j.direction != wrong {
			continue
		}
		it := r.items[j.row]
		r.fault(Fault{Type: Sign, Where: it.at.text, Path: it.Path, Row: j.row, Formula: it.Formula, Origin: it.Origin})
	}
}
