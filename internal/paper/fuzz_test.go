package paper

import (
	"strings"
	"testing"
	"unicode/utf8"

	"gongjian/internal/office"
	"gongjian/internal/task"
)

func FuzzReadDeadline(f *testing.F) {
	for _, s := range []string{"2016年6月底前，并长期坚持", "每季度末月25日前", "签署后三十日内", "3月至次年2月", "“十三五”末", "2016.3.1-2016.5.31", "99999年99月99日"} {
		f.Add(s, 2016)
	}
	f.Fuzz(func(t *testing.T, text string, year int) {
		for _, d := range []task.Deadline{ReadDeadline(text, year), first(findDeadline(text, year))} {
			switch {
			case d.Kind == task.DeadlineByDate && d.Date.IsZero(),
				d.Kind == task.DeadlineRange && (d.From.IsZero() || d.Date.Before(d.From)),
				d.Kind == task.DeadlineRecurring && d.Every == "",
				d.Kind == task.DeadlineRelative && d.Relative == nil:
				t.Fatalf("%q: %+v", text, d)
			}
		}
	})
}

func first[T any](v T, _ bool) T { return v }

func FuzzReadTarget(f *testing.F) {
	for _, s := range []string{"力争3-5万元以上", "不超过0.6人", "百分之九十", "1,234,567.8901亿元", "零的突破", "九十九个以上", "第3名"} {
		f.Add(s, "万元")
		f.Add(s, "")
	}
	f.Fuzz(func(t *testing.T, text, unit string) {
		for _, g := range []*task.Target{ReadTarget(text, unit), findTarget(text)} {
			if g != nil && (g.Value < 0 || g.High < 0 || g.Op == task.OpRange && g.High < g.Value) {
				t.Fatalf("%q %q: %+v", text, unit, g)
			}
		}
	})
}

func FuzzSplitUnits(f *testing.F) {
	for _, s := range []string{"市质监局会同市工商局、市商务局等有关单位", "牵头单位：甲局\n配合单位：乙局", "各县（市、区）政府", "（（、）", "各区、县级市牵头，乙配合"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range SplitUnits(text) {
			if strings.TrimSpace(name) == "" {
				t.Fatalf("%q gives an empty name", text)
			}
		}
		readRoles(text)
		splitPeople(text)
	})
}

// FuzzDocument reads any delimited text as a document; nothing of it may get lost.
func FuzzDocument(f *testing.F) {
	f.Add("序号,任务,牵头单位,时限\n1,建设,市局,年底前\n合计,,,\n")
	f.Add("领域\t任务\t\t责任分工\n\t\t\t牵头\t配合\n")
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		data := []byte(text)
		doc, err := office.Open("a.csv", strings.NewReader(text), int64(len(text)))
		if err != nil {
			return
		}
		r := ReadTaskTable(doc)
		everythingIsAccountedFor(t, "a.csv", data, r)
		if _, err := r.JSON(); err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzSplitClosing(f *testing.F) {
	for _, s := range []string{"办（甲局牵头，乙局配合，年底前完成）。", "办。责任单位：甲局", "（（完成时限：6月）〕责任领导：王X)", "办〔甲局负责〕（2014年）"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		body, end := splitClosing(text)
		if len(body) > len(text) || !strings.HasPrefix(text, body) {
			t.Fatalf("%q gives the body %q", text, body)
		}
		readRoles(end.units)
		end.deadlineOf(2016)
		doc := office.Document{Format: office.Text}
		for i, line := range strings.Split(text, "\n") {
			doc.Blocks = append(doc.Blocks, office.Block{Paragraph: &office.Paragraph{Text: line, Origin: office.Origin{Row: i + 1}}})
		}
		r := ReadTaskTable(doc)
		if places := r.places(); len(places) != len(doc.Blocks) {
			t.Fatalf("%q: %d of %d paragraphs are accounted for", text, len(places), len(doc.Blocks))
		}
	})
}
