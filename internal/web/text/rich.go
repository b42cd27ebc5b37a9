package text

import "strings"

// Mark says how a piece of a sentence is set.
type Mark string

// The marks of a text file.
const (
	Plain    Mark = ""
	Bold     Mark = "b"    // what the eye should find first
	Link     Mark = "a"    // leads somewhere; the page knows where
	Original Mark = "orig" // words of a document, as printed there
)

// Piece is a run of one sentence.
type Piece struct {
	Mark Mark
	Text string
}

// hold stands for "<" in arguments while the marks are read. It is a code point
// for private use, which no text of ours has.
const hold = "\uE000"

// Rich is T for a sentence with marks. Marks are read in the text only, never in
// the arguments: what a user typed cannot make a link or bold type.
// Marks do not nest.
func (p *Printer) Rich(key string, args ...any) []Piece {
	guard := func(s string) string { return strings.ReplaceAll(s, "<", hold) }
	return pieces(p.say(key, guard, args))
}

func pieces(s string) []Piece {
	var out []Piece
	add := func(m Mark, t string) {
		if t != "" {
			out = append(out, Piece{m, strings.ReplaceAll(t, hold, "<")})
		}
	}
	for {
		before, mark, inside, after, ok := cutMark(s)
		if !ok {
			add(Plain, s)
			return out
		}
		add(Plain, before)
		add(mark, inside)
		s = after
	}
}

// cutMark splits s at its first complete mark.
func cutMark(s string) (before string, mark Mark, inside, after string, ok bool) {
	first := len(s)
	for _, m := range []Mark{Bold, Link, Original} {
		open, shut := "<"+string(m)+">", "</"+string(m)+">"
		i := strings.Index(s, open)
		if i < 0 || i >= first {
			continue
		}
		rest := s[i+len(open):]
		if j := strings.Index(rest, shut); j >= 0 {
			first, ok = i, true
			before, mark, inside, after = s[:i], m, rest[:j], rest[j+len(shut):]
		}
	}
	return before, mark, inside, after, ok
}
