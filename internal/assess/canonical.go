package assess

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// canonical writes v as JSON that has one form only: keys sorted by their bytes,
// no spaces, whole numbers in decimal, text in UTF-8 with escapes for the quote,
// the backslash and control characters alone. It follows RFC 8785 except that
// whole numbers may pass 2^53, as quantities do, and that there are no fractions.
//
// Sorting the keys means that the bytes do not hang on the order in which our
// structs happen to declare their fields.
func canonical(v any) ([]byte, error) {
	var raw bytes.Buffer
	e := json.NewEncoder(&raw)
	e.SetEscapeHTML(false) // fewer escapes to take back
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("assess: writing canonical JSON: %w", err)
	}
	s := sorter{in: raw.Bytes(), out: make([]byte, 0, raw.Len())}
	if err := s.value(); err != nil {
		return nil, fmt.Errorf("assess: writing canonical JSON: %w", err)
	}
	return s.out, nil
}

// sorter copies what encoding/json wrote, which is valid and has no spaces, and puts
// the members of objects in order on the way.
type sorter struct {
	in      []byte
	at      int // read so far
	out     []byte
	members []member // of the objects that are being read, the outer ones first
	spare   []byte
}

// member is a key of an object and where it stands in the output, with its value.
type member struct {
	key      []byte
	from, to int
}

func (s *sorter) value() error {
	switch s.in[s.at] {
	case '{':
		return s.object()
	case '[':
		return s.array()
	case '"':
		_, err := s.text()
		return err
	}
	end := s.at
	for end < len(s.in) && !strings.ContainsRune(",]}\n", rune(s.in[end])) {
		end++
	}
	word := s.in[s.at:end]
	if c := word[0]; c == '-' || c >= '0' && c <= '9' {
		if _, err := strconv.ParseInt(string(word), 10, 64); err != nil {
			return fmt.Errorf("%s is no whole number; fractions are written as text: %w", word, err)
		}
	}
	s.out = append(s.out, word...)
	s.at = end
	return nil
}

func (s *sorter) array() error {
	s.take('[')
	for s.in[s.at] != ']' {
		if err := s.value(); err != nil {
			return err
		}
		if s.in[s.at] == ',' {
			s.take(',')
		}
	}
	s.take(']')
	return nil
}

func (s *sorter) object() error {
	s.take('{')
	first, begin := len(s.members), len(s.out)
	for s.in[s.at] != '}' {
		from := len(s.out)
		key, err := s.text()
		if err != nil {
			return err
		}
		s.take(':')
		if err := s.value(); err != nil {
			return err
		}
		s.members = append(s.members, member{key, from, len(s.out)})
		if s.in[s.at] == ',' {
			s.at++
		}
	}
	s.order(s.members[first:], begin)
	s.members = s.members[:first]
	s.take('}')
	return nil
}

// order puts the members of one object, which end the output, in order and commas between.
func (s *sorter) order(members []member, begin int) {
	slices.SortFunc(members, func(a, b member) int { return bytes.Compare(a.key, b.key) })
	s.spare = append(s.spare[:0], s.out[begin:]...)
	s.out = s.out[:begin]
	for i, m := range members {
		if i > 0 {
			s.out = append(s.out, ',')
		}
		s.out = append(s.out, s.spare[m.from-begin:m.to-begin]...)
	}
}

// take copies a sign.
func (s *sorter) take(c byte) {
	s.out = append(s.out, c)
	s.at++
}

// text copies a text and returns what it says.
func (s *sorter) text() ([]byte, error) {
	rest := s.in[s.at+1:]
	end := bytes.IndexByte(rest, '"')
	if says := rest[:end]; bytes.IndexByte(says, '\\') < 0 { // no escapes: it stands as it is
		s.out = append(s.out, s.in[s.at:s.at+end+2]...)
		s.at += end + 2
		return says, nil
	}
	for end = 0; rest[end] != '"'; end++ {
		if rest[end] == '\\' {
			end++
		}
	}
	var says string
	if err := json.Unmarshal(s.in[s.at:s.at+end+2], &says); err != nil {
		return nil, err
	}
	s.at += end + 2
	s.out = appendText(s.out, says)
	return []byte(says), nil
}

// escapes are the short forms of RFC 8785.
var escapes = map[rune]string{
	'"': `\"`, '\\': `\\`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`,
}

func appendText(out []byte, s string) []byte {
	out = append(out, '"')
	for _, r := range s {
		switch short, ok := escapes[r]; {
		case ok:
			out = append(out, short...)
		case r < 0x20:
			out = fmt.Appendf(out, `\u%04x`, r)
		default:
			out = utf8.AppendRune(out, r)
		}
	}
	return append(out, '"')
}
