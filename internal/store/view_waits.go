package store

import (
	"context"
	"database/sql"

	"gongjian/internal/calendar"
	"gongjian/internal/memo"
	"gongjian/internal/org"
)

// putAndOpen is the condition on plan l of those that were put before the parties
// and are not issued.
const putAndOpen = `l.issued is null and exists (select 1 from plan_put x where x.plan = l.id)`

// approvals fills in the plans of memorandums that lie before their parties. They are
// few at a time, so that each is read by itself: what its parties approve is its
// content as it is now.
func (v *View) approvals(ctx context.Context, ids []memo.ID, into map[memo.ID]*memo.Standing) error {
	marks, args := list(1, ids)
	put, err := rowsOf[memo.PlanID](v.q.QueryContext(ctx, `select l.id from plan l where `+putAndOpen+` and l.memorandum in (`+marks+`) order by l.year, l.id`, args...))
	if err != nil {
		return err
	}
	for _, id := range put {
		p, m, err := loadPlan(ctx, v.q, id)
		if err != nil {
			return err
		}
		a, _, err := loadApproval(ctx, v.q, p, m)
		if err != nil {
			return err
		}
		into[m.ID].Plans = append(into[m.ID].Plans, a)
	}
	return nil
}

// WaitingPlan is a plan that waits for the approval of the caller's unit.
type WaitingPlan struct {
	memo.Plan
	Since calendar.Date
}

// PlansBeforeUs lists the plans that lie before the caller's unit and to whose present
// content it has said nothing, those of the earliest year first. At most limit plans
// are looked at.
func (v *View) PlansBeforeUs(ctx context.Context, limit int) ([]WaitingPlan, error) {
	unit := v.caller.Unit().ID
	if v.scope.IsZero() || !v.May(org.ApprovePlan, org.PlanFacts{Parties: []org.UnitID{unit}}) {
		return nil, nil
	}
	put, err := rowsOf[memo.PlanID](v.q.QueryContext(ctx, `select l.id from plan l join party y on y.memorandum = l.memorandum
		where `+putAndOpen+` and y.unit = $1 and l.office <> $1 order by l.year, l.id limit $2`, unit, limit))
	if err != nil {
		return nil, err
	}
	var out []WaitingPlan
	for _, id := range put {
		a, err := v.Approval(ctx, id)
		if err != nil {
			return nil, err
		}
		if a.Approval.Open() && a.Approval.Says(unit) == nil {
			out = append(out, WaitingPlan{a.Plan, a.Approval.AskedOn})
		}
	}
	return out, nil
}

// VersionsToSign lists the texts that all parties agreed on and that the caller's unit
// can sign now, the longest waiting first. Place in the agreed order is kept.
func (v *View) VersionsToSign(ctx context.Context, limit int) ([]Waiting, error) {
	unit := v.caller.Unit().ID
	facts := org.MemorandumFacts{Parties: []org.UnitID{unit}}
	if v.scope.IsZero() || !v.May(org.SignMemorandum, facts) && !v.May(org.EnterSignature, facts) {
		return nil, nil
	}
	rows, err := v.q.QueryContext(ctx, `select `+versionColumns+` from text_version x where x.state = 'agreed'
		and exists (select 1 from party p where p.memorandum = x.memorandum and p.unit = $1) order by x.at, x.id limit $2`, unit, limit)
	agreed, err := collect(rows, err, func(r *sql.Rows) (memo.Version, error) { return scanVersion(r) })
	if err != nil {
		return nil, err
	}
	var out []Waiting
	for _, x := range agreed {
		all, err := loadSignatures(ctx, v.q, "version", string(x.ID))
		if err != nil {
			return nil, err
		}
		var signed []memo.Signed
		for _, s := range Standing(all) {
			signed = append(signed, memo.Signed{Party: s.Party, On: s.On})
		}
		for _, p := range memo.MaySign(x.Text, signed) {
			if p.Unit == unit {
				out = append(out, Waiting{x.Memorandum, x.Text.Title, x.ID, x.Number, calendar.Date{}})
			}
		}
	}
	return out, nil
}

// LettersToSign lists the letters that wait for the signature of the caller's unit.
func (v *View) LettersToSign(ctx context.Context, limit int) ([]LetterEntry, error) {
	unit := v.caller.Unit().ID
	if v.scope.IsZero() || !v.May(org.SignLetter, org.LetterFacts{Giver: unit}) && !v.May(org.SignLetter, org.LetterFacts{Taker: unit}) {
		return nil, nil
	}
	return v.Letters(ctx, LetterFilter{Wait: "ours"}, LetterKey{}, limit)
}
