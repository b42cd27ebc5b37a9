package task

import (
	"slices"
	"testing"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"

	"pgregory.net/rapid"
)

// inForce is a memorandum of two parties with commitments of the given deadlines.
func inForce(deadlines ...string) memo.Memorandum {
	m := memo.Memorandum{Parties: []org.UnitID{"bureau", "city"}, Office: "bureau", Signed: calendar.NewDate(2010, 1, 6)}
	c := memo.Clause{ID: "c", No: "第一条"}
	for i, d := range deadlines {
		c.Commitments = append(c.Commitments, memo.Commitment{ID: memo.CommitmentID(rune('a' + i)), Obligor: "city", Confirms: "bureau", Text: "建设检验中心", Deadline: d})
	}
	m.Clauses = []memo.Clause{c}
	return m
}

// readAs knows the few words of these tests.
func readAs(words string, year int) Deadline {
	d := Deadline{Text: words, Kind: DeadlineUnparsed}
	switch words {
	case "10月底前":
		d.Kind, d.Date = DeadlineByDate, calendar.NewDate(year, 10, 31)
	case "2011年底前":
		d.Kind, d.Date = DeadlineByDate, calendar.NewDate(2011, 12, 31)
	case "每季度":
		d.Kind, d.Every = DeadlineRecurring, "quarter"
	case "长期坚持":
		d.Kind = DeadlineStanding
	case "签署后三十日内":
		d.Kind, d.Relative = DeadlineRelative, &Relative{To: "signing", Days: 30}
	}
	return d
}

var reading = Reading{Deadline: readAs, Target: func(s string) *Target { return &Target{Text: s} }}

func TestWhatFallsDueInAYearIsOffered(t *testing.T) { // Rule IF-01
	for _, c := range []struct {
		words  string
		year   int
		done   bool
		why    OfferKind // "" is not offered
		due    calendar.Date
		ticked bool
	}{
		{"10月底前", 2010, false, OfferDue, calendar.NewDate(2010, 10, 31), true},
		{"10月底前", 2011, false, OfferOverdue, calendar.NewDate(2010, 10, 31), true},
		{"10月底前", 2011, true, "", calendar.Date{}, false},
		{"2011年底前", 2010, false, OfferLater, calendar.NewDate(2011, 12, 31), false},
		{"2011年底前", 2011, false, OfferDue, calendar.NewDate(2011, 12, 31), true},
		{"每季度", 2011, true, OfferRecurring, calendar.NewDate(2011, 12, 31), true},
		{"长期坚持", 2012, true, OfferStanding, calendar.Date{}, true},
		{"签署后三十日内", 2010, false, OfferDue, calendar.NewDate(2010, 2, 5), true},
		{"", 2010, false, OfferUndated, calendar.Date{}, false},
		{"汛期前", 2010, false, OfferUndated, calendar.Date{}, false},
		{"", 2011, true, "", calendar.Date{}, false},
	} {
		got := Offers(inForce(c.words), c.year, map[memo.CommitmentID]Served{"a": {Done: c.done}}, reading, calendar.Default())
		if c.why == "" {
			if len(got) != 0 {
				t.Errorf("%q in %d is offered: %+v", c.words, c.year, got)
			}
			continue
		}
		if len(got) != 1 || got[0].Why != c.why || got[0].Due != c.due || got[0].Why.Ticked() != c.ticked {
			t.Errorf("%q in %d: %+v", c.words, c.year, got)
		}
	}
}

func TestACommitmentThatThePlanHasIsNotOfferedAgain(t *testing.T) { // Rule IF-01
	m := inForce("10月底前", "长期坚持")
	m.Clauses[0].Commitments[0].Joint = []org.UnitID{"bureau"}
	m.Clauses[0].Commitments[0].Confirms = ""
	got := Offers(m, 2010, map[memo.CommitmentID]Served{"b": {Planned: true}}, reading, calendar.Default())
	if len(got) != 1 || got[0].Commitment != "a" || !slices.Equal(got[0].Leads, []org.UnitID{"city", "bureau"}) || got[0].Supervising != "" {
		t.Fatalf("%+v", got)
	}
}

