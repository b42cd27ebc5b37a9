package scenarios

import (
	"strings"
	"testing"
	"time"

	"gongjian/internal/calendar"
	"gongjian/testkit"
)

// guangan is the life of one memorandum: its people and the addresses that the
// story comes back to.
type guangan struct {
	*world
	t     *testing.T
	admin *visitor

	office, director *visitor // of the province's bureau, which runs it
	city, mayor      *visitor // of 广安's government, the other side
	county, head     *visitor // of 岳池's bureau, the third party, until it is merged

	survey, memorandum, version, plan, batch string    // addresses, and the id of the batch of letters
	signed                                   []byte    // the proof of the memorandum as first signed
	value                                    [2]string // the mayor's signatures: the void one, and the one that stands
	letter                                   string    // of 岳池
}

const (
	bureau     = "四川省质量技术监督局"
	cityGov    = "广安市人民政府"
	cityOffice = "广安市质量技术监督局"
	yuechi     = "岳池县质量技术监督局"
	commerce   = "岳池县工商行政管理局"
	successor  = "岳池县市场监督管理局"
)

// 广安, from an empty survey to the renewal. The province's bureau (甲方), the city's
// government (乙方) and the bureau of 岳池 (丙方), which is merged on the way.
func TestGuanganFromTheSurveyToTheRenewal(t *testing.T) {
	for _, engine := range testkit.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) {
			w := start(t, engine.Address, time.Date(2016, 3, 1, 10, 0, 0, 0, calendar.China))
			g := &guangan{world: w, t: t, admin: w.chief()}
			g.office = appoint(g.admin, bureau, "合作办", "province-office", "office", "verifier")
			g.director = appoint(g.admin, bureau, "局长", "director", "leader")
			g.city = appoint(g.admin, cityGov, "政府合作办", "city-office", "office", "verifier")
			g.mayor = appoint(g.admin, cityGov, "市长", "mayor", "leader")
			g.county = appoint(g.admin, yuechi, "县局合作办", "county-office", "office", "clerk")
			g.head = appoint(g.admin, yuechi, "县局局长", "county-head", "leader")

			g.surveyed()
			g.measured()
			g.proposed()
			g.countered()
			g.consulted()
			g.signing()
			g.proven()
			g.planned()
			g.lettered()
			g.delivered()
			g.supported()
			g.merged()
			g.amended()
			g.renewed()
		})
	}
}

// refused demands that the page answers with this status and holds the words.
func (v *visitor) refused(status int, words ...string) *visitor {
	v.t.Helper()
	if v.status != status {
		v.t.Fatalf("%s answers %d, not %d:\n%s", v.path, v.status, status, v.text())
	}
	v.status = 200
	v.see(words...)
	v.status = status
	return v
}

// here is the address without its question.
func (v *visitor) here() string {
	path, _, _ := strings.Cut(v.path, "?")
	return path
}
