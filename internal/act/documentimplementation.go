package act

import (
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/paper/official"
)

// dutyWords are the duties of the leading group in the words of documents.
var dutyWords = map[memo.GroupDuty]official.Text{memo.GroupHead: "组长", memo.GroupDeputy: "副组长", memo.GroupMember: "成员"}

// implementation gathers a plan's implementation plan.
func (g gathering) implementation(id memo.PlanID) (source, error) {
	p, err := g.view.Plan(g.ctx, id)
	if err != nil {
		return source{}, err
	}
	x, _, err := g.view.Implementation(g.ctx, p, 0)
	if err != nil {
		return source{}, err
	}
	d := &official.ImplementationData{Title: official.Text(p.Title), Aim: official.Text(x.Aim), Office: official.Text(x.Office), OfficeHead: official.Text(x.OfficeHead)}
	for _, s := range x.Group {
		d.Seats = append(d.Seats, official.Seat{Duty: dutyWords[s.Duty], Unit: official.Text(s.Unit), Post: official.Text(s.Post)})
	}
	for _, s := range x.Safeguards {
		d.Safeguards = append(d.Safeguards, official.Text(s))
	}
	for _, s := range x.Schedule {
		d.Stages = append(d.Stages, official.Stage{Title: official.Text(s.Title), From: s.From, To: s.To, Words: official.Text(s.Words)})
	}
	d.To = official.Text(official.Addressee())
	s := source{data: d, subjectKind: "plan", subject: string(id), access: org.DocumentFacts{Office: p.Office, Region: p.Region}}
	if x.Version == 0 {
		s.open = fault.New(fault.Conflict, "document.no-implementation")
	}
	return s, nil
}
