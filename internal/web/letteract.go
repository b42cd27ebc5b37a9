package web

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/act"
	"gongjian/internal/fault"
	"gongjian/internal/letter"
	"gongjian/internal/org"
	signature "gongjian/internal/seal"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

// theLetters are those that a form is about: one, or a batch.
func (q *request) theLetters() act.Letters {
	if id := q.FormValue("id"); id != "" {
		return act.Letters{IDs: []letter.ID{letter.ID(id)}}
	}
	return act.Letters{Batch: letter.BatchID(q.FormValue("batch"))}
}

// lettersBack is where somebody goes after an act on letters.
func lettersBack(of act.Letters) string {
	if len(of.IDs) == 1 {
		return "/letters/" + url.PathEscape(string(of.IDs[0]))
	}
	return "/letters?batch=" + url.QueryEscape(string(of.Batch))
}

func (s *Server) giveLetters(q *request) error {
	of := q.theLetters()
	items, err := q.letterItems(store.LetterFilter{Batch: of.Batch, IDs: of.IDs, Wait: "drafted"})
	if err != nil {
		return err
	}
	return s.onLetters(q, of, items, act.Order{Kind: act.ErrandGive}, "letter.done-give", func() (store.Receipt, error) {
		return s.desk.GiveLetters(q.Context(), q.caller, q.key(), of)
	})
}

// onLetters does something to letters in one act, or as an errand to each of the items
// when they are many.
func (s *Server) onLetters(q *request, of act.Letters, items []store.ErrandItem, o act.Order, key string, do func() (store.Receipt, error)) error {
	if !s.errands.Long(len(items)) {
		r, err := do()
		if err != nil {
			return err
		}
		return q.done(r, lettersBack(of), key)
	}
	o.About, o.Items, o.Input.Back = string(of.Batch), items, lettersBack(of)
	e, err := s.errands.Begin(q.Context(), q.caller, q.key(), o)
	if err != nil {
		return err
	}
	return s.begun(q, e, lettersBack(of), key)
}

func (s *Server) letterSign(q *request) error {
	if q.choosing() {
		return s.showChoice(q, http.StatusOK, nil)
	}
	return s.showLetterSign(q, http.StatusOK, nil, false)
}

func (s *Server) letterPaper(q *request) error { return s.showLetterSign(q, http.StatusOK, nil, true) }

// openLetters reads the letters that the reader would sign, or record as signed on
// paper: one, or those of a batch that wait.
func (q *request) openLetters(of act.Letters, paper bool) ([]store.LetterRow, error) {
	if len(of.IDs) == 1 {
		l, err := q.view.Letter(q.Context(), of.IDs[0])
		if err == nil && paper && !q.view.May(org.EnterLetter, l.Access) {
			err = denied(org.EnterLetter)
		}
		return []store.LetterRow{l.LetterRow}, err
	}
	if of.Batch == "" {
		return nil, errAbsent
	}
	b, err := q.view.LetterBatch(q.Context(), of.Batch)
	if err != nil {
		return nil, err
	}
	action := org.SignLetter
	if paper {
		action = org.EnterLetter
	}
	if !q.view.May(action, org.LetterFacts{Office: b.Office, Giver: b.Giver}) {
		return nil, fault.New(fault.Denied, "denied", "Action", string(action))
	}
	waits := []string{"giver"}
	if paper {
		waits = []string{"giver", "taker"}
	}
	var out []store.LetterRow
	seen := map[letter.ID]bool{}
	for _, w := range waits {
		all, err := q.view.LetterTexts(q.Context(), store.LetterFilter{Batch: of.Batch, Wait: w}, store.LetterKey{}, mostSigned)
		if err != nil {
			return nil, err
		}
		for _, l := range all {
			if !seen[l.ID] {
				seen[l.ID] = true
				out = append(out, l)
			}
		}
	}
	return out, nil
}

// How many letters are signed at once, and how many of them stand on the page.
const (
	mostSigned  = 3000
	signedShown = 10
)

func (s *Server) showLetterSign(q *request, code int, cause error, paper bool) error {
	values := map[string]string{}
	for _, name := range []string{"public", "statement", "value"} {
		values[name] = strings.TrimSpace(q.PostFormValue(name))
	}
	return s.showLetterSigning(q, code, cause, paper, values)
}

