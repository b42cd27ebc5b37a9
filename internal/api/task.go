package api

import (
	"context"
	"net/http"

	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// Task is a task (任务) with its figures and its light.
type Task struct {
	ID          string   `json:"id"`
	Plan        string   `json:"plan"`
	Commitment  string   `json:"commitment,omitempty" doc:"The commitment that it serves."`
	Parent      string   `json:"parent,omitempty" doc:"The task that it is a part of; absent for a row of the plan."`
	Root        string   `json:"root" doc:"The plan's row at the top of its tree."`
	Depth       int      `json:"depth"`
	Position    int      `json:"position"`
	No          string   `json:"no,omitempty" doc:"The printed number: text, never identity."`
	Chapter     []string `json:"chapter,omitempty"`
	Title       string   `json:"title"`
	Measures    string   `json:"measures,omitempty"`
	Note        string   `json:"note,omitempty"`
	Field       string   `json:"field"`
	Region      string   `json:"region"`
	Setter      string   `json:"setter" doc:"The unit that set it."`
	Leads       []string `json:"leads" nullable:"false"`
	Cooperating []string `json:"cooperating" nullable:"false"`
	Supervising string   `json:"supervising,omitempty"`
	Post        string   `json:"post,omitempty" doc:"The post that answers for it."`
	Deadline    Deadline `json:"deadline"`
	Target      *Target  `json:"target,omitempty"`
	Weight      string   `json:"weight" doc:"A decimal."`
	Evidence    string   `json:"evidence,omitempty" doc:"What a report must bring."`
	Cadence     string   `json:"cadence,omitempty" doc:"month, quarter, half-year, year"`
	Rollup      string   `json:"rollup" doc:"sum, count, share: how its parts make its figure."`
	State       string   `json:"state" doc:"draft, issued, in-force, refused, finished, withdrawn"`
	Given       string   `json:"given,omitempty" format:"date"`
	Finished    string   `json:"finished,omitempty" format:"date"`
	Figures     Figures  `json:"figures"`
	Parts       int      `json:"parts" doc:"How many tasks stand directly below it."`
	Light       Light    `json:"light"`
	Version     int64    `json:"version"`
}

// TaskWhole is a task with the answers of its units.
type TaskWhole struct {
	Task
	Receipts []Part `json:"receipts" nullable:"false"`
}

// Part is a unit's part in a task with its receipt (签收).
type Part struct {
	Unit    string `json:"unit"`
	Role    string `json:"role" doc:"lead, cooperating"`
	State   string `json:"state" doc:"waiting, signed, refused"`
	Reason  string `json:"reason,omitempty"`
	Due     string `json:"due,omitempty" format:"date" doc:"Sign by this day."`
	Signed  string `json:"signed,omitempty" format:"date"`
	Excused bool   `json:"excused"`
}

// Deadline is a 完成时限: the words and what they mean.
type Deadline struct {
	Text string `json:"text"`
	Kind string `json:"kind" doc:"none, by-date, recurring, standing, range, relative, unparsed"`
	Due  string `json:"due,omitempty" format:"date" doc:"The last day in time, worked out."`
}

// Target is a 目标值.
type Target struct {
	Text  string `json:"text"`
	Op    string `json:"op" doc:">=, <=, ~, range, first, =; empty: the words are the target."`
	Value string `json:"value" doc:"A decimal."`
	High  string `json:"high,omitempty" doc:"The upper number of a range, a decimal."`
	Unit  string `json:"unit"`
	Soft  bool   `json:"soft" doc:"Hoped for (力争), not binding."`
}

// Figures are what was claimed and what was verified, always side by side.
type Figures struct {
	Claimed  string `json:"claimed" doc:"填报数, a decimal."`
	Verified string `json:"verified" doc:"核实数, a decimal."`
	Assigned string `json:"assigned" doc:"The sum of the parts' targets, a decimal."`
}

// Light is a task's light (亮灯) with its reasons.
type Light struct {
	Colour   string   `json:"colour" doc:"green, yellow, red, blue, grey"`
	On       string   `json:"on,omitempty" format:"date" doc:"The day that it was judged on."`
	Rule     string   `json:"rule,omitempty"`
	Version  int      `json:"version,omitempty" doc:"Of the rule."`
	Expected string   `json:"expected,omitempty" doc:"Where the course says that the figure should be, a decimal."`
	Why      []Reason `json:"why" nullable:"false" doc:"The first one decided."`
	Changes  []Reason `json:"changes" nullable:"false" doc:"What would make it better, and what will make it worse."`
}

// Reason is a sentence with its key, which is the same in every language.
type Reason struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

func (q *asking) reasons(all []task.Say) []Reason {
	out := []Reason{}
	for _, s := range all {
		out = append(out, Reason{Code: s.Key, Text: q.p.Say(s)})
	}
	return out
}

func (q *asking) showLight(l task.Light) Light {
	out := Light{Colour: string(l.Colour), On: l.On.String(), Rule: l.Rule, Version: l.Version, Why: q.reasons(l.Why), Changes: q.reasons(l.Changes)}
	if l.Course {
		out.Expected = l.Expected.String()
	}
	return out
}

func showTarget(t *task.Target) *Target {
	if t == nil {
		return nil
	}
	out := &Target{Text: t.Text, Op: string(t.Op), Value: t.Value.String(), Unit: t.Unit, Soft: t.Soft}
	if t.Op == task.OpRange {
		out.High = t.High.String()
	}
	return out
}

func (q *asking) showTask(t store.TaskRow) Task {
	return Task{
		ID: string(t.ID), Plan: string(t.Plan), Commitment: string(t.Commitment), Parent: string(t.Parent), Root: string(t.Root),
		Depth: t.Depth, Position: t.Position, No: t.No, Chapter: t.Chapter, Title: t.Title, Measures: t.Measures, Note: t.Note,
		Field: string(t.Field), Region: string(t.Region), Setter: string(t.Setter), Leads: texts(t.Leads), Cooperating: texts(t.Cooperating),
		Supervising: string(t.Supervising), Post: string(t.Post), Deadline: Deadline{Text: t.Deadline.Text, Kind: string(t.Deadline.Kind), Due: t.Due.String()},
		Target: showTarget(t.Target), Weight: t.Weight.String(), Evidence: t.EvidenceWanted, Cadence: string(t.Cadence), Rollup: string(t.Rollup),
		State: string(t.State), Given: t.Given.String(), Finished: t.Finished.String(),
		Figures: Figures{Claimed: t.Claimed.String(), Verified: t.Verified.String(), Assigned: t.Assigned.String()},
		Parts:   t.Parts, Light: q.showLight(t.Light), Version: t.Version,
	}
}

func showPart(p task.Part) Part {
	return Part{
		Unit: string(p.Unit), Role: string(p.Role), State: string(p.State), Reason: p.Reason, Due: p.Due.String(), Signed: p.Signed.String(), Excused: p.Excused,
	}
}

// TaskAsked names a task in an address.
type TaskAsked struct {
	Task string `path:"task" maxLength:"128"`
}

func (a *TaskAsked) version(ctx context.Context, q *asking) (int64, error) {
	k, err := q.view.Task(ctx, task.ID(a.Task))
	return k.Version, err
}

func (s *Server) taskOperations() {
	handle(s, describe(http.MethodGet, "/tasks/{task}", "get-task", "tasks", "One task with figures, light and receipts", org.TokenReads),
		func(ctx context.Context, q *asking, in *TaskAsked) (*One[TaskWhole], error) {
			k, err := q.view.Task(ctx, task.ID(in.Task))
			if err != nil {
				return nil, err
			}
			out := TaskWhole{Task: q.showTask(k.TaskRow), Receipts: []Part{}}
			for _, p := range k.Parts {
				out.Receipts = append(out.Receipts, showPart(p))
			}
			return one(k.Version, out), nil
		})
	handle(s, describe(http.MethodGet, "/tasks/{task}/parts", "list-task-parts", "tasks", "The tasks in sight directly below one: a level of the tree", org.TokenReads), listParts)
	handle(s, describe(http.MethodGet, "/tasks/{task}/light", "get-light", "tasks", "The light that a task showed, or will show if nothing happens, on a day", org.TokenReads), lightOn)
	s.taskActs()
}

func listParts(ctx context.Context, q *asking, in *struct {
	Page
	TaskAsked
}) (*List[Task], error) {
	var after store.RowKey
	if err := cursor(in.After, &after); err != nil {
		return nil, err
	}
	if _, err := q.view.Task(ctx, task.ID(in.Task)); err != nil {
		return nil, err
	}
	rows, err := q.view.TaskParts(ctx, task.ID(in.Task), after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	key := func(r store.PartRow) store.RowKey { return store.RowKey{Position: r.Position, ID: r.ID} }
	return page(q, in.Page, rows, key, func(r store.PartRow) Task { return q.showTask(r.TaskRow) }), nil
}

func lightOn(ctx context.Context, q *asking, in *struct {
	TaskAsked
	On string `query:"on" format:"date" doc:"The day; today without it."`
}) (*Plain[Light], error) {
	k, err := q.view.Task(ctx, task.ID(in.Task))
	if err != nil {
		return nil, err
	}
	on, err := day(in.On, "on")
	if err != nil {
		return nil, err
	}
	if on.IsZero() {
		on = q.view.Today()
	}
	course, err := q.view.TaskCourse(ctx, k)
	if err != nil {
		return nil, err
	}
	return &Plain[Light]{Body: q.showLight(course.LightOn(k.ID, on))}, nil
}
