// Package survey holds surveys (调研): what an office asks of units about one place
// and year before a memorandum is written, what they answer, and what the office
// finds in it.
//
// Words. A questionnaire (调研问卷) is sections (部分) of questions (问题). A survey is
// a questionnaire about one place and year; it is sent (下发) to units, each of
// which answers the sections that are its own. An answer (答复) to a question of
// figures carries the figure, the year and the words of its source (出处). A
// finding (调研发现) is a sentence of the office with the kind and field that it
// belongs to and the figures it rests on (依据). A comparison (比较) sets the
// figures of two surveys side by side.
//
// Laws. Figures are exact, in ten-thousandths. A figure without a source cannot be
// handed in. What was asked does not change once it is sent. Compared the other
// way round, every difference changes its sign. A finding keeps the figures as they
// were when it was drawn.
package survey

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// ID names a survey.
type ID string

// Stage is where a survey stands.
type Stage string

// The stages.
const (
	Composing Stage = "composing" // 编制: only its office sees it
	Sent      Stage = "sent"      // 已下发: units answer
	Closed    Stage = "closed"    // 已办结: nothing changes any more but findings
)

// Stages returns the stages in their order.
func Stages() []Stage { return []Stage{Composing, Sent, Closed} }

// SectionState is what has become of a section.
type SectionState string

// The states of a section.
const (
	Asked    SectionState = "asked"     // 待填
	Begun    SectionState = "begun"     // 填写中: a draft is saved
	HandedIn SectionState = "handed-in" // 已提交
	Returned SectionState = "returned"  // 已退回, with a reason
)

// QuestionKind is what kind of answer a question asks for.
type QuestionKind string

// The kinds of questions.
const (
	Figure        QuestionKind = "figure"     // a number with its measure word and source
	Text          QuestionKind = "text"       // words
	Choice        QuestionKind = "choice"     // one of the given choices, or several
	Files         QuestionKind = "files"      // documents as evidence
	IndustryCodes QuestionKind = "industries" // codes of GB/T 4754
	Firms         QuestionKind = "firms"      // enterprises with their codes
)

// QuestionKinds returns the kinds in the order of pages.
func QuestionKinds() []QuestionKind {
	return []QuestionKind{Figure, Text, Choice, Files, IndustryCodes, Firms}
}

// Survey is one questionnaire about one place and year with its progress.
type Survey struct {
	ID         ID
	Title      string
	Region     org.RegionCode
	Year       int        // that figures are of, unless a question says otherwise
	Unit       org.UnitID // whose office surveys
	Memorandum string     // that it prepares, or ""
	About      string     // what is said to those who answer
	Stage      Stage
	Due        calendar.Date // by which it is to be answered
	Sent       calendar.Date
	Closed     calendar.Date
	Sections   []Section
	Version    int64
}

// Section is a part of a questionnaire that one unit answers. Several people of
// the unit may write in it; its version keeps them from losing each other's words.
type Section struct {
	Number    int          `json:"-"` // from 1
	Title     string       `json:"title"`
	About     string       `json:"about,omitempty"`
	Questions []Question   `json:"questions"`
	Unit      org.UnitID   `json:"-"` // that answers
	State     SectionState `json:"-"`
	Reason    string       `json:"-"` // why it was returned
	Handed    time.Time    `json:"-"`
	Version   int64        `json:"-"`
}

// Question is one question. Its key is the same in every survey that was made from
// the same template: that is how surveys are compared.
type Question struct {
	Key      string       `json:"key"`
	Text     string       `json:"text"`
	Kind     QuestionKind `json:"kind"`
	Unit     string       `json:"unit,omitempty"`    // measure word of a figure: 亿元, 个, %
	Ago      int          `json:"ago,omitempty"`     // the figure is of so many years before the survey's
	Before   bool         `json:"before,omitempty"`  // the year before that is asked for, too
	Better   Better       `json:"better,omitempty"`  // which way is better; "" draws no conclusion
	Field    Field        `json:"field,omitempty"`   // that findings from it belong to
	Choices  []string     `json:"choices,omitempty"` // of a choice
	Gaps     []string     `json:"gaps,omitempty"`    // choices that say that something is lacking
	Several  bool         `json:"several,omitempty"` // more than one may be chosen
	Required bool         `json:"required,omitempty"`
	Hint     string       `json:"hint,omitempty"`
}

// Better says which way a figure is better.
type Better string

// The two ways.
const (
	More Better = "more" // 越多越好
	Less Better = "less" // 越少越好
)

// YearIn returns the year that the question's figure is of.
func (q Question) YearIn(year int) int { return year - q.Ago }

// Of returns the section of a number.
func (s Survey) Of(number int) (Section, bool) {
	for _, x := range s.Sections {
		if x.Number == number {
			return x, true
		}
	}
	return Section{}, false
}

// Question returns the question of a key, with its section's number.
func (s Survey) Question(key string) (Question, int, bool) {
	for _, x := range s.Sections {
		for _, q := range x.Questions {
			if q.Key == key {
				return q, x.Number, true
			}
		}
	}
	return Question{}, 0, false
}

// Asked returns the units that answer, each once, in the order of the sections.
func (s Survey) Asked() (out []org.UnitID) {
	for _, x := range s.Sections {
		if x.Unit != "" && !slices.Contains(out, x.Unit) {
			out = append(out, x.Unit)
		}
	}
	return out
}

