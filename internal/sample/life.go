package sample

import (
	"slices"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
)

// dazhou is the memorandum that is being negotiated (磋商): invented as a whole.
func dazhou(p *province) *deal {
	d := &deal{region: "511700", other: p.unit("511700", government), entered: date("2010-05-06")}
	m := cityMemorandum(p, d)
	m.Stage, m.Kind, m.Place, m.Clauses = memo.Preparing, "合作备忘录", "", nil
	d.memo = m
	return d
}

// moves of a negotiation, in the order of time.
type move struct {
	on     calendar.Date
	bureau bool // the province's bureau moves, else the city
	text   func(memo.Text) memo.Text
	words  string // said to the version, or to the answer
}

// negotiate notes how the two parties come to a text: each move with a text is a
// version that answers the one before; a move without one accepts it.
func (w *world) negotiate(d *deal, moves []move) {
	for i, v := range moves {
		w.note(someTime(v.on, d.memo.Title, v.words), func() error { return w.failed(w.move(d, i, v), d.memo.Title) })
	}
}

func (w *world) move(d *deal, version int, v move) error {
	c, err := w.as(d.other.ID, org.Office)
	if v.bureau {
		c, err = w.bureau(org.Office)
	}
	if err != nil {
		return err
	}
	view := w.desk.Store().View(c)
	m, err := view.Memorandum(w.ctx, d.id)
	if err != nil {
		return err
	}
	n, err := view.Negotiation(w.ctx, m.Memorandum)
	if err != nil {
		return err
	}
	if v.text == nil {
		_, err := w.desk.AnswerVersion(w.ctx, c, "", d.id, n.Newest.ID, true, v.words)
		return err
	}
	text := w.firstText(d)
	if n.Newest != nil {
		text = n.Newest.Text
	}
	draft, err := view.Draft(w.ctx, m.Memorandum)
	if err != nil {
		return err
	}
	if draft.Version > 0 { // measures were put into it
		text.Clauses = draft.Text.Clauses
	}
	if _, err := w.desk.SaveDraft(w.ctx, c, "", store.Draft{Memorandum: d.id, Base: version, Text: v.text(text), Version: draft.Version}); err != nil {
		return err
	}
	w.clock.tick()
	_, _, err = w.desk.Propose(w.ctx, c, "", d.id, draft.Version+1, v.words)
	return err
}

// firstText is what the office puts on paper first: the usual clauses with the city.
func (w *world) firstText(d *deal) memo.Text {
	full := cityMemorandum(w.province, d)
	if d.memo.Clauses != nil {
		full.Clauses = d.memo.Clauses
	}
	names := []string{"四川省质量技术监督局", d.other.Name}
	t := full.Text(func(u org.UnitID) string { return names[slices.Index(full.Parties, u)] })
	t.Kind, t.Term = "合作备忘录", memo.Term{Years: 3}
	t.Parties[0].Called, t.Parties[1].Called = "甲方", "乙方"
	t.Preamble = "为实施以质取胜战略，促进" + w.placeOf(d.region) + "经济又好又快发展，双方经协商一致，签订本备忘录。"
	t.Closing = "本备忘录一式四份，双方各执两份。未尽事宜由双方协商确定。"
	for i := range t.Clauses {
		t.Clauses[i].Level = 1
	}
	return t
}

// life notes what happens to memorandums before and beside the work on their plans.
func (w *world) life(deals []*deal) {
	of := map[org.RegionCode]*deal{}
	for _, d := range deals {
		of[d.region] = d
	}
	panzhihua, dazhou := of["510400"], of["511700"]
	w.surveys(panzhihua)
	w.supports(panzhihua)
	w.carryOut(of[liangshan])
	w.opinions(dazhou)
	w.ahead(of["510500"], of["511600"])
	w.members(liquor(w.province))
	w.note(moment(date("2010-04-06"), 9, 20), func() error {
		c, err := w.bureau(org.Office)
		if err == nil {
			_, _, err = w.desk.LoadMeasures(w.ctx, c, "")
		}
		return w.failed(err, "the catalogue of measures")
	})
	as := func(t memo.Text) memo.Text { return t }
	w.negotiate(panzhihua, []move{
		{date("2010-05-25"), true, as, "根据调研情况拟定，请研提意见"},
		{date("2010-06-01"), false, func(t memo.Text) memo.Text {
			t.Clauses = slices.Clone(t.Clauses)
			t.Clauses[3].Text = strings.Replace(t.Clauses[3].Text, "6000余万元", "6000万元以上", 1)
			return t
		}, "第四条资金表述与市财政预算一致"},
		{date("2010-06-03"), true, nil, ""},
	})
	w.negotiate(dazhou, []move{
		{date("2010-05-12"), true, as, "请贵市研提意见"},
		{date("2010-05-20"), false, func(t memo.Text) memo.Text {
			t.Clauses = slices.Clone(t.Clauses)
			t.Clauses[2].Text = "加强食品安全监管，监督抽查经费由省、市、县三级分担。"
			t.Clauses[4].Text = strings.Replace(t.Clauses[4].Text, "打假扶优", "打假扶优，重点整治建材、农资市场", 1)
			return t
		}, "第三条经费请省局共同承担；第五条增加建材、农资"},
		{date("2010-05-31"), true, func(t memo.Text) memo.Text {
			t.Clauses = slices.Clone(t.Clauses)
			t.Clauses[2].Text = "加强食品安全监管，市、县监督抽查经费纳入同级地方财政，省局抽查经费由省局承担。"
			return t
		}, "第三条按分级负担修改，第五条同意"},
	})
}
