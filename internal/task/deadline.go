package task

import "gongjian/internal/calendar"

// DeadlineKind says what the words of a deadline (完成时限) mean.
type DeadlineKind string

// The kinds. The words stay beside them in Deadline.Text, whatever the kind.
const (
	DeadlineNone      DeadlineKind = "none"      // blank, —, 无
	DeadlineByDate    DeadlineKind = "by-date"   // 2010年6月底前: Date is the last day that is in time
	DeadlineRecurring DeadlineKind = "recurring" // 每月28日前: Every
	DeadlineStanding  DeadlineKind = "standing"  // 长期坚持
	DeadlineRange     DeadlineKind = "range"     // 3月至11月: From, Date
	DeadlineRelative  DeadlineKind = "relative"  // 签署后三十日内: Relative, until its starting day is known
	DeadlineUnparsed  DeadlineKind = "unparsed"  // 汛期前: nobody guesses; the office is asked
)

// Deadline is a 完成时限: the original words and what they mean.
type Deadline struct {
	Text          string        `json:"text"`
	Kind          DeadlineKind  `json:"kind"`
	Date          calendar.Date `json:"date"`
	From          calendar.Date `json:"from"`
	Every         string        `json:"every"` // month, two-months, quarter, half-year, year; "" unless recurring
	StandingAfter bool          `json:"standing_after"`
	Relative      *Relative     `json:"relative"`
}

// Relative is a deadline counted from an event. One of the lengths is set.
type Relative struct {
	To       string `json:"to"` // signing, receipt, approval, issue
	Days     int    `json:"days,omitempty"`
	Workdays int    `json:"workdays,omitempty"`
	Months   int    `json:"months,omitempty"`
	Years    int    `json:"years,omitempty"`
}
