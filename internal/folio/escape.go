package folio

import "strings"

// Escape returns text in a form that Parse takes for nothing but that text,
// wherever a template puts it: in a paragraph, a cell or behind a word such as
// title:. Line breaks of every kind become \n.
func Escape(s string) string {
	if s == "" {
		return `\e`
	}
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	var b strings.Builder
	last := len(s) - 1
	for i, r := range s {
		switch {
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == ' ' && (i == 0 || i == last || s[i-1] == ' '):
			b.WriteString(`\s`)
		case strings.ContainsRune(`\|#:[]`, r):
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\u00a0' || r == '\u3000' || r == '\u0085' || r == '\v' || r == '\f' || r == '\u2028' || r == '\u2029':
			b.WriteByte('\\') // kept from being trimmed as space
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// unescape is the inverse of Escape. What stands behind a backslash and has no
// meaning is itself.
func unescape(s string) string {
	if !strings.ContainsRune(s, '\\') {
		return s
	}
	var b strings.Builder
	behind := false
	for _, r := range s {
		if !behind {
			if behind = r == '\\'; !behind {
				b.WriteRune(r)
			}
			continue
		}
		behind = false
		switch r {
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case 's':
			b.WriteByte(' ')
		case 'e':
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// cells parts a row at | and tabs that no backslash stands before.
func cells(line string) []string {
	var out []string
	from, behind := 0, false
	for i := 0; i < len(line); i++ { // the marks are ASCII, so bytes do
		switch {
		case behind:
			behind = false
		case line[i] == '\\':
			behind = true
		case line[i] == '|' || line[i] == '\t':
			out = append(out, unescape(trim(line[from:i])))
			from = i + 1
		}
	}
	return append(out, unescape(trim(line[from:])))
}

// trim takes blanks from both ends, but not one behind a backslash, nor the wide
// blanks that belong to a Chinese text.
func trim(s string) string { return strings.Trim(s, " \t\r") }
