package api

import (
	"context"
	"net/http"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
)

// absent is the refusal of what is not there or not in sight.
func absent() error { return fault.New(fault.NotFound, "absent") }

// Plan is one year of a memorandum (年度工作计划).
type Plan struct {
	ID         string         `json:"id"`
	Memorandum string         `json:"memorandum"`
	Year       int            `json:"year"`
	Title      string         `json:"title"`
	Region     string         `json:"region"`
	Office     string         `json:"office" doc:"Sets the plan's rows and verifies them."`
	Issued     string         `json:"issued,omitempty" format:"date" doc:"Absent: not yet."`
	Lights     map[string]int `json:"lights,omitempty" doc:"How many of its rows show which light; in lists only."`
	Version    int64          `json:"version"`
}

func showPlan(p memo.Plan) Plan {
	return Plan{
		ID: string(p.ID), Memorandum: string(p.Memorandum), Year: p.Year, Title: p.Title, Region: string(p.Region),
		Office: string(p.Office), Issued: p.Issued.String(), Version: p.Version,
	}
}

func showLights(l store.Lights) map[string]int {
	out := map[string]int{}
	for colour, n := range l {
		out[string(colour)] = n
	}
	return out
}

// PlanAsked names a plan in an address.
type PlanAsked struct {
	Plan string `path:"plan" maxLength:"128"`
}

type planTasksAsked struct {
	Page
	PlanAsked
	Behind bool   `query:"behind" doc:"Only yellow and red ones."`
	Short  bool   `query:"short" doc:"Only those whose number is not wholly given out."`
	Words  string `query:"words" maxLength:"100" doc:"In the task, the names of its units or its clause."`
}

func (s *Server) planOperations() {
	handle(s, describe(http.MethodGet, "/plans", "list-plans", "plans", "The plans in sight, the newest year first", org.TokenReads),
		func(ctx context.Context, q *asking, in *struct{ Page }) (*List[Plan], error) {
			var after store.PlanKey
			if err := cursor(in.After, &after); err != nil {
				return nil, err
			}
			rows, err := q.view.Plans(ctx, after, in.Limit+1)
			if err != nil {
				return nil, err
			}
			key := func(p store.PlanEntry) store.PlanKey { return store.PlanKey{Year: p.Year, Region: p.Region, ID: p.ID} }
			return page(q, in.Page, rows, key, func(p store.PlanEntry) Plan {
				out := showPlan(p.Plan)
				out.Lights = showLights(p.Lights)
				return out
			}), nil
		})
	handle(s, describe(http.MethodGet, "/plans/{plan}", "get-plan", "plans", "One plan", org.TokenReads),
		func(ctx context.Context, q *asking, in *PlanAsked) (*One[Plan], error) {
			p, err := q.view.Plan(ctx, memo.PlanID(in.Plan))
			if err != nil {
				return nil, err
			}
			return one(p.Version, showPlan(p.Plan)), nil
		})
	handle(s, describe(http.MethodGet, "/plans/{plan}/tasks", "list-plan-tasks", "tasks", "The rows of a plan, in their order", org.TokenReads), listPlanTasks)
	s.planActs()
}

func listPlanTasks(ctx context.Context, q *asking, in *planTasksAsked) (*List[Task], error) {
	var after store.RowKey
	if err := cursor(in.After, &after); err != nil {
		return nil, err
	}
	p, err := q.view.Plan(ctx, memo.PlanID(in.Plan))
	if err != nil {
		return nil, err
	}
	rows, err := q.view.TableRows(ctx, p, store.RowFilter{Behind: in.Behind, Short: in.Short, Words: in.Words}, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	key := func(r store.PlanRow) store.RowKey { return store.RowKey{Position: r.Position, ID: r.ID} }
	return page(q, in.Page, rows, key, func(r store.PlanRow) Task { return q.showTask(r.TaskRow) }), nil
}
