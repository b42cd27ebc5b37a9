package act_test

import (
	"testing"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/testkit"
)

// counting is a row whose deadline counts 30 days from an event.
func counting(title, event string, leads ...org.UnitID) act.Row {
	return act.Row{Title: title, Leads: leads, Deadline: task.Deadline{Text: "三十日内", Kind: task.DeadlineRelative, Relative: &task.Relative{To: event, Days: 30}}}
}

// Rule T-07: a deadline that counts from the issue or the receipt has its day when that happens.
func TestADeadlineFromIssueOrReceiptGetsItsDayWhenThatHappens(t *testing.T) {
	each(t, func(t *testing.T, w *testkit.Town) {
		ctx, must := t.Context(), must(t)
		w.On(2010, 3, 1)
		receipt := counting("从签收起", "receipt", testkit.LuzhouBureau, testkit.LuzhouFarm)
		plan := w.Plan(w.Memorandum(), counting("从下达起", "issue", testkit.LuzhouBureau), receipt, counting("从批准起", "approval", testkit.LuzhouBureau))
		row := func(i int) store.TaskRow { t.Helper(); return w.Tasks(plan)[i] }
		if due := row(0).Due; due != calendar.NewDate(2010, 3, 31) {
			t.Errorf("30 days from the issue on 1 March end on %s", due)
		}
		bureau, farm := w.Caller(testkit.LuzhouBureau, org.Clerk), w.Caller(testkit.LuzhouFarm, org.Clerk)
		w.On(2010, 3, 2)
		must(w.Desk.Sign(ctx, bureau, "", row(1).ID))
		if due := row(1).Due; !due.IsZero() {
			t.Errorf("one lead has not signed yet, and the day is %s", due)
		}
		w.On(2010, 3, 5)
		before := row(1).Version
		must(w.Desk.Sign(ctx, farm, "", row(1).ID))
		if k := row(1); k.Due != calendar.NewDate(2010, 4, 4) || k.Version == before || k.State != task.InForce {
			t.Errorf("30 days from the receipt on 5 March end on %s, version %d after %d, %s", k.Due, k.Version, before, k.State)
		}
		must(w.Desk.Sign(ctx, bureau, "", row(2).ID))
		if k := row(2); !k.Due.IsZero() || k.Light.Colour != task.Grey || len(k.Light.Why) == 0 || k.Light.Why[0].Key != "light.event-open" {
			t.Errorf("the approval has not been given: due %s, %s because %v", k.Due, k.Light.Colour, k.Light.Why)
		}
	})
}

// Rule T-07: words that a signed task is given later count from its receipt all the same.
func TestADeadlineChangedToCountFromTheReceiptHasItsDay(t *testing.T) {
	each(t, func(t *testing.T, w *testkit.Town) {
		ctx, must := t.Context(), must(t)
		plan := w.Plan(w.Memorandum(), testkit.Brands())
		w.On(2010, 3, 5)
		must(w.Desk.Sign(ctx, w.Caller(testkit.LuzhouBureau, org.Clerk), "", w.Tasks(plan)[0].ID))
		w.On(2010, 3, 20)
		k := w.Tasks(plan)[0]
		change := unchanged(k)
		change.Deadline, change.Due = counting("", "receipt").Deadline, calendar.Date{}
		must(w.Desk.Change(ctx, w.Caller(testkit.ProvinceBureau, org.Office), "", k.ID, change))
		if due := w.Tasks(plan)[0].Due; due != calendar.NewDate(2010, 4, 4) {
			t.Errorf("30 days from the receipt on 5 March end on %s", due)
		}
	})
}

// unchanged is a change that leaves a task as it is.
func unchanged(k store.TaskRow) act.Change {
	return act.Change{
		Version: k.Version, Title: k.Title, Measures: k.Measures, Deadline: k.Deadline, Due: k.Due, Target: k.Target,
		Evidence: k.EvidenceWanted, Cadence: k.Cadence, Field: k.Field, Reason: "按会议纪要调整",
	}
}
