package paper

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

func cityUnit(u org.UnitID) string { return "泸州市" + string(u) }

// existingRow draws a row of a plan. Titles repeat over several lines of measures,
// and some rows are equal altogether.
func existingRow(t *rapid.T, i int) Existing {
	words := []string{"质量", "标准", "计量", "名牌", "特种设备", "食品", "执法", "打假", "培育", "检查", "认证", "示范", "县区", "企业", "建立", "完善"}
	phrase := func(label string, n int) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 2, n).Draw(t, label), "")
	}
	e := Existing{
		ID: task.ID(fmt.Sprintf("t%d", i)), Version: 1, No: fmt.Sprint(i/2 + 1), Chapter: []string{"一、" + phrase("chapter", 3)},
		Title: phrase("title", 8), Leads: []org.UnitID{org.UnitID(rapid.SampledFrom([]string{"质监局", "农业局", "工商局"}).Draw(t, "lead"))},
	}
	if rapid.Bool().Draw(t, "has measures") {
		e.Measures = phrase("measures", 20)
	}
	if rapid.Bool().Draw(t, "has deadline") {
		e.Deadline = ReadDeadline(rapid.SampledFrom([]string{"6月底前", "年底前", "每季度", "长期坚持", "适时"}).Draw(t, "deadline"), 2010)
	}
	if rapid.Bool().Draw(t, "has target") {
		e.Target = ReadTarget(rapid.SampledFrom([]string{"不少于20个", "85%以上", "3家"}).Draw(t, "target"), "")
	}
	return e
}

func existingRows(t *rapid.T, least int) []Existing {
	n := rapid.IntRange(least, 30).Draw(t, "rows")
	out := make([]Existing, n)
	for i := range out {
		out[i] = existingRow(t, i)
		if i > 0 && rapid.IntRange(0, 3).Draw(t, "line of the task above") == 0 {
			out[i].Title, out[i].No = out[i-1].Title, out[i-1].No // merged over two lines
		}
		if i > 0 && rapid.IntRange(0, 9).Draw(t, "equal to the row above") == 0 {
			id := out[i].ID
			out[i] = out[i-1]
			out[i].ID = id
		}
	}
	return out
}

// printed is a row of the plan as a document that prints it is drafted.
func printed(e Existing, index int) DraftRow {
	return DraftRow{
		Index: index, Title: e.Title, Measures: e.Measures, Note: e.Note, Leads: e.Leads, Cooperating: e.Cooperating, Deadline: e.Deadline, Target: e.Target,
		Row: Row{No: e.No, Chapter: e.Chapter, Task: e.Title, Measures: e.Measures, Deadline: e.Deadline, Target: e.Target, Note: e.Note, People: e.People},
	}
}

func printedAll(rows []Existing) []DraftRow {
	out := make([]DraftRow, len(rows))
	for i, e := range rows {
		out[i] = printed(e, i)
	}
	return out
}

func differences(all []Change) []Change {
	return slices.DeleteFunc(slices.Clone(all), func(c Change) bool { return c.Kind == Same })
}

func TestATableDiffersFromItselfInNothing(t *testing.T) { // Rules I-60, I-61
	rapid.Check(t, func(t *rapid.T) {
		rows := existingRows(t, 0)
		all := Diff(rows, printedAll(rows), cityUnit)
		if d := differences(all); len(d) > 0 || len(all) != len(rows) {
			t.Fatalf("%d of %d rows differ: %+v", len(d), len(rows), d)
		}
	})
}

func TestAnotherOrderGivesMovesOnly(t *testing.T) { // Rule I-62
	rapid.Check(t, func(t *rapid.T) {
		rows := existingRows(t, 1)
		other := rapid.Permutation(rows).Draw(t, "order")
		for _, c := range differences(Diff(rows, printedAll(other), cityUnit)) {
			if c.Kind != Moved {
				t.Fatalf("a permutation gives %s of %+v", c.Kind, c.Fields)
			}
		}
	})
}

func TestOneRowThatMovedIsOneMove(t *testing.T) { // Rule I-62
	rows := make([]Existing, 20)
	for i := range rows {
		rows[i] = Existing{ID: task.ID(fmt.Sprint(i)), Title: fmt.Sprintf("第%d件事的落实", i)}
	}
	other := append(slices.Delete(slices.Clone(rows), 3, 4), rows[3])
	d := differences(Diff(rows, printedAll(other), cityUnit))
	if len(d) != 1 || d[0].Kind != Moved || d[0].Now != 3 || d[0].Fields[0] != (FieldChange{"position", "4", "20"}) {
		t.Errorf("one row at the end gives %+v", d)
	}
}

