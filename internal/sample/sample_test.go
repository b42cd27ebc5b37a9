package sample_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gongjian/internal/act"
	"gongjian/internal/blob"
	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/journal"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/sample"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/testkit"
)

// now is the sample's present.
var now = time.Date(2010, 6, 7, 9, 30, 0, 0, calendar.China)

// TestTheSampleProvince loads the sample once: it takes some seconds. SQLite is
// enough, since the acts are tried on both engines where they are written.
func TestTheSampleProvince(t *testing.T) {
	db := testkit.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "sample.db"), sqldb.Options{})
	s := loaded(t, db)
	t.Run("is as large as the reference pages say", func(t *testing.T) { sizes(t, db) })
	t.Run("lights come out as in the ranking", func(t *testing.T) { lights(t, db) })
	t.Run("凉山 is the plan of the reference page", func(t *testing.T) { liangshan(t, db) })
	t.Run("冕宁's clerk has something of everything to do", func(t *testing.T) { mianning(t, db) })
	t.Run("every month is ranked and published", func(t *testing.T) { ranking(t, db) })
	t.Run("the sign-in page offers its posts", func(t *testing.T) { posts(t, s) })
	t.Run("who sees nothing is shown nothing", func(t *testing.T) { scope(t, db, s) })
	t.Run("figures are as counted", func(t *testing.T) { recheck(t, db, s) })
	t.Run("nothing happens outside working hours", func(t *testing.T) { hours(t, db) })
	t.Run("the journal verifies", func(t *testing.T) { verifies(t, db) }) // last: it may not change after
}

func loaded(t *testing.T, db *sqldb.DB) *store.Store {
	t.Helper()
	ctx := context.Background()
	if err := store.Migrate(ctx, db); err != nil {
		t.Fatal(err)
	}
	policies, err := org.StandardPolicies()
	if err != nil {
		t.Fatal(err)
	}
	s := store.New(db, store.Config{
		Policies: policies, Clock: func() time.Time { return now }, Random: rand.Reader,
		Workdays: calendar.Default(), Rules: task.DefaultRulebook(),
	})
	files, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := sample.Load(ctx, act.New(s, files), rand.Reader); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Relight(ctx); err != nil {
		t.Fatal(err)
	}
	return s
}

