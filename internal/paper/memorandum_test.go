package paper

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"gongjian/internal/memo"
	"gongjian/internal/office"
)

func textDocument(lines ...string) office.Document {
	var d office.Document
	for _, l := range lines {
		d.Blocks = append(d.Blocks, office.Block{Paragraph: &office.Paragraph{Text: l}})
	}
	return d
}

func TestClausesAreReadByTheirNumbers(t *testing.T) { // Rule M-08
	got := ReadMemorandum(textDocument(
		"关于质量兴市的合作备忘录", "甲方：四川省质量技术监督局", "乙方：广安市人民政府", "为落实……，达成如下备忘录。",
		"第一条　甲方的责任", "（一）支持广安市建设检测中心。", "1. 提供设备。", "设备清单另附。", "（二）培训人员20人次。",
		"第二条 期限", "本备忘录一式四份，双方各执两份。", "甲方（盖章）：", "2010年6月7日", "附件：承诺事项", "一、不是条款",
	))
	want := memo.Text{
		Title: "关于质量兴市的合作备忘录", Kind: "合作备忘录", Preamble: "为落实……，达成如下备忘录。", Closing: "本备忘录一式四份，双方各执两份。",
		Clauses: []memo.Clause{
			{No: "第一条", Level: 1, Position: 1, Text: "甲方的责任"}, {No: "（一）", Level: 2, Position: 2, Text: "支持广安市建设检测中心。"},
			{No: "1.", Level: 3, Position: 3, Text: "提供设备。\n设备清单另附。"}, {No: "（二）", Level: 2, Position: 4, Text: "培训人员20人次。"},
			{No: "第二条", Level: 1, Position: 5, Text: "期限"},
		},
	}
	if d := cmp.Diff(want, got.Text); d != "" {
		t.Error(d)
	}
	if len(got.Parties) != 2 || got.Parties[1].Name != "广安市人民政府" || got.Parties[1].Called != "乙方" {
		t.Errorf("parties %+v", got.Parties)
	}
}

func TestEveryModelTextCanBeProposed(t *testing.T) { // Rule M-08
	all, err := Models()
	if err != nil || len(all) != 5 {
		t.Fatalf("%d models, %v", len(all), err)
	}
	for _, m := range all {
		x, err := FirstDraft(m.Kind, "四川省质监局 广安市人民政府"+m.Kind, []memo.Party{{Unit: "bureau", Name: "四川省质量技术监督局"}, {Unit: "city", Name: "广安市人民政府"}})
		if err != nil || x.Check() != nil || len(x.Clauses) < 6 || x.Closing == "" || x.Preamble == "" {
			t.Errorf("%s: %v, %v, %d clauses, closing %q", m.Kind, err, x.Check(), len(x.Clauses), x.Closing)
		}
		owed := 0
		for _, c := range x.Clauses {
			owed += len(c.Commitments)
		}
		if owed < 3 {
			t.Errorf("%s promises only %d things", m.Kind, owed)
		}
	}
}

func FuzzReadMemorandum(f *testing.F) {
	f.Add("标题\n第一条 一\n（一）二\n1.三\n本备忘录一式四份")
	f.Add("1.\n（\n第条")
	f.Fuzz(func(t *testing.T, s string) {
		got := ReadMemorandum(textDocument(s, s, "1."+s))
		for _, c := range got.Text.Clauses {
			if c.Level < 1 || c.Level > 3 || c.No == "" {
				t.Fatalf("a clause without number or level: %+v", c)
			}
		}
	})
}
