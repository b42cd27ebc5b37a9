package letter

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

var made = calendar.NewDate(2010, 3, 1)

func anyTasks(t *rapid.T, label string) (out []Task) {
	ids := rapid.SliceOfNDistinct(rapid.IntRange(1, 9), 0, 6, rapid.ID).Draw(t, label)
	for _, id := range ids {
		out = append(out, Task{
			ID: task.ID(fmt.Sprint("t", id)), No: rapid.SampledFrom([]string{"1", "2"}).Draw(t, "no"), Title: rapid.SampledFrom([]string{"新增名牌", "建检测中心"}).Draw(t, "title"),
			Target: rapid.SampledFrom([]string{"", "20个"}).Draw(t, "target"), Role: rapid.SampledFrom([]task.Role{task.Lead, task.Cooperating}).Draw(t, "role"), Weight: task.One,
		})
	}
	return out
}

// Rule L-02: nothing is said of what has not changed.
func TestTheSupplementOfEqualTasksIsEmpty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tasks := anyTasks(t, "tasks")
		now := slices.Clone(tasks)
		slices.Reverse(now)
		for i := range now {
			now[i].No, now[i].Clause = "numbered anew", "第九条"
		}
		if c := Supplement(tasks, now); !c.Empty() {
			t.Fatalf("%+v", c)
		}
	})
}

// Rule L-02: what stood with the supplement is what stands.
func TestOldWithItsSupplementIsNew(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		old, now := anyTasks(t, "old"), anyTasks(t, "now")
		c := Supplement(old, now)
		got, err := Apply(old, c)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(now) || !Supplement(got, now).Empty() {
			t.Fatalf("old %v\nnow %v\nchanges %+v\ngot %v", old, now, c, got)
		}
		if _, err := Apply(got, c); err == nil && len(c.Added)+len(c.Withdrawn)+len(c.Changed) > 0 {
			t.Fatalf("a supplement was laid over its own result: %+v", c)
		}
	})
}

func facts(tasks ...Task) Facts {
	return Facts{
		Plan: memo.Plan{ID: "p", Title: "2010年度工作计划", Year: 2010}, Memorandum: "合作备忘录", Today: made,
		Giver: Party{"office", "四川省质监局"}, Taker: Party{"county", "江阳区质监局"}, Tasks: tasks,
	}
}

func one(target string) Task {
	return Task{ID: "t1", No: "1", Title: "新增名牌", Target: target, Role: task.Lead, Weight: task.One}
}

// drawn is a letter as it is kept after drawing.
func drawn(id ID, s State, d Drawn) Letter {
	return Letter{ID: id, Body: d.Body, Digest: d.Body.Digest(), Standing: d.Standing, State: s}
}

// Rules L-01 and L-03: what drawing does, by what there is and what has changed.
func TestWhatDrawingDoesForAUnit(t *testing.T) {
	first := Draw(nil, facts(one("2个")))
	further := Draw([]Letter{drawn("a", Signed, first)}, facts(one("3个")))
	signed, open := drawn("a", Signed, first), drawn("a", Given, first)
	second := drawn("b", Given, further)
	for name, x := range map[string]struct {
		chain   []Letter
		now     []Task
		step    Step
		number  int
		instead ID
		changes int
	}{
		"no tasks":                            {nil, nil, Nothing, 0, "", 0},
		"the first letter":                    {nil, []Task{one("2个")}, First, 0, "", 0},
		"nothing changed":                     {[]Letter{signed}, []Task{one("2个")}, Nothing, 0, "", 0},
		"changed after both signed":           {[]Letter{signed}, []Task{one("3个")}, Further, 1, "", 1},
		"all withdrawn after both signed":     {[]Letter{signed}, nil, Further, 1, "", 1},
		"changed before both signed":          {[]Letter{open}, []Task{one("3个")}, Anew, 0, "a", 0},
		"all withdrawn before both signed":    {[]Letter{open}, nil, Drop, 0, "a", 0},
		"changed again under the supplement":  {[]Letter{signed, second}, []Task{one("4个")}, Anew, 1, "b", 1},
		"changed back under the supplement":   {[]Letter{signed, second}, []Task{one("2个")}, Drop, 0, "b", 0},
		"nothing since the open supplement":   {[]Letter{signed, second}, []Task{one("3个")}, Nothing, 0, "", 0},
		"changed after the signed supplement": {[]Letter{signed, drawn("b", Signed, further)}, []Task{one("2个")}, Further, 2, "", 1},
	} {
		d := Draw(x.chain, facts(x.now...))
		if d.Step != x.step || d.Instead != x.instead {
			t.Errorf("%s: %q instead of %q", name, d.Step, d.Instead)
			continue
		}
		if d.Step == Nothing || d.Step == Drop {
			continue
		}
		n := 0
		if d.Body.Changes != nil {
			n = d.Body.Changes.Count()
		}
		if d.Body.Number != x.number || n != x.changes || (x.number == 0) != (d.Body.After == "") {
			t.Errorf("%s: number %d with %d changes after %q", name, d.Body.Number, n, d.Body.After)
		}
	}
	if c := further.Body.Changes.Changed[0]; c.Old.Target != "2个" || c.New.Target != "3个" {
		t.Errorf("old and new are %+v", c)
	}
}

