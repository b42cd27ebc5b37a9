package api_test

import (
	"testing"

	"gongjian/internal/api"
	"gongjian/internal/org"
	"gongjian/testkit"
)

func TestAMemorandumIsNegotiatedAndSignedByPrograms(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		office, leader := p.token(testkit.ProvinceBureau, org.Office), p.token(testkit.ProvinceBureau, org.Leader)
		other, mayor := p.token(testkit.LiangshanGov, org.Office), p.token(testkit.LiangshanGov, org.Leader)
		terms := object{"title": "四川省质监局 凉山州人民政府合作备忘录", "kind": "合作备忘录", "parties": []string{"bureau", "liangshan-gov"}, "clauses": []object{}}
		id := p.made("/memorandums", office, terms)
		base := "/memorandums/" + id
		p.ask("PUT", base, office, object{"title": "四川省质监局 凉山彝族自治州人民政府合作备忘录", "kind": "合作备忘录", "parties": []string{"bureau", "liangshan-gov"}, "clauses": []object{}}, "If-Match", p.etag(base, office)).want(200)

		var draft api.Draft
		none := p.ask("GET", base+"/draft", office, nil).want(200, &draft).Header.Get("ETag")
		if none != `"0"` || len(draft.Text.Parties) != 2 {
			t.Fatalf("%s %+v", none, draft)
		}
		draft.Text.Years = 3
		draft.Text.Clauses = []api.TextClause{{No: "第一条", Level: 1, Text: "支持凉山州实施名牌战略。", Commitments: []api.TextCommitment{
			{Obligor: "liangshan-gov", Confirms: "bureau", Text: "每年安排质量发展资金", Support: &api.TextSupport{Kind: "money", Value: "500000.25", Year: 2010}},
		}}}
		tag := p.ask("PUT", base+"/draft", office, draft, "If-Match", none).want(200).Header.Get("ETag")
		var kept api.Draft
		if got := p.ask("GET", base+"/draft", office, nil).want(200, &kept).Header.Get("ETag"); got != tag {
			t.Errorf("the act answered %s, the draft is at %s", tag, got)
		}
		if kept.Text.Clauses[0].ID == "" || kept.Text.Clauses[0].Commitments[0].Support.Value != "500000.25" {
			t.Errorf("%+v", kept.Text.Clauses)
		}
		p.ask("POST", base+"/versions", office, object{"words": "请研究"}, "If-Match", `"7"`).refused(412, "changed-meanwhile")
		first := p.made(base+"/versions", office, object{"words": "请研究"}, "If-Match", tag)

		p.ask("POST", "/versions/"+first+"/remarks", other, object{"words": "第一条资金安排请再斟酌"}).want(200)
		var remarks []api.Remark
		p.ask("GET", "/versions/"+first+"/remarks", office, nil).want(200, &remarks)
		p.ask("POST", "/remarks/"+remarks[0].ID+"/answer", office, object{"words": "按财政预算办理"}).want(200)
		p.ask("POST", "/remarks/"+remarks[0].ID+"/closing", other, nil).want(200)
		p.ask("POST", "/versions/"+first+"/opinions", other, object{"unit": "liangshan-gov", "kind": "legal", "due": "2010-01-20"}).want(200)
		var asked items[api.Opinion]
		p.ask("GET", "/opinions?open=true", p.token(testkit.LiangshanGov, org.Verifier), nil).want(200)
		p.ask("GET", "/opinions", other, nil).want(200, &asked)
		if len(asked.Items) != 1 {
			t.Fatalf("opinions %+v", asked)
		}
		p.ask("POST", "/opinions/"+asked.Items[0].ID+"/answer", mayor, object{"result": "agree", "words": "合法性审核通过"}).want(200)

		// The other side edits the document outside and hands it in.
		file := p.ask("GET", "/versions/"+first+"/document", other, nil).want(200).Body
		p.ask("POST", base+"/draft/document?name=a.docx", other, string(file), "Content-Type", "application/octet-stream", "If-Match", `"0"`).want(200)
		p.ask("GET", base+"/draft", other, nil).want(200, &draft)
		draft.Text.Clauses[0].Text += "每年会商一次。"
		p.ask("PUT", base+"/draft", other, draft, "If-Match", p.etag(base+"/draft", other)).want(200)
		second := p.made(base+"/versions", other, object{}, "If-Match", p.etag(base+"/draft", other))
		p.ask("POST", "/versions/"+first+"/answer", other, object{"accepts": true}).want(409)
		p.ask("POST", "/versions/"+second+"/answer", office, object{"accepts": true}).want(200)

		var agreed api.VersionWhole
		p.ask("GET", "/versions/"+second, office, nil).want(200, &agreed)
		sign := object{"digest": agreed.Digest, "method": "sm2", "day": "2010-01-04", "place": "西昌"}
		p.ask("POST", "/versions/"+second+"/signature", office, sign).refused(403, "denied")
		p.ask("POST", "/versions/"+second+"/signature", leader, sign).want(200)
		p.ask("GET", "/versions/"+second+"/statement?key=x&day=2010-01-04", mayor, nil).refused(422, "sign.key-unreadable")
		p.ask("POST", "/versions/"+second+"/signature", mayor, sign).want(200)
		var now api.MemorandumText
		p.ask("GET", base, office, nil).want(200, &now)
		if now.Stage != "in-force" || now.Until != "2013-01-03" {
			t.Errorf("%+v", now.Memorandum)
		}
		var open []api.OpenTask
		p.ask("GET", base+"/open-tasks", office, nil).want(200, &open)
		renewal := p.made(base+"/renewal", office, nil)
		p.ask("POST", base+"/ending", office, object{"day": "2010-01-04", "why": "双方协商一致，提前终止", "decisions": []object{}}, "If-Match", p.etag(base, office)).want(200)
		p.ask("GET", "/memorandums/"+renewal+"/unsettled", office, nil).want(200)
	})
}

func TestAnAllianceIsOpenedJoinedAndLeft(t *testing.T) {
	single(t, func(p *program) {
		office := p.token(testkit.ProvinceBureau, org.Office)
		id := p.made("/memorandums", office, object{
			"title": "质量诚信倡议", "kind": "联盟倡议", "parties": []string{"bureau", "gov"}, "signed": "2010-01-04", "clauses": []object{{"no": "一", "text": "诚信为本。"}},
		})
		path := "/memorandums/" + id + "/members"
		var alliance api.Alliance
		p.ask("GET", path, office, nil).want(200, &alliance)
		p.ask("POST", path, office, object{"unit": "naxi"}).want(200)
		p.ask("POST", path+"/openness", office, object{"open": true}, "If-Match", p.etag("/memorandums/"+id, office)).want(200)
		join := object{"pledge": alliance.Pledge, "method": "ed25519", "day": "2010-01-04"}
		p.ask("POST", path+"/joining", p.token(testkit.NaxiBureau, org.Leader), join).want(200)
		p.ask("POST", path+"/joining", p.token(testkit.XichangBureau, org.Leader), join).want(200)
		p.ask("POST", path+"/leaving", p.token(testkit.XichangBureau, org.Leader), object{"day": "2010-01-04", "why": "职能调整，不再参加"}).want(200)
		p.ask("GET", path, office, nil).want(200, &alliance)
		if len(alliance.Members) != 2 || !alliance.Open {
			p.t.Errorf("%+v", alliance)
		}
	})
}
