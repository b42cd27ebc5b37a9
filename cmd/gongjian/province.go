package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"

	"gongjian/internal/task"
	"gongjian/internal/web"
)

// province is what a province settles for itself, in one JSON file: the dated
// rules for lights, reports and terms, and what its lights are called and how
// they are coloured.
type province struct {
	Rules task.Rulebook `json:"rules"`
	web.Look
}

// readProvince reads the file, or returns the defaults when none is named. It
// refuses names that it does not know, so that a slip does not go unnoticed.
func readProvince(file string) (province, error) {
	p := province{Rules: task.DefaultRulebook()}
	if file == "" {
		return p, nil
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return p, fmt.Errorf("reading the province's rules: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return p, fmt.Errorf("the province's rules in %s: %w", file, err)
	}
	if err := p.Rules.Check(); err != nil {
		return p, fmt.Errorf("the province's rules in %s: %w", file, err)
	}
	if err := p.Look.Check(); err != nil {
		return p, fmt.Errorf("the province's rules in %s: %w", file, err)
	}
	return p, nil
}
