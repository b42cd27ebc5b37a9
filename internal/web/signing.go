package web

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/journal"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	signature "gongjian/internal/seal"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

func (s *Server) signRoutes() []Route {
	return []Route{
		{"GET /memorandums/{id}/sign", false, s.signPage},
		{"POST /memorandums/{id}/sign", false, s.signVersion},
		{"GET /memorandums/{id}/scans/{signature}", false, s.signScan},
		{"GET /memorandums/{id}/signed.json", false, s.signedFile},
		{"GET /memorandums/{id}/texts", false, s.signedTexts},
	}
}

// signing is what the signing page works with: the version that is to be signed, or
// was, with all signatures under it.
type signing struct {
	m      store.MemorandumView
	v      *memo.Version // nil: none is agreed on or signed
	open   bool          // it may still be signed
	all    []store.Signature
	void   []store.Signature
	values map[string]string
}

// toSign finds what a memorandum's signing page is about: the agreed version, or else
// the newest one that all have signed.
func (q *request) toSign() (x signing, err error) {
	ctx := q.Context()
	if x.m, err = q.view.Memorandum(ctx, memo.ID(q.PathValue("id"))); err != nil {
		return x, err
	}
	versions, err := q.view.TextVersions(ctx, x.m.Memorandum)
	if err != nil {
		return x, err
	}
	for _, state := range []memo.VersionState{memo.AgreedOn, memo.SignedByAll} {
		for i := range versions {
			if x.v == nil && versions[i].State == state {
				x.v, x.open = &versions[i], state == memo.AgreedOn
			}
		}
	}
	for _, v := range versions {
		if (x.v == nil || v.ID != x.v.ID) && v.State != memo.VoidedByNext {
			continue
		}
		all, err := q.view.VersionSignatures(ctx, x.m.Memorandum, v.ID)
		if err != nil {
			return x, err
		}
		for _, s := range all {
			if !s.VoidAt.IsZero() {
				x.void = append(x.void, s)
			} else if x.v != nil && v.ID == x.v.ID {
				x.all = append(x.all, s)
			}
		}
	}
	return x, nil
}

func (s *Server) signPage(q *request) error {
	x, err := q.toSign()
	if err != nil {
		return err
	}
	if q.FormValue("show") != "" && x.v != nil {
		return s.showCeremony(q, x)
	}
	return s.showSigning(q, x, http.StatusOK, nil)
}

// showCeremony shows the sheet for the screen of the hall; it asks for itself again
// until all have signed.
func (s *Server) showCeremony(q *request, x signing) error {
	v, err := q.frame(x.v.Text.Title, "plan")
	if err != nil {
		return err
	}
	v.Show, v.Nav, v.More, v.Exports = true, nil, nil, nil
	if x.open {
		// A real-time event, where a page that changes by itself is right (WCAG 2.2.1).
		q.w.Header().Set("Refresh", "5")
	}
	return q.render(http.StatusOK, page.Ceremony(v, page.SignPage{Sheet: q.signSheet(x)}, "/memorandums/"+string(x.m.ID)+"/sign"))
}

func (s *Server) showSigning(q *request, x signing, code int, cause error) error {
	base, title := "/memorandums/"+string(x.m.ID), q.p.T("sign.title")
	f := page.SignPage{Head: page.HeadView{
		Crumbs: []page.Crumb{{Text: q.p.T("memorandum.list-title"), Href: "/memorandums"}, {Text: x.m.Title, Href: base}, {Text: title}},
		Title:  page.Say(title), Meta: page.Say(q.p.T("memorandum.stage-" + string(x.m.Stage))),
	}}
	if x.v == nil {
		f.Empty = &page.EmptyView{Text: page.Say(q.p.T("sign.nothing")), Note: page.Say(q.p.T("sign.nothing-note"))}
		f.EmptyDo = []page.PlanLink{{Text: q.p.T("sign.to-versions"), Href: base + "/versions"}}
	} else {
		f.Sheet = q.signSheet(x)
		f.Acts = append(f.Acts, page.PlanLink{Text: q.p.T("sign.to-screen"), Href: base + "/sign?show=1"})
		if !x.open {
			f.Acts = append(f.Acts, page.PlanLink{Text: q.p.T("sign.export"), Href: base + "/signed.json"})
		}
	}
	for _, one := range x.void {
		f.Void = append(f.Void, q.signLine(one, "", ""))
	}
	var err error
	if x.open {
		if f.Form, f.Why, err = s.signForm(q, x, cause); err != nil {
			return err
		}
	}
	v, err := q.frame(title, "plan")
	if err != nil {
		return err
	}
	return q.render(code, page.Sign(v, f))
}

