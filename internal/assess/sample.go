package assess

import (
	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// This file is sample data. The schemes are made up in the manner of real ones;
// an office puts its own in their place.

// The kinds of happening that the sample schemes record.
const (
	SampleAward     = "national-demonstration" // 获国家级示范区
	SampleLateSlip  = "slip-late"              // 督办单逾期答复
	SampleIncident  = "quality-incident"       // 区域性、系统性质量安全事件
	SampleAccident  = "equipment-accident"     // 较大以上特种设备事故
	SampleFalsified = "falsified-report"       // 填报弄虚作假
)

// SampleScheme is 《合作备忘录落实情况考核办法》, version 2, for cities: 100 points in
// four parts, bonus and deduction, three vetoes.
func SampleScheme() Scheme {
	return Scheme{
		ID: "memorandum", Name: "《合作备忘录落实情况考核办法》", Version: 2,
		From: calendar.NewDate(2010, 1, 1), Points: Whole(100),
		Items: []Item{
			part("1", "组织保障", 15,
				sampleOrganisation(),
				missingFigure("1.2", "质量例会两月一次", "每缺1次扣1分，扣完为止", 5, task.FieldMeeting),
				completed("1.3", "与县（市）签目标责任书", "按签订比例得分", 6, OfTarget, task.FieldLetter),
			),
			part("2", "任务完成", 50,
				completed("2.1", "新增四川名牌产品", "按进度比例：核实 ÷ 应完成", 15, OfCourse, task.FieldBrand),
				completed("2.2", "农业标准化示范区", "按进度比例，最高1", 10, OfCourse, task.FieldDemonstration),
				sampleGeographic(),
				completed("2.4", "标准制定与发布", "按进度比例，最高1", 8, OfCourse, task.FieldStandard),
				sampleRest("2.5", 7),
			),
			part("3", "支持与投入", 20,
				completed("3.1", "抽查经费列入县级预算", "按列入的县（市）比例", 10, OfTarget, task.FieldFood),
				sampleFunds(),
			),
			part("4", "填报质量", 15,
				sampleOnTime("4.1", 8),
				sampleAgree("4.2", 7),
			),
			sampleExtra("5"),
			sampleVetoes("6"),
		},
		Bands: sampleBands(), Rounding: Rounding{ItemPlaces: 2, TotalPlaces: 1, Mode: HalfUp},
		Ties:        Ties{Rule: TiesShared},
		Groups:      []Group{{Key: "cities", Label: "市（州）", Level: org.City}},
		Occurrences: sampleOccurrences(),
	}
}

// SampleCountyScheme is the sample scheme for counties (县（市、区）): fewer items,
// what a county has no business for is taken out, ties are broken by the tasks.
func SampleCountyScheme() Scheme {
	scaled := func(it Item) Item { it.Absent = AbsentScale; return it }
	return Scheme{
		ID: "memorandum-county", Name: "《县（市、区）合作备忘录落实情况考核办法》", Version: 1,
		From: calendar.NewDate(2010, 1, 1), Points: Whole(100),
		Items: []Item{
			part("1", "任务完成", 70,
				scaled(completed("1.1", "名牌培育", "按进度比例，最高1；没有此项任务的不计", 20, OfCourse, task.FieldBrand)),
				scaled(completed("1.2", "农业标准化示范区", "按进度比例，最高1；没有此项任务的不计", 15, OfCourse, task.FieldDemonstration)),
				scaled(completed("1.3", "抽查经费列入预算", "按进度比例，最高1；没有此项任务的不计", 15, OfTarget, task.FieldFood)),
				sampleRest("1.4", 20),
			),
			part("2", "填报质量", 30, sampleOnTime("2.1", 20), sampleAgree("2.2", 10)),
			sampleExtra("3"),
			sampleVetoes("4"),
		},
		Bands: sampleBands(), Rounding: Rounding{ItemPlaces: 2, TotalPlaces: 1, Mode: HalfUp},
		Ties:        Ties{Rule: TiesByItems, Items: []string{"1", "2"}},
		Groups:      []Group{{Key: "counties", Label: "县（市、区）", Level: org.County}},
		Occurrences: sampleOccurrences(),
	}
}

func part(no, title string, points int64, children ...Item) Item {
	return Item{No: no, Title: title, Kind: Heading, Points: Whole(points), Children: children}
}

// completed is an item in proportion to verified ÷ expected of the tasks of a field.
func completed(no, title, words string, points int64, of Of, field task.Field) Item {
	return Item{
		No: no, Title: title, Words: words, Kind: Plain, Points: Whole(points), Method: Share, Scorer: "省质监局合作办",
		Source: Source{Kind: FromTasks, Fields: []task.Field{field}, Measure: Completion, Of: of, Bare: BareFinished},
	}
}

func missingFigure(no, title, words string, points int64, field task.Field) Item {
	return Item{
		No: no, Title: title, Words: words, Kind: Plain, Points: Whole(points), Method: Missing, Each: Whole(1), Scorer: "省质监局合作办",
		Source: Source{Kind: FromTasks, Fields: []task.Field{field}, Measure: Figures, Of: OfCourse},
	}
}

func sampleOrganisation() Item {
	return Item{
		No: "1.1", Title: "领导小组与办公室", Words: "有文件、有岗位、有分工得满分；缺一项得一半",
		Kind: Plain, Points: Whole(4), Method: Rungs, Scorer: "省质监局合作办",
		Source: Source{Kind: FromTasks, Fields: []task.Field{task.FieldOrganisation}, Measure: Figures},
		Ladder: []Rung{{AtLeast: 3 * task.One, Points: Whole(4)}, {AtLeast: 2 * task.One, Points: Whole(2)}},
	}
}

func sampleGeographic() Item {
	return Item{
		No: "2.3", Title: "地理标志产品保护", Words: "受理1个得8分，每多1个加1分",
		Kind: Plain, Points: Whole(10), Method: Stepped, Base: Whole(8), Each: Whole(1), Scorer: "省质监局合作办",
		Source: Source{Kind: FromTasks, Fields: []task.Field{task.FieldGeographic}, Measure: Figures},
	}
}

func sampleFunds() Item {
	return Item{
		No: "3.2", Title: "技术机构资金到位", Words: "按到位比例", Kind: Plain, Points: Whole(10), Method: Value, Scorer: "省质监局计财处",
		Source: Source{Kind: FromTasks, Fields: []task.Field{task.FieldLaboratory}, Measure: Figures, Of: OfTarget},
	}
}

func sampleRest(no string, points int64) Item {
	return Item{
		No: no, Title: "其余任务", Words: "各件任务完成度的平均数", Kind: Plain, Points: Whole(points), Method: Share, Scorer: "省质监局合作办",
		Source: Source{Kind: FromTasks, Rest: true, Measure: Completion, Of: OfCourse, Bare: BareLight},
	}
}

func sampleOnTime(no string, points int64) Item {
	return Item{
		No: no, Title: "按时填报", Words: "按时 ÷ 应报", Kind: Plain, Points: Whole(points), Method: Share, Scorer: "省质监局合作办",
		Source: Source{Kind: FromReporting, Reporting: OnTime},
	}
}

func sampleAgree(no string, points int64) Item {
	return Item{
		No: no, Title: "填报与核实一致", Words: "每不一致1件扣1分，扣完为止", Kind: Plain, Points: Whole(points), Method: Missing, Each: Whole(1), Scorer: "省质监局合作办",
		Source: Source{Kind: FromReporting, Reporting: Disagree},
	}
}

func sampleExtra(no string) Item {
	return part(no, "加减分", 5,
		Item{No: no + ".1", Title: "获国家级示范区", Words: "每个加1分，最高5分", Kind: Bonus, Points: Whole(5), Method: PerBonus, Each: Whole(1),
			Source: Source{Kind: FromOccurrences, Occurrence: SampleAward}},
		Item{No: no + ".2", Title: "督办单逾期答复", Words: "每次扣2分", Kind: Deduction, Method: PerEvent, Each: Whole(2),
			Source: Source{Kind: FromOccurrences, Occurrence: SampleLateSlip}},
	)
}

func sampleVetoes(no string) Item {
	veto := func(n, title, kind string) Item {
		return Item{No: no + "." + n, Title: title, Words: "发生1起，定为D级", Kind: Veto, Method: CapsGrade, CapGrade: "D",
			Source: Source{Kind: FromOccurrences, Occurrence: kind}}
	}
	return part(no, "一票否决", 0,
		veto("1", "区域性、系统性质量安全事件", SampleIncident),
		veto("2", "较大以上特种设备事故", SampleAccident),
		veto("3", "填报弄虚作假", SampleFalsified),
	)
}

// sampleBands are the grades of 国办《质量工作考核办法》.
func sampleBands() []Band {
	return []Band{
		{Grade: "A", From: Whole(90), Label: "90分及以上"}, {Grade: "B", From: Whole(80), Label: "80分及以上，不足90分"},
		{Grade: "C", From: Whole(60), Label: "60分及以上，不足80分"}, {Grade: "D", From: Whole(0), Label: "不足60分"},
	}
}

func sampleOccurrences() []OccurrenceKind {
	return []OccurrenceKind{
		{SampleAward, "获国家级示范区"}, {SampleLateSlip, "督办单逾期答复"}, {SampleIncident, "区域性、系统性质量安全事件"},
		{SampleAccident, "较大以上特种设备事故"}, {SampleFalsified, "填报弄虚作假"},
	}
}
