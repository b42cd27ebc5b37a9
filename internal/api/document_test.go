package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"pgregory.net/rapid"

	"gongjian/internal/api"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/testkit"
)

// operation is one operation of the document.
type operation struct {
	path string
	*huma.Operation
}

func operations(doc *huma.OpenAPI) (out []operation) {
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		item := doc.Paths[path]
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Patch, item.Put, item.Delete} {
			if op != nil {
				out = append(out, operation{path, op})
			}
		}
	}
	return out
}

// odd are values that programs send by mistake or on purpose.
var odd = []string{
	"", " ", "0", "-1", "1", "99999999999999999999", "1e9", "null", "true", "2010-05", "2010-06-30", "9999-12-31", "0000-00-00", "2010-13-45", "510500", "%", "_",
	"泸州", "'; drop table task; --", "\u202e", "\ufffd", "..", "../..", "a/b", "{}", "[]", "\x7f", strings.Repeat("长", 130), "9.99999", "-0.5", "sum", "W10", "eyJ9",
}

// dice draws requests that fit the document more or less.
type dice struct {
	*rapid.T
	known []string // ids that exist
	doc   *huma.OpenAPI
}

func (d dice) text(name string) string {
	switch rapid.IntRange(0, 9).Draw(d.T, name+" kind") {
	case 0, 1, 2, 3, 4:
		return rapid.SampledFrom(d.known).Draw(d.T, name)
	case 5, 6, 7, 8:
		return rapid.SampledFrom(odd).Draw(d.T, name)
	}
	return rapid.String().Draw(d.T, name)
}

// value draws a value of a schema, and now and then one of none.
func (d dice) value(name string, s *huma.Schema, depth int) any {
	if s != nil && s.Ref != "" {
		s = d.doc.Components.Schemas.SchemaFromRef(s.Ref)
	}
	if s == nil || depth > 4 || rapid.IntRange(0, 19).Draw(d.T, name+" whim") == 0 {
		return rapid.SampledFrom([]any{nil, 1, -1.5, "x", true, []any{}, map[string]any{}}).Draw(d.T, name+" other")
	}
	if len(s.Enum) > 0 && rapid.IntRange(0, 5).Draw(d.T, name+" within") > 0 {
		return rapid.SampledFrom(s.Enum).Draw(d.T, name)
	}
	switch s.Type {
	case huma.TypeBoolean:
		return rapid.Bool().Draw(d.T, name)
	case huma.TypeInteger:
		return rapid.SampledFrom([]int64{-1, 0, 1, 2, 50, 200, 201, 2010, 1 << 40}).Draw(d.T, name)
	case huma.TypeArray:
		out := []any{}
		for i := range rapid.IntRange(0, 3).Draw(d.T, name+" length") {
			out = append(out, d.value(fmt.Sprintf("%s.%d", name, i), s.Items, depth+1))
		}
		return out
	case huma.TypeObject:
		out := map[string]any{}
		for _, field := range slices.Sorted(maps.Keys(s.Properties)) {
			if slices.Contains(s.Required, field) && rapid.IntRange(0, 19).Draw(d.T, name+"."+field+" left out") > 0 || rapid.Bool().Draw(d.T, name+"."+field+" there") {
				out[field] = d.value(name+"."+field, s.Properties[field], depth+1)
			}
		}
		return out
	}
	return d.text(name)
}

