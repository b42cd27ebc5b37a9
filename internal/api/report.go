package api

import (
	"bytes"
	"context"
	"io"
	"mime"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// Report is what one unit says of one task for one period (填报).
type Report struct {
	ID        string   `json:"id"`
	Task      string   `json:"task"`
	Unit      string   `json:"unit"`
	Role      string   `json:"role"`
	Period    string   `json:"period" doc:"2010-05, 2010-Q2, 2010-H1 or 2010"`
	Round     int      `json:"round" doc:"One more each time that it is handed in again."`
	Kind      string   `json:"kind" doc:"value, words, no-change"`
	Value     string   `json:"value" doc:"The cumulative claim, a decimal."`
	Words     string   `json:"words,omitempty"`
	Evidence  []string `json:"evidence" nullable:"false" doc:"SHA-256 of the files."`
	Completes bool     `json:"completes"`
	Why       string   `json:"why,omitempty" doc:"Why a value is less than the one before."`
	State     string   `json:"state" doc:"submitted, verified, returned, noted, taken-back"`
	Late      bool     `json:"late"`
	At        string   `json:"at" format:"date-time"`
	Verdict   string   `json:"verdict,omitempty"`
	VerdictAt string   `json:"verdict_at,omitempty" format:"date-time"`
	Version   int64    `json:"version"`
}

// ReportWhole is a report with its receipt and its files.
type ReportWhole struct {
	Report
	Receipt  string `json:"receipt,omitempty" doc:"The receipt number of handing it in."`
	Entry    string `json:"entry,omitempty" doc:"The journal entry of handing it in."`
	Verifier string `json:"verifier,omitempty" doc:"The unit that verifies it."`
	VerifyBy string `json:"verify_by,omitempty" format:"date"`
	Files    []File `json:"files" nullable:"false"`
}

// File is a file that supports a report.
type File struct {
	ID   string `json:"id" doc:"SHA-256 of its bytes."`
	Name string `json:"name"`
	Type string `json:"type" doc:"Media type, decided from the content."`
	Size int64  `json:"size"`
}

func showReport(r task.Report) Report {
	return Report{
		ID: string(r.ID), Task: string(r.Task), Unit: string(r.Unit), Role: string(r.Role), Period: r.Period.String(), Round: r.Round, Kind: string(r.Kind),
		Value: r.Value.String(), Words: r.Words, Evidence: texts(r.Evidence), Completes: r.Completes, Why: r.Why, State: string(r.State), Late: r.Late,
		At: instant(r.At), Verdict: r.Verdict, VerdictAt: instant(r.VerdictAt), Version: r.Version,
	}
}

func showFile(e task.Evidence) File {
	return File{ID: string(e.ID), Name: e.Name, Type: e.Type, Size: e.Size}
}

// ReportAsked names a report in an address.
type ReportAsked struct {
	Report string `path:"report" maxLength:"128"`
}

func (a *ReportAsked) version(ctx context.Context, q *asking) (int64, error) {
	r, err := q.view.ReportView(ctx, task.ReportID(a.Report))
	return r.Version, err
}

func (s *Server) reportOperations() {
	handle(s, describe(http.MethodGet, "/tasks/{task}/reports", "list-reports", "reports", "All reports of a task, the oldest first", org.TokenReads),
		func(ctx context.Context, q *asking, in *TaskAsked) (*Plain[[]Report], error) {
			all, err := q.view.Reports(ctx, task.ID(in.Task)) // a task has some dozens
			out := &Plain[[]Report]{Body: []Report{}}
			for _, r := range all {
				out.Body = append(out.Body, showReport(r))
			}
			return out, err
		})
	handle(s, describe(http.MethodGet, "/queue", "list-queue", "reports", "The reports that wait for the token's unit to verify them, the most urgent first", org.TokenReads), listQueue)
	handle(s, describe(http.MethodGet, "/reports/{report}", "get-report", "reports", "One report with its receipt and files", org.TokenReads), getReport)
	enter(s, post("/tasks/{task}/reports", "report-task", "reports", "Hand in a report of the token's unit (填报)", org.TokenReports), "/reports/", s.report)
	change(s, post("/reports/{report}/withdrawal", "take-report-back", "reports", "Take back a report that nobody has verified (撤回)", org.TokenReports),
		func(ctx context.Context, q *asking, in *ReportAsked, _ int64) (store.Receipt, error) {
			return s.desk.TakeBack(ctx, q.caller, q.key, task.ReportID(in.Report))
		})
	change(s, post("/reports/{report}/verdict", "judge-report", "reports", "Verify a report, or return it with a reason (核实, 退回)", org.TokenVerifies), s.judge)
	s.evidenceOperations()
}

func listQueue(ctx context.Context, q *asking, in *struct {
	Page
	Unit string `query:"unit" maxLength:"128" doc:"Only reports of this unit."`
	Task string `query:"task" maxLength:"128"`
}) (*List[Report], error) {
	var after store.QueueKey
	if err := cursor(in.After, &after); err != nil {
		return nil, err
	}
	rows, err := q.view.VerifyQueue(ctx, store.QueueFilter{Unit: org.UnitID(in.Unit), Task: task.ID(in.Task)}, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	return page(q, in.Page, rows, store.QueueRow.Key, func(r store.QueueRow) Report { return showReport(r.Report) }), nil
}

func getReport(ctx context.Context, q *asking, in *ReportAsked) (*One[ReportWhole], error) {
	r, err := q.view.ReportView(ctx, task.ReportID(in.Report))
	if err != nil {
		return nil, err
	}
	out := ReportWhole{Report: showReport(r.Report), Receipt: r.Number, Entry: r.Entry, Verifier: string(r.Verifier.ID), VerifyBy: r.VerifyBy.String(), Files: []File{}}
	for _, e := range r.Files {
		out.Files = append(out.Files, showFile(e))
	}
	return one(r.Version, out), nil
}

// NewReport is what a unit hands in.
type NewReport struct {
	Period    string `json:"period" maxLength:"10" example:"2010-05" doc:"2010-05, 2010-Q2, 2010-H1 or 2010, as the task is reported."`
	Kind      string `json:"kind" enum:"value,words,no-change"`
	Value     string `json:"value,omitempty" maxLength:"30" doc:"The cumulative value at the end of the period, a decimal; of the kind value only."`
	Words     string `json:"words,omitempty" maxLength:"20000"`
	Completes bool   `json:"completes,omitempty" doc:"The lead claims that the task is done."`
	Why       string `json:"why,omitempty" maxLength:"2000" doc:"Why the value is less than the one before."`
	Evidence  []Kept `json:"evidence,omitempty" maxItems:"20" doc:"Files that were uploaded before."`
}

// Kept names a file that was uploaded.
type Kept struct {
	ID   string `json:"id" pattern:"^[0-9a-f]{64}$" patternDescription:"a SHA-256 in hex" doc:"As the upload answered it."`
	Name string `json:"name" minLength:"1" maxLength:"200"`
}

func (s *Server) report(ctx context.Context, q *asking, in *struct {
	TaskAsked
	Body NewReport
}) (store.Receipt, string, error) {
	b := in.Body
	period, err := calendar.ParsePeriod(b.Period)
	if err != nil || !period.Valid() {
		return store.Receipt{}, "", invalid("request.period", "period")
	}
	input := task.ReportInput{Period: period, Kind: task.ReportKind(b.Kind), Words: b.Words, Completes: b.Completes, Why: b.Why}
	if input.Kind == task.ReportValue {
		if input.Value, err = decimal(b.Value, "value"); err != nil {
			return store.Receipt{}, "", err
		}
	}
	files, err := s.kept(q, b.Evidence)
	if err != nil {
		return store.Receipt{}, "", err
	}
	r, err := s.desk.Report(ctx, q.caller, q.key, task.ID(in.Task), input, files)
	if err != nil {
		return r, "", err
	}
	id, err := s.store.Subject(ctx, r.Entry, "report")
	return r, id, err
}

// kept reads the files that a request names: those that were uploaded before.
func (s *Server) kept(q *asking, named []Kept) ([]task.Evidence, error) {
	var files []task.Evidence
	for i, e := range named {
		kept, err := s.desk.KeepAgain(q.caller, task.EvidenceID(e.ID), e.Name)
		if fault.KindOf(err) == fault.NotFound {
			return nil, invalid("request.evidence", "evidence["+strconv.Itoa(i)+"].id")
		}
		if err != nil {
			return nil, err
		}
		files = append(files, kept)
	}
	return files, nil
}

func (s *Server) judge(ctx context.Context, q *asking, in *struct {
	ReportAsked
	Body struct {
		Verdict string `json:"verdict" enum:"verify,return"`
		Words   string `json:"words,omitempty" maxLength:"2000" doc:"The reason of a return, or a note."`
	}
}, _ int64) (store.Receipt, error) {
	id := task.ReportID(in.Report)
	if in.Body.Verdict == "verify" {
		return s.desk.Verify(ctx, q.caller, q.key, id, in.Body.Words)
	}
	return s.desk.Return(ctx, q.caller, q.key, id, in.Body.Words)
}

func (s *Server) evidenceOperations() {
	upload := post("/evidence", "upload-evidence", "evidence", "Keep a file, to be named by a report, an entry of support, an answer or a signature on paper", org.TokenReports, org.TokenWrites)
	upload.DefaultStatus, upload.MaxBodyBytes = http.StatusCreated, maxFile
	handle(s, upload, func(_ context.Context, q *asking, in *struct {
		Name    string `query:"name" required:"true" minLength:"1" maxLength:"200" doc:"The file's name."`
		RawBody []byte `contentType:"application/octet-stream" required:"true"`
	}) (*struct {
		Body File
	}, error) {
		kept, err := s.desk.KeepEvidence(q.caller, bytes.NewReader(in.RawBody), in.Name)
		if err != nil {
			return nil, err
		}
		return &struct{ Body File }{showFile(kept)}, nil
	})
	get := describe(http.MethodGet, "/reports/{report}/evidence/{file}", "download-evidence", "evidence", "A file of a report", org.TokenReads)
	get.Responses = fileAnswer("The file.")
	handle(s, get, func(ctx context.Context, q *asking, in *struct {
		ReportAsked
		File string `path:"file" maxLength:"128"`
	}) (*huma.StreamResponse, error) {
		e, err := s.desk.OpenEvidence(ctx, q.caller, task.ReportID(in.Report), task.EvidenceID(in.File))
		if err != nil {
			return nil, err
		}
		return s.sendFile(e), nil
	})
}

// fileAnswer describes an answer that is a file.
func fileAnswer(what string) map[string]*huma.Response {
	return map[string]*huma.Response{"200": {
		Description: what, Content: map[string]*huma.MediaType{"*/*": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}},
	}}
}

// sendFile hands a kept file out.
func (s *Server) sendFile(e act.Evidence) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(c huma.Context) {
		defer e.File.Close()
		c.SetHeader("Content-Type", e.Type)
		c.SetHeader("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": e.Name}))
		c.SetHeader("Content-Length", strconv.FormatInt(e.Size, 10))
		c.SetStatus(http.StatusOK)
		if _, err := io.Copy(c.BodyWriter(), e.File); err != nil {
			s.logger.Debug("sending a file", "error", err)
		}
	}}
}
