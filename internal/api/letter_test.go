package api_test

import (
	"testing"

	"gongjian/internal/api"
	"gongjian/internal/org"
	"gongjian/testkit"
)

func TestAPlanGoesFromItsRowsToSignedLetters(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		office, leader := p.token(testkit.ProvinceBureau, org.Office), p.token(testkit.ProvinceBureau, org.Leader)
		party, taker := p.token(testkit.LuzhouGov, org.Office), p.token(testkit.LuzhouBureau, org.Leader)
		plan := p.made("/plans", office, object{"memorandum": p.memorandum(), "year": 2011, "title": "泸州市2011年度工作计划"})
		base := "/plans/" + plan
		p.ask("POST", base+"/tasks", office, object{"rows": []object{{"title": "新增四川名牌产品", "leads": []string{"luzhou"}, "deadline": "2011年10月底前", "target": "不少于8个", "weight": "two"}}}).refused(422, "request.decimal")
		p.ask("POST", base+"/tasks", office, object{"rows": []object{
			{"title": "新增四川名牌产品", "leads": []string{"luzhou"}, "cooperating": []string{"luzhou-farm"}, "deadline": "2011年10月底前", "target": "不少于8个"},
		}}).want(200)
		var offers []api.Offer
		p.ask("GET", base+"/offers", office, nil).want(200, &offers)
		if len(offers) != 1 {
			t.Fatalf("offers %+v", offers)
		}
		p.ask("POST", base+"/offers", office, object{"commitments": []string{offers[0].Commitment}}).want(200)
		p.ask("POST", base+"/offers", office, object{"commitments": []string{offers[0].Commitment}}).refused(409, "offer.taken-meanwhile")
		p.ask("POST", base+"/submission", office, nil).want(200)
		p.ask("POST", base+"/issue", office, nil).want(409)
		var asked api.Approval
		p.ask("GET", base+"/approval", party, nil).want(200, &asked)
		p.ask("POST", base+"/approval", party, object{"digest": asked.Now, "accepts": true}).want(200)
		p.ask("POST", base+"/issue", office, nil).want(200)
		p.ask("PUT", base+"/implementation", office, object{"group": []object{{"duty": "head", "unit": "泸州市人民政府", "post": "市长"}}, "safeguards": []string{"按月通报"}, "schedule": []object{}}).refused(428, "request.if-match")
		p.ask("PUT", base+"/implementation", office, object{"group": []object{{"duty": "head", "unit": "泸州市人民政府", "post": "市长"}}, "safeguards": []string{"按月通报"}, "schedule": []object{}},
			"If-Match", p.etag(base+"/implementation", office)).want(200)

		batch := p.made("/letter-batches", office, object{"plan": plan, "giver": "bureau"})
		p.ask("POST", "/letter-batches", office, object{"plan": plan, "giver": "bureau"}).refused(409, "letter.nothing-to-draw")
		var letters items[api.Letter]
		p.ask("GET", "/letters?batch="+batch, office, nil).want(200, &letters)
		p.ask("POST", "/letter-batches/"+batch+"/issue", office, nil).want(200)
		var all api.LetterBatch
		p.ask("GET", "/letter-batches/"+batch, leader, nil).want(200, &all)
		if len(all.ToSign) != len(letters.Items) || len(all.ToSign) < 2 {
			t.Fatalf("%d of %d letters to sign", len(all.ToSign), len(letters.Items))
		}
		sign := object{"shown": all.Shown, "method": "ed25519", "day": "2010-01-04", "place": "成都"}
		p.ask("POST", "/letter-batches/"+batch+"/signature", office, sign).refused(403, "denied")
		p.ask("POST", "/letter-batches/"+batch+"/signature", leader, object{"shown": "x", "method": "sm2", "day": "2010-01-04"}).refused(409, "letter.other-text")
		p.ask("POST", "/letter-batches/"+batch+"/signature", leader, sign).want(200)
		for _, l := range letters.Items {
			path := "/letters/" + l.ID
			switch l.Taker {
			case "luzhou":
				p.ask("POST", path+"/signature", taker, object{"shown": l.Digest, "method": "ed25519", "day": "2010-01-04"}).want(200)
			case "luzhou-farm":
				p.ask("POST", path+"/refusal", p.token(testkit.LuzhouFarm, org.Leader), object{"reason": "数量与我局会议纪要不符，请核对后重发"}).want(200)
				p.ask("POST", path+"/annulment", office, object{"reason": "数量有误，重新起草责任书"}, "If-Match", p.etag(path, office)).want(200)
			}
		}
		var signed api.LetterWhole
		for _, l := range letters.Items {
			if l.Taker == "luzhou" {
				p.ask("GET", "/letters/"+l.ID, taker, nil).want(200, &signed)
			}
		}
		if signed.State != "signed" || len(signed.Signatures) != 2 || signed.Issue == "" {
			t.Errorf("%+v", signed)
		}
	})
}

// A signature binds the unit, so a token for writing alone does not sign.
func TestATokenSignsOnlyWithTheScopeForIt(t *testing.T) {
	single(t, func(p *program) {
		writes, _ := p.newToken("bureau/leader", org.TokenReads, org.TokenWrites)
		p.ask("POST", "/letters/x/signature", writes, object{"shown": "x", "method": "ed25519", "day": "2010-01-04"}).refused(403, "token.scope-missing")
	})
}
