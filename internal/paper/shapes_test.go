package paper

import (
	"slices"
	"strings"
	"testing"
)

// Rules I-02, I-04, I-50: the same table in the neighbouring shapes that offices
// send gives the same reading.
func TestTheShapeOfATableChangesNothing(t *testing.T) {
	title, note := "2016年质量兴市任务分解表", "注：牵头单位对任务负总责。"
	head := []string{"序号", "重点领域", "工作任务", "具体措施", "牵头单位", "配合单位", "责任领导", "完成时限", "目标值", "备注"}
	rows := [][]string{
		{"1", "名牌", "培育名牌", "申报省名牌", "市质监局", "市经信委、各县（市、区）政府", "副市长李X", "11月底前", "不少于5个", "—"},
		{"1", "名牌", "培育名牌", "建立梯队", "市质监局", "市经信委", "副市长李X", "每季度", "20家左右", "含续建"},
		{"2", "名牌", "推广标杆", "评选标杆", "市经信委、市工商联", "", "副市长王X", "三季度", "3-5家", ""},
		{"3", "标准", "制定标准", "发布地方标准", "市质监局", "市农业局、市住建局", "副市长李X", "2016年底前，并长期坚持", "力争8项", ""},
		{"4", "标准", "试点示范", "建设试点", "市质监局", "", "", "春节前", "", ""},
	}
	want := `
1 [名牌] 培育名牌 / 申报省名牌 <市质监局> (市经信委、各县（市、区）政府) {副市长李X} by-date 2016-11-30; >= 5 个; 
1 [名牌] 培育名牌 / 建立梯队 <市质监局> (市经信委) {副市长李X} recurring quarter; ~ 20 家; 含续建
2 [名牌] 推广标杆 / 评选标杆 <市经信委、市工商联> () {副市长王X} by-date 2016-09-30; range 3 5 家; 
3 [标准] 制定标准 / 发布地方标准 <市质监局> (市农业局、市住建局) {副市长李X} by-date 2016-12-31 then-standing; = 8 项 soft; 
4 [标准] 试点示范 / 建设试点 <市质监局> () {} unparsed; nil; `
	same2 := func(name string, data []byte, file string) {
		t.Run(name, func(t *testing.T) {
			r := openBytes(t, file, data)
			same(t, about(r), "2016年质量兴市任务分解表 | 2016 |  | columns")
			same(t, lines(r), want)
			everythingIsAccountedFor(t, file, data, r)
		})
	}
	all := func(change func(row []string, above []string) []string) [][]string {
		out := [][]string{change(head, nil)}
		var above []string
		for _, row := range rows {
			out, above = append(out, change(row, above)), row
		}
		return out
	}
	plain := func(row, _ []string) []string { return slices.Clone(row) }
	blanked := func(row, above []string) []string { // merged down before the export
		out := slices.Clone(row)
		for _, c := range []int{0, 1, 2, 4} {
			if above != nil && row[c] == above[c] && (c == 1 || row[0] == above[0]) {
				out[c] = ""
			}
		}
		return out
	}
	reversed := func(row, _ []string) []string { out := slices.Clone(row); slices.Reverse(out); return out }
	wide := func(row, _ []string) []string {
		return strings.Split(strings.NewReplacer("2016", "２０１６", "11", "１１", "20", "２０", "3-5", "３－５").Replace(strings.Join(row, "|")), "|")
	}
	renamed := func(row, above []string) []string {
		if row[0] != "序号" {
			return slices.Clone(row)
		}
		return []string{"项次", "工作类别", "目标任务", "落实举措", "主办部门", "协同单位", "牵头领导", "时间节点", "量化指标", "说明"}
	}
	respelled := func(row, _ []string) []string {
		out := slices.Clone(row)
		for _, c := range []int{4, 5} {
			out[c] = strings.ReplaceAll(strings.ReplaceAll(out[c], "、市", "；市"), "、各", "，各")
		}
		return out
	}
	delimited := func(rows [][]string, mark string) string {
		var b strings.Builder
		b.WriteString(title + strings.Repeat(mark, len(head)-1) + "\r\n")
		for _, row := range rows {
			b.WriteString(strings.Join(row, mark) + "\r\n")
		}
		return b.String() + note + strings.Repeat(mark, len(head)-1) + "\r\n"
	}
	excel := func(rows [][]string, merges ...string) []byte {
		s := sheet{name: "任务", rows: []string{title}, merges: append([]string{"A1:J1"}, merges...)}
		for _, row := range rows {
			s.rows = append(s.rows, strings.Join(row, "|"))
		}
		s.rows = append(s.rows, note)
		return workbook(t, s, sheet{name: "统计", rows: []string{"单位|任务数|完成率", "市质监局|3|0"}})
	}
	docx := func(rows [][]string) []byte {
		var table []string
		for _, row := range rows {
			table = append(table, strings.Join(row, "|"))
		}
		return word(t, par(title)+grid(table...)+par(note))
	}
	same2("GB18030 csv with blanks", gb18030(t, delimited(all(blanked), ",")), "a.csv")
	same2("UTF-8 csv with a byte-order mark, repeated", []byte("\xEF\xBB\xBF"+delimited(all(plain), ",")), "a.csv")
	same2("semicolons", []byte(delimited(all(blanked), ";")), "a.csv")
	same2("tabs in a text file", gb18030(t, delimited(all(plain), "\t")), "a.txt")
	same2("workbook, repeated", excel(all(plain)), "a.xlsx")
	same2("workbook, merged", excel(all(blanked), "A3:A4", "B3:B5", "C3:C4", "B6:B7", "E3:E4"), "a.xlsx")
	same2("workbook, blank", excel(all(func(row, above []string) []string {
		out := blanked(row, above)
		if out[4] == "" {
			out[4] = row[4]
		}
		return out
	})), "a.xlsx")
	same2("columns the other way round", excel(all(reversed)), "a.xlsx")
	same2("full-width digits", gb18030(t, delimited(all(wide), ",")), "a.csv")
	same2("other headers", docx(all(renamed)), "a.docx")
	same2("other separators", docx(all(respelled)), "a.docx")
	again := all(plain)
	same2("header printed again", excel(slices.Insert(again, 3, slices.Clone(head))), "a.xlsx")
}
