package page

import "strconv"

// SurveysView is the list of surveys.
type SurveysView struct {
	Head    HeadView
	Acts    []PlanLink
	Tabs    []Choice
	Stage   string
	Regions []Option
	Years   []Option
	Rows    []SurveyRow
	Empty   *EmptyView
	EmptyDo []PlanLink
	Pager   PagerView
}

// SurveyRow is one survey in the list.
type SurveyRow struct {
	Title    string
	Href     string
	Unit     string
	Region   string
	Year     string
	Stage    string
	Progress string
	Mine     string // what waits for the reader's unit; "" for nothing
	Due      string
	Findings string
}

// SurveyPost is a small form with one button.
type SurveyPost struct {
	Action  string
	Key     string
	Version string
	Button  string
	Class   string // btn-primary, or plain
}

// SurveyOverview is one survey: who has answered what.
type SurveyOverview struct {
	Head   HeadView
	Acts   []PlanLink
	Next   *NextView
	NextDo []PlanLink
	Send   *SurveyPost
	Close  *SurveyPost
	Faults []FieldFault
	Facts  []Fact
	Rows   []SurveySectionRow
}

// SurveySectionRow is one section in the overview.
type SurveySectionRow struct {
	No     string
	Title  string
	Href   string // "" when the reader may not open it
	Unit   string
	State  string
	Reason string
	Count  string // 5/8
	Last   string // when it was saved or handed in last
	Do     string
	DoMine bool
}

// SurveyForm begins a survey, or composes one: its head and one of its sections.
type SurveyForm struct {
	Head        HeadView
	Action      string
	Key         string
	Version     string
	Back        string
	New         bool
	Values      map[string]string // title, year, due, about, section-title, section-about
	Regions     []Option
	Memorandums []Option
	From        []Option // what a new survey is copied from
	Tabs        []Choice
	No          string // of the section that is open; "" for none
	Unit        TaskUnitField
	Questions   []SurveyQuestionForm
	Fields      []Option
	Kinds       []Option
	Faults      []FieldFault
	Now         []string // what stands there now, after a conflict
}

// SurveyQuestionForm is one question in the form.
type SurveyQuestionForm struct {
	Prefix   string
	No       string
	Key      string
	Text     string
	Kind     string
	Unit     string
	Ago      string
	Better   string
	Field    string
	Choices  string
	Hint     string
	Before   bool
	Several  bool
	Required bool
	Drop     bool
}

// SurveySection is a section to be answered, or as it was answered.
type SurveySection struct {
	Head      HeadView
	Action    string
	Key       string
	Version   string
	Faults    []FieldFault
	Reason    string // it was returned
	About     string
	Meta      string
	Open      bool // the reader may write
	Conflict  bool
	Questions []SurveyQuestion
	Codes     []Option // industries, to look up
	Return    *SurveyReturn
	Earlier   PlanLink
	Later     PlanLink
	Back      string
	Upload    bool
}

// SurveyReturn is the form that gives a section back.
type SurveyReturn struct {
	Action  string
	Key     string
	Version string
	Reason  string
	Faults  []FieldFault
}

// SurveyQuestion is one question with its answer.
type SurveyQuestion struct {
	ID       string
	No       string
	Text     string
	Hint     string
	Kind     string
	Unit     string
	Optional bool
	Label    string // of the figure: the year
	Earlier  string // label of the year before; "" when that is not asked
	Value    string
	Before   string
	Source   string
	Words    string
	None     bool
	Several  bool
	Options  []TaskChoice
	Codes    string
	Firms    []SurveyFirm
	Files    []SurveyFile
	Said     []string // the answer, to be read
	Now      []string // what somebody else saved meanwhile
	Meta     string
}

// SurveyFirm is an enterprise in the form.
type SurveyFirm struct {
	ID   string
	Name string
	Code string
	Old  string
}

// SurveyFile is a file of an answer.
type SurveyFile struct {
	Name string
	Href string
	Kept string
}

// FindingsView is what was found in a survey, and what the figures suggest.
type FindingsView struct {
	Head      HeadView
	Acts      []PlanLink
	Groups    []FindingGroup
	Count     string
	Empty     *EmptyView
	May       bool
	With      []Option
	Action    string
	Proposals []FindingForm
	Own       *FindingForm
	Faults    []FieldFault
}

// FindingGroup are the findings of one kind.
type FindingGroup struct {
	Kind string
	Rows []FindingRow
}

// FindingRow is one finding.
type FindingRow struct {
	ID       string
	Field    string
	Sentence string
	Rests    []string
	Meta     string
	Form     *FindingForm // changes it
	Drop     *SurveyPost
}

// FindingForm draws a finding, or changes one.
type FindingForm struct {
	ID        string // prefix of the fields
	Action    string
	Key       string
	Version   string
	Rule      string
	Why       string
	With      string
	Sentence  string
	Kinds     []Option
	Fields    []Option
	Questions []string // that it rests on, hidden
	Rests     []TaskChoice
	Button    string
	Faults    []FieldFault
}

// CompareView sets two surveys side by side.
type CompareView struct {
	Head  HeadView
	With  []Option
	Here  string
	There string
	Rows  []CompareRow
	Empty *EmptyView
	Path  string
}

// CompareRow is one question in two surveys.
type CompareRow struct {
	Text       string
	Unit       string
	A          string
	YearA      string
	B          string
	YearB      string
	Difference string
	Note       string
}

// surveyGo marks the action of a row that waits for the reader's unit.
func surveyGo(mine bool) string {
	if mine {
		return "btn-go"
	}
	return ""
}

// surveyChoiceID is the id of the i-th control of a question: the first has the
// question's own, so that a mistake leads to it.
func surveyChoiceID(id string, i int) string {
	if i == 0 {
		return id
	}
	return id + "." + strconv.Itoa(i)
}

// surveyCodeClass sets sections apart from their divisions.
func surveyCodeClass(c Option) string {
	if len(c.Value) == 1 {
		return "survey-letter"
	}
	return ""
}
