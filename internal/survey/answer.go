package survey

import (
	"slices"
	"strings"
	"time"

	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// Answer is what a unit says to one question. Which of the fields count follows
// from the question's kind.
type Answer struct {
	Question string         `json:"question"`
	Value    *task.Quantity `json:"value,omitempty"`
	Before   *task.Quantity `json:"before,omitempty"` // of the year before
	Source   string         `json:"source,omitempty"` // where the figure is from, or why there is none
	None     bool           `json:"none,omitempty"`   // 无此数据: there is nothing to give, Source says why
	Words    string         `json:"words,omitempty"`
	Choices  []string       `json:"choices,omitempty"`
	Codes    []string       `json:"codes,omitempty"` // of industries
	Firms    []Firm         `json:"firms,omitempty"`
	Files    []File         `json:"files,omitempty"`

	Person org.PersonID `json:"-"` // who wrote it last
	At     time.Time    `json:"-"`
}

// Firm is an enterprise (企业) with its numbers. The old one is for enterprises that
// have no credit code, or in papers from before it.
type Firm struct {
	Name string `json:"name"`
	Code string `json:"code,omitempty"` // 统一社会信用代码
	Old  string `json:"old,omitempty"`  // 注册号 or 组织机构代码
}

// File is a document that an answer rests on, by its hash.
type File struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Empty reports whether nothing was said.
func (a Answer) Empty() bool {
	return a.Value == nil && a.Before == nil && a.Source == "" && !a.None && a.Words == "" &&
		len(a.Choices) == 0 && len(a.Codes) == 0 && len(a.Firms) == 0 && len(a.Files) == 0
}

// Same reports whether two answers say the same, whoever wrote them.
func (a Answer) Same(b Answer) bool {
	return equal(a.Value, b.Value) && equal(a.Before, b.Before) && a.Source == b.Source && a.None == b.None && a.Words == b.Words &&
		slices.Equal(a.Choices, b.Choices) && slices.Equal(a.Codes, b.Codes) && slices.Equal(a.Firms, b.Firms) && slices.Equal(a.Files, b.Files)
}

func equal(a, b *task.Quantity) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// Answers are the answers of a survey by question.
type Answers map[string]Answer

// CheckDraft returns the answers of a section with their codes in plain form, or
// what cannot be read in them. Nothing has to be complete: it is a draft.
func (x Section) CheckDraft(all []Answer, industries Industries) ([]Answer, error) {
	var l fault.List
	out := []Answer{}
	for _, a := range all {
		i := slices.IndexFunc(x.Questions, func(q Question) bool { return q.Key == a.Question })
		if i < 0 || a.Empty() {
			continue
		}
		a, wrong := x.Questions[i].read(a, industries)
		l = append(l, wrong...)
		out = append(out, a)
	}
	return out, l.Err()
}

// read brings an answer into the form of its question: what another kind of question
// would be answered with is dropped.
func (q Question) read(a Answer, industries Industries) (Answer, fault.List) {
	var l fault.List
	add := func(err error) {
		if f, ok := err.(*fault.Fault); ok {
			l = append(l, f.On(q.Key))
		}
	}
	kept := Answer{Question: q.Key, None: a.None, Source: strings.TrimSpace(a.Source), Person: a.Person, At: a.At}
	if a.None {
		return kept, nil
	}
	switch q.Kind {
	case Figure:
		kept.Value = a.Value
		if q.Before {
			kept.Before = a.Before
		}
	case Text:
		kept.Words = strings.TrimSpace(a.Words)
	case Choice:
		for _, c := range a.Choices {
			if !slices.Contains(q.Choices, c) {
				add(fault.New(fault.Invalid, "survey.choice-unknown", "Text", c))
			}
		}
		if kept.Choices = a.Choices; !q.Several && len(a.Choices) > 1 {
			add(fault.New(fault.Invalid, "survey.choice-one"))
		}
	case IndustryCodes:
		for _, c := range a.Codes {
			code, err := industries.Read(c)
			add(err)
			if err == nil && !slices.Contains(kept.Codes, code) {
				kept.Codes = append(kept.Codes, code)
			}
		}
	case Firms:
		for _, f := range a.Firms {
			f, err := readFirm(f)
			add(err)
			kept.Firms = append(kept.Firms, f)
		}
	case Files:
		kept.Files, kept.Words = a.Files, strings.TrimSpace(a.Words)
	}
	return kept, l
}

// readFirm checks the numbers of an enterprise; without any it is taken by its name.
func readFirm(f Firm) (Firm, error) {
	f.Name = strings.TrimSpace(f.Name)
	if f.Name == "" {
		return f, fault.New(fault.Invalid, "survey.firm-unnamed", "Code", f.Code+f.Old)
	}
	var err error
	if f.Code != "" {
		if f.Code, err = CheckCreditCode(f.Code); err != nil {
			return f, err
		}
	}
	if f.Old != "" {
		f.Old, err = CheckOldCode(f.Old)
	}
	return f, err
}

// CheckComplete reports what keeps a section from being handed in.
//
// Rule SV-01 (statistics practice; 统计法 art. 7, figures must be true and complete): a
// required question is answered, or says why it cannot be; a figure names its source.
func (x Section) CheckComplete(all []Answer) error {
	var l fault.List
	for _, q := range x.Questions {
		i := slices.IndexFunc(all, func(a Answer) bool { return a.Question == q.Key })
		var a Answer
		if i >= 0 {
			a = all[i]
		}
		switch {
		case a.None && strings.TrimSpace(a.Source) == "":
			l = append(l, fault.New(fault.Invalid, "survey.none-unexplained").On(q.Key))
		case a.None:
		case !q.answered(a):
			if q.Required {
				l = append(l, fault.New(fault.Invalid, "survey.answer-missing").On(q.Key))
			}
		case q.Kind == Figure && strings.TrimSpace(a.Source) == "":
			l = append(l, fault.New(fault.Invalid, "survey.source-missing").On(q.Key))
		}
	}
	return l.Err()
}

// answered reports whether a says something to q.
func (q Question) answered(a Answer) bool {
	switch q.Kind {
	case Figure:
		return a.Value != nil
	case Text:
		return a.Words != ""
	case Choice:
		return len(a.Choices) > 0
	case Files:
		return len(a.Files) > 0
	case IndustryCodes:
		return len(a.Codes) > 0
	case Firms:
		return len(a.Firms) > 0
	}
	return false
}

// Answered returns how many of a section's questions are answered.
func (x Section) Answered(all Answers) (n int) {
	for _, q := range x.Questions {
		if a, ok := all[q.Key]; ok && (a.None || q.answered(a)) {
			n++
		}
	}
	return n
}

// Changed returns the answers of a section that say something else than before; one
// that was taken back is there, empty.
func (x Section) Changed(old Answers, given []Answer) (out []Answer) {
	for _, q := range x.Questions {
		i := slices.IndexFunc(given, func(a Answer) bool { return a.Question == q.Key })
		before, was := old[q.Key]
		switch {
		case i >= 0 && !(was && before.Same(given[i])):
			out = append(out, given[i])
		case i < 0 && was:
			out = append(out, Answer{Question: q.Key})
		}
	}
	return out
}
