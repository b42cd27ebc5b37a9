package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/act"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	signature "gongjian/internal/seal"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

// memberCause is what is to be mended in one of the forms of the members' page.
type memberCause struct {
	form string // invite, open, join or leave
	err  error
	unit page.TaskUnitField
}

func (s *Server) members(q *request) error {
	m, err := q.alliance()
	if err != nil {
		return err
	}
	return s.showMembers(q, m, http.StatusOK, memberCause{})
}

// alliance reads a memorandum that has members; any other has no such page.
func (q *request) alliance() (store.MemorandumView, error) {
	m, err := q.view.Memorandum(q.Context(), memo.ID(q.PathValue("id")))
	if err == nil && m.Form != memo.Alliance {
		err = errAbsent
	}
	return m, err
}

func (s *Server) showMembers(q *request, m store.MemorandumView, code int, cause memberCause) error {
	all, err := q.view.Members(q.Context(), m)
	if err != nil {
		return err
	}
	title := q.p.T("lapse.members")
	f := page.MembersPage{Head: q.lapseHead(m, title)}
	in, asked, left := 0, 0, 0
	for _, x := range all {
		f.Rows = append(f.Rows, page.MemberRow{Name: page.Linked(x.Name, "/units/"+string(x.Unit)), State: q.memberState(x.Member),
			Asked: q.memberAsked(x.Member), Joined: x.Joined.String(), Left: x.Left.String(), Why: x.Why})
		switch {
		case !x.Standing():
			left++
		case x.Joined.IsZero():
			asked++
		default:
			in++
		}
	}
	f.Figs = []page.Fig{
		{Label: q.p.T("lapse.member-in"), Big: q.p.Number(int64(in))}, {Label: q.p.T("lapse.member-asked"), Big: q.p.Number(int64(asked))},
		{Label: q.p.T("lapse.member-left"), Big: q.p.Number(int64(left))},
	}
	if len(all) == 0 {
		f.Empty = &page.EmptyView{Text: page.Say(q.p.T("lapse.no-member")), Note: page.Say(q.p.T("lapse.no-member-note"))}
	}
	if err := s.memberForms(q, m, all, &f, cause); err != nil {
		return err
	}
	if !f.Has(cause.form) { // whoever was faster has taken the form away
		f.Faults = page.Faults(q.p, cause.err, nil)
	}
	v, err := q.frame(title, "plan")
	if err != nil {
		return err
	}
	return q.render(code, page.Members(v, f))
}

func (q *request) memberState(m memo.Member) string {
	switch {
	case !m.Standing():
		return q.p.T("lapse.member-left")
	case m.Joined.IsZero():
		return q.p.T("lapse.member-asked")
	}
	return q.p.T("lapse.member-in")
}

// memberAsked is when a member was asked, if anybody did.
func (q *request) memberAsked(m memo.Member) string {
	if m.Unasked {
		return q.p.T("lapse.unasked")
	}
	return m.Asked.String()
}

// memberForms are the forms that this reader has on the page.
func (s *Server) memberForms(q *request, m store.MemorandumView, all []store.AllianceMember, f *page.MembersPage, cause memberCause) error {
	base, labels := memorandumHref(m.ID)+"/members", map[string]string{"unit": q.p.T("lapse.col-member"), "day": q.p.T("sign.day"), "why": q.p.T("lapse.why"), "password": q.p.T("sign.password")}
	form := func(name, action string) *page.MemberForm {
		out := &page.MemberForm{Action: action, Key: newKey(), Values: map[string]string{"day": q.view.Today().String()}}
		if cause.form == name {
			out.Key, out.Faults, out.Unit = formKey(q), page.Faults(q.p, cause.err, labels), cause.unit
			out.Values = map[string]string{"day": q.PostFormValue("day"), "why": q.PostFormValue("why")}
		}
		return out
	}
	inForce := m.Stage == memo.InForce
	if inForce && q.view.May(org.InviteMember, m.Facts) {
		f.Invite = form("invite", base)
		f.Invite.Unit.ID, f.Invite.Unit.Label, f.Invite.Unit.Hint = "unit", q.p.T("lapse.col-member"), q.p.T("lapse.invite-hint")
	}
	if m.Open {
		f.Note = q.p.T("lapse.open-is")
	}
	if inForce && q.view.May(org.OpenAlliance, m.Facts) {
		f.Open = form("open", base+"/open")
		f.Open.Open, f.Open.Version = m.Open, strconv.FormatInt(m.Version, 10)
	}
	me := q.caller.Unit().ID
	at := slices.IndexFunc(all, func(x store.AllianceMember) bool { return x.Unit == me && x.Standing() })
	comes := at < 0 && m.TakesMembers() && !slices.Contains(m.Parties, me)
	if at < 0 && !comes {
		return nil
	}
	if inForce && (comes || all[at].Joined.IsZero()) && q.view.May(org.JoinAlliance, m.Facts) {
		f.Join = form("join", base+"/join")
		f.Join.Digest = act.PledgeDigest(m.Memorandum)
		f.Join.Pledge = append(f.Join.Pledge, page.Say(q.p.T("lapse.pledge-about")), page.Linked(m.Title, memorandumHref(m.ID)))
		secret, err := q.ownSecret()
		if err != nil {
			return err
		}
		f.Join.Ask = secret != ""
	}
	if at >= 0 && q.view.May(org.LeaveAlliance, m.Facts) && f.Join == nil {
		f.Leave = form("leave", base+"/leave")
	}
	return nil
}

