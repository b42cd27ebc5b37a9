package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/support"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
)

// commitmentsOffered is how many promises a form offers to stand under.
const commitmentsOffered = 200

// supportAsk is where a form of the ledger stands: a new entry, or a correction.
type supportAsk struct {
	old   *store.SupportView // the entry to be corrected
	cause error
	taker page.TaskUnitField
}

func (s *Server) supportNew(q *request) error {
	if !q.mayEnterSupport() {
		return fault.New(fault.Denied, "denied", "Action", string(org.EnterSupport))
	}
	return s.showSupportForm(q, supportAsk{})
}

func (s *Server) supportCorrectForm(q *request) error {
	e, err := q.correctable()
	if err != nil {
		return err
	}
	return s.showSupportForm(q, supportAsk{old: &e})
}

// correctable reads the entry that is to be corrected; the caller must be able to.
func (q *request) correctable() (store.SupportView, error) {
	e, err := q.view.Support(q.Context(), support.ID(q.PathValue("id")))
	if err == nil && !q.view.May(org.CorrectSupport, e.Facts) {
		err = fault.New(fault.Denied, "denied", "Action", string(org.CorrectSupport))
	}
	return e, err
}

// supportValues are what the form shows: what was typed, the entry to be corrected, or
// what the commitment that led here promises.
func (q *request) supportValues(ask supportAsk, promises []store.PromiseEntry) map[string]string {
	v := map[string]string{"year": strconv.Itoa(q.view.Today().Year), "on": q.view.Today().String(), "region": string(q.caller.Unit().Region), "kind": string(memo.Money)}
	if e := ask.old; e != nil {
		v = map[string]string{"commitment": string(e.Commitment), "kind": string(e.Kind), "value": e.Value.String(), "unit": e.Unit,
			"year": strconv.Itoa(e.Year), "on": e.On.String(), "region": string(e.Region), "words": e.Words, "taker": e.TakerName}
	}
	if under := q.URL.Query().Get("commitment"); under != "" && q.Method == http.MethodGet {
		for _, p := range promises {
			if string(p.Commitment) == under {
				v["commitment"], v["kind"], v["unit"] = under, string(p.Kind), p.Unit
				if p.Year != 0 {
					v["year"] = strconv.Itoa(p.Year)
				}
				v["confirms"] = string(p.Confirms)
			}
		}
	}
	if q.Method == http.MethodPost {
		for _, name := range []string{"commitment", "kind", "value", "unit", "year", "on", "region", "words", "reason"} {
			v[name] = q.PostFormValue(name)
		}
	}
	return v
}

func (s *Server) showSupportForm(q *request, ask supportAsk) error {
	promises, err := q.view.Promises(q.Context(), store.SupportFilter{}, store.PromiseKey{}, commitmentsOffered)
	if err != nil {
		return err
	}
	v := q.supportValues(ask, promises)
	f := page.SupportForm{
		Action: "/support", Hidden: map[string]string{"key": formKey(q)}, Values: v, Giver: q.caller.Unit().Name, Button: q.p.T("support.enter"), Back: "/support",
		Head:  page.HeadView{Crumbs: []page.Crumb{{Text: q.p.T("support.title"), Href: "/support"}, {Text: q.p.T("support.enter")}}, Title: page.Say(q.p.T("support.enter")), Meta: page.Say(q.p.T("support.enter-about"))},
		Taker: ask.taker, Kinds: q.kindChoices(memo.SupportKind(v["kind"])), Places: q.placeChoices(org.RegionCode(v["region"])),
	}
	if e := ask.old; e != nil {
		base := "/support/" + string(e.ID)
		f.Action, f.Back, f.Correcting, f.Button, f.Giver = base+"/correct", base, true, q.p.T("support.correct"), e.GiverName
		f.Hidden["version"] = strconv.FormatInt(e.Version, 10)
		f.Head.Title, f.Head.Meta = page.Say(q.p.T("support.correct-title")), page.Say(q.p.T("support.correct-about"))
	}
	if f.Taker.ID == "" {
		f.Taker = page.TaskUnitField{ID: "taker", Value: v["taker"]}
		if id := org.UnitID(v["confirms"]); id != "" {
			units, err := q.named([]org.UnitID{id})
			if err != nil {
				return err
			}
			f.Taker.Value, f.Taker.Chosen = units[id].Name, string(id)
		} else if ask.old != nil {
			f.Taker.Chosen = string(ask.old.Taker)
		}
	}
	f.Taker.Label, f.Taker.Hint = q.p.T("support.taker"), q.p.T("support.taker-hint")
	f.Commitments = []page.TaskChoice{{Text: q.p.T("support.under-none")}}
	for _, p := range promises {
		f.Commitments = append(f.Commitments, page.TaskChoice{Value: string(p.Commitment), Current: string(p.Commitment) == v["commitment"],
			Text: q.p.T("support.under", "kind", q.p.T("support.kind-"+string(p.Kind)), "clause", p.Clause, "text", shortened(p.Text))})
	}
	f.Units = unitChoices(v["unit"])
	labels := map[string]string{}
	for _, name := range []string{"commitment", "kind", "unit", "year", "on", "taker", "words", "evidence"} {
		labels[name] = q.p.T("support." + name)
	}
	labels["value"], labels["region"], labels["reason"] = q.p.T("support.amount"), q.p.T("support.place"), q.p.T("support.why")
	f.Faults = page.Faults(q.p, ask.cause, labels)
	return s.showForce(q, ask.cause, q.p.T("support.enter"), func(v page.View) error { return q.render(codeOf(ask.cause), page.SupportEnter(v, f)) })
}