func TestABodyReadsBackToItsOwnBytesAndNoOther(t *testing.T) {
	b := Draw(nil, facts(one("<2个&"))).Body
	got, err := ReadBody(b.Canonical())
	if err != nil || got.Digest() != b.Digest() {
		t.Fatalf("%+v %v", got, err)
	}
	for _, bad := range []string{"", "{}", " " + string(b.Canonical()), strings.Replace(string(b.Canonical()), `"year"`, `"years"`, 1)} {
		if _, err := ReadBody([]byte(bad)); err == nil {
			t.Errorf("read %.40q", bad)
		}
	}
	if changed := b; true {
		changed.Tasks = []Task{one("3个")}
		if changed.Digest() == b.Digest() {
			t.Error("another target has the same digest")
		}
	}
}

// Rule L-04: who signs when.
func TestWhoSignsWhen(t *testing.T) {
	l := drawn("a", Given, Draw(nil, facts(one("2个"))))
	day := made.AddDays(2)
	for name, x := range map[string]struct {
		change func(*Letter)
		digest string
		by     string
		on     calendar.Date
		want   string
	}{
		"a stranger":       {nil, l.Digest, "other", day, "letter.not-a-side"},
		"another text":     {nil, "00", "county", day, "letter.other-text"},
		"a changed body":   {func(l *Letter) { l.Body.Year++ }, l.Digest, "county", day, "letter.other-text"},
		"not given":        {func(l *Letter) { l.State = Drafted }, l.Digest, "county", day, "letter.not-given"},
		"refused":          {func(l *Letter) { l.State = Refused }, l.Digest, "office", day, "letter.not-given"},
		"replaced":         {func(l *Letter) { l.State = Replaced }, l.Digest, "county", day, "letter.replaced"},
		"void":             {func(l *Letter) { l.State = Void }, l.Digest, "county", day, "letter.void"},
		"twice":            {func(l *Letter) { l.TakerOn = day }, l.Digest, "county", day, "letter.signed-already"},
		"no day":           {nil, l.Digest, "county", calendar.Date{}, "letter.day-missing"},
		"a day to come":    {nil, l.Digest, "county", day.AddDays(1), "letter.day-ahead"},
		"before it was":    {nil, l.Digest, "county", made.AddDays(-1), "letter.day-before"},
		"the taker first":  {nil, l.Digest, "county", day, ""},
		"the giver second": {func(l *Letter) { l.TakerOn = day }, l.Digest, "office", day, ""},
	} {
		k := l
		if x.change != nil {
			x.change(&k)
		}
		got, err := Sign(k, x.digest, org.UnitID(x.by), x.on, day)
		if x.want != "" {
			if !fault.Is(err, x.want) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		both := !got.GiverOn.IsZero() && !got.TakerOn.IsZero()
		if err != nil || both != (got.State == Signed) || got.SignedOn(got.SideOf(org.UnitID(x.by))) != day {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
}

// Rule L-05, and what giving and annulling ask.
func TestRefusingGivingAndAnnulling(t *testing.T) {
	l := drawn("a", Drafted, Draw(nil, facts(one("2个"))))
	if _, err := Refuse(l, "county", "指标过高"); !fault.Is(err, "letter.not-given") {
		t.Errorf("refused before it was given: %v", err)
	}
	given, err := Give(l, made)
	if err != nil || given.State != Given || given.Given != made {
		t.Fatal(given, err)
	}
	if _, err := Give(given, made); !fault.Is(err, "letter.given-already") {
		t.Errorf("given twice: %v", err)
	}
	if _, err := Refuse(given, "office", "x"); !fault.Is(err, "letter.not-a-side") {
		t.Errorf("the giver refuses: %v", err)
	}
	if _, err := Refuse(given, "county", " "); !fault.Is(err, "letter.reason-missing") {
		t.Errorf("no reason: %v", err)
	}
	signed := given
	signed.TakerOn = made
	if _, err := Refuse(signed, "county", "x"); !fault.Is(err, "letter.signed-already") {
		t.Errorf("refused after signing: %v", err)
	}
	back, err := Refuse(given, "county", " 指标过高 ")
	if err != nil || back.State != Refused || back.Reason != "指标过高" {
		t.Fatal(back, err)
	}
	if again, err := Give(back, made); err != nil || again.State != Given || again.Reason != "" {
		t.Errorf("given again: %+v %v", again, err)
	}
	if v, err := Annul(back, "任务撤销"); err != nil || v.State != Void {
		t.Errorf("annulled: %+v %v", v, err)
	}
	signed.State = Signed
	if _, err := Annul(signed, "x"); !fault.Is(err, "letter.signed-stands") {
		t.Errorf("what both have signed was annulled: %v", err)
	}
}

func TestABundleProvesItselfAndAChangedOneDoesNot(t *testing.T) {
	b := Draw(nil, facts(one("2个"))).Body
	bundle := Bundle{Kind: BundleKind, ID: "a", Body: string(b.Canonical()), Digest: b.Digest(), Signatures: []Signature{
		{Statement: "office", Value: base64.StdEncoding.EncodeToString([]byte("s"))}, {Statement: "county"},
	}}
	check := func(statement, value []byte) (Seen, error) {
		if string(statement) == "forged" {
			return Seen{}, errors.New("forged")
		}
		return Seen{Kind: "letter", Subject: "a", Digest: b.Digest(), Party: string(statement), OnPaper: len(value) == 0}, nil
	}
	v, err := bundle.Verify(check)
	if err != nil || !v.Giver || !v.Taker || v.GiverPaper || !v.TakerPaper {
		t.Fatalf("%+v %v", v, err)
	}
	for name, change := range map[string]func(*Bundle){
		"one character": func(b *Bundle) { b.Body = strings.Replace(b.Body, "2个", "3个", 1) },
		"another kind":  func(b *Bundle) { b.Kind = "x" },
		"another id":    func(b *Bundle) { b.ID = "b" },
		"a stranger":    func(b *Bundle) { b.Signatures = []Signature{{Statement: "other"}} },
		"a forgery":     func(b *Bundle) { b.Signatures = []Signature{{Statement: "forged"}} },
		"no base64":     func(b *Bundle) { b.Signatures = []Signature{{Statement: "office", Value: "%"}} },
	} {
		c := bundle
		change(&c)
		if _, err := c.Verify(check); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

// manyFacts are the facts of n units with forty tasks each.
func manyFacts(n int) []Facts {
	out := make([]Facts, n)
	for i := range out {
		tasks := make([]Task, 40)
		for j := range tasks {
			tasks[j] = Task{ID: task.ID(fmt.Sprint("t", i, ".", j)), No: fmt.Sprint(j), Title: "新增四川名牌产品", Measures: strings.Repeat("强化措施，", 20), Target: "不少于20个", Role: task.Lead, Weight: task.One}
		}
		out[i] = facts(tasks...)
		out[i].Taker = Party{org.UnitID(fmt.Sprint("u", i)), fmt.Sprint("第", i, "县质监局")}
	}
	return out
}

func TestThreeThousandLettersDifferAndReadBack(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range manyFacts(3000) {
		b := Draw(nil, f).Body
		seen[b.Digest()] = true
	}
	if len(seen) != 3000 {
		t.Errorf("%d digests of 3000 letters", len(seen))
	}
	roll := map[ID]string{"a": "1", "b": "2"}
	if Roll(roll) != Roll(map[ID]string{"b": "2", "a": "1"}) || Roll(roll) == Roll(map[ID]string{"a": "2", "b": "1"}) {
		t.Error("the roll depends on the order, or not on who has what")
	}
}

func BenchmarkLetters3000(b *testing.B) {
	all := manyFacts(3000)
	for b.Loop() {
		for _, f := range all {
			body := Draw(nil, f).Body
			_ = body.Digest()
		}
	}
}
