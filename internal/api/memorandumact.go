package api

import (
	"context"
	"net/http"
	"slices"

	"gongjian/internal/act"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/paper"
	"gongjian/internal/store"
)

func (a *MemorandumAsked) version(ctx context.Context, q *asking) (int64, error) {
	m, err := q.view.Memorandum(ctx, memo.ID(a.Memorandum))
	return m.Version, err
}

func (a *MemorandumAsked) id() memo.ID { return memo.ID(a.Memorandum) }

// MemorandumTerms is what a memorandum says and who is bound by it.
type MemorandumTerms struct {
	Title   string       `json:"title" maxLength:"400"`
	Kind    string       `json:"kind" maxLength:"100" doc:"As the document calls itself."`
	Parties []string     `json:"parties" nullable:"false" maxItems:"60" doc:"Units, in the order of the document."`
	Signed  string       `json:"signed,omitempty" format:"date" doc:"Of one that was signed elsewhere: it is in force."`
	Until   string       `json:"until,omitempty" format:"date"`
	Place   string       `json:"place,omitempty" maxLength:"200"`
	Clauses []TextClause `json:"clauses" nullable:"false" maxItems:"400"`
}

// NewMemorandum begins a memorandum.
type NewMemorandum struct {
	MemorandumTerms
	Region string `json:"region,omitempty" maxLength:"6" doc:"Absent: the smallest territory among its parties."`
	Under  string `json:"under,omitempty" maxLength:"128" doc:"The framework that it hangs under."`
}

// read reads the terms of a memorandum.
func (t MemorandumTerms) read() (memo.Memorandum, error) {
	var f fields
	m := memo.Memorandum{
		Title: t.Title, Kind: t.Kind, Parties: ids[org.UnitID](t.Parties), Signed: f.day(t.Signed, "signed"), Until: f.day(t.Until, "until"), Place: t.Place,
		Clauses: readClauses(&f, t.Clauses), Stage: memo.Preparing,
	}
	if !m.Signed.IsZero() {
		m.Stage = memo.InForce
	}
	return m, f.err()
}

// Decision is what becomes of an open task.
type Decision struct {
	Task   string `json:"task" maxLength:"128"`
	Do     string `json:"do" enum:"withdraw,run-on,carry"`
	Reason string `json:"reason,omitempty" maxLength:"2000" doc:"Needed to withdraw."`
}

func settlements(all []Decision) (out []memo.Settlement) {
	for _, d := range all {
		out = append(out, memo.Settlement{Task: d.Task, Do: memo.Decision(d.Do), Reason: d.Reason})
	}
	return out
}

// OpenTask is a task that a decision is asked on.
type OpenTask struct {
	Task       string `json:"task"`
	Plan       string `json:"plan"`
	Title      string `json:"title"`
	Commitment string `json:"commitment,omitempty" doc:"That it serves, or served."`
	Cause      string `json:"cause,omitempty" doc:"amended, renewed: why it waits for a decision."`
}

// Member is a unit in an alliance.
type Member struct {
	Unit   string `json:"unit"`
	Asked  string `json:"asked" format:"date"`
	Joined string `json:"joined,omitempty" format:"date"`
	Left   string `json:"left,omitempty" format:"date"`
	Why    string `json:"why,omitempty" doc:"It left."`
}

// Alliance is the members of an alliance and what they sign (联盟).
type Alliance struct {
	Open    bool     `json:"open" doc:"Units may join that nobody asked."`
	Pledge  string   `json:"pledge" doc:"Digest of the pledge: what a unit names to sign it."`
	Members []Member `json:"members" nullable:"false"`
}