// unitChoices are all units of measure, each once; the rule says which fit the kind.
func unitChoices(chosen string) (out []page.TaskChoice) {
	var seen []string
	for _, k := range memo.SupportKinds() {
		for _, u := range support.Units(k) {
			if !slices.Contains(seen, u) {
				seen = append(seen, u)
				out = append(out, page.TaskChoice{Value: u, Text: u, Current: u == chosen})
			}
		}
	}
	if chosen == "" {
		for i := range out {
			out[i].Current = out[i].Value == support.Units(memo.Money)[0]
		}
	}
	return out
}

// shortened is a text for one line of a select.
func shortened(s string) string {
	if r := []rune(s); len(r) > 28 {
		return string(r[:27]) + "…"
	}
	return s
}

// typedSupport reads the form, with what cannot be read.
func (s *Server) typedSupport(q *request, giver org.UnitID) (d support.Delivery, files []task.Evidence, taker page.TaskUnitField, err error) {
	var l fault.List
	d = support.Delivery{
		Kind: memo.SupportKind(q.PostFormValue("kind")), Unit: q.line("unit"), Region: org.RegionCode(q.PostFormValue("region")), Giver: giver,
		Commitment: memo.CommitmentID(q.PostFormValue("commitment")), Words: q.line("words"),
	}
	if d.Value, err = task.ParseQuantityIn(q.PostFormValue("value"), d.Unit); err != nil {
		if f, ok := err.(*fault.Fault); ok {
			l = append(l, f.On("value"))
		} else {
			l = append(l, fault.New(fault.Invalid, "support.amount").On("value").Because(err))
		}
	}
	d.Year, _ = strconv.Atoi(q.line("year")) // what is no year is refused by the rule
	d.On, _ = readDay(q.PostFormValue("on"), q.view.Today().Year)
	if _, ok := regions().By(d.Region); !ok {
		d.Region = ""
	}
	names, err := q.unitNames(q.caller.Unit().Region)
	if err != nil {
		return d, nil, taker, err
	}
	taker, id, wrong := names.read(q, "taker")
	d.Taker = id
	if wrong != nil {
		l = append(l, wrong)
	}
	if q.MultipartForm != nil {
		for _, header := range q.MultipartForm.File["evidence"] {
			if header.Filename == "" && header.Size == 0 {
				continue
			}
			e, err := s.keepUpload(q, header)
			if f, ok := err.(*fault.Fault); ok && mendable(err) {
				l = append(l, f.On("evidence"))
			} else if err != nil {
				return d, nil, taker, err
			} else {
				files = append(files, e)
			}
		}
	}
	taker.ID = "taker"
	return d, files, taker, l.Err()
}

func (s *Server) supportEnter(q *request) error {
	if !q.mayEnterSupport() {
		return fault.New(fault.Denied, "denied", "Action", string(org.EnterSupport))
	}
	d, files, taker, err := s.typedSupport(q, q.caller.Unit().ID)
	if err == nil {
		var r store.Receipt
		var id support.ID
		if r, id, err = s.desk.EnterSupport(q.Context(), q.caller, q.key(), d, files); err == nil {
			return q.done(r, "/support/"+string(id), "support.done-enter")
		}
	}
	if mendable(err) {
		return s.showSupportForm(q, supportAsk{cause: err, taker: taker})
	}
	return err
}

func (s *Server) supportCorrect(q *request) error {
	e, err := q.correctable()
	if err != nil {
		return err
	}
	version, _ := strconv.ParseInt(q.PostFormValue("version"), 10, 64)
	d, files, taker, err := s.typedSupport(q, e.Giver)
	if err == nil {
		var r store.Receipt
		var id support.ID
		if r, id, err = s.desk.CorrectSupport(q.Context(), q.caller, q.key(), e.ID, version, d, strings.TrimSpace(q.PostFormValue("reason")), files); err == nil {
			to := "/support/" + string(id)
			if id == "" { // sent twice
				to = "/support/" + url.PathEscape(string(e.ID))
			}
			return q.done(r, to, "support.done-correct")
		}
	}
	if mendable(err) {
		return s.showSupportForm(q, supportAsk{old: &e, cause: err, taker: taker})
	}
	return err
}
