package memo_test

import (
	"testing"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
)

// lying is a version of the bureau that lies before the city.
func lying() memo.Version {
	return memo.Version{ID: "v", Number: 2, Proposer: "bureau", State: memo.Open, Text: memo.Text{
		Parties: []memo.Party{{Unit: "bureau", Name: "省质监局", Called: "甲方"}, {Unit: "city", Name: "广安市人民政府", Called: "乙方"}},
		Clauses: []memo.Clause{{ID: "c1", No: "第一条", Level: 1, Text: "乙方三年培育名牌五十个。"}},
	}}
}

func refuses(t *testing.T, name string, err error, key string) {
	t.Helper()
	if key == "" && err != nil || key != "" && !fault.Is(err, key) {
		t.Errorf("%s: %v, wanted %q", name, err, key)
	}
}

func TestARemarkStandsOnAClauseOfItsVersion(t *testing.T) { // Rule M-05
	settled := lying()
	settled.State = memo.SignedByAll
	for _, c := range []struct {
		name string
		v    memo.Version
		r    memo.Remark
		key  string
	}{
		{"on a clause", lying(), memo.Remark{Clause: "c1", Party: "city", Words: "改为三十个"}, ""},
		{"on the whole", lying(), memo.Remark{Party: "bureau", Words: "请尽快答复"}, ""},
		{"of a stranger", lying(), memo.Remark{Party: "farm", Words: "我也说一句"}, "version.not-a-party"},
		{"on a clause that is not there", lying(), memo.Remark{Clause: "c9", Party: "city", Words: "删去"}, "remark.no-such-clause"},
		{"without words", lying(), memo.Remark{Party: "city", Words: " "}, "remark.words-missing"},
		{"on what is signed", settled, memo.Remark{Party: "city", Words: "晚了"}, "remark.version-settled"},
	} {
		refuses(t, c.name, memo.CheckRemark(c.v, c.r), c.key)
	}
}

func TestARemarkIsAnsweredByAnotherAndClosedByItsOwn(t *testing.T) { // Rule M-05
	day := calendar.NewDate(2010, 6, 7)
	open := memo.Remark{Party: "city", Words: "改为三十个"}
	answered, closed := open, open
	answered.Answered, closed.Closed = day, day
	for _, c := range []struct {
		name  string
		r     memo.Remark
		by    org.UnitID
		words string
		key   string
	}{
		{"by the other", open, "bureau", "同意", ""},
		{"by itself", open, "city", "同意", "remark.own"},
		{"by a stranger", open, "farm", "同意", "version.not-a-party"},
		{"twice", answered, "bureau", "同意", "remark.answered"},
		{"after closing", closed, "bureau", "同意", "remark.closed"},
		{"without words", open, "bureau", "", "remark.answer-missing"},
	} {
		refuses(t, c.name, c.r.CheckAnswer(lying(), c.by, c.words), c.key)
	}
	refuses(t, "closing one's own", open.CheckClose("city"), "")
	refuses(t, "closing another's", open.CheckClose("bureau"), "remark.not-yours")
	refuses(t, "closing twice", closed.CheckClose("city"), "remark.closed")
}

func TestAPartyAsksItsOwnUnitsWithADay(t *testing.T) { // Rule M-06
	today := calendar.NewDate(2010, 6, 7)
	ask := memo.Opinion{Party: "city", Asked: "city-legal", Kind: memo.LegalOpinion, Due: today.AddDays(3)}
	stranger, late, nobody := ask, ask, ask
	stranger.Party, late.Due, nobody.Asked = "farm", today.AddDays(-1), ""
	withdrawn := lying()
	withdrawn.State = memo.TakenBack
	for _, c := range []struct {
		name  string
		v     memo.Version
		o     memo.Opinion
		below bool
		asked []memo.Opinion
		key   string
	}{
		{"its legal office", lying(), ask, true, nil, ""},
		{"again after the answer", lying(), ask, true, []memo.Opinion{{Party: "city", Asked: "city-legal", Kind: memo.LegalOpinion, Result: memo.Objects}}, ""},
		{"again while it is open", lying(), ask, true, []memo.Opinion{ask}, "opinion.asked-already"},
		{"somebody else's unit", lying(), ask, false, nil, "opinion.unit-not-yours"},
		{"nobody", lying(), nobody, false, nil, "opinion.unit-missing"},
		{"of yesterday", lying(), late, true, nil, "opinion.due-past"},
		{"a stranger asks", lying(), stranger, true, nil, "version.not-a-party"},
		{"about a version that was taken back", withdrawn, ask, true, nil, "opinion.version-settled"},
	} {
		refuses(t, c.name, memo.CheckAsk(c.v, c.o, c.below, c.asked, today), c.key)
	}
	ask.AskedBy = "wang"
	refuses(t, "given by who asked", ask.CheckGive("wang", memo.Agrees, ""), "opinion.asked-yourself")
	refuses(t, "agreeing", ask.CheckGive("li", memo.Agrees, ""), "")
	refuses(t, "objecting without words", ask.CheckGive("li", memo.Objects, ""), "opinion.words-missing")
	refuses(t, "no result", ask.CheckGive("li", "", "好"), "opinion.result-missing")
	ask.Result = memo.Agrees
	refuses(t, "twice", ask.CheckGive("li", memo.Agrees, ""), "opinion.given")
}