func (s *Server) memorandumActs() {
	enter(s, post("/memorandums", "enter-memorandum", "memorandums", "Enter a memorandum: one to be negotiated, or one that was signed elsewhere", org.TokenWrites), "/memorandums/", s.enterMemorandum)
	change(s, describe(http.MethodPut, "/memorandums/{memorandum}", "change-memorandum", "memorandums",
		"Replace what a memorandum says. Of a commitment that is there, obligor, confirms and text change, the rest stays", org.TokenWrites),
		func(ctx context.Context, q *asking, in *struct {
			MemorandumAsked
			Body MemorandumTerms
		}, version int64) (store.Receipt, error) {
			old, err := q.view.Memorandum(ctx, in.id())
			if err != nil {
				return store.Receipt{}, err
			}
			m, err := in.Body.read()
			if err != nil {
				return store.Receipt{}, err
			}
			m = m.Keeping(old.Memorandum)
			m.ID, m.Version = old.ID, version
			return s.desk.ChangeMemorandum(ctx, q.caller, q.key, m)
		})
	change(s, post("/memorandums/{memorandum}/framework", "hang-under", "memorandums", "Hang a memorandum under a framework, or take it out", org.TokenWrites),
		func(ctx context.Context, q *asking, in *struct {
			MemorandumAsked
			Body struct {
				Under string `json:"under" maxLength:"128" doc:"Empty: under none."`
			}
		}, version int64) (store.Receipt, error) {
			return s.desk.HangUnder(ctx, q.caller, q.key, in.id(), version, memo.ID(in.Body.Under))
		})
	enter(s, post("/memorandums/{memorandum}/renewal", "renew-memorandum", "memorandums", "Begin the memorandum that follows one (续签)", org.TokenWrites), "/memorandums/",
		func(ctx context.Context, q *asking, in *MemorandumAsked) (store.Receipt, memo.ID, error) {
			return s.desk.RenewMemorandum(ctx, q.caller, q.key, in.id())
		})
	change(s, post("/memorandums/{memorandum}/ending", "end-memorandum", "memorandums", "End a memorandum, with a decision on every open task (终止)", org.TokenWrites),
		func(ctx context.Context, q *asking, in *struct {
			MemorandumAsked
			Body struct {
				Day       string     `json:"day" format:"date"`
				Why       string     `json:"why" maxLength:"2000"`
				Decisions []Decision `json:"decisions" nullable:"false" maxItems:"2000"`
			}
		}, version int64) (store.Receipt, error) {
			on, err := day(in.Body.Day, "day")
			if err != nil {
				return store.Receipt{}, err
			}
			return s.desk.EndMemorandum(ctx, q.caller, q.key, in.id(), version, on, in.Body.Why, settlements(in.Body.Decisions))
		})
	do(s, post("/memorandums/{memorandum}/settlement", "settle-tasks", "memorandums", "Decide on tasks that an amendment or a renewal left without their commitment", org.TokenWrites),
		func(ctx context.Context, q *asking, in *struct {
			MemorandumAsked
			Body struct {
				Decisions []Decision `json:"decisions" nullable:"false" maxItems:"2000"`
			}
		}) (store.Receipt, error) {
			return s.desk.SettleTasks(ctx, q.caller, q.key, in.id(), settlements(in.Body.Decisions))
		})
	openTasks := func(path, name, summary string, read func(*store.View, context.Context, store.MemorandumView) ([]store.OpenTask, error)) {
		handle(s, describe(http.MethodGet, "/memorandums/{memorandum}/"+path, name, "memorandums", summary, org.TokenReads),
			func(ctx context.Context, q *asking, in *MemorandumAsked) (*Plain[[]OpenTask], error) {
				m, err := q.view.Memorandum(ctx, in.id())
				if err != nil {
					return nil, err
				}
				all, err := read(q.view, ctx, m)
				out := &Plain[[]OpenTask]{Body: []OpenTask{}}
				for _, t := range all {
					x := OpenTask{Task: string(t.ID), Plan: string(t.Plan), Title: t.Title, Commitment: string(t.TaskRow.Commitment), Cause: t.Cause}
					if t.Unsettled.Commitment != "" {
						x.Commitment = string(t.Unsettled.Commitment)
					}
					out.Body = append(out.Body, x)
				}
				return out, err
			})
	}
	openTasks("open-tasks", "list-open-tasks", "The tasks that ending a memorandum asks a decision on, for its office", (*store.View).OpenTasks)
	openTasks("unsettled", "list-unsettled", "The tasks that wait for a decision since an amendment or a renewal, for its office", (*store.View).Unsettled)
	s.allianceOperations()
}

