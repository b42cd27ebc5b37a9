package act

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"gongjian/internal/blob"
	"gongjian/internal/fault"
	"gongjian/internal/letter"
	"gongjian/internal/org"
	"gongjian/internal/paper/official"
	"gongjian/internal/store"
)

// ErrandKind is what an errand does.
type ErrandKind string

// The kinds.
const (
	ErrandDraw  ErrandKind = "letters.draw"
	ErrandGive  ErrandKind = "letters.give"
	ErrandSign  ErrandKind = "letters.sign"
	ErrandPaper ErrandKind = "letters.paper"
	ErrandDOCX  ErrandKind = "letters.docx"
	ErrandPDF   ErrandKind = "letters.pdf"
)

// Order is an errand that somebody asks for.
type Order struct {
	Kind  ErrandKind
	About string // a plan, or a batch, or "" where it is about chosen letters
	Items []store.ErrandItem
	Input ErrandInput
}

// ErrandInput is what an errand needs besides its items.
type ErrandInput struct {
	Drawing Drawing       `json:"drawing,omitzero"`
	Signing Signing       `json:"signing,omitzero"`
	Sides   []letter.Side `json:"sides,omitempty"`
	Back    string        `json:"back,omitempty"` // the page that it was asked for on
}

// ErrandInputOf reads what an errand was begun with.
func ErrandInputOf(e store.Errand) (in ErrandInput, err error) {
	if err = json.Unmarshal([]byte(e.Input), &in); err != nil {
		err = fmt.Errorf("act: reading what errand %s needs: %w", e.ID, err)
	}
	return in, err
}

// Errands does the errands of one server.
type Errands struct {
	desk    *Desk
	results *blob.Store
	words   func(store.LetterRow, []store.Signature) *official.LetterData
	run     func(func(context.Context))
	logger  *slog.Logger
	portion int
}

// ErrandConfig is what errands need from outside.
type ErrandConfig struct {
	Desk    *Desk
	Results *blob.Store // where files are kept that errands make; nil: with the evidence
	// Words puts a letter into the words of a document.
	Words func(store.LetterRow, []store.Signature) *official.LetterData
	// Run runs what goes on beside the answer until its context ends; nil runs it
	// until it is done.
	Run     func(func(context.Context))
	Logger  *slog.Logger
	Portion int // how many items one act is done to; 0 is 200
}

// NewErrands returns the errands of one server.
func NewErrands(c ErrandConfig) *Errands {
	x := &Errands{desk: c.Desk, results: c.Results, words: c.Words, run: c.Run, logger: c.Logger, portion: c.Portion}
	if x.results == nil {
		x.results = c.Desk.files
	}
	if x.run == nil {
		x.run = func(f func(context.Context)) { go f(context.Background()) }
	}
	if x.portion == 0 {
		x.portion = 200
	}
	return x
}

// Long reports whether so many items take longer than an answer: more than one portion.
func (x *Errands) Long(items int) bool { return items > x.portion }

// Begin notes an errand down and sees to it: one of a single portion before it
// returns, a longer one beside. The same form again, or an errand of that kind about
// the same that has not ended, gives the one that is there.
func (x *Errands) Begin(ctx context.Context, c org.Caller, key string, o Order) (store.Errand, error) {
	switch {
	case len(o.Items) == 0:
		return store.Errand{}, fault.New(fault.Conflict, "letter.none-open")
	case len(o.Items) > MostLetters:
		return store.Errand{}, fault.New(fault.Invalid, "letter.too-many", "Count", len(o.Items), "Most", MostLetters).On("within")
	}
	input, err := json.Marshal(o.Input)
	if err != nil {
		return store.Errand{}, fmt.Errorf("act: noting what an errand needs: %w", err)
	}
	e, fresh, err := x.desk.store.BeginErrand(ctx, c, key, store.Errand{Kind: string(o.Kind), About: o.About, Input: string(input)}, o.Items)
	if err != nil || !fresh {
		return e, err
	}
	return x.see(ctx, c, e)
}

// Again goes on with an errand that was cut: what was done stays done.
func (x *Errands) Again(ctx context.Context, c org.Caller, id store.ErrandID) (store.Errand, error) {
	e, err := x.desk.store.TakeErrand(ctx, c, id)
	if errors.Is(err, store.ErrErrandTaken) { // somebody's second click: it goes on already, or has ended
		return x.desk.store.View(c).Errand(ctx, id)
	}
	if err != nil {
		return e, err
	}
	return x.see(ctx, c, e)
}

// Drop ends an errand that was cut: what was done stays, the rest is not done.
func (x *Errands) Drop(ctx context.Context, c org.Caller, id store.ErrandID) error {
	e, err := x.desk.store.TakeErrand(ctx, c, id)
	if errors.Is(err, store.ErrErrandTaken) { // it goes on, or has ended
		return nil
	}
	if err != nil {
		return err
	}
	return x.desk.store.EndErrand(ctx, e, "", fault.New(fault.Conflict, "errand.dropped"))
}

// see sees to an errand that this server holds.
func (x *Errands) see(ctx context.Context, c org.Caller, e store.Errand) (store.Errand, error) {
	if x.Long(e.Open()) {
		x.run(func(ctx context.Context) { x.work(ctx, e) })
		return e, nil
	}
	x.work(context.WithoutCancel(ctx), e) // whoever hangs up has asked for it all the same
	return x.desk.store.View(c).Errand(ctx, e.ID)
}

