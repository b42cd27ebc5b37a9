package act_test

import (
	"context"
	"testing"

	"gongjian/internal/act"
	"gongjian/internal/letter"
	"gongjian/internal/org"
	"gongjian/internal/paper/official"
	"gongjian/internal/seal"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/testkit"
)

// BenchmarkLetters3000 does the errands of 3,000 letters one after the other: drawn,
// given out, signed by the giver, made as docx and as pdf. Run it with -benchtime 1x.
// A taker signs for its own unit and so a few at most.
func BenchmarkLetters3000(b *testing.B) {
	w := testkit.NewTown(b, testkit.Open(b, "sqlite:"+b.TempDir()+"/town.db", sqldb.Options{}))
	w.KeepKeys()
	plan := w.Plan(w.Memorandum(), addCounties(b, w, 3000)...)
	office, leader := w.Caller(testkit.ProvinceBureau, org.Office), w.Caller(testkit.ProvinceBureau, org.Leader)
	errands := errandsHere(w)
	do := func(name string, c org.Caller, order func() act.Order) (e store.Errand) {
		b.Run(name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				if i > 0 {
					b.Fatal("run it with -benchtime 1x: it is done once")
				}
				var err error
				if e, err = errands.Begin(b.Context(), c, "", order()); err != nil {
					b.Fatal(err)
				}
			}
			if e, _ = w.Store.View(c).Errand(b.Context(), e.ID); e.State() != store.ErrandEnded || e.Done != 3000 {
				b.Fatalf("%+v", e)
			}
		})
		return e
	}
	drawn := do("drawn", office, func() act.Order {
		in := act.Drawing{Plan: plan, Giver: testkit.ProvinceBureau}
		_, o, err := w.Store.View(office).LetterOutlook(b.Context(), plan, in.Giver, "")
		if err != nil {
			b.Fatal(err)
		}
		return act.OrderDrawing(in, o.Due(false))
	})
	of := func(kind act.ErrandKind) func() act.Order {
		return func() act.Order {
			o := act.Order{Kind: kind, About: string(drawn.ID)}
			all, err := w.Store.View(office).Letters(b.Context(), store.LetterFilter{Batch: letter.BatchID(drawn.ID)}, store.LetterKey{}, 3000)
			if err != nil {
				b.Fatal(err)
			}
			for _, l := range all {
				o.Items = append(o.Items, store.ErrandItem{Subject: string(l.ID), Mark: l.Digest})
			}
			return o
		}
	}
	do("given", office, of(act.ErrandGive))
	do("signed", leader, func() act.Order {
		o := of(act.ErrandSign)()
		o.Input.Signing = act.Signing{Method: seal.Ed25519, Day: w.Store.Today()}
		return o
	})
	do("docx", office, of(act.ErrandDOCX))
	do("pdf", office, of(act.ErrandPDF))
}

// errandsHere does errands before Begin returns.
func errandsHere(w *testkit.Town) *act.Errands {
	return act.NewErrands(act.ErrandConfig{
		Desk: w.Desk, Words: func(l store.LetterRow, _ []store.Signature) *official.LetterData { return official.LetterOf(l.Body) },
		Run: func(work func(context.Context)) { work(context.Background()) },
	})
}
