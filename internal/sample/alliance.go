package sample

import (
	"strings"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/seal"
)

// liquor is an alliance (联盟倡议) with an open list: invented as a whole.
func liquor(p *province) *deal {
	d := &deal{region: sichuan, other: p.unit("511500", government), signed: date("2010-03-15"), entered: date("2010-03-16")}
	b, g := p.unit(sichuan, org.FunctionQuality).ID, d.other.ID
	owe := func(c memo.Clause, text string) memo.Clause {
		c.Commitments = []memo.Commitment{{Obligor: b, Joint: []org.UnitID{g}, Text: text}}
		return c
	}
	d.memo = memo.Memorandum{
		Title: "《四川白酒产区质量诚信联盟倡议》", Kind: "联盟倡议", Form: memo.Alliance, Region: sichuan,
		Parties: []org.UnitID{b, g}, Signed: d.signed, Place: "宜宾", Stage: memo.InForce, Open: true,
		Clauses: []memo.Clause{
			owe(memo.Clause{No: "一", Level: 1, Text: "成员落实企业质量安全主体责任，出厂批批检验，不合格酒不出厂。"}, "落实企业质量安全主体责任"),
			owe(memo.Clause{No: "二", Level: 1, Text: "成员如实标注等级、产地和年份，不以调配酒冒充原酒。"}, "如实标注等级、产地和年份"),
			owe(memo.Clause{No: "三", Level: 1, Text: "成员之间通报假冒侵权线索，协同打假，互认检验结果。"}, "通报线索，互认检验结果"),
		},
	}
	return d
}

// join is how a city comes into the alliance: asked for or by itself, or not yet.
type join struct {
	region        org.RegionCode
	asked, joined string // days; "" for not
}

// members notes the alliance and who joins it, on paper.
func (w *world) members(d *deal) {
	w.prepare(d)
	for _, x := range []join{
		{"510500", "2010-03-17", "2010-03-24"},
		{"510600", "2010-03-17", "2010-04-02"},
		{"510100", "2010-04-20", ""},
		{"510900", "", "2010-05-06"},
	} {
		u := w.unit(x.region, government)
		if x.asked != "" {
			w.note(someTime(date(x.asked), d.memo.Title, u.Name), func() error {
				c, err := w.bureau(org.Office)
				if err == nil {
					_, err = w.desk.InviteMember(w.ctx, c, "", d.id, u.ID)
				}
				return w.failed(err, "asking "+u.Name+" into the alliance")
			})
		}
		if x.joined != "" {
			w.note(someTime(date(x.joined), d.memo.Title, u.Name, "joins"), func() error {
				return w.failed(w.joins(d, u, date(x.joined)), u.Name+" joins the alliance")
			})
		}
	}
}

// joins enters a city's pledge, signed on paper.
func (w *world) joins(d *deal, u org.Unit, day calendar.Date) error {
	c, err := w.as(u.ID, org.Office)
	if err != nil {
		return err
	}
	m, err := w.desk.Store().View(c).Memorandum(w.ctx, d.id)
	if err != nil {
		return err
	}
	f, err := w.keep("联盟倡议签字页（"+u.Name+"）.txt", strings.NewReader("示例数据\n"+u.Name+"加入联盟倡议，签字页扫描件\n"))
	if err != nil {
		return err
	}
	how := act.Signing{Method: seal.Paper, Day: day, Scan: string(f.ID)}
	_, err = w.desk.JoinAlliance(w.ctx, c, "", d.id, act.PledgeDigest(m.Memorandum), how)
	return err
}
