package assess

import (
	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// Scorecard is the result for one subject (考核表). Every point of Exact stands
// in one of the Lines that are not headings.
type Scorecard struct {
	Subject org.RegionCode `json:"subject"`
	Scheme  SchemeID       `json:"scheme"`
	Version int            `json:"version"`
	AsOf    calendar.Date  `json:"as_of"`
	Lines   []Line         `json:"lines,omitempty"` // in printed order, headings before what stands under them
	Exact   Points         `json:"exact"`           // sum of the rounded lines: 86.46
	Total   Points         `json:"total"`           // as published: 86.5
	Grade   string         `json:"grade"`           // "" while the card is open
	Capped  []string       `json:"capped,omitempty"`
	// Open are the numbers of the items nobody has scored yet. Total counts them
	// as nothing so far, and nothing may be published.
	Open   []string `json:"open,omitempty"`
	Digest string   `json:"digest"` // SHA-256 in hex of scheme, inputs and this card without it and without Calc and Why
}

// State says whether a line has its points.
type State string

// The states of a line.
const (
	Scored    State = "scored"
	StillOpen State = "open"   // not yet scored; not the same as zero
	Exempt    State = "exempt" // the subject has no such business
)

// Line is one item's or heading's row of a scorecard.
type Line struct {
	No     string     `json:"no"`
	Title  string     `json:"title"`
	Words  string     `json:"words,omitempty"`
	Depth  int        `json:"depth"` // 0 for the top
	Kind   Kind       `json:"kind"`
	Points Points     `json:"points"` // full marks after scaling; for bonus and deduction the limit, zero for none
	Got    Points     `json:"got"`
	Lost   Points     `json:"lost"` // score: Points − Got; deduction: −Got; zero for a line that is open
	State  State      `json:"state"`
	Calc   []task.Say `json:"calc,omitempty"` // how Got comes about
	Refs   []Ref      `json:"refs,omitempty"`
	Why    *task.Say  `json:"why,omitempty"` // why points are lost, or why the line is open or exempt
}

// Ref leads from a line to what it rests on.
type Ref struct {
	Kind  RefKind `json:"kind"`
	ID    string  `json:"id"`
	Label string  `json:"label"`
}

// RefKind is what a Ref names.
type RefKind string

// What a line may rest on.
const (
	RefTask       RefKind = "task"
	RefReport     RefKind = "report"
	RefEvidence   RefKind = "evidence"
	RefOccurrence RefKind = "occurrence"
	RefJudgement  RefKind = "judgement" // ID is the number of the item
)

// IsOpen reports whether an item still waits for its points (未评完).
func (c Scorecard) IsOpen() bool { return len(c.Open) > 0 }

// Line finds a line by its number.
func (c Scorecard) Line(no string) (Line, bool) {
	for _, l := range c.Lines {
		if l.No == no {
			return l, true
		}
	}
	return Line{}, false
}

// Headline returns the item that lost most points (失分最多的一项), the first of
// equals; false when nothing is lost.
func Headline(c Scorecard) (Line, bool) {
	var worst Line
	found := false
	for _, l := range c.Lines {
		if l.Kind == Heading || !l.Lost.IsPositive() {
			continue
		}
		if !found || worst.Lost.Less(l.Lost) {
			worst, found = l, true
		}
	}
	return worst, found
}
