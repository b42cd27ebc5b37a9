package folio

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sort"
)

// typeface reads a TrueType file where it lies: nothing is unpacked, so that an
// embedded font costs memory only for the glyphs that are used.
type typeface struct {
	name    string
	tables  map[string][]byte
	unitsEm int
	wide    bool // long offsets in loca
	metrics int  // entries of hmtx
	glyphs  int
	cmap    []byte // one subtable, format 4 or 12
}

var errFont = errors.New("not a TrueType font with outlines and a Unicode table")

func openTypeface(name string, b []byte) (f *typeface, err error) {
	defer func() { // offsets of a broken file lead anywhere
		if r := recover(); r != nil {
			f, err = nil, fmt.Errorf("folio: font %s: %w", name, errFont)
		}
	}()
	f = &typeface{name: name, tables: map[string][]byte{}}
	at := 0
	if string(b[:4]) == "ttcf" {
		at = int(u32(b, 12)) // the first font of a collection
	}
	for i := range int(u16(b, at+4)) {
		e := b[at+12+16*i:]
		off, n := int(u32(e, 8)), int(u32(e, 12))
		f.tables[string(e[:4])] = b[off : off+n]
	}
	if f.tables["glyf"] == nil || f.tables["loca"] == nil {
		return nil, fmt.Errorf("folio: font %s: %w", name, errFont)
	}
	f.unitsEm = int(u16(f.tables["head"], 18))
	f.wide = u16(f.tables["head"], 50) == 1
	f.metrics = int(u16(f.tables["hhea"], 34))
	f.glyphs = int(u16(f.tables["maxp"], 4))
	cmap := f.tables["cmap"]
	for i := range int(u16(cmap, 2)) {
		e := cmap[4+8*i:]
		sub := cmap[u32(e, 4):]
		platform, format := u16(e, 0), u16(sub, 0)
		if (platform == 0 || platform == 3) && (format == 12 || format == 4 && f.cmap == nil) {
			f.cmap = sub
		}
	}
	if f.cmap == nil || f.unitsEm == 0 || f.metrics == 0 {
		return nil, fmt.Errorf("folio: font %s: %w", name, errFont)
	}
	return f, nil
}

func u16(b []byte, at int) uint16 { return binary.BigEndian.Uint16(b[at:]) }
func u32(b []byte, at int) uint32 { return binary.BigEndian.Uint32(b[at:]) }

// glyph returns the number of a character's glyph, 0 when the font has none.
func (f *typeface) glyph(r rune) int {
	c := f.cmap
	if u16(c, 0) == 12 {
		n := int(u32(c, 12))
		i := sort.Search(n, func(i int) bool { return u32(c, 16+12*i+4) >= uint32(r) })
		if i < n && u32(c, 16+12*i) <= uint32(r) {
			return int(u32(c, 16+12*i+8) + uint32(r) - u32(c, 16+12*i))
		}
		return 0
	}
	if r > 0xffff {
		return 0
	}
	n := int(u16(c, 6)) / 2
	i := sort.Search(n, func(i int) bool { return u16(c, 14+2*i) >= uint16(r) })
	if i >= n || u16(c, 16+2*n+2*i) > uint16(r) {
		return 0
	}
	start, delta, offset := u16(c, 16+2*n+2*i), u16(c, 16+4*n+2*i), int(u16(c, 16+6*n+2*i))
	if offset == 0 {
		return int(uint16(r) + delta)
	}
	g := u16(c, 16+6*n+2*i+offset+2*int(uint16(r)-start))
	if g == 0 {
		return 0
	}
	return int(g + delta)
}

// advance is the width of a glyph in em.
func (f *typeface) advance(glyph int) float64 {
	return float64(u16(f.tables["hmtx"], 4*min(glyph, f.metrics-1))) / float64(f.unitsEm)
}

// bearing is the two bytes of a glyph's left side bearing.
func (f *typeface) bearing(glyph int) []byte {
	at := 4*glyph + 2
	if glyph >= f.metrics {
		at = 4*f.metrics + 2*(glyph-f.metrics)
	}
	return f.tables["hmtx"][at : at+2]
}

// outline is the glyph's data; empty for a blank.
func (f *typeface) outline(glyph int) []byte {
	loca := f.tables["loca"]
	if f.wide {
		return f.tables["glyf"][u32(loca, 4*glyph):u32(loca, 4*glyph+4)]
	}
	return f.tables["glyf"][2*int(u16(loca, 2*glyph)) : 2*int(u16(loca, 2*glyph+2))]
}

// subset returns a font file that holds the given glyphs, in this order, and the
// parts that composed ones need behind them.
func (f *typeface) subset(glyphs []int) []byte {
	glyphs = append([]int(nil), glyphs...)
	place := map[int]int{}
	for i, g := range glyphs {
		place[g] = i
	}
	var glyf, loca, hmtx []byte
	for i := 0; i < len(glyphs); i++ {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		data := append([]byte(nil), f.outline(glyphs[i])...)
		if len(data) > 10 && int16(u16(data, 0)) < 0 {
			for at := 10; ; {
				flags, part := u16(data, at), int(u16(data, at+2))
				if _, known := place[part]; !known {
					place[part] = len(glyphs)
					glyphs = append(glyphs, part)
				}
				binary.BigEndian.PutUint16(data[at+2:], uint16(place[part]))
				at += 4 + 2
				if flags&1 != 0 {
					at += 2
				}
				at += map[uint16]int{8: 2, 0x40: 4, 0x80: 8}[flags&0xc8]
				if flags&0x20 == 0 {
					break
				}
			}
		}
		glyf = append(glyf, data...)
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
		hmtx = binary.BigEndian.AppendUint16(hmtx, u16(f.tables["hmtx"], 4*min(glyphs[i], f.metrics-1)))
		hmtx = append(hmtx, f.bearing(glyphs[i])...)
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
	head := append([]byte(nil), f.tables["head"]...)
	binary.BigEndian.PutUint16(head[50:], 1)
	hhea := append([]byte(nil), f.tables["hhea"]...)
	binary.BigEndian.PutUint16(hhea[34:], uint16(len(glyphs)))
	maxp := append([]byte(nil), f.tables["maxp"]...)
	binary.BigEndian.PutUint16(maxp[4:], uint16(len(glyphs)))
	parts := map[string][]byte{"glyf": glyf, "loca": loca, "hmtx": hmtx, "head": head, "hhea": hhea, "maxp": maxp}
	for _, hint := range []string{"cvt ", "fpgm", "prep"} {
		if f.tables[hint] != nil {
			parts[hint] = f.tables[hint]
		}
	}
	return fontFile(parts)
}

func fontFile(parts map[string][]byte) []byte {
	names := make([]string, 0, len(parts))
	for name := range parts {
		names = append(names, name)
	}
	sort.Strings(names)
	out := []byte{0, 1, 0, 0, 0, byte(len(names)), 0, 0, 0, 0, 0, 0}
	at := 12 + 16*len(names)
	var body []byte
	for _, name := range names {
		out = append(out, name...)
		out = binary.BigEndian.AppendUint32(out, 0) // pdf readers do not look at sums
		out = binary.BigEndian.AppendUint32(out, uint32(at+len(body)))
		out = binary.BigEndian.AppendUint32(out, uint32(len(parts[name])))
		body = append(body, parts[name]...)
		for len(body)%4 != 0 {
			body = append(body, 0)
		}
	}
	return append(out, body...)
}
