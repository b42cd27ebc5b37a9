package page

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"gongjian/internal/fault"
	"gongjian/internal/task"

	"github.com/a-h/templ"
)

// statesPage shows every part once: empty, mistaken, in conflict, received, not
// delivered; lights, bars, a course, a pager.
func statesPage(s sample) templ.Component {
	return with(Shell(s.view(s.or("状态样例", "States"), "desk")),
		with(Head(s.p, HeadView{
			Crumbs: []Crumb{{s.or("凉山州", "Liangshan"), "/ranking"}, {s.or("状态样例", "States"), ""}},
			Title:  Say(s.or("状态样例", "States")),
			Meta:   Say(s.or("空、错、冲突、回执、无权，各一例。", "One of each: empty, mistaken, in conflict, received, out of scope.")),
		}), with(Seg(s.or("范围", "Which"), []Choice{{s.or("全部", "All"), "#all", true}, {s.or("未分足", "Gaps"), "#gap", false}}))),
		stateNext(s),
		Thread([]Step{
			{Label: s.or("条款 第三条（二）", "Clause 3 (2)"), Original: "支持凉山州实施名牌战略，三年内新增四川名牌产品五十个以上。"},
			{Label: s.or("承诺事项", "Commitment"), Text: Say(s.or("凉山州政府承诺，省质监局确认", "Owed by Liangshan, confirmed by the province")), Note: Say(s.or("三年50个", "50 in three years"))},
			{Label: s.or("年度计划", "Plan of the year"), Text: Linked("2010", "/plans/1")},
			{Label: s.or("任务（一）", "Task (1)"), Text: Say(s.or("不少于20个", "At least 20")), Current: true},
			{Label: s.or("分解", "Parts"), Text: Say(s.or("5个县（市），合计18个", "5 counties, 18 in all"))},
		}),
		stateLights(s),
		stateFigures(s),
		with(box("two"), stateEmpty(s), stateMistake(s), stateConflict(s), stateReceipt(s)),
	)
}

func stateNext(s sample) templ.Component {
	return with(Next(NextView{
		Label: DoFirst(s.p),
		Light: &LightView{Colour: "yellow", Word: LightWord(s.p, "yellow")},
		Title: Linked(s.or("新增四川名牌产品的5月填报被退回", "Your May report on New Sichuan Famous Brands came back"), "/tasks/1"),
		Lines: []Words{Say(s.or("退回原因：附件《推荐名单》第2页印章看不清。", "Reason: the seal on page 2 of the nomination list cannot be read."))},
		Meta:  Say(s.p.Dots(s.or("州质监局核实岗", "Prefecture's verification post"), s.p.Instant(time.Date(2010, 6, 4, 2, 22, 0, 0, time.UTC)))),
	}), markup(`<a class="btn" href="#no">`, s.or("不列入", "Leave out"), `</a><a class="btn btn-primary" href="#go">`, s.or("补附件重报", "Replace page and submit"), `</a>`))
}

func stateLights(s sample) templ.Component {
	rows := []templ.Component{markup(`<table class="table stack"><thead><tr><th scope="col">`, s.or("灯", "Light"), `</th><th scope="col">`, s.or("原因", "Why"), `</th></tr></thead><tbody>`)}
	for _, colour := range []string{"green", "yellow", "red", "blue", "grey"} {
		rows = append(rows, markup(`<tr><td>`), Light(colour, LightWord(s.p, colour), ""),
			markup(`</td><td data-l="`, s.or("原因", "Why"), `">`, s.or("应有10个，核实7个", "10 expected, 7 verified"), `</td></tr>`))
	}
	rows = append(rows, markup(`</tbody></table>`), Pager(s.p, PagerView{Next: "?after=k", First: "?", Count: s.or("共24件", "24 in all")}))
	return with(Card(CardView{ID: "lights", Title: s.or("亮灯", "Lights"), Count: "5",
		Meta:  Say(s.or("形状、颜色、词", "Shape, colour, word")),
		Right: Linked(s.or("规则全文", "The rule"), "#rule")}), rows...)
}

