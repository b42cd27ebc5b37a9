package web

import (
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/support"
	"gongjian/internal/web/page"
)

// How long a draft may grow.
const (
	draftClauses = 300
	draftOwed    = 30
)

// draftPlain are the plain fields of the editor.
var draftPlain = []string{"title", "kind", "preamble", "closing", "years", "until"}

// textDraft is a text as it is being written, as the form has it.
type textDraft struct {
	page.DraftPage
	units  map[org.UnitID]org.Unit
	faults fault.List
}

// textDraftOf is a text as the editor shows it.
func textDraftOf(t memo.Text) *textDraft {
	d := &textDraft{}
	d.Values = map[string]string{"title": t.Title, "kind": t.Kind, "preamble": t.Preamble, "closing": t.Closing, "until": t.Term.Until.String()}
	if t.Term.Years > 0 {
		d.Values["years"] = strconv.Itoa(t.Term.Years)
	}
	place := map[org.UnitID]string{}
	for i, p := range t.Parties {
		place[p.Unit] = strconv.Itoa(i)
		party := page.DraftParty{Unit: string(p.Unit), Name: p.Name, Called: p.Called}
		if p.Order > 0 {
			party.Order = strconv.Itoa(p.Order)
		}
		d.Parties = append(d.Parties, party)
	}
	for _, c := range t.Clauses {
		clause := page.DraftClause{ID: string(c.ID), No: c.No, Level: strconv.Itoa(min(max(c.Level, 1), 3)), Text: c.Text}
		for _, k := range c.Commitments {
			clause.Owed = append(clause.Owed, owedTyped(k, place))
		}
		d.Clauses = append(d.Clauses, clause)
	}
	d.settle()
	return d
}

func owedTyped(k memo.Commitment, place map[org.UnitID]string) page.DraftOwed {
	o := page.DraftOwed{ID: string(k.ID), Measure: k.Measure, Carried: string(k.Carried), Obligor: place[k.Obligor], Confirms: place[k.Confirms],
		Text: k.Text, Deadline: k.Deadline, Target: k.Target, Joint: map[string]bool{}}
	for _, u := range k.Joint {
		o.Joint[place[u]] = true
	}
	if s := k.Support; s != nil {
		o.Kind, o.SupportWord = string(s.Kind), s.Words
		o.Amount, o.Unit = support.Typed(*s)
		if s.Year > 0 {
			o.Year = strconv.Itoa(s.Year)
		}
	}
	return o
}

// settle gives every part of the form its names again, after something was put in,
// moved or taken out.
func (d *textDraft) settle() {
	for i := range d.Parties {
		d.Parties[i].Prefix = "party." + strconv.Itoa(i)
	}
	for i := range d.Clauses {
		c := &d.Clauses[i]
		c.Prefix = "clause." + strconv.Itoa(i)
		for j := range c.Owed {
			c.Owed[j].Prefix = c.Prefix + ".owed." + strconv.Itoa(j)
		}
	}
}

