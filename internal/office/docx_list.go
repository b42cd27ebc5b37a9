package office

import (
	"strconv"
	"strings"
)

// listRef points a paragraph at a level of a list.
type listRef struct {
	id    string // numId; "0" takes the paragraph out of any list
	level int
}

func readListRef(numPr *node) listRef {
	if numPr == nil {
		return listRef{}
	}
	return listRef{
		id:    numPr.child("numId").attr("val"),
		level: min(max(number(numPr.child("ilvl").attr("val"), 0), 0), 8),
	}
}

// listLevel is one of the nine levels of a list definition.
type listLevel struct {
	format, pattern string
	start           int
}

// numbering counts the automatic list numbers (自动编号) of a document. Lists
// that share a definition count on together unless one of them overrides the
// start, which is how Word does it.
type numbering struct {
	definitions map[string]*listDefinition
	byList      map[string]*listDefinition
	overrides   map[string]map[int]int // numId → level → start
	begun       map[string]bool        // numId whose overrides were applied
}

type listDefinition struct {
	levels  [9]listLevel
	count   [9]int
	started [9]bool
}

func readNumbering(root *node) numbering {
	n := numbering{
		definitions: map[string]*listDefinition{}, byList: map[string]*listDefinition{},
		overrides: map[string]map[int]int{}, begun: map[string]bool{},
	}
	all := root.child("numbering")
	if all == nil {
		return n
	}
	for _, c := range all.children {
		if c.name == "abstractNum" {
			n.definitions[c.attr("abstractNumId")] = readDefinition(c)
		}
	}
	for _, c := range all.children {
		if c.name != "num" {
			continue
		}
		id := c.attr("numId")
		n.byList[id] = n.definitions[c.child("abstractNumId").attr("val")]
		for _, o := range c.children {
			if start := o.child("startOverride"); o.name == "lvlOverride" && start != nil {
				if n.overrides[id] == nil {
					n.overrides[id] = map[int]int{}
				}
				n.overrides[id][number(o.attr("ilvl"), 0)] = number(start.attr("val"), 1)
			}
		}
	}
	return n
}

func readDefinition(abstract *node) *listDefinition {
	d := &listDefinition{}
	for i := range d.levels {
		d.levels[i] = listLevel{format: "decimal", start: 1}
	}
	for _, l := range abstract.children {
		if i := number(l.attr("ilvl"), -1); l.name == "lvl" && i >= 0 && i < len(d.levels) {
			d.levels[i] = listLevel{
				format:  l.child("numFmt").attr("val"),
				pattern: l.child("lvlText").attr("val"),
				start:   number(l.child("start").attr("val"), 1),
			}
		}
	}
	for i := range d.levels {
		if len(d.levels[i].pattern) > 4*maxPattern {
			d.levels[i].pattern = ""
		}
	}
	return d
}

// maxPattern bounds the text around a list number, which stands before every
// paragraph of the list. Word takes 255 characters at most, offices a handful.
const maxPattern = 64

// next counts one paragraph and returns the number as Word shows it. Bullets
// are left out: they carry no meaning and would stand before every text.
func (n numbering) next(ref listRef) string {
	d := n.byList[ref.id]
	if d == nil {
		return ""
	}
	if !n.begun[ref.id] {
		n.begun[ref.id] = true
		for level, start := range n.overrides[ref.id] {
			if level >= 0 && level < len(d.levels) {
				d.levels[level].start, d.started[level] = start, false
			}
		}
	}
	d.step(ref.level)
	level := d.levels[ref.level]
	if level.format == "bullet" {
		return ""
	}
	text := level.pattern
	for i := range d.levels[:ref.level+1] {
		if place := "%" + strconv.Itoa(i+1); strings.Contains(text, place) {
			text = strings.ReplaceAll(text, place, countAs(d.levels[i].format, d.value(i)))
		}
	}
	return text
}

// step counts a paragraph on a level; deeper levels begin again.
func (d *listDefinition) step(level int) {
	if d.started[level] {
		d.count[level]++
	} else {
		d.started[level], d.count[level] = true, d.levels[level].start
	}
	for i := level + 1; i < len(d.levels); i++ {
		d.started[i] = false
	}
}

func (d *listDefinition) value(level int) int {
	if d.started[level] {
		return d.count[level]
	}
	return d.levels[level].start
}

// countAs writes a list number in one of Word's number formats. Formats that do
// not occur in Chinese offices are written in Arabic figures.
func countAs(format string, n int) string {
	switch format {
	case "chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographDigital", "taiwaneseCountingThousand":
		return chineseNumber(n)
	case "ideographTraditional":
		return pick("甲乙丙丁戊己庚辛壬癸", n)
	case "ideographZodiac":
		return pick("子丑寅卯辰巳午未申酉戌亥", n)
	case "decimalEnclosedCircle", "decimalEnclosedCircleChinese":
		return pick("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳", n)
	case "decimalEnclosedFullstop":
		return pick("⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛", n)
	case "decimalEnclosedParen":
		return pick("⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇", n)
	case "upperLetter":
		return pick("ABCDEFGHIJKLMNOPQRSTUVWXYZ", n)
	case "lowerLetter":
		return pick("abcdefghijklmnopqrstuvwxyz", n)
	case "upperRoman":
		return roman(n)
	case "lowerRoman":
		return strings.ToLower(roman(n))
	case "decimalZero":
		if n >= 0 && n < 10 {
			return "0" + strconv.Itoa(n)
		}
	case "none":
		return ""
	}
	return strconv.Itoa(n)
}

func pick(signs string, n int) string {
	if r := []rune(signs); n >= 1 && n <= len(r) {
		return string(r[n-1])
	}
	return strconv.Itoa(n)
}

// chineseNumber writes 1 to 9999 as 一 … 九千九百九十九, with 十 rather than 一十 below 20.
func chineseNumber(n int) string {
	if n <= 0 || n > 9999 {
		return strconv.Itoa(n)
	}
	digits := []rune("零一二三四五六七八九")
	var b strings.Builder
	zero := false
	for i, place := range []string{"千", "百", "十", ""} {
		unit := []int{1000, 100, 10, 1}[i]
		digit := n / unit % 10
		if digit == 0 {
			zero = b.Len() > 0
			continue
		}
		if zero {
			b.WriteRune('零')
			zero = false
		}
		if place != "十" || digit != 1 || b.Len() > 0 {
			b.WriteRune(digits[digit])
		}
		b.WriteString(place)
	}
	return b.String()
}

func roman(n int) string {
	if n <= 0 || n > 3999 {
		return strconv.Itoa(n)
	}
	var b strings.Builder
	for _, p := range []struct {
		value int
		sign  string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; n >= p.value; n -= p.value {
			b.WriteString(p.sign)
		}
	}
	return b.String()
}
