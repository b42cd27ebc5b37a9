package act

import (
	"context"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
)

// onMemorandum is the frame of every act on a memorandum as a whole. version is the
// one that was shown; nought asks for none.
func (d *Desk) onMemorandum(ctx context.Context, c org.Caller, action org.Action, key string, id memo.ID, version int64,
	f func(*store.Tx, memo.Memorandum) error,
) (store.Receipt, error) {
	return d.store.Act(ctx, c, action, key, func(tx *store.Tx) error {
		tx.About("memorandum", string(id))
		m, err := tx.Memorandum(id)
		if err != nil {
			return err
		}
		if err := tx.Require(action, tx.MemorandumFacts(m)); err != nil {
			return err
		}
		if version != 0 && m.Version != version {
			return fault.New(fault.Conflict, "changed-meanwhile")
		}
		return f(tx, m)
	})
}

// RenewMemorandum begins the memorandum that follows one (续签): in preparation, with
// the old text as the office's draft and what is unfinished carried over. The old
// one stays in force until the new one is.
func (d *Desk) RenewMemorandum(ctx context.Context, c org.Caller, key string, id memo.ID) (store.Receipt, memo.ID, error) {
	var next memo.Memorandum
	r, err := d.onMemorandum(ctx, c, org.RenewMemorandum, key, id, 0, func(tx *store.Tx, m memo.Memorandum) error {
		renewed, err := tx.Renewal(id)
		if err != nil {
			return err
		}
		if err := m.CheckRenewal(renewed); err != nil {
			return err
		}
		text, err := d.renewedText(tx, m)
		if err != nil {
			return err
		}
		next = memo.Memorandum{
			ID: memo.ID(tx.NewID()), Title: m.Title, Kind: m.Kind, Region: m.Region, Parties: m.Parties, Office: c.Unit().ID,
			Stage: memo.Preparing, Form: m.Form, Under: m.Under, Renews: m.ID, Open: m.Open,
		}
		if err := tx.AddMemorandum(next); err != nil {
			return err
		}
		tx.About("memorandum", string(next.ID))
		if err := tx.SaveDraft(store.Draft{Memorandum: next.ID, Text: text}); err != nil {
			return err
		}
		return tx.Record(map[string]any{"renews": id, "renewal": next.ID, "draft": memo.Digest(text)})
	})
	return made(ctx, d, r, err, "memorandum", next.ID)
}

// renewedText is what a renewal begins from: the text in force, with the parties
// called as they are called today.
func (d *Desk) renewedText(tx *store.Tx, m memo.Memorandum) (memo.Text, error) {
	text := m.Text(func(org.UnitID) string { return "" })
	if v, err := tx.SignedText(m.ID); err != nil {
		return text, err
	} else if v != nil {
		signed, err := succeeded(tx, m.ID, v.Text)
		if err != nil {
			return text, err
		}
		text = signed
	}
	for i := range text.Parties {
		name, err := tx.UnitName(text.Parties[i].Unit)
		if err != nil {
			return text, err
		}
		text.Parties[i].Name = name
	}
	done, err := tx.FinishedCommitments(m.ID)
	return text.Renewed(func(k memo.CommitmentID) bool { return done[k] }, tx.NewID), err
}

// EndMemorandum ends a memorandum (终止) with a reason and a decision on every open task.
func (d *Desk) EndMemorandum(ctx context.Context, c org.Caller, key string, id memo.ID, version int64, day calendar.Date, why string, decided []memo.Settlement) (store.Receipt, error) {
	return d.onMemorandum(ctx, c, org.EndMemorandum, key, id, version, func(tx *store.Tx, m memo.Memorandum) error {
		open, err := tx.OpenTasks(id)
		if err != nil {
			return err
		}
		if err := m.CheckEnding(day, tx.Today(), why, taskIDs(open), decided); err != nil {
			return err
		}
		if err := settle(tx, m, open, decided); err != nil {
			return err
		}
		m.Stage, m.Ended, m.Why = memo.Ended, day, why
		if err := tx.SaveMemorandum(m); err != nil {
			return err
		}
		return tx.Record(map[string]any{"ended": day, "why": why, "tasks": decided})
	})
}