// readTextDraft reads the editor's form.
func (q *request) readTextDraft() (*textDraft, error) {
	d := &textDraft{}
	d.Values = map[string]string{}
	trimmed := func(name string) string {
		return strings.TrimSpace(strings.ReplaceAll(q.PostFormValue(name), "\r\n", "\n"))
	}
	for _, name := range draftPlain {
		d.Values[name] = trimmed(name)
	}
	names, err := q.unitNames(q.caller.Unit().Region)
	if err != nil {
		return nil, err
	}
	d.units = names.units
	for i := range mostParties {
		p := "party." + strconv.Itoa(i)
		if !q.PostForm.Has(p + ".unit") {
			break
		}
		d.Parties = append(d.Parties, page.DraftParty{Prefix: p, Unit: q.PostFormValue(p + ".unit"), Name: trimmed(p + ".name"), Called: trimmed(p + ".called"), Order: trimmed(p + ".order")})
	}
	for i := range draftClauses {
		p := "clause." + strconv.Itoa(i)
		if !q.PostForm.Has(p + ".text") {
			break
		}
		c := page.DraftClause{Prefix: p, ID: q.PostFormValue(p + ".id"), No: trimmed(p + ".no"), Level: q.PostFormValue(p + ".level"), Text: trimmed(p + ".text")}
		if !slices.Contains([]string{"1", "2", "3"}, c.Level) {
			c.Level = "1"
		}
		for j := range draftOwed {
			o := p + ".owed." + strconv.Itoa(j)
			if !q.PostForm.Has(o + ".text") {
				break
			}
			owed := page.DraftOwed{Prefix: o, ID: q.PostFormValue(o + ".id"), Measure: q.PostFormValue(o + ".measure"), Carried: q.PostFormValue(o + ".carried"),
				Obligor: q.PostFormValue(o + ".obligor"), Confirms: q.PostFormValue(o + ".confirms"), Text: trimmed(o + ".text"), Deadline: trimmed(o + ".deadline"),
				Target: trimmed(o + ".target"), Kind: q.PostFormValue(o + ".kind"), Amount: trimmed(o + ".amount"), Unit: trimmed(o + ".unit"), Year: trimmed(o + ".year"),
				SupportWord: trimmed(o + ".words"), Joint: map[string]bool{}}
			for _, v := range q.PostForm[o+".joint"] {
				owed.Joint[v] = true
			}
			c.Owed = append(c.Owed, owed)
		}
		d.Clauses = append(d.Clauses, c)
	}
	var joins org.UnitID
	var wrong *fault.Fault
	if d.Joins, joins, wrong = names.read(q, "joins"); wrong != nil {
		d.faults = append(d.faults, wrong)
	}
	if joins != "" {
		if slices.ContainsFunc(d.Parties, func(p page.DraftParty) bool { return p.Unit == string(joins) }) {
			d.faults = append(d.faults, fault.New(fault.Invalid, "memo.party-twice").On("joins"))
		} else if len(d.Parties) < mostParties {
			d.Parties = append(d.Parties, page.DraftParty{Unit: string(joins), Name: names.units[joins].Name})
			d.Joins = page.TaskUnitField{}
		}
	}
	d.settle()
	return d, nil
}

// text turns the form into a text. What cannot be read comes as faults; whether it may
// be proposed is not asked here.
func (d *textDraft) text(year int) (memo.Text, error) {
	l := d.faults
	t := memo.Text{Title: d.Values["title"], Kind: d.Values["kind"], Preamble: d.Values["preamble"], Closing: d.Values["closing"]}
	if y := d.Values["years"]; y != "" {
		n, err := strconv.Atoi(y)
		if err != nil || n < 1 || n > 99 {
			l = append(l, fault.New(fault.Invalid, "version.years-unread", "Text", y).On("years"))
		}
		t.Term.Years = n
	}
	until, ok := readDay(d.Values["until"], year)
	if !ok {
		l = append(l, fault.New(fault.Invalid, "task.day-unread", "Text", d.Values["until"]).On("until"))
	}
	if t.Term.Until = until; t.Term.Years > 0 && !until.IsZero() {
		l = append(l, fault.New(fault.Invalid, "version.two-terms").On("until"))
	}
	for _, p := range d.Parties {
		if _, ok := d.units[org.UnitID(p.Unit)]; !ok {
			continue // written by hand: no such unit
		}
		order, _ := strconv.Atoi(p.Order) // "" and words are no order
		t.Parties = append(t.Parties, memo.Party{Unit: org.UnitID(p.Unit), Name: p.Name, Called: p.Called, Order: max(order, 0)})
	}
	for i := range d.Clauses {
		c := d.Clauses[i]
		level, _ := strconv.Atoi(c.Level)
		clause := memo.Clause{ID: memo.ClauseID(c.ID), No: c.No, Level: level, Text: c.Text, Position: i + 1}
		for _, o := range c.Owed {
			if o.Text == "" && o.Obligor == "" && o.Amount == "" {
				continue // added and left empty
			}
			k, wrong := d.owed(o)
			l = append(l, wrong...)
			clause.Commitments = append(clause.Commitments, k)
		}
		if c.Text != "" || c.No != "" || len(clause.Commitments) > 0 {
			t.Clauses = append(t.Clauses, clause)
		}
	}
	return t, l.Err()
}

