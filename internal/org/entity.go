package org

import "github.com/cedar-policy/cedar-go"

// This file turns callers and resources into the entities that the policies
// speak of. docs/sources/org.md lists their attributes for who reads or writes
// policies.

func principalOf(c Caller) cedar.Entity {
	switch c.standing {
	case visitor:
		return cedar.Entity{UID: cedar.NewEntityUID("Visitor", "public")}
	case machine:
		return cedar.Entity{UID: cedar.NewEntityUID("System", "system")}
	}
	roles := make([]cedar.Value, 0, len(c.post.Roles))
	for _, r := range c.post.Roles {
		roles = append(roles, cedar.String(r))
	}
	attributes := cedar.RecordMap{
		"person":     personOf(c.person.ID),
		"unit":       unitOf(c.unit.ID),
		"kind":       cedar.String(c.unit.Kind),
		"level":      cedar.String(c.unit.Level),
		"region":     cedar.String(c.unit.Region),
		"roles":      cedar.NewSet(roles...),
		"provincial": cedar.Boolean(c.provincial()),
	}
	if g := c.government(); g != "" {
		attributes["government"] = unitOf(g)
	}
	return cedar.Entity{
		UID:        cedar.NewEntityUID("Post", cedar.String(c.post.ID)),
		Attributes: cedar.NewRecord(attributes),
	}
}

func resourceOf(r Resource) cedar.Entity {
	var attributes cedar.RecordMap
	switch r := r.(type) {
	case TaskFacts:
		attributes = taskRecord(r)
	case ReportFacts:
		attributes = cedar.RecordMap{
			"unit": unitOf(r.Unit), "person": personOf(r.By), "above": unitsOf(r.Above),
			"verifier": unitOf(r.Task.Verifies()), "supervising": unitOf(r.Task.Supervising),
		}
	case PlanFacts:
		attributes = cedar.RecordMap{
			"office": unitOf(r.Office), "parties": unitsOf(r.Parties),
			"regions": regionsOf(r.Region), "draft": cedar.Boolean(r.Draft),
		}
	case MemorandumFacts:
		attributes = cedar.RecordMap{
			"office": unitOf(r.Office), "parties": unitsOf(r.Parties), "regions": regionsOf(r.Region), "members": unitsOf(r.Members),
			"open": cedar.Boolean(r.Open),
		}
	case ScoreFacts:
		attributes = cedar.RecordMap{
			"office": unitOf(r.Office), "unit": unitOf(r.Unit), "published": cedar.Boolean(r.Published),
		}
	case ImportFacts:
		attributes = cedar.RecordMap{"office": unitOf(r.Office)}
	case DocumentFacts:
		attributes = cedar.RecordMap{"office": unitOf(r.Office), "about": unitOf(r.About), "regions": regionsOf(r.Region)}
	case OpinionFacts:
		attributes = cedar.RecordMap{"party": unitOf(r.Party), "asked": unitOf(r.Asked)}
	case CommitmentFacts:
		attributes = cedar.RecordMap{"obligors": unitsOf(r.Obligors), "confirmers": unitsOf(r.Confirmers)}
	case SupportFacts:
		attributes = cedar.RecordMap{"giver": unitOf(r.Giver), "taker": unitOf(r.Taker), "office": unitOf(r.Office), "regions": regionsOf(r.Region)}
	case LetterFacts:
		attributes = cedar.RecordMap{
			"office": unitOf(r.Office), "giver": unitOf(r.Giver), "taker": unitOf(r.Taker),
			"lineAbove": unitsOf(r.LineAbove), "blockAbove": unitsOf(r.BlockAbove), "draft": cedar.Boolean(r.Draft),
		}
	case UnitFacts:
		attributes = cedar.RecordMap{"unit": unitOf(r.Unit)}
	case SurveyFacts:
		attributes = cedar.RecordMap{
			"office": unitOf(r.Office), "asked": unitsOf(r.Asked), "parties": unitsOf(r.Parties),
			"section": unitOf(r.Section), "draft": cedar.Boolean(r.Draft),
		}
	case MeasureFacts:
		attributes = cedar.RecordMap{"office": unitOf(r.Office)}
	case JournalFacts:
	}
	return cedar.Entity{
		UID:        cedar.NewEntityUID(cedar.EntityType(r.kind()), "it"),
		Attributes: cedar.NewRecord(attributes),
	}
}

func taskRecord(t TaskFacts) cedar.RecordMap {
	return cedar.RecordMap{
		"office":      unitOf(t.Office),
		"setter":      unitOf(t.Setter),
		"verifier":    unitOf(t.Verifies()),
		"verifiers":   unitsOf(t.Verifiers),
		"supervising": unitOf(t.Supervising),
		"leads":       unitsOf(t.Leads),
		"cooperating": unitsOf(t.Cooperating),
		"lineAbove":   unitsOf(t.LineAbove),
		"blockAbove":  unitsOf(t.BlockAbove),
		"draft":       cedar.Boolean(t.Draft),
	}
}

func unitOf(u UnitID) cedar.EntityUID { return cedar.NewEntityUID("Unit", cedar.String(u)) }

func personOf(p PersonID) cedar.EntityUID { return cedar.NewEntityUID("Person", cedar.String(p)) }

func unitsOf(units []UnitID) cedar.Set {
	out := make([]cedar.Value, 0, len(units))
	for _, u := range units {
		out = append(out, unitOf(u))
	}
	return cedar.NewSet(out...)
}

// regionsOf is the region with those around it, so that a policy can ask
// whether it lies in a territory.
func regionsOf(r RegionCode) cedar.Set {
	out := []cedar.Value{}
	for _, x := range r.Lineage() {
		out = append(out, cedar.String(x))
	}
	return cedar.NewSet(out...)
}
