package nation

import (
	"fmt"

	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// kind is what rows are made of.
type kind struct {
	field     task.Field
	title     string // with a place for the trade
	unit      string // measure word; "" for a row without a number
	low, high int    // target of a leaf
	cadence   calendar.PeriodKind
	evidence  string
	weight    int // how often it comes
}

var kinds = [...]kind{
	{task.FieldBrand, "新增%s行业省级名牌产品", "个", 4, 20, calendar.Quarter, "认定文件", 3},
	{task.FieldDemonstration, "新建%s行业农业标准化示范区", "个", 1, 6, calendar.HalfYear, "验收材料", 3},
	{task.FieldStandard, "制定发布%s行业地方标准", "项", 1, 10, calendar.HalfYear, "标准文本", 3},
	{task.FieldGeographic, "申报%s行业地理标志产品保护", "个", 1, 3, calendar.HalfYear, "受理通知", 2},
	{task.FieldLaboratory, "%s行业检验检测设备投入", "万元", 20, 300, calendar.HalfYear, "", 2},
	{task.FieldMetrology, "%s行业强制检定计量器具", "台", 200, 5000, calendar.Quarter, "", 2},
	{task.FieldEquipment, "%s行业特种设备定期检验", "台", 50, 900, calendar.Month, "检验报告", 1},
	{task.FieldEnforcement, "查处%s行业质量违法案件", "件", 5, 80, calendar.Quarter, "", 2},
	{task.FieldTraining, "培训%s行业企业质量人员", "人", 50, 600, calendar.HalfYear, "签到表", 3},
	{task.FieldMeeting, "召开%s行业质量例会", "次", 2, 6, calendar.HalfYear, "会议纪要", 2},
	{task.FieldFood, "%s行业产品抽查经费列入本级预算", "", 0, 0, calendar.HalfYear, "预算文件", 1},
	{task.FieldMechanism, "建立%s行业质量安全追溯制度", "", 0, 0, calendar.HalfYear, "", 1},
}

var trades = [...]string{
	"食品", "酒类", "茶叶", "水果", "畜禽", "中药材", "纺织", "化工", "建材", "机械",
	"电子", "家具", "陶瓷", "饮料", "粮油", "蔬菜", "水产", "竹木", "造纸", "制鞋",
}

// grower makes one tree.
type grower struct {
	*planning
	dice
	kind
	tree     store.LoadedTree
	done     []made
	function string
	title    string
	deadline task.Deadline
}

// pick chooses what the tree is about; a tree of three levels has a number.
func (g *grower) pick(any bool) kind {
	total := 0
	for _, k := range kinds {
		total += k.weight
	}
	for {
		n := g.IntN(total)
		for _, k := range kinds {
			if n -= k.weight; n < 0 {
				if k.unit == "" && !any {
					break
				}
				return k
			}
		}
	}
}

// grow adds the task of a land below a parent, and those of the lands below it
// when it is split. It returns the sum of the leaves' targets.
func (g *grower) grow(l *land, parent *task.Task, split bool) task.Quantity {
	if parent == nil {
		g.function = functions[max(0, g.IntN(6)-2)] // the bureau leads half of all
		g.title = fmt.Sprintf(g.kind.title, trades[g.IntN(len(trades))])
		g.deadline = deadlineOf(g.plan.Year, [...]int{6, 10, 12, 12}[g.IntN(4)])
	}
	split = split && len(l.below) > 0
	k := g.task(l, parent, split)
	at := len(g.tree.Tasks)
	g.tree.Tasks = append(g.tree.Tasks, store.LoadedTask{Task: k, Parts: g.parts(k)})
	if !split {
		return g.leaf(at)
	}
	var sum task.Quantity
	for i, b := range l.below {
		k.Position = i // of the child before
		sum += g.grow(b, &k, true)
	}
	whole := &g.tree.Tasks[at].Task
	whole.Version++ // splitting lifts it
	switch {
	case g.unit != "":
		whole.Target = &task.Target{Text: "不少于" + sum.String() + g.unit, Op: task.OpAtLeast, Value: sum, Unit: g.unit}
	default:
		whole.Rollup = task.RollupCount
		whole.Target = &task.Target{Text: "覆盖所有县（市、区）", Op: task.OpAtLeast, Value: task.Count(len(l.below)), Unit: "个"}
	}
	return sum
}

// task is a land's task, without its target.
func (g *grower) task(l *land, parent *task.Task, split bool) task.Task {
	lead := l.units[g.function]
	id := task.ID(g.next())
	k := task.Task{
		Plan: g.plan.ID, Commitment: g.commitment(g.position), Root: id, Position: g.position, No: fmt.Sprint(g.position),
		Chapter: []string{"一、重点工作"}, Title: g.title, Measures: "制定方案，明确责任单位和完成时限，按期报告进展。", Field: g.field,
		Setter: g.plan.Office, Deadline: g.deadline, Start: calendar.NewDate(g.plan.Year, 1, 1), Due: g.deadline.Date, Weight: task.One,
		EvidenceWanted: g.evidence, Cadence: g.cadence, Rollup: task.RollupSum, State: task.InForce, Version: 2,
	}
	if parent != nil {
		position := parent.Position + 1
		k = task.PartFor(*parent, nil, calendar.Date{})
		k.Position, k.Setter, k.State, k.Version = position, parent.Leads[0], task.InForce, 1
	}
	k.ID, k.Region, k.Leads, k.Given = id, l.Code, []org.UnitID{lead.ID}, g.plan.Issued
	if parent == nil && split && g.chance(20) && l.Level == org.City && l.units["财政"].ID != lead.ID {
		k.Cooperating = []org.UnitID{l.units["财政"].ID}
	}
	return k
}

// parts are the receipts of a task's units: all have signed in time.
func (g *grower) parts(k task.Task) (out []task.Part) {
	for i, units := range [][]org.UnitID{k.Leads, k.Cooperating} {
		for _, u := range units {
			out = append(out, task.Part{
				Task: k.ID, Unit: u, Role: [...]task.Role{task.Lead, task.Cooperating}[i], State: task.PartSigned,
				Due: g.signBy, Signed: g.workdays.Add(g.plan.Issued, g.from(1, 4)),
			})
		}
	}
	return out
}

// leaf gives a task its target and lets its unit report. It returns the target.
func (g *grower) leaf(at int) task.Quantity {
	t := &g.tree.Tasks[at]
	if g.unit != "" {
		goal := task.Count(g.from(g.low, g.high))
		t.Target = &task.Target{Text: "不少于" + goal.String() + g.unit, Op: task.OpAtLeast, Value: goal, Unit: g.unit}
	}
	if err := g.report(t); err != nil {
		g.try(err)
	}
	goal, _ := t.Target.Goal()
	return goal
}

// bear writes the tree and what was done about it.
func (g *grower) bear() error {
	if g.err != nil {
		return g.err
	}
	g.enterAll()
	if g.err != nil {
		return g.err
	}
	return g.load.Tree(g.tree)
}
