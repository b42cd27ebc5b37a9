package memo

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// told writes a comparison in short: kind and number of each clause.
func told(changes []ClauseChange) string {
	var out []string
	for _, c := range changes {
		no := ""
		if c.New != nil {
			no = c.New.No
		} else {
			no = c.Old.No
		}
		out = append(out, string(c.Kind)+" "+no)
	}
	return strings.Join(out, ", ")
}

func clauses(words ...string) (t Text) {
	for i, w := range words {
		t.Clauses = append(t.Clauses, Clause{ID: ClauseID(w), No: fmt.Sprint(i + 1), Level: 1, Text: w})
	}
	return t
}

// written is the same text as somebody outside would write it: without identities.
func written(t Text) Text {
	t.Clauses = slices.Clone(t.Clauses)
	for i := range t.Clauses {
		t.Clauses[i].ID = ""
	}
	return t
}

// Rule M-03.
func TestClausesArePairedByIdentityThenByWordsNeverByNumber(t *testing.T) {
	a, b, c := "共同实施名牌战略，三年培育五十个", "加强检验检测能力建设，落实经费", "建立食品安全监管联席会议制度"
	old := clauses(a, b, c)
	for _, x := range []struct {
		name string
		new  Text
		want string
	}{
		{"nothing changed", clauses(a, b, c), "same 1, same 2, same 3"},
		{"a clause put in before", clauses("开展质量兴市活动", a, b, c), "added 1, same 2, same 3, same 4"},
		{"one taken out", clauses(a, c), "same 1, removed 2, same 2"},
		{"moved to the end", clauses(b, c, a), "same 1, same 2, moved 3"},
		{"written outside, one number changed", written(clauses(a, b+"五百万元", c)), "same 1, changed 2, same 3"},
		{"written outside, another put in its place", written(clauses(a, "推进标准化示范区创建工作", c)), "same 1, added 2, removed 2, same 3"},
	} {
		if got := told(Compare(old, x.new)); got != x.want {
			t.Errorf("%s: %s, want %s", x.name, got, x.want)
		}
	}
	owed := clauses(a, b, c)
	owed.Clauses[1].Commitments = []Commitment{{Obligor: "city", Text: "落实经费"}}
	if got := Compare(old, owed)[1]; got.Kind != ClauseChanged || !got.Owed {
		t.Errorf("what is owed changed: %+v", got)
	}
}

func TestEveryClauseOfBothTextsIsSpokenOfOnce(t *testing.T) {
	word := rapid.SampledFrom([]string{"名牌战略", "检验检测", "食品安全", "标准化示范", "质量兴市", "打假扶优"})
	rapid.Check(t, func(t *rapid.T) {
		old := clauses(rapid.SliceOfNDistinct(word, 0, 6, rapid.ID).Draw(t, "old")...)
		new := clauses(rapid.SliceOfNDistinct(word, 0, 6, rapid.ID).Draw(t, "new")...)
		if rapid.Bool().Draw(t, "outside") {
			new = written(new)
		}
		before, after := 0, 0
		for _, c := range Compare(old, new) {
			if c.Old != nil {
				before++
			}
			if c.New != nil {
				if c.New != &new.Clauses[after] {
					t.Fatal("the new text's order is not kept")
				}
				after++
			}
		}
		if before != len(old.Clauses) || after != len(new.Clauses) {
			t.Fatalf("%d of %d and %d of %d clauses are spoken of", before, len(old.Clauses), after, len(new.Clauses))
		}
	})
}