// SettleTasks decides on tasks that an amendment or a renewal left without their
// commitment. Those that are not named stay on the list.
func (d *Desk) SettleTasks(ctx context.Context, c org.Caller, key string, id memo.ID, decided []memo.Settlement) (store.Receipt, error) {
	return d.onMemorandum(ctx, c, org.SettleMemorandum, key, id, 0, func(tx *store.Tx, m memo.Memorandum) error {
		if len(decided) == 0 {
			return fault.New(fault.Invalid, "memo.nothing-decided")
		}
		listed, err := tx.Unsettled(id)
		if err != nil {
			return err
		}
		open := make([]store.TaskRow, len(listed))
		ids := make([]string, len(listed))
		for i, u := range listed {
			if open[i], _, err = tx.Task(u.Task); err != nil {
				return err
			}
			open[i].Commitment, ids[i] = u.Commitment, string(u.Task)
		}
		if err := memo.CheckSettling(ids, decided, m.Renews != "").Err(); err != nil {
			return err
		}
		if err := settle(tx, m, open, decided); err != nil {
			return err
		}
		return tx.Record(map[string]any{"tasks": decided})
	})
}

// settle does what was decided on open tasks.
func settle(tx *store.Tx, m memo.Memorandum, open []store.TaskRow, decided []memo.Settlement) error {
	for _, s := range decided {
		for _, k := range open {
			if string(k.ID) != s.Task {
				continue
			}
			tx.About("task", s.Task)
			var err error
			switch s.Do {
			case memo.Withdraw:
				_, err = withdraw(tx, k, s.Reason)
			case memo.Carry:
				err = carry(tx, m, k)
			case memo.RunOn: // stays where it is
			}
			if err == nil {
				err = tx.Decide(m.ID, s)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// carry moves a task to the newest plan of a renewal, under the commitment that goes
// on with the old one.
func carry(tx *store.Tx, m memo.Memorandum, k store.TaskRow) error {
	plan, err := tx.NewestPlan(m.ID)
	if err != nil {
		return err
	}
	if plan == "" {
		return fault.New(fault.Conflict, "memo.no-plan-to-carry").On("task." + string(k.ID))
	}
	tx.About("plan", string(plan))
	var serves memo.CommitmentID
	for _, c := range m.Clauses {
		for _, x := range c.Commitments {
			if x.Carried != "" && x.Carried == k.Commitment {
				serves = x.ID
			}
		}
	}
	return tx.CarryTask(k, plan, serves)
}

func taskIDs(rows []store.TaskRow) []string {
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = string(r.ID)
	}
	return out
}

// seesFramework refuses a framework that the caller does not see, as if it were not there.
func seesFramework(tx *store.Tx, under memo.ID) error {
	frame, err := tx.Memorandum(under)
	if err == nil {
		err = tx.Require(org.SeeMemorandum, tx.MemorandumFacts(frame))
	}
	if fault.KindOf(err) == fault.NotFound || fault.KindOf(err) == fault.Denied {
		return fault.New(fault.Invalid, "memo.under-unknown").On("under").Because(err)
	}
	return err
}

// HangUnder hangs a memorandum under a framework, or takes it out with "".
func (d *Desk) HangUnder(ctx context.Context, c org.Caller, key string, id memo.ID, version int64, under memo.ID) (store.Receipt, error) {
	return d.onMemorandum(ctx, c, org.ChangeMemorandum, key, id, version, func(tx *store.Tx, m memo.Memorandum) error {
		if under != "" {
			if err := seesFramework(tx, under); err != nil {
				return err
			}
			above, err := tx.Frameworks(under)
			if err != nil {
				return err
			}
			if err := m.CheckUnder(above); err != nil {
				return err
			}
			tx.About("memorandum", string(under))
		}
		was := m.Under
		m.Under = under
		if err := tx.SaveMemorandum(m); err != nil {
			return err
		}
		return tx.Record(map[string]any{"was": was, "under": under})
	})
}

// onAlliance is the frame of acts on the members of an alliance.
func (d *Desk) onAlliance(ctx context.Context, c org.Caller, action org.Action, key string, id memo.ID,
	f func(*store.Tx, memo.Memorandum, []memo.Member) error,
) (store.Receipt, error) {
	return d.onMemorandum(ctx, c, action, key, id, 0, func(tx *store.Tx, m memo.Memorandum) error {
		members, err := tx.Members(id)
		if err != nil {
			return err
		}
		return f(tx, m, members)
	})
}

// InviteMember asks a unit to join an alliance; from then on it reads the pledge.
func (d *Desk) InviteMember(ctx context.Context, c org.Caller, key string, id memo.ID, unit org.UnitID) (store.Receipt, error) {
	return d.onAlliance(ctx, c, org.InviteMember, key, id, func(tx *store.Tx, m memo.Memorandum, members []memo.Member) error {
		if err := m.CheckInvite(unit, members); err != nil {
			return err
		}
		if _, err := tx.Unit(unit); err != nil {
			return err
		}
		tx.About("unit", string(unit))
		x := memo.Member{ID: tx.NewID(), Memorandum: id, Unit: unit, Asked: tx.Today()}
		if err := tx.AddMember(x); err != nil {
			return duplicate(err, fault.New(fault.Conflict, "member.already"))
		}
		return tx.Record(x)
	})
}

// OpenAlliance opens an alliance's list of members or closes it (开放名单). While it is
// open every unit reads the pledge and may sign it.
func (d *Desk) OpenAlliance(ctx context.Context, c org.Caller, key string, id memo.ID, version int64, open bool) (store.Receipt, error) {
	return d.onMemorandum(ctx, c, org.OpenAlliance, key, id, version, func(tx *store.Tx, m memo.Memorandum) error {
		if err := m.CheckOpening(open); err != nil {
			return err
		}
		m.Open = open
		if err := tx.OpenMembers(m); err != nil {
			return err
		}
		return tx.Record(map[string]any{"open": open})
	})
}

// PledgeDigest is the digest of what members of an alliance sign: its text in force.
func PledgeDigest(m memo.Memorandum) string {
	return memo.Digest(m.Text(func(org.UnitID) string { return "" }))
}

// JoinAlliance signs the pledge for the caller's unit, which was asked, or came by
// itself where the list is open. digest is that of the words that the signer was shown.
func (d *Desk) JoinAlliance(ctx context.Context, c org.Caller, key string, id memo.ID, digest string, how Signing) (store.Receipt, error) {
	return d.onAlliance(ctx, c, org.JoinAlliance, key, id, func(tx *store.Tx, m memo.Memorandum, members []memo.Member) error {
		x, err := m.CheckJoin(c.Unit().ID, members, digest, PledgeDigest(m), how.Day, tx.Today())
		if err != nil {
			return err
		}
		write := tx.SetMember
		if x.ID == "" {
			x.ID, write = tx.NewID(), tx.AddMember
		}
		s, err := d.sign(tx, c, signable{Kind: "pledge", Subject: x.ID, Title: m.Title, Digest: x.Digest}, how)
		if err != nil {
			return err
		}
		if err := write(x); err != nil {
			return duplicate(err, fault.New(fault.Conflict, "member.already"))
		}
		return tx.Record(map[string]any{"member": x, "digest": x.Digest, "statement": s.Statement, "value": s.Value})
	})
}

// LeaveAlliance takes the caller's unit out of an alliance, with a day and a reason.
// Its signature stands for the time that it was in.
func (d *Desk) LeaveAlliance(ctx context.Context, c org.Caller, key string, id memo.ID, day calendar.Date, why string) (store.Receipt, error) {
	return d.onAlliance(ctx, c, org.LeaveAlliance, key, id, func(tx *store.Tx, m memo.Memorandum, members []memo.Member) error {
		x, err := m.CheckLeave(c.Unit().ID, members, day, tx.Today(), why)
		if err != nil {
			return err
		}
		if err := tx.SetMember(x); err != nil {
			return err
		}
		return tx.Record(x)
	})
}