func TestTheOtherSideConfirmsOrDisputes(t *testing.T) { // Rule IF-05
	stand := TaskStanding{ID: "t", State: InForce, Verified: Count(9), Reported: true}
	city, bureau := []org.UnitID{"city"}, []org.UnitID{"bureau"}
	var all []Confirmation
	say := func(by org.UnitID, kind ConfirmationKind, words string) error {
		c := Confirmation{Task: "t", Party: by, Kind: kind, Verified: stand.Verified, Finished: stand.State == Finished, Words: words}
		err := CheckConfirmation(stand, city, bureau, all, c)
		if err == nil {
			all = append(all, c)
		}
		return err
	}
	want := func(step string, err error, key string) {
		t.Helper()
		if key == "" && err != nil || key != "" && (!fault.Is(err, key)) {
			t.Errorf("%s: %v, want %q", step, err, key)
		}
	}
	unreported := stand
	unreported.Reported = false
	want("nothing verified", CheckConfirmation(unreported, city, bureau, nil, Confirmation{Party: "bureau", Kind: Confirms}), "confirm.nothing-verified")
	want("the own side", say("city", Confirms, ""), "confirm.not-yours")
	want("no dispute", say("city", Answers, "已经补齐证明"), "confirm.nothing-to-answer")
	want("a dispute without reason", say("bureau", Disputes, ""), "reason.too-short")
	want("a dispute", say("bureau", Disputes, "其中两个不是新增"), "")
	want("confirmed without an answer", say("bureau", Confirms, ""), "confirm.wait-for-answer")
	want("somebody else answers", say("bureau", Answers, "已经补齐证明"), "confirm.not-yours-to-answer")
	want("an answer", say("city", Answers, "两个已于五月公告"), "")
	if w := WordOf(stand, bureau, all); !slices.Equal(w.Answered, bureau) || w.Settled() {
		t.Errorf("after the answer: %+v", w)
	}
	want("a confirmation", say("bureau", Confirms, ""), "")
	want("twice", say("bureau", Confirms, ""), "confirm.already")
	stand.Verified = Count(12)
	if w := WordOf(stand, bureau, all); !slices.Equal(w.Missing, bureau) {
		t.Errorf("a new figure is not asked about: %+v", w)
	}
}

func TestWhoConfirmsACommitment(t *testing.T) {
	m := memo.Memorandum{Parties: []org.UnitID{"a", "b", "c"}}
	for _, c := range []struct {
		k    memo.Commitment
		want []org.UnitID
	}{
		{memo.Commitment{Obligor: "a", Confirms: "b"}, []org.UnitID{"b"}},
		{memo.Commitment{Obligor: "a", Joint: []org.UnitID{"b"}}, []org.UnitID{"a", "b"}},
		{memo.Commitment{Obligor: "a"}, []org.UnitID{"b", "c"}},
	} {
		if got := Confirmers(m, c.k); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v", c.k, got)
		}
	}
}

