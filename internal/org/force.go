package org

// CommitmentFacts is a commitment (承诺事项) of a memorandum in force, with what was
// delivered under it, as permissions see it.
//
// Rule O-41 (the issue: either can confirm or dispute): who confirms says its word, who owes answers.
type CommitmentFacts struct {
	Memorandum MemorandumFacts
	Obligors   []UnitID // who owe it
	Confirmers []UnitID // who confirm what is delivered
}

func (CommitmentFacts) kind() string { return "Commitment" }

// SupportFacts is an entry of the ledger of support (支持台账) as permissions see
// it. For support.enter it is the one that would come to be.
//
// Rule O-42 (会计 practice: who gives does not verify): the giving side enters and corrects, the receiving side verifies.
type SupportFacts struct {
	Giver  UnitID
	Taker  UnitID
	Office UnitID     // that runs the memorandum; "" for support under none
	Region RegionCode // the place where it was given
}

func (SupportFacts) kind() string { return "Support" }

// SeesSupport is the meaning that a query for support must equal: all; or unit gave,
// received, or runs the memorandum; or the place lies in the territory.
func (s Scope) SeesSupport(f SupportFacts) bool {
	if s.all {
		return true
	}
	return s.unit != "" && (s.unit == f.Giver || s.unit == f.Taker || s.unit == f.Office || s.holds(f.Region))
}
