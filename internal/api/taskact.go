package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/paper"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// invalid is the refusal of one field.
func invalid(key, field string) error { return fault.New(fault.Invalid, key).On(field) }

func (s *Server) taskActs() {
	do(s, post("/tasks/{task}/receipt", "answer-task", "tasks", "Take a task over, or refuse it with a reason (签收, 退签)", org.TokenReports),
		func(ctx context.Context, q *asking, in *struct {
			TaskAsked
			Body struct {
				Answer string `json:"answer" enum:"sign,refuse"`
				Reason string `json:"reason,omitempty" maxLength:"2000" doc:"Of a refusal."`
			}
		}) (store.Receipt, error) {
			if in.Body.Answer == "sign" {
				return s.desk.Sign(ctx, q.caller, q.key, task.ID(in.Task))
			}
			return s.desk.Refuse(ctx, q.caller, q.key, task.ID(in.Task), in.Body.Reason)
		})
	change(s, post("/tasks/{task}/split", "split-task", "tasks", "Give parts of a task to units below (分解)", org.TokenWrites), s.split)
	change(s, describe(http.MethodPatch, "/tasks/{task}", "change-task", "tasks", "Change what a task says, with a reason", org.TokenWrites), s.change)
	change(s, post("/tasks/{task}/withdrawal", "withdraw-task", "tasks", "Take a task and its parts back, with a reason (撤销)", org.TokenWrites),
		func(ctx context.Context, q *asking, in *struct {
			TaskAsked
			Body Reasoned
		}, _ int64) (store.Receipt, error) {
			return s.desk.Withdraw(ctx, q.caller, q.key, task.ID(in.Task), in.Body.Reason)
		})
	do(s, post("/tasks/{task}/refusal-answer", "answer-refusal", "tasks", "Answer a unit's refusal: insist, give its part to another unit, or release it (维持, 改派, 撤回)", org.TokenWrites), s.answerRefusal)
	do(s, post("/tasks/{task}/excuse", "excuse-unit", "tasks", "Let a task finish without a cooperating unit's report (免报)", org.TokenWrites),
		func(ctx context.Context, q *asking, in *struct {
			TaskAsked
			Body struct {
				Unit string `json:"unit" maxLength:"128"`
				Reasoned
			}
		}) (store.Receipt, error) {
			return s.desk.Excuse(ctx, q.caller, q.key, task.ID(in.Task), org.UnitID(in.Body.Unit), in.Body.Reason)
		})
	s.deliveryOperations()
}

func (s *Server) answerRefusal(ctx context.Context, q *asking, in *struct {
	TaskAsked
	Body struct {
		Unit   string `json:"unit" maxLength:"128" doc:"That refused, or has not signed."`
		Answer string `json:"answer" enum:"insist,give,release"`
		To     string `json:"to,omitempty" maxLength:"128" doc:"The unit that gets the part; of give only."`
		Reason string `json:"reason,omitempty" maxLength:"2000" doc:"Of insist only."`
	}
}) (store.Receipt, error) {
	id, unit := task.ID(in.Task), org.UnitID(in.Body.Unit)
	switch in.Body.Answer {
	case "insist":
		return s.desk.Insist(ctx, q.caller, q.key, id, unit, in.Body.Reason)
	case "give":
		return s.desk.GiveTo(ctx, q.caller, q.key, id, unit, org.UnitID(in.Body.To))
	}
	return s.desk.Release(ctx, q.caller, q.key, id, unit)
}

// Piece is what one unit below gets.
type Piece struct {
	Unit   string `json:"unit" maxLength:"128"`
	Target string `json:"target,omitempty" maxLength:"30" doc:"Its number, a decimal in the unit of the whole; absent for a task without a number."`
	Due    string `json:"due,omitempty" format:"date" doc:"Absent: that of the whole."`
}

func (s *Server) split(ctx context.Context, q *asking, in *struct {
	TaskAsked
	Body struct {
		Pieces []Piece `json:"pieces" nullable:"false" minItems:"1" maxItems:"400"`
	}
}, version int64) (store.Receipt, error) {
	k, err := q.view.Task(ctx, task.ID(in.Task))
	if err != nil {
		return store.Receipt{}, err
	}
	var pieces []act.Piece
	var f fields
	for i, p := range in.Body.Pieces {
		out := act.Piece{Unit: org.UnitID(p.Unit), Due: f.day(p.Due, fmt.Sprintf("pieces[%d].due", i))}
		at := fmt.Sprintf("pieces[%d].target", i)
		switch {
		case p.Target == "":
		case !k.Target.Numeric():
			f.refuse("request.decimal", at)
		default:
			out.Target = k.Target.Piece(f.decimal(p.Target, at))
		}
		pieces = append(pieces, out)
	}
	if err := f.err(); err != nil {
		return store.Receipt{}, err
	}
	return s.desk.Split(ctx, q.caller, q.key, k.ID, version, pieces)
}

