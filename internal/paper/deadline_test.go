package paper

import (
	"fmt"
	"testing"

	"gongjian/internal/task"
)

// show writes a deadline in one line, for tables.
func show(d task.Deadline) string {
	out := string(d.Kind)
	for _, part := range []string{d.From.String(), d.Date.String(), d.Every} {
		if part != "" {
			out += " " + part
		}
	}
	if d.StandingAfter {
		out += " then-standing"
	}
	if r := d.Relative; r != nil {
		out += fmt.Sprintf(" %s %dd %dwd %dm %dy", r.To, r.Days, r.Workdays, r.Months, r.Years)
	}
	return out
}

// Rules I-10, I-11, I-12, I-13, I-14, I-16.
func TestADeadlineCellIsReadOrLeftUnparsed(t *testing.T) {
	for text, want := range map[string]string{
		"": "none", "—": "none", "无": "none", "/": "none", "－": "none",
		// days
		"2016-06-30": "by-date 2016-06-30", "2016.6.30": "by-date 2016-06-30", "2016/6/30": "by-date 2016-06-30",
		"2016年6月30日前": "by-date 2016-06-30", "６月３０日前": "by-date 2016-06-30", "6月30号之前完成": "by-date 2016-06-30",
		"二〇一六年六月三十日": "by-date 2016-06-30", "6.30前": "by-date 2016-06-30", "6.30": "unparsed", "11月30日": "by-date 2016-11-30", "2017年1月10日前": "by-date 2017-01-10",
		"20 16年5月 8日前": "by-date 2016-05-08",
		// months and parts of them
		"2016年6月底前": "by-date 2016-06-30", "六月底前": "by-date 2016-06-30", "2月": "by-date 2016-02-29", "2016.6": "by-date 2016-06-30",
		"2016-06": "by-date 2016-06-30", "12月份": "by-date 2016-12-31", "10月上旬": "by-date 2016-10-10", "十月中旬": "by-date 2016-10-20",
		"5月下旬": "by-date 2016-05-31", "11月末": "by-date 2016-11-30", "8月底": "by-date 2016-08-31", "2016年11月底前完成": "by-date 2016-11-30",
		// longer periods
		"上半年": "by-date 2016-06-30", "下半年": "by-date 2016-12-31", "第四季度末": "by-date 2016-12-31", "第一季度": "by-date 2016-03-31",
		"2016年3季度": "by-date 2016-09-30", "年底前": "by-date 2016-12-31", "年内": "by-date 2016-12-31", "2016年底": "by-date 2016-12-31",
		"2016年年底前": "by-date 2016-12-31", "2016年": "by-date 2016-12-31", "2016年度": "by-date 2016-12-31", "到2018年": "by-date 2018-12-31",
		"今年底": "by-date 2016-12-31", "次年3月底前": "by-date 2017-03-31", "明年1月15日前": "by-date 2017-01-15",
		"“十三五”末": "by-date 2020-12-31", "十三五期末": "by-date 2020-12-31", "“十三五”期间": "range 2016-01-01 2020-12-31",
		// several dates
		"5月10日前完成初稿，8月底前印发": "by-date 2016-08-31", "2016年9月底前完成方案，11月底前完成招标": "by-date 2016-11-30",
		"2015年启动，2017年完工": "by-date 2017-12-31",
		// and standing afterwards
		"2016年9月底前，并长期坚持": "by-date 2016-09-30 then-standing", "6月底前完成，常态化推进": "by-date 2016-06-30 then-standing",
		// ranges
		"全年": "range 2016-01-01 2016-12-31", "贯穿全年": "range 2016-01-01 2016-12-31", "2016年全年": "range 2016-01-01 2016-12-31",
		"3月-11月": "range 2016-03-01 2016-11-30", "3—11月": "range 2016-03-01 2016-11-30", "2016年4月至9月": "range 2016-04-01 2016-09-30",
		"4月15日至6月20日": "range 2016-04-15 2016-06-20", "2016-2018年": "range 2016-01-01 2018-12-31", "11月至次年2月": "range 2016-11-01 2017-02-28",
		"2016年7月—2017年6月": "range 2016-07-01 2017-06-30", "一至三季度": "range 2016-01-01 2016-09-30", "2016.3.1-2016.5.31": "range 2016-03-01 2016-05-31",
		"4月10日-30日": "range 2016-04-10 2016-04-30", "2016年1-12月": "range 2016-01-01 2016-12-31",
		// recurring
		"每月": "recurring month", "每月5日前": "recurring month", "按月": "recurring month", "每两月": "recurring two-months", "每2个月": "recurring two-months",
		"每季度": "recurring quarter", "每季末": "recurring quarter", "每季度首月10日前": "recurring quarter", "每季度末月25日前": "recurring quarter",
		"每三个月": "recurring quarter", "每半年": "recurring half-year", "每年": "recurring year", "每年12月底前": "recurring year", "每年11月30日前": "recurring year",
		"连续3年每年": "recurring year", "每个季度": "recurring quarter",
		"半年一次": "recurring half-year", "5月1日起至10月31日": "range 2016-05-01 2016-10-31", "2017年元月底前": "by-date 2017-01-31",
		"力争3年内": "relative issue 0d 0wd 0m 3y", "2016年春季": "unparsed", "年度": "unparsed", "2016年汛期": "unparsed", "6月底前，遇特殊情况另行通知": "by-date 2016-06-30",
		"2016年10月底前（如遇汛期顺延）": "unparsed", "资金到位后3个月内": "unparsed", "自2016年至2018年": "range 2016-01-01 2018-12-31",
		// standing
		"长期": "standing", "长期坚持": "standing", "持续推进": "standing", "常态化推进": "standing", "立行立改，长期坚持": "standing",
		// relative
		"签署后三十日内": "relative signing 30d 0wd 0m 0y", "自签订之日起15日内": "relative signing 15d 0wd 0m 0y",
		"备忘录签署后3个月内": "relative signing 0d 0wd 3m 0y", "收到任务书后10个工作日内": "relative receipt 0d 10wd 0m 0y",
		"立项批复后一年内": "relative approval 0d 0wd 0m 1y", "文件印发之日起20个工作日内": "relative issue 0d 20wd 0m 0y",
		"5年内": "relative issue 0d 0wd 0m 5y", "三年": "relative issue 0d 0wd 0m 3y", "六个月内": "relative issue 0d 0wd 6m 0y", "半年内": "relative issue 0d 0wd 6m 0y",
		// honest
		"国庆节前": "unparsed", "春节前": "unparsed", "2016年春节前": "unparsed", "汛期来临前": "unparsed", "秋季开学前": "unparsed", "适时": "unparsed",
		"视工作进展": "unparsed", "按上级要求": "unparsed", "条件成熟时": "unparsed", "立行立改": "unparsed", "6月前": "unparsed", "2018年前": "unparsed", "年初": "unparsed",
		"6月初": "unparsed", "每周": "unparsed", "项目签约后6个月内": "unparsed", "验收合格后3个月内": "unparsed", "开工后一年内": "unparsed", "13月底前": "unparsed",
		"2月30日前": "unparsed", "42551": "unparsed", "6月或7月": "unparsed", "2016年6月起": "unparsed", "5月启动": "unparsed", "与省局同步": "unparsed", "三季度前": "unparsed",
		"3-5月、9-11月": "unparsed", "会议召开前10天": "unparsed", "按年度计划": "unparsed", "近期": "unparsed",
	} {
		if got := show(ReadDeadline(text, 2016)); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

// Rule I-16.
func TestWithoutAYearOfThePlanAMonthIsUnparsed(t *testing.T) {
	for text, want := range map[string]string{
		"6月底前": "unparsed", "年底前": "unparsed", "全年": "unparsed", "次年2月底前": "unparsed",
		"2019年6月底前": "by-date 2019-06-30", "每月": "recurring month", "2019年3月完成初稿，6月底前完成": "by-date 2019-06-30",
	} {
		if got := show(ReadDeadline(text, 0)); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

// Rule I-15.
func TestADeadlineIsFoundInASentence(t *testing.T) {
	for text, want := range map[string]string{
		"2016年9月底前建成公共平台":      "by-date 2016-09-30 | 2016年9月底前",
		"到2018年，培训人数达到2000人":   "by-date 2018-12-31 | 到2018年",
		"每季度召开一次联席会议":          "recurring quarter | 每季度",
		"3年内引进团队10个":           "relative issue 0d 0wd 0m 3y | 3年内",
		"2016—2018年累计建设20个站点":  "range 2016-01-01 2018-12-31 | 2016—2018年",
		"6月底前完成选址，年底前建成":       "by-date 2016-12-31 | 6月底前完成选址，年底前",
		"2016年10月底前运行，并长期坚持":   "by-date 2016-10-31 then-standing | 2016年10月底前运行，并长期坚持",
		"近三年获奖企业不少于5家":         "none | ",
		"落实2016年度计划":           "none | ",
		"开展“3·15”活动和9月质量月活动":   "none | ",
		"每个工作室给予补助":            "none | ",
		"对2012年3月1日前注册的企业逐户清理": "none | ",
		"推进常态化监管":              "none | ",
	} {
		d, _ := findDeadline(text, 2016)
		got := show(d) + " | " + d.Text
		if got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

// Rule I-15.
func TestASentenceWithTwoKindsOfDeadlineIsDoubted(t *testing.T) {
	for _, text := range []string{"每月通报进度，2016年11月底前完成", "2016年6月底前出台办法，每季度开展评估"} {
		if d, doubtful := findDeadline(text, 2016); !doubtful || d.Kind == task.DeadlineNone {
			t.Errorf("%q: %s, doubtful %v", text, show(d), doubtful)
		}
	}
}
