package task

import "gongjian/internal/calendar"

// Colour is a light's state. Words, thresholds and tints are a province's
// configuration; the five states and their shapes are ours.
type Colour string

// The colours. Grey is shown where no light can be given (未到期, 未定期限).
const (
	Green  Colour = "green"
	Yellow Colour = "yellow"
	Red    Colour = "red"
	Blue   Colour = "blue" // finished (办结)
	Grey   Colour = "grey"
)

// Say is one sentence to a reader, as a key of the text files with typed arguments.
type Say struct {
	Key    string                   `json:"key"`
	Number map[string]Quantity      `json:"number,omitempty"`
	Date   map[string]calendar.Date `json:"date,omitempty"`
	Count  map[string]int           `json:"count,omitempty"`
	Word   map[string]string        `json:"word,omitempty"`
}

// Step is a cumulative value from a day on.
type Step struct {
	On    calendar.Date
	Value Quantity
}

// PeriodFact says what became of one reporting period.
type PeriodFact struct {
	Period   calendar.Period
	Due      calendar.Date // last day in time
	Reported calendar.Date // first day on which a report was handed in and not taken back; zero: none
}

// Facts are all that a light rests on. They may hold events after the day asked
// for; LightAt looks at none of them.
type Facts struct {
	Deadline DeadlineKind
	Every    string        // of a recurring deadline: the course moves by this step; "" moves by months
	Standing bool          // no end: standing, or by-date and standing afterwards
	Start    calendar.Date // first day of the course
	Due      calendar.Date // zero when there is none
	Target   *Target
	Claimed  []Step // by day handed in, ascending
	Verified []Step // by day verified, ascending
	Finished calendar.Date
	Periods  []PeriodFact // ascending; as far as they are known
	Coming   PeriodFact   // the period after them, the next one to begin; zero: none
	split    bool         // the figures are those of parts
}

// Rule is a dated rule for lights (亮灯规则).
type Rule struct {
	ID          string        `json:"id"`
	Name        string        `json:"name"`
	Version     int           `json:"version"`
	From        calendar.Date `json:"from"`
	GreenShare  int           `json:"green_share"`  // verified per hundred expected from which it is green
	YellowShare int           `json:"yellow_share"` // … from which it is yellow; below is red
	NearDays    int           `json:"near_days"`    // working days before the deadline within which an unfinished task without a figure is yellow
	RedMissed   int           `json:"red_missed"`   // missed periods at once from which it is red; one less, down to one, is yellow
}

// Light is the answer for one task on one day.
type Light struct {
	Colour   Colour        `json:"colour"`
	On       calendar.Date `json:"on,omitzero"` // zero of one that is kept
	Rule     string        `json:"rule"`
	Version  int           `json:"version"`
	Expected Quantity      `json:"expected"` // where the course says the figure should be; meaningful when HasCourse
	Course   bool          `json:"course"`
	By       calendar.Date `json:"by"`      // the day that Expected was due: the last end of a step; zero without a course
	Why      []Say         `json:"why"`     // the first is the one that decided
	Changes  []Say         `json:"changes"` // what would make it better, and what will make it worse
}
