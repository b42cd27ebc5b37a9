package api_test

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"gongjian/internal/api"
	"gongjian/internal/org"
	"gongjian/internal/task"
	"gongjian/internal/webhook"
	"gongjian/testkit"
)

type object map[string]any

func TestTheSameRequestUnderTheSameKeyIsOneActWithOneAnswer(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		clerk, path := p.token(testkit.LuzhouBureau, org.Clerk), "/tasks/"+string(p.task().ID)+"/receipt"
		p.ask("POST", path, clerk, object{"answer": "sign"}, "Idempotency-Key", "short").refused(400, "request.key-missing")
		first := p.ask("POST", path, clerk, object{"answer": "sign"}, "Idempotency-Key", "one-and-only").want(200)
		again := p.ask("POST", path, clerk, object{"answer": "sign"}, "Idempotency-Key", "one-and-only").want(200)
		if string(first.Body) != string(again.Body) || again.Header.Get(api.Replayed) != "true" || first.Header.Get(api.Replayed) != "" {
			t.Errorf("first %s, again %s %v", first.Body, again.Body, again.Header)
		}
		p.ask("POST", path, clerk, object{"answer": "refuse", "reason": "不属我单位"}, "Idempotency-Key", "one-and-only").refused(422, "request.other-body")
		p.ask("POST", path, clerk, object{"answer": "sign"}).refused(409, "receipt.answered")
		// Another post's key of the same name is another request.
		farm := p.ask("POST", path, p.token(testkit.LuzhouFarm, org.Clerk), object{"answer": "sign"}, "Idempotency-Key", "one-and-only").want(200)
		if farm.Header.Get(api.Replayed) != "" {
			t.Error("a key of another token was answered")
		}
	})
}

func TestARefusalUnderAKeyIsAnsweredAgainAsItWas(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		path := "/tasks/" + string(p.task().ID) + "/receipt"
		stranger := p.token(testkit.MianningBureau, org.Clerk)
		first := p.ask("POST", path, stranger, object{"answer": "sign"}, "Idempotency-Key", "a-refused-one")
		first.refused(404, "absent")
		if again := p.ask("POST", path, stranger, object{"answer": "sign"}, "Idempotency-Key", "a-refused-one"); string(again.Body) != string(first.Body) || again.Header.Get(api.Replayed) == "" {
			t.Errorf("%d %s", again.Status, again.Body)
		}
	})
}

func TestARequestSentTwiceAtOnceIsOneAct(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		p.town.On(2010, 6, 2)
		clerk := p.token(testkit.LuzhouBureau, org.Clerk)
		p.ask("POST", "/tasks/"+string(p.task().ID)+"/receipt", clerk, object{"answer": "sign"}).want(200)
		body := object{"period": "2010-05", "kind": "value", "value": "9", "words": "已推荐九个"}
		evidence := p.ask("POST", "/evidence?name=a.txt", clerk, "推荐文件", "Content-Type", "application/octet-stream").want(201)
		var file api.File
		evidence.want(201, &file)
		body["evidence"] = []object{{"id": file.ID, "name": "推荐文件.txt"}}
		var all sync.WaitGroup
		answers := make([]answer, 6)
		path := "/tasks/" + string(p.task().ID) + "/reports"
		for i := range answers {
			all.Go(func() { answers[i] = p.ask("POST", path, clerk, body, "Idempotency-Key", "six-at-once") })
		}
		all.Wait()
		for _, a := range answers {
			if a.Status != http.StatusCreated && a.Status != http.StatusConflict {
				t.Errorf("%d %s", a.Status, a.Body)
			}
		}
		var done api.Receipt
		p.ask("POST", path, clerk, body, "Idempotency-Key", "six-at-once").want(201, &done)
		if reports := p.town.Reports(p.task().ID); len(reports) != 1 || string(reports[0].ID) != done.ID {
			t.Errorf("%d reports, receipt %+v", len(reports), done)
		}
	})
}