// signSheet is the sheet with each party's line.
func (q *request) signSheet(x signing) page.SignSheet {
	t := x.v.Text
	f := page.SignSheet{Title: t.Title, Kind: t.Kind, Digest: x.v.Digest,
		Text: page.Rich(q.p.Rich("sign.exactly", "number", x.v.Number), versionHref(x.v.ID))}
	var last calendar.Date
	signed := standingOf(x.all)
	may := memo.MaySign(t, signed)
	for _, p := range t.Parties {
		i := slices.IndexFunc(x.all, func(s store.Signature) bool { return s.Party == p.Unit })
		if i < 0 {
			state := q.p.T("sign.waits-turn")
			if slices.Contains(may, p) {
				state = q.p.T("sign.waits")
			}
			f.Parties = append(f.Parties, page.SignLine{Name: p.Name, Called: p.Called, State: state})
			continue
		}
		f.Parties = append(f.Parties, q.signLine(x.all[i], p.Name, p.Called))
		if f.Place == "" {
			f.Place = x.all[i].Place
		}
		if x.all[i].On.After(last) {
			last = x.all[i].On
		}
	}
	if !last.IsZero() {
		f.Day = q.p.T("sign.full-day", "year", last.Year, "month", q.p.MonthName(last.Month), "day", last.Day)
	}
	f.State = q.p.T("sign.count", "n", len(signed), "all", len(t.Parties))
	if len(signed) == len(t.Parties) {
		f.State = q.p.T("sign.complete", "day", last)
	}
	return f
}

func standingOf(all []store.Signature) (out []memo.Signed) {
	for _, s := range store.Standing(all) {
		out = append(out, memo.Signed{Party: s.Party, On: s.On})
	}
	return out
}

// signLine is a signature as its statement tells it: names and posts of the day.
func (q *request) signLine(s store.Signature, name, called string) page.SignLine {
	said, err := signature.ReadStatement([]byte(s.Statement))
	if err != nil { // written by us: cannot happen; the line then shows less
		q.server.logger.Error("a signature's statement", "signature", s.ID, "error", err)
	}
	if name == "" {
		name = said.Name
	}
	l := page.SignLine{Name: name, Called: called, Done: true, State: q.p.T("sign.signed"), Signer: said.Signer, Day: q.p.Date(s.On), Method: q.p.T("sign.by-" + s.Method)}
	if s.Value != "" {
		sum := sha256.Sum256([]byte(s.Value))
		h := hex.EncodeToString(sum[:8])
		l.Print = q.p.T("sign.print", "print", h[:4]+" "+h[4:8]+" "+h[8:12]+" "+h[12:])
	} else {
		l.State = q.p.T("sign.signed-on-paper")
		l.Scan = "/memorandums/" + q.PathValue("id") + "/scans/" + s.ID
	}
	if !s.VoidAt.IsZero() {
		key := "sign.void-superseded"
		if s.VoidWhy == "succeeded" {
			key = "sign.void-succeeded"
		}
		l.Why = q.p.T(key, "time", q.p.Recent(s.VoidAt))
	}
	return l
}

// signForm is the form of this reader's party, or why there is none.
func (s *Server) signForm(q *request, x signing, cause error) (*page.SignForm, string, error) {
	unit := q.caller.Unit().ID
	signed := standingOf(x.all)
	leader, office := q.view.May(org.SignMemorandum, x.m.Facts), q.view.May(org.EnterSignature, x.m.Facts)
	switch {
	case !leader && !office:
		return nil, "", nil
	case slices.ContainsFunc(signed, func(o memo.Signed) bool { return o.Party == unit }):
		return nil, q.p.T("sign.ours-done"), nil
	case !slices.ContainsFunc(memo.MaySign(x.v.Text, signed), func(p memo.Party) bool { return p.Unit == unit }):
		return nil, q.p.T("sign.not-yet"), nil
	}
	f := &page.SignForm{Action: "/memorandums/" + string(x.m.ID) + "/sign", Key: formKey(q), Version: string(x.v.ID), Digest: x.v.Digest,
		Values: x.values, Paper: !leader, Button: q.p.T("sign.do")}
	if f.Values == nil {
		f.Values = map[string]string{"method": string(signature.Ed25519), "day": q.view.Today().String()}
		for _, one := range x.all {
			f.Values["place"] = one.Place // where the others signed
		}
	}
	if f.Paper {
		f.Button = q.p.T("sign.do-paper")
	} else {
		secret, err := q.ownSecret()
		if err != nil {
			return nil, "", err
		}
		f.Password = secret != ""
		for _, m := range []signature.Method{signature.Ed25519, signature.SM2, signature.Outside} {
			f.Methods = append(f.Methods, page.TaskChoice{Value: string(m), Text: q.p.T("sign.choose-" + string(m))})
		}
		f.Outside = f.Values["method"] == string(signature.Outside)
	}
	labels := map[string]string{}
	for _, name := range []string{"method", "place", "day", "public", "statement", "value", "password", "scan"} {
		labels[name] = q.p.T("sign." + name)
	}
	labels["key"] = labels["public"]
	f.Faults = atPublicKey(page.Faults(q.p, cause, labels))
	return f, "", nil
}

