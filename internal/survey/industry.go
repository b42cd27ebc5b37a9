package survey

import (
	_ "embed" // the table of industries
	"encoding/csv"
	"fmt"
	"strings"

	"gongjian/internal/fault"
)

//go:embed industries.csv
var industries string

// Industry is a section (门类) or division (大类) of GB/T 4754-2017.
type Industry struct {
	Code    string // A to T, or 01 to 97
	Name    string
	Section string // the letter of the section it belongs to
}

// Industries is the classification, in its order. It is a value that nobody changes.
type Industries struct {
	all []Industry
	at  map[string]int
}

// StandardIndustries reads the table that comes with the program. Keep the value.
func StandardIndustries() Industries {
	r := csv.NewReader(strings.NewReader(industries))
	r.Comment, r.FieldsPerRecord = '#', 3
	rows, err := r.ReadAll()
	if err != nil {
		panic(fmt.Sprintf("survey: the embedded table of industries does not read: %v", err))
	}
	x := Industries{at: map[string]int{}}
	for _, row := range rows[1:] {
		x.at[row[0]] = len(x.all)
		x.all = append(x.all, Industry{Code: row[0], Name: row[1], Section: row[2]})
	}
	return x
}

// All returns every section and division, each section before its divisions.
func (x Industries) All() []Industry { return append([]Industry(nil), x.all...) }

// Of returns the entry of a code: a section, a division, or the division that a
// longer code of three or four digits belongs to.
func (x Industries) Of(code string) (Industry, bool) {
	if len(code) > 2 {
		code = code[:2]
	}
	i, ok := x.at[code]
	if !ok {
		return Industry{}, false
	}
	return x.all[i], true
}

// Read checks a code as it is typed: 15, C15, c1512, Ａ. It returns the code in its
// plain form, without the letter before digits.
//
// Rule SV-02 (GB/T 4754-2017): a letter is one of the sections A to T; digits are
// two to four and begin with one of the divisions 01 to 97; a letter before digits
// is the section of that division. Classes below the divisions are not looked up.
func (x Industries) Read(typed string) (string, error) {
	code := strings.ToUpper(narrow(typed))
	wrong := fault.New(fault.Invalid, "survey.industry-unknown", "Code", strings.TrimSpace(typed))
	if code == "" {
		return "", wrong
	}
	letter, digits := "", code
	if code[0] >= 'A' && code[0] <= 'Z' {
		letter, digits = code[:1], code[1:]
	}
	if digits == "" {
		if _, ok := x.at[letter]; !ok {
			return "", wrong
		}
		return letter, nil
	}
	if len(digits) < 2 || len(digits) > 4 || strings.Trim(digits, "0123456789") != "" {
		return "", wrong
	}
	of, ok := x.Of(digits)
	if !ok || letter != "" && letter != of.Section {
		return "", wrong
	}
	return digits, nil
}

// narrow drops blanks and writes full-width letters and digits as half-width ones.
func narrow(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '\u3000' || r == '\t':
			return -1
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		}
		return r
	}, s)
}
