package api_test

import (
	"testing"

	"gongjian/internal/api"
	"gongjian/internal/assess"
	"gongjian/internal/org"
	"gongjian/internal/survey"
	"gongjian/testkit"
)

func TestASurveyIsComposedAnsweredAndItsFindingBecomesACommitment(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		office, asked := p.token(testkit.ProvinceBureau, org.Office), p.token(testkit.LuzhouBureau, org.Office)
		memorandum := p.made("/memorandums", office, object{"title": "泸州市合作备忘录", "kind": "合作备忘录", "parties": []string{"bureau", "luzhou-gov"}, "clauses": []object{}})
		sections := []object{{"title": "名牌", "unit": "luzhou", "questions": []survey.Question{{Key: "brands", Text: "名牌产品数", Kind: survey.Figure, Unit: "个", Required: true}}}}
		body := object{"title": "泸州市质量状况调研", "region": "510500", "year": 2009, "memorandum": memorandum, "due": "2010-02-28", "sections": sections}
		id := p.made("/surveys", office, body)
		base := "/surveys/" + id
		body["title"] = "泸州市质量状况调研问卷"
		p.ask("PUT", base, office, body, "If-Match", p.etag(base, office)).want(200)
		p.ask("POST", base+"/sending", office, nil, "If-Match", p.etag(base, office)).want(200)

		part := base + "/sections/1"
		answers := object{"answers": []object{{"question": "brands", "value": "7", "source": "市质监局2009年统计"}}, "hand_in": true}
		p.ask("PUT", part+"/answers", asked, object{"answers": []object{{"question": "brands", "value": "七"}}}, "If-Match", p.etag(part, asked)).refused(422, "request.decimal")
		p.ask("PUT", part+"/answers", asked, answers, "If-Match", p.etag(part, asked)).want(200)
		p.ask("POST", part+"/return", office, object{"reason": "请补充统计口径和数据来源"}, "If-Match", p.etag(part, office)).want(200)
		p.ask("PUT", part+"/answers", asked, answers, "If-Match", p.etag(part, asked)).want(200)
		var whole api.SurveyWhole
		p.ask("GET", base, office, nil).want(200, &whole)
		if a := whole.Sections[0].Answers; len(a) != 1 || a[0].Value != "7" || whole.Sections[0].State != "handed-in" {
			t.Errorf("%+v", whole.Sections)
		}
		p.ask("POST", base+"/closing", office, nil, "If-Match", p.etag(base, office)).want(200)
		p.ask("POST", base+"/findings", office, object{"kind": "gap", "field": "brands", "sentence": "名牌产品偏少", "questions": []string{"brands"}}).want(200)
		var findings []api.Finding
		p.ask("GET", base+"/findings", office, nil).want(200, &findings)
		if len(findings) != 1 || len(findings[0].Rests) != 1 || findings[0].Rests[0].Value != "7" {
			t.Fatalf("%+v", findings)
		}
		finding := base + "/findings/" + findings[0].ID
		p.ask("PUT", finding, office, object{"kind": "gap", "field": "brands", "sentence": "名牌产品明显偏少"}, "If-Match", `"9"`).refused(412, "changed-meanwhile")
		p.ask("PUT", finding, office, object{"kind": "gap", "field": "brands", "sentence": "名牌产品明显偏少"}, "If-Match", `"1"`).want(200)

		measure := p.made("/measures", office, object{"says": object{"field": "brands", "side": "offers", "title": "培育名牌", "wording": "帮助{地方}培育名牌", "answers": []object{{"kind": "gap"}}}})
		p.ask("POST", "/measures/standard", office, nil).want(200)
		p.ask("PUT", "/measures/"+measure, office, object{"says": object{"field": "brands", "side": "offers", "title": "培育名牌", "wording": "帮助{地方}培育名牌产品", "answers": []object{{"kind": "gap"}}}, "from": "2010-01-04", "on": true},
			"If-Match", p.etag("/measures/"+measure, office)).want(200)
		p.ask("POST", "/memorandums/"+memorandum+"/draft/measures", office, object{"measures": []object{
			{"measure": measure, "finding": findings[0].ID, "obligor": "bureau", "confirms": "luzhou-gov", "wording": "帮助泸州市培育名牌产品", "target": "不少于10个"},
		}}, "If-Match", `"0"`).want(200)
		var draft api.Draft
		p.ask("GET", "/memorandums/"+memorandum+"/draft", office, nil).want(200, &draft)
		if len(draft.Text.Clauses) == 0 {
			t.Errorf("%+v", draft)
		}
		p.ask("DELETE", finding, office, nil, "If-Match", `"2"`).want(200)
		p.ask("DELETE", "/memorandums/"+memorandum+"/draft", office, nil).want(200)
	})
}

func TestAYearIsScoredAndPublishedByPrograms(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		p.town.On(2010, 6, 7)
		scorer, office := p.token(testkit.ProvinceBureau, org.Scorer), p.token(testkit.ProvinceBureau, org.Office)
		p.ask("POST", "/schemes", scorer, object{"scheme": object{"id": "x", "nonsense": 1}}).refused(422, "scheme.unreadable")
		scheme := assess.SampleScheme()
		scheme.Points = assess.Whole(105)
		scheme.Items = append(scheme.Items, assess.Item{No: "7", Title: "工作创新", Kind: assess.Plain, Points: assess.Whole(5), Method: assess.Judged,
			Source: assess.Source{Kind: assess.FromJudgement}, Absent: assess.AbsentScale})
		p.ask("POST", "/schemes", scorer, object{"scheme": scheme}).want(200)
		p.ask("POST", "/occurrences", scorer, object{"region": "510500", "kind": assess.SampleLateSlip, "on": "2010-05-01", "count": 1, "reason": "督办单〔2010〕14号，迟答三个工作日"}).want(200)
		var ids []string
		for range 3 {
			ids = append(ids, p.made("/rankings", scorer, object{"scheme": "memorandum", "group": "cities", "as_of": "2010-06-07"}))
		}
		p.ask("POST", "/rankings/"+ids[0]+"/publication", office, nil).refused(409, "assess.cards-open")
		p.ask("POST", "/judgements", scorer, object{"scheme": "memorandum", "item": "7", "region": "510500", "points": "x", "reason": "现场核查情况良好"}).refused(422, "score.points-unread")
		p.ask("POST", "/judgements", scorer, object{"scheme": "memorandum", "item": "7", "region": "510500", "points": "4.5", "reason": "现场核查情况良好"}).want(200)
		id := p.made("/rankings", scorer, object{"scheme": "memorandum", "group": "cities", "as_of": "2010-06-07"})
		p.ask("POST", "/rankings/"+id+"/publication", office, nil).want(200)
		seen := map[string]bool{}
		next := ""
		for range 5 {
			var page items[api.Ranking]
			p.ask("GET", "/rankings?limit=1&after="+next, scorer, nil).want(200, &page)
			for _, r := range page.Items {
				if seen[r.ID] {
					t.Errorf("%s came twice", r.ID)
				}
				seen[r.ID] = true
			}
			if next = page.Next; next == "" {
				break
			}
		}
		if len(seen) != 4 || !seen[id] {
			t.Errorf("%v", seen)
		}
	})
}
