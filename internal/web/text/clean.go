package text

import (
	"strings"
	"unicode/utf8"
)

// Clean reports whether s is text that every database takes: UTF-8 without NUL.
func Clean(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }
