package scenarios

import (
	"crypto/ed25519"
	"encoding/base64"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// consulted lets the office ask two of its own units about version 2. While they have
// not answered, the version is not accepted without a reason.
func (g *guangan) consulted() {
	g.on(2016, 3, 28)
	legal := appoint(g.admin, bureau+"法规处", "法制审核岗", "legal", "clerk")
	quality := appoint(g.admin, bureau+"质量处", "会签岗", "quality", "clerk")
	office := g.office
	for unit, kind := range map[string]string{bureau + "法规处": "legal", bureau + "质量处": "department"} {
		office.open(g.version).submit("/opinions", "", fields{"asked": unit, "kind": kind, "due": "2016-04-01"}).see("已请" + unit + "出具意见")
	}
	office.open(g.version).submit("/answer", "accept", nil).refused(409, "还有2份意见没有出具")
	g.city.open(g.version).miss("法规处")
	legal.open("/opinions").follow("质量强市合作备忘录").submit("/opinions/"+last(legal.here()), "", fields{"result": "agree"}).see("意见已出具")
	quality.open("/opinions").follow("质量强市合作备忘录").submit("/opinions/"+last(quality.here()), "", fields{"result": "amend"}).refused(422, "请写理由或修改意见")
	quality.submit("/opinions/"+last(quality.here()), "", fields{"result": "amend", "words": "资金分年到位也可"}).see("意见已出具")
	office.open(g.version).see("资金分年到位也可").submit("/answer", "accept", fields{"words": "同意"}).see("已接受第2稿")
	g.director.open(g.memorandum + "/sign").see("还没有可以签署的文稿")
	g.county.open(g.version).submit("/answer", "accept", nil).see("已接受第2稿", "待签署")
}

func last(path string) string { return path[strings.LastIndex(path, "/")+1:] }

// signing is the ceremony, twice: version 2 is signed by two of three when its last
// word is changed; what was signed is void, and version 3 is signed by all.
func (g *guangan) signing() {
	sign := g.memorandum + "/sign"
	public, secret, err := ed25519.GenerateKey(nil)
	if err != nil {
		g.t.Fatal(err)
	}
	key := "ed25519:" + base64.RawStdEncoding.EncodeToString(public)
	g.mayor.open(sign).see("按约定顺序，还没有轮到贵方签署")
	g.office.open(sign).submit("/sign", "", fields{"method": "ed25519", "password": password}).refused(403)
	g.director.open(sign).submit("/sign", "", fields{"password": "不是这一句"}).refused(422, "密码不对")
	g.director.submit("/sign", "", fields{"place": "成都", "password": password}).see("共3方，已签1方")

	statement, value := g.outside(secret, key)
	forged := "A" + value[1:]
	if forged == value {
		forged = "B" + value[1:]
	}
	typed := fields{"statement": statement, "value": forged, "password": password}
	g.mayor.submit("/sign", "", typed).refused(409, "签名与原文、公钥对不上")
	typed["value"] = value
	g.mayor.submit("/sign", "", typed).see("共3方，已签2方")

	// Whoever led the county's bureau until yesterday has the form still open.
	former := appoint(g.admin, yuechi, "县局前任局长", "county-former", "leader")
	former.open(sign).see("贵方签署")
	g.admin.open("/units?q="+url.QueryEscape(yuechi)).follow(yuechi).follow("县局前任局长").follow("结束任职").
		submit("/end", "", fields{"day": "2016-03-27"}).see("任职到3月27日为止")
	former.submit("/sign", "", fields{"password": password}).refused(401, "请先登录")
	former.open("/sign-in").submit("/sign-in", "", fields{"login": "county-former", "password": password}).refused(403, "您今天没有岗位")
	g.director.open(sign).see("共3方，已签2方")

	// The county had its form open when the office changed the text.
	g.head.open(sign).see("贵方签署")
	g.office.open(g.memorandum+"/draft").submit("/draft", "save", fields{"closing": "本备忘录自各方签字盖章之日起生效。"}).see("草稿已保存")
	g.office.open(g.memorandum+"/propose").submit("/propose", "", nil).see("文稿已提出")
	g.version = g.office.here()
	g.head.submit("/sign", "", fields{"password": password}).refused(409, "已有新的文稿")
	for _, v := range []*visitor{g.city, g.county} {
		v.open(g.version).submit("/answer", "accept", nil).see("已接受第3稿")
	}
	g.director.open(sign).see("已失效的签署", "达成一致后又提出了新稿", "共3方，已签0方").
		submit("/sign", "", fields{"place": "广安", "password": password}).see("共3方，已签1方")
	old := fields{"statement": statement, "value": value, "password": password} // of version 2
	statement, value = g.outside(secret, key)
	g.mayor.submit("/sign", "", old).refused(409, "签名原文与系统给出的不一致")
	g.mayor.submit("/sign", "", fields{"statement": statement, "value": value, "password": password}).see("共3方，已签2方")
	g.value = [2]string{old["value"].(string), value}
	g.head.open(sign).submit("/sign", "", fields{"method": "sm2", "password": password}).see("各方均已签署，3月28日")
	g.office.open(g.memorandum).see("在办")
	g.office.open(sign+"?show=1").see("质量强市合作备忘录", yuechi)
}

// outside lets the mayor take the statement away and sign it with a key of his own.
func (g *guangan) outside(secret ed25519.PrivateKey, key string) (statement, value string) {
	g.t.Helper()
	v := g.mayor.open(g.memorandum+"/sign").submit("/sign", "", fields{"method": "outside"}).refused(422, "公钥")
	v.submit("/sign", "statement", fields{"public": key, "place": "广安"}).see("待签原文")
	statement = formValues(v.form("/sign")).Get("statement")
	return statement, base64.StdEncoding.EncodeToString(ed25519.Sign(secret, []byte(statement)))
}

// proven fetches the signed text and checks it away from the server; a copy with one
// character changed, and one that puts the void signatures in, are refused.
func (g *guangan) proven() {
	g.office.open(g.memorandum + "/signed.json").see()
	g.signed = g.office.body
	g.verified(g.signed, "party       "+yuechi, "checked with sm2", "checked with ed25519, by a signer of their own", "signed      by all 3 parties, 2016-03-28", "everything fits")
	for _, forged := range [][2]string{{"建设用地30亩", "建设用地31亩"}, {g.value[1], g.value[0]}} {
		if !strings.Contains(string(g.signed), forged[0]) {
			g.t.Fatalf("the proof does not hold %q", forged[0])
		}
		if out, ok := g.verify([]byte(strings.Replace(string(g.signed), forged[0], forged[1], 1))); ok || !strings.Contains(out, "DOES NOT FIT") {
			g.t.Fatalf("a proof that says %q instead is taken: %s", forged[1], out)
		}
	}
	// The thread from the finding to the commitment is still there. The survey was the
	// office's own, so the city sees the measure and not what was found.
	g.office.open(g.memorandum).see("新增四川名牌产品。", "来自措施名牌产品培育", "←调研发现省名牌产品数由2014年的7个降到2015年的5个", "2017-12-31")
	g.city.open(g.memorandum).see("来自措施名牌产品培育").miss("调研发现")
}

// verified runs the verifier on a file and demands these words of it.
func (g *guangan) verified(file []byte, words ...string) string {
	g.t.Helper()
	out, ok := g.verify(file)
	for _, w := range words {
		if !ok || !strings.Contains(out, w) {
			g.t.Fatalf("the verifier does not say %q: %s", w, out)
		}
	}
	return out
}

// verify runs the verifier on a file.
func (g *guangan) verify(file []byte) (string, bool) {
	g.t.Helper()
	name := filepath.Join(g.data, "proof.json")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		g.t.Fatal(err)
	}
	return g.run("verify", name, "--key", filepath.Join(g.data, "journal.pub"))
}