// atPublicKey puts what is wrong with a signer's public key, which rules call the key,
// at the field that is called so on pages: their own key is that of the form.
func atPublicKey(all []page.FieldFault) []page.FieldFault {
	for i := range all {
		if all[i].Field == "key" {
			all[i].Field = "public"
		}
	}
	return all
}

// ownSecret is the reader's stored password, "" when they have none.
func (q *request) ownSecret() (string, error) {
	_, secret, err := q.server.store.Credentials(q.Context(), q.caller.Person().Login)
	if fault.KindOf(err) == fault.NotFound {
		return "", nil
	}
	return secret, err
}

// signVersion takes a party's signature, or gives out the statement for a signer outside.
func (s *Server) signVersion(q *request) error {
	x, err := q.toSign()
	if err != nil {
		return err
	}
	paper := q.PostFormValue("method") == string(signature.Paper)
	action := org.SignMemorandum
	if paper {
		action = org.EnterSignature
	}
	if !q.view.May(action, x.m.Facts) {
		return fault.New(fault.Denied, "denied", "Action", string(action))
	}
	x.values = map[string]string{}
	for _, name := range []string{"method", "place", "day", "public", "statement", "value"} {
		x.values[name] = strings.TrimSpace(q.PostFormValue(name))
	}
	mend := func(err error) error {
		if x.v == nil {
			return err
		}
		return s.showSigning(q, x, status(fault.KindOf(err)), err)
	}
	day, ok := readDay(x.values["day"], q.view.Today().Year)
	if !ok {
		return mend(fault.New(fault.Invalid, "task.day-unread", "Text", x.values["day"]).On("day"))
	}
	how := act.Signing{Method: signature.Method(x.values["method"]), Place: x.values["place"], Day: day, Statement: x.values["statement"], Value: x.values["value"]}
	if how.Method == signature.Outside && how.Statement == "" {
		if err := s.giveStatement(q, &x, how); err != nil {
			return mend(err)
		}
		return s.showSigning(q, x, http.StatusOK, nil)
	}
	if paper {
		if how.Scan, err = s.scanOf(q); err != nil {
			return mend(err)
		}
	} else if err := s.reenter(q); err != nil {
		return mend(err)
	}
	r, err := s.desk.SignVersion(q.Context(), q.caller, q.key(), x.m.ID, memo.VersionID(q.PostFormValue("version")), q.PostFormValue("digest"), how)
	if mendable(err) {
		if x.v == nil || !x.open {
			return err
		}
		return mend(err)
	}
	if err != nil {
		return err
	}
	return q.done(r, "/memorandums/"+string(x.m.ID)+"/sign", "sign.done")
}

// giveStatement puts what an outside signer has to sign into the form's values.
func (s *Server) giveStatement(q *request, x *signing, how act.Signing) error {
	if x.v == nil || !x.open {
		return fault.New(fault.Conflict, "sign.outdated")
	}
	statement, err := s.desk.StatementFor(q.caller, *x.v, q.caller.Unit().Name, how, x.values["public"], rand.Text())
	x.values["statement"] = statement
	return err
}

// reenter asks for the password of whoever has one: a signature is not given by
// somebody who walks up to an open screen.
func (s *Server) reenter(q *request) error {
	secret, err := q.ownSecret()
	if err != nil || secret == "" {
		return err
	}
	from, login := host(q.RemoteAddr), q.caller.Person().Login
	if !s.guesses.allow(from, login) {
		return fault.New(fault.Conflict, "sign-in.slow-down").On("password")
	}
	if !matches(q.PostFormValue("password"), secret) {
		s.guesses.failed(from, login)
		return fault.New(fault.Invalid, "sign.password-wrong").On("password")
	}
	return nil
}

