package task

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gongjian/internal/org"
)

// Rule O-43.
func TestAnOpenTaskGoesOnUnderTheSuccessor(t *testing.T) {
	units := []org.UnitID{"a", "b", "c", "d"}
	rapid.Check(t, func(t *rapid.T) {
		var k Task
		var parts []Part
		k.State = rapid.SampledFrom([]State{Draft, Issued, InForce, Refused, Finished, Withdrawn}).Draw(t, "state")
		k.Setter, k.Supervising = rapid.SampledFrom(units).Draw(t, "setter"), rapid.SampledFrom(append(units, "")).Draw(t, "supervising")
		for i, u := range rapid.Permutation(units).Draw(t, "units") {
			role := rapid.SampledFrom([]Role{Lead, Cooperating, ""}).Draw(t, "role")
			if i == 0 {
				role = Lead
			}
			if role == "" {
				continue
			}
			parts = append(parts, Part{Unit: u, Role: role, State: rapid.SampledFrom([]PartState{PartWaiting, PartSigned, PartRefused}).Draw(t, "answer")})
		}
		for _, p := range parts {
			if p.Role == Lead {
				k.Leads = append(k.Leads, p.Unit)
			} else {
				k.Cooperating = append(k.Cooperating, p.Unit)
			}
		}
		next, all, over := Succeed(k, parts, "a", "b")
		if k.State == Finished || k.State == Withdrawn {
			if next.Setter != k.Setter || !slices.Equal(next.Leads, k.Leads) || !slices.Equal(all, parts) {
				t.Fatalf("what is over was changed: %+v", next)
			}
			return
		}
		if next.Setter == "a" || next.Supervising == "a" || partOf(all, "a") >= 0 {
			t.Fatalf("the merged unit is still in it: %+v %+v", next, all)
		}
		was, own, got := partOf(parts, "a"), partOf(parts, "b"), partOf(all, "b")
		if over != (was >= 0 && got >= 0 && all[got] == (Part{Unit: "b", Role: parts[was].Role, State: parts[was].State}) && (own < 0 || parts[own].Role != Lead && parts[was].Role == Lead)) {
			t.Fatalf("over is %v: %+v of %+v", over, all, parts)
		}
		led := func(parts []Part, u org.UnitID) bool { i := partOf(parts, u); return i >= 0 && parts[i].Role == Lead }
		if led(all, "b") != (led(parts, "a") || led(parts, "b")) {
			t.Fatalf("the stronger part was lost: %+v of %+v", all, parts)
		}
		for _, u := range []org.UnitID{"c", "d"} {
			if i, j := partOf(parts, u), partOf(all, u); (i < 0) != (j < 0) || i >= 0 && parts[i] != all[j] {
				t.Fatalf("%s changed: %+v of %+v", u, all, parts)
			}
		}
		if len(next.Leads) == 0 || len(next.Leads)+len(next.Cooperating) != len(all) {
			t.Fatalf("units: %+v, parts: %+v", next, all)
		}
	})
}