func TestAReportGoesFromTheClerkToItsVerdict(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		p.town.On(2010, 6, 2)
		clerk, office := p.token(testkit.LuzhouBureau, org.Clerk), p.token(testkit.ProvinceBureau, org.Office)
		id := string(p.task().ID)
		p.ask("POST", "/tasks/"+id+"/receipt", clerk, object{"answer": "sign"}).want(200)
		p.ask("POST", "/tasks/"+id+"/reports", clerk, object{"period": "2010-05", "kind": "value", "value": "9"}).want(422)
		p.ask("POST", "/tasks/"+id+"/reports", clerk, object{"period": "May", "kind": "words"}).refused(422, "request.period")
		p.ask("POST", "/tasks/"+id+"/reports", clerk, object{"period": "2010-05", "kind": "value", "value": "9万"}).refused(422, "request.decimal")
		var file api.File
		p.ask("POST", "/evidence?name=a.txt", clerk, "推荐文件", "Content-Type", "application/octet-stream").want(201, &file)
		var made api.Receipt
		p.ask("POST", "/tasks/"+id+"/reports", clerk, object{"period": "2010-05", "kind": "value", "value": "9.5", "evidence": []object{{"id": file.ID, "name": "a.txt"}}}).want(201, &made)
		var queue items[api.Report]
		p.ask("GET", "/queue", office, nil).want(200, &queue)
		if len(queue.Items) != 1 || queue.Items[0].ID != made.ID || queue.Items[0].Value != "9.5" {
			t.Fatalf("queue %+v", queue)
		}
		var report api.ReportWhole
		a := p.ask("GET", "/reports/"+made.ID, office, nil).want(200, &report)
		if report.Receipt != made.Number || len(report.Files) != 1 {
			t.Errorf("%s", a.Body)
		}
		if got := p.ask("GET", "/reports/"+made.ID+"/evidence/"+file.ID, office, nil).want(200); string(got.Body) != "推荐文件" {
			t.Errorf("file %q", got.Body)
		}
		p.ask("GET", "/reports/"+made.ID+"/evidence/"+file.ID, p.token(testkit.MianningBureau, org.Clerk), nil).want(404)
		verdict := "/reports/" + made.ID + "/verdict"
		p.ask("POST", verdict, office, object{"verdict": "verify"}).refused(428, "request.if-match")
		p.ask("POST", verdict, office, object{"verdict": "verify"}, "If-Match", `"99"`).refused(412, "changed-meanwhile")
		p.ask("POST", verdict, clerk, object{"verdict": "verify"}, "If-Match", a.Header.Get("ETag")).refused(403, "denied")
		p.ask("POST", verdict, office, object{"verdict": "verify"}, "If-Match", a.Header.Get("ETag")).want(200)
		if k := p.task(); k.Verified != 95*task.One/10 {
			t.Errorf("verified %s", k.Verified)
		}
		p.ask("POST", "/reports/"+made.ID+"/withdrawal", clerk, nil, "If-Match", a.Header.Get("ETag")).refused(412, "changed-meanwhile")
	})
}

// The act was done, its answer was lost with the server: the version that the request
// names is no longer the record's, and the act itself has made it so.
func TestAChangeWhoseAnswerWasLostIsAnsweredWithItsReceipt(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		p.town.On(2010, 6, 2)
		secret, token := p.newToken("luzhou/clerk", org.TokenScopes()...)
		caller := p.town.Caller(testkit.LuzhouBureau, org.Clerk)
		p.ask("POST", "/tasks/"+string(p.task().ID)+"/receipt", secret, object{"answer": "sign"}).want(200)
		var made api.Receipt
		p.ask("POST", "/tasks/"+string(p.task().ID)+"/reports", secret, object{"period": "2010-05", "kind": "words", "words": "正在推荐"}).want(201, &made)
		lost, err := p.town.Desk.TakeBack(t.Context(), caller, "api:"+string(token.ID)+":the-lost-one", task.ReportID(made.ID))
		if err != nil {
			t.Fatal(err)
		}
		path := "/reports/" + made.ID + "/withdrawal"
		var got api.Receipt
		p.ask("POST", path, secret, nil, "If-Match", `"1"`, "Idempotency-Key", "the-lost-one").want(200, &got)
		if got.Number != lost.Number || !got.Again {
			t.Errorf("answered with %+v, the act's receipt is %s", got, lost.Number)
		}
		p.ask("POST", path, secret, nil, "If-Match", `"1"`, "Idempotency-Key", "another-one").refused(412, "changed-meanwhile")
	})
}

