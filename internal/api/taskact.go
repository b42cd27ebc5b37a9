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
	handle(s, describe(http.MethodPost, "/tasks/{task}/receipt", "answer-task", "tasks", "Take a task over, or refuse it with a reason (签收, 退签)", org.TokenReports),
		func(ctx context.Context, q *asking, in *struct {
			TaskAsked
			Body struct {
				Answer string `json:"answer" enum:"sign,refuse"`
				Reason string `json:"reason,omitempty" maxLength:"2000" doc:"Of a refusal."`
			}
		}) (*Done, error) {
			if in.Body.Answer == "sign" {
				return acted(s.desk.Sign(ctx, q.caller, q.key, task.ID(in.Task)))
			}
			return acted(s.desk.Refuse(ctx, q.caller, q.key, task.ID(in.Task), in.Body.Reason))
		})
	handle(s, describe(http.MethodPost, "/tasks/{task}/split", "split-task", "tasks", "Give parts of a task to units below (分解)", org.TokenWrites), s.split)
	handle(s, describe(http.MethodPatch, "/tasks/{task}", "change-task", "tasks", "Change what a task says, with a reason", org.TokenWrites), s.change)
	handle(s, describe(http.MethodPost, "/tasks/{task}/withdrawal", "withdraw-task", "tasks", "Take a task and its parts back, with a reason (撤销)", org.TokenWrites),
		func(ctx context.Context, q *asking, in *struct {
			TaskAsked
			Matching
			Body struct {
				Reason string `json:"reason" maxLength:"2000"`
			}
		}) (*Done, error) {
			if _, err := q.taskAt(ctx, in.Task); err != nil {
				return nil, err
			}
			return acted(s.desk.Withdraw(ctx, q.caller, q.key, task.ID(in.Task), in.Body.Reason))
		})
}

// taskAt reads a task that is to be changed, at the version that If-Match names.
func (q *asking) taskAt(ctx context.Context, id string) (store.TaskView, error) {
	k, err := q.view.Task(ctx, task.ID(id))
	if err != nil {
		return k, err
	}
	_, err = q.version(ctx, k.Version)
	return k, err
}

// Piece is what one unit below gets.
type Piece struct {
	Unit   string `json:"unit" maxLength:"128"`
	Target string `json:"target,omitempty" maxLength:"30" doc:"Its number, a decimal in the unit of the whole; absent for a task without a number."`
	Due    string `json:"due,omitempty" format:"date" doc:"Absent: that of the whole."`
}

func (s *Server) split(ctx context.Context, q *asking, in *struct {
	TaskAsked
	Matching
	Body struct {
		Pieces []Piece `json:"pieces" nullable:"false" minItems:"1" maxItems:"400"`
	}
}) (*Done, error) {
	k, err := q.taskAt(ctx, in.Task)
	if err != nil {
		return nil, err
	}
	var pieces []act.Piece
	var l fault.List
	for i, p := range in.Body.Pieces {
		out := act.Piece{Unit: org.UnitID(p.Unit)}
		due, err := calendar.ParseDate(p.Due)
		if err != nil {
			l = append(l, fault.New(fault.Invalid, "request.day").On(fmt.Sprintf("pieces[%d].due", i)))
		}
		out.Due = due
		if p.Target != "" {
			n, err := decimal(p.Target)
			if err != nil || !k.Target.Numeric() {
				l = append(l, fault.New(fault.Invalid, "request.decimal").On(fmt.Sprintf("pieces[%d].target", i)))
			} else {
				out.Target = k.Target.Piece(n)
			}
		}
		pieces = append(pieces, out)
	}
	if err := l.Err(); err != nil {
		return nil, err
	}
	return acted(s.desk.Split(ctx, q.caller, q.key, k.ID, k.Version, pieces))
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
	Matching
	Body TaskChange
}) (*Done, error) {
	k, err := q.taskAt(ctx, in.Task)
	if err != nil {
		return nil, err
	}
	thread, err := q.view.TaskThread(ctx, k)
	if err != nil {
		return nil, err
	}
	b := in.Body
	ch := act.Change{
		Version: k.Version, Title: or(b.Title, k.Title), Measures: or(b.Measures, k.Measures), Deadline: k.Deadline, Due: k.Due, Target: k.Target,
		Evidence: or(b.Evidence, k.EvidenceWanted), Cadence: calendar.PeriodKind(or(b.Cadence, string(k.Cadence))), Field: task.Field(or(b.Field, string(k.Field))),
		Rollup: task.Rollup(or(b.Rollup, string(k.Rollup))), Reason: b.Reason,
		Charge: &act.Charge{Supervising: org.UnitID(or(b.Supervising, string(k.Supervising))), Post: org.PostID(or(b.Post, string(k.Post))), Weight: k.Weight},
	}
	if !ch.Field.Known() {
		return nil, invalid("task.field-missing", "field")
	}
	if b.Weight != nil {
		if ch.Charge.Weight, err = decimal(*b.Weight); err != nil {
			return nil, invalid("request.decimal", "weight")
		}
	}
	if b.Target != nil {
		unit := ""
		if k.Target != nil {
			unit = k.Target.Unit
		}
		ch.Target = paper.ReadTarget(*b.Target, unit)
	}
	if err := readDeadline(&ch, b, thread, s.store.Workdays()); err != nil {
		return nil, err
	}
	return acted(s.desk.Change(ctx, q.caller, q.key, k.ID, ch))
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

// decimal reads a plain decimal: no grouping, no 万, as programs write it.
func decimal(text string) (task.Quantity, error) {
	q, err := task.ParseQuantity(text)
	if err == nil && strings.Trim(text, "-0123456789.") != "" {
		err = fault.New(fault.Invalid, "request.decimal")
	}
	return q, err
}
