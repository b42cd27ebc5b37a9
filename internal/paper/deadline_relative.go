package paper

import (
	"regexp"
	"strings"

	"gongjian/internal/task"
)

// Rule I-14: a deadline counted from an event is kept as such; only four events
// are known. Signing and issue must be those of the document itself: 合同签订后
// names another signing, whose day nobody here knows.
var relativePattern = anchored(
	`(?:自|从|于|在)?(?:(?:(?:本|该|合作|战略|双方|正式|备忘录|协议)*(签署|签订|签约|签字))` +
		`|(收到|接到|接收|签收)` +
		`|(?:(?:立项|可研|可行性研究报告|项目|方案|规划|用地|环评|上级|省级|申请|正式|获|获得|得到|经)*(批复|批准|核准|审批|获批|取得批文))` +
		`|(?:(?:本|该|文件|通知|意见|方案|任务|清单|分解表|责任书|计划|要点|工作|实施)*(印发|下发|下达|发布|发文|公布)))` +
		`([^,;。\d]{0,16}?)(?:之?日)?(?:起|后|之后|以后)(?:的)?` +
		`(\d{1,3}|半)(?:(个工作日|工作日)|(日|天)|(周|个星期)|个(月)|(年半?))(?:以内|之内|内|前)?`)

func readRelative(m []string, _ clock) span {
	to := ""
	for i, event := range []string{"signing", "receipt", "approval", "issue"} {
		if m[i+1] != "" {
			to = event
			break
		}
	}
	return relativeSpan(to, m[6:12])
}

// readLength reads 5年内: without a starting point it counts from issue.
func readLength(m []string, _ clock) span { return relativeSpan("issue", m[1:7]) }

// relativeSpan takes the number and, one of which is set, the unit groups:
// working days, days, weeks, months, years.
func relativeSpan(to string, m []string) span {
	n, r := atoi(m[0]), &task.Relative{To: to}
	half := m[0] == "半"
	switch {
	case half && m[4] != "":
		r.Days = 15
	case half && m[5] != "":
		r.Months = 6
	case half || n == 0:
		return span{kind: spanBad}
	case m[1] != "":
		r.Workdays = n
	case m[2] != "":
		r.Days = n
	case m[3] != "":
		r.Days = 7 * n
	case m[4] != "":
		r.Months = n
	case strings.HasSuffix(m[5], "半"):
		r.Months = 12*n + 6
	default:
		r.Years = n
	}
	return span{kind: spanRelative, relative: r}
}

// A cell that holds nothing but a length of time, with or without 内.
var lengthCell = regexp.MustCompile(`^(\d{1,2}|半)(?:个(月)|(年半?))(?:时间)?(?:完成)?$`)

// 6.30前 is a day; a bare 6.30 may have been a number.
var dottedDay = regexp.MustCompile(`^(\d{1,2})\.(\d{1,2})[日号]?(?:之前|以前|前)(?:完成)?$`)

// bareDay and bareYears are figures alone, without 年月日.
var (
	bareDay   = regexp.MustCompile(`^(20\d\d|19\d\d)(0[1-9]|1[0-2])([0-3]\d)(?:之前|以前|前)?$`)
	bareYears = regexp.MustCompile(`^(20\d\d)(?:-+|至|到)(20\d\d)$`)
)

// wholeDay reads such a cell.
func wholeDay(s string, year int, d *task.Deadline) bool {
	if m := bareDay.FindStringSubmatch(s); m != nil {
		day, ok := dayOf(atoi(m[1]), atoi(m[2]), atoi(m[3]))
		if ok {
			d.Kind, d.Date = task.DeadlineByDate, day
		}
		return ok
	}
	if m := bareYears.FindStringSubmatch(s); m != nil && atoi(m[1]) < atoi(m[2]) {
		from, _ := dayOf(atoi(m[1]), 1, 1)
		to, _ := dayOf(atoi(m[2]), 12, 31)
		d.Kind, d.From, d.Date = task.DeadlineRange, from, to
		return true
	}
	m := dottedDay.FindStringSubmatch(s)
	if m == nil {
		return false
	}
	day, ok := dayOf(year, atoi(m[1]), atoi(m[2]))
	if ok {
		d.Kind, d.Date = task.DeadlineByDate, day
	}
	return ok
}

// wholeLength reads a cell such as 三年 or 18个月.
func wholeLength(s string, d *task.Deadline) bool {
	m := lengthCell.FindStringSubmatch(strings.TrimRight(s, "。"))
	if m == nil {
		return false
	}
	found := relativeSpan("issue", []string{m[1], "", "", "", m[2], m[3]})
	if found.kind == spanBad {
		return false
	}
	d.Kind, d.Relative = task.DeadlineRelative, found.relative
	return true
}
