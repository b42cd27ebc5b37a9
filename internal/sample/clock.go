package sample

import (
	"container/heap"
	"hash/fnv"
	"time"

	"gongjian/internal/calendar"
)

// clock shows the sample's time: it stands at what is happening and moves a few
// seconds with every act, so that no two acts share an instant.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

// reach moves the clock to a moment, or a little on when it is past that already.
func (c *clock) reach(t time.Time) {
	if next := c.at.Add(time.Second); t.Before(next) {
		t = next
	}
	c.at = t
}

// tick lets the time pass that a person needs for the next of several acts.
func (c *clock) tick() { c.at = c.at.Add(20 * time.Second) }

// event is something that will happen.
type event struct {
	at   time.Time
	turn int // order in which events of one moment were noted down
	do   func() error
}

// agenda holds what will happen, soonest first.
type agenda []event

func (a agenda) Len() int { return len(a) }
func (a agenda) Less(i, j int) bool {
	if !a[i].at.Equal(a[j].at) {
		return a[i].at.Before(a[j].at)
	}
	return a[i].turn < a[j].turn
}
func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }

// Push and Pop are for package heap.
func (a *agenda) Push(x any) { *a = append(*a, x.(event)) }

// Pop is for package heap.
func (a *agenda) Pop() any {
	old := *a
	e := old[len(old)-1]
	*a = old[:len(old)-1]
	return e
}

// note puts something on the agenda.
func (w *world) note(at time.Time, do func() error) {
	w.turn++
	heap.Push(&w.agenda, event{at, w.turn, do})
}

// run lets everything on the agenda happen, each at its time. What happens may
// note more.
func (w *world) run() error {
	for len(w.agenda) > 0 {
		e := heap.Pop(&w.agenda).(event)
		if !e.at.Before(present) {
			continue // the sample ends here: what would come later does not happen
		}
		w.clock.reach(e.at)
		if err := e.do(); err != nil {
			return err
		}
	}
	return nil
}

// moment is a time of a civil day in China.
func moment(d calendar.Date, hour, minute int) time.Time {
	return time.Date(d.Year, d.Month, d.Day, hour, minute, 0, 0, calendar.China)
}

// someTime is a time in the working hours of a day, always the same for the same words.
func someTime(d calendar.Date, words ...string) time.Time {
	m := pick(420, append(words, d.String())...) // seven hours: the break at noon is taken out
	if m >= 180 {
		m += 120
	}
	return moment(d, 9, 0).Add(time.Duration(m)*time.Minute + time.Duration(pick(60, words...))*time.Second)
}

// pick chooses a number below n by words: it is as good as chance and always the same.
func pick(n int, words ...string) int {
	h := fnv.New64a()
	for _, s := range words {
		h.Write([]byte(s)) // never fails
		h.Write([]byte{0})
	}
	v := h.Sum64()
	v ^= v >> 31
	v *= 0x9e3779b97f4a7c15
	return int((v >> 33) % uint64(n))
}
