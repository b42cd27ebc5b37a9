package page

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"gongjian/internal/task"
	"gongjian/internal/web/page/mapdata"

	"github.com/a-h/templ"
)

// ranks is the ranking of the reference pages: code, score, change, colour, trend.
var ranks = []struct {
	code, score, zh, en, colour string
	trend                       []task.Quantity
}{
	{"5101", "94.2", "升0.6", "+0.6", "green", []task.Quantity{930, 932, 933, 936, 942}},
	{"5106", "92.8", "升1.1", "+1.1", "green", []task.Quantity{905, 910, 912, 917, 928}},
	{"5107", "91.9", "降0.4", "−0.4", "green", []task.Quantity{918, 921, 922, 923, 919}},
	{"5120", "91.5", "升1.9", "+1.9", "green", []task.Quantity{874, 881, 889, 896, 915}},
	{"5105", "90.4", "升0.3", "+0.3", "green", []task.Quantity{899, 900, 902, 901, 904}},
	{"5115", "89.7", "升0.2", "+0.2", "green", []task.Quantity{890, 891, 893, 895, 897}},
	{"5110", "88.9", "升0.8", "+0.8", "green", []task.Quantity{865, 872, 877, 881, 889}},
	{"5111", "88.1", "降0.5", "−0.5", "green", []task.Quantity{878, 880, 888, 886, 881}},
	{"5103", "87.6", "持平", "0", "yellow", []task.Quantity{869, 870, 873, 876, 876}},
	{"5134", "86.5", "降2.3", "−2.3", "yellow", []task.Quantity{869, 878, 885, 888, 865}},
	{"5118", "86.1", "升0.7", "+0.7", "yellow", []task.Quantity{842, 845, 850, 854, 861}},
	{"5113", "84.8", "降0.3", "−0.3", "yellow", []task.Quantity{849, 852, 850, 851, 848}},
	{"5116", "84.0", "升0.5", "+0.5", "yellow", []task.Quantity{820, 827, 831, 835, 840}},
	{"5109", "81.3", "降1.2", "−1.2", "red", []task.Quantity{839, 835, 830, 825, 813}},
	{"5108", "79.6", "降3.1", "−3.1", "red", []task.Quantity{840, 838, 833, 827, 796}},
}

// rankingMap is the map of the reference page, by light or by score.
func rankingMap(s sample, score bool) MapView {
	v := MapView{Score: score, Regions: map[string]MapRegion{}, Label: s.or("四川省21个市（州）示意图，颜色与右表一致", "Schematic map of Sichuan's 21 divisions, coloured as the table")}
	for i, r := range ranks {
		v.Regions[r.code] = MapRegion{Colour: r.colour, Word: LightWord(s.p, r.colour), Score: r.score, Band: 5 - i/3, Href: "/scorecards/" + r.code}
	}
	for _, code := range []string{"5104", "5114", "5117", "5119", "5132", "5133"} {
		v.Regions[code] = MapRegion{Word: s.or("备忘录未签署", "memorandum not signed")}
	}
	v.Keys = []MapKey{
		{Colour: "green", Word: LightWord(s.p, "green"), Count: "8"},
		{Colour: "yellow", Word: LightWord(s.p, "yellow"), Count: "5"},
		{Colour: "red", Word: LightWord(s.p, "red"), Count: "2"},
		{Word: s.or("未签署", "Not signed"), Count: "6"},
	}
	if score {
		v.Keys = nil
		for band, word := range []string{"", "<83", "83–85", "85–87", "87–90", "≥90"} {
			if band > 0 {
				v.Keys = append(v.Keys, MapKey{Band: band, Word: word})
			}
		}
		v.Keys = append(v.Keys, MapKey{Word: s.or("未签署", "Not signed"), Count: "6"})
	}
	return v
}