func TestATaskIsChangedAndSplitAtTheVersionThatWasRead(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		office, lead := p.token(testkit.ProvinceBureau, org.Office), p.token(testkit.LuzhouBureau, org.Office)
		path := "/tasks/" + string(p.task().ID)
		tag := p.ask("GET", path, office, nil).want(200).Header.Get("ETag")
		change := object{"target": "不少于25个", "deadline": "2010年11月底前", "weight": "2", "reason": "省局会议纪要要求提高"}
		p.ask("PATCH", path, office, change).refused(428, "request.if-match")
		p.ask("PATCH", path, office, object{"weight": "two", "reason": "省局会议纪要要求"}, "If-Match", tag).refused(422, "request.decimal")
		p.ask("PATCH", path, office, change, "If-Match", tag).want(200)
		p.ask("PATCH", path, office, change, "If-Match", tag).refused(412, "changed-meanwhile")
		var now api.TaskWhole
		tag = p.ask("GET", path, lead, nil).want(200, &now).Header.Get("ETag")
		if now.Target.Value != "25" || now.Deadline.Due != "2010-11-30" || now.Weight != "2" || now.Title != "新增四川名牌产品" {
			t.Errorf("%+v", now)
		}
		p.ask("POST", path+"/receipt", lead, object{"answer": "sign"}).want(200)
		pieces := object{"pieces": []object{{"unit": "jiangyang", "target": "15"}, {"unit": "naxi", "target": "10"}}}
		p.ask("POST", path+"/split", lead, pieces, "If-Match", tag).want(200)
		var parts items[api.Task]
		p.ask("GET", path+"/parts", lead, nil).want(200, &parts)
		if len(parts.Items) != 2 || parts.Items[0].Target.Value != "15" || parts.Items[0].Target.Unit != "个" {
			t.Errorf("parts %+v", parts)
		}
	})
}

func TestEventsAreThoseThatThePostMayReadAndTheCursorGoesOn(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		clerk, stranger := p.token(testkit.LuzhouBureau, org.Clerk), p.token(testkit.MianningBureau, org.Clerk)
		p.ask("POST", "/tasks/"+string(p.task().ID)+"/receipt", clerk, object{"answer": "sign"}).want(200)
		if _, err := p.log.Fold(t.Context()); err != nil {
			t.Fatal(err)
		}
		var self api.Self
		p.ask("GET", "/token", clerk, nil).want(200, &self)
		type feed struct {
			Items []webhook.Event `json:"items"`
			Next  int64           `json:"next"`
			More  bool            `json:"more"`
		}
		var actions []string
		after := feed{Next: -1, More: true}
		for after.More {
			at := after.Next
			after = feed{}
			p.ask("GET", "/events?limit=1&after="+decimal(at), clerk, nil).want(200, &after)
			for _, e := range after.Items {
				if byProgram := e.Action == "task.sign"; (e.Token == self.Token) != byProgram {
					t.Errorf("%s by token %q", e.Action, e.Token)
				}
				actions = append(actions, e.Action)
			}
			if after.More && after.Next <= at {
				t.Fatalf("the cursor stays at %d", at)
			}
		}
		if !slices.Contains(actions, "task.sign") || slices.Contains(actions, "memorandum.enter") {
			t.Errorf("the clerk reads %v", actions)
		}
		var none feed
		p.ask("GET", "/events", stranger, nil).want(200, &none)
		if len(none.Items) != 0 || none.Next != after.Next {
			t.Errorf("a stranger reads %+v, the cursor should be %d", none, after.Next)
		}
	})
}

// Rule O-44.
func TestAWebhooksSecretIsShownOnceAndItsPostKeepsIt(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		office := p.token(testkit.ProvinceBureau, org.Office)
		p.ask("POST", "/webhooks", p.token(testkit.LuzhouBureau, org.Clerk), object{"url": "https://a.example/"}).refused(403, "denied")
		p.ask("POST", "/webhooks", office, object{"url": "ftp://a.example/"}).refused(422, "webhook.url")
		p.ask("POST", "/webhooks", office, object{"url": "https://a.example/", "kinds": []string{"see.task"}}).refused(422, "webhook.kind")
		var made, again, read api.Webhook
		p.ask("POST", "/webhooks", office, object{"url": "https://a.example/"}, "Idempotency-Key", "the-webhook").want(201, &made)
		p.ask("POST", "/webhooks", office, object{"url": "https://a.example/"}, "Idempotency-Key", "the-webhook").want(201, &again)
		p.ask("GET", "/webhooks/"+made.ID, office, nil).want(200, &read)
		if made.Secret == "" || again.ID != made.ID || again.Secret != made.Secret || read.Secret != "" || read.URL != made.URL {
			t.Errorf("made %+v, again %+v, read %+v", made, again, read)
		}
		p.ask("GET", "/webhooks/"+made.ID, p.token(testkit.LuzhouBureau, org.Office), nil).refused(404, "absent")
		p.ask("GET", "/webhooks/"+made.ID+"/deliveries", office, nil).want(200)
		p.ask("DELETE", "/webhooks/"+made.ID, office, nil).want(200)
		p.ask("DELETE", "/webhooks/"+made.ID, office, nil).refused(404, "absent")
		var left []api.Webhook
		p.ask("GET", "/webhooks", office, nil).want(200, &left)
		if len(left) != 0 || strings.Contains(p.logged.String(), made.Secret) {
			t.Errorf("left %+v", left)
		}
	})
}
