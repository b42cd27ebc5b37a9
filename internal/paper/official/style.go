package official

import (
	"strings"
	"unicode/utf8"

	"gongjian/internal/fault"
	"gongjian/internal/folio"
	"gongjian/internal/org"
)

// Style is how one office's documents look and what stands on all of them. Zero
// figures are those of GB/T 9704-2012.
type Style struct {
	Head    string `json:"head"` // 发文机关标志
	Mark    string `json:"mark"` // 机关代字 of its issue numbers
	CopyTo  string `json:"copy_to,omitempty"`
	Printer string `json:"printer,omitempty"`
	// Margins in millimetres.
	Top    float64 `json:"top,omitempty"`
	Bottom float64 `json:"bottom,omitempty"`
	Left   float64 `json:"left,omitempty"`
	Right  float64 `json:"right,omitempty"`
	// Of the text area.
	Lines      int `json:"lines,omitempty"`
	Characters int `json:"characters,omitempty"`
	// Names of typefaces in docx.
	HeadFont string `json:"head_font,omitempty"`
	BodyFont string `json:"body_font,omitempty"`
	KaiFont  string `json:"kai_font,omitempty"`
	HeiFont  string `json:"hei_font,omitempty"`
}

// DefaultStyle is the style of an office that has not set one: its name with 文件
// as the head, and a mark made of the short names of its territory and function.
// Another office may have the same mark; then the later one must change its own.
func DefaultStyle(u org.Unit, city string) Style {
	return Style{Head: u.Name + "文件", Mark: markOf(u, city), Printer: u.Name + "办公室"}
}

// provinces are the one-character names by the first two digits of GB/T 2260.
var provinces = map[string]string{
	"11": "京", "12": "津", "13": "冀", "14": "晋", "15": "蒙", "21": "辽", "22": "吉", "23": "黑", "31": "沪", "32": "苏", "33": "浙",
	"34": "皖", "35": "闽", "36": "赣", "37": "鲁", "41": "豫", "42": "鄂", "43": "湘", "44": "粤", "45": "桂", "46": "琼", "50": "渝",
	"51": "川", "52": "黔", "53": "滇", "54": "藏", "61": "陕", "62": "甘", "63": "青", "64": "宁", "65": "新",
}

// markOf makes a mark: territory, function, and 合 for the cooperation. city is the
// name of the city around the unit, "" for a provincial one.
func markOf(u org.Unit, city string) string {
	at := provinces[string(u.Region[:min(2, len(u.Region))])]
	if u.Level != org.Province {
		at = first(city)
		if u.Level == org.County {
			at += first(strings.TrimPrefix(u.Name, city))
		}
	}
	what := "府"
	if u.Kind != org.Government {
		what = u.Function
		if n := utf8.RuneCountInString(what); n == 0 || n > 4 {
			what = first(u.Short)
		}
	}
	return at + what + "合"
}

func first(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 || r == utf8.RuneError {
		return ""
	}
	return string(r)
}

// Check reports what of a style cannot stand, each at its field.
//
// Rule D-04 (GB/T 9704-2012, 5.2 and 7.2.5; ours): a mark is Chinese characters
// without brackets or figures, for the year and serial follow it; margins leave a
// page to write on.
func (s Style) Check() error {
	var l fault.List
	add := func(field, key string, args ...any) { l = append(l, fault.New(fault.Invalid, key, args...).On(field)) }
	if strings.TrimSpace(s.Head) == "" || utf8.RuneCountInString(s.Head) > 60 {
		add("head", "document.head")
	}
	if n := utf8.RuneCountInString(s.Mark); n == 0 || n > 12 || strings.ContainsFunc(s.Mark, func(r rune) bool { return r < '㐀' || r > '鿿' }) {
		add("mark", "document.mark")
	}
	for _, m := range []struct {
		field    string
		v        float64
		from, to float64
	}{{"top", s.Top, 10, 80}, {"bottom", s.Bottom, 10, 80}, {"left", s.Left, 10, 60}, {"right", s.Right, 10, 60}} {
		if m.v != 0 && !(m.v >= m.from && m.v <= m.to) { // a margin that is no number, too
			add(m.field, "document.margin", "From", int(m.from), "To", int(m.to))
		}
	}
	if s.Lines != 0 && (s.Lines < 10 || s.Lines > 40) {
		add("lines", "document.lines", "From", 10, "To", 40)
	}
	if s.Characters != 0 && (s.Characters < 15 || s.Characters > 45) {
		add("characters", "document.characters", "From", 15, "To", 45)
	}
	for field, font := range map[string]string{"head_font": s.HeadFont, "body_font": s.BodyFont, "kai_font": s.KaiFont, "hei_font": s.HeiFont} {
		if utf8.RuneCountInString(font) > 40 || strings.ContainsAny(font, "<>\"'&") {
			add(field, "document.font")
		}
	}
	return l.Err()
}

// Layout is the standard's with the office's own figures in place of its.
func (s Style) Layout() folio.Layout {
	l := folio.Standard()
	for _, x := range []struct {
		to  *float64
		own float64
	}{{&l.Top, s.Top}, {&l.Bottom, s.Bottom}, {&l.Left, s.Left}, {&l.Right, s.Right}} {
		if x.own != 0 {
			*x.to = x.own
		}
	}
	if s.Lines != 0 {
		l.Lines = s.Lines
	}
	if s.Characters != 0 {
		l.Characters = s.Characters
	}
	for _, x := range []struct {
		to  *string
		own string
	}{{&l.HeadFont, s.HeadFont}, {&l.BodyFont, s.BodyFont}, {&l.KaiFont, s.KaiFont}, {&l.HeiFont, s.HeiFont}} {
		if x.own != "" {
			*x.to = x.own
		}
	}
	return l
}
