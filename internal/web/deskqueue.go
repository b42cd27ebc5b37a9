package web

import (
	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

// queueCounted is how far a queue of the desk is counted.
const queueCounted = 50

// unitQueues are the things of memorandums that wait for the reader's unit, whatever
// the post: an answer, a signature, an approval, an opinion. Only those that there are.
func (q *request) unitQueues() (lines []page.QueueLine, waits int, err error) {
	for _, queue := range []func() (page.QueueLine, int, error){q.turnQueue, q.signQueue, q.planQueue, q.letterQueue, q.opinionQueue} {
		l, n, err := queue()
		if err != nil {
			return nil, 0, err
		}
		if n > 0 {
			lines, waits = append(lines, l), waits+n
		}
	}
	return lines, waits, nil
}

// unitQueue is one of them: how much there is, what the first is called and since when
// it waits (zero: not told).
func (q *request) unitQueue(key string, n int, state string, since calendar.Date, to string) (page.QueueLine, int, error) {
	l := page.QueueLine{Name: q.p.T("desk.queue." + key), Count: q.p.Number(int64(n)), Some: true, State: clip(state, 30), Open: page.Linked(q.p.T("desk.open"), to)}
	if !since.IsZero() {
		l.Wait = q.p.T("desk.waited", "n", q.server.store.Workdays().Between(since, q.view.Today()))
	}
	return l, n, nil
}

func (q *request) turnQueue() (page.QueueLine, int, error) {
	all, err := q.view.OurTurns(q.Context(), queueCounted)
	if err != nil || len(all) == 0 {
		return page.QueueLine{}, 0, err
	}
	return q.unitQueue("turn", len(all), all[0].Title, all[0].Since, versionHref(all[0].Version))
}

func (q *request) signQueue() (page.QueueLine, int, error) {
	all, err := q.view.VersionsToSign(q.Context(), queueCounted)
	if err != nil || len(all) == 0 {
		return page.QueueLine{}, 0, err
	}
	return q.unitQueue("sign", len(all), all[0].Title, all[0].Since, memorandumHref(all[0].Memorandum)+"/sign")
}

func (q *request) planQueue() (page.QueueLine, int, error) {
	all, err := q.view.PlansBeforeUs(q.Context(), queueCounted)
	if err != nil || len(all) == 0 {
		return page.QueueLine{}, 0, err
	}
	return q.unitQueue("approve", len(all), all[0].Title, all[0].Since, "/plans/"+string(all[0].ID)+"/approval")
}

func (q *request) letterQueue() (page.QueueLine, int, error) {
	all, err := q.view.LettersToSign(q.Context(), queueCounted)
	if err != nil || len(all) == 0 {
		return page.QueueLine{}, 0, err
	}
	first, to := all[0], "/letters/sign"
	if len(all) == 1 {
		to = "/letters/" + string(first.ID)
	}
	return q.unitQueue("letter", len(all), q.p.Dots(q.p.T("letter.year", "year", first.Year), first.TakerName), first.Given, to)
}

func (q *request) opinionQueue() (page.QueueLine, int, error) {
	all, err := q.view.AskedOpinions(q.Context(), true, store.OpinionKey{}, queueCounted)
	if err != nil || len(all) == 0 {
		return page.QueueLine{}, 0, err
	}
	last := all[len(all)-1] // the newest stands first
	return q.unitQueue("opinion", len(all), last.Title, last.AskedOn, "/opinions")
}

// takesPart reports whether the post does any of a unit's work with memorandums.
func (q *request) takesPart() bool {
	return q.caller.Has(org.Clerk) || q.caller.Has(org.Office) || q.caller.Has(org.Verifier) || q.caller.Has(org.Leader)
}
