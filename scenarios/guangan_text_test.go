package scenarios

import (
	"archive/zip"
	"bytes"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

const (
	land  = "乙方为检验检测中心提供建设用地20亩，安排建设资金300万元。"
	lands = "乙方为检验检测中心提供建设用地30亩，安排建设资金260万元。"
)

// proposed adds what was agreed on land and money to the draft, refuses what a
// colleague typed over it, and puts it before the others as version 1.
func (g *guangan) proposed() {
	office := g.office
	colleague := appoint(g.admin, bureau, "文稿岗", "drafter", "office")
	colleague.open(g.memorandum + "/draft")
	office.open(g.memorandum+"/draft").submit("/draft", "clause", nil).see()
	last := 0
	for formValues(office.form("/draft")).Has("clause." + strconv.Itoa(last+1) + ".text") {
		last++
	}
	clause := "clause." + strconv.Itoa(last)
	office.submit("/draft", "owed-"+clause, nil).submit("/draft", "owed-"+clause, nil).see()
	first, second := clause+".owed.0", clause+".owed.1"
	office.submit("/draft", "save", fields{
		"preamble": "甲、乙、丙三方为提高广安市质量水平，商定如下。", "closing": "本备忘录自各方签署之日起生效。", "until": "2017-12-31",
		"party.0.called": "甲方", "party.0.order": "1", "party.1.called": "乙方", "party.1.order": "2", "party.2.called": "丙方", "party.2.order": "3",
		clause + ".no": "第四条", clause + ".text": land,
		first + ".obligor": "1", first + ".confirms": "0", first + ".text": "提供建设用地", first + ".deadline": "2016年9月底前", first + ".kind": "land", first + ".amount": "20", first + ".unit": "亩",
		second + ".obligor": "1", second + ".confirms": "0", second + ".text": "安排建设资金", second + ".deadline": "2016年11月底前", second + ".kind": "money", second + ".amount": "300", second + ".unit": "万元", second + ".year": "2016",
	}).see("草稿已保存")
	// A colleague began with what was there before: what is there now is shown.
	colleague.submit("/draft", "save", fields{"title": "另一个题目"}).refused(409, "建设用地20亩")
	g.city.open(g.memorandum + "/versions").miss("建设用地")
	office.open(g.memorandum+"/propose").submit("/propose", "", fields{"words": "请乙方、丙方审阅"}).see("文稿已提出")
	g.version = office.here()
}

// countered lets the city take the docx away, write other figures into it, and send
// it in as version 2, with a question that is asked, answered and closed.
func (g *guangan) countered() {
	g.on(2016, 3, 25)
	city := g.city
	// 22 to 25 March 2016 are Tuesday to Friday: four working days after the 21st.
	city.open(g.version).see("轮到我方，已等4个工作日", land)
	city.open(g.version + "/file/docx").see()
	file := edited(g.t, city.body, func(xml string) string {
		return strings.NewReplacer("20亩", "30亩", "300万元", "260万元").Replace(xml)
	})
	city.open(g.memorandum+"/draft").submit("/draft/file", "", fields{"file": upload{"合作备忘录（市政府修改）.docx", file}}).see("已读入《合作备忘录（市政府修改）.docx》")
	city.changed([2]string{"20", "30"}, [2]string{"300", "260"})
	g.office.open(g.memorandum + "/versions").miss("260万元")
	owed := "clause.3.owed."
	city.open(g.memorandum+"/draft").submit("/draft", "save", fields{owed + "0.amount": "30", owed + "1.amount": "260"}).see("草稿已保存")
	city.open(g.memorandum+"/propose").submit("/propose", "", fields{"words": "用地可以多给，资金请减一些"}).see("文稿已提出")
	g.version = city.here()
	g.office.open(g.version+"/redline?old=1&new=2").changed([2]string{"20", "30"}, [2]string{"300", "260"})

	g.county.open(g.version).submit("/remarks", "", fields{"clause": g.county.choice("clause", "第四条 乙方为检验检测中心"), "words": "用地在城区还是在岳池？"}).see("用地在城区还是在岳池？")
	city.open(g.version).submit("/answer", "", fields{"words": "在岳池县工业园"}).see("意见已答复", "在岳池县工业园")
	g.county.open(g.version).submit("/close", "", nil).see("意见已了结")
}

// changed demands that the redline shows these characters struck out and put in.
func (v *visitor) changed(pairs ...[2]string) *visitor {
	v.t.Helper()
	v.see()
	marks := func(mark string) (out []string) {
		for _, n := range findAll(v.page, func(n *html.Node) bool { return n.Data == mark }) {
			out = append(out, wordsOf(n))
		}
		return out
	}
	for _, p := range pairs {
		if gone, put := marks("del"), marks("ins"); !slices.Contains(gone, p[0]) || !slices.Contains(put, p[1]) {
			v.t.Fatalf("%s strikes out %q and puts in %q, not %q", v.path, gone, put, p)
		}
	}
	return v
}

// edited rewrites the words of a docx as an office program would.
func edited(t *testing.T, docx []byte, change func(string) string) string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == "word/document.xml" {
			b = []byte(change(string(b)))
		}
		to, err := w.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := to.Write(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// wordsIn are the words of a docx, without their marks.
func wordsIn(t *testing.T, docx []byte) (words string) {
	t.Helper()
	edited(t, docx, func(xml string) string {
		words = regexp.MustCompile(`<[^>]*>`).ReplaceAllString(xml, "")
		return xml
	})
	return words
}

// form is the first form of the page with this action.
func (v *visitor) form(action string) *html.Node {
	v.t.Helper()
	f := find(v.page, func(n *html.Node) bool { return n.Data == "form" && strings.HasSuffix(v.resolveAction(n), action) })
	if f == nil {
		v.t.Fatalf("%s has no form …%s:\n%s", v.path, action, v.text())
	}
	return f
}