func stateFigures(s sample) templ.Component {
	ten := 10 * task.One
	values := []task.Quantity{869_000, 878_000, 885_000, 888_000, 865_000}
	low, high := TrendScale(values)
	chart := ChartView{ID: "course", Unit: s.or("个", "brands"), Target: 20 * task.One, Goal: s.or("10月底 目标20", "Target 20 by October"),
		Title: s.or("1至5月累计：填报9个；核实7个；5月底应有10个", "January to May: 9 claimed, 7 verified, 10 expected")}
	for i := 1; i <= 10; i++ {
		expected := task.Quantity(i) * 2 * task.One
		point := ChartPoint{Label: s.p.MonthShort(time.Month(i)), Known: i <= 5, Expected: &expected}
		if i <= 5 {
			point.Claimed = []task.Quantity{1, 2, 4, 7, 9}[i-1] * task.One
			point.Verified = []task.Quantity{1, 2, 4, 6, 7}[i-1] * task.One
		}
		chart.Points = append(chart.Points, point)
	}
	return with(box("cols"),
		with(Card(CardView{Title: s.or("填报与核实", "Claimed and verified"), Right: ChartKey(s.p)}), Chart(s.p, chart)),
		with(Card(CardView{Title: s.or("数", "Figures"), Body: true, Small: true, Foot: Say(s.or("只计核实数。", "Only verified numbers count."))}),
			Pair(s.p, PairView{9 * task.One, 7 * task.One, 20 * task.One, &ten}),
			Sparkline(s.p, TrendView{s.or("凉山州1月至5月得分", "Liangshan's score, January to May"), values, low, high}),
			KV([]Fact{{s.or("完成时限", "Deadline"), Say("2010-10-31")}, {s.or("目标值", "Target"), Say("20")}}),
			Tabs(s.or("分项", "Parts"), []Choice{{s.or("任务", "Tasks"), "#a", true}, {s.or("经过", "History"), "#b", false}}),
		),
	)
}

func stateEmpty(s sample) templ.Component {
	return with(Card(CardView{Title: s.or("还没有内容", "Nothing yet")}),
		with(Empty(EmptyView{Text: Say(s.or("凉山州还没有2010年度计划。", "Liangshan has no plan for 2010 yet.")), Note: Say(s.or("导入后可以逐行改。", "Every row can be changed after the import."))}),
			markup(`<a class="btn btn-go" href="/import">`, s.or("导入任务表", "Import a task table"), `</a><a href="#new">`, s.or("逐条新建", "Enter one by one"), `</a>`)))
}

func stateMistake(s sample) templ.Component {
	faults := []FieldFault{
		{"value", s.or("累计新增", "Cumulative"), s.or("上期是2个，累计不会变少。确实要改少，请写明原因。", "It was 2 last time; a sum does not shrink. If it must, say why.")},
		{"evidence", s.or("凭据", "Evidence"), s.or("至少1份", "At least one file")},
	}
	value := FieldView{ID: "value", Label: s.or("截至5月31日，累计新增", "New by 31 May, cumulative"), Hint: s.or("填累计数，不是本月数。", "The sum, not this month's."), Faults: faults}
	evidence := FieldView{ID: "evidence", Label: s.or("凭据", "Evidence"), Group: true, Faults: faults}
	remark := FieldView{ID: "remark", Label: s.or("说明", "Remark"), Optional: true, Faults: faults}
	return with(Card(CardView{Title: s.or("有几处要改", "Some things to mend"), Body: true}),
		ErrorList(s.p, faults),
		with(Field(s.p, value), markup(`<div class="vrow">`), input(value.Control("form-control val"), "1"), markup(`<span>`, s.or("个", "brands"), `</span></div>`)),
		with(Field(s.p, evidence), markup(`<label class="btn">`, s.or("添加照片或文件", "Add photos or files"), `<input type="file" class="visually-hidden"></label>`)),
		with(Field(s.p, remark), input(remark.Control("form-control"), "")),
	)
}

func stateConflict(s sample) templ.Component {
	return with(Card(CardView{Title: s.or("两人同时改", "Two people at once"), Body: true}),
		Conflict(s.p, ConflictView{
			Who: s.or("州质监局核实岗", "The verification post"), When: time.Date(2010, 6, 7, 2, 12, 0, 0, time.UTC),
			Action: "/tasks/1", Drop: "/tasks/1", Hidden: map[string]string{"version": "3"},
			Fields: []ConflictField{
				{"deadline", s.or("完成时限", "Deadline"), s.or("10月31日", "31 October"), s.or("11月30日", "30 November"), "2010-11-30"},
				{"cooperating", s.or("配合单位", "Cooperating"), "", s.or("加 州农业局", "plus agriculture"), "agri"},
				{"lead", s.or("牵头单位", "Lead"), s.or("州经委", "economy"), "", "econ"},
			},
		}))
}

