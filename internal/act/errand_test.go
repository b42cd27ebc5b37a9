package act_test

import (
	"archive/zip"
	"context"
	"errors"
	"io"
	"testing"

	"gongjian/internal/act"
	"gongjian/internal/fault"
	"gongjian/internal/letter"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/paper/official"
	"gongjian/internal/seal"
	"gongjian/internal/store"
	"gongjian/testkit"
)

// errandTown is a letterTown with a task for eight counties besides, so that ten units
// get letters, and a way to do errands in portions of three that stops after some.
func errandTown(t *testing.T, f func(t *testing.T, w *testkit.Town, plan memo.PlanID, office org.Caller, errands func(portions int) *act.Errands)) {
	letterTown(t, func(t *testing.T, w *testkit.Town, _ memo.PlanID, office org.Caller) {
		plan := w.Plan(w.Memorandum(), addCounties(t, w, 8)...)
		results := w.Desk.Files()
		f(t, w, plan, office, func(portions int) *act.Errands {
			return act.NewErrands(act.ErrandConfig{
				Desk: w.Desk, Results: results, Portion: 3,
				Words: func(l store.LetterRow, _ []store.Signature) *official.LetterData { return official.LetterOf(l.Body) },
				Run: func(work func(context.Context)) {
					work(untilDone{t.Context(), w.Store.View(office), 3 * portions})
				},
			})
		})
	})
}

// untilDone is a context that ends when the office's newest errand has so many items
// done: the server is stopped between two portions.
type untilDone struct {
	context.Context
	view *store.View
	most int
}

func (c untilDone) Err() error {
	if all, err := c.view.Errands(c.Context, 1); err == nil && len(all) == 1 && all[0].Done >= c.most {
		return context.Canceled
	}
	return c.Context.Err()
}

func drawErrand(t *testing.T, w *testkit.Town, office org.Caller, plan memo.PlanID) act.Order {
	t.Helper()
	in := act.Drawing{Plan: plan, Giver: testkit.ProvinceBureau}
	_, o, err := w.Store.View(office).LetterOutlook(t.Context(), plan, in.Giver, "")
	if err != nil {
		t.Fatal(err)
	}
	return act.OrderDrawing(in, o.Due(false))
}

// An errand that was cut says so, keeps what is done, and goes on without doing it twice.
func TestAnErrandThatWasCutGoesOnWhereItStood(t *testing.T) {
	errandTown(t, func(t *testing.T, w *testkit.Town, plan memo.PlanID, office org.Caller, errands func(int) *act.Errands) {
		ctx, order := t.Context(), drawErrand(t, w, office, plan)
		e, err := errands(2).Begin(ctx, office, "k", order)
		if err != nil {
			t.Fatal(err)
		}
		if e, err = w.Store.View(office).Errand(ctx, e.ID); err != nil || e.State() != store.ErrandCut || e.Done != 6 || e.Open() != len(order.Items)-6 {
			t.Fatalf("cut: %s with %d of %d, %v", e.State(), e.Done, e.Items, err)
		}
		batch := store.LetterFilter{Batch: letter.BatchID(e.ID)}
		if n := len(letters(t, w, office, batch)); n != 6 {
			t.Fatalf("%d letters are drawn where 6 are counted", n)
		}
		// The same form, and another about the same plan, lead to the one that is there.
		for _, key := range []string{"k", "other"} {
			if again, err := errands(99).Begin(ctx, office, key, order); err != nil || again.ID != e.ID || again.Done != 6 {
				t.Errorf("begun with the key %s: %+v %v", key, again, err)
			}
		}
		stranger := w.Caller(testkit.ProvinceBureau, org.Leader)
		if _, err := errands(99).Again(ctx, stranger, e.ID); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a stranger goes on with it: %v", err)
		}
		if _, err := errands(99).Again(ctx, office, e.ID); err != nil {
			t.Fatal(err)
		}
		if e, err = w.Store.View(office).Errand(ctx, e.ID); err != nil || e.State() != store.ErrandEnded || e.Done != len(order.Items) || e.LeftOut != 0 {
			t.Fatalf("ended: %s with %d of %d, %v", e.State(), e.Done, e.Items, err)
		}
		all := letters(t, w, office, batch)
		b, err := w.Store.View(office).LetterBatch(ctx, letter.BatchID(e.ID))
		if err != nil || len(all) != len(order.Items) || b.Counts.First != len(all) {
			t.Errorf("%d letters, the batch counts %+v, %v", len(all), b.Counts, err)
		}
		if r, err := w.Store.View(office).ErrandEntry(ctx, e.ID); err != nil || r.Number == "" {
			t.Errorf("the receipt of the last portion: %+v %v", r, err)
		}
		if _, err := errands(99).Again(ctx, office, e.ID); err != nil {
			t.Errorf("going on with what has ended: %v", err)
		}
	})
}

