package sheet

import (
	"strings"

	"github.com/xuri/excelize/v2"
)

// font is what offices set tables in; every Chinese office computer has it, and
// others take their own in its place.
const font = "宋体"

// part is a part of the sheet; the rows of the table are the zero one.
type part int

const (
	body part = iota
	title
	head
	below // the notes
)

// look is how a cell looks and what may be done to it.
type look struct {
	part   part
	kind   Kind // of the value
	ask    Kind // of the column
	places int
	open   bool // unlocked in a protected table
}

// style returns the number of a look in the file, made at its first use.
func (b *book) style(l look) (int, error) {
	if id, ok := b.styles[l]; ok {
		return id, nil
	}
	id, err := b.file.NewStyle(l.style())
	if err != nil {
		return 0, err
	}
	b.styles[l] = id
	return id, nil
}

func (l look) style() *excelize.Style {
	s := &excelize.Style{
		Font:      &excelize.Font{Family: font, Size: 10.5},
		Alignment: &excelize.Alignment{Vertical: "center", WrapText: true},
	}
	switch l.part {
	case title:
		s.Font.Size, s.Font.Bold, s.Alignment.Horizontal = 16, true, "center"
		return s
	case below:
		s.Alignment.Vertical = "top"
		return s
	}
	for _, side := range []string{"left", "right", "top", "bottom"} {
		s.Border = append(s.Border, excelize.Border{Type: side, Color: "808080", Style: 1})
	}
	if l.part == head {
		s.Font.Bold, s.Alignment.Horizontal = true, "center"
		s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EDEDED"}}
		return s
	}
	if l.open {
		s.Protection = &excelize.Protection{}
		s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFFBE6"}}
	}
	kind := l.kind
	if l.open { // what is typed into the empty cell is to become what the column holds
		kind = l.ask
	}
	if format := l.format(kind); format != "" {
		s.CustomNumFmt = &format
	}
	if kind == Day || kind == Instant {
		s.Alignment.Horizontal = "center"
	}
	return s
}

// format is how a value is shown. An editable text is text whatever is typed (001,
// 2010-6); other texts need no format, and one would show long texts as ####.
func (l look) format(kind Kind) string {
	switch kind {
	case Day:
		return "yyyy-mm-dd"
	case Instant:
		return "yyyy-mm-dd hh:mm"
	case Number, Percent:
		f := "0"
		if l.places > 0 {
			f += "." + strings.Repeat("0", l.places)
		}
		if kind == Percent {
			f += "%"
		}
		if l.open && l.places == 0 && kind == Number {
			return "General" // as many decimals as are typed
		}
		return f
	}
	if l.open {
		return "@"
	}
	return ""
}
