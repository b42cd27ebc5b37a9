package paper

import (
	"regexp"
	"strings"

	"gongjian/internal/office"
)

// line is a paragraph or a row outside the task rows, where title, issuer and
// date are looked for.
type line struct {
	text   string // as it stands, with its line breaks
	origin office.Origin
}

var (
	titleEnd   = regexp.MustCompile(`(?:表|清单|台账|分解|方案|计划|要点|安排|分工|任务书|一览|意见|通知|目录)(?:[（(][^（）()]{0,20}[）)])?$`)
	tableTitle = regexp.MustCompile(`(?:表|清单|台账|台帐|一览)(?:[（(][^（）()]{0,20}[）)])?$`)
	taskTitle  = regexp.MustCompile(`任务|分解|清单|分工|台账|要点|计划|目标|事项|工作`)
	annexWord  = regexp.MustCompile(`^(?:附件|附表|附|表)[一二三四五六七八九十\d]*[：:．.]?$`)
	annexFront = regexp.MustCompile(`^(?:附件|附表)[一二三四五六七八九十\d]*[：:]`)
	issuedAs   = regexp.MustCompile(`关于[\s\S]{2,80}的?(?:通知|意见|方案|决定|函|办法|报告|批复|通报)`)
	redHead    = regexp.MustCompile(`^([^，。：]{3,30})文件$`)
	unitLabel  = regexp.MustCompile(`(?:制表单位|填报单位|编制单位|制发单位|发文单位|印发单位|发布单位|下达单位|起草单位|制定单位|汇总单位|填表单位|报送单位|制表部门|填报部门|编制部门|发文机关|印发机关|制表|编制)(?:[（(][^（）()]*[）)])?[:：]\s*([^\s:：，。；]{3,40})`)
	bareLabel  = regexp.MustCompile(`^\s*单位(?:名称)?(?:[（(]盖章[）)])?[:：]\s*([^\s:：，。；]{4,40})`) // 单位：万元 names a measure
	unitName   = regexp.MustCompile(`^\p{Han}[\p{Han}、（）()\s\x{3000}]{2,50}(?:政府|委员会|领导小组|办公室|局|委|厅|办|党委|工委|管委会|指挥部|中心|公司|联席会议|小组|市委|县委|区委|州委|省委|部|院|集团)$`)
	dateAtEnd  = regexp.MustCompile(`[（(]?(?:\d{4}|[〇○零一二三四五六七八九]{4})年[^，。；]{1,6}月(?:[^，。；]{1,4}日)?[）)]?$`)
	dateLabel  = regexp.MustCompile(`(?:填报|填表|制表|编制|报送|印发|发布)?(?:日期|时间)[:：](?:[^\p{Han}]|[年月日〇零一二三四五六七八九十])*`)
	yearFigure = regexp.MustCompile(`((?:19|20)\d{2})(?:年|[-至到]|\))`)
	yearWords  = regexp.MustCompile(`([二一][〇○零一二三四五六七八九]{3})年`)
	docNumber  = regexp.MustCompile(`\(((?:19|20)\d{2})\)`)
)

// yearIn finds the first year printed in a text, or 0.
func yearIn(text string) int {
	s := plainText(text)
	if m := yearFigure.FindStringSubmatch(s); m != nil {
		return atoi(m[1])
	}
	if m := yearWords.FindStringSubmatch(s); m != nil {
		return atoi(chineseToArabic(m[1]))
	}
	return 0
}

// readAbout finds title, year and issuer. Rule I-07.
func (r *reading) readAbout() {
	near, all := r.linesAbove()
	title := r.findTitle(near)
	document := r.documentTitle(all)
	if title == "" {
		title = document
	}
	r.findIssuer(near, all)
	r.result.Title = r.withoutIssuer(title)
	r.result.Year = 0
	texts := []string{title}
	for _, l := range near {
		texts = append(texts, l.text)
	}
	for t := range r.sections {
		if len(r.sections) == 1 {
			texts = append(texts, t.Sheet)
		}
	}
	texts = append(texts, document)
	texts = append(texts, r.subtitles(all)...)
	for _, l := range all {
		if m := docNumber.FindStringSubmatch(plainText(l.text)); m != nil && len([]rune(l.text)) < 40 {
			texts = append(texts, m[1]+"年")
		}
	}
	for _, l := range all {
		if text := plainText(l.text); dateAtEnd.MatchString(text) && len([]rune(text)) < 40 {
			texts = append(texts, text)
		}
	}
	for _, text := range texts {
		if r.result.Year = yearIn(text); r.result.Year != 0 {
			return
		}
	}
}

// subtitles lists short lines in brackets right below a title: （2019—2021年）.
func (r *reading) subtitles(all []line) (out []string) {
	after := false
	for _, l := range all {
		text := plainText(l.text)
		switch {
		case r.about[l.origin] == ReasonTitle:
			after = true
		case text == "":
		case after && strings.HasPrefix(text, "(") && len([]rune(text)) < 30:
			out = append(out, text)
		default:
			after = false
		}
	}
	return out
}

