package act_test

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	"gongjian/internal/act"
	"gongjian/internal/assess"
	"gongjian/internal/fault"
	"gongjian/internal/journal"
	"gongjian/internal/org"
	"gongjian/internal/paper/official"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/testkit"
)

// issuing asks for a document of the town.
func issuing(k official.Kind, subject string) act.Issuing {
	return act.Issuing{Kind: k, Subject: subject, Pages: "https://example.org/", Words: act.Wording{
		Say: func(s task.Say) string { return s.Key }, Region: func(c org.RegionCode) string { return map[org.RegionCode]string{"510500": "泸州市"}[c] },
	}}
}

func TestAPlanIsIssuedWithNumberFilesAndEntry(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		w.On(2010, 6, 7)
		office := w.Caller(testkit.ProvinceBureau, org.Office)
		plan := string(w.Plan(w.Memorandum(), testkit.Brands()))
		in := issuing(official.Plan, plan)
		draft, err := w.Desk.PreviewDocument(t.Context(), office, in)
		if err != nil {
			t.Fatal(err)
		}
		if draft.Open != nil || draft.Rows != 1 || draft.To == "" || strings.Contains(draft.Number, "1号") {
			t.Errorf("%+v", draft)
		}
		in.Facts, in.Closing = draft.Facts, "请认真贯彻执行。"
		r, id, err := w.Desk.IssueDocument(t.Context(), office, "key-1", in)
		if err != nil {
			t.Fatal(err)
		}
		again, same, err := w.Desk.IssueDocument(t.Context(), office, "key-1", in)
		if err != nil || !again.Again || same != id || again.Number != r.Number {
			t.Errorf("sent twice: %+v %s %v", again, same, err)
		}
		d, err := w.Store.View(office).Document(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if d.Number != "川质监合〔2010〕1号" || d.Receipt != r.Number || d.Kind != "plan" || d.Subject != plan {
			t.Errorf("%+v", d)
		}
		// Rule D-05: the files are those whose digests the journal keeps.
		log := journal.New(db, nil, w.Clock.Now)
		e, err := log.ByID(t.Context(), d.Entry)
		if err != nil {
			t.Fatal(err)
		}
		for f, digest := range map[official.Format]string{official.DOCX: d.DOCX, official.PDF: d.PDF} {
			file, err := w.Desk.DocumentFile(d, f)
			if err != nil || official.Digest(file) != digest || official.FormatOf(file) != f {
				t.Errorf("%s: %v", f, err)
			}
			if !bytes.Contains(e.Bytes, []byte(digest)) {
				t.Errorf("%s: the journal does not keep the digest", f)
			}
			if f == official.DOCX {
				if words, err := official.Words(file); err != nil || words != d.Words || official.FindCode(file) != d.Code {
					t.Errorf("words %s, code %s, %v", words, official.FindCode(file), err)
				}
			}
		}
	})
}