// request draws a request of an operation.
func (d dice) request(op operation) (path string, body any, headers []string) {
	path = op.path
	query := url.Values{}
	for _, p := range op.Parameters {
		switch p.In {
		case "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(d.text(p.Name)))
		case "query":
			if p.Required || rapid.IntRange(0, 2).Draw(d.T, p.Name+" there") == 0 {
				query.Set(p.Name, fmt.Sprint(d.value(p.Name, p.Schema, 0)))
			}
		case "header":
			if p.Name == "If-Match" && rapid.Bool().Draw(d.T, "condition") {
				headers = append(headers, "If-Match", rapid.SampledFrom([]string{`"1"`, `"2"`, `"3"`, "*", "W/\"1\"", "x"}).Draw(d.T, "version"))
			}
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	if op.RequestBody != nil {
		for kind, media := range op.RequestBody.Content {
			if kind != "application/json" {
				return path, d.text("file"), append(headers, "Content-Type", kind)
			}
			body = d.value("body", media.Schema, 0)
		}
	}
	return path, body, headers
}

// fits holds an answer against what the document says of its status.
func fits(doc *huma.OpenAPI, op operation, a answer) error {
	response, ok := op.Responses[fmt.Sprint(a.Status)]
	if !ok {
		return fmt.Errorf("the document knows no status %d", a.Status)
	}
	kind, _, _ := strings.Cut(a.Header.Get("Content-Type"), ";")
	media := response.Content[kind]
	if media == nil {
		if _, any := response.Content["*/*"]; any {
			return nil
		}
		return fmt.Errorf("the document knows no %q of status %d", kind, a.Status)
	}
	var got any
	if err := json.Unmarshal(a.Body, &got); err != nil {
		return err
	}
	var result huma.ValidateResult
	huma.Validate(doc.Components.Schemas, media.Schema, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, got, &result)
	if len(result.Errors) > 0 {
		return result.Errors[0]
	}
	return nil
}

// requestsAtOnce is how many requests one throw of the dice makes.
const requestsAtOnce = 10

// Whatever is sent, the interface answers as its document says, and never by 500.
func TestNoRequestIsAnsweredOutsideTheDocument(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		p := begin(t, db)
		ids := furnish(t, p)
		tokens := []string{p.token(testkit.ProvinceBureau, org.Office), p.token(testkit.LuzhouBureau, org.Clerk), p.token(testkit.ProvinceBureau, org.Auditor), p.token(testkit.LuzhouBureau, org.Office)}
		doc := p.server.Document()
		all := operations(doc)
		statuses := map[int]int{}
		rapid.Check(t, func(rt *rapid.T) {
			d := dice{rt, ids, doc}
			first := rapid.IntRange(0, len(all)-1).Draw(rt, "operation")
			for i := range requestsAtOnce { // spread over the document, so that each is asked several times
				op := all[(first+i*len(all)/requestsAtOnce)%len(all)]
				path, body, headers := d.request(op)
				if _, err := http.NewRequest(op.Method, api.Prefix+path, nil); err != nil {
					continue // no program can send it
				}
				a := p.ask(op.Method, path, rapid.SampledFrom(tokens).Draw(rt, "token"), body, headers...)
				statuses[a.Status]++
				if a.Status >= 500 {
					rt.Fatalf("%s %s: %d %s\n%s", op.Method, path, a.Status, a.Body, p.logged.String())
				}
				if err := fits(doc, op, a); err != nil {
					rt.Fatalf("%s %s answered %d, outside the document: %v\n%s", op.Method, path, a.Status, err, a.Body)
				}
			}
		})
		if statuses[200] == 0 || statuses[404] == 0 || statuses[422] == 0 {
			t.Errorf("the requests were answered by %v only", statuses)
		}
	})
}

