package office

import "strconv"

// legacyFormats are the number formats by their code; others are written in
// Arabic figures.
var legacyFormats = map[int]string{
	1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter",
	10: "ideographDigital", 11: "japaneseCounting", 18: "decimalEnclosedCircle", 22: "decimalZero", 23: "bullet",
	26: "decimalEnclosedFullstop", 27: "decimalEnclosedParen", 28: "decimalEnclosedCircleChinese",
	30: "ideographTraditional", 31: "ideographZodiac", 33: "chineseCounting", 35: "taiwaneseCountingThousand",
	37: "chineseCounting", 38: "chineseLegalSimplified", 39: "chineseCountingThousand", 255: "none",
}

// maxLists bounds lists and their uses.
const maxLists = 10_000

func legacyListRef(ref, level int) (listRef, bool) {
	// 0 and 2047 take the paragraph out of any list.
	if ref <= 0 || ref >= 0x07FF {
		return listRef{}, false
	}
	return listRef{id: strconv.Itoa(ref), level: min(max(level, 0), 8)}, true
}

// readLists reads list definitions and their uses. Damaged lists cost numbers,
// not the document.
func (l *legacy) readLists() {
	l.lists = readNumbering(&node{})
	definitions := l.readListDefinitions()
	uses, err := l.part(fibListUses)
	if err != nil {
		return
	}
	count := min(max(number32(uses, 0), 0), maxLists)
	at := 4 + 16*count // behind the uses lie their overrides
	for i := range count {
		if 4+16*i+16 > len(uses) {
			return
		}
		use := uses[4+16*i:]
		id := strconv.Itoa(i + 1)
		l.lists.byList[id] = definitions[number32(use, 0)]
		at += 4
		for range int(use[12]) {
			flags := number32(uses, at+4)
			if flags&0x10 != 0 {
				if l.lists.overrides[id] == nil {
					l.lists.overrides[id] = map[int]int{}
				}
				l.lists.overrides[id][flags&0xF] = number32(uses, at)
			}
			at += 8
			if flags&0x20 != 0 {
				if _, at = readLegacyLevel(uses, at); at < 0 {
					return
				}
			}
		}
	}
}

// readListDefinitions reads the definitions; their levels lie behind the part
// that the FIB names.
func (l *legacy) readListDefinitions() map[int]*listDefinition {
	out := map[int]*listDefinition{}
	part, err := l.part(fibLists)
	if err != nil || len(part) < 2 {
		return out
	}
	levels := l.table[number32(l.main, fibLists)+len(part):]
	at := 0
	for i := range min(number16(part, 0), maxLists) {
		if 2+28*i+28 > len(part) {
			break
		}
		head := part[2+28*i:]
		d, count := &listDefinition{}, 9
		if head[26]&1 != 0 {
			count = 1
		}
		for level := range d.levels {
			d.levels[level] = listLevel{format: "decimal", start: 1}
		}
		for level := range count {
			var read listLevel
			if read, at = readLegacyLevel(levels, at); at < 0 {
				return out
			}
			d.levels[level] = read
		}
		out[number32(head, 0)] = d
	}
	return out
}

// readLegacyLevel reads one level and returns where the next one begins, or -1.
// In the pattern a character below nine stands for the number of that level.
func readLegacyLevel(data []byte, at int) (listLevel, int) {
	if at < 0 || at+28 > len(data) {
		return listLevel{}, -1
	}
	level := listLevel{format: legacyFormats[int(data[at+4])], start: int(int32(number32(data, at)))}
	if level.format == "" {
		level.format = "decimal"
	}
	text := at + 28 + int(data[at+24]) + int(data[at+25])
	size, ok := little(data, text, 2)
	end := text + 2 + 2*int(size)
	if !ok || end > len(data) {
		return listLevel{}, -1
	}
	for _, r := range utf16Text(data[text+2 : text+2+2*min(int(size), maxPattern)]) {
		if r < 9 {
			level.pattern += "%" + strconv.Itoa(int(r)+1)
		} else {
			level.pattern += string(r)
		}
	}
	return level, end
}

// legacyStyle is what matters of a style.
type legacyStyle struct {
	name        string
	parent      int
	list, level int
}

// readStyles reads the style sheet. A damaged one costs names and the numbers
// of headings, not the document.
func (l *legacy) readStyles() {
	sheet, err := l.part(fibStyles)
	if err != nil || len(sheet) < 6 {
		return
	}
	count, base := number16(sheet, 2), number16(sheet, 4)
	at := 2 + number16(sheet, 0)
	for range count {
		size, ok := little(sheet, at, 2)
		if !ok || at+2+int(size) > len(sheet) {
			return
		}
		style := legacyStyle{parent: 0xFFF}
		if size > 0 {
			style = readLegacyStyle(sheet[at+2:at+2+int(size)], base)
		}
		l.styles = append(l.styles, style)
		at += 2 + int(size)
	}
}

func readLegacyStyle(data []byte, base int) legacyStyle {
	kind := number16(data, 2)
	style := legacyStyle{parent: kind >> 4, list: -1}
	at := base + 2 + 2*number16(data, base) // behind the name
	if base < 10 || at > len(data) {
		return style
	}
	style.name = utf16Text(data[base+2 : at])
	at += 2 // the name ends with a zero
	at += at % 2
	if size := number16(data, at); kind&0xF == 1 && at+2+size <= len(data) && size >= 2 {
		for _, c := range changes(data[at+4 : at+2+size]) {
			switch c.code {
			case propList:
				style.list = c.value()
			case propListLevel:
				style.level = c.value()
			}
		}
	}
	return style
}

// styleList finds the list of a paragraph style or of those it is based on. The
// level is the style's unless the paragraph has one.
func (l *legacy) styleList(style, level int) (int, int) {
	for range 20 { // styles may be based on each other in a circle
		if style < 0 || style >= len(l.styles) {
			break
		}
		s := l.styles[style]
		if s.list >= 0 {
			if level == 0 {
				level = s.level
			}
			return s.list, level
		}
		style = s.parent
	}
	return 0, level
}
