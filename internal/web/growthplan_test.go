package web_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gongjian/internal/sqldb"
)

// growing are the tables that get longer, with what they grow with. Every other
// table stands in settled: a new one has to be put into one of the two.
var growing = map[string]string{
	"task": "tasks", "part": "tasks", "unsettled": "tasks", "confirmation": "tasks",
	"report": "reports", "report_evidence": "reports", "evidence": "files",
	"journal_entry": "acts", "journal_subject": "acts", "journal_hash": "acts", "journal_checkpoint": "acts",
	"answered": "acts of a month", "request_answer": "requests of a month", "session": "visitors", "sign_in_link": "visitors",
	"plan": "years", "tally": "years", "plan_put": "years", "plan_answer": "years", "implementation": "years",
	"memorandum": "years", "party": "years", "clause": "years", "commitment": "years", "member": "years", "succession": "years",
	"text_version": "years", "answer": "years", "remark": "years", "opinion": "years", "draft": "years", "signature": "years", "chosen_measure": "years",
	"survey": "years", "survey_section": "years", "survey_answer": "years", "finding": "years",
	"letter": "years", "letter_batch": "years", "errand": "letters of a week", "errand_item": "letters of a week", "document": "documents", "support": "deliveries", "support_evidence": "deliveries",
	"upload": "imports", "bulk_upload": "imports", "rubric": "imports", "closed_period": "months",
	"assessment": "runs", "scorecard": "runs", "occurrence": "happenings", "judgement": "judgements", "access_token": "tokens",
	"holding": "years", "webhook": "programs", "webhook_delivery": "acts",
}

// settled are the tables that have as many rows as there are units, posts and settings.
var settled = []string{
	"setting", "unit", "unit_name", "unit_parent", "unit_above", "post", "person", "signing_key", "scheme", "measure", "measure_version",
	"document_style", "document_number", "column_set", "inherited", "turn", "journal_head", "goose_db_version",
}

// excused are statements that may read a growing table whole, by words that stand in
// them, with the reason.
var excused = map[string]string{
	"select d.region, d.year, d.kind, count(*)":          "the sums of the ledger of support: an index holds all that is summed, and deliveries are entered by hand, some thousand a year",
	"select d.year, d.kind, count(*)":                    "the same for the public page",
	"count(*), sum(case when m.stage":                    "memorandums by stage: an index holds both columns; a division has one in some years, so the country has some thousand",
	"count(*), coalesce(sum(case when e.state":           "letters that hold, by state: one for each unit and plan. To be kept when a nation draws letters",
	"select t.root, sum(case when r.state = 'verified'":  "the balance of one memorandum looks at all reports of its trees; a memorandum has some hundred, that of the loaded province half of all",
	"select r.period, count(*)":                          "an office's own reports of a year, by period, on the page where it closes periods; only the figures of a year could be kept",
	"select u.id, u.name, x.tasks, x.whole from (select": "of how many of an office's own tasks a unit is asked: the office's open tasks, half of all in the loaded province; a large count is kept for ten minutes",
	"u.region like $ and exists (":                       "the sheets for all units of which an office asks reports are one file of them all",
	"select count(*) from task where plan = $ and state": "refusals that wait for an answer are few among many parts, and an index holds those only",
	"with recursive t (region)":                          "a few rows for each region",
	"select distinct u.region from part p join task t":   "drawing letters compares all parts of the plan with the letters that hold: it is what the form says, to an office, some times a year",
	"from part p, task t, unit u where t.id = p.task":    "the same",
	"select t.missing_of, count(*), min(":                "what a large office's units miss, half of all in the loaded province's worst weeks; counted once a minute for a large office",
	"t.depth = 0 and t.light = 'red' order by":           "a leader's red rows of a whole country, by day; kept for a minute",
}

// enough is how many rows of growing tables a statement may look at. A page of a list
// looks at some hundred.
const enough = 2000

// short is how many rows PostgreSQL may read of a table without a condition: it
// rightly reads a table whole that is short or empty here, and SQLite, whose plans do
// not depend on how long a table is, has said so if there is no index.
const short = 400

