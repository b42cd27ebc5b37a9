package bulk

import (
	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/sheet"
	"gongjian/internal/task"
)

// The columns of a report sheet.
const (
	colKey       column = "key"
	colTask      column = "task"
	colTarget    column = "target"
	colDeadline  column = "deadline"
	colPeriod    column = "period"
	colClaimed   column = "claimed"
	colVerified  column = "verified"
	colMeasure   column = "measure"
	colValue     column = "value"
	colWords     column = "words"
	colNoChange  column = "no-change"
	colCompletes column = "completes"
	colReason    column = "reason"
	colEvidence  column = "evidence"
)

// sheetHeads: figures are cumulative (Rule T-12), and the head says so: 本期完成值
// alone would be read as what was added in the period.
var sheetHeads = heads{
	colKey:       {"行标识（请勿改动）", "Row key (do not change)", "行标识"},
	colTask:      {"任务", "Task", "任务名称"},
	colTarget:    {"目标", "Target"},
	colDeadline:  {"完成时限", "Deadline"},
	colPeriod:    {"填报期", "Period"},
	colClaimed:   {"上期累计填报", "Claimed before"},
	colVerified:  {"已核实", "Verified"},
	colMeasure:   {"单位", "Unit of measure", "计量单位"},
	colValue:     {"本期完成值（累计到期末）", "Value (cumulative)", "本期完成值", "累计完成值"},
	colWords:     {"进展说明", "Progress"},
	colNoChange:  {"无变化", "No change"},
	colCompletes: {"是否完成", "Completed"},
	colReason:    {"原因（累计减少或迟报时填）", "Reason (if less or late)", "迟报原因", "原因"},
	colEvidence:  {"需要的凭据", "Evidence wanted"},
}

// order is how the columns stand in a sheet that is handed out.
var order = []struct {
	column   column
	width    float64
	editable bool
	yes      bool // a list of yes and no
}{
	{colTask, 34, false, false}, {colTarget, 16, false, false}, {colDeadline, 18, false, false}, {colPeriod, 12, false, false},
	{colClaimed, 12, false, false}, {colVerified, 10, false, false}, {colMeasure, 8, false, false},
	{colValue, 16, true, false}, {colWords, 40, true, false}, {colNoChange, 9, true, true}, {colCompletes, 9, true, true},
	{colReason, 26, true, false}, {colEvidence, 18, false, false}, {colKey, 12, false, false},
}

// Sheet is an offline report sheet to be handed out.
type Sheet struct {
	Number  string
	Unit    org.UnitID
	Name    string   // of the worksheet
	Title   string   // line above the table
	Notes   []string // how to fill it in, below the table
	English bool
	Lines   []Line
}

// Line is one report that is asked for, with words ready to print.
type Line struct {
	Task     task.ID
	Period   calendar.Period
	Title    string
	Target   string
	Deadline string
	Called   string         // name of the period, with its last day
	Claimed  *task.Quantity // claimed for the periods before; nil: nothing yet
	Verified *task.Quantity
	Measure  string // unit of the figures
	Evidence string // that the task asks for
}

// Table lays a sheet out for writing.
func (s Sheet) Table() sheet.Table {
	t := sheet.Table{Name: s.Name, Title: s.Title, Notes: s.Notes, Protected: true, Landscape: true}
	for _, c := range order {
		column := sheet.Column{Key: string(c.column), Head: sheetHeads.head(c.column, s.English), Width: c.width, Editable: c.editable, Hidden: c.column == colKey}
		if c.column == colClaimed || c.column == colVerified {
			column.Kind, column.Places = sheet.Text, 0 // as text: a format of its own would round what is shown
		}
		if c.yes {
			column.Choices = yesNo(s.English)
		}
		t.Columns = append(t.Columns, column)
	}
	return t
}

func (h heads) head(c column, english bool) string {
	if english {
		return h[c][1]
	}
	return h[c][0]
}

func yesNo(english bool) []string {
	if english {
		return []string{"Yes", "No"}
	}
	return []string{"是", "否"}
}

// Rows yields the rows of a sheet, each with its key.
func (s Sheet) Rows(secret Secret) func(yield func(sheet.Row, error) bool) {
	return func(yield func(sheet.Row, error) bool) {
		for _, l := range s.Lines {
			k := Key{Sheet: s.Number, Task: l.Task, Period: l.Period, Unit: s.Unit}
			cells := map[column]string{
				colTask: l.Title, colTarget: l.Target, colDeadline: l.Deadline, colPeriod: l.Called, colMeasure: l.Measure,
				colClaimed: figure(l.Claimed), colVerified: figure(l.Verified), colEvidence: l.Evidence, colKey: secret.Text(k, l.Title),
			}
			row := make(sheet.Row, 0, len(order))
			for _, c := range order {
				row = append(row, sheet.Cell{Text: cells[c.column], None: cells[c.column] == ""})
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

func figure(q *task.Quantity) string {
	if q == nil {
		return ""
	}
	return q.String()
}
