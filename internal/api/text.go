package api

import (
	"fmt"

	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/support"
	"gongjian/internal/task"
)

// Text is what a memorandum says, as one party drafts it.
type Text struct {
	Title    string       `json:"title" maxLength:"400"`
	Kind     string       `json:"kind" maxLength:"100" doc:"As the document calls itself."`
	Parties  []TextParty  `json:"parties" nullable:"false" maxItems:"60"`
	Preamble string       `json:"preamble,omitempty" maxLength:"50000"`
	Clauses  []TextClause `json:"clauses" nullable:"false" maxItems:"400"`
	Closing  string       `json:"closing,omitempty" maxLength:"50000"`
	Years    int          `json:"years,omitempty" minimum:"0" maximum:"100" doc:"The term, counted from the day of signing."`
	Until    string       `json:"until,omitempty" format:"date" doc:"The last day of the term. Without years and until it is open-ended."`
}

// TextParty is one side as the text names it.
type TextParty struct {
	Unit   string `json:"unit" maxLength:"128"`
	Name   string `json:"name" maxLength:"400" doc:"As printed."`
	Called string `json:"called,omitempty" maxLength:"40" doc:"甲方, 乙方"`
	Order  int    `json:"order,omitempty" doc:"Of signing; parties of the same number sign in any order."`
}

// TextClause is a clause of a text. One that goes on from a version keeps its id, a
// new one has none.
type TextClause struct {
	ID          string           `json:"id,omitempty" maxLength:"128"`
	No          string           `json:"no" maxLength:"40" doc:"As printed."`
	Level       int              `json:"level,omitempty" minimum:"0" maximum:"9" doc:"1 for 条, 2 for （一）, 3 for 1."`
	Text        string           `json:"text" maxLength:"50000"`
	Commitments []TextCommitment `json:"commitments,omitempty" maxItems:"100"`
}

// TextCommitment is what is owed under a clause of a text.
type TextCommitment struct {
	ID       string       `json:"id,omitempty" maxLength:"128"`
	Obligor  string       `json:"obligor" maxLength:"128"`
	Joint    []string     `json:"joint,omitempty" maxItems:"60" doc:"Further obligors."`
	Confirms string       `json:"confirms,omitempty" maxLength:"128"`
	Text     string       `json:"text" maxLength:"20000"`
	Deadline string       `json:"deadline,omitempty" maxLength:"400" doc:"As printed."`
	Target   string       `json:"target,omitempty" maxLength:"400" doc:"As printed."`
	Support  *TextSupport `json:"support,omitempty"`
	Measure  string       `json:"measure,omitempty" maxLength:"128" doc:"The chosen measure that it was made from."`
	Carried  string       `json:"carried,omitempty" maxLength:"128" doc:"The commitment of the earlier memorandum that it goes on with."`
}

// TextSupport is what a commitment promises beside deeds.
type TextSupport struct {
	Kind  string `json:"kind" enum:"land,money,posts,equipment,policy"`
	Value string `json:"value,omitempty" maxLength:"30" doc:"A decimal: money in 元, everything else in unit. Absent: no figure is said."`
	Unit  string `json:"unit,omitempty" maxLength:"20"`
	Year  int    `json:"year,omitempty" minimum:"0" maximum:"2999" doc:"Budget year; absent: once and for all."`
	Words string `json:"words,omitempty" maxLength:"2000" doc:"As printed."`
}

// fen is how many ten-thousandths of a yuan one fen (分) has: money is kept in fen.
const fen = 100

func showText(t memo.Text) Text {
	out := Text{
		Title: t.Title, Kind: t.Kind, Preamble: t.Preamble, Closing: t.Closing, Years: t.Term.Years, Until: t.Term.Until.String(),
		Parties: []TextParty{}, Clauses: []TextClause{},
	}
	for _, p := range t.Parties {
		out.Parties = append(out.Parties, TextParty{Unit: string(p.Unit), Name: p.Name, Called: p.Called, Order: p.Order})
	}
	for _, c := range t.Clauses {
		x := TextClause{ID: string(c.ID), No: c.No, Level: c.Level, Text: c.Text}
		for _, k := range c.Commitments {
			x.Commitments = append(x.Commitments, TextCommitment{
				ID: string(k.ID), Obligor: string(k.Obligor), Joint: texts(k.Joint), Confirms: string(k.Confirms), Text: k.Text, Deadline: k.Deadline, Target: k.Target,
				Support: showPromise(k.Support), Measure: k.Measure, Carried: string(k.Carried),
			})
		}
		out.Clauses = append(out.Clauses, x)
	}
	return out
}

func showPromise(s *memo.Support) *TextSupport {
	if s == nil {
		return nil
	}
	out := &TextSupport{Kind: string(s.Kind), Unit: s.Unit, Year: s.Year, Words: s.Words}
	switch {
	case s.Amount == 0:
	case s.Kind == memo.Money:
		out.Value = task.Quantity(s.Amount * fen).String()
	default:
		out.Value = task.Quantity(s.Amount).String()
	}
	return out
}

// readText reads a text; what is wrong with it is gathered in f.
func readText(f *fields, t Text) memo.Text {
	out := memo.Text{
		Title: t.Title, Kind: t.Kind, Preamble: t.Preamble, Closing: t.Closing,
		Term: memo.Term{Years: t.Years, Until: f.day(t.Until, "until")}, Clauses: readClauses(f, t.Clauses),
	}
	for _, p := range t.Parties {
		out.Parties = append(out.Parties, memo.Party{Unit: org.UnitID(p.Unit), Name: p.Name, Called: p.Called, Order: p.Order})
	}
	return out
}

func readClauses(f *fields, all []TextClause) (out []memo.Clause) {
	for i, c := range all {
		x := memo.Clause{ID: memo.ClauseID(c.ID), No: c.No, Level: c.Level, Text: c.Text, Position: i + 1}
		for j, k := range c.Commitments {
			x.Commitments = append(x.Commitments, memo.Commitment{
				ID: memo.CommitmentID(k.ID), Clause: x.ID, Obligor: org.UnitID(k.Obligor), Joint: ids[org.UnitID](k.Joint), Confirms: org.UnitID(k.Confirms), Text: k.Text,
				Deadline: k.Deadline, Target: k.Target, Support: readPromise(f, k.Support, fmt.Sprintf("clauses[%d].commitments[%d].support.value", i, j)),
				Measure: k.Measure, Carried: memo.CommitmentID(k.Carried),
			})
		}
		out = append(out, x)
	}
	return out
}

// readPromise reads what a commitment promises; the interface writes money in yuan.
func readPromise(f *fields, s *TextSupport, field string) *memo.Support {
	if s == nil {
		return nil
	}
	kind, unit := memo.SupportKind(s.Kind), s.Unit
	faults := len(f.wrong)
	if s.Value != "" {
		f.decimal(s.Value, field)
		if kind == memo.Money {
			unit = "元"
		}
	}
	out, ok := support.ReadPromise(kind, s.Value, unit)
	if !ok && len(f.wrong) == faults {
		f.refuse("request.decimal", field)
	}
	out.Year, out.Words = s.Year, s.Words
	return &out
}
