package org

import (
	"encoding/csv"
	"fmt"
	"strings"
)

// function is what departments of one sort are for, with the names that they
// bear at each level (functions.csv). In a name {} stands for the territory and
// {s} for its short name; the first is the full name, the second the usual
// short one, the rest other names and names of other times and places.
type function struct {
	name  string
	kind  Kind
	block bool // belongs to the government of the territory
	names map[Level][]string
	only  []RegionCode // the cities that have one; none means all
}

// readFunctions reads functions.csv.
func readFunctions() ([]function, error) {
	f, err := tables.Open("functions.csv")
	if err != nil {
		return nil, fmt.Errorf("org: opening the functions: %w", err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("org: reading the functions: %w", err)
	}
	var out []function
	for _, row := range rows[1:] {
		fn := function{name: row[0], kind: Kind(row[1]), block: row[2] == "government", names: map[Level][]string{}}
		for i, level := range []Level{Province, City, County} {
			if row[3+i] != "" {
				fn.names[level] = strings.Split(row[3+i], "|")
			}
		}
		for _, code := range strings.Fields(strings.ReplaceAll(row[6], "|", " ")) {
			fn.only = append(fn.only, RegionCode(code))
		}
		out = append(out, fn)
	}
	return out, nil
}

// FunctionQuality is the function of the vertically managed line of this
// software's first users, quality supervision (质量技术监督).
const FunctionQuality = "质监"

// functionOf finds what a name without its place is for: 质监局, 农业局. The
// name is in canonical form.
func functionOf(functions []function, stem string) (function, bool) {
	for _, f := range functions {
		for _, names := range f.names {
			for _, n := range names {
				if place, rest, ok := strings.Cut(n, "{}"); ok && place == "" && canonical(rest) == stem {
					return f, true
				}
			}
		}
	}
	return function{}, false
}
