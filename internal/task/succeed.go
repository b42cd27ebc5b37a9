package task

import (
	"slices"

	"gongjian/internal/org"
)

// Succeed puts a successor in the place of a merged unit: as the one that set the
// task, supervises it, leads it or helps. over says that the successor takes the
// merged unit's own part, with its receipt, and with it what was reported; without
// it the successor keeps a part of its own and the merged unit's falls away. The
// caller settles the task after it.
//
// Rule O-43 (民法典 art. 67; 兴庆区: a successor takes over without a new document): an
// open task goes on under the successor, and whoever has both parts keeps the
// stronger, to lead. A finished or withdrawn task keeps the names it had.
func Succeed(t Task, parts []Part, was, now org.UnitID) (next Task, all []Part, over bool) {
	if t.State == Finished || t.State == Withdrawn {
		return t, parts, false
	}
	if t.Setter == was {
		t.Setter = now
	}
	if t.Supervising == was {
		t.Supervising = now
	}
	mine, own := partOf(parts, was), partOf(parts, now)
	if mine < 0 {
		return t, parts, false
	}
	over = own < 0 || parts[mine].Role == Lead && parts[own].Role != Lead
	for i, p := range parts {
		switch {
		case i == mine && over:
			p.Unit = now
		case i == mine, i == own && over:
			continue
		}
		all = append(all, p)
	}
	t.Leads, t.Cooperating = nil, nil
	for _, p := range all {
		if p.Role == Lead {
			t.Leads = append(t.Leads, p.Unit)
		} else {
			t.Cooperating = append(t.Cooperating, p.Unit)
		}
	}
	return t, slices.Clip(all), over
}