// TaskChange is what is to be changed of a task; what is absent stays.
type TaskChange struct {
	Title       *string `json:"title,omitempty" maxLength:"2000"`
	Measures    *string `json:"measures,omitempty" maxLength:"20000"`
	Deadline    *string `json:"deadline,omitempty" maxLength:"400" doc:"In words, read as a document's would be: 2010年10月底前."`
	Due         *string `json:"due,omitempty" format:"date" doc:"The last day in time, where the words do not say it."`
	Target      *string `json:"target,omitempty" maxLength:"400" doc:"In words, read as a document's would be: 不少于20个. Empty: none."`
	Evidence    *string `json:"evidence,omitempty" maxLength:"2000"`
	Cadence     *string `json:"cadence,omitempty" enum:"month,quarter,half-year,year"`
	Field       *string `json:"field,omitempty" maxLength:"40"`
	Rollup      *string `json:"rollup,omitempty" enum:"sum,count,share"`
	Supervising *string `json:"supervising,omitempty" maxLength:"128" doc:"A unit. Empty: none."`
	Post        *string `json:"post,omitempty" maxLength:"128" doc:"A post of a unit that takes part. Empty: none."`
	Weight      *string `json:"weight,omitempty" maxLength:"30" doc:"A decimal."`
	Reason      string  `json:"reason" maxLength:"2000"`
}

func (s *Server) change(ctx context.Context, q *asking, in *struct {
	TaskAsked
	Body TaskChange
}, version int64) (store.Receipt, error) {
	k, err := q.view.Task(ctx, task.ID(in.Task))
	if err != nil {
		return store.Receipt{}, err
	}
	thread, err := q.view.TaskThread(ctx, k)
	if err != nil {
		return store.Receipt{}, err
	}
	b := in.Body
	ch := act.Change{
		Version: version, Title: or(b.Title, k.Title), Measures: or(b.Measures, k.Measures), Deadline: k.Deadline, Due: k.Due, Target: k.Target,
		Evidence: or(b.Evidence, k.EvidenceWanted), Cadence: calendar.PeriodKind(or(b.Cadence, string(k.Cadence))), Field: task.Field(or(b.Field, string(k.Field))),
		Rollup: task.Rollup(or(b.Rollup, string(k.Rollup))), Reason: b.Reason,
		Charge: &act.Charge{Supervising: org.UnitID(or(b.Supervising, string(k.Supervising))), Post: org.PostID(or(b.Post, string(k.Post))), Weight: k.Weight},
	}
	var f fields
	if !ch.Field.Known() {
		f.refuse("task.field-missing", "field")
	}
	if b.Weight != nil {
		ch.Charge.Weight = f.decimal(*b.Weight, "weight")
	}
	if b.Target != nil {
		unit := ""
		if k.Target != nil {
			unit = k.Target.Unit
		}
		ch.Target = paper.ReadTarget(*b.Target, unit)
	}
	if err := f.err(); err != nil {
		return store.Receipt{}, err
	}
	if err := readDeadline(&ch, b, thread, s.store.Workdays()); err != nil {
		return store.Receipt{}, err
	}
	return s.desk.Change(ctx, q.caller, q.key, k.ID, ch)
}

// readDeadline reads new words of a deadline as a document's, and a day that is
// said beside them or in place of them.
func readDeadline(ch *act.Change, b TaskChange, thread store.TaskThread, w calendar.Workdays) error {
	if b.Deadline != nil {
		ch.Deadline = paper.ReadDeadline(*b.Deadline, thread.Plan.Year)
		ch.Due = task.DueDate(ch.Deadline, task.Events{Signed: thread.Memorandum.Signed, Issued: thread.Plan.Issued, Year: thread.Plan.Year}, w)
	}
	if b.Due != nil {
		due, err := day(*b.Due, "due")
		if err != nil {
			return err
		}
		ch.Due = due
		if !due.IsZero() {
			ch.Deadline = task.Deadline{Text: ch.Deadline.Text, Kind: task.DeadlineByDate, Date: due, StandingAfter: ch.Deadline.StandingAfter}
		}
	}
	if b.Deadline != nil && ch.Deadline.Kind == task.DeadlineUnparsed && ch.Due.IsZero() {
		return fault.New(fault.Invalid, "task.deadline-unread", "Text", *b.Deadline).On("due")
	}
	return nil
}

// or is what a request says, or else what is there.
func or(said *string, there string) string {
	if said == nil {
		return there
	}
	return strings.TrimSpace(*said)
}
