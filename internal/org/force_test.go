package org

import "testing"

func TestBothSidesOfAMemorandumInForce(t *testing.T) {
	p := standard(t)
	plan := PlanFacts{Office: "p-bureau", Parties: []UnitID{"p-bureau", "c-gov"}, Region: "510500", Draft: true}
	owed := CommitmentFacts{Memorandum: MemorandumFacts{Office: "p-bureau"}, Obligors: []UnitID{"c-gov"}, Confirmers: []UnitID{"p-bureau"}}
	given := SupportFacts{Giver: "c-gov", Taker: "p-bureau", Office: "p-bureau", Region: "510500"}
	for _, c := range []struct {
		rule   string
		by     Caller
		action Action
		on     Resource
		want   bool
	}{
		{"O-13 the office puts a plan before the others", post(provinceBureau, Office), PutPlan, plan, true},
		{"O-13 a party does not", post(cityGov, Office), PutPlan, plan, false},
		{"O-40 a party approves", post(cityGov, Office), ApprovePlan, plan, true},
		{"O-40 the plan's own office does not", post(provinceBureau, Office), ApprovePlan, plan, false},
		{"O-40 nor a clerk", post(cityGov, Clerk), ApprovePlan, plan, false},
		{"O-40 nor somebody else", post(otherCity, Office), ApprovePlan, plan, false},
		{"O-41 the confirming party says its word", post(provinceBureau, Office), ConfirmDelivery, owed, true},
		{"O-41 the owing one does not", post(cityGov, Office), ConfirmDelivery, owed, false},
		{"O-41 it answers", post(cityGov, Office), AnswerDispute, owed, true},
		{"O-41 and nobody else", post(otherCity, Office), AnswerDispute, owed, false},
		{"O-42 the giver enters", post(cityGov, Clerk), EnterSupport, given, true},
		{"O-42 nobody enters for it", post(provinceBureau, Office), EnterSupport, given, false},
		{"O-42 the receiver verifies", post(provinceBureau, Verifier), VerifySupport, given, true},
		{"O-42 the giver does not", post(cityGov, Office), VerifySupport, given, false},
		{"O-42 the giver sees it", post(cityGov, Clerk), SeeSupport, given, true},
		{"O-42 a stranger does not", post(otherCity, Office), SeeSupport, given, false},
	} {
		if d := p.Decide(c.by, c.action, c.on); d.Allowed != c.want {
			t.Errorf("%s: %+v", c.rule, d)
		}
	}
}
