package official

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"gongjian/internal/calendar"
	"gongjian/internal/folio"
	"gongjian/internal/letter"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

func letterBody(unit string, tasks int) letter.Body {
	f := letter.Facts{
		Plan: memo.Plan{ID: "p", Title: "泸州市2010年度工作计划", Year: 2010}, Memorandum: "合作备忘录", Today: calendar.NewDate(2010, 3, 1),
		Giver: letter.Party{Unit: "office", Name: "四川省质监局"}, Taker: letter.Party{Unit: org.UnitID(unit), Name: unit + "质监局"},
	}
	for i := range tasks {
		f.Tasks = append(f.Tasks, letter.Task{
			ID: task.ID(fmt.Sprint(i)), No: fmt.Sprint(i + 1), Title: "新增四川名牌产品|不少于", Measures: strings.Repeat("强化措施，", 8), Target: "不少于20个",
			Deadline: "2010年10月底前", Role: task.Lead, Weight: task.One, Clause: "第三条",
		})
	}
	return letter.Draw(nil, f).Body
}

func TestALetterAndItsSupplementSayWhatTheyBindTo(t *testing.T) {
	first := letterBody("江阳区", 3)
	d := LetterOf(first)
	d.Giver.Signer, d.Giver.On, d.Giver.How = "局长 张X", calendar.NewDate(2010, 3, 2), "电子签名"
	doc, err := Make(d)
	if err != nil {
		t.Fatal(err)
	}
	o := OutlineOf(doc)
	words := strings.Join(o.Paragraphs, "\n")
	if o.Title != "江阳区质监局2010年度目标责任书" || o.Rows != 3 || len(o.Annexes) != 1 || doc.Number != "" || len(doc.Sign) != 0 {
		t.Errorf("%+v signed by %q", o, doc.Sign)
	}
	for _, want := range []string{"共3项，其中牵头3项、配合0项", "局长 张X", "2010年3月2日", "年　　月　　日", first.Digest()} {
		if !strings.Contains(words, want) {
			t.Errorf("the letter does not say %q:\n%s", want, words)
		}
	}
	standing := first.Tasks[:2:2]
	standing[0].Target = "不少于25个"
	l := letter.Letter{ID: "a", Body: first, Digest: first.Digest(), Standing: letterBody("江阳区", 3).Tasks, State: letter.Signed}
	second := letter.Draw([]letter.Letter{l}, letter.Facts{Plan: memo.Plan{Year: 2010}, Taker: first.Taker, Giver: first.Giver, Today: first.Made, Tasks: standing}).Body
	if doc, err = Make(LetterOf(second)); err != nil {
		t.Fatal(err)
	}
	o = OutlineOf(doc)
	if o.Title != "江阳区质监局2010年度目标责任书补充（第1号）" || o.Rows != 3 || !strings.Contains(strings.Join(o.Paragraphs, "\n"), "新增0项、调整1项、撤销1项") {
		t.Errorf("%+v", o)
	}
	for _, f := range []Format{DOCX, PDF} {
		file, err := map[Format]func(folio.Document, folio.Layout) ([]byte, error){DOCX: (&Press{}).DOCX, PDF: (&Press{}).PDF}[f](doc, folio.Standard())
		if err != nil || FormatOf(file) != f {
			t.Errorf("%s: %v", f, err)
		}
	}
}

func BenchmarkLetters3000(b *testing.B) {
	bodies := make([]letter.Body, 3000)
	for i := range bodies {
		bodies[i] = letterBody(fmt.Sprint("第", i, "县"), 20)
	}
	var out bytes.Buffer
	for b.Loop() {
		for _, body := range bodies {
			doc, err := Make(LetterOf(body))
			if err != nil {
				b.Fatal(err)
			}
			out.Reset()
			if err := folio.WriteDOCX(&out, doc, folio.Standard()); err != nil {
				b.Fatal(err)
			}
		}
	}
}