// Rule D-07: issuers of one office at once, through the desk with its files.
func TestDocumentsIssuedAtOnceGetEachItsOwnNumber(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		w.On(2010, 6, 7)
		office := w.Caller(testkit.ProvinceBureau, org.Office)
		plan := string(w.Plan(w.Memorandum(), testkit.Brands()))
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() {
				for range 2 {
					if _, _, err := w.Desk.IssueDocument(t.Context(), office, "", issuing(official.Plan, plan)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		list, err := w.Store.View(office).Documents(t.Context(), store.DocumentFilter{}, store.DocumentKey{}, 50)
		if err != nil {
			t.Fatal(err)
		}
		var numbers, codes []string
		for _, d := range list {
			numbers, codes = append(numbers, d.Number), append(codes, d.Code)
		}
		slices.Sort(numbers)
		for n := range 12 {
			if !slices.Contains(numbers, official.Number("川质监合", 2010, n+1)) {
				t.Errorf("number %d is missing: %v", n+1, numbers)
			}
		}
		slices.Sort(codes)
		if len(numbers) != 12 || len(slices.Compact(codes)) != 12 {
			t.Errorf("%v %v", numbers, codes)
		}
	})
}

// The number in a file is the one that the act took, though another server took
// the one that was foreseen.
func TestAFileCarriesTheNumberThatWasTaken(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		w.On(2010, 6, 7)
		office := w.Caller(testkit.ProvinceBureau, org.Office)
		plan := string(w.Plan(w.Memorandum(), testkit.Brands()))
		other := act.New(w.Store, w.Desk.Files()) // another server: it has queues of its own
		var all sync.WaitGroup
		for _, desk := range []*act.Desk{w.Desk, other, w.Desk, other, w.Desk, other} {
			all.Go(func() {
				if _, _, err := desk.IssueDocument(t.Context(), office, "", issuing(official.Plan, plan)); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		list, err := w.Store.View(office).Documents(t.Context(), store.DocumentFilter{}, store.DocumentKey{}, 50)
		if err != nil || len(list) != 6 {
			t.Fatal(len(list), err)
		}
		for _, e := range list {
			file, err := w.Desk.Files().Open(e.DOCX)
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(file)
			if err := file.Close(); err != nil {
				t.Error(err)
			}
			facts := new(official.PlanData)
			full, err2 := w.Store.Facts(t.Context(), e.ID)
			if err != nil || err2 != nil || json.Unmarshal(full, facts) != nil {
				t.Fatal(err, err2)
			}
			if string(facts.Number) != e.Number || official.FindCode(b) != e.Code {
				t.Errorf("%s: its facts say %s, its code is %s", e.Number, facts.Number, official.FindCode(b))
			}
		}
	})
}

func TestWhoMayIssueWhat(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		w.On(2010, 6, 7)
		m := w.Memorandum()
		plan := string(w.Plan(m, testkit.Brands()))
		for _, c := range []struct {
			name    string
			unit    org.UnitID
			role    org.Role
			kind    official.Kind
			subject string
			want    fault.Kind // Internal: it is issued
		}{
			{"the office its plan", testkit.ProvinceBureau, org.Office, official.Plan, plan, fault.Internal},
			{"the office its memorandum", testkit.ProvinceBureau, org.Office, official.Memorandum, string(m.ID), fault.Internal},
			{"the office a unit's tasks", testkit.ProvinceBureau, org.Office, official.UnitTasks, "luzhou/2010", fault.Internal},
			{"a unit its own tasks", testkit.LuzhouBureau, org.Office, official.UnitTasks, "luzhou/2010", fault.Internal},
			{"a leader", testkit.ProvinceBureau, org.Leader, official.Plan, plan, fault.Denied},
			{"a party another's plan", testkit.LuzhouBureau, org.Office, official.Plan, plan, fault.Denied},
			{"a stranger a plan out of sight", testkit.LiangshanBureau, org.Office, official.Plan, plan, fault.NotFound},
			{"an auditor", testkit.ProvinceBureau, org.Auditor, official.Plan, plan, fault.Denied},
			{"an administrator", testkit.ProvinceBureau, org.Admin, official.Plan, plan, fault.NotFound},
			{"a unit without tasks", testkit.LiangshanBureau, org.Office, official.UnitTasks, "liangshan/2010", fault.Conflict},
			{"another unit's tasks, of no plan of ours", testkit.LiangshanBureau, org.Office, official.UnitTasks, "luzhou/2010", fault.Conflict},
			{"no such year", testkit.ProvinceBureau, org.Office, official.UnitTasks, "luzhou", fault.NotFound},
			{"no such kind", testkit.ProvinceBureau, org.Office, "letter", plan, fault.NotFound},
		} {
			_, id, err := w.Desk.IssueDocument(t.Context(), w.Caller(c.unit, c.role), "", issuing(c.kind, c.subject))
			if c.want == fault.Internal {
				if err != nil || id == "" {
					t.Errorf("%s: %v", c.name, err)
				}
			} else if err == nil || fault.KindOf(err) != c.want {
				t.Errorf("%s: %v, want kind %d", c.name, err, c.want)
			}
		}
	})
}

