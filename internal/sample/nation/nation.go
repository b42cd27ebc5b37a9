// Package nation makes sample data of any size (大规模示例数据): a province, or all
// provinces with their cities and counties, and N tasks of two years, to measure
// and to look at.
//
// Words. A land (辖区) is a province, city or county with its units and those below
// it. A share (份额) is how many trees and single rows a land's plans of a year have.
// A leaf (末级任务) is a task that nobody has split: it is reported.
//
// Laws. The same seed and number give the same rows. Nothing is chosen by the
// clock or by chance but by dice thrown from the seed and the place. Reports and
// verdicts are made by the functions of package task that acts use, figures, lights
// and scorecards by those of the store, and the journal verifies.
//
// Imperfect. Nobody played this: the journal holds founding, memorandums, plans,
// reports, verdicts, schemes and runs; that units signed for tasks (签收) and split
// them stands in the rows only. Ids, and the journal, are in the order of making:
// by year, province and plan, not by the hour. Each province has its own bureau at
// the top; a national one above it is not a thing that this system has.
package nation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/journal"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"

	"golang.org/x/mod/sumdb/note"
)

// OneProvince is the largest number of tasks for which one province is made.
const OneProvince = 60_000

// Most is the largest number of tasks.
const Most = 10_000_000

// home is the province that stands alone where there is one.
const home org.RegionCode = "510000"

// Plan says what is to be made.
type Plan struct {
	Tasks int
	Seed  uint64
	Files []task.Evidence // kept files that reports name; their content is Files's
}

// maker makes the data.
type maker struct {
	ids
	load     *store.Loader
	rules    task.Ruleset
	workdays calendar.Workdays
	present  time.Time
	today    calendar.Date
	seed     uint64
	files    []task.Evidence
	lands    []*land // the provinces
	people   people
	scores   scores
	err      error // the first that went wrong; what follows does nothing
}

// Load fills an empty database. The store's clock says which day it is: a day in
// the second of the two years that the tasks are of. It returns the posts that a
// visitor may step into, in the order of the sign-in page.
func Load(ctx context.Context, st *store.Store, signer note.Signer, p Plan) ([]org.PostID, error) {
	if p.Tasks < 1 || p.Tasks > Most {
		return nil, fmt.Errorf("nation: the number of tasks must be from 1 to %d", Most)
	}
	if len(p.Files) == 0 {
		return nil, errors.New("nation: reports need files to name")
	}
	m := &maker{rules: st.Rules(), workdays: st.Workdays(), present: st.Now(), today: st.Today(), seed: p.Seed, files: p.Files}
	m.ids = ids{seed: p.Seed}
	if err := m.settle(p.Tasks <= OneProvince); err != nil {
		return nil, err
	}
	err := st.Load(ctx, signer, func(l *store.Loader) error {
		m.load = l
		for _, f := range p.Files {
			m.try(l.Evidence(f))
		}
		m.found()
		m.work(p.Tasks)
		return m.err
	})
	return m.shown(), err
}

// Files are the contents of the files that reports name, few for all of them.
func Files() (out [][]byte) {
	for i := range 48 {
		out = append(out, fmt.Appendf(nil, "示例佐证材料 第%d号\n本文件为演示数据，不是真实公文。\n", i+1))
	}
	return out
}

func (m *maker) try(err error) {
	if m.err == nil {
		m.err = err
	}
}

// work makes plans and tasks year by year, province by province.
func (m *maker) work(tasks int) {
	years := []int{m.today.Year - 1, m.today.Year}
	counts := []int{tasks / 2, tasks - tasks/2}
	var shares []map[org.RegionCode]share
	for _, n := range counts {
		shares = append(shares, m.divide(n))
	}
	m.enterSchemes(years[0])
	for _, p := range m.lands {
		m.signMemorandums(p, years[0], func(l *land) int { return max(shares[0][l.Code].plans(), shares[1][l.Code].plans()) })
	}
	for i, y := range years {
		for _, p := range m.lands {
			m.scores.begin(m, y)
			for _, l := range p.planning() {
				m.plans(l, y, shares[i][l.Code])
			}
			m.scores.end(m, p)
		}
	}
}

// enter writes an entry of the journal: what somebody did at a moment, by a policy.
func (m *maker) enter(at time.Time, by seat, action org.Action, policy string, detail any, subjects ...journal.Subject) string {
	b, err := json.Marshal(detail)
	m.try(err)
	e := journal.Entry{
		ID: m.next(), At: at.UTC().Truncate(time.Microsecond), Action: string(action), Outcome: journal.Done, Policy: policy,
		Person: string(by.person), Post: string(by.post), Unit: string(by.unit), Subjects: subjects, Detail: b,
	}
	if m.err == nil {
		m.try(m.load.Entry(e))
	}
	return e.ID
}

// moment is a time of a civil day in China.
func moment(d calendar.Date, hour, minute int) time.Time {
	return time.Date(d.Year, d.Month, d.Day, hour, minute, 0, 0, calendar.China).UTC()
}