func TestAcceptingAgainstTheLegalCheckNeedsAReason(t *testing.T) { // Rule M-07
	legal := func(r memo.OpinionResult) memo.Opinion {
		return memo.Opinion{Kind: memo.LegalOpinion, Asked: "legal", Result: r}
	}
	department := func(r memo.OpinionResult) memo.Opinion {
		return memo.Opinion{Kind: memo.DepartmentOpinion, Asked: "farm", Result: r}
	}
	for _, c := range []struct {
		name string
		own  []memo.Opinion
		key  string
	}{
		{"nobody was asked", nil, ""},
		{"all agree", []memo.Opinion{legal(memo.Agrees), department(memo.Agrees)}, ""},
		{"a department objects", []memo.Opinion{legal(memo.Amends), department(memo.Objects)}, ""},
		{"a department is silent", []memo.Opinion{department("")}, "opinion.open"},
		{"the legal check objects", []memo.Opinion{legal(memo.Objects)}, "opinion.legal-objects"},
		{"it objected and was asked again", []memo.Opinion{legal(memo.Objects), legal("")}, "opinion.legal-objects"},
		{"it objected and came round", []memo.Opinion{legal(memo.Objects), legal(memo.Agrees)}, ""},
	} {
		refuses(t, c.name, memo.CheckAcceptance(c.own, ""), c.key)
		refuses(t, c.name+", with a reason", memo.CheckAcceptance(c.own, "市长专题会议定"), "")
	}
}

func TestATextFromOutsideKeepsIdentitiesAndAsksForObligors(t *testing.T) { // Rule M-08
	base := lying().Text
	base.Title, base.Kind, base.Term = "合作备忘录", "合作备忘录", memo.Term{Years: 3}
	base.Closing = "本备忘录一式四份，双方各执两份。"
	base.Clauses[0].Commitments = []memo.Commitment{{ID: "k1", Obligor: "city", Confirms: "bureau", Text: base.Clauses[0].Text}}
	base.Clauses = append(base.Clauses, memo.Clause{ID: "c2", No: "第二条", Level: 1, Text: "双方每年会商一次。"})
	got := memo.Adopt(base, memo.Text{Title: "合作备忘录", Clauses: []memo.Clause{
		{No: "第一条", Level: 3, Text: "乙方落实检验检测机构建设用地三十亩。"},
		{No: "第二条", Level: 1, Text: "乙方三年培育名牌三十个。"},
		{No: "第三条", Level: 1, Text: "对重点企业给予一次性补助并落实资金。"},
		{No: "第四条", Level: 1, Text: "双方每年会商一次。\n本备忘录一式六份，双方各执三份。"},
	}})
	c := got.Clauses
	if c[1].ID != "c1" || len(c[1].Commitments) != 1 || c[1].Commitments[0].ID != "k1" || c[1].Commitments[0].Text != c[1].Text {
		t.Errorf("the rewritten clause: %+v", c[1])
	}
	if c[0].ID != "" || len(c[0].Commitments) != 1 || c[0].Commitments[0].Obligor != "city" || c[0].Commitments[0].Confirms != "bureau" {
		t.Errorf("the new clause of the city: %+v", c[0])
	}
	if len(c[2].Commitments) != 1 || c[2].Commitments[0].Obligor != "" || len(got.Unowed()) != 1 {
		t.Errorf("the new clause of nobody: %+v", c[2])
	}
	if !fault.Is(got.Check(), "memo.obligor-no-party") {
		t.Errorf("it may be proposed: %v", got.Check())
	}
	if c[3].ID != "c2" || c[0].Level != 1 || got.Closing != "本备忘录一式六份，双方各执三份。" || c[3].Text != "双方每年会商一次。" {
		t.Errorf("the last clause %+v, the closing %q", c[3], got.Closing)
	}
	if got.Term != base.Term || len(got.Parties) != 2 {
		t.Errorf("term and parties: %+v", got)
	}
}

func TestWordsThatMovedAwayFromWhatIsOwedAreShown(t *testing.T) { // Rule M-08
	base := lying().Text
	base.Clauses[0].Commitments = []memo.Commitment{{ID: "k1", Obligor: "city", Text: "名牌五十个"}}
	next := memo.Adopt(base, memo.Text{Clauses: []memo.Clause{{No: "第一条", Level: 1, Text: "乙方三年培育名牌三十个。"}}})
	if stale := memo.Stale(base, next); !stale["c1"] || len(stale) != 1 {
		t.Errorf("to be looked at: %v", stale)
	}
}