func TestWhatIsNotFinalIsNotIssued(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		w.On(2010, 6, 7)
		office := w.Caller(testkit.ProvinceBureau, org.Office)
		m := w.Memorandum()
		plan := w.Plan(m, testkit.Brands())
		_, draft, err := w.Desk.EnterPlan(t.Context(), office, "", m.ID, 2011, "泸州市2011年度工作计划")
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.Desk.IssueDocument(t.Context(), office, "", issuing(official.Plan, string(draft))); !fault.Is(err, "document.plan-not-issued") {
			t.Errorf("a draft plan: %v", err)
		}
		p, err := w.Desk.PreviewDocument(t.Context(), office, issuing(official.Plan, string(draft)))
		if err != nil || p.Open == nil || p.Rows != 0 {
			t.Errorf("its preview: %+v %v", p, err)
		}
		file, err := w.Desk.DraftFile(p, official.DOCX)
		if err != nil || official.FindCode(file) != "" {
			t.Errorf("its draft file: %v", err)
		}
		// What was previewed is what is issued.
		in := issuing(official.Plan, string(plan))
		seen, err := w.Desk.PreviewDocument(t.Context(), office, in)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.EnterTasks(t.Context(), office, "", plan, []act.Row{testkit.Brands()}); err != nil {
			t.Fatal(err)
		}
		in.Facts = seen.Facts
		if _, _, err := w.Desk.IssueDocument(t.Context(), office, "", in); !fault.Is(err, "document.changed-meanwhile") {
			t.Errorf("a plan that changed after the preview: %v", err)
		}
		in = issuing(official.Plan, string(plan))
		in.Closing = strings.Repeat("长", 3000)
		if _, _, err := w.Desk.IssueDocument(t.Context(), office, "", in); !fault.Is(err, "document.too-long") {
			t.Errorf("a long paragraph: %v", err)
		}
	})
}

func TestAStyleIsSetByTheOfficeOfItsUnit(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		w.On(2010, 6, 7)
		office := w.Caller(testkit.ProvinceBureau, org.Office)
		words := issuing("", "").Words
		s, version, err := w.Desk.DocumentStyle(t.Context(), office, words)
		if err != nil || version != 0 || s.Mark != "川质监合" {
			t.Fatalf("%+v %d %v", s, version, err)
		}
		s.Mark, s.Head, s.Top = "川质监函", "四川省质量技术监督局", 30
		if _, err := w.Desk.StyleDocuments(t.Context(), office, "", s, 0); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.StyleDocuments(t.Context(), office, "", s, 0); fault.KindOf(err) != fault.Conflict {
			t.Errorf("set twice from one state: %v", err)
		}
		bad := s
		bad.Mark = "A"
		if _, err := w.Desk.StyleDocuments(t.Context(), office, "", bad, 1); err == nil {
			t.Error("a bad mark was kept")
		}
		if _, err := w.Desk.StyleDocuments(t.Context(), w.Caller(testkit.ProvinceBureau, org.Clerk), "", s, 1); err == nil {
			t.Error("a clerk set the style")
		}
		plan := string(w.Plan(w.Memorandum(), testkit.Brands()))
		_, id, err := w.Desk.IssueDocument(t.Context(), office, "", issuing(official.Plan, plan))
		if err != nil {
			t.Fatal(err)
		}
		if d, err := w.Store.View(office).Document(t.Context(), id); err != nil || d.Number != "川质监函〔2010〕1号" {
			t.Errorf("%s %v", d.Number, err)
		}
	})
}

func TestScoresAreIssuedOncePublished(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		w.On(2010, 6, 30)
		office, scorer := w.Caller(testkit.ProvinceBureau, org.Office), w.Caller(testkit.ProvinceBureau, org.Scorer)
		w.Plan(w.Memorandum(), testkit.Brands())
		scheme := assess.SampleScheme()
		if _, err := w.Desk.EnterScheme(t.Context(), scorer, "", scheme); err != nil {
			t.Fatal(err)
		}
		_, run, err := w.Desk.Compute(t.Context(), scorer, "", scheme.ID, scheme.Groups[0].Key, 0, w.Store.Today())
		if err != nil {
			t.Fatal(err)
		}
		for kind, subject := range map[official.Kind]string{official.Bulletin: string(run), official.Scorecard: string(run) + "/510500"} {
			if _, _, err := w.Desk.IssueDocument(t.Context(), office, "", issuing(kind, subject)); !fault.Is(err, "document.not-published") {
				t.Errorf("%s: %v", kind, err)
			}
			p, err := w.Desk.PreviewDocument(t.Context(), office, issuing(kind, subject))
			if err != nil || p.Rows == 0 || !strings.Contains(p.Title+strings.Join(p.Paragraphs, ""), "2010年1至6月") {
				t.Errorf("%s: %+v %v", kind, p.Outline, err)
			}
		}
	})
}