// rankingPage is like the reference page: sentence, decision, map, table.
func rankingPage(s sample, score bool) templ.Component {
	var lines [][]task.Quantity
	for _, r := range ranks {
		lines = append(lines, r.trend)
	}
	low, high := TrendScale(lines...)
	rows := []templ.Component{markup(`<table class="table rk"><thead><tr><th scope="col" class="num">`, s.or("名次", "No."), `</th><th scope="col">`, s.or("市（州）", "Division"),
		`</th><th scope="col" class="num">`, s.or("得分", "Score"), `</th><th scope="col" class="num">`, s.or("较4月", "April"), `</th><th scope="col">`, s.or("总体", "Overall"),
		`</th><th scope="col" class="d-only">`, s.or("1–5月", "Jan–May"), `</th></tr></thead><tbody>`)}
	for i, r := range ranks {
		name := s.p.T("map.region." + r.code)
		rows = append(rows,
			markup(fmt.Sprintf(`<tr><td class="num">%d</td><th scope="row"><a href="/scorecards/%s">%s</a></th><td class="num"><b>%s</b></td><td class="num">%s</td><td>`, i+1, r.code, name, r.score, s.or(r.zh, r.en))),
			Light(r.colour, LightWord(s.p, r.colour), ""), markup(`</td><td class="d-only">`),
			Sparkline(s.p, TrendView{name, r.trend, low, high}), markup(`</td></tr>`))
	}
	rows = append(rows, markup(`</tbody></table>`))
	v := s.view(s.or("排名", "Ranking"), "ranking")
	v.Who = Who{Unit: s.or("省质监局", "Provincial Bureau"), Post: s.or("分管领导", "Deputy in charge")}
	return with(Shell(v),
		with(Head(s.p, HeadView{
			Crumbs: []Crumb{{s.or("全省", "Province"), ""}, {s.or("市（州）", "Division"), ""}, {s.or("任务", "Task"), ""}},
			Title:  Say(s.or("合作备忘录落实情况·", "Where the memorandums stand: ") + s.p.Month(2010, 5)),
		}), with(box("acts"), Seg(s.or("地图着色", "Colour by"), []Choice{{s.or("按亮灯", "Light"), "?", !score}, {s.or("按得分", "Score"), "?by=score", score}}),
			markup(`<a class="btn" href="#print">`, s.or("打印通报", "Print"), `</a>`))),
		markup(`<p class="say"><b>`, s.or("15个市（州）里，8个正常，5个偏慢，2个滞后。", "Of 15 divisions, 8 are on track, 5 slow, 2 late."), `</b></p>`),
		with(Next(NextView{
			Label: s.or("等您定的1件", "One thing for you to decide"),
			Title: Say(s.or("广元4件滞后已满10个工作日，合作办建议列入6月质量例会", "Guangyuan: 4 tasks are 10 working days late; the office proposes them for June's meeting")),
			Meta:  Linked(s.or("看4件任务", "See the 4 tasks"), "#4"),
		}), markup(`<a class="btn" href="#no">`, s.or("不列入", "Leave out"), `</a><a class="btn btn-primary" href="#go">`, s.or("同意列入", "Agree"), `</a>`)),
		with(box("rank"),
			with(Card(CardView{Title: s.or("21个市（州）", "21 divisions"), Class: "mapc", Body: true, Right: Say(s.or("点一处看所属县（市、区）", "Press one to see its counties"))}), Map(s.p, SichuanOutline(), rankingMap(s, score))),
			with(Card(CardView{Title: s.or("得分与排名", "Scores and ranks"), Right: Say(s.or("截至5月31日，只计核实数", "Up to 31 May, verified only")),
				Foot: Say(s.or("未签署不排名：攀枝花（待签署）、眉山、达州、巴中、阿坝、甘孜。", "Not signed, not ranked: Panzhihua, Meishan, Dazhou, Bazhong, Aba, Garzê."))}), rows...),
		),
	)
}