func stateReceipt(s sample) templ.Component {
	at := time.Date(2010, 6, 7, 2, 20, 0, 0, time.UTC)
	return with(Card(CardView{Title: s.or("提交成功，没有送到，点了两次", "Sent, not delivered, sent twice"), Body: true}),
		ReceiptNote(s.p, Receipt{Number: "2010-05-1201", Text: Say(s.or("新增四川名牌产品，累计1个。核实岗6月12日前答复。", "New Sichuan Famous Brands: 1. You will hear by 12 June."))}),
		NotSent(s.p, s.or("提交", "Submit")),
		ReceiptNote(s.p, Receipt{Number: "2010-05-1201", Again: true, At: at, NextJob: s.or("食品监督抽查经费列入县级预算", "Food-inspection funds"), NextTo: "/tasks/2"}),
	)
}

func TestEveryStateRendersInBothLanguagesWithoutInlineCode(t *testing.T) {
	for lang, s := range samples(t) {
		html := render(t, statesPage(s))
		for _, bad := range []string{" style=", "onclick", "javascript:", "[state.", "[light.", "[figure.", "[common.", "%!"} {
			if strings.Contains(html, bad) {
				t.Errorf("%s: the page has %q", lang, bad)
			}
		}
		if n := strings.Count(html, "btn-primary"); n != 1 {
			t.Errorf("%s: %d filled buttons, wanted one", lang, n)
		}
		for _, wanted := range []string{`href="#value"`, `aria-invalid="true"`, `aria-describedby="value-error value-hint"`, `aria-current="page"`, `lang="zh-CN">支持凉山州`, `name="version" value="3"`} {
			if !strings.Contains(html, wanted) {
				t.Errorf("%s: the page lacks %s", lang, wanted)
			}
		}
	}
}

func TestTheOtherLanguageIsTheSameAddress(t *testing.T) {
	s := samples(t)["zh"]
	v := s.view("", "")
	for path, want := range map[string]string{
		"/tasks/1?tab=history": "/tasks/1?lang=en&tab=history",
		"//elsewhere/x":        "/x?lang=en",
		"https://elsewhere/x":  "/x?lang=en",
	} {
		v.Path = path
		if got := v.otherLanguage(); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}

func TestFaultsOfAFormComeWithTheirFields(t *testing.T) {
	p := samples(t)["zh"].p
	list := fault.List{fault.New(fault.Invalid, "a."+"b").On("value"), fault.New(fault.Invalid, "a."+"c")}
	got := Faults(p, fmt.Errorf("act: %w", list.Err()), map[string]string{"value": "累计"})
	if len(got) != 2 || got[0] != (FieldFault{"value", "累计", "[fault.a.b]"}) || got[1].Field != "" {
		t.Errorf("got %v", got)
	}
	if got := Faults(p, errors.New("disk"), nil); got != nil {
		t.Errorf("an error that is no fault gave %v", got)
	}
}

func TestABarNeverLeavesItsSheet(t *testing.T) {
	over := 50 * task.One
	for _, v := range []PairView{
		{Claimed: 30 * task.One, Verified: 25 * task.One, Target: 20 * task.One, Expected: &over},
		{Claimed: -task.One, Target: 20 * task.One},
		{Claimed: task.One, Verified: task.One},
	} {
		b := v.geometry()
		if b.claimed < 0 || b.claimed > barWidth || b.verified < 0 || b.verified > barWidth || b.tick < 0 || b.tick > barWidth-2 {
			t.Errorf("%+v: %+v", v, b)
		}
	}
}

func TestGridLinesAreRoundAndFew(t *testing.T) {
	for _, highest := range []task.Quantity{1, 7, task.One, 20 * task.One, 9_214 * task.One, 1 << 60} {
		step := gridStep(highest)
		if n := highest / step; n >= 5 || n < 1 && highest > 1 {
			t.Errorf("%d: step %d makes %d lines", highest, step, n)
		}
	}
}