// linesAbove lists what stands right above and below the first task table, and
// the running text of the whole document. A document without a task table has
// only the latter.
func (r *reading) linesAbove() (near, all []line) {
	for i, b := range r.doc.Blocks {
		if b.Paragraph != nil {
			all = append(all, line{b.Paragraph.Text, b.Paragraph.Origin})
			continue
		}
		s, ok := r.sections[b.Table]
		if !ok || near != nil {
			continue
		}
		for _, row := range b.Table.Rows[:s.headerAt] {
			for _, c := range row.Cells {
				if strings.TrimSpace(c.Text) != "" && !c.Covered() && !row.Hidden {
					near = append(near, line{c.Text, row.Origin})
				}
			}
		}
		if len(near) == 0 {
			near = r.paragraphsBefore(i)
		}
		if near == nil {
			near = []line{}
		}
		near = append(near, footRows(b.Table)...)
	}
	return near, all
}

// rawText joins the cells of a row and keeps their white space, which parts the
// issuer from the date.
func rawText(row office.Row) string {
	var parts []string
	for _, c := range row.Cells {
		if strings.TrimSpace(c.Text) != "" && !c.Covered() {
			parts = append(parts, c.Text)
		}
	}
	return strings.Join(parts, "\t")
}

// footRows are the labelled rows at the foot of a table: 填报单位：….
func footRows(t *office.Table) (out []line) {
	for i := max(0, len(t.Rows)-5); i < len(t.Rows); i++ {
		if text := rawText(t.Rows[i]); unitLabel.MatchString(text) && noteWords.MatchString(Tidy(text)) {
			out = append(out, line{text, t.Rows[i].Origin})
		}
	}
	return out
}

// paragraphsBefore lists the short paragraphs right above a table, up to the
// end of the running text before them.
func (r *reading) paragraphsBefore(at int) []line {
	first := at
	for i := at - 1; i >= 0 && at-i <= 12; i-- {
		p := r.doc.Blocks[i].Paragraph
		if p == nil || sentence(Tidy(p.Text)) || annexWord.MatchString(Tidy(p.Text)) {
			break
		}
		first = i
	}
	var out []line
	for _, b := range r.doc.Blocks[first:at] {
		if strings.TrimSpace(b.Paragraph.Text) != "" {
			out = append(out, line{b.Paragraph.Text, b.Paragraph.Origin})
		}
	}
	return out
}

// findTitle takes the title from the lines above the header: the one that ends
// like a title, with the line before it where the title runs over two.
func (r *reading) findTitle(lines []line) string {
	named := false // a table's own title stands below the document's: 关于…的通知, then …分解表
	for _, l := range lines {
		text := withoutAnnex(l.text)
		named = named || titleLike(text) && tableTitle.MatchString(text) && !issuedAs.MatchString(text)
	}
	for i, l := range lines {
		text := withoutAnnex(l.text)
		if !titleLike(text) || named && (issuedAs.MatchString(text) || i+1 < len(lines) && issuedAs.MatchString(Tidy(lines[i+1].text))) {
			continue
		}
		if i+1 < len(lines) && !titleEnd.MatchString(text) && titleLike(Tidy(lines[i+1].text)) && titleEnd.MatchString(Tidy(lines[i+1].text)) &&
			headingStyle(Tidy(lines[i+1].text)) == "" {
			r.about[lines[i+1].origin] = ReasonTitle
			text += Tidy(lines[i+1].text)
		} else if !titleEnd.MatchString(text) && !taskTitle.MatchString(text) {
			continue
		}
		r.about[l.origin] = ReasonTitle
		return text
	}
	return ""
}

// withoutAnnex takes 附件1： off the title of an annex.
func withoutAnnex(text string) string {
	tidy := Tidy(text)
	if rest := annexFront.ReplaceAllString(tidy, ""); rest != tidy && tableTitle.MatchString(rest) && headingStyle(rest) == "" {
		return rest
	}
	return tidy
}

func titleLike(text string) bool {
	return text != "" && !annexWord.MatchString(text) && !redHead.MatchString(text) && headingStyle(text) == "" && !sentence(text) &&
		!dateAtEnd.MatchString(plainText(text)) && !unitLabel.MatchString(text) && !noteWords.MatchString(text) &&
		!strings.ContainsAny(text, "：:") && len([]rune(text)) <= 60
}

// documentTitle finds 关于…的通知 or, without one, the first line that ends like a title.
func (r *reading) documentTitle(all []line) string {
	for i, l := range all {
		if i > 20 {
			break
		}
		text := l.text
		if loc := issuedAs.FindStringIndex(text); loc != nil && !sentence(Tidy(text)) {
			r.about[l.origin] = ReasonTitle
			if before := strings.TrimSpace(text[:loc[0]]); before != "" && r.result.Issuer == "" {
				r.result.Issuer = joinUnits(before)
			} else if r.result.Issuer == "" {
				r.result.Issuer = r.issuersAbove(all[:i])
			}
			return Tidy(text[loc[0]:])
		}
	}
	for i, l := range all {
		if text := Tidy(l.text); i <= 10 && titleLike(text) && titleEnd.MatchString(text) {
			r.about[l.origin] = ReasonTitle
			return text
		}
	}
	return ""
}