func (d *textDraft) owed(o page.DraftOwed) (memo.Commitment, fault.List) {
	var l fault.List
	k := memo.Commitment{ID: memo.CommitmentID(o.ID), Measure: o.Measure, Carried: memo.CommitmentID(o.Carried), Obligor: d.side(o.Obligor), Confirms: d.side(o.Confirms),
		Text: o.Text, Deadline: o.Deadline, Target: o.Target}
	if o.Text == "" {
		l = append(l, fault.New(fault.Invalid, "memorandum.owed-empty").On(o.Prefix+".text"))
	}
	for i := range d.Parties {
		if u := d.side(strconv.Itoa(i)); o.Joint[strconv.Itoa(i)] && u != k.Obligor {
			k.Joint = append(k.Joint, u)
		}
	}
	if o.Kind == "" && o.Amount == "" {
		return k, l
	}
	kind := memo.SupportKind(o.Kind)
	if !slices.Contains(memo.SupportKinds(), kind) {
		return k, append(l, fault.New(fault.Invalid, "version.support-kind").On(o.Prefix+".amount"))
	}
	s, ok := support.ReadPromise(kind, o.Amount, o.Unit)
	s.Words = o.SupportWord
	if !ok {
		l = append(l, fault.New(fault.Invalid, "version.amount-unread", "Text", o.Amount+o.Unit).On(o.Prefix+".amount"))
	}
	if o.Year != "" {
		y, err := strconv.Atoi(o.Year)
		if err != nil || y < 1949 || y > 2999 {
			l = append(l, fault.New(fault.Invalid, "memorandum.year-unread", "Text", o.Year).On(o.Prefix+".amount"))
		}
		s.Year = y
	}
	k.Support = &s
	return k, l
}

func (d *textDraft) side(place string) org.UnitID {
	if i, err := strconv.Atoi(place); err == nil && i >= 0 && i < len(d.Parties) {
		return org.UnitID(d.Parties[i].Unit)
	}
	return ""
}

// press does what one of the small buttons asks and reports whether one was pressed.
func (d *textDraft) press(button string) bool {
	do, at, _ := strings.Cut(button, "-")
	place := strings.Split(at, ".") // clause.3, clause.3.owed.1, party.2
	n := func(i int) int {
		if len(place) <= i {
			return -1
		}
		v, err := strconv.Atoi(place[i])
		if err != nil {
			return -1
		}
		return v
	}
	i := n(1)
	known := i >= 0 && i < len(d.Clauses)
	switch {
	case button == "party":
	case button == "number":
		d.renumber()
	case button == "clause" && len(d.Clauses) < draftClauses:
		d.Clauses = append(d.Clauses, page.DraftClause{Level: "1"})
	case do == "drop" && place[0] == "party" && i >= 0 && i < len(d.Parties):
		d.dropParty(i)
	case do == "drop" && len(place) == 4 && known && n(3) >= 0 && n(3) < len(d.Clauses[i].Owed):
		d.Clauses[i].Owed = slices.Delete(d.Clauses[i].Owed, n(3), n(3)+1)
	case do == "drop" && len(place) == 2 && known:
		d.Clauses = slices.Delete(d.Clauses, i, i+1)
	case do == "after" && known && len(d.Clauses) < draftClauses:
		d.Clauses = slices.Insert(d.Clauses, i+1, page.DraftClause{Level: d.Clauses[i].Level})
	case do == "owed" && known && len(d.Clauses[i].Owed) < draftOwed:
		d.Clauses[i].Owed = append(d.Clauses[i].Owed, page.DraftOwed{Joint: map[string]bool{}})
	case do == "up" && known:
		d.move(i, false)
	case do == "down" && known:
		d.move(i, true)
	default:
		return false
	}
	d.settle()
	return true
}

