package paper

import (
	"slices"

	"gongjian/internal/org"
	"gongjian/internal/task"
)

// units settles who leads and who helps.
func (d *drafting) units(out *DraftRow) {
	leads, helps := slices.Clone(out.Row.Lead), slices.Clone(out.Row.Cooperating)
	for _, w := range out.Row.Warnings {
		if w.Code == DoubtLeader && len(leads) > 1 {
			leads, helps = d.whoLeads(out, leads, helps)
		}
	}
	asked := out.Open()
	found := d.side(out, "lead", leads)
	if len(leads) == 0 {
		found = d.nobodyLeads(out)
	}
	settled := out.Open() == asked
	help := d.side(out, "cooperating", helps)

	out.Leads = without(found.units, nil)
	switch {
	case len(out.Leads) > 0:
	case len(found.each) > 0:
		out.Leads = without(found.gather, nil)
	case settled:
		// Rule I-43: who is named for nothing leaves the office in charge, which names
		// them later; the printed words stay.
		out.Leads = []org.UnitID{d.Office}
	}
	if out.Each = without(found.each, out.Leads); len(out.Each) > 0 {
		out.Rollup = task.RollupCount
	}
	out.Cooperating = without(help.units, append(slices.Clone(out.Leads), out.Each...))
	if found.changed || out.Corrected {
		out.LeadWords = joinNames(out.Row.Lead)
	}
	for _, name := range help.open {
		out.Note = appendWords(out.Note, out.Row.headed(name))
	}
	if d.last = nil; settled {
		d.last = out.Leads
	}
}

// whoLeads asks, once for the table, who leads where a cell names several units
// and nothing in the document says which.
func (d *drafting) whoLeads(out *DraftRow, leads, helps []string) (lead, help []string) {
	a := d.ask(out, Question{
		Key: "leader", Code: DoubtLeader, Field: "lead", Words: joinNames(leads), Whole: true,
		Choices: []Choice{ChooseFirst, ChooseAll}, Suggest: &Answer{Choice: ChooseFirst},
	})
	if a.Choice == ChooseFirst {
		return leads[:1], append(leads[1:len(leads):len(leads)], helps...)
	}
	return leads, helps
}

// nobodyLeads asks who leads a row without a leading unit. A cell left blank
// below another mostly means the same unit (合并单元格), so that is suggested.
func (d *drafting) nobodyLeads(out *DraftRow) side {
	q := Question{Key: "no-leader", Code: DoubtNoLeader, Field: "lead", Choices: []Choice{ChooseUnits, ChooseOpen}}
	if len(d.last) > 0 {
		q.Suggest = &Answer{Choice: ChooseUnits, Units: d.last}
	}
	return side{units: d.ask(out, q).Units}
}

// side is what the names of one side of a row came to.
type side struct {
	units   []org.UnitID
	each    []org.UnitID // members of groups that each work for themselves
	gather  []org.UnitID // who leads them
	open    []string     // names that the office left open
	changed bool         // the units are not simply the printed names
}

func (d *drafting) side(out *DraftRow, field string, names []string) (s side) {
	for _, name := range names {
		d.name(out, field, name, &s)
	}
	return s
}

// name finds the unit of one printed name, or asks.
//
// Rule I-42 (practice of task tables; docs/sources/import-draft.md): one name means the
// same throughout a table, so it is asked once.
func (d *drafting) name(out *DraftRow, field, name string, s *side) {
	m, known := d.matches[name]
	if !known {
		m = d.Match(name)
		d.matches[name] = m
	}
	if m.Outcome == org.Found && m.Successor == "" {
		s.units = append(s.units, m.Unit)
		return
	}
	s.changed = true
	q := Question{Key: "name." + name, Field: field, Name: name, Words: name, Units: m.Candidates, Whole: true, Choices: []Choice{ChooseUnits, ChooseOpen}}
	var members []org.UnitID
	switch m.Outcome {
	case org.Found:
		q.Code, q.Units = QuestionMerged, []org.UnitID{m.Unit, m.Successor}
		q.Suggest = &Answer{Choice: ChooseUnits, Units: []org.UnitID{m.Successor}}
	case org.Ambiguous:
		q.Code = QuestionAmbiguous
		if len(m.Candidates) == 1 {
			q.Suggest = &Answer{Choice: ChooseUnits, Units: m.Candidates}
		}
	case org.Grouped:
		members = d.Members(m.Group)
		q.Code, q.Suggest = QuestionGroupOpen, &Answer{Choice: ChooseOpen}
		q.Units = d.Members(m.Group.Choices())
	default:
		q.Code = QuestionUnknown
	}
	if len(members) > 0 {
		if field != "lead" {
			s.units = append(s.units, members...)
			return
		}
		q.Code, q.Units = QuestionGroup, members
		q.Choices, q.Suggest = []Choice{ChooseEach, ChooseTogether, ChooseOpen}, &Answer{Choice: ChooseEach, Units: []org.UnitID{d.Gatherer}}
	}
	switch a := d.ask(out, q); a.Choice {
	case ChooseUnits:
		s.units = append(s.units, a.Units...)
	case ChooseEach:
		s.each, s.gather = append(s.each, members...), append(s.gather, a.Units...)
	case ChooseTogether:
		s.units = append(s.units, members...)
	case ChooseOpen:
		s.open = append(s.open, name)
	}
}

// without keeps the first of each unit, and none of the others.
func without(units, others []org.UnitID) (out []org.UnitID) {
	for _, u := range units {
		if u != "" && !slices.Contains(out, u) && !slices.Contains(others, u) {
			out = append(out, u)
		}
	}
	return out
}

// headed is a printed name below the header of the column it stands in, as a note keeps it.
func (row Row) headed(name string) string {
	for _, c := range row.Cells {
		if c.Header != "" && slices.Contains(SplitUnits(c.Text), name) {
			return c.Header + "：" + name
		}
	}
	return name
}

func appendWords(note, words string) string {
	if note == "" {
		return words
	}
	return note + "；" + words
}
