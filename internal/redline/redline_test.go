package redline

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// marked writes runs as an editor would: [-taken out-] and {+put in+}.
func marked(runs []Run) string {
	var b strings.Builder
	for _, r := range runs {
		switch r.Kind {
		case Removed:
			b.WriteString("[-" + r.Text + "-]")
		case Added:
			b.WriteString("{+" + r.Text + "+}")
		default:
			b.WriteString(r.Text)
		}
	}
	return b.String()
}

func TestARedlineGoesByCharactersAndKeepsNumbersWhole(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"", "", ""},
		{"共同实施名牌战略", "共同实施名牌战略", "共同实施名牌战略"},
		{"", "新增一条", "{+新增一条+}"},
		{"删去", "", "[-删去-]"},
		{"三年内培育四川名牌50个", "三年内培育四川名牌60个", "三年内培育四川名牌[-50-]{+60+}个"},
		{"乙方落实经费", "乙方于2011年底前落实经费", "乙方{+于2011年底前+}落实经费"},
		{"甲方支持乙方创建国家级检测中心", "甲方优先支持乙方创建省级检测中心", "甲方{+优先+}支持乙方创建[-国家-]{+省+}级检测中心"},
		{"达标率95.5%以上", "达标率98%以上", "达标率[-95.5%-]{+98%+}以上"},
		{"ISO9001认证", "ISO14001认证", "[-ISO9001-]{+ISO14001+}认证"},
		// One 的 that both happen to have is no island.
		{"甲乙丙的丁戊己", "子丑寅的卯辰巳", "[-甲乙丙的丁戊己-]{+子丑寅的卯辰巳+}"},
	} {
		if got := marked(Compare(c.old, c.new)); got != c.want {
			t.Errorf("%q to %q: %s, want %s", c.old, c.new, got, c.want)
		}
	}
}

func TestTheRunsGiveBothWordingsBack(t *testing.T) {
	letters := rapid.StringOfN(rapid.SampledFrom([]rune("甲乙的。12 a.")), 0, 60, -1)
	rapid.Check(t, func(t *rapid.T) {
		old, new := letters.Draw(t, "old"), letters.Draw(t, "new")
		runs := Compare(old, new)
		var a, b strings.Builder
		for i, r := range runs {
			if r.Text == "" {
				t.Fatal("an empty run")
			}
			if i > 0 && runs[i-1].Kind == r.Kind {
				t.Fatalf("two %s runs side by side: %s", r.Kind, marked(runs))
			}
			if r.Kind != Added {
				a.WriteString(r.Text)
			}
			if r.Kind != Removed {
				b.WriteString(r.Text)
			}
		}
		if a.String() != old || b.String() != new {
			t.Fatalf("%s gives %q and %q", marked(runs), a.String(), b.String())
		}
		if Changed(runs) != (old != new) {
			t.Fatalf("%q and %q: changed is %v", old, new, Changed(runs))
		}
	})
}

func TestNothingShorterLeadsFromOneToTheOther(t *testing.T) {
	letters := rapid.SliceOfN(rapid.SampledFrom([]string{"甲", "乙", "丙"}), 0, 12)
	rapid.Check(t, func(t *rapid.T) {
		a, b := letters.Draw(t, "a"), letters.Draw(t, "b")
		changes := 0
		for _, s := range shortest(a, b) {
			if s.kind != Same {
				changes++
			}
		}
		if want := len(a) + len(b) - 2*common(a, b); changes != want {
			t.Fatalf("%v to %v in %d changes, %d would do", a, b, changes, want)
		}
	})
}

// common is the length of the longest common subsequence, by the book.
func common(a, b []string) int {
	table := make([][]int, len(a)+1)
	for i := range table {
		table[i] = make([]int, len(b)+1)
	}
	for i := range a {
		for j := range b {
			table[i+1][j+1] = max(table[i][j+1], table[i+1][j])
			if a[i] == b[j] {
				table[i+1][j+1] = table[i][j] + 1
			}
		}
	}
	return table[len(a)][len(b)]
}

func TestWordingsThatShareNothingAreShownWhole(t *testing.T) {
	old, new := strings.Repeat("甲", 3000), strings.Repeat("乙", 3000)
	want := []Run{{Same, "始"}, {Removed, old}, {Added, new}, {Same, "终"}}
	if d := cmp.Diff(want, Compare("始"+old+"终", "始"+new+"终")); d != "" {
		t.Error(d)
	}
}