// scanOf keeps the uploaded scan and returns its hash, "" when there is none.
func (s *Server) scanOf(q *request) (string, error) {
	if q.MultipartForm == nil {
		return "", nil
	}
	for _, header := range q.MultipartForm.File["scan"] {
		if header.Filename == "" && header.Size == 0 {
			continue
		}
		e, err := s.keepUpload(q, header)
		return string(e.ID), err
	}
	return "", nil
}

// signScan hands out the scanned copy of a signature on paper.
func (s *Server) signScan(q *request) error {
	x, err := q.toSign()
	if err != nil {
		return err
	}
	return s.serveScan(q, append(x.all, x.void...))
}

// serveScan hands out the scan of the one signature that the address names.
func (s *Server) serveScan(q *request, all []store.Signature) error {
	for _, one := range all {
		if one.ID != q.PathValue("signature") || one.Scan == "" {
			continue
		}
		e, err := s.desk.OpenScan(q.caller, one)
		if err != nil {
			return err
		}
		defer e.File.Close()
		return serveFile(q, e)
	}
	return errAbsent
}

// signedFile hands out the signed text with its signatures and their proof, for
// `gongjian verify`.
func (s *Server) signedFile(q *request) error {
	ctx := q.Context()
	m, err := q.view.Memorandum(ctx, memo.ID(q.PathValue("id")))
	if err != nil {
		return err
	}
	all, err := q.view.TextVersions(ctx, m.Memorandum)
	if err != nil {
		return err
	}
	want := q.FormValue("version")
	i := slices.IndexFunc(all, func(v memo.Version) bool { return v.State == memo.SignedByAll && (want == "" || string(v.ID) == want) })
	if i < 0 {
		return errAbsent
	}
	entries, err := q.view.SigningEntries(ctx, m.Memorandum, all[i].ID)
	if err != nil {
		return err
	}
	if _, err := s.log.Fold(ctx); err != nil {
		return err
	}
	var file bytes.Buffer
	if err := s.log.Bundle(ctx, &file, entries, []journal.Attachment{{Name: memo.SignedName(all[i].Digest), Document: all[i].Text.Canonical()}}); err != nil {
		return err
	}
	h := q.w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="memorandum-`+all[i].Digest[:12]+`.json"`)
	h.Set("Cache-Control", "no-store")
	_, err = file.WriteTo(q.w)
	return err
}

// signedTexts is the history of the texts that all parties signed.
func (s *Server) signedTexts(q *request) error {
	ctx := q.Context()
	m, err := q.view.Memorandum(ctx, memo.ID(q.PathValue("id")))
	if err != nil {
		return err
	}
	all, err := q.view.TextVersions(ctx, m.Memorandum)
	if err != nil {
		return err
	}
	base, title := "/memorandums/"+string(m.ID), q.p.T("sign.texts")
	f := page.TextsPage{Head: page.HeadView{
		Crumbs: []page.Crumb{{Text: q.p.T("memorandum.list-title"), Href: "/memorandums"}, {Text: m.Title, Href: base}, {Text: title}},
		Title:  page.Say(title), Meta: page.Say(q.p.T("sign.texts-about")),
	}}
	all = slices.DeleteFunc(all, func(v memo.Version) bool { return v.State != memo.SignedByAll })
	for i, v := range all {
		signatures, err := q.view.VersionSignatures(ctx, m.Memorandum, v.ID)
		if err != nil {
			return err
		}
		day, _ := memo.Complete(v.Text, standingOf(signatures))
		var names []string
		for _, p := range v.Text.Parties {
			names = append(names, p.Name)
		}
		r := page.TextRow{Name: page.Linked(q.p.T("sign.text-no", "number", v.Number), versionHref(v.ID)), Purpose: q.p.T("sign.purpose-" + string(v.Purpose)),
			Day: day.String(), Who: q.p.List(names), Digest: v.Digest[:16], Links: []page.PlanLink{{Text: q.p.T("sign.export"), Href: base + "/signed.json?version=" + string(v.ID)}}}
		if i+1 < len(all) {
			r.Links = append([]page.PlanLink{{Text: q.p.T("sign.redline"), Href: versionHref(v.ID) + "/redline?old=" + strconv.Itoa(all[i+1].Number) + "&new=" + strconv.Itoa(v.Number)}}, r.Links...)
		}
		f.Rows = append(f.Rows, r)
	}
	if len(f.Rows) == 0 {
		f.Empty = &page.EmptyView{Text: page.Say(q.p.T("sign.no-text")), Note: page.Say(q.p.T("sign.no-text-note"))}
	}
	v, err := q.frame(title, "plan")
	if err != nil {
		return err
	}
	return q.render(http.StatusOK, page.Texts(v, f))
}