// explain asks the engine for its plan of every question.
func (o *overheard) explain(t *testing.T, db *sqldb.DB) {
	t.Helper()
	conn, err := db.Read().Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	look := lite
	if db.Engine() == sqldb.Postgres {
		look = postgres
		// A short table is rightly read whole. Asked is whether a long one could be
		// answered by an index: so the planner is told to take one where it can.
		for _, s := range []string{`set enable_seqscan = off`, `set enable_hashjoin = off`, `set enable_mergejoin = off`, `set jit = off`, `set statement_timeout = '20s'`} {
			if _, err := conn.ExecContext(t.Context(), s); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, shape := range slices.Sorted(maps.Keys(o.by)) {
		if !strings.HasPrefix(shape, "select") && !strings.HasPrefix(shape, "with") {
			continue
		}
		q, complaint := o.by[shape], ""
		for i, asked := range q.asked {
			found, err := look(t.Context(), conn, asked)
			if err != nil {
				t.Errorf("%s cannot explain %s (%s): %v", db.Engine(), asked.query, q.routes[i], err)
				break
			}
			if len(found) > len(complaint) {
				complaint = fmt.Sprintf("%s\n\t%s\n\t%.1000s", found, q.routes[i], asked.query)
			}
		}
		if complaint == "" {
			continue
		}
		if o.excused(shape) {
			continue
		}
		t.Errorf("%s: %s", db.Engine(), complaint)
	}
}

func (o *overheard) excused(shape string) bool {
	for words := range excused {
		if strings.Contains(shape, words) {
			o.excuses[words] = true
			return true
		}
	}
	return false
}

var named = regexp.MustCompile(`(?i)\b(?:from|join|,)\s+([a-z_]+)(?:\s+(?:as\s+)?([a-z_]+))?`)

// lite looks for scans in SQLite's plan. It names a table by its alias; one that
// stands for several tables is taken for the one that grows. A scan in the order of
// an index under a limit is left to PostgreSQL, which counts.
func lite(ctx context.Context, conn *sql.Conn, q instance) (string, error) {
	rows, err := conn.QueryContext(ctx, `explain query plan `+q.query, q.args...)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	of := map[string]string{}
	for _, m := range named.FindAllStringSubmatch(q.query, -1) {
		for _, name := range m[1:] {
			if growing[strings.ToLower(m[1])] != "" && name != "" {
				of[strings.ToLower(name)] = strings.ToLower(m[1])
			}
		}
	}
	var out []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			return "", err
		}
		scanned, ok := strings.CutPrefix(detail, "SCAN ")
		name, how, _ := strings.Cut(scanned, " ")
		if !ok || of[strings.ToLower(name)] == "" || strings.HasPrefix(how, "USING") && strings.Contains(q.query, "limit") {
			continue
		}
		out = append(out, fmt.Sprintf("%s is read whole (%s)", of[strings.ToLower(name)], detail))
	}
	return strings.Join(out, "; "), rows.Err()
}

// node is one step of a plan of PostgreSQL.
type node struct {
	Type    string  `json:"Node Type"`
	Table   string  `json:"Relation Name"`
	Index   string  `json:"Index Name"`
	Cond    string  `json:"Index Cond"`
	Recheck string  `json:"Recheck Cond"`
	Of      string  `json:"Parent Relationship"`
	Rows    float64 `json:"Actual Rows"`
	Loops   float64 `json:"Actual Loops"`
	Removed float64 `json:"Rows Removed by Filter"`
	Plans   []node  `json:"Plans"`
}

// postgres runs the question and looks for scans, and for more rows than a page needs.
func postgres(ctx context.Context, conn *sql.Conn, q instance) (string, error) {
	var b []byte
	if err := conn.QueryRowContext(ctx, `explain (analyze, timing off, format json) `+q.query, q.args...).Scan(&b); err != nil {
		return "", err
	}
	var plans []struct{ Plan node }
	if err := json.Unmarshal(b, &plans); err != nil {
		return "", err
	}
	var out []string
	looked := map[string]float64{}
	var visit func(n node, limited bool)
	visit = func(n node, limited bool) {
		if growing[n.Table] != "" {
			looked[n.Table] += (n.Rows + n.Removed) * n.Loops
			if n.Cond == "" && n.Recheck == "" && !limited && (n.Rows+n.Removed)*n.Loops > short {
				out = append(out, fmt.Sprintf("%s is read whole (%s %s)", n.Table, n.Type, n.Index))
			}
		}
		switch n.Type {
		case "Limit":
			limited = true
		case "Sort", "Aggregate", "Hash":
			limited = false
		}
		for _, p := range n.Plans {
			visit(p, limited && p.Of != "SubPlan")
		}
	}
	visit(plans[0].Plan, false)
	for _, name := range slices.Sorted(maps.Keys(looked)) {
		if looked[name] > enough {
			out = append(out, fmt.Sprintf("%.0f rows of %s are looked at", looked[name], name))
		}
	}
	return strings.Join(out, "; "), nil
}

func TestEveryTableIsKnownToGrowOrNot(t *testing.T) {
	w := newWalk(t)
	t.Cleanup(w.close)
	rows, err := w.db.Read().QueryContext(t.Context(), `select name from sqlite_schema where type = 'table' and name not like 'sqlite%'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	left := maps.Clone(growing)
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		delete(left, name)
		if growing[name] == "" && !slices.Contains(settled, name) {
			t.Errorf("the table %s is new: does it grow? Put it into growing or settled", name)
		}
	}
	for name := range left {
		t.Errorf("there is no table %s", name)
	}
}