// showLetterSigning is the page of signing letters; values are those of an outside signer.
func (s *Server) showLetterSigning(q *request, code int, cause error, paper bool, values map[string]string) error {
	of := q.theLetters()
	all, err := q.openLetters(of, paper)
	if err != nil {
		return err
	}
	title, action, labels := q.p.T("letter.sign-title"), "/letters/sign", q.signLabels()
	if paper {
		title, action = q.p.T("letter.paper-title"), "/letters/paper"
	}
	v, err := q.frame(title, "plan")
	if err != nil {
		return err
	}
	d := page.LetterSignView{
		Head: page.HeadView{Crumbs: []page.Crumb{{Text: q.p.T("letter.list-title"), Href: "/letters"}, {Text: title}}, Title: page.Say(title)},
		Key:  formKey(q), Faults: atPublicKey(page.Faults(q.p, cause, labels)), Batch: string(of.Batch), Paper: paper, Action: action, Back: lettersBack(of),
		Count: q.p.T("letter.count-letters", "n", len(all)), Place: q.entered("place", ""), Day: q.entered("day", q.view.Today().String()), Do: q.p.T("letter.sign-do", "n", len(all)),
	}
	if len(of.IDs) == 1 {
		d.ID = string(of.IDs[0])
	}
	if len(all) > 0 {
		d.Shown = act.ShownLetters(all)
		if !paper {
			d.Short = shortDigest(d.Shown)
		}
	}
	for i, l := range all {
		if i == signedShown {
			d.More = q.p.T("letter.and-more", "n", len(all)-signedShown)
			break
		}
		d.Takers = append(d.Takers, page.LetterRow{Taker: l.Body.Taker.Name, Href: "/letters/" + string(l.ID), Name: q.letterName(l.Body.Number), Tasks: q.p.T("letter.count-tasks", "n", len(l.Standing))})
	}
	if paper {
		d.Do = q.p.T("letter.paper-save", "n", len(all))
		chosen := q.Form["side"]
		for _, side := range q.paperSides(all) {
			d.Sides = append(d.Sides, page.Option{Value: string(side), Text: q.p.T("letter.side-" + string(side)), Current: len(chosen) == 0 || slices.Contains(chosen, string(side))})
		}
	} else if err := q.letterMethods(&d, len(all) == 1); err != nil {
		return err
	} else {
		d.Values = values
	}
	d.Closed = q.letterClosed(all, paper)
	return q.render(code, page.LetterSign(v, d))
}

// signLabels are what the fields of signing letters are called.
func (q *request) signLabels() map[string]string {
	out := map[string]string{
		"method": q.p.T("letter.method"), "day": q.p.T("letter.day"), "place": q.p.T("letter.place"), "side": q.p.T("letter.side"),
		"scan": q.p.T("letter.scan"), "file": q.p.T("letter.scan"), "letter": q.p.T("letter.sign-what"),
	}
	for _, name := range []string{"public", "statement", "value", "password"} {
		out[name] = q.p.T("sign." + name)
	}
	out["key"] = out["public"]
	return out
}

// letterMethods fills in how letters can be signed: one also with a tool of the
// signer's own, which signs one statement.
func (q *request) letterMethods(d *page.LetterSignView, one bool) error {
	method, methods := q.entered("method", act.SigningMethods()[0]), act.SigningMethods()
	if one {
		methods = append(methods, string(signature.Outside))
	}
	for _, m := range methods {
		d.Methods = append(d.Methods, page.Option{Value: m, Text: q.p.T("letter.method-" + m), Current: m == method})
	}
	secret, err := q.ownSecret()
	d.Outside, d.Ask = method == string(signature.Outside) && one, secret != ""
	return err
}

// letterClosed says why nothing can be signed here, "" when something can.
func (q *request) letterClosed(all []store.LetterRow, paper bool) string {
	for _, l := range all {
		side := l.SideOf(q.caller.Unit().ID)
		if !paper && side != "" && l.Waits(side) {
			return ""
		}
	}
	if paper && len(q.paperSides(all)) > 0 {
		return ""
	}
	return q.p.T("letter.closed")
}

// paperSides are the sides that some of the letters wait for and that the reader's
// unit may record as signed on paper.
func (q *request) paperSides(all []store.LetterRow) (out []letter.Side) {
	for _, side := range []letter.Side{letter.TheGiver, letter.TheTaker} {
		if slices.ContainsFunc(all, func(l store.LetterRow) bool { return l.Waits(side) && l.Records(l.Office, q.caller.Unit().ID, side) }) {
			out = append(out, side)
		}
	}
	return out
}

// signing reads how somebody signs.
func (q *request) signing() (act.Signing, error) {
	day, ok := readDay(q.PostFormValue("day"), q.view.Today().Year)
	if !ok {
		return act.Signing{}, fault.New(fault.Invalid, "letter.day-unreadable", "Text", q.PostFormValue("day")).On("day")
	}
	return act.SigningBy(q.PostFormValue("method"), q.PostFormValue("place"), day), nil
}

func (s *Server) signLetters(q *request) error {
	if q.choosing() {
		return s.signChosen(q)
	}
	of := q.theLetters()
	how, err := q.signing()
	if err == nil && how.Method == signature.Outside {
		how.Statement, how.Value = strings.TrimSpace(q.PostFormValue("statement")), strings.TrimSpace(q.PostFormValue("value"))
		if how.Statement == "" {
			return s.giveLetterStatement(q, of, how)
		}
	}
	if err == nil {
		err = s.reenter(q)
	}
	if err == nil {
		err = s.sign(q, of, how)
	}
	if mendable(err) {
		return s.showLetterSign(q, status(fault.KindOf(err)), err, false)
	}
	return err
}