func TestTakenOutRowsAreRemovalsAndNothingElse(t *testing.T) { // Rule I-60
	rapid.Check(t, func(t *rapid.T) {
		rows := existingRows(t, 1)
		var left []Existing
		for _, r := range rows {
			if rapid.Bool().Draw(t, "stays") {
				left = append(left, r)
			}
		}
		d := differences(Diff(rows, printedAll(left), cityUnit))
		tolls := CountChanges(d)
		if tolls[Removed] != len(rows)-len(left) || tolls[Added] != 0 || tolls[Changed] != 0 {
			t.Fatalf("%d rows taken out give %v", len(rows)-len(left), tolls)
		}
	})
}

func TestAcceptedChangesLeaveNoDifference(t *testing.T) { // Rules I-60, I-61, I-62
	rapid.Check(t, func(t *rapid.T) {
		rows := existingRows(t, 1)
		other := rapid.Permutation(rows).Draw(t, "order")
		other = other[rapid.IntRange(0, len(other)-1).Draw(t, "taken out"):]
		for i := range rapid.IntRange(0, 5).Draw(t, "added") {
			other = slices.Insert(slices.Clone(other), rapid.IntRange(0, len(other)).Draw(t, "place"), existingRow(t, 100+i))
		}
		for i := range other {
			if rapid.IntRange(0, 4).Draw(t, "edited") == 0 {
				other[i].Title += "（试点）"
				other[i].Deadline = ReadDeadline("9月底前", 2010)
				other[i].No += "-1"
			}
		}
		draft := printedAll(other)
		after := accept(rows, draft, Diff(rows, draft, cityUnit))
		if d := differences(Diff(after, draft, cityUnit)); len(d) > 0 {
			t.Fatalf("after accepting everything %+v is left", d)
		}
	})
}

// accept applies all changes to rows of a plan, as the desk does with tasks.
func accept(now []Existing, draft []DraftRow, all []Change) []Existing {
	byID := map[task.ID]Existing{}
	var order []task.ID
	var seats []Seat
	gone := map[task.ID]bool{}
	for _, c := range all {
		var e Existing
		if c.Now >= 0 {
			e = now[c.Now]
		}
		if c.Kind == Removed {
			gone[e.ID] = true
			continue
		}
		r := draft[c.Draft]
		if c.Kind == Added {
			e.ID = task.ID(fmt.Sprintf("new%d", r.Index))
		}
		e.No, e.Chapter, e.Title, e.Measures, e.Note = r.Row.No, r.Row.Chapter, r.Title, r.Measures, r.Note
		e.Leads, e.Cooperating, e.Deadline, e.Target, e.People = r.Leads, r.Cooperating, r.Deadline, r.Target, r.Row.People
		byID[e.ID] = e
		seats = append(seats, Seat{e.ID, c.Kind == Added || c.Has("position")})
	}
	for _, e := range now {
		if !gone[e.ID] {
			order = append(order, e.ID)
		}
	}
	var out []Existing
	for _, id := range Arrange(order, seats) {
		out = append(out, byID[id])
	}
	return out
}

func TestEditedWordsAreAChange(t *testing.T) { // Rule I-60
	plan := []Existing{
		{ID: "a", Title: "新增四川名牌产品", Measures: "推荐白酒、机械类企业申报", Leads: []org.UnitID{"质监局"}},
		{ID: "b", Title: "签订质量目标责任书", Leads: []org.UnitID{"质监局"}},
		{ID: "c", Title: "开展计量检查", Leads: []org.UnitID{"质监局"}},
		{ID: "d", Title: "加强质量监管", Measures: "每季度抽查一次，通报结果", Leads: []org.UnitID{"质监局"}},
		{ID: "e", Title: "加强质量监管", Measures: "建立企业质量档案", Leads: []org.UnitID{"农业局"}},
	}
	for name, c := range map[string]struct {
		row  int
		edit func(*Existing)
		want ChangeKind
		of   task.ID
	}{
		"a word more":            {0, func(e *Existing) { e.Title = "新增四川省名牌产品" }, Changed, "a"},
		"measures longer":        {0, func(e *Existing) { e.Measures += "，并组织专家上门辅导" }, Changed, "a"},
		"another lead":           {0, func(e *Existing) { e.Leads = []org.UnitID{"农业局"} }, Changed, "a"},
		"a short title":          {1, func(e *Existing) { e.Title = "签订目标责任书" }, Changed, "b"},
		"one line of a merge":    {4, func(e *Existing) { e.Measures = "建立规模以上企业质量档案" }, Changed, "e"},
		"measures written anew":  {1, func(e *Existing) { e.Measures = "与各县签订" }, Changed, "b"},
		"another thing to check": {2, func(e *Existing) { e.Title = "开展食品抽检" }, Added, ""},
	} {
		t.Run(name, func(t *testing.T) {
			other := slices.Clone(plan)
			c.edit(&other[c.row])
			d := differences(Diff(plan, printedAll(other), cityUnit))
			if len(d) == 0 {
				t.Fatal("no difference")
			}
			i := slices.IndexFunc(d, func(x Change) bool { return x.Kind == c.want })
			if i < 0 || c.want == Changed && (len(d) != 1 || plan[d[i].Now].ID != c.of) {
				t.Errorf("got %+v", d)
			}
		})
	}
}

