package journal

import (
	"encoding/binary"
	"errors"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// digits is Crockford's base 32: no I, L, O, U, which are misread or misheard.
const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// china is the time of the whole country, without summer time since 1992.
var china = time.FixedZone("UTC+8", 8*60*60)

// Receipt returns the number that the user gets after an act, e.g.
// "20100607-7K3M-Q9TX": the date of the act in China and the first 40 bits of
// its leaf hash in Crockford's base 32. So a number on paper commits to the
// entry, and no counter makes writers wait. Bytes that are not an entry give "".
//
// 40 bits name an entry; they do not prove it: among a million entries of a
// day two share a number with a chance of about one in three, and somebody with much time can search
// for a second entry with the same number. The proof is the signed checkpoint.
func Receipt(text []byte) string {
	e, err := ParseEntry(text)
	if err != nil {
		return ""
	}
	return receipt(e.At, tlog.RecordHash(text))
}

func receipt(at time.Time, leaf tlog.Hash) string {
	// Rule J-05 (Crockford, "Base 32"): the digits.
	bits := binary.BigEndian.Uint64(leaf[:8]) >> 24
	var b [8]byte
	for i := range b {
		b[i] = digits[bits>>(35-5*i)&31]
	}
	return at.In(china).Format("20060102") + "-" + string(b[:4]) + "-" + string(b[4:])
}

// ErrNoReceipt says that a text is not a receipt number.
var ErrNoReceipt = errors.New("journal: this is not a receipt number")

// ParseReceipt returns the number as Receipt writes it, from what somebody typed:
// upper or lower case, any spaces and dashes, also the wide forms of a Chinese
// keyboard, O for 0 and I or L for 1.
func ParseReceipt(typed string) (string, error) {
	var b strings.Builder
	for _, r := range strings.ToUpper(typed) {
		if r >= '！' && r <= '～' { // full-width forms of ASCII, U+FF01 to U+FF5E
			r = r - '！' + '!'
			if r >= 'a' && r <= 'z' {
				r -= 'a' - 'A'
			}
		}
		switch r {
		case ' ', '\t', '\r', '\n', '\u3000', '\u00a0', '-', '_', '.', '‐', '‑', '–', '—', '−':
			continue
		case 'O':
			r = '0'
		case 'I', 'L':
			r = '1'
		}
		if !strings.ContainsRune(digits, r) {
			return "", ErrNoReceipt
		}
		b.WriteRune(r)
		if b.Len() > 16 {
			return "", ErrNoReceipt
		}
	}
	s := b.String()
	if len(s) != 16 {
		return "", ErrNoReceipt
	}
	if _, err := time.Parse("20060102", s[:8]); err != nil {
		return "", ErrNoReceipt
	}
	return s[:8] + "-" + s[8:12] + "-" + s[12:], nil
}