// issuersAbove reads the issuers that stand line by line above a document's title.
func (r *reading) issuersAbove(above []line) string {
	var names []string
	for i := len(above) - 1; i >= 0 && len(names) < 4 && unitName.MatchString(strings.TrimSpace(above[i].text)); i-- {
		r.about[above[i].origin] = ReasonTitle
		names = append([]string{joinUnits(above[i].text)}, names...)
	}
	return strings.Join(names, "、")
}

// joinUnits writes joint issuers, which stand apart by white space, with 、.
func joinUnits(text string) string {
	names, _ := splitUnits(text)
	return strings.Join(names, "、")
}

// findIssuer looks at the labels beside the table, the line below its title,
// the document's own title, its signature and its head, in this order.
func (r *reading) findIssuer(near, all []line) {
	fromTitle := r.result.Issuer
	r.result.Issuer = ""
	for _, l := range near {
		if m := bareLabel.FindStringSubmatch(withoutDate(l.text)); m != nil && endsLikeUnit(Tidy(m[1])) {
			r.result.Issuer = Tidy(m[1])
			r.about[l.origin] = ReasonNote
			return
		}
		if m := unitLabel.FindStringSubmatch(withoutDate(l.text)); m != nil && strings.Trim(m[1], "_＿") != "" {
			r.result.Issuer = Tidy(m[1])
			r.about[l.origin] = ReasonNote
			return
		}
	}
	for _, l := range near {
		text := withoutDate(l.text)
		if _, isTitle := r.about[l.origin]; !isTitle && unitName.MatchString(text) && headingStyle(text) == "" {
			r.result.Issuer = joinUnits(text)
			r.about[l.origin] = ReasonNote
			return
		}
	}
	if r.result.Issuer = fromTitle; fromTitle != "" {
		return
	}
	if r.result.Issuer = r.belowTitle(all); r.result.Issuer != "" {
		return
	}
	for i := len(all) - 1; i > 0; i-- {
		text := plainText(all[i].text)
		if dateAtEnd.FindString(text) == text && text != "" && unitName.MatchString(strings.TrimSpace(all[i-1].text)) {
			r.result.Issuer = joinUnits(all[i-1].text)
			return
		}
	}
	if r.result.Issuer = r.atTheEnd(all); r.result.Issuer != "" {
		return
	}
	for i, l := range append(near, all...) {
		if m := redHead.FindStringSubmatch(Tidy(l.text)); m != nil && i < 5 {
			r.result.Issuer = m[1]
			return
		}
	}
}

// belowTitle: Rule I-59, it finds the issuer in one of the two lines below the document's title.
func (r *reading) belowTitle(all []line) string {
	left := 0
	for _, l := range all {
		if r.about[l.origin] == ReasonTitle {
			left = 2
			continue
		}
		if strings.TrimSpace(l.text) == "" || left == 0 {
			continue
		}
		left--
		if text := withoutDate(l.text); unitName.MatchString(text) && headingStyle(text) == "" && len(r.sections) == 0 {
			r.about[l.origin] = ReasonNote
			return joinUnits(text)
		}
	}
	return ""
}

// atTheEnd: Rule I-59, it finds the issuer in a signature without a date: the last line of the
// document, or of the sheet.
func (r *reading) atTheEnd(all []line) string {
	last := ""
	for _, b := range r.doc.Blocks {
		if b.Paragraph != nil && strings.TrimSpace(b.Paragraph.Text) != "" {
			last = b.Paragraph.Text
		} else if b.Table != nil {
			last = ""
			if r.isTaskTable(b.Table) && len(b.Table.Rows) > 1 {
				last = rowText(b.Table.Rows[len(b.Table.Rows)-1])
			}
		}
	}
	if text := withoutDate(last); unitName.MatchString(text) && headingStyle(text) == "" && !strings.ContainsAny(text, "、") {
		return joinUnits(text)
	}
	return ""
}

// withoutDate takes a date, or a label for one, off a line.
func withoutDate(text string) string {
	f := fold(text)
	end := len(f.text)
	for _, p := range []*regexp.Regexp{dateLabel, dateAtEnd} {
		switch loc := p.FindStringIndex(f.text[:end]); {
		case loc == nil:
		case loc[0] == 0 && loc[1] < end: // the date stands first
			return withoutDate(f.source(loc[1], end))
		default:
			end = loc[0]
		}
	}
	return strings.Trim(f.source(0, end), "（）() \t\n　")
}

// withoutIssuer takes the issuer's name off the front of the title.
func (r *reading) withoutIssuer(title string) string {
	rest := strings.TrimPrefix(title, r.result.Issuer)
	if strings.HasPrefix(rest, "关于") {
		return rest
	}
	return title
}