// Another server that took an errand over does not see it done twice: the first one's
// portion is undone with its act.
func TestAnErrandIsDoneByOneServerAtATime(t *testing.T) {
	errandTown(t, func(t *testing.T, w *testkit.Town, plan memo.PlanID, office org.Caller, errands func(int) *act.Errands) {
		ctx, order := t.Context(), drawErrand(t, w, office, plan)
		slow, fresh, err := w.Store.BeginErrand(ctx, office, "", store.Errand{Kind: string(order.Kind), About: order.About, Input: "{}"}, order.Items)
		if err != nil || !fresh {
			t.Fatal(fresh, err)
		}
		if _, err := w.Store.TakeErrand(ctx, office, slow.ID); !errors.Is(err, store.ErrErrandTaken) {
			t.Errorf("taken over while its server is at it: %v", err)
		}
		if err := w.Store.RestErrand(ctx, slow); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Store.TakeErrand(ctx, office, slow.ID); err != nil {
			t.Fatal(err)
		}
		late := w.Desk.With(w.Store.During(slow, order.Items[:3]))
		_, _, err = late.DrawLetters(ctx, office, "", act.Drawing{Plan: plan, Giver: testkit.ProvinceBureau})
		if !errors.Is(err, store.ErrErrandTaken) {
			t.Errorf("the first server goes on: %v", err)
		}
		if n := len(letters(t, w, office, store.LetterFilter{Plan: plan})); n != 0 {
			t.Errorf("it has drawn %d letters all the same", n)
		}
	})
}

// Each letter that cannot be signed is left out with its own reason; the others are signed.
func TestWhatCannotBeSignedIsLeftOutWithItsReason(t *testing.T) {
	errandTown(t, func(t *testing.T, w *testkit.Town, plan memo.PlanID, office org.Caller, errands func(int) *act.Errands) {
		ctx := t.Context()
		batch, all := draw(t, w, office, act.Drawing{Plan: plan})
		if _, err := w.Desk.GiveLetters(ctx, office, "", act.Letters{Batch: batch}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.AnnulLetter(ctx, office, "", all[4].ID, 2, "重拟"); err != nil {
			t.Fatal(err)
		}
		leader := w.Caller(testkit.ProvinceBureau, org.Leader)
		var items []store.ErrandItem
		for i, l := range all {
			items = append(items, store.ErrandItem{Subject: string(l.ID), Mark: l.Digest})
			if i == 1 {
				items[i].Mark = "00" // shown with another text
			}
		}
		how := act.Signing{Method: seal.Ed25519, Day: w.Store.Today()}
		e, err := errands(99).Begin(ctx, leader, "", act.OrderChosen(items, how, ""))
		if err != nil {
			t.Fatal(err)
		}
		v := w.Store.View(leader)
		if e, err = v.Errand(ctx, e.ID); err != nil || e.State() != store.ErrandEnded || e.Done != len(all)-2 || e.LeftOut != 2 {
			t.Fatalf("%+v %v", e, err)
		}
		left, err := v.ItemsLeft(ctx, e.ID, -1, 10)
		if err != nil || len(left) != 2 || left[0].Why.Key != "letter.other-text" || left[1].Why.Key != "letter.void" {
			t.Errorf("left out: %+v %v", left, err)
		}
		// When nothing can be done to any of the first, the rest are not tried.
		e, err = errands(99).Begin(ctx, leader, "", act.OrderChosen(items[5:8], act.Signing{Method: seal.Ed25519, Day: how.Day.AddDays(1)}, ""))
		if err != nil || e.State() != store.ErrandFailed || e.Failed.Key != "letter.signed-already" {
			t.Errorf("signed twice: %+v %v", e, err)
		}
	})
}

// An archive is whole or not there: cut short, it begins anew. Only who began it and
// sees its letters may have it.
func TestAnArchiveOfLettersIsWholeOrNotThere(t *testing.T) {
	errandTown(t, func(t *testing.T, w *testkit.Town, plan memo.PlanID, office org.Caller, errands func(int) *act.Errands) {
		ctx := t.Context()
		_, all := draw(t, w, office, act.Drawing{Plan: plan})
		var items []store.ErrandItem
		for _, l := range all {
			items = append(items, store.ErrandItem{Subject: string(l.ID)})
		}
		for _, kind := range []act.ErrandKind{act.ErrandDOCX, act.ErrandPDF} {
			e, err := errands(2).Begin(ctx, office, "", act.Order{Kind: kind, Items: items})
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err := errands(1).OpenResult(ctx, office, e.ID); fault.KindOf(err) != fault.NotFound {
				t.Errorf("half an archive: %v", err)
			}
			if _, err = errands(99).Again(ctx, office, e.ID); err != nil {
				t.Fatal(err)
			}
			if _, _, err := errands(1).OpenResult(ctx, w.Caller(testkit.ProvinceBureau, org.Leader), e.ID); fault.KindOf(err) != fault.NotFound {
				t.Errorf("another's archive: %v", err)
			}
			e, f, err := errands(1).OpenResult(ctx, office, e.ID)
			if err != nil || e.Done != len(items) {
				t.Fatalf("%+v %v", e, err)
			}
			size, err := f.Seek(0, io.SeekEnd)
			if err != nil {
				t.Fatal(err)
			}
			z, err := zip.NewReader(f, size)
			if err != nil || len(z.File) != len(items) {
				t.Errorf("the archive of %s: %v", kind, err)
			}
			if err := f.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}