// number asks the database for one number.
func number(t *testing.T, db *sqldb.DB, query string, args ...any) (n int) {
	t.Helper()
	if err := db.Read().QueryRow(query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func sizes(t *testing.T, db *sqldb.DB) {
	for _, x := range []struct {
		what, query string
		from, to    int
	}{
		{"memorandums with cities in force", `select count(*) from memorandum where stage = 'in-force' and region <> '510000'`, 15, 15},
		{"memorandums with departments", `select count(*) from memorandum where stage = 'in-force' and region = '510000' and form = 'agreement'`, 4, 4},
		{"alliances whose list is open", `select count(*) from memorandum where stage = 'in-force' and form = 'alliance' and open_list`, 1, 1},
		{"members of it", `select count(*) from member where joined is not null`, 3, 3},
		{"asked into it", `select count(*) from member where joined is null`, 1, 1},
		{"memorandums about to be signed", `select count(*) from memorandum where stage = 'agreed'`, 1, 1},
		{"memorandums in negotiation", `select count(*) from memorandum where stage = 'negotiating'`, 1, 1},
		{"versions", `select count(*) from text_version`, 5, 5},
		{"rows of city plans of 2010", `select count(*) from task t join plan p on p.id = t.plan where p.year = 2010 and t.depth = 0 and p.region <> '510000'`, 340, 380},
		{"parts in counties", `select count(*) from task where depth > 0`, 150, 400},
		{"reports", `select count(*) from report`, 2500, 6000},
		{"counties that report", `select count(distinct u.region) from report r join unit u on u.id = r.unit where u.level = 'county'`, 40, 183},
		{"county bureaus with a clerk", `select count(distinct u.id) from unit u join post o on o.unit = u.id where u.level = 'county' and u.function = '质监'`, 183, 183},
		{"refusals open", `select count(*) from part where state = 'refused'`, 1, 5},
		{"parts to sign", `select count(*) from part p join task t on t.id = p.task where p.state = 'waiting' and t.state <> 'draft'`, 4, 20},
		{"reports waiting in the province", `select count(*) from report r join unit u on u.id = r.verifier where r.state = 'submitted' and u.level = 'province'`, 30, 48},
		{"of them due tomorrow", `select count(*) from report r join unit u on u.id = r.verifier where r.state = 'submitted' and u.level = 'province' and r.due = '2010-06-08'`, 5, 5},
		{"returned in June", `select count(*) from report where state = 'returned' and verdict_at > 1275321600000000`, 2, 10},
		{"evidence files", `select count(*) from evidence`, 100, 800},
		{"memorandums being renewed", `select count(*) from memorandum where renews is not null and stage = 'preparing'`, 1, 1},
		{"surveys closed", `select count(*) from survey where stage = 'closed'`, 1, 1},
		{"sections that 冕宁 has to answer", `select count(*) from survey_section x join survey s on s.id = x.survey join unit u on u.id = x.unit
			where s.stage = 'sent' and x.state = 'asked' and u.name = '冕宁县质量技术监督局'`, 1, 1},
		{"findings that compare two places", `select count(*) from finding f join survey s on s.region = '513400' where f.survey <> s.id and f.rests like '%' || s.id || '%'`, 1, 1},
		{"commitments made from a measure that answers a finding", `select count(*) from chosen_measure c join finding f on f.id = c.finding
			join text_version v on v.memorandum = c.memorandum and v.state = 'agreed' and v.body like '%"measure":"' || c.id || '"%'`, 3, 3},
		{"support verified", `select count(*) from support where state = 'verified'`, 3, 3},
		{"support to verify", `select count(*) from support where state = 'entered'`, 1, 1},
		{"letters signed by both", `select count(*) from letter where state = 'signed'`, 30, 80},
		{"letters to sign", `select count(*) from letter where state = 'given'`, 1, 1},
		{"opinions given", `select count(*) from opinion where result = 'agree'`, 1, 1},
		{"opinions asked for", `select count(*) from opinion where result = ''`, 1, 1},
		{"implementation plans", `select count(*) from implementation`, 1, 1},
		{"plans that lie before the other side", `select count(*) from plan_put u where not exists (select 1 from plan_answer a where a.plan = u.plan)`, 1, 1},
		{"persons with two posts", `select count(*) from (select person from holding group by person having count(*) > 1) x`, 1, 1},
	} {
		if n := number(t, db, x.query); n < x.from || n > x.to {
			t.Errorf("%s: %d, want %d to %d", x.what, n, x.from, x.to)
		}
	}
}

// lights compares each city's lights with the ranking of the reference pages.
func lights(t *testing.T, db *sqldb.DB) {
	want := map[string][3]int{ // green, yellow, red
		"510100": {31, 2, 0}, "510600": {24, 2, 0}, "510700": {26, 3, 0}, "512000": {19, 2, 0}, "510500": {22, 3, 0},
		"511500": {23, 3, 1}, "511000": {18, 3, 0}, "511100": {20, 3, 1}, "510300": {16, 4, 0}, "513400": {15, 5, 1},
		"511800": {15, 4, 1}, "511300": {21, 6, 1}, "511600": {14, 4, 0}, "510900": {12, 4, 3}, "510800": {11, 5, 4},
	}
	places := map[task.Colour]int{}
	for region, lights := range want {
		counts := map[task.Colour]int{}
		for _, c := range []task.Colour{task.Green, task.Yellow, task.Red, task.Blue} {
			counts[c] = number(t, db, `select count(*) from task t join plan p on p.id = t.plan
				where p.region = $1 and p.year = 2010 and t.depth = 0 and t.light = $2`, region, c)
		}
		if got := [3]int{counts[task.Green], counts[task.Yellow], counts[task.Red]}; got != lights {
			t.Errorf("%s has %v green, yellow and red lights, want %v", region, got, lights)
		}
		places[task.DefaultPlaceRule().Overall(counts)]++
	}
	if places[task.Green] != 8 || places[task.Yellow] != 5 || places[task.Red] != 2 {
		t.Errorf("places: %v, want 8 green, 5 yellow, 2 red", places)
	}
}

// liangshan checks the row that all reference pages follow.
func liangshan(t *testing.T, db *sqldb.DB) {
	const row = `from task t join plan p on p.id = t.plan where p.region = '513400' and p.year = 2010 and t.title = '新增四川名牌产品' and t.depth = 0`
	var claimed, verified, assigned, goal task.Quantity
	var colour task.Colour
	if err := db.Read().QueryRow(`select t.claimed, t.verified, t.assigned, t.goal, t.light `+row).Scan(&claimed, &verified, &assigned, &goal, &colour); err != nil {
		t.Fatal(err)
	}
	got := []task.Quantity{claimed, verified, assigned, goal}
	if want := []task.Quantity{task.Count(9), task.Count(7), task.Count(18), task.Count(20)}; !slices.Equal(got, want) || colour != task.Yellow {
		t.Errorf("claimed, verified, assigned, goal: %v, %s, want %v, yellow", got, colour, want)
	}
	if n := number(t, db, `select count(*) `+row+` and t.light_body like '%"expected":100000,%'`); n != 1 {
		t.Error("the figure expected on 7 June is not 10")
	}
	if n := number(t, db, `select count(*) from task t join plan p on p.id = t.plan where p.region = '513400' and p.year = 2010 and t.depth = 0`); n != 24 {
		t.Errorf("the plan has %d rows, want 24", n)
	}
}

func mianning(t *testing.T, db *sqldb.DB) {
	const unit = `(select id from unit where name = '冕宁县质量技术监督局')`
	var verdict string
	if err := db.Read().QueryRow(`select verdict from report where unit = ` + unit + ` and state = 'returned'`).Scan(&verdict); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(verdict, "第2页印章看不清") {
		t.Errorf("the reason of the return is %q", verdict)
	}
	if n := number(t, db, `select count(*) from part p join task t on t.id = p.task where p.unit = `+unit+` and p.state = 'waiting' and t.state <> 'draft'`); n != 2 {
		t.Errorf("%d parts to sign, want 2", n)
	}
	open := number(t, db, `select count(*) from part p join task t on t.id = p.task join plan l on l.id = t.plan
		where p.unit = `+unit+` and p.state = 'signed' and l.year = 2010 and t.state = 'in-force' and not exists
		(select 1 from report r where r.task = t.id and r.unit = p.unit and r.period = '2010-05')`)
	if open < 2 || open > 3 {
		t.Errorf("%d tasks to report for May, want 2 or 3", open)
	}
}

func ranking(t *testing.T, db *sqldb.DB) {
	for _, group := range []string{"cities", "counties"} {
		if n := number(t, db, `select count(*) from assessment where grouping = $1 and published is not null`, group); n != 5 {
			t.Errorf("%d published runs for %s, want 5", n, group)
		}
	}
	if n := number(t, db, `select count(*) from scorecard s join assessment a on a.id = s.assessment
		where a.grouping = 'cities' and a.as_of = '2010-05-31' and s.place between 1 and 15`); n != 15 {
		t.Errorf("%d cities ranked for May, want 15", n)
	}
}

func posts(t *testing.T, s *store.Store) {
	found, err := s.SamplePosts(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 10 {
		t.Fatalf("%d posts, want 10", len(found))
	}
	for _, p := range found {
		if _, _, err := s.SampleHolder(context.Background(), p.Post); err != nil {
			t.Errorf("%s %s: %v", p.UnitName, p.Title, err)
		}
	}
}

// scope asks for a whole plan, its parts and a report as one who has not signed in.
func scope(t *testing.T, db *sqldb.DB, s *store.Store) {
	var plan, parent, of, unit string
	if err := db.Read().QueryRow(`select t.plan, t.parent, t.id, r.unit from report r join task t on t.id = r.task
		where r.period = '2010-04' and t.depth > 0`).Scan(&plan, &parent, &of, &unit); err != nil {
		t.Fatal(err)
	}
	v := s.View(org.Public())
	rows, err := v.PlanTasks(context.Background(), memo.PlanID(plan))
	if err != nil || len(rows) > 0 {
		t.Errorf("%d rows, error %v", len(rows), err)
	}
	if rows, err = v.PartsOf(context.Background(), task.ID(parent)); err != nil || len(rows) > 0 {
		t.Errorf("%d parts, error %v", len(rows), err)
	}
	_, err = v.LastReport(context.Background(), task.ID(of), org.UnitID(unit), calendar.Period{Kind: calendar.Month, Year: 2010, Index: 4})
	if fault.KindOf(err) != fault.NotFound {
		t.Errorf("a report out of sight answers %v, want NotFound", err)
	}
}

func recheck(t *testing.T, db *sqldb.DB, s *store.Store) {
	differences, err := s.Recheck(context.Background())
	if err != nil || len(differences) > 0 {
		t.Fatalf("differences %v, error %v", differences, err)
	}
	// A figure that somebody changed in the database is found.
	change := func(by int) {
		if err := db.Write(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, `update task set verified = verified + $1 where title = '州质检所实验室用地划拨'`, by)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	change(10_000)
	// The task itself, and what is kept of its plan's rows.
	if differences, err = s.Recheck(context.Background()); err != nil || len(differences) != 2 {
		t.Errorf("one changed figure: differences %v, error %v", differences, err)
	}
	change(-10_000)
}

func hours(t *testing.T, db *sqldb.DB) {
	rows, err := db.Read().Query(`select at from journal_entry`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	w := calendar.Default()
	for rows.Next() {
		var micro int64
		if err := rows.Scan(&micro); err != nil {
			t.Fatal(err)
		}
		at := time.UnixMicro(micro).In(calendar.China)
		if h := at.Hour(); !w.IsWorkday(calendar.DateOf(at)) || h < 8 || h > 18 || !at.Before(now) {
			t.Fatalf("something happened at %s", at)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

func verifies(t *testing.T, db *sqldb.DB) {
	ctx := context.Background()
	private, public, err := journal.GenerateKey(rand.Reader, "sample")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := journal.LoadSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	key, err := journal.LoadVerifier(public)
	if err != nil {
		t.Fatal(err)
	}
	log := journal.New(db, signer, func() time.Time { return now })
	for {
		n, err := log.Fold(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			break
		}
	}
	report, err := journal.VerifyDatabase(ctx, db, key)
	if err != nil || !report.OK() || report.Entries < 5000 || report.Waiting > 0 {
		t.Errorf("entries %d, waiting %d, problems %v, error %v", report.Entries, report.Waiting, report.Problems, err)
	}
}