// work does an errand to its end, or until the context ends.
func (x *Errands) work(ctx context.Context, e store.Errand) {
	begun := time.Now()
	result, err := "", error(nil)
	switch k := ErrandKind(e.Kind); k {
	case ErrandDOCX, ErrandPDF:
		result, err = x.letterFiles(ctx, e)
	default:
		err = x.acts(ctx, e)
	}
	// Even when the server is being stopped: nobody need wait for its turn to end.
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	var stopped *fault.Fault
	switch {
	case err == nil, errors.As(err, &stopped) && stopped.Kind != fault.Busy && stopped.Kind != fault.Internal:
		err = x.desk.store.EndErrand(ending, e, result, stopped)
	default:
		if resting := x.desk.store.RestErrand(ending, e); !errors.Is(err, store.ErrErrandTaken) {
			err = errors.Join(err, resting)
		}
	}
	if err != nil && ctx.Err() == nil && x.logger != nil {
		x.logger.Error("errand", "errand", e.ID, "kind", e.Kind, "error", err)
	} else if x.logger != nil {
		x.logger.Info("errand", "errand", e.ID, "kind", e.Kind, "items", e.Items, "took", time.Since(begun))
	}
}

// acts does an errand of acts, portion by portion.
func (x *Errands) acts(ctx context.Context, e store.Errand) error {
	in, err := ErrandInputOf(e)
	if err != nil {
		return err
	}
	for after := -1; ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		items, err := x.desk.store.OpenItems(ctx, e.ID, after, x.portion)
		if err != nil || len(items) == 0 {
			return err
		}
		for i := range items { // an act is done in one post
			if items[i].Post != items[0].Post {
				items = items[:i]
				break
			}
		}
		first := after < 0 && e.Done == 0
		after = items[len(items)-1].Place
		var left []*fault.Fault
		if err := x.try(ctx, e, in, items, &left); err != nil {
			return err
		}
		if first && (len(items) == x.portion || len(items) == e.Items) && len(left) == len(items) && alike(left) {
			return left[0] // nothing can be done to any of them: the rest need not be tried
		}
	}
}

// alike reports whether all faults are the same.
func alike(all []*fault.Fault) bool {
	for _, f := range all {
		if f.Key != all[0].Key {
			return false
		}
	}
	return true
}

// try does a portion as one act. When it is refused, its halves are tried, down to
// the records that cannot be done, each of which is left out with its own reason. The
// journal keeps the refused halves, too.
func (x *Errands) try(ctx context.Context, e store.Errand, in ErrandInput, items []store.ErrandItem, left *[]*fault.Fault) error {
	st := x.desk.store
	c, err := st.Caller(ctx, e.Person, items[0].Post, st.Today()) // who holds the post now
	if err == nil {
		err = x.desk.With(st.During(e, items)).portion(ctx, c, e, in, items)
	}
	var why *fault.Fault
	if err == nil || !errors.As(err, &why) {
		return err
	}
	switch why.Kind {
	case fault.Denied, fault.NotFound, fault.Conflict, fault.Invalid:
	default:
		return err
	}
	if len(items) == 1 {
		*left = append(*left, why)
		return st.LeaveItem(ctx, e, items[0], why)
	}
	half := len(items) / 2
	if err := x.try(ctx, e, in, items[:half], left); err != nil {
		return err
	}
	return x.try(ctx, e, in, items[half:], left)
}

// portion is the one act that a portion of an errand is.
func (d *Desk) portion(ctx context.Context, c org.Caller, e store.Errand, in ErrandInput, items []store.ErrandItem) error {
	of := Letters{}
	for _, x := range items {
		of.IDs = append(of.IDs, letter.ID(x.Subject))
	}
	var err error
	switch ErrandKind(e.Kind) {
	case ErrandDraw:
		draw := in.Drawing
		draw.Batch, draw.Units = letter.BatchID(e.ID), nil
		for _, x := range items {
			draw.Units = append(draw.Units, org.UnitID(x.Subject))
		}
		_, _, err = d.DrawLetters(ctx, c, "", draw)
	case ErrandGive:
		_, err = d.GiveLetters(ctx, c, "", of)
	case ErrandSign:
		_, err = d.SignLetters(ctx, c, "", of, shownItems(items), in.Signing)
	case ErrandPaper:
		_, err = d.EnterLetterSignatures(ctx, c, "", of, in.Sides, in.Signing)
	default:
		err = fmt.Errorf("act: an errand of kind %s", e.Kind)
	}
	return err
}

// OrderDrawing is the errand of drawing letters: for every unit for which drawing
// would do something now.
func OrderDrawing(in Drawing, due []org.UnitID) Order {
	o := Order{Kind: ErrandDraw, About: string(in.Plan), Input: ErrandInput{Drawing: in}}
	for _, u := range due {
		o.Items = append(o.Items, store.ErrandItem{Subject: string(u)})
	}
	return o
}

// OrderSigning is the errand of signing letters. shown is what the signer was shown of
// all of them together, as in SignLetters.
func OrderSigning(items []store.ErrandItem, shown string, how Signing) (Order, error) {
	if shown != shownItems(items) {
		return Order{}, fault.New(fault.Conflict, "letter.other-text")
	}
	return Order{Kind: ErrandSign, Items: items, Input: ErrandInput{Signing: how}}, nil
}

// OrderChosen is the errand of signing letters that were chosen one by one, each in the
// post and with the digest that its item says.
func OrderChosen(items []store.ErrandItem, how Signing, back string) Order {
	return Order{Kind: ErrandSign, About: shownItems(items), Items: items, Input: ErrandInput{Signing: how, Back: back}}
}

func shownItems(items []store.ErrandItem) string {
	digests := map[letter.ID]string{}
	for _, x := range items {
		digests[letter.ID(x.Subject)] = x.Mark
	}
	return shownDigests(digests)
}
