package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"gongjian/internal/api"
	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/webhook"
	"gongjian/testkit"
)

func TestATokenActsAsItsPostWhileThatIsHeld(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		var self api.Self
		p.ask("GET", "/token", p.token(testkit.LuzhouBureau, org.Clerk), nil).want(200, &self)
		if self.Post != "luzhou/clerk" || self.Unit != "luzhou" || len(self.Scopes) != len(org.TokenScopes()) {
			t.Errorf("self %+v", self)
		}
		p.ask("GET", "/token", "", nil).refused(401, "token.missing")
		p.ask("GET", "/token", "gongjian_none", nil).refused(401, "token.refused")
		reader, made := p.newToken("luzhou/clerk", org.TokenReads)
		p.ask("POST", "/tasks/"+string(p.task().ID)+"/receipt", reader, map[string]string{"answer": "sign"}).refused(403, "token.scope-missing")
		if err := p.town.Store.RevokeToken(t.Context(), made.ID); err != nil {
			t.Fatal(err)
		}
		p.ask("GET", "/token", reader, nil).refused(401, "token.refused")
		held := p.token(testkit.LuzhouBureau, org.Clerk)
		if _, err := p.town.Desk.EndHolding(t.Context(), p.town.Caller(testkit.ProvinceBureau, org.Admin), "", "luzhou/clerk", "luzhou/clerk", p.town.Store.Today().AddDays(-1)); err != nil {
			t.Fatal(err)
		}
		p.ask("GET", "/token", held, nil).refused(401, "token.refused")
		late := p.token(testkit.ProvinceBureau, org.Office)
		p.town.Clock.Advance(31 * 24 * time.Hour)
		p.ask("GET", "/token", late, nil).refused(401, "token.refused")
		if strings.Contains(p.logged.String(), late) || strings.Contains(p.logged.String(), "gongjian_none") {
			t.Error("a token stands in the log")
		}
	})
}

func TestAWrongTokenIsTriedOnlySoOften(t *testing.T) {
	single(t, func(p *program) {
		for range 20 {
			p.ask("GET", "/token", "gongjian_none", nil).refused(401, "token.refused")
		}
		p.ask("GET", "/token", "gongjian_none", nil).refused(429, "token.slow-down")
	})
}

func TestUnknownAddressesAndMethodsAreProblemsInBothLanguages(t *testing.T) {
	single(t, func(p *program) {
		zh := p.ask("GET", "/nothing", "", nil).refused(404, "request.no-such-address")
		en := p.ask("GET", "/nothing", "", nil, "Accept-Language", "en-GB").refused(404, "request.no-such-address")
		if zh.Detail == en.Detail || zh.Title == en.Title {
			t.Errorf("%+v and %+v are one language", zh, en)
		}
		a := p.ask("DELETE", "/units", "", nil)
		a.refused(405, "request.method")
		if a.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("allows %q", a.Header.Get("Allow"))
		}
		office := p.token(testkit.ProvinceBureau, org.Office)
		p.ask("GET", "/tasks/nothing", office, nil).refused(404, "absent")
		p.ask("GET", "/plans?limit=1000", office, nil).refused(422, "request.unfit")
		p.ask("GET", "/plans?limit=1&typo=2", office, nil).refused(422, "request.unfit")
		p.ask("GET", "/plans?after=zzz", office, nil).refused(422, "request.cursor")
	})
}

func TestTheDocumentIsServedToEverybodyAndNamesEveryOperation(t *testing.T) {
	single(t, func(p *program) {
		var doc struct {
			OpenAPI string                    `json:"openapi"`
			Paths   map[string]map[string]any `json:"paths"`
		}
		p.ask("GET", "/openapi.json", "", nil).want(200, &doc)
		if !strings.HasPrefix(doc.OpenAPI, "3.1") || len(doc.Paths) < 25 || doc.Paths["/tasks/{task}"]["get"] == nil {
			t.Errorf("document %s with %d paths", doc.OpenAPI, len(doc.Paths))
		}
		p.ask("GET", "/openapi.yaml", "", nil).want(200)
	})
}

