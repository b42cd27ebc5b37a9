package house

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var (
	// ruleHeading is a heading of docs/sources that describes a rule: "## T-07 …" or "### Rule T-07: …".
	ruleHeading = regexp.MustCompile(`(?m)^#+\s+(?:Rule\s+)?([A-Z]{1,2}-\d{2})\b`)
	// ruleCited is "Rule T-07" or "Rules T-07, T-08 and T-10 to T-12".
	ruleCited  = regexp.MustCompile(`\bRules?\s+[A-Z]{1,2}-\d{2}(?:(?:,\s*|\s+and\s+|\s+to\s+|–|\s*/\s*)[A-Z]{1,2}-\d{2})*`)
	ruleRange  = regexp.MustCompile(`([A-Z]{1,2})-(\d{2})(?:\s+to\s+|–)[A-Z]{1,2}-(\d{2})`)
	ruleToken  = regexp.MustCompile(`\b[A-Z]{1,2}-\d{2}\b`)
	ruleInName = regexp.MustCompile(`([A-Z])_?(\d{2})`)
)

func TestEveryRuleHasASourceAndATest(t *testing.T) {
	loaded := read(t)
	headings := map[string]string{} // number → file
	for _, name := range loaded.withSuffix(".md") {
		if !strings.HasPrefix(name, "docs/sources/") {
			continue
		}
		for _, found := range ruleHeading.FindAllStringSubmatch(text(t, name), -1) {
			if first, twice := headings[found[1]]; twice {
				t.Errorf("%s describes rule %s, which %s describes already", name, found[1], first)
			}
			headings[found[1]] = name
		}
	}
	cited, tested := map[string]string{}, map[string]bool{}
	for _, f := range loaded.goes {
		switch {
		case f.Package == "internal/house":
		case f.Test:
			for _, number := range numbersInTest(f, headings) {
				tested[number] = true
			}
		default:
			for _, number := range numbersCited(f.Text) {
				cited[number] = f.Path
			}
		}
	}
	for number, file := range cited {
		if headings[number] == "" {
			t.Errorf("%s cites rule %s, and no heading of docs/sources/*.md has that number: write down the source", file, number)
		}
		if !tested[number] {
			t.Errorf("%s enforces rule %s, and no test names it: say \"Rule %s\" at the test that would catch its breach", file, number, number)
		}
	}
	for number, file := range headings {
		if cited[number] == "" {
			t.Errorf("%s describes rule %s, and no code cites it: cite it where it is enforced (\"// Rule %s (…): …\") or take the heading out",
				file, number, number)
		}
	}
}

// numbersCited returns the numbers behind "Rule" and "Rules", ranges spelt out.
func numbersCited(s string) (numbers []string) {
	s = regexp.MustCompile(`\n\s*//\s*`).ReplaceAllString(s, " ") // a citation may break over two comment lines
	for _, found := range ruleCited.FindAllString(s, -1) {
		numbers = append(numbers, ruleToken.FindAllString(found, -1)...)
		for _, r := range ruleRange.FindAllStringSubmatch(found, -1) {
			from, _ := strconv.Atoi(r[2])
			to, _ := strconv.Atoi(r[3])
			for n := from; n <= to; n++ {
				numbers = append(numbers, fmt.Sprintf("%s-%02d", r[1], n))
			}
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

// numbersInTest returns the known numbers that a test file names, in a comment, a
// text ("T-07 …") or the name of a test (TestRuleT07…).
func numbersInTest(f goFile, known map[string]string) []string {
	numbers := append(numbersCited(f.Text), ruleToken.FindAllString(f.Text, -1)...)
	for _, found := range ruleInName.FindAllStringSubmatch(f.Text, -1) {
		if number := found[1] + "-" + found[2]; known[number] != "" {
			numbers = append(numbers, number)
		}
	}
	return numbers
}

func TestCitationsAreReadAsPeopleWriteThem(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{"// Rule T-07 (GB, art. 9): late is yellow", []string{"T-07"}},
		{"// Rules T-07 and T-09 together", []string{"T-07", "T-09"}},
		{"// Rules I-01 to I-03", []string{"I-01", "I-02", "I-03"}},
		{"// Rules I-01,\n\t// I-02", []string{"I-01", "I-02"}},
		{"// UTF-16 and GB 2312-80 are no rules", nil},
	}
	for _, test := range tests {
		if got := numbersCited(test.text); !slices.Equal(got, test.want) {
			t.Errorf("numbersCited(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}
