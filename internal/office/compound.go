package office

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unicode/utf16"
)

// A compound file (复合文档) is the small file system in which Word and Excel
// kept their documents until 2003 ([MS-CFB]). Sectors form chains, as in a FAT
// disk. Every number in it is a claim: a chain that leaves the file or comes back
// to a sector ends with an error.

// compoundMark is how such a file begins.
const compoundMark = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"

// The values of a sector table that are no sector numbers begin here.
const lastSector = 0xFFFFFFFA

var errCompound = errors.New("the compound file is damaged")

// compound is an opened compound file.
type compound struct {
	data       []byte
	sectorSize int
	table      []uint32 // the FAT: the sector that follows each sector
	miniTable  []uint32
	mini       []byte           // the stream in which small streams lie
	entries    map[string]entry // the streams and storages of the root, by name
}

type entry struct {
	stream      bool
	start, size uint32
}

// little reads a little-endian number of one, two or four bytes; ok is false
// beyond the end. All readers of legacy files go through it.
func little(data []byte, at, size int) (n uint32, ok bool) {
	if at < 0 || at+size > len(data) {
		return 0, false
	}
	switch size {
	case 1:
		return uint32(data[at]), true
	case 2:
		return uint32(binary.LittleEndian.Uint16(data[at:])), true
	}
	return binary.LittleEndian.Uint32(data[at:]), true
}

// number16 and number32 read 0 beyond the end: for places where 0 means nothing.
func number16(data []byte, at int) int {
	n, _ := little(data, at, 2)
	return int(n)
}

func number32(data []byte, at int) int {
	n, _ := little(data, at, 4)
	return int(n)
}

func openCompound(data []byte) (*compound, error) {
	shift := number16(data, 0x1E)
	if len(data) < 512 || shift != 9 && shift != 12 || number16(data, 0x20) != 6 {
		return nil, errCompound
	}
	c := &compound{data: data, sectorSize: 1 << shift, entries: map[string]entry{}}
	if err := c.readTable(); err != nil {
		return nil, err
	}
	directory, err := c.chain(uint32(number32(data, 0x30)), -1)
	if err != nil {
		return nil, fmt.Errorf("directory: %w", err)
	}
	if len(directory) < 128 {
		return nil, errCompound
	}
	miniTable, err := c.chain(uint32(number32(data, 0x3C)), -1)
	if err != nil {
		return nil, fmt.Errorf("table of small sectors: %w", err)
	}
	c.miniTable = numbers(miniTable)
	if c.mini, err = c.chain(uint32(number32(directory, 0x74)), -1); err != nil {
		return nil, fmt.Errorf("small sectors: %w", err)
	}
	c.readDirectory(directory)
	return c, nil
}

func numbers(data []byte) []uint32 {
	out := make([]uint32, 0, len(data)/4)
	for i := 0; i+4 <= len(data); i += 4 {
		out = append(out, binary.LittleEndian.Uint32(data[i:]))
	}
	return out
}

// sector returns the bytes of one sector; the last one of a file may be cut short.
func (c *compound) sector(n uint32) ([]byte, bool) {
	at := (int(n) + 1) * c.sectorSize
	if at >= len(c.data) {
		return nil, false
	}
	return c.data[at:min(at+c.sectorSize, len(c.data))], true
}

// readTable puts the FAT together: 109 of its sectors are named in the header,
// the others in a chain of sectors of their own.
func (c *compound) readTable() error {
	most := len(c.data)/c.sectorSize + 1
	places := numbers(c.data[0x4C:512])
	next := uint32(number32(c.data, 0x44))
	for steps := 0; next < lastSector; steps++ {
		s, ok := c.sector(next)
		if !ok || steps > most || len(s) < c.sectorSize {
			return errCompound
		}
		more := numbers(s)
		places, next = append(places, more[:len(more)-1]...), more[len(more)-1]
	}
	seen := map[uint32]bool{}
	for _, place := range places {
		if place >= lastSector {
			continue
		}
		s, ok := c.sector(place)
		if !ok || seen[place] {
			return errCompound
		}
		seen[place] = true
		c.table = append(c.table, numbers(s)...)
	}
	return nil
}

// chain returns the bytes of a chain of sectors, at most size of them; size < 0
// means all.
func (c *compound) chain(start uint32, size int) ([]byte, error) {
	var out []byte
	seen := make([]bool, len(c.table))
	for start < lastSector && (size < 0 || len(out) < size) {
		s, ok := c.sector(start)
		if !ok || int(start) >= len(c.table) || seen[start] {
			return nil, errCompound
		}
		seen[start] = true
		out = append(out, s...)
		start = c.table[start]
	}
	if size >= 0 {
		if len(out) < size {
			return nil, errCompound
		}
		out = out[:size]
	}
	return out, nil
}

// readDirectory finds what lies in the root. Storages below it (embedded
// objects) have streams of the same names, so their trees are not entered.
func (c *compound) readDirectory(directory []byte) {
	count := len(directory) / 128
	seen := make([]bool, count)
	waiting := []uint32{uint32(number32(directory, 0x4C))}
	for len(waiting) > 0 {
		n := waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		if int64(n) >= int64(count) || seen[n] {
			continue
		}
		seen[n] = true
		d := directory[int(n)*128 : int(n)*128+128]
		if kind := d[0x42]; kind == 1 || kind == 2 {
			c.entries[utf16Text(d[:min(max(number16(d, 0x40)-2, 0), 64)])] = entry{
				stream: kind == 2, start: uint32(number32(d, 0x74)), size: uint32(number32(d, 0x78)),
			}
		}
		waiting = append(waiting, uint32(number32(d, 0x44)), uint32(number32(d, 0x48)))
	}
}

func (c *compound) has(name string) bool {
	_, ok := c.entries[name]
	return ok
}

// stream returns the bytes of a stream of the root.
func (c *compound) stream(name string) ([]byte, error) {
	e, ok := c.entries[name]
	if !ok || !e.stream {
		return nil, fmt.Errorf("no stream %q: %w", name, errCompound)
	}
	if int64(e.size) > int64(len(c.data)) {
		return nil, fmt.Errorf("stream %q: %w", name, errCompound)
	}
	if e.size >= 4096 {
		return c.chain(e.start, int(e.size))
	}
	out := make([]byte, 0, e.size)
	for at := e.start; len(out) < int(e.size); {
		begin := int(at) * 64
		if int64(at) >= int64(len(c.miniTable)) || begin >= len(c.mini) {
			return nil, fmt.Errorf("stream %q: %w", name, errCompound)
		}
		out = append(out, c.mini[begin:min(begin+64, len(c.mini))]...)
		at = c.miniTable[at]
		if begin+64 > len(c.mini) && len(out) < int(e.size) {
			return nil, fmt.Errorf("stream %q: %w", name, errCompound)
		}
	}
	return out[:e.size], nil
}

// utf16Text decodes little-endian UTF-16.
func utf16Text(data []byte) string {
	units := make([]uint16, 0, len(data)/2)
	for i := 0; i+2 <= len(data); i += 2 {
		units = append(units, binary.LittleEndian.Uint16(data[i:]))
	}
	return string(utf16.Decode(units))
}