// furnish makes one of most things and returns their ids.
func furnish(t *testing.T, p *program) []string {
	t.Helper()
	p.town.On(2010, 6, 2)
	clerk, task := p.token(testkit.LuzhouBureau, org.Clerk), string(p.task().ID)
	p.ask("POST", "/tasks/"+task+"/receipt", clerk, object{"answer": "sign"}).want(200)
	var file api.File
	p.ask("POST", "/evidence?name=a.txt", clerk, "推荐文件", "Content-Type", "application/octet-stream").want(201, &file)
	var report, hook api.Receipt
	p.ask("POST", "/tasks/"+task+"/reports", clerk, object{"period": "2010-05", "kind": "value", "value": "9", "evidence": []object{{"id": file.ID, "name": "a.txt"}}}).want(201, &report)
	p.ask("POST", "/webhooks", p.token(testkit.ProvinceBureau, org.Office), object{"url": "https://a.example/"}).want(201, &hook)
	if _, err := p.log.Fold(t.Context()); err != nil {
		t.Fatal(err)
	}
	office := p.token(testkit.ProvinceBureau, org.Office)
	negotiated := p.made("/memorandums", office, object{"title": "合作备忘录", "kind": "合作备忘录", "parties": []string{"bureau", "luzhou-gov"}, "clauses": []object{}})
	var draft api.Draft
	p.ask("GET", "/memorandums/"+negotiated+"/draft", office, nil).want(200, &draft)
	p.ask("PUT", "/memorandums/"+negotiated+"/draft", office, draft, "If-Match", `"0"`).want(200)
	batch := p.made("/letter-batches", office, object{"plan": p.plan, "giver": "bureau"})
	var letters items[api.Letter]
	p.ask("GET", "/letters?batch="+batch, office, nil).want(200, &letters)
	survey := p.made("/surveys", office, object{"title": "调研", "region": "510500", "year": 2009})
	p.ask("POST", "/measures/standard", office, nil).want(200)
	var measures items[api.MeasureEntry]
	p.ask("GET", "/measures?limit=1", office, nil).want(200, &measures)
	return []string{
		task, string(p.plan), file.ID, report.ID, report.Entry, report.Number, hook.ID, "luzhou", "jiangyang", "bureau", "510500", "cities", string(p.memorandum()),
		negotiated, batch, letters.Items[0].ID, survey, measures.Items[0].ID, "1", "2010-05",
	}
}

func TestEveryOperationSaysWhatItNeedsAndMayAnswer(t *testing.T) {
	single(t, func(p *program) {
		seen := map[string]bool{}
		for _, op := range operations(p.server.Document()) {
			if op.Summary == "" || op.OperationID == "" || seen[op.OperationID] || len(op.Tags) != 1 {
				t.Errorf("%s %s: summary %q, id %q, tags %v", op.Method, op.path, op.Summary, op.OperationID, op.Tags)
			}
			seen[op.OperationID] = true
			key := slices.ContainsFunc(op.Parameters, func(q *huma.Param) bool { return q.Name == "Idempotency-Key" && q.Required })
			if key != (op.Method == http.MethodPost) {
				t.Errorf("%s %s: Idempotency-Key %v", op.Method, op.path, key)
			}
			for _, status := range []string{"401", "404", "422", "500"} {
				if op.Responses[status] == nil || op.Responses[status].Content["application/problem+json"] == nil {
					t.Errorf("%s %s: no problem for %s", op.Method, op.path, status)
				}
			}
		}
	})
}

func TestTheGuideNamesEveryOperation(t *testing.T) {
	single(t, func(p *program) {
		for _, name := range []string{"api.md", "api.zh-CN.md"} {
			guide, err := os.ReadFile(filepath.Join("..", "..", "docs", "guide", name))
			if err != nil {
				t.Fatal(err)
			}
			all := operations(p.server.Document())
			for _, op := range all {
				scopes, _ := op.Metadata["scopes"].([]org.TokenScope)
				needs := "—"
				for i, scope := range scopes {
					if needs += " "; i == 0 {
						needs = ""
					}
					needs += "`" + string(scope) + "`"
				}
				if row := "| `" + op.Method + " " + op.path + "` | " + needs + " | "; !strings.Contains(string(guide), row) {
					t.Errorf("%s has no row %s", name, row)
				}
			}
			if rows := regexp.MustCompile("(?m)^\\| `[A-Z]+ /").FindAllString(string(guide), -1); len(rows) != len(all) {
				t.Errorf("%s has %d rows for %d operations", name, len(rows), len(all))
			}
		}
	})
}

func TestTheLanguageIsTheOneThatARequestPrefers(t *testing.T) {
	single(t, func(p *program) {
		for accepts, want := range map[string]string{
			"": "zh", "en": "en", "EN-gb": "en", "zh-CN,en;q=0.9": "zh", "fr, en;q=0.8, zh;q=0.3": "en", "en;q=0.2, zh;q=0.5": "zh", "en;q=x": "zh", "fr": "zh", "en;q=0": "zh",
		} {
			if got := p.ask("GET", "/token", "", nil, "Accept-Language", accepts).Header.Get("Content-Language"); got[:2] != want {
				t.Errorf("%q is answered in %s", accepts, got)
			}
		}
	})
}
