package house

import (
	"slices"
	"strings"
	"testing"
)

// domain are the pure packages, from the top down, with what each may import of
// the others. calendar and fault stand at the bottom.
var domain = map[string][]string{
	"fault":     {},
	"calendar":  {"fault"},
	"org":       {"calendar", "fault"},
	"task":      {"memo", "org", "calendar", "fault"},
	"memo":      {"redline", "org", "calendar", "fault"},
	"redline":   {},
	"survey":    {"task", "org", "calendar", "fault"}, // task for quantities
	"measure":   {"survey", "task", "memo", "org", "calendar", "fault"},
	"letter":    {"task", "memo", "org", "calendar", "fault"},
	"outcome":   {"task", "memo", "org", "calendar", "fault"},
	"support":   {"task", "memo", "org", "calendar", "fault"},
	"supervise": {"task", "org", "calendar", "fault"},
	"meeting":   {"task", "memo", "org", "calendar", "fault"},
	"draw":      {"org", "calendar", "fault"},
	"assess":    {"outcome", "support", "supervise", "task", "memo", "org", "calendar", "fault"},
}

// upper are the packages above the domain, with what each may import; "domain"
// stands for every package of it. Everything not listed is refused.
var upper = map[string][]string{
	"cmd/gongjian": {"sample", "sample/nation", "backup", "meter", "web", "web/page", "web/text", "web/asset", "api", "webhook", "public", "jobs", "act",
		"store", "paper", "paper/rubric", "paper/official", "paper/bulk", "folio", "sheet", "seal", "sqldb", "journal", "office", "blob", "domain"},
	// sheet writes the lists that a page shows; it is given rows and asks for nothing.
	"internal/web": {"web/page", "web/text", "web/asset", "act", "store", "paper", "paper/rubric", "paper/official", "paper/bulk", "sheet", "seal", "journal", "meter", "domain"},
	// Pages get values and words, nothing that could ask for more.
	"internal/web/page":         {"web/text", "web/asset", "web/page/mapdata", "domain"},
	"internal/web/page/mapdata": {},
	"internal/web/text":         {"domain"}, // it words the domain's values
	"internal/web/asset":        {},
	// Programs of go generate and of the build; never linked.
	"internal/web/asset/prune":      {},
	"internal/web/page/mapdata/gen": {},
	"internal/api":                  {"meter", "act", "store", "paper", "journal", "webhook", "web/text", "domain"},
	// The worker that tells other programs of events; the interface shows the same events.
	"internal/webhook": {"store", "journal", "domain"},
	"internal/public":  {"store", "journal", "web/text", "web/page", "web/asset", "domain"},
	"internal/jobs":    {"act", "store", "journal", "domain"},
	// The sample province is played by real acts, so it stands above the desk.
	"internal/sample": {"act", "store", "paper", "seal", "domain"},
	"internal/act":    {"store", "paper", "paper/rubric", "paper/official", "paper/bulk", "folio", "seal", "journal", "blob", "domain"},
	// A backup is a copy of all that ground and store keep; it knows no acts and no pages.
	"internal/backup": {"store", "sqldb", "journal", "blob", "domain"},
	// A nation is poured, not played: it takes from act how cards are made and recorded.
	"internal/sample/nation":  {"act", "store", "journal", "domain"},
	"internal/store":          {"sqldb", "journal", "domain"},
	"internal/paper":          {"office", "domain"},
	"internal/paper/rubric":   {"paper", "office", "domain"},          // 考核评分细则 in
	"internal/paper/official": {"folio", "domain"},                    // 公文 out: one template each
	"internal/paper/bulk":     {"paper", "office", "sheet", "domain"}, // rosters in; offline report sheets out and in
	"internal/folio":          {"calendar", "fault"},                  // an official document as docx and pdf
	"internal/sheet":          {"calendar", "fault"},                  // a table as xlsx and csv
	"internal/seal":           {"calendar", "fault"},                  // signatures that anybody can check
	"internal/sqldb":          {"fault"},
	"internal/journal":        {"sqldb", "calendar", "fault"},
	"internal/office":         {"calendar", "fault"}, // a date cell becomes a calendar.Date
	"internal/blob":           {"fault"},
	"internal/meter":          {}, // what the server does, for operators
	"internal/house":          {},
	"script/testcount":        {},
	// It measures the whole house, so it stands beside cmd/gongjian.
	"script/bench": {"sample", "sample/nation", "web", "web/page", "web/text", "act", "store", "sqldb", "journal", "blob", "domain"},
}