// dropParty takes a party out; who stood behind it moves up one place everywhere.
func (d *textDraft) dropParty(at int) {
	d.Parties = slices.Delete(d.Parties, at, at+1)
	shift := func(place string) string {
		n, err := strconv.Atoi(place)
		switch {
		case err != nil || n == at:
			return ""
		case n > at:
			return strconv.Itoa(n - 1)
		}
		return place
	}
	for i := range d.Clauses {
		for j := range d.Clauses[i].Owed {
			o := &d.Clauses[i].Owed[j]
			o.Obligor, o.Confirms = shift(o.Obligor), shift(o.Confirms)
			joint := map[string]bool{}
			for place := range o.Joint {
				if s := shift(place); s != "" {
					joint[s] = true
				}
			}
			o.Joint = joint
		}
	}
}

// move puts a clause, with what stands below it, before or behind its neighbour of the
// same level.
func (d *textDraft) move(i int, down bool) {
	end := d.endOf(i)
	if down {
		if end < len(d.Clauses) {
			next := d.endOf(end)
			block := slices.Clone(d.Clauses[i:end])
			d.Clauses = slices.Insert(slices.Delete(d.Clauses, i, end), next-len(block), block...)
		}
		return
	}
	before := i - 1
	for before > 0 && d.Clauses[before].Level > d.Clauses[i].Level {
		before--
	}
	if before >= 0 {
		block := slices.Clone(d.Clauses[i:end])
		d.Clauses = slices.Insert(slices.Delete(d.Clauses, i, end), before, block...)
	}
}

// endOf is the place behind a clause and all that stands below it.
func (d *textDraft) endOf(i int) int {
	end := i + 1
	for end < len(d.Clauses) && d.Clauses[end].Level > d.Clauses[i].Level {
		end++
	}
	return end
}

const chineseDigits = "零一二三四五六七八九"

// chineseNumber writes 1 to 99 as documents count: 一, 十, 二十一.
func chineseNumber(n int) string {
	digit := []rune(chineseDigits)
	switch {
	case n < 10:
		return string(digit[n])
	case n < 20:
		return "十" + strings.TrimPrefix(string(digit[n%10]), "零")
	case n < 100:
		return string(digit[n/10]) + "十" + strings.TrimPrefix(string(digit[n%10]), "零")
	}
	return strconv.Itoa(n)
}

// renumber prints the numbers of clauses anew, in the way of the first one.
func (d *textDraft) renumber() {
	article := len(d.Clauses) == 0 || strings.HasPrefix(d.Clauses[0].No, "第") || d.Clauses[0].No == ""
	count := [4]int{}
	for i := range d.Clauses {
		level, _ := strconv.Atoi(d.Clauses[i].Level)
		level = min(max(level, 1), 3)
		count[level]++
		for l := level + 1; l < len(count); l++ {
			count[l] = 0
		}
		switch {
		case level == 1 && article:
			d.Clauses[i].No = "第" + chineseNumber(count[1]) + "条"
		case level == 1:
			d.Clauses[i].No = chineseNumber(count[1]) + "、"
		case level == 2:
			d.Clauses[i].No = "（" + chineseNumber(count[2]) + "）"
		default:
			d.Clauses[i].No = strconv.Itoa(count[3]) + "."
		}
	}
}

// keep is the draft that is kept when this one is saved.
func (d *textDraft) keep(q *request, id memo.ID, t memo.Text) store.Draft {
	version, _ := strconv.ParseInt(q.PostFormValue("version"), 10, 64) // 0 for the first; a wrong one is a conflict
	base, _ := strconv.Atoi(q.PostFormValue("base"))
	return store.Draft{Memorandum: id, Base: base, Text: t, Source: q.PostFormValue("source"), Version: version}
}
