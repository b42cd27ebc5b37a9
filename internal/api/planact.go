package api

import (
	"context"
	"fmt"
	"net/http"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/paper"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// Offer is a commitment that is offered as a row of a plan (待列入承诺).
type Offer struct {
	Commitment  string   `json:"commitment"`
	Clause      string   `json:"clause,omitempty"`
	Title       string   `json:"title"`
	Leads       []string `json:"leads" nullable:"false"`
	Supervising string   `json:"supervising,omitempty"`
	Deadline    Deadline `json:"deadline"`
	Target      *Target  `json:"target,omitempty"`
	Why         string   `json:"why" doc:"due, overdue, recurring, standing, later, undated"`
}

// NewTask is a row of a plan that is to be entered, in the words of its document.
type NewTask struct {
	No          string   `json:"no,omitempty" maxLength:"40" doc:"The printed number."`
	Chapter     []string `json:"chapter,omitempty" maxItems:"6"`
	Title       string   `json:"title" maxLength:"2000"`
	Measures    string   `json:"measures,omitempty" maxLength:"20000"`
	Note        string   `json:"note,omitempty" maxLength:"2000"`
	Leads       []string `json:"leads" nullable:"false" minItems:"1" maxItems:"50" doc:"Units."`
	Cooperating []string `json:"cooperating,omitempty" maxItems:"100" doc:"Units."`
	Supervising string   `json:"supervising,omitempty" maxLength:"128"`
	Commitment  string   `json:"commitment,omitempty" maxLength:"128" doc:"The commitment that it serves."`
	Deadline    string   `json:"deadline,omitempty" maxLength:"400" doc:"In words, read as a document's would be: 2010年10月底前."`
	Target      string   `json:"target,omitempty" maxLength:"400" doc:"In words, read as a document's would be: 不少于20个."`
	Field       string   `json:"field,omitempty" maxLength:"40" doc:"Absent: found by the words."`
	Weight      string   `json:"weight,omitempty" maxLength:"30" doc:"A decimal; absent: 1."`
	Evidence    string   `json:"evidence,omitempty" maxLength:"2000"`
	Cadence     string   `json:"cadence,omitempty" enum:"month,quarter,half-year,year"`
	Rollup      string   `json:"rollup,omitempty" enum:"sum,count,share"`
}

// Approval is a plan before the other parties (双方审定).
type Approval struct {
	Plan    string       `json:"plan"`
	Needed  bool         `json:"needed" doc:"Nothing is issued without it."`
	Parties []string     `json:"parties" nullable:"false" doc:"That approve."`
	Asked   string       `json:"asked,omitempty" doc:"Digest of the content that was put before them; absent: it was not."`
	Now     string       `json:"now" doc:"Digest of the content as it is: what an approval names."`
	Given   []PlanAnswer `json:"given" nullable:"false"`
}

// PlanAnswer is what one party said of a plan.
type PlanAnswer struct {
	Party   string `json:"party"`
	Digest  string `json:"digest" doc:"Of the content that it speaks of."`
	Accepts bool   `json:"accepts"`
	Words   string `json:"words,omitempty"`
	On      string `json:"on" format:"date"`
}

// Implementation is how a plan is carried out (实施方案).
type Implementation struct {
	Aim        string          `json:"aim,omitempty" maxLength:"20000"`
	Group      []Seat          `json:"group" nullable:"false" maxItems:"60" doc:"The leading group."`
	Office     string          `json:"office,omitempty" maxLength:"200"`
	OfficeHead string          `json:"office_head,omitempty" maxLength:"200"`
	Safeguards []string        `json:"safeguards" nullable:"false" maxItems:"60"`
	Schedule   []ScheduleStage `json:"schedule" nullable:"false" maxItems:"60"`
}

// Seat is a seat of the leading group. It names the post and not the person.
type Seat struct {
	Duty string `json:"duty" enum:"head,deputy,member"`
	Unit string `json:"unit" maxLength:"200" doc:"Its name."`
	Post string `json:"post" maxLength:"200" doc:"Its name."`
}

// ScheduleStage is one stage of the work.
type ScheduleStage struct {
	Title string `json:"title" maxLength:"200"`
	From  string `json:"from" format:"date"`
	To    string `json:"to" format:"date"`
	Words string `json:"words,omitempty" maxLength:"2000"`
}

// ImplementationAsked names the implementation plan of a plan in an address.
type ImplementationAsked struct{ PlanAsked }

func (a *ImplementationAsked) read(ctx context.Context, q *asking) (memo.Implementation, error) {
	p, err := q.view.Plan(ctx, memo.PlanID(a.Plan))
	if err != nil {
		return memo.Implementation{}, err
	}
	x, _, err := q.view.Implementation(ctx, p, 0)
	return x, err
}

func (a *ImplementationAsked) version(ctx context.Context, q *asking) (int64, error) {
	x, err := a.read(ctx, q)
	return x.Version, err
}

func (s *Server) planActs() {
	enter(s, post("/plans", "enter-plan", "plans", "Begin a memorandum's plan for a year", org.TokenWrites), "/plans/",
		func(ctx context.Context, q *asking, in *struct {
			Body struct {
				Memorandum string `json:"memorandum" maxLength:"128"`
				Year       int    `json:"year" minimum:"1949" maximum:"2200"`
				Title      string `json:"title" maxLength:"400"`
			}
		}) (store.Receipt, memo.PlanID, error) {
			return s.desk.EnterPlan(ctx, q.caller, q.key, memo.ID(in.Body.Memorandum), in.Body.Year, in.Body.Title)
		})
	do(s, post("/plans/{plan}/tasks", "enter-tasks", "plans", "Add rows to a plan as drafts, in the words of its document", org.TokenWrites), s.enterTasks)
	handle(s, describe(http.MethodGet, "/plans/{plan}/offers", "list-offers", "plans", "The commitments that are offered as rows of a plan", org.TokenReads), s.offers)
	do(s, post("/plans/{plan}/offers", "take-offers", "plans", "Enter offered commitments as drafts of a plan (列入计划)", org.TokenWrites),
		func(ctx context.Context, q *asking, in *struct {
			PlanAsked
			Body struct {
				Commitments []string `json:"commitments" nullable:"false" minItems:"1" maxItems:"400"`
			}
		}) (store.Receipt, error) {
			r, _, err := s.desk.TakeOffers(ctx, q.caller, q.key, memo.PlanID(in.Plan), ids[memo.CommitmentID](in.Body.Commitments))
			return r, err
		})
	do(s, post("/plans/{plan}/issue", "issue-plan", "plans", "Give a plan's drafts to their units, which are asked to sign for them (下达)", org.TokenWrites),
		func(ctx context.Context, q *asking, in *PlanAsked) (store.Receipt, error) {
			return s.desk.IssuePlan(ctx, q.caller, q.key, memo.PlanID(in.Plan))
		})
	do(s, post("/periods/{period}/closing", "close-period", "plans", "End a reporting period for the plans of the token's unit (结账)", org.TokenWrites),
		func(ctx context.Context, q *asking, in *struct {
			Period string `path:"period" maxLength:"10" example:"2010-05"`
		}) (store.Receipt, error) {
			p, err := calendar.ParsePeriod(in.Period)
			if err != nil {
				return store.Receipt{}, invalid("request.period", "period")
			}
			return s.desk.ClosePeriod(ctx, q.caller, q.key, p)
		})
	s.approvalOperations()
	s.implementationOperations()
}

func (s *Server) enterTasks(ctx context.Context, q *asking, in *struct {
	PlanAsked
	Body struct {
		Rows []NewTask `json:"rows" nullable:"false" minItems:"1" maxItems:"400"`
	}
}) (store.Receipt, error) {
	p, err := q.view.Plan(ctx, memo.PlanID(in.Plan))
	if err != nil {
		return store.Receipt{}, err
	}
	var f fields
	var rows []act.Row
	for i, b := range in.Body.Rows {
		at := fmt.Sprintf("rows[%d].", i)
		row := act.Row{
			No: b.No, Chapter: b.Chapter, Title: b.Title, Measures: b.Measures, Note: b.Note, Supervising: org.UnitID(b.Supervising),
			Leads: ids[org.UnitID](b.Leads), Cooperating: ids[org.UnitID](b.Cooperating), Commitment: memo.CommitmentID(b.Commitment),
			Deadline: paper.ReadDeadline(b.Deadline, p.Year), Target: paper.ReadTarget(b.Target, ""), Field: task.Field(b.Field), Evidence: b.Evidence,
			Cadence: calendar.PeriodKind(b.Cadence), Rollup: task.Rollup(b.Rollup),
		}
		if b.Field != "" && !row.Field.Known() {
			f.refuse("task.field-missing", at+"field")
		}
		if b.Weight != "" {
			row.Weight = f.decimal(b.Weight, at+"weight")
		}
		rows = append(rows, row)
	}
	if err := f.err(); err != nil {
		return store.Receipt{}, err
	}
	return s.desk.EnterTasks(ctx, q.caller, q.key, p.ID, rows)
}

func (s *Server) offers(ctx context.Context, q *asking, in *PlanAsked) (*Plain[[]Offer], error) {
	p, err := q.view.Plan(ctx, memo.PlanID(in.Plan))
	if err != nil {
		return nil, err
	}
	served, err := q.view.Served(ctx, p)
	if err != nil {
		return nil, err
	}
	out := &Plain[[]Offer]{Body: []Offer{}}
	for _, o := range s.desk.Offers(p, served) { // a memorandum has some dozens
		out.Body = append(out.Body, Offer{
			Commitment: string(o.Commitment), Clause: o.Clause, Title: o.Title, Leads: texts(o.Leads), Supervising: string(o.Supervising), Why: string(o.Why),
			Deadline: Deadline{Text: o.Deadline.Text, Kind: string(o.Deadline.Kind), Due: o.Due.String()}, Target: showTarget(o.Target),
		})
	}
	return out, nil
}

func (s *Server) approvalOperations() {
	handle(s, describe(http.MethodGet, "/plans/{plan}/approval", "get-approval", "plans", "A plan before the other parties: what was asked and what they said", org.TokenReads),
		func(ctx context.Context, q *asking, in *PlanAsked) (*Plain[Approval], error) {
			v, err := q.view.Approval(ctx, memo.PlanID(in.Plan))
			if err != nil {
				return nil, err
			}
			a := v.Approval
			out := Approval{Plan: in.Plan, Needed: a.Needed, Parties: texts(a.Parties), Asked: a.Asked, Now: a.Now, Given: []PlanAnswer{}}
			for _, g := range a.Given {
				out.Given = append(out.Given, PlanAnswer{Party: string(g.Party), Digest: g.Digest, Accepts: g.Accepts, Words: g.Words, On: g.On.String()})
			}
			return &Plain[Approval]{Body: out}, nil
		})
	do(s, post("/plans/{plan}/submission", "put-plan", "plans", "Put a plan before the other parties of its memorandum (提请审定)", org.TokenWrites),
		func(ctx context.Context, q *asking, in *PlanAsked) (store.Receipt, error) {
			return s.desk.PutPlan(ctx, q.caller, q.key, memo.PlanID(in.Plan))
		})
	do(s, post("/plans/{plan}/approval", "answer-plan", "plans", "Approve for the token's party a plan that lies before it, or return it with words (审定, 退回)", org.TokenSigns),
		func(ctx context.Context, q *asking, in *struct {
			PlanAsked
			Body struct {
				Digest  string `json:"digest" maxLength:"64" doc:"now of the approval as it was read: the answer is to this content and no other."`
				Accepts bool   `json:"accepts"`
				Words   string `json:"words,omitempty" maxLength:"2000" doc:"Needed to return it."`
			}
		}) (store.Receipt, error) {
			return s.desk.ApprovePlan(ctx, q.caller, q.key, memo.PlanID(in.Plan), in.Body.Digest, in.Body.Accepts, in.Body.Words)
		})
}

func (s *Server) implementationOperations() {
	const path = "/plans/{plan}/implementation"
	handle(s, describe(http.MethodGet, path, "get-implementation", "plans", "The newest implementation plan (实施方案); version 0 while there is none", org.TokenReads),
		func(ctx context.Context, q *asking, in *ImplementationAsked) (*One[Implementation], error) {
			x, err := in.read(ctx, q)
			if err != nil {
				return nil, err
			}
			out := Implementation{Aim: x.Aim, Office: x.Office, OfficeHead: x.OfficeHead, Group: []Seat{}, Safeguards: append([]string{}, x.Safeguards...), Schedule: []ScheduleStage{}}
			for _, g := range x.Group {
				out.Group = append(out.Group, Seat{Duty: string(g.Duty), Unit: g.Unit, Post: g.Post})
			}
			for _, g := range x.Schedule {
				out.Schedule = append(out.Schedule, ScheduleStage{Title: g.Title, From: g.From.String(), To: g.To.String(), Words: g.Words})
			}
			return one(x.Version, out), nil
		})
	change(s, describe(http.MethodPut, path, "save-implementation", "plans", "Write the next version of the implementation plan", org.TokenWrites),
		func(ctx context.Context, q *asking, in *struct {
			ImplementationAsked
			Body Implementation
		}, version int64) (store.Receipt, error) {
			var f fields
			b := in.Body
			x := memo.Implementation{Plan: memo.PlanID(in.Plan), Version: version, Aim: b.Aim, Office: b.Office, OfficeHead: b.OfficeHead, Safeguards: b.Safeguards}
			for _, g := range b.Group {
				x.Group = append(x.Group, memo.GroupSeat{Duty: memo.GroupDuty(g.Duty), Unit: g.Unit, Post: g.Post})
			}
			for i, g := range b.Schedule {
				at := fmt.Sprintf("schedule[%d].", i)
				x.Schedule = append(x.Schedule, memo.ScheduleStage{Title: g.Title, From: f.day(g.From, at+"from"), To: f.day(g.To, at+"to"), Words: g.Words})
			}
			if err := f.err(); err != nil {
				return store.Receipt{}, err
			}
			return s.desk.SaveImplementation(ctx, q.caller, q.key, x)
		})
}
