package memo

import (
	"errors"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// plain is a wording in which support is an amount of money and a third unit is 省财政厅.
func plain() Wording {
	return Wording{
		Name:  func(u org.UnitID) string { return map[org.UnitID]string{"finance": "省财政厅"}[u] },
		Write: func(s Support) string { return strconv.FormatInt(s.Amount, 10) },
		Read: func(words string) (*Support, error) {
			if words == "" {
				return nil, nil
			}
			n, err := strconv.ParseInt(words, 10, 64)
			return &Support{Kind: Money, Amount: n}, err
		},
	}
}

// twice is a text in which two clauses bear the number （一） and one owes two things.
func twice() Text {
	return Text{
		Title: "合作备忘录", Parties: []Party{{Unit: "bureau", Name: "四川省质量技术监督局", Called: "甲方"}, {Unit: "city", Name: "广安市人民政府", Called: "乙方"}},
		Clauses: []Clause{
			{ID: "1", No: "第一条", Level: 1, Text: "甲方的责任"},
			{ID: "11", No: "（一）", Level: 2, Text: "支持建设国家级检测中心。", Commitments: []Commitment{
				{ID: "k1", Obligor: "bureau", Confirms: "city", Text: "支持建设国家级检测中心。", Deadline: "2011年底前", Target: "1个"},
				{ID: "k2", Obligor: "bureau", Joint: []org.UnitID{"finance"}, Text: "安排设备购置经费", Support: &Support{Kind: Money, Amount: 500}, Measure: "m"},
			}},
			{ID: "2", No: "第二条", Level: 1, Text: "乙方的责任"},
			{ID: "21", No: "（一）", Level: 2, Text: "提供建设用地。", Commitments: []Commitment{{ID: "k3", Obligor: "city", Confirms: "bureau", Text: "提供建设用地。"}}},
		},
	}
}

func TestATableThatComesBackAsItWasPrintedChangesNothing(t *testing.T) { // Rule M-08
	base := twice()
	rapid.Check(t, func(t *rapid.T) {
		rows := base.OwedRows(plain())
		for _, row := range rows {
			for _, c := range OwedColumns() {
				row[c] += rapid.SampledFrom([]string{"", " ", "\n"}).Draw(t, "blanks")
				if c != OwedText && c != OwedClause && rapid.Bool().Draw(t, "column gone") {
					delete(row, c)
				}
			}
		}
		rows = rapid.Permutation(rows).Draw(t, "order")
		got, err := AdoptOwed(base, base, rows, plain())
		if err != nil || Digest(got) != Digest(base) {
			t.Fatalf("%v\n%s", err, cmp.Diff(base, got))
		}
	})
}

func TestWhatWasChangedInTheTableIsCarriedOver(t *testing.T) { // Rule M-08
	for name, c := range map[string]struct {
		edit func([]OwedRow) []OwedRow
		want func(*Text)
	}{
		"amount": {
			func(r []OwedRow) []OwedRow { r[1][OwedSupport] = "800"; return r },
			func(t *Text) { t.Clauses[1].Commitments[1].Support = &Support{Kind: Money, Amount: 800} },
		},
		"no support any more": {
			func(r []OwedRow) []OwedRow { r[1][OwedSupport] = ""; return r },
			func(t *Text) { t.Clauses[1].Commitments[1].Support = nil },
		},
		"deadline, target and words": {
			func(r []OwedRow) []OwedRow {
				r[0][OwedDeadline], r[0][OwedTarget], r[0][OwedText] = "2012年6月底前", "2个", "支持建设国家级检测中心两个。"
				return r
			},
			func(t *Text) {
				k := &t.Clauses[1].Commitments[0]
				k.Deadline, k.Target, k.Text = "2012年6月底前", "2个", "支持建设国家级检测中心两个。"
			},
		},
		"obligor by what it is called": {
			func(r []OwedRow) []OwedRow { r[1][OwedObligor] = "甲方、乙方"; return r },
			func(t *Text) { t.Clauses[1].Commitments[1].Joint = []org.UnitID{"city"} },
		},
		"struck": {
			func(r []OwedRow) []OwedRow { return slices.Delete(r, 0, 1) },
			func(t *Text) { t.Clauses[1].Commitments = t.Clauses[1].Commitments[1:] },
		},
		"new": {
			func(r []OwedRow) []OwedRow {
				return append(r, OwedRow{OwedClause: "第二条 (一)", OwedObligor: "广安市人民政府", OwedText: "核定事业编制", OwedSupport: "12", OwedConfirms: "甲方"})
			},
			func(t *Text) {
				t.Clauses[3].Commitments = append(t.Clauses[3].Commitments, Commitment{Obligor: "city", Confirms: "bureau", Text: "核定事业编制", Support: &Support{Kind: Money, Amount: 12}})
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			base, want := twice(), twice()
			c.want(&want)
			got, err := AdoptOwed(base, base, c.edit(base.OwedRows(plain())), plain())
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want.Canonical()), string(got.Canonical())); d != "" {
				t.Error(d)
			}
			if Digest(base) != Digest(twice()) {
				t.Error("the version before was written over")
			}
		})
	}
}

func TestTheTableSaysWhatIsOwedUnderANewClause(t *testing.T) { // Rule M-08
	base, read := twice(), twice()
	read.Clauses = append(read.Clauses, Clause{No: "（二）", Level: 2, Text: "乙方应当落实检测中心的运行经费。"})
	rows := append(base.OwedRows(plain()), OwedRow{OwedClause: "第二条（二）", OwedObligor: "乙方", OwedText: "落实运行经费", OwedSupport: "30"})
	got, err := AdoptOwed(base, read, rows, plain())
	if err != nil || len(got.Clauses) != 5 {
		t.Fatalf("%d clauses, %v", len(got.Clauses), err)
	}
	want := []Commitment{{Obligor: "city", Text: "落实运行经费", Support: &Support{Kind: Money, Amount: 30}}}
	if d := cmp.Diff(want, got.Clauses[4].Commitments); d != "" {
		t.Error(d)
	}
}

func TestWhatCannotBeReadInTheTableIsSaidRowByRow(t *testing.T) { // Rule M-08
	base := twice()
	rows := base.OwedRows(plain())
	rows[0][OwedConfirms], rows[1][OwedSupport] = "市工商局", "若干"
	rows = append(rows, OwedRow{OwedClause: "第九条", OwedObligor: "甲方", OwedText: "赠送锦旗一面"})
	_, err := AdoptOwed(base, base, rows, plain())
	var l fault.List
	if !errors.As(err, &l) || len(l) != 3 {
		t.Fatalf("%v", err)
	}
	for i, key := range []string{"version.owed-unit-unread", "version.owed-support-unread", "version.owed-clause-unread"} {
		if l[i].Key != key {
			t.Errorf("fault %d is %s, wanted %s", i, l[i].Key, key)
		}
	}
}