// reasons say why the edges that somebody will want most are refused.
var reasons = []struct{ from, to, why string }{
	{"internal/web", "sqldb", "all SQL stands in store; pages ask store's views, which know the caller's scope"},
	{"internal/api", "sqldb", "all SQL stands in store; the API asks store's views, which know the caller's scope"},
	{"internal/act", "sqldb", "all SQL stands in store; an act gets a store.Tx and hands values to it"},
	{"internal/act", "office", "paper turns documents into values; an act takes the values"},
	{"internal/web", "blob", "evidence is handed out by act, which asks for the permission first"},
	{"internal/web", "office", "paper turns documents into values"},
	{"internal/web/page", "store", "a template shows values that it is given; what it may see was decided before"},
	{"internal/web/page", "act", "a template shows values that it is given and does nothing"},
	{"internal/store", "act", "imports go down: the act calls the store, inside Store.Act"},
	{"internal/public", "act", "the public may see and may not act"},
	{"internal/task", "assess", "a task does not know that it is scored; assess takes the task's facts"},
}

// inDomain reports whether the short name is a domain package.
func inDomain(short string) bool { _, ok := domain[short]; return ok }

// allowed returns what a package may import and whether the table knows it.
func allowed(pkg string) (short []string, known bool) {
	if name := strings.TrimPrefix(pkg, "internal/"); inDomain(name) {
		return domain[name], true
	}
	short, known = upper[pkg]
	return short, known
}

func why(from, to string) string {
	for _, r := range reasons {
		if r.from == from && r.to == to {
			return r.why
		}
	}
	if inDomain(strings.TrimPrefix(from, "internal/")) && !inDomain(to) {
		return "the domain is pure functions of values; what needs the outside stands above it and hands values down"
	}
	return "imports only go down the list of docs/design.md, and the table in internal/house/imports_test.go has no such edge; " +
		"move the code to the lower of the two, pass a value instead, or argue for the edge in the table"
}

func TestImportsOnlyGoDownTheHouse(t *testing.T) {
	for _, f := range read(t).goes {
		if f.Test || strings.HasPrefix(f.Package, "testkit") || strings.HasPrefix(f.Package, "scenarios") {
			continue
		}
		may, known := allowed(f.Package)
		if !known {
			t.Errorf("%s: the package %s is in no table of internal/house/imports_test.go: say there what it may import", f.Path, f.Package)
			continue
		}
		for imported, node := range f.imports() {
			short, own := strings.CutPrefix(imported, "gongjian/")
			if !own {
				continue
			}
			short = strings.TrimPrefix(short, "internal/")
			if slices.Contains(may, short) || slices.Contains(may, "domain") && inDomain(short) {
				continue
			}
			if strings.HasPrefix(short, "testkit") {
				continue // its own test below
			}
			t.Errorf("%s: %s imports %s: %s", read(t).at(node), f.Package, short, why(f.Package, short))
		}
	}
}

func TestOnlyTestsImportTheTestkit(t *testing.T) {
	for _, f := range read(t).goes {
		if f.Test || strings.HasPrefix(f.Package, "testkit") {
			continue
		}
		for imported, node := range f.imports() {
			if strings.HasPrefix(imported, "gongjian/testkit") || strings.HasPrefix(imported, "gongjian/scenarios") {
				t.Errorf("%s: %s is for tests only; it must not be linked into the program", read(t).at(node), imported)
			}
		}
	}
}

func TestSQLStandsInTheStoreAndBelow(t *testing.T) {
	// The bench asks the engine itself, for the ceilings that the house is held against.
	mayUseSQL := []string{"internal/sqldb", "internal/journal", "internal/store", "script/bench"}
	for _, f := range read(t).goes {
		if f.Test || strings.HasPrefix(f.Package, "testkit") || slices.Contains(mayUseSQL, f.Package) {
			continue
		}
		for imported, node := range f.imports() {
			if imported == "database/sql" || strings.HasPrefix(imported, "github.com/jackc/pgx") ||
				strings.HasPrefix(imported, "modernc.org/") || strings.HasPrefix(imported, "github.com/pressly/goose") {
				t.Errorf("%s: %s imports %s: SQL stands in store (and journal's own tables, over sqldb) and nowhere else",
					read(t).at(node), f.Package, imported)
			}
		}
	}
}

func TestNoPackageIsADrawerForOddsAndEnds(t *testing.T) {
	for _, f := range read(t).goes {
		for _, part := range strings.Split(f.Package, "/") {
			if slices.Contains([]string{"util", "utils", "helper", "helpers", "common", "manager", "service", "model", "models", "misc"}, part) {
				t.Errorf("%s: a package called %q says nothing of what it is for; name it after its one thing", f.Path, part)
			}
		}
	}
}
