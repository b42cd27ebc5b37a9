// Command prune keeps the part of a stylesheet that our pages use. Tabler is
// 635 KB; the pages use a dozen of its classes.
//
//	go run ./internal/web/asset/prune <keep.txt> <in.css> <out.css>
//
// A rule stays when every class in its selector is listed in keep.txt, or when
// it has none. Custom properties that no kept rule reads go too. Colours that
// browsers of 2018–2022 cannot read (oklch, color-mix, light-dark) are in rules
// that main.css overrides with plain ones.
package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: prune <keep.txt> <in.css> <out.css>")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "prune:", err)
		os.Exit(1)
	}
}

func run(keepFile, in, out string) error {
	list, err := os.ReadFile(keepFile)
	if err != nil {
		return fmt.Errorf("reading the list of classes: %w", err)
	}
	css, err := os.ReadFile(in)
	if err != nil {
		return fmt.Errorf("reading the stylesheet (did npm ci run?): %w", err)
	}
	keep := map[string]bool{}
	for line := range strings.Lines(string(list)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			keep[line] = true
		}
	}
	return os.WriteFile(out, []byte(prune(string(css), keep)), 0o644)
}

// prune returns the kept rules of css.
func prune(css string, keep map[string]bool) string {
	rules := parse(comment.ReplaceAllString(css, ""))
	rules = keepRules(rules, keep)
	// Dropping a property may leave another one unread, so until nothing changes.
	for before := -1; before != count(rules); {
		before = count(rules)
		dropUnread(rules, write(rules))
	}
	return write(rules)
}

// rule is a selector or at-rule head with declarations, or with rules inside.
type rule struct {
	head   string
	body   []string
	inside []rule
	group  bool
}

var (
	comment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	class   = regexp.MustCompile(`\.(-?[a-zA-Z_][\w-]*)`)
	quoted  = regexp.MustCompile(`\[[^\]]*\]`)
	read    = regexp.MustCompile(`var\(\s*(--[\w-]+)`)
)

// parse reads a list of rules. It knows strings, parentheses and braces, which
// is all that a compiled stylesheet needs; it does not know nested selectors.
func parse(css string) []rule {
	var out []rule
	for {
		i := stop(css, "{;")
		if i < 0 {
			return out
		}
		head := strings.TrimSpace(css[:i])
		if css[i] == ';' { // @charset, @import
			css = css[i+1:]
			continue
		}
		end := closing(css, i)
		inner := css[i+1 : end]
		css = css[min(end+1, len(css)):]
		r := rule{head: head}
		if strings.HasPrefix(head, "@media") || strings.HasPrefix(head, "@supports") {
			r.group, r.inside = true, parse(inner)
		} else {
			r.body = declarations(inner)
		}
		out = append(out, r)
	}
}

func declarations(s string) []string {
	var out []string
	for s != "" {
		i := stop(s, ";")
		if i < 0 {
			i = len(s)
		}
		// The content security policy lets no image in as a data: address; form.css has ours.
		if d := strings.TrimSpace(s[:i]); d != "" && !strings.Contains(d, `url("data:`) {
			out = append(out, d)
		}
		s = s[min(i+1, len(s)):]
	}
	return out
}

// stop finds the first of the characters outside strings and parentheses, or -1.
func stop(s, chars string) int {
	depth, quote := 0, byte(0)
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case quote != 0:
			if c == '\\' {
				i++
			} else if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '(':
			depth++
		case c == ')':
			depth--
		case depth == 0 && strings.IndexByte(chars, c) >= 0:
			return i
		}
	}
	return -1
}

// closing returns the place of the brace that closes the one at i, or the end.
func closing(s string, i int) int {
	depth := 0
	for {
		j := stop(s[i:], "{}")
		if j < 0 {
			return len(s)
		}
		i += j
		if s[i] == '{' {
			depth++
		} else if depth--; depth == 0 {
			return i
		}
		i++
	}
}

func keepRules(rules []rule, keep map[string]bool) []rule {
	var out []rule
	for _, r := range rules {
		switch {
		case r.group:
			if r.inside = keepRules(r.inside, keep); len(r.inside) > 0 {
				out = append(out, r)
			}
		case strings.HasPrefix(r.head, "@"): // keyframes, fonts, properties: our pages do not move
		default:
			if r.head = keepSelectors(r.head, keep); r.head != "" {
				out = append(out, r)
			}
		}
	}
	return out
}

func keepSelectors(head string, keep map[string]bool) string {
	var out []string
	for rest := head; rest != ""; {
		i := stop(rest, ",")
		if i < 0 {
			i = len(rest)
		}
		if s := strings.TrimSpace(rest[:i]); used(s, keep) {
			out = append(out, s)
		}
		rest = rest[min(i+1, len(rest)):]
	}
	return strings.Join(out, ",")
}

func used(selector string, keep map[string]bool) bool {
	if strings.Contains(selector, "theme=dark") || strings.Contains(selector, "::-webkit-scrollbar") {
		return false
	}
	for _, m := range class.FindAllStringSubmatch(quoted.ReplaceAllString(selector, ""), -1) {
		if !keep[m[1]] {
			return false
		}
	}
	return true
}

// dropUnread removes the custom properties that the text does not read.
func dropUnread(rules []rule, text string) {
	seen := map[string]bool{}
	for _, m := range read.FindAllStringSubmatch(text, -1) {
		seen[m[1]] = true
	}
	for i := range rules {
		dropUnread(rules[i].inside, text)
		kept := rules[i].body[:0]
		for _, d := range rules[i].body {
			name, _, _ := strings.Cut(d, ":")
			if name = strings.TrimSpace(name); !strings.HasPrefix(name, "--") || seen[name] {
				kept = append(kept, d)
			}
		}
		rules[i].body = kept
	}
}

func count(rules []rule) int {
	n := 0
	for _, r := range rules {
		n += len(r.body) + count(r.inside)
	}
	return n
}

func write(rules []rule) string {
	var b strings.Builder
	for _, r := range rules {
		switch {
		case r.group:
			fmt.Fprintf(&b, "%s {\n%s}\n", r.head, write(r.inside))
		case len(r.body) > 0:
			fmt.Fprintf(&b, "%s { %s }\n", r.head, strings.Join(r.body, "; "))
		}
	}
	return b.String()
}