func TestOnWhoseSideACommitmentLies(t *testing.T) { // Rule IF-06
	m := inForce("10月底前")
	k := m.Clauses[0].Commitments[0]
	done := TaskStanding{ID: "t", State: Finished, Office: "bureau", Verified: One, Reported: true}
	confirmed := []Confirmation{{Task: "t", Party: "bureau", Kind: Confirms, Verified: One, Finished: true}}
	disputed := []Confirmation{{Task: "t", Party: "bureau", Kind: Disputes, Verified: One, Finished: true}}
	for name, c := range map[string]struct {
		tasks []TaskStanding
		said  []Confirmation
		want  SideKind
		unit  org.UnitID
	}{
		"no plan":              {nil, nil, SidePlan, "bureau"},
		"withdrawn":            {[]TaskStanding{{ID: "t", State: Withdrawn}}, nil, SidePlan, "bureau"},
		"a draft":              {[]TaskStanding{{ID: "t", State: Draft, Office: "bureau"}}, nil, SideIssue, "bureau"},
		"refused":              {[]TaskStanding{{ID: "t", State: Refused, Office: "bureau"}}, nil, SideRefused, "bureau"},
		"in work":              {[]TaskStanding{{ID: "t", State: InForce, Reporters: []org.UnitID{"luzhou"}}}, nil, SideReport, "luzhou"},
		"reported":             {[]TaskStanding{{ID: "t", State: InForce, Waiting: "bureau"}}, nil, SideVerify, "bureau"},
		"done":                 {[]TaskStanding{done}, nil, SideConfirm, "bureau"},
		"disputed":             {[]TaskStanding{done}, disputed, SideAnswer, "city"},
		"confirmed":            {[]TaskStanding{done}, confirmed, SideSettled, ""},
		"confirmed and a next": {[]TaskStanding{done, {ID: "u", State: Draft, Office: "bureau"}}, confirmed, SideIssue, "bureau"},
	} {
		s := SideOf(m, k, c.tasks, map[ID][]Confirmation{"t": c.said})
		if s.Kind != c.want || c.unit != "" && !slices.Equal(s.Units, []org.UnitID{c.unit}) || c.unit == "" && len(s.Units) != 0 {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

func TestEveryCommitmentLiesOnExactlyOneSide(t *testing.T) { // Rule IF-06
	units := []org.UnitID{"bureau", "city", "farm"}
	rapid.Check(t, func(t *rapid.T) {
		m := inForce(make([]string, rapid.IntRange(0, 5).Draw(t, "n"))...)
		sides, disputed := map[memo.CommitmentID]Side{}, map[memo.CommitmentID]bool{}
		for i := range m.Clauses[0].Commitments {
			k := &m.Clauses[0].Commitments[i]
			if rapid.Bool().Draw(t, "joint") {
				k.Joint, k.Confirms = []org.UnitID{"bureau"}, ""
			}
			var tasks []TaskStanding
			said := map[ID][]Confirmation{}
			for j := range rapid.IntRange(0, 3).Draw(t, "tasks") {
				x := TaskStanding{ID: ID(rune('0' + j)), Office: "bureau", Reported: true, State: rapid.SampledFrom([]State{Draft, Issued, InForce, Refused, Finished, Withdrawn}).Draw(t, "state")}
				if rapid.Bool().Draw(t, "waiting") {
					x.Waiting = rapid.SampledFrom(units).Draw(t, "verifier")
				}
				for range rapid.IntRange(0, 3).Draw(t, "said") {
					said[x.ID] = append(said[x.ID], Confirmation{
						Task: x.ID, Party: rapid.SampledFrom(units).Draw(t, "party"), Finished: rapid.Bool().Draw(t, "finished"),
						Kind: rapid.SampledFrom([]ConfirmationKind{Confirms, Disputes, Answers}).Draw(t, "kind"),
					})
				}
				tasks = append(tasks, x)
			}
			s := SideOf(m, *k, tasks, said)
			if !slices.Contains(SideKinds(), s.Kind) || (s.Kind == SideSettled) != (len(s.Units) == 0) {
				t.Fatalf("%+v", s)
			}
			sides[k.ID] = s
		}
		here, settled := 0, 0
		for _, b := range Balances(m, sides, disputed) {
			here += b.Here
		}
		for _, s := range sides {
			if s.Kind == SideSettled {
				settled++
			}
		}
		if here+settled != len(m.Clauses[0].Commitments) {
			t.Fatalf("%d lie with parties, %d are settled, of %d", here, settled, len(m.Clauses[0].Commitments))
		}
	})
}

func TestBothSidesOwe(t *testing.T) {
	m := inForce("", "")
	m.Clauses[0].Commitments[1].Obligor, m.Clauses[0].Commitments[1].Confirms = "bureau", "city"
	got := Balances(m, map[memo.CommitmentID]Side{"a": {Kind: SideSettled}, "b": {Kind: SidePlan, Units: []org.UnitID{"bureau"}}}, map[memo.CommitmentID]bool{"b": true})
	want := []Balance{{Party: "bureau", Promised: 1, Unplanned: 1, Disputed: 1, Here: 1}, {Party: "city", Promised: 1, Settled: 1}}
	if !slices.Equal(got, want) || got[0].Owed() != 1 || got[1].Owed() != 0 {
		t.Errorf("%+v", got)
	}
}
