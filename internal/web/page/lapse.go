package page

import "gongjian/internal/web/text"

// SettlePage asks for a decision on open tasks: at a memorandum's end, or when an
// amendment or a renewal took away what they served.
type SettlePage struct {
	Head   HeadView
	Action string
	Hidden map[string]string
	About  Words
	Ends   bool // a day and a reason are asked for, too
	Values map[string]string
	Tasks  []SettleTask
	Faults []FieldFault
	Button string
	Back   string
	Empty  *EmptyView
}

// SettleTask is one open task.
type SettleTask struct {
	ID      string // task.<id>: the field of its decision
	Title   Words
	Meta    string
	Served  string // words of the commitment that is gone
	Chosen  string
	Reason  string
	Choices []TaskChoice
}

// MembersPage is the list of an alliance's members.
type MembersPage struct {
	Head   HeadView
	Acts   []PlanLink
	Figs   []Fig
	Rows   []MemberRow
	Empty  *EmptyView
	Note   string       // that the list is open, "" when it is not
	Faults []FieldFault // of a form that is not there any more
	Invite *MemberForm
	Open   *MemberForm // opens the list, or closes it
	Join   *MemberForm
	Leave  *MemberForm
}

// Has reports whether the page has a form: invite, open, join or leave.
func (f MembersPage) Has(form string) bool {
	return map[string]*MemberForm{"invite": f.Invite, "open": f.Open, "join": f.Join, "leave": f.Leave}[form] != nil
}

// MemberRow is one member.
type MemberRow struct {
	Name   Words
	State  string
	Asked  string
	Joined string
	Left   string
	Why    string
}

// MemberForm is one of the forms below the list.
type MemberForm struct {
	Action string
	Key    string
	Digest string
	Values map[string]string
	Unit   TaskUnitField
	Faults []FieldFault
	First  bool // it is the one next thing
	Pledge []Words
	Ask    bool // for the password again

	Version string // of the memorandum, to open its list
	Open    bool   // the list is open
}

// UnderForm hangs a memorandum under a framework.
type UnderForm struct {
	Action  string
	Key     string
	Version string
	Choices []TaskChoice
	Chosen  string
	Faults  []FieldFault
}

// LifeStep is one step of a memorandum's timeline.
type LifeStep struct {
	Day    string
	Text   Words
	Note   string
	Strong bool // a turning point: in force, amended, ended
	Ahead  bool // still to come
}

// life names the timeline for readers of the screen.
func life(p *text.Printer) string { return p.T("lapse.timeline") }

// dash stands where a cell has nothing.
func dash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}
