package org

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"gongjian/internal/fault"
)

// A small province: the provincial bureau, a city with its bureau, government
// and finance department, two counties with bureau and government.
var (
	provinceBureau = Unit{ID: "p-bureau", Kind: Agency, Level: Province, Region: "510000"}
	cityGov        = Unit{ID: "c-gov", Kind: Government, Level: City, Region: "510500", Block: "p-gov"}
	cityGovOffice  = Unit{ID: "c-gov-office", Kind: Department, Level: City, Region: "510500", Block: "c-gov", Function: FunctionGovernmentOffice}
	cityBureau     = Unit{ID: "c-bureau", Kind: Agency, Level: City, Region: "510500", Line: "p-bureau", Block: "c-gov"}
	cityFinance    = Unit{ID: "c-finance", Kind: Department, Level: City, Region: "510500", Block: "c-gov"}
	countyBureau   = Unit{ID: "y-bureau", Kind: Agency, Level: County, Region: "510521", Line: "c-bureau", Block: "y-gov"}
	otherCounty    = Unit{ID: "z-bureau", Kind: Agency, Level: County, Region: "510522", Line: "c-bureau", Block: "z-gov"}
	otherCity      = Unit{ID: "o-bureau", Kind: Agency, Level: City, Region: "511500", Line: "p-bureau", Block: "o-gov"}
)

func post(u Unit, roles ...Role) Caller {
	return Admit(Person{ID: PersonID("person-of-" + u.ID)}, Post{ID: PostID("post-of-" + u.ID), Unit: u.ID, Roles: roles}, u, nil, nil)
}