// Facts is what permissions are judged by for the survey; parties are those of the
// memorandum that it prepares.
func (s Survey) Facts(parties []org.UnitID) org.SurveyFacts {
	return org.SurveyFacts{Office: s.Unit, Asked: s.Asked(), Parties: parties, Draft: s.Stage == Composing}
}

// mostQuestions bounds a questionnaire.
const mostQuestions = 300

// Check reports what is wrong with what a survey asks, all at once.
func (s Survey) Check() error {
	var l fault.List
	if strings.TrimSpace(s.Title) == "" {
		l = append(l, fault.New(fault.Invalid, "survey.title-missing").On("title"))
	}
	if s.Region.Prefix() == "" {
		l = append(l, fault.New(fault.Invalid, "survey.region-missing").On("region"))
	}
	if s.Year < 1949 || s.Year > 2999 {
		l = append(l, fault.New(fault.Invalid, "survey.year-unread").On("year"))
	}
	keys, count := map[string]bool{}, 0
	for i, x := range s.Sections {
		prefix := "section." + strconv.Itoa(i+1)
		if strings.TrimSpace(x.Title) == "" {
			l = append(l, fault.New(fault.Invalid, "survey.section-untitled", "No", i+1).On("section-title"))
		}
		for j, q := range x.Questions {
			count++
			l = append(l, q.check("q."+strconv.Itoa(j), j+1)...)
			if keys[q.Key] {
				l = append(l, fault.New(fault.Invalid, "survey.key-twice", "Key", q.Key, "No", i+1).On(prefix))
			}
			keys[q.Key] = true
		}
	}
	if count > mostQuestions {
		l = append(l, fault.New(fault.Invalid, "survey.too-many-questions", "Most", mostQuestions))
	}
	return l.Err()
}

func (q Question) check(at string, no int) (l fault.List) {
	if strings.TrimSpace(q.Text) == "" {
		l = append(l, fault.New(fault.Invalid, "survey.question-empty", "No", no).On(at+".text"))
	}
	if !slices.Contains(QuestionKinds(), q.Kind) {
		l = append(l, fault.New(fault.Invalid, "survey.kind-unknown", "No", no).On(at+".kind"))
	}
	if q.Kind == Figure && strings.TrimSpace(q.Unit) == "" {
		l = append(l, fault.New(fault.Invalid, "survey.unit-missing", "No", no).On(at+".unit"))
	}
	if q.Kind == Choice && len(q.Choices) < 2 {
		l = append(l, fault.New(fault.Invalid, "survey.choices-too-few", "No", no).On(at+".choices"))
	}
	if q.Field != "" && !slices.Contains(Fields(), q.Field) {
		l = append(l, fault.New(fault.Invalid, "survey.field-unknown", "No", no).On(at+".field"))
	}
	return l
}

// CheckCompose reports whether what is asked may still be changed.
func (s Survey) CheckCompose() error {
	if s.Stage != Composing {
		return fault.New(fault.Conflict, "survey.sent-already")
	}
	return nil
}

// CheckSend reports what keeps a survey from being sent.
//
// Rule SV-05 (practice of surveys, 调研通知): every section that is sent has questions
// and a unit that answers it, and the day by which it does lies ahead.
func (s Survey) CheckSend(today calendar.Date) error {
	if s.Stage != Composing {
		return fault.New(fault.Conflict, "survey.sent-already")
	}
	var l fault.List
	if len(s.Sections) == 0 {
		l = append(l, fault.New(fault.Invalid, "survey.nothing-asked"))
	}
	for _, x := range s.Sections {
		if len(x.Questions) == 0 {
			l = append(l, fault.New(fault.Invalid, "survey.section-empty", "Title", x.Title))
		}
		if x.Unit == "" {
			l = append(l, fault.New(fault.Invalid, "survey.section-unasked", "Title", x.Title))
		}
	}
	if s.Due.IsZero() || s.Due.Before(today) {
		l = append(l, fault.New(fault.Invalid, "survey.due-past").On("due"))
	}
	return l.Err()
}

// CheckClose reports whether the survey may be closed: what is out comes back no more.
func (s Survey) CheckClose() error {
	if s.Stage != Sent {
		return fault.New(fault.Conflict, "survey.not-open")
	}
	return nil
}

// CheckAnswer reports whether a section may be written in: the survey is out and
// the section is not handed in.
func (s Survey) CheckAnswer(x Section) error {
	switch {
	case s.Stage != Sent:
		return fault.New(fault.Conflict, "survey.not-open")
	case x.State == HandedIn:
		return fault.New(fault.Conflict, "survey.handed-in-already")
	}
	return nil
}

// CheckReturn reports whether a section may be returned: it was handed in, and
// there is a reason.
func (s Survey) CheckReturn(x Section, reason string) error {
	switch {
	case s.Stage != Sent:
		return fault.New(fault.Conflict, "survey.not-open")
	case x.State != HandedIn:
		return fault.New(fault.Conflict, "survey.not-handed-in")
	case strings.TrimSpace(reason) == "":
		return fault.New(fault.Invalid, "survey.reason-missing").On("reason")
	}
	return nil
}

// Copy returns the sections for another survey: what is asked, without progress.
// Units are kept where keep says so.
func Copy(sections []Section, keep bool) []Section {
	out := make([]Section, len(sections))
	for i, x := range sections {
		out[i] = Section{Number: i + 1, Title: x.Title, About: x.About, Questions: slices.Clone(x.Questions), State: Asked}
		if keep {
			out[i].Unit = x.Unit
		}
	}
	return out
}