// The pages ask the same views; here the interface is held against them.
func TestWhoMayNotSeeATaskIsAnsweredAsIfItWereNotThere(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		id := p.task().ID
		for _, unit := range []org.UnitID{testkit.ProvinceBureau, testkit.LuzhouBureau, testkit.LuzhouFarm, testkit.LuzhouGov, testkit.JiangyangBureau, testkit.MianningBureau} {
			for _, role := range []org.Role{org.Office, org.Leader, org.Clerk, org.Auditor, org.Admin} {
				view := p.town.Store.View(p.town.Caller(unit, role))
				_, hidden := view.Task(t.Context(), id)
				a := p.ask("GET", "/tasks/"+string(id), p.token(unit, role), nil)
				if (a.Status == http.StatusOK) != (hidden == nil) {
					t.Errorf("%s/%s: the view says %v, the interface %d", unit, role, hidden, a.Status)
				}
				plans, err := view.Plans(t.Context(), storePlanKey, 10)
				if err != nil {
					t.Fatal(err)
				}
				var got items[api.Plan]
				p.ask("GET", "/plans", p.token(unit, role), nil).want(200, &got)
				if len(got.Items) != len(plans) {
					t.Errorf("%s/%s: %d plans by the view, %d by the interface", unit, role, len(plans), len(got.Items))
				}
				p.ask("GET", "/tasks/"+string(id)+"/reports", p.token(unit, role), nil).want(a.Status)
				p.ask("GET", "/tasks/"+string(id)+"/light", p.token(unit, role), nil).want(a.Status)
			}
		}
	})
}

func TestATaskHasItsFiguresLightAndReasons(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		p.town.On(2010, 6, 7)
		token := p.token(testkit.LuzhouBureau, org.Clerk)
		var got api.TaskWhole
		a := p.ask("GET", "/tasks/"+string(p.task().ID), token, nil, "Accept-Language", "en").want(200, &got)
		if got.Target == nil || got.Target.Value != "20" || got.Figures.Claimed != "0" || got.Deadline.Due != "2010-10-31" || len(got.Receipts) != 2 || a.Header.Get("ETag") == "" {
			t.Errorf("%s", a.Body)
		}
		var light api.Light
		p.ask("GET", "/tasks/"+string(p.task().ID)+"/light?on=2010-11-05", token, nil).want(200, &light)
		if light.Colour != "red" || len(light.Why) == 0 || light.Why[0].Code == "" || light.Why[0].Text == "" {
			t.Errorf("light %+v", light)
		}
		if on := calendar.NewDate(2010, 11, 5).String(); light.On != on {
			t.Errorf("light of %s", light.On)
		}
	})
}

func TestListsArePagedByCursorToTheLastRecord(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		token := p.token(testkit.ProvinceBureau, org.Office)
		seen := map[string]bool{}
		path := "/units?words=" + "%E5%B1%80" + "&limit=3"
		for path != "" {
			var got items[api.Unit]
			a := p.ask("GET", path, token, nil).want(200, &got)
			for _, u := range got.Items {
				if seen[u.ID] {
					t.Errorf("%s came twice", u.ID)
				}
				seen[u.ID] = true
			}
			path = ""
			if link := a.Header.Get("Link"); link != "" {
				path, _, _ = strings.Cut(strings.TrimPrefix(link, "<"+api.Prefix), ">")
			} else if got.Next != "" {
				t.Error("a next cursor without a link")
			}
		}
		if len(seen) != 8 {
			t.Errorf("%d units", len(seen))
		}
	})
}

func TestReadsOfEveryKindAnswer(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		if _, err := p.log.Fold(t.Context()); err != nil {
			t.Fatal(err)
		}
		token := p.token(testkit.ProvinceBureau, org.Office)
		for _, path := range []string{
			"/units", "/units/luzhou", "/units/luzhou/tasks", "/memorandums", "/plans", "/plans/" + string(p.plan), "/plans/" + string(p.plan) + "/tasks?behind=true&words=x",
			"/tasks/" + string(p.task().ID) + "/parts", "/queue", "/schemes", "/rankings", "/scorecards", "/letters", "/support", "/journal/checkpoints",
		} {
			a := p.ask("GET", path, token, nil).want(200)
			if !json.Valid(a.Body) || strings.Contains(string(a.Body), ":null") {
				t.Errorf("%s: %s", path, a.Body)
			}
		}
		p.ask("GET", "/journal/entries", token, nil).refused(404, "absent")
		var entries items[webhook.Event]
		p.ask("GET", "/journal/entries?limit=5", p.token(testkit.ProvinceBureau, org.Auditor), nil).want(200, &entries)
		if len(entries.Items) == 0 {
			t.Fatal("no entries")
		}
		var one api.Proven
		p.ask("GET", "/receipts/"+entries.Items[0].Receipt, p.token(testkit.ProvinceBureau, org.Auditor), nil).want(200, &one)
		if one.ID != entries.Items[0].ID || one.Checkpoint.Size == 0 {
			t.Errorf("%+v", one)
		}
	})
}