func (s *Server) enterMemorandum(ctx context.Context, q *asking, in *struct{ Body NewMemorandum }) (store.Receipt, memo.ID, error) {
	m, err := in.Body.read()
	if err != nil {
		return store.Receipt{}, "", err
	}
	models, err := paper.Models()
	if err != nil {
		return store.Receipt{}, "", err
	}
	if i := slices.IndexFunc(models, func(x paper.Model) bool { return x.Kind == m.Kind }); i >= 0 {
		m.Form = models[i].Form
	}
	m.Region, m.Under = org.RegionCode(in.Body.Region), memo.ID(in.Body.Under)
	if m.Region == "" {
		units, err := q.view.Names(ctx, m.Parties)
		if err != nil {
			return store.Receipt{}, "", err
		}
		m.Region = org.SmallestRegion(m.Parties, units)
	} else {
		regions, err := org.StandardRegions()
		if err != nil {
			return store.Receipt{}, "", err
		}
		if _, known := regions.By(m.Region); !known {
			return store.Receipt{}, "", fault.New(fault.Invalid, "version.region-unknown", "Code", in.Body.Region).On("region")
		}
	}
	return s.desk.EnterMemorandum(ctx, q.caller, q.key, m)
}

func (s *Server) allianceOperations() {
	const path = "/memorandums/{memorandum}/members"
	handle(s, describe(http.MethodGet, path, "list-members", "memorandums", "The members of an alliance, those who left too, and the pledge that they sign", org.TokenReads),
		func(ctx context.Context, q *asking, in *MemorandumAsked) (*Plain[Alliance], error) {
			m, err := q.view.Memorandum(ctx, in.id())
			if err != nil {
				return nil, err
			}
			all, err := q.view.Members(ctx, m)
			out := &Plain[Alliance]{Body: Alliance{Open: m.Open, Pledge: act.PledgeDigest(m.Memorandum), Members: []Member{}}}
			for _, x := range all {
				out.Body.Members = append(out.Body.Members, Member{Unit: string(x.Unit), Asked: x.Asked.String(), Joined: x.Joined.String(), Left: x.Left.String(), Why: x.Why})
			}
			return out, err
		})
	do(s, post(path, "invite-member", "memorandums", "Ask a unit to join an alliance (邀请)", org.TokenWrites),
		func(ctx context.Context, q *asking, in *struct {
			MemorandumAsked
			Body struct {
				Unit string `json:"unit" maxLength:"128"`
			}
		}) (store.Receipt, error) {
			return s.desk.InviteMember(ctx, q.caller, q.key, in.id(), org.UnitID(in.Body.Unit))
		})
	change(s, post(path+"/openness", "open-alliance", "memorandums", "Open an alliance's list of members, or close it (开放名单)", org.TokenWrites),
		func(ctx context.Context, q *asking, in *struct {
			MemorandumAsked
			Body struct {
				Open bool `json:"open"`
			}
		}, version int64) (store.Receipt, error) {
			return s.desk.OpenAlliance(ctx, q.caller, q.key, in.id(), version, in.Body.Open)
		})
	do(s, post(path+"/joining", "join-alliance", "memorandums", "Sign the pledge for the token's unit (加入)", org.TokenSigns),
		func(ctx context.Context, q *asking, in *struct {
			MemorandumAsked
			Body struct {
				Pledge string `json:"pledge" maxLength:"64" doc:"The digest of the pledge as it was read."`
				Signing
			}
		}) (store.Receipt, error) {
			how, err := s.signing(q, in.Body.Signing)
			if err != nil {
				return store.Receipt{}, err
			}
			return s.desk.JoinAlliance(ctx, q.caller, q.key, in.id(), in.Body.Pledge, how)
		})
	do(s, post(path+"/leaving", "leave-alliance", "memorandums", "Take the token's unit out of an alliance (退出)", org.TokenSigns),
		func(ctx context.Context, q *asking, in *struct {
			MemorandumAsked
			Body struct {
				Day string `json:"day" format:"date"`
				Why string `json:"why" maxLength:"2000"`
			}
		}) (store.Receipt, error) {
			on, err := day(in.Body.Day, "day")
			if err != nil {
				return store.Receipt{}, err
			}
			return s.desk.LeaveAlliance(ctx, q.caller, q.key, in.id(), on, in.Body.Why)
		})
}