func TestTheBuiltInMapHasSichuansDivisionsAndTheirNames(t *testing.T) {
	o := SichuanOutline()
	if len(o.regions) != 21 || o.approved {
		t.Fatalf("%d regions, approved %v", len(o.regions), o.approved)
	}
	for lang, s := range samples(t) {
		for _, r := range o.regions {
			if !s.p.Has("map.region." + r.code) {
				t.Errorf("%s: region %s has no name", lang, r.code)
			}
			if r.x < 0 || r.x > mapWidth || r.y < 0 || r.y > mapHeight {
				t.Errorf("region %s is named off the sheet at %v, %v", r.code, r.x, r.y)
			}
		}
	}
	if len(mapdata.Sichuan) > 60_000 {
		t.Errorf("the outlines weigh %d bytes: thin them", len(mapdata.Sichuan))
	}
}

func TestARegionIsALinkWithItsLightAndOneWithoutIsNot(t *testing.T) {
	s := samples(t)["zh"]
	html := render(t, Map(s.p, SichuanOutline(), rankingMap(s, false)))
	for _, wanted := range []string{`<a href="/scorecards/5108" aria-label="广元：滞后，79.6分">`, `aria-label="阿坝：备忘录未签署"`, `<tspan class="g">■</tspan><tspan class="nm" dx="3">广元</tspan>`, "未经地图审核"} {
		if !strings.Contains(html, wanted) {
			t.Errorf("the map lacks %s", wanted)
		}
	}
	if n := strings.Count(html, "<a "); n != len(ranks) {
		t.Errorf("%d links, wanted %d", n, len(ranks))
	}
	if html := render(t, Map(s.p, SichuanOutline(), rankingMap(s, true))); !strings.Contains(html, "m-band5") || strings.Contains(html, "m-red") {
		t.Error("a map by score is not coloured by band alone")
	}
}

const square = `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"adcode":%s,"name":"甲"},"geometry":{"type":%q,"coordinates":%s}}]}`

func TestAnApprovedMapIsLoadedAndCarriesNoNotice(t *testing.T) {
	s := samples(t)["zh"]
	o, err := LoadOutline(strings.NewReader(fmt.Sprintf(square, "990100", "Polygon", `[[[100,30],[101,30],[101,31],[100,31],[100,30]]]`)))
	if err != nil {
		t.Fatal(err)
	}
	html := render(t, Map(s.p, o, MapView{}))
	if strings.Contains(html, s.p.T("map.notice")) || !strings.Contains(html, "甲") {
		t.Errorf("got %s", html)
	}
	if r := o.regions[0]; r.code != "9901" || r.x < 300 || r.x > 340 || r.y < 255 || r.y > 295 {
		t.Errorf("got %s at %v, %v", r.code, r.x, r.y)
	}
}

func TestABrokenMapIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"no JSON":      `{`,
		"no features":  `{"type":"FeatureCollection","features":[]}`,
		"no code":      fmt.Sprintf(square, `"x"`, "Polygon", `[[[1,2],[2,3],[1,3]]]`),
		"a point":      fmt.Sprintf(square, `"5101"`, "Point", `[1,2]`),
		"half a point": fmt.Sprintf(square, `"5101"`, "Polygon", `[[[1]]]`),
		"no outline":   fmt.Sprintf(square, `"5101"`, "Polygon", `[]`),
	} {
		if _, err := LoadOutline(strings.NewReader(text)); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func FuzzLoadOutline(f *testing.F) {
	f.Add([]byte(fmt.Sprintf(square, "990100", "Polygon", `[[[100,30],[101,30],[101,31]]]`)))
	f.Add(mapdata.Sichuan)
	f.Fuzz(func(t *testing.T, data []byte) {
		o, err := LoadOutline(strings.NewReader(string(data)))
		if err != nil {
			return
		}
		for _, r := range o.regions {
			if len(r.code) != 4 || r.path == "" {
				t.Errorf("region %+v", r)
			}
		}
		if !json.Valid(data) && !json.Valid(firstValue(data)) {
			t.Error("took what is not JSON")
		}
	})
}

// firstValue is the JSON value at the start: a decoder stops behind it.
func firstValue(data []byte) []byte {
	var v json.RawMessage
	_ = json.NewDecoder(strings.NewReader(string(data))).Decode(&v)
	return v
}