func standard(t testing.TB) *Policies {
	t.Helper()
	p, err := StandardPolicies()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// countyTask is a part that the city bureau gave to the county bureau, with the
// city's finance department helping; the provincial bureau runs the plan.
var countyTask = TaskFacts{
	Office: "p-bureau", Setter: "c-bureau",
	Leads: []UnitID{"y-bureau"}, Cooperating: []UnitID{"c-finance"},
	LineAbove: []UnitID{"c-bureau", "p-bureau"}, BlockAbove: []UnitID{"y-gov", "c-gov", "p-gov"},
}

func TestWhoMayDoWhatWithATask(t *testing.T) {
	p := standard(t)
	draft := countyTask
	draft.Draft = true
	row := TaskFacts{Office: "c-bureau", Setter: "c-bureau", Leads: []UnitID{"c-finance"}, BlockAbove: []UnitID{"c-gov"}}
	for _, c := range []struct {
		name   string
		caller Caller
		action Action
		on     Resource
		policy string // "" means refused
	}{
		{"O-03 the setter sees", post(cityBureau, Clerk), SeeTask, countyTask, "see-task-setter"},
		{"O-04 a lead sees", post(countyBureau, Clerk), SeeTask, countyTask, "see-task-taking-part"},
		{"O-04 a cooperating unit sees that task", post(cityFinance, Clerk), SeeTask, countyTask, "see-task-taking-part"},
		{"O-04 a lead does not see a draft", post(countyBureau, Office), SeeTask, draft, ""},
		{"O-04 a unit that has no part sees nothing", post(otherCounty, Office), SeeTask, countyTask, ""},
		{"O-05 the line above sees", post(cityBureau, Leader), SeeTask, TaskFacts{Leads: []UnitID{"y-bureau"}, LineAbove: []UnitID{"c-bureau"}}, "see-task-line"},
		{"O-05 a clerk does not see what lies below", post(cityBureau, Clerk), SeeTask, TaskFacts{Leads: []UnitID{"y-bureau"}, LineAbove: []UnitID{"c-bureau"}}, ""},
		{"O-06 the government sees its block", post(cityGov, Leader), SeeTask, countyTask, "see-task-block"},
		{"O-06 the government's office sees its block", post(cityGovOffice, Office), SeeTask, countyTask, "see-task-block"},
		{"O-08 the provincial office sees all", post(provinceBureau, Office), SeeTask, row, "see-province"},
		{"O-13 the plan's office changes", post(provinceBureau, Office), ChangeTask, countyTask, "office-runs-tasks"},
		{"O-13 another office does not", post(otherCity, Office), ChangeTask, countyTask, ""},
		{"O-14 the setter answers a refusal", post(cityBureau, Office), AnswerRefusal, countyTask, "setter-runs-parts"},
		{"O-14 a city's clerk does not", post(cityBureau, Clerk), AnswerRefusal, countyTask, ""},
		{"O-14 a county clerk splits", post(countyBureau, Clerk), SplitTask, countyTask, "lead-splits"},
		{"O-14 a city clerk does not split", post(cityFinance, Clerk), SplitTask, row, ""},
		{"O-14 a cooperating unit does not split", post(cityFinance, Office), SplitTask, countyTask, ""},
		{"O-15 a lead's clerk signs", post(countyBureau, Clerk), SignTask, countyTask, "taking-part-signs-and-reports"},
		{"O-15 a cooperating unit's clerk reports", post(cityFinance, Clerk), SubmitReport, countyTask, "taking-part-signs-and-reports"},
		{"O-15 a leader does not report", post(countyBureau, Leader), SubmitReport, countyTask, ""},
		{"O-15 the setter does not sign for the lead", post(cityBureau, Clerk), SignTask, countyTask, ""},
	} {
		got := p.Decide(c.caller, c.action, c.on)
		if got.Allowed != (c.policy != "") || got.Policy != c.policy {
			t.Errorf("%s: %+v, want policy %q", c.name, got, c.policy)
		}
	}
}

func TestWhoeverReportsDoesNotVerify(t *testing.T) { // Rule O-16
	p := standard(t)
	report := ReportFacts{Task: countyTask, Unit: "y-bureau", By: "clerk", Above: []UnitID{"c-bureau", "p-bureau", "y-gov", "c-gov"}}
	if d := p.Decide(post(cityBureau, Verifier), VerifyReport, report); d.Policy != "verifier-verifies" {
		t.Errorf("the setter's verifier: %+v", d)
	}
	if d := p.Decide(post(otherCity, Verifier), VerifyReport, report); d.Allowed || len(d.Missing) == 0 {
		t.Errorf("a verifier elsewhere: %+v, want refusal that names what would be needed", d)
	}
	same := Admit(Person{ID: "clerk"}, Post{ID: "second", Unit: "c-bureau", Roles: []Role{Verifier}}, cityBureau, nil, nil)
	if d := p.Decide(same, ReturnReport, report); d.Allowed || d.Policy != "nobody-verifies-own-report" {
		t.Errorf("the reporter in another post: %+v", d)
	}
	own := ReportFacts{
		Task: TaskFacts{Setter: "c-bureau", Leads: []UnitID{"c-bureau"}}, Unit: "c-bureau",
		Above: []UnitID{"p-bureau", "c-gov"},
	}
	if d := p.Decide(post(cityBureau, Verifier), VerifyReport, own); d.Policy != "nobody-verifies-own-report" || d.Allowed {
		t.Errorf("a unit that set its own task: %+v", d)
	}
	for _, c := range []Caller{post(provinceBureau, Verifier), post(cityGovOffice, Office)} {
		if d := p.Decide(c, VerifyReport, own); d.Policy != "above-verifies-setter" {
			t.Errorf("%s above a unit that set its own task: %+v", c.Unit().ID, d)
		}
	}
	if d := p.Decide(post(provinceBureau, Verifier), VerifyReport, report); d.Allowed {
		t.Errorf("the unit above verifies past the setter: %+v", d)
	}
	if d := p.Decide(post(countyBureau, Clerk), TakeBackReport, report); !d.Allowed {
		t.Errorf("O-15 the reporting unit takes back: %+v", d)
	}
}

func TestPlansScoresAndAdministration(t *testing.T) {
	p := standard(t)
	plan := PlanFacts{Office: "p-bureau", Parties: []UnitID{"p-bureau", "c-gov"}, Region: "510500"}
	unissued := plan
	unissued.Draft = true
	memorandum := MemorandumFacts{Office: "p-bureau", Parties: plan.Parties, Region: "510500"}
	scores := ScoreFacts{Office: "p-bureau", Unit: "c-bureau"}
	published := ScoreFacts{Office: "p-bureau", Unit: "c-bureau", Published: true}
	for _, c := range []struct {
		name   string
		caller Caller
		action Action
		on     Resource
		want   bool
	}{
		{"O-07 a party sees the plan", post(cityGov, Clerk), SeePlan, plan, true},
		{"O-07 a party does not see it before it is issued", post(cityGov, Leader), SeePlan, unissued, false},
		{"O-06 the city's bureau sees the plans of its territory", post(cityBureau, Office), SeePlan, plan, true},
		{"O-04 a cooperating unit sees nothing more of the plan", post(cityFinance, Office), SeePlan, plan, false},
		{"O-06 another city does not", post(otherCity, Office), SeePlan, plan, false},
		{"O-06 the city's bureau sees the memorandum", post(cityBureau, Leader), SeeMemorandum, memorandum, true},
		{"O-13 the office enters it", post(provinceBureau, Office), EnterMemorandum, memorandum, true},
		{"O-13 a party does not", post(cityGov, Office), ChangeMemorandum, memorandum, false},
		{"O-13 the office issues", post(provinceBureau, Office), IssuePlan, plan, true},
		{"O-13 the office imports", post(provinceBureau, Office), ApplyImport, ImportFacts{Office: "p-bureau"}, true},
		{"O-13 its clerk does not", post(provinceBureau, Clerk), ApplyImport, ImportFacts{Office: "p-bureau"}, false},
		{"O-10 the public sees published scores", Public(), SeeScores, published, true},
		{"O-10 the public sees no others", Public(), SeeScores, scores, false},
		{"O-10 the unit assessed sees its scorecard", post(cityBureau, Clerk), SeeScores, scores, true},
		{"O-10 another unit does not", post(otherCity, Office), SeeScores, scores, false},
		{"O-17 the scorer judges", post(provinceBureau, Scorer), JudgeScore, scores, true},
		{"O-17 nobody judges the own unit", post(provinceBureau, Scorer), JudgeScore, ScoreFacts{Office: "p-bureau", Unit: "p-bureau"}, false},
		{"O-17 the provincial office publishes", post(provinceBureau, Office), PublishScores, scores, true},
		{"O-17 the scorer does not", post(provinceBureau, Scorer), PublishScores, scores, false},
		{"O-17 a city's office does not", post(cityBureau, Office), PublishScores, ScoreFacts{Office: "c-bureau"}, false},
		{"O-09 everybody signed in finds units", post(cityFinance, Clerk), SeeUnit, UnitFacts{Unit: "o-bureau"}, true},
		{"O-09 the public does not", Public(), SeeUnit, UnitFacts{Unit: "o-bureau"}, false},
		{"O-12 the administrator changes posts", post(provinceBureau, Admin), ChangePost, UnitFacts{}, true},
		{"O-12 the office does not", post(provinceBureau, Office), ChangePost, UnitFacts{}, false},
		{"O-12 the administrator sees no task, whatever else the post is for", post(provinceBureau, Admin, Office), SeeTask, countyTask, false},
		{"O-12 nor the journal", post(provinceBureau, Admin), SeeJournal, JournalFacts{}, false},
		{"O-11 the auditor sees the journal", post(cityFinance, Auditor), SeeJournal, JournalFacts{}, true},
		{"O-11 and every task", post(cityFinance, Auditor), SeeTask, TaskFacts{}, true},
		{"O-11 the provincial office does not see the journal", post(provinceBureau, Office), SeeJournal, JournalFacts{}, false},
		{"O-25 the office ends it", post(provinceBureau, Office), EndMemorandum, memorandum, true},
		{"O-25 its leader does not", post(provinceBureau, Leader), RenewMemorandum, memorandum, false},
		{"O-25 a party does not settle it", post(cityGov, Office), SettleMemorandum, memorandum, false},
		{"O-26 a member sees the alliance", post(otherCity, Clerk), SeeMemorandum, MemorandumFacts{Office: "p-bureau", Members: []UnitID{otherCity.ID}}, true},
		{"O-26 its leader joins", post(otherCity, Leader), JoinAlliance, MemorandumFacts{Office: "p-bureau", Members: []UnitID{otherCity.ID}}, true},
		{"O-26 its office leaves", post(otherCity, Office), LeaveAlliance, MemorandumFacts{Office: "p-bureau", Members: []UnitID{otherCity.ID}}, true},
		{"O-26 any unit reads an open pledge", post(otherCity, Clerk), SeeMemorandum, MemorandumFacts{Office: "p-bureau", Open: true}, true},
		{"O-26 its leader joins an open one", post(otherCity, Leader), JoinAlliance, MemorandumFacts{Office: "p-bureau", Open: true}, true},
		{"O-26 or its office does", post(otherCity, Office), JoinAlliance, MemorandumFacts{Office: "p-bureau", Open: true}, true},
		{"O-26 a clerk does not", post(otherCity, Clerk), JoinAlliance, MemorandumFacts{Office: "p-bureau", Open: true}, false},
		{"O-26 an auditor reads nothing by that", post(otherCity, Admin), SeeMemorandum, MemorandumFacts{Office: "p-bureau", Open: true}, false},
		{"O-26 the office that runs it opens the list", post(provinceBureau, Office), OpenAlliance, MemorandumFacts{Office: "p-bureau"}, true},
		{"O-26 a party does not", post(cityGov, Office), OpenAlliance, memorandum, false},
		{"O-26 who was not asked does not join", post(cityGov, Leader), JoinAlliance, memorandum, false},
		{"O-22 a party's office remarks", post(cityGov, Office), RemarkVersion, memorandum, true},
		{"O-24 a party's office asks its own units", post(cityGov, Office), AskOpinion, OpinionFacts{Party: "c-gov", Asked: "c-finance"}, true},
		{"O-24 and nobody asks in its name", post(provinceBureau, Office), AskOpinion, OpinionFacts{Party: "c-gov", Asked: "c-finance"}, false},
		{"O-24 the unit that was asked gives its opinion", post(cityFinance, Clerk), GiveOpinion, OpinionFacts{Party: "c-gov", Asked: "c-finance"}, true},
		{"O-24 the party does not give it", post(cityGov, Office), GiveOpinion, OpinionFacts{Party: "c-gov", Asked: "c-finance"}, false},
		{"O-24 the party that asked reads it", post(cityGov, Leader), SeeOpinion, OpinionFacts{Party: "c-gov", Asked: "c-finance"}, true},
		{"O-24 the province does not", post(provinceBureau, Office), SeeOpinion, OpinionFacts{Party: "c-gov", Asked: "c-finance"}, false},
		{"O-24 nor an auditor", post(cityGov, Auditor, Office), SeeOpinion, OpinionFacts{Party: "c-gov", Asked: "c-finance"}, false},
		{"O-27 the surveying office sends", post(provinceBureau, Office), SendSurvey, SurveyFacts{Office: "p-bureau"}, true},
		{"O-27 the clerk of the unit that was asked answers", post(cityFinance, Clerk), AnswerSurvey, SurveyFacts{Office: "x", Asked: []UnitID{"c-finance"}, Section: "c-finance"}, true},
		{"O-27 and nobody for it", post(cityGov, Clerk), AnswerSurvey, SurveyFacts{Office: "x", Asked: []UnitID{"c-finance"}, Section: "c-finance"}, false},
		{"O-27 who was asked does not read the others' answers", post(cityFinance, Clerk), SeeFindings, SurveyFacts{Office: "x", Asked: []UnitID{"c-finance"}}, false},
		{"O-27 a party reads them", post(cityGov, Leader), SeeFindings, SurveyFacts{Office: "x", Parties: []UnitID{"c-gov"}}, true},
		{"O-28 an office changes its unit's measures", post(cityGov, Office), ChangeMeasure, MeasureFacts{Office: "c-gov"}, true},
		{"O-28 and no other's", post(cityGov, Office), ChangeMeasure, MeasureFacts{Office: "x"}, false},
		{"O-28 a clerk reads the catalogue", post(cityFinance, Clerk), SeeMeasures, MeasureFacts{Office: "x"}, true},
		{"O-28 a party's office takes measures", post(cityGov, Office), TakeMeasures, memorandum, true},
		{"O-18 the system signs checkpoints", System(), SignCheckpoint, JournalFacts{}, true},
		{"O-18 nobody else does", post(provinceBureau, Admin), SignCheckpoint, JournalFacts{}, false},
		{"O-18 the system closes periods", System(), ClosePeriod, plan, true},
		{"O-18 the system sees no task", System(), SeeTask, countyTask, false},
	} {
		if got := p.Decide(c.caller, c.action, c.on); got.Allowed != c.want {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestExplainNamesEveryActionAndWhoFindsThePosts(t *testing.T) {
	p := standard(t)
	rights := p.Explain(post(countyBureau, Clerk), countyTask)
	if len(rights) != len(ActionsOn(countyTask)) {
		t.Fatalf("%d rights for %d actions", len(rights), len(ActionsOn(countyTask)))
	}
	for _, r := range rights {
		if r.Allowed == (r.Policy == "") || (!r.Allowed && len(r.Missing) == 0) {
			t.Errorf("%s is not explained: %+v", r.Action, r)
		}
	}
	who := p.Who(SubmitReport, countyTask, post(cityBureau, Clerk), post(countyBureau, Clerk), post(cityFinance, Clerk))
	if len(who) != 2 || who[0].Caller.Unit().ID != "y-bureau" || who[1].Policy != "taking-part-signs-and-reports" {
		t.Errorf("who may report: %+v", who)
	}
}

func TestARefusalIsAFaultThatNamesAPolicy(t *testing.T) {
	p := standard(t)
	if err := p.Decide(post(countyBureau, Clerk), SignTask, countyTask).Err(); err != nil {
		t.Errorf("a permission: %v", err)
	}
	err := p.Decide(post(otherCounty, Clerk), SignTask, countyTask).Err()
	var f *fault.Fault
	if !errors.As(err, &f) || f.Kind != fault.Denied || f.Args["Policy"] != "taking-part-signs-and-reports" {
		t.Errorf("a refusal: %#v", err)
	}
	if !fault.Is(p.Decide(Caller{}, SignTask, countyTask).Err(), "org.denied") {
		t.Error("nobody is refused without a policy")
	}
}

func TestEveryActionPolicyAndRoleHasASentenceInBothLanguages(t *testing.T) {
	p := standard(t)
	for _, language := range []string{"zh", "en"} {
		sentences := map[string]string{}
		for _, file := range []string{"org.json", "policy.json"} {
			data, err := os.ReadFile(filepath.Join("..", "web", "text", language, file))
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(data, &sentences); err != nil {
				t.Fatal(err)
			}
		}
		var keys []string
		for _, a := range Actions() {
			keys = append(keys, a.TextKey())
		}
		for _, policy := range p.All() {
			keys = append(keys, TextKey(policy.ID))
		}
		for _, r := range allRoles {
			keys = append(keys, r.TextKey())
		}
		for _, key := range keys {
			if sentences[key] == "" {
				t.Errorf("%s: %s has no sentence", language, key)
			}
		}
	}
}

func TestEveryActionIsPermittedToSomebodyAndEveryRuleIsDescribed(t *testing.T) {
	p := standard(t)
	for _, a := range Actions() {
		if len(p.of[a].permits) == 0 {
			t.Errorf("no policy permits %s to anybody", a)
		}
	}
	sources, err := os.ReadFile(filepath.Join("..", "..", "docs", "sources", "org.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, policy := range p.All() {
		if !strings.Contains(string(sources), "\n## "+policy.Rule+" ") {
			t.Errorf("policy %s: rule %s stands in no heading", policy.ID, policy.Rule)
		}
		if policy.Text == "" || policy.Forbids != strings.Contains(policy.Text, "forbid (") {
			t.Errorf("policy %s: %s", policy.ID, policy.Text)
		}
	}
}

func TestABrokenPolicyStopsTheStart(t *testing.T) {
	const ok = "@id(\"a\") @rule(\"O-03\") permit (principal, action == Action::\"see.task\", resource);"
	for name, text := range map[string]string{
		"empty":          "",
		"no id":          "@rule(\"O-03\") permit (principal, action, resource);",
		"no rule":        "@id(\"a\") permit (principal, action, resource);",
		"twice":          ok + ok,
		"unknown action": strings.Replace(ok, "see.task", "see.tusk", 1),
		"no Cedar":       "permit everybody;",
	} {
		if _, err := LoadPolicies(fstest.MapFS{"x.cedar": {Data: []byte(text)}}); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := LoadPolicies(fstest.MapFS{"x.cedar": {Data: []byte(ok)}}); err != nil {
		t.Errorf("a good one: %v", err)
	}
}

func TestAPolicyThatCannotBeEvaluatedOpensNothing(t *testing.T) {
	p, err := LoadPolicies(fstest.MapFS{"x.cedar": {Data: []byte(`
@id("all") @rule("O-08") permit (principal, action, resource);
@id("broken") @rule("O-08") forbid (principal, action, resource) when { resource.noSuchAttribute };`)}})
	if err != nil {
		t.Fatal(err)
	}
	if d := p.Decide(post(provinceBureau, Office), SeeTask, countyTask); d.Allowed {
		t.Errorf("%+v", d)
	}
}

func TestACallerCannotBeMadeOfScraps(t *testing.T) {
	for name, c := range map[string]Caller{
		"no person":           Admit(Person{}, Post{ID: "p", Unit: "u"}, Unit{ID: "u"}, nil, nil),
		"no post":             Admit(Person{ID: "x"}, Post{Unit: "u"}, Unit{ID: "u"}, nil, nil),
		"no unit":             Admit(Person{ID: "x"}, Post{ID: "p"}, Unit{}, nil, nil),
		"post of another one": Admit(Person{ID: "x"}, Post{ID: "p", Unit: "v"}, Unit{ID: "u"}, nil, nil),
	} {
		if !c.IsZero() {
			t.Errorf("%s: admitted", name)
		}
	}
	if c := System(); c.IsZero() || !c.IsSystem() || c.IsPublic() || c.SignedIn() {
		t.Errorf("the system: %+v", c)
	}
	roles := []Role{Clerk}
	c := Admit(Person{ID: "x"}, Post{ID: "p", Unit: "u", Roles: roles},
		Unit{ID: "u", Aliases: []string{"name"}}, []UnitID{"l"}, []UnitID{"b"})
	roles[0] = Auditor
	c.Roles()[0] = Auditor
	c.Unit().Aliases[0] = "changed"
	c.LineAbove()[0], c.BlockAbove()[0] = "changed", "changed"
	if c.Unit().Aliases[0] != "name" || c.LineAbove()[0] != "l" || c.BlockAbove()[0] != "b" {
		t.Error("a caller's unit was changed from outside")
	}
	if !c.SignedIn() || c.IsPublic() || c.Person().ID != "x" || c.Post().ID != "p" {
		t.Errorf("%+v", c)
	}
	if c.Has(Auditor) {
		t.Error("a caller's roles were changed from outside")
	}
}