func (s *Server) invite(q *request) error {
	m, err := q.alliance()
	if err != nil {
		return err
	}
	if !q.view.May(org.InviteMember, m.Facts) {
		return fault.New(fault.Denied, "denied", "Action", string(org.InviteMember))
	}
	names, err := q.unitNames(m.Region)
	if err != nil {
		return err
	}
	field, unit, wrong := names.read(q, "unit")
	if wrong != nil {
		return s.showMembers(q, m, http.StatusUnprocessableEntity, memberCause{"invite", wrong, field})
	}
	r, err := s.desk.InviteMember(q.Context(), q.caller, q.key(), m.ID, unit)
	if mendable(err) {
		return s.showMembers(q, m, status(fault.KindOf(err)), memberCause{"invite", err, field})
	}
	if err != nil {
		return err
	}
	return q.done(r, memorandumHref(m.ID)+"/members", "lapse.done-invite", "name", names.units[unit].Name)
}

// openMembers opens the list of members, or closes it.
func (s *Server) openMembers(q *request) error {
	m, err := q.alliance()
	if err != nil {
		return err
	}
	if !q.view.May(org.OpenAlliance, m.Facts) {
		return denied(org.OpenAlliance)
	}
	version := q.version()
	if version == 0 {
		version = -1 // the form carries it: without it nothing is known of what was shown
	}
	open := q.PostFormValue("open") != ""
	r, err := s.desk.OpenAlliance(q.Context(), q.caller, q.key(), m.ID, version, open)
	if mendable(err) {
		return s.showMembers(q, m, status(fault.KindOf(err)), memberCause{form: "open", err: err})
	}
	if err != nil {
		return err
	}
	done := "lapse.done-close"
	if open {
		done = "lapse.done-open"
	}
	return q.done(r, memorandumHref(m.ID)+"/members", done)
}

func (s *Server) join(q *request) error {
	return s.onMembership(q, "join", org.JoinAlliance, func(m store.MemorandumView, how act.Signing) (store.Receipt, error) {
		if err := s.reenter(q); err != nil {
			return store.Receipt{}, err
		}
		return s.desk.JoinAlliance(q.Context(), q.caller, q.key(), m.ID, q.PostFormValue("digest"), how)
	})
}

func (s *Server) leave(q *request) error {
	return s.onMembership(q, "leave", org.LeaveAlliance, func(m store.MemorandumView, how act.Signing) (store.Receipt, error) {
		return s.desk.LeaveAlliance(q.Context(), q.caller, q.key(), m.ID, how.Day, strings.TrimSpace(q.PostFormValue("why")))
	})
}

// onMembership is the frame of joining and leaving.
func (s *Server) onMembership(q *request, form string, action org.Action, do func(store.MemorandumView, act.Signing) (store.Receipt, error)) error {
	m, err := q.alliance()
	if err != nil {
		return err
	}
	if !q.view.May(action, m.Facts) {
		return fault.New(fault.Denied, "denied", "Action", string(action))
	}
	day, ok := readDay(q.PostFormValue("day"), q.view.Today().Year)
	if !ok {
		err = fault.New(fault.Invalid, "task.day-unread", "Text", q.PostFormValue("day")).On("day")
	}
	var r store.Receipt
	if err == nil {
		r, err = do(m, act.Signing{Method: signature.Ed25519, Day: day})
	}
	if mendable(err) {
		return s.showMembers(q, m, status(fault.KindOf(err)), memberCause{form: form, err: err})
	}
	if err != nil {
		return err
	}
	if form == "leave" { // it may not see the alliance any more
		return q.done(r, "/memorandums", "lapse.done-leave")
	}
	return q.done(r, memorandumHref(m.ID)+"/members", "lapse.done-join")
}
