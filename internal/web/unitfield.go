package web

import (
	"strings"

	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/web/page"
)

// unitNames finds units by the names that people type, within a territory.
type unitNames struct {
	units     map[org.UnitID]org.Unit
	index     *org.Index
	territory org.RegionCode
}

func (q *request) unitNames(territory org.RegionCode) (unitNames, error) {
	units, index, err := q.view.Directory(q.Context())
	return unitNames{units, index, territory}, err
}

// read reads a field that asks for a unit by name. A name that may mean several
// units, or none, comes back with the candidates; nothing is guessed. A choice
// among candidates counts as long as the name stays as it was when they were offered.
func (n unitNames) read(q *request, id string) (page.TaskUnitField, org.UnitID, *fault.Fault) {
	f := page.TaskUnitField{ID: id, Value: strings.TrimSpace(q.PostFormValue(id))}
	if f.Value == "" {
		return f, "", nil
	}
	if chosen := org.UnitID(q.PostFormValue(id + ".is")); chosen != "" && f.Value == strings.TrimSpace(q.PostFormValue(id+".was")) {
		if u, ok := n.units[chosen]; ok {
			f.Chosen, f.Value = string(chosen), u.Name
			return f, chosen, nil
		}
	}
	m := n.index.Match(f.Value, n.territory)
	switch m.Outcome {
	case org.Found:
		f.Chosen = string(m.Unit)
		return f, m.Unit, nil
	case org.Grouped:
		return f, "", fault.New(fault.Invalid, "unit-field.group", "Name", f.Value).On(id)
	}
	for _, c := range m.Candidates {
		if len(f.Candidates) < 12 {
			f.Candidates = append(f.Candidates, page.TaskCandidate{ID: string(c), Name: n.units[c].Name})
		}
	}
	key := "unit-field.unknown"
	switch {
	case m.Outcome == org.Ambiguous:
		key = "unit-field.ambiguous"
	case len(f.Candidates) > 0:
		key = "unit-field.similar"
	}
	return f, "", fault.New(fault.Invalid, key, "Name", f.Value).On(id)
}
