package memo

import (
	"slices"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// Member is a unit in an alliance (联盟). It is asked, or comes by itself where the
// list is open, joins by signing the pledge, and may leave; one that comes back is a
// member anew.
type Member struct {
	ID         string
	Memorandum ID
	Unit       org.UnitID
	Asked      calendar.Date // of one that came by itself: the day it did
	Unasked    bool          // came by itself (自行加入)
	Joined     calendar.Date // zero: asked, has not signed
	Left       calendar.Date // zero: has not left
	Why        string        // it left
	Digest     string        // of the pledge that it signed
}

// Standing reports whether the member is asked or in; who has left is neither.
func (m Member) Standing() bool { return m.Left.IsZero() }

// CheckOpening reports why the list of members cannot be opened or closed (开放名单).
// Closing it touches nobody who is in.
func (m Memorandum) CheckOpening(open bool) error {
	switch {
	case m.Form != Alliance:
		return fault.New(fault.Conflict, "member.no-alliance")
	case m.Stage != InForce:
		return fault.New(fault.Conflict, "memo.not-in-force")
	case m.Open == open:
		return fault.New(fault.Conflict, "changed-meanwhile")
	}
	return nil
}

// CheckInvite reports why a unit cannot be asked to join.
//
// Rule M-24 (practice of 倡议 and 联盟: open to all who sign the pledge, and to leave):
// an alliance in force asks and takes in units that are not in it, and with an open
// list those that nobody asked; a member signs the pledge in the words of that day,
// and leaves with a day and a reason.
func (m Memorandum) CheckInvite(unit org.UnitID, members []Member) error {
	switch {
	case m.Form != Alliance:
		return fault.New(fault.Conflict, "member.no-alliance")
	case m.Stage != InForce:
		return fault.New(fault.Conflict, "memo.not-in-force")
	case unit == "":
		return fault.New(fault.Invalid, "member.unit-missing").On("unit")
	case slices.Contains(m.Parties, unit), standing(members, unit) != nil:
		return fault.New(fault.Conflict, "member.already").On("unit")
	}
	return nil
}

// CheckJoin returns the member that signs the pledge (Rule M-24); it has no ID when it
// comes by itself and is entered by that. digest is that of the words that it was
// shown, now that of the words in force.
func (m Memorandum) CheckJoin(unit org.UnitID, members []Member, digest, now string, day, today calendar.Date) (Member, error) {
	x := standing(members, unit)
	if x == nil && m.TakesMembers() && !slices.Contains(m.Parties, unit) {
		x = &Member{Memorandum: m.ID, Unit: unit, Asked: today, Unasked: true}
	}
	switch {
	case m.Form != Alliance:
		return Member{}, fault.New(fault.Conflict, "member.no-alliance")
	case m.Stage != InForce:
		return Member{}, fault.New(fault.Conflict, "memo.not-in-force")
	case slices.Contains(m.Parties, unit):
		return Member{}, fault.New(fault.Conflict, "member.already")
	case x == nil:
		return Member{}, fault.New(fault.Denied, "member.not-asked")
	case !x.Joined.IsZero():
		return Member{}, fault.New(fault.Conflict, "member.already")
	case digest != now:
		return Member{}, fault.New(fault.Conflict, "member.other-pledge")
	case day.IsZero():
		return Member{}, fault.New(fault.Invalid, "sign.day-missing").On("day")
	case day.After(today):
		return Member{}, fault.New(fault.Invalid, "sign.day-ahead").On("day")
	}
	x.Joined, x.Digest = day, now
	return *x, nil
}

// CheckLeave returns the member that leaves on a day for a reason (Rule M-24).
func (m Memorandum) CheckLeave(unit org.UnitID, members []Member, day, today calendar.Date, why string) (Member, error) {
	x := standing(members, unit)
	if x == nil {
		return Member{}, fault.New(fault.Conflict, "member.not-in")
	}
	var l fault.List
	if strings.TrimSpace(why) == "" {
		l = append(l, fault.New(fault.Invalid, "memo.why-missing").On("why"))
	}
	switch {
	case day.IsZero():
		l = append(l, fault.New(fault.Invalid, "memo.day-missing").On("day"))
	case day.After(today), day.Before(x.Joined):
		l = append(l, fault.New(fault.Invalid, "memo.day-outside", "Signed", x.Joined, "Today", today).On("day"))
	}
	x.Left, x.Why = day, strings.TrimSpace(why)
	return *x, l.Err()
}

// standing returns a copy of the unit's membership that stands, or nil.
func standing(members []Member, unit org.UnitID) *Member {
	for _, m := range members {
		if m.Unit == unit && m.Standing() {
			return &m
		}
	}
	return nil
}

// CheckUnder reports why a memorandum cannot hang under another (框架). above are the
// frameworks of that one, nearest first, itself the first.
//
// Rule M-25 (ours): nothing hangs under itself, however far up.
func (m Memorandum) CheckUnder(above []ID) error {
	if slices.Contains(above, m.ID) {
		return fault.New(fault.Conflict, "memo.under-itself").On("under")
	}
	return nil
}