func TestAHiddenIDHelpsAndIsNotTrustedAlone(t *testing.T) { // Rule I-63
	plan := []Existing{
		{ID: "a", Title: "开展计量器具检查", Measures: "抽查集贸市场", Leads: []org.UnitID{"质监局"}},
		{ID: "b", Title: "培育名牌产品", Measures: "推荐企业申报", Leads: []org.UnitID{"质监局"}},
	}
	with := func(r DraftRow, id string) DraftRow {
		r.Row.Cells = append(slices.Clone(r.Row.Cells), Cell{Header: TaskIDHeader, Text: id, Hidden: true})
		return r
	}
	rewritten := printed(Existing{Title: "计量工作检查考核", Measures: "到集贸市场抽查衡器，结果通报各县", Leads: []org.UnitID{"农业局"}}, 0)
	kinds := func(rows ...DraftRow) string {
		for i := range rows {
			rows[i].Index = i
		}
		var out []string
		for _, c := range Diff(plan, rows, cityUnit) {
			id := ""
			if c.Now >= 0 {
				id = string(plan[c.Now].ID)
			}
			out = append(out, string(c.Kind)+id)
		}
		return strings.Join(out, " ")
	}
	b := printed(plan[1], 1)
	for name, c := range map[string]struct {
		rows []DraftRow
		want string
	}{
		"much rewritten, no id":         {[]DraftRow{rewritten, b}, "removeda added sameb"},
		"much rewritten, its id":        {[]DraftRow{with(rewritten, "a"), b}, "changeda sameb"},
		"an id of another plan":         {[]DraftRow{with(rewritten, "x"), b}, "removeda added sameb"},
		"the id of another row":         {[]DraftRow{with(printed(plan[0], 0), "b"), with(b, "a")}, "samea sameb"},
		"a copied row, its copy edited": {[]DraftRow{with(rewritten, "a"), with(printed(plan[0], 0), "a"), with(b, "b")}, "added samea sameb"},
		"an id on something else":       {[]DraftRow{with(printed(Existing{Title: "组织领导小组会议"}, 0), "a"), b}, "removeda added sameb"},
	} {
		if got := kinds(slices.Clone(c.rows)...); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestEqualRowsArePairedInOrder(t *testing.T) { // Rule I-60
	twin := func(id string) Existing {
		return Existing{ID: task.ID(id), Title: "召开联席会议", Deadline: ReadDeadline("每季度", 2010)}
	}
	plan := []Existing{twin("a"), twin("b"), twin("c")}
	all := Diff(plan, printedAll(plan[:2]), cityUnit)
	if got := fmt.Sprintf("%s %d %s %d %s %d", all[0].Kind, all[0].Now, all[1].Kind, all[1].Now, all[2].Kind, all[2].Now); got != "same 0 same 1 removed 2" {
		t.Errorf("two of three equal rows: %s", got)
	}
}

func TestTheSameReadInOtherWordsIsNoChange(t *testing.T) { // Rule I-61
	e := Existing{
		ID: "a", Title: "质量“三个一百”", Leads: []org.UnitID{"质监局"}, Deadline: ReadDeadline("10月底前", 2010), Target: ReadTarget("不少于20个", ""),
		Note: "按季通报", LeadWords: "各区县质监局", Chapter: []string{"一、名牌", "（一）培育"}, Cooperating: []org.UnitID{"甲", "乙"},
	}
	r := printed(e, 0)
	r.Title, r.Leads, r.Row.Lead = "质量 \"三个一百\"", nil, []string{"各区县质监局"}
	r.Questions = []Question{{Key: "name.各区县质监局", Field: "lead"}}
	r.Deadline = ReadDeadline("2010年10月31日", 2010)
	r.Target = ReadTarget("20个以上", "")
	r.Row.Target, r.Row.Chapter, r.Cooperating = r.Target, []string{"一、名牌 / （一）培育"}, []org.UnitID{"乙", "甲"}
	if d := differences(Diff([]Existing{e}, []DraftRow{r}, cityUnit)); len(d) > 0 {
		t.Errorf("the same in other words differs in %+v", d[0].Fields)
	}
	r.Row.Chapter = []string{"重点工作", "一、名牌", "（一）培育"} // a heading row above, on nobody knows which level
	if d := differences(Diff([]Existing{e}, []DraftRow{r}, cityUnit)); len(d) > 0 {
		t.Errorf("a heading more differs in %+v", d[0].Fields)
	}
	r.Deadline, r.Row.Lead = ReadDeadline("9月底前", 2010), []string{"各县（市、区）政府"}
	d := differences(Diff([]Existing{e}, []DraftRow{r}, cityUnit))
	if len(d) != 1 || !d[0].Has("deadline") || !d[0].Has("lead") || len(d[0].Fields) != 2 || len(d[0].Waits(r)) != 1 {
		t.Errorf("another day and other leads: %+v", d)
	}
}

func TestAColumnThatIsNotThereEmptiesNothing(t *testing.T) { // Rule I-61
	e := Existing{ID: "a", Title: "建立档案", Measures: "逐户建档", Note: "按季通报", Cooperating: []org.UnitID{"甲"}, People: []string{"副市长"}}
	r := printed(Existing{Title: "建立档案"}, 0)
	if d := differences(Diff([]Existing{e}, []DraftRow{r}, cityUnit)); len(d) > 0 {
		t.Errorf("a shorter table differs in %+v", d[0].Fields)
	}
	r.Row.Cells = []Cell{{Header: "备注"}}
	if d := differences(Diff([]Existing{e}, []DraftRow{r}, cityUnit)); len(d) != 1 || len(d[0].Fields) != 1 || !d[0].Has("note") {
		t.Errorf("an emptied column differs in %+v", d)
	}
}

func TestTheSealChangesWithTaskAndReading(t *testing.T) { // Rule I-64
	e := Existing{ID: "a", Version: 1, Title: "建立档案"}
	r := printed(Existing{Title: "建立质量档案", Deadline: task.Deadline{Text: "6月底", Kind: task.DeadlineByDate, Date: calendar.NewDate(2010, 6, 30)}}, 0)
	seal := func() string { return Diff([]Existing{e}, []DraftRow{r}, cityUnit)[0].Seal() }
	first := seal()
	e.Version = 2
	second := seal()
	r.Deadline.Date = calendar.NewDate(2010, 6, 29)
	if third := seal(); first == second || second == third || len(first) != 16 {
		t.Errorf("seals %s %s %s", first, second, third)
	}
}

func TestRunsKeepTheirTextsAndMarkWhatDiffers(t *testing.T) {
	show := func(runs []Run) string {
		var b strings.Builder
		for _, r := range runs {
			if r.Same {
				b.WriteString(r.Text)
			} else {
				b.WriteString("[" + r.Text + "]")
			}
		}
		return b.String()
	}
	for _, c := range []struct{ old, fresh, was, is string }{
		{"不少于20个", "不少于25个", "不少于[20]个", "不少于[25]个"},
		{"新增四川名牌产品", "新增四川省名牌产品", "新增四川名牌产品", "新增四川[省]名牌产品"},
		{"", "甲局", "", "[甲局]"},
		{"签订责任书", "签订责任书", "签订责任书", "签订责任书"},
		{"甲的乙", "丙的丁", "[甲的乙]", "[丙的丁]"},
	} {
		if was, is := Runs(c.old, c.fresh); show(was) != c.was || show(is) != c.is {
			t.Errorf("%s → %s: %s, %s", c.old, c.fresh, show(was), show(is))
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringOfN(rapid.SampledFrom([]rune("甲乙丙12a ，")), 0, 30, -1)
		old, fresh := word.Draw(t, "old"), word.Draw(t, "fresh")
		was, is := Runs(old, fresh)
		join := func(runs []Run) (s string) {
			for _, r := range runs {
				s += r.Text
			}
			return s
		}
		if join(was) != old || join(is) != fresh {
			t.Fatalf("runs %v and %v", was, is)
		}
		if old == fresh && (len(was) > 1 || len(was) == 1 && !was[0].Same) {
			t.Fatalf("equal texts differ: %v", was)
		}
	})
}

// TestTheSearchIsBounded: rows that have nothing but frequent pairs of characters
// in common are the worst case; each is compared with a few others only, and finds
// its own all the same when it did not go far.
func TestTheSearchIsBounded(t *testing.T) { // Rule I-60
	const n = 3000
	k := charPairs{}
	var now, draft []rowWords
	for i := range n {
		now = append(now, k.wordsOf(fmt.Sprintf("开展第%d件检查工作", i), "", "", nil))
		draft = append(draft, k.wordsOf(fmt.Sprintf("推进第%d件检查工作", (i+20)%n), "", "", nil))
	}
	m := newMatching(now, draft, len(k))
	m.alike()
	if pairs := len(m.likePairs()); pairs > n*candidates {
		t.Errorf("%d pairs compared", pairs)
	}
	if joined := n - len(slices.DeleteFunc(slices.Clone(m.of), func(at int) bool { return at >= 0 })); joined < n*9/10 {
		t.Errorf("only %d of %d rows found a row that is alike", joined, n)
	}
}
