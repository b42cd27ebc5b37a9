package folio

import "strings"

// char is one drawn character.
type char struct {
	r     rune
	font  *typeface
	glyph int
	width float64 // pt
}

// textLine is one line of a paragraph. Over the width of its characters, extra is
// added between each two, to justify or to squeeze.
type textLine struct {
	chars []char
	extra float64
	last  bool // of its paragraph, or before a line break
}

func (t textLine) width() float64 {
	w := 0.0
	for _, c := range t.chars {
		w += c.width
	}
	return w + t.extra*float64(max(len(t.chars)-1, 0))
}

const (
	notFirst = "、，。；：？！）》〉」』】〕］｝”’…—·%％℃,.;:?!)]}" // 避头
	notLast  = "（《〈「『【〔［｛“‘([{￥$"                  // 避尾
)

// setText breaks a text into lines. advance is the width of a Chinese character,
// room the width of a line, first what the first line lacks.
//
// Rule F-14 (GB/T 15834-2011, 5.1): no line begins with a closing mark and none
// ends with an opening one; Latin words and numbers are not broken. A mark that
// would begin a line is squeezed into the line before it when that needs less
// than half a character, else it takes the character before it along.
func (f *Fonts) setText(role face, s string, size, advance, room, first float64, justify bool) []textLine {
	var out []textLine
	for _, paragraph := range strings.Split(f.drawable(role, printable(s)), "\n") {
		chars := make([]char, 0, len(paragraph)/2)
		for _, r := range paragraph {
			font, glyph := f.find(role, r)
			if font == nil {
				continue // drawable left none
			}
			w := font.advance(glyph) * size
			if w > 0.95*size && w < 1.05*size {
				w = advance
			}
			chars = append(chars, char{r, font, glyph, w})
		}
		for {
			avail := room - first
			n := breakAt(chars, avail, advance/2)
			line := textLine{chars: chars[:n], last: n == len(chars)}
			chars = chars[n:]
			for len(line.chars) > 0 && !line.last && line.chars[len(line.chars)-1].r == ' ' {
				line.chars = line.chars[:len(line.chars)-1]
			}
			if gaps := float64(len(line.chars) - 1); gaps > 0 {
				if short := avail - line.width(); short < 0 || justify && !line.last && short < 4*advance {
					line.extra = short / gaps
				}
			}
			out = append(out, line)
			first = 0
			if len(chars) == 0 {
				break
			}
		}
	}
	return out
}

// breakAt returns how many characters the line takes, at least one while there are any.
func breakAt(chars []char, room, squeeze float64) int {
	w, n := 0.0, 0
	for n < len(chars) && w+chars[n].width <= room+0.01 {
		w += chars[n].width
		n++
	}
	if n == len(chars) {
		return n
	}
	if n > 0 && strings.ContainsRune(notFirst, chars[n].r) && w+chars[n].width <= room+squeeze+0.01 &&
		(n+1 == len(chars) || breakable(chars, n+1)) {
		return n + 1
	}
	for k := n; k > 0; k-- {
		if breakable(chars, k) {
			return k
		}
	}
	return max(n, 1) // a word longer than the line
}

// breakable reports whether a line may end before chars[k].
func breakable(chars []char, k int) bool {
	before, after := chars[k-1].r, chars[k].r
	if strings.ContainsRune(notFirst, after) || strings.ContainsRune(notLast, before) || after == ' ' {
		return false
	}
	return before == ' ' || before >= 0x2000 || after >= 0x2000
}