// sign signs the letters of a form: one, or those of a batch that wait for the reader.
func (s *Server) sign(q *request, of act.Letters, how act.Signing) error {
	shown := q.PostFormValue("shown")
	one := func() (store.Receipt, error) {
		return s.desk.SignLetters(q.Context(), q.caller, q.key(), of, shown, how)
	}
	items, err := q.letterItems(store.LetterFilter{Batch: of.Batch, IDs: of.IDs, Wait: "ours"})
	if err != nil {
		return err
	}
	order := act.Order{}
	if s.errands.Long(len(items)) {
		if order, err = act.OrderSigning(items, shown, how); err != nil {
			return err
		}
	}
	return s.onLetters(q, of, items, order, "letter.done-sign", one)
}

// giveLetterStatement shows what an outside signer has to sign under one letter, once
// the public key is known.
func (s *Server) giveLetterStatement(q *request, of act.Letters, how act.Signing) error {
	all, err := q.openLetters(of, false)
	if err != nil {
		return err
	}
	if len(all) != 1 {
		return s.showLetterSign(q, http.StatusUnprocessableEntity, fault.New(fault.Invalid, "letter.outside-one").On("method"), false)
	}
	public := strings.TrimSpace(q.PostFormValue("public"))
	statement, err := s.desk.LetterStatement(q.caller, all[0], q.caller.Unit().Name, how, public, rand.Text())
	if mendable(err) {
		return s.showLetterSign(q, status(fault.KindOf(err)), err, false)
	}
	if err != nil {
		return err
	}
	return s.showLetterSigning(q, http.StatusOK, nil, false, map[string]string{"public": public, "statement": statement})
}

// letterScanFile hands out the scanned copy of a signature on paper to whoever sees the letter.
func (s *Server) letterScanFile(q *request) error {
	l, err := q.view.Letter(q.Context(), letter.ID(q.PathValue("id")))
	if err != nil {
		return err
	}
	return s.serveScan(q, l.Signatures)
}

func (s *Server) enterLetters(q *request) error {
	of := q.theLetters()
	open, err := q.openLetters(of, true) // asked before the file is kept
	if err != nil {
		return err
	}
	how, err := q.signing()
	if err == nil {
		how.Scan, err = s.letterScan(q)
	}
	var sides []letter.Side
	for _, side := range q.PostForm["side"] {
		if side == string(letter.TheGiver) || side == string(letter.TheTaker) {
			sides = append(sides, letter.Side(side))
		}
	}
	if err == nil {
		err = s.enterPaper(q, of, open, sides, how)
	}
	if mendable(err) {
		return s.showLetterSign(q, status(fault.KindOf(err)), err, true)
	}
	return err
}

// enterPaper records signatures on paper under the open letters of a form.
func (s *Server) enterPaper(q *request, of act.Letters, open []store.LetterRow, sides []letter.Side, how act.Signing) error {
	var items []store.ErrandItem
	for _, l := range open {
		if slices.ContainsFunc(sides, l.Waits) {
			items = append(items, store.ErrandItem{Subject: string(l.ID), Mark: l.Digest})
		}
	}
	o := act.Order{Kind: act.ErrandPaper, Input: act.ErrandInput{Signing: how, Sides: sides}}
	return s.onLetters(q, of, items, o, "letter.done-paper", func() (store.Receipt, error) {
		return s.desk.EnterLetterSignatures(q.Context(), q.caller, q.key(), of, sides, how)
	})
}

// letterScan keeps the scan of a form and returns its id; "" when none came.
func (s *Server) letterScan(q *request) (string, error) {
	file, name, _, err := q.uploaded("file", "letter.scan-missing")
	if errors.Is(err, http.ErrMissingFile) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer file.Close()
	e, err := s.desk.KeepEvidence(q.caller, file, name)
	return string(e.ID), err
}

func (s *Server) refuseLetter(q *request) error {
	id := letter.ID(q.PathValue("id"))
	r, err := s.desk.RefuseLetter(q.Context(), q.caller, q.key(), id, q.PostFormValue("reason"))
	return s.letterDone(q, r, err, id, "letter.done-refuse")
}

func (s *Server) annulLetter(q *request) error {
	id := letter.ID(q.PathValue("id"))
	version, err := strconv.ParseInt(q.PostFormValue("version"), 10, 64)
	if err != nil {
		return errAbsent
	}
	r, err := s.desk.AnnulLetter(q.Context(), q.caller, q.key(), id, version, q.PostFormValue("reason"))
	return s.letterDone(q, r, err, id, "letter.done-annul")
}

func (s *Server) letterDone(q *request, r store.Receipt, err error, id letter.ID, key string) error {
	if mendable(err) {
		return s.showLetter(q, status(fault.KindOf(err)), err)
	}
	if err != nil {
		return err
	}
	return q.done(r, "/letters/"+string(id), key)
}
