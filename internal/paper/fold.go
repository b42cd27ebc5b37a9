package paper

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Tidy writes a text on one line: white space is taken out beside Chinese
// characters and folded to one space elsewhere. Characters stay as printed.
func Tidy(s string) string {
	s = strings.TrimSpace(s)
	if strings.IndexFunc(s, blank) < 0 {
		return s
	}
	var b strings.Builder
	last, gap := rune(0), false
	for _, r := range s {
		if blank(r) {
			gap = true
			continue
		}
		if gap && !wide(last) && !wide(r) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		last, gap = r, false
	}
	return b.String()
}

// blank reports whether a character is white space or shows nothing.
func blank(r rune) bool {
	if r < 0x80 {
		return r == ' ' || r >= '\t' && r <= '\r'
	}
	return r == '\u200b' || r == '\ufeff' || !(r >= 0x3001 && r <= 0xFEFE) && unicode.IsSpace(r)
}

// wide reports whether a character takes a full square, as Chinese ones do.
func wide(r rune) bool {
	return unicode.Is(unicode.Han, r) || r >= 0x3000 && r <= 0x303F || r >= 0xFF01 && r <= 0xFF5E ||
		r >= 0x2010 && r <= 0x2027 || r == '—' || r == '…' || r >= 0x2460 && r <= 0x24FF
}

// folded is a text in the one spelling that the phrase readers match: half
// width, no white space, one kind of dash and of quotation mark. It remembers
// where each byte came from, so that a phrase can be quoted as printed.
type folded struct {
	text  string
	from  []int // for every byte of text: where its character begins in the source
	until []int // … and where it ends
	src   string
}

func fold(s string) folded {
	f := folded{src: s, from: make([]int, 0, len(s)), until: make([]int, 0, len(s))}
	var b strings.Builder
	b.Grow(len(s))
	for i, r := range s {
		size := utf8.RuneLen(r)
		if r == utf8.RuneError {
			size = 1
		}
		if r = foldRune(r); r < 0 {
			continue
		}
		n := b.Len()
		b.WriteRune(r)
		for ; n < b.Len(); n++ {
			f.from, f.until = append(f.from, i), append(f.until, i+size)
		}
	}
	f.text = b.String()
	return f
}

// foldRune returns -1 for white space.
func foldRune(r rune) rune {
	switch {
	case r < 0x80 && r != '\'' && r != '~':
		if blank(r) {
			return -1
		}
		return r
	case r > 0x3020 && r < 0xFF00 && r != '\ufeff' && r != '﹪':
		return r // Chinese characters, by far the most
	case blank(r):
		return -1
	case r == '～' || r == '〜' || r == '~' || r == '—' || r == '–' || r == '−' || r == '―' || r == '─' || r == '‐' || r == '‑':
		return '-'
	case r == '“' || r == '”' || r == '‘' || r == '’' || r == '「' || r == '」' || r == '\'' || r == '＂' || r == '＇':
		return '"'
	case r == '。' || r == '｡':
		return '。'
	case r == '﹪':
		return '%'
	case r == '〔' || r == '【' || r == '［':
		return '('
	case r == '〕' || r == '】' || r == '］':
		return ')'
	case r >= 0xFF01 && r <= 0xFF5E:
		return r - 0xFEE0
	}
	return r
}

// source quotes what the bytes from..to of the folded text were in print.
func (f folded) source(from, to int) string {
	if from >= to || to > len(f.text) {
		return ""
	}
	return f.src[f.from[from]:f.until[to-1]]
}

// replace rewrites every match of the pattern, keeping track of the source.
func (f folded) replace(pattern *regexp.Regexp, with func(string) string) folded {
	out := folded{src: f.src}
	var b strings.Builder
	keep := func(from, to int) {
		b.WriteString(f.text[from:to])
		out.from, out.until = append(out.from, f.from[from:to]...), append(out.until, f.until[from:to]...)
	}
	at := 0
	for _, m := range pattern.FindAllStringSubmatchIndex(f.text, -1) {
		from, to := m[0], m[1]
		if len(m) >= 4 && m[2] >= 0 {
			from, to = m[2], m[3] // the first group is what is rewritten; the rest is context
		}
		if from < at || from == to {
			continue
		}
		keep(at, from)
		new := with(f.text[from:to])
		b.WriteString(new)
		for range len(new) {
			out.from, out.until = append(out.from, f.from[from]), append(out.until, f.until[to-1])
		}
		at = to
	}
	keep(at, len(f.text))
	out.text = b.String()
	return out
}

// plainText is the folded text of s alone.
func plainText(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return foldRune(r) != r }) < 0 && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		if r = foldRune(r); r >= 0 {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// chineseDigits are the digits of Chinese numbers.
var chineseDigits = map[rune]int{
	'〇': 0, '○': 0, '零': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4,
	'五': 5, '六': 6, '七': 7, '八': 8, '九': 9,
}

// chineseToArabic writes 三十, 一百二十, 二〇一一 in figures. What is no number
// stays as it is.
func chineseToArabic(s string) string {
	if !strings.ContainsAny(s, "十百千") { // digit by digit: 二〇一一
		var b strings.Builder
		for _, r := range s {
			d, ok := chineseDigits[r]
			if !ok {
				return s
			}
			b.WriteString(strconv.Itoa(d))
		}
		return b.String()
	}
	total, digit := 0, -1
	for _, r := range s {
		place := map[rune]int{'十': 10, '百': 100, '千': 1000}[r]
		d, isDigit := chineseDigits[r]
		switch {
		case place > 0 && digit < 0:
			total += place
		case place > 0:
			total, digit = total+digit*place, -1
		case isDigit:
			digit = d
		default:
			return s
		}
	}
	return strconv.Itoa(total + max(digit, 0))
}
