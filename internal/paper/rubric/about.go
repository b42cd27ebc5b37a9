package rubric

import (
	"regexp"
	"strings"

	"gongjian/internal/office"
	"gongjian/internal/paper"
)

var (
	titleEnd  = regexp.MustCompile(`(?:表|细则|标准|办法|方案|体系|规则|明细|指标|评分|一览)(?:[（(【〔][^（）()]{0,24}[）)】〕])?$`)
	titleWord = regexp.MustCompile(`考核|考评|评分|评价|打分|测评|督查|评估|评定|细则`)
	annexWord = regexp.MustCompile(`^(?:附件|附表|附|表)[一二三四五六七八九十\d\-]*[：:．.]?$`)
	issuedAs  = regexp.MustCompile(`关于(?:印发|下发|转发|发布|公布)?《?([^《》]{4,60})》?的(?:通知|决定|函|意见|通报)`)
	aboutHead = regexp.MustCompile(`^关于|[》].{0,4}的(?:通知|决定|函)$`)
	redHead   = regexp.MustCompile(`^([^，。：]{3,30})文件$`)
	unitLabel = regexp.MustCompile(`(?:制表|填报|编制|制发|发文|印发|填表|制定|考核|考核组织|组织|发布|主办)(?:单位|部门|机关|机构)?(?:[（(][^（）()]*[）)])?[:：]\s*([^\s:：，。；]{3,40})`)
	unitName  = regexp.MustCompile(`^\p{Han}[\p{Han}、（）()]{2,50}(?:政府|委员会|领导小组|办公室|局|委|厅|办|党委|工委|管委会|指挥部|中心|公司|联席会议|小组|市委|县委|区委|州委|省委|部|院|集团|督查室)$`)
	dateLine  = regexp.MustCompile(`^[（(]?(?:\d{4}|[〇○零一二三四五六七八九]{4})年[^，。；]{1,4}月(?:[^，。；]{1,4}日)?[）)]?$`)
	gaps      = regexp.MustCompile(`[\t\n\r\x{3000}]+| {2,}`)
	totalAt   = regexp.MustCompile(`(?:满分|总分值?|起评分|起始分|考核总分|总计|合计|基准分|基本分|基础分|考核分值|评分总分|标准分)(?:值)?(?:数)?(?:设定)?(?:为|是|:|共|计|按)*` + figure + `分`)
	systemAt  = regexp.MustCompile(`(?:实行|采用|采取|按照?|为|按)?(\d{2,4})分制`)
	otherAt   = regexp.MustCompile(`^(?:.{0,8})?(?:共计?|计|总共|实行)` + figure + `分`)
	extraWord = regexp.MustCompile(`加分|附加|奖励分|扣分|减分|单项|每项`)
	capAt     = regexp.MustCompile(`(?:加分|附加分|奖励分|奖分)(?:项目?|部分|事项|指标|总分|合计|累计|总计|值)*[^。;\d每单]{0,14}?(?:不超过|不得超过|不超|最高|最多|上限|封顶|控制在|限)[^。;\d每单]{0,8}?` + figure + `分`)
	capAfter  = regexp.MustCompile(`(?:加分|附加分|奖励分)[^。;\d每单]{0,12}(?:以|累计|合计|总计|满|共|达到?)[^。;\d每单]{0,4}` + figure + `分(?:为限|封顶|为上限|为止|以内)`)
	capFirst  = regexp.MustCompile(`(?:最高|最多)(?:可|只)?(?:累计|合计)?加` + figure + `分`)
)

// readAbout finds title, year, issuer, full marks and the common cap. Rule R-06.
func (r *reader) readAbout() {
	r.gather()
	r.findTitle()
	r.findIssuer()
	r.out.Title = withoutIssuer(r.out.Title, r.out.Issuer)
	r.findYear()
	r.findTotals()
}

// gather lists what stands outside the items: rows above the header and notes
// below, and the running text.
func (r *reader) gather() {
	for _, b := range r.doc.Blocks {
		if p := b.Paragraph; p != nil {
			if strings.TrimSpace(p.Text) != "" {
				r.lines = append(r.lines, line{p.Text, p.Origin, false})
			}
			continue
		}
		h, ok := r.tables[b.Table]
		if !ok {
			continue
		}
		for i, row := range b.Table.Rows {
			text := rowText(row)
			note := i >= h.at+h.rows && (noteWords.MatchString(paper.Plain(text)) || oneCell(row) && sentence(paper.Tidy(text)))
			if text != "" && !row.Hidden && (i < h.at || note) {
				r.lines = append(r.lines, line{text, row.Origin, true})
			}
		}
	}
}

func oneCell(row office.Row) bool {
	n := 0
	for _, c := range row.Cells {
		if strings.TrimSpace(c.Text) != "" && !c.FromLeft {
			n++
		}
	}
	return n == 1
}

// titleLike reports whether a line may be a title at all.
func titleLike(text string) bool {
	return text != "" && len([]rune(text)) <= 60 && !annexWord.MatchString(text) && !redHead.MatchString(text) && !dateLine.MatchString(text) &&
		!sentence(text) && !noteWords.MatchString(paper.Plain(text)) && !strings.ContainsAny(text, "：:，；") && !unitName.MatchString(text) && styleOf(text) == ""
}

// findTitle takes the line nearest above the first table that ends like the title
// of a rubric, else the name in 关于印发《…》的通知.
func (r *reader) findTitle() {
	first := r.firstTable()
	best := -1
	for i, l := range r.lines {
		text := paper.Tidy(gaps.Split(strings.TrimSpace(l.text), -1)[0])
		if !l.table && l.origin.Paragraph > first || l.table && best >= 0 && r.lines[best].table {
			break
		}
		if l.table && noteWords.MatchString(paper.Plain(l.text)) {
			continue
		}
		if titleLike(text) && !aboutHead.MatchString(text) && (titleEnd.MatchString(text) || titleWord.MatchString(text)) {
			best = i
			r.out.Title = text
			if before := r.lineBefore(i); before != "" {
				r.out.Title = before + text
				r.about[r.lines[i-1].origin] = paper.ReasonTitle
			}
		}
	}
	if best >= 0 {
		r.about[r.lines[best].origin] = paper.ReasonTitle
		return
	}
	for _, l := range r.lines {
		if m := issuedAs.FindStringSubmatch(paper.Tidy(l.text)); m != nil {
			r.out.Title = m[1]
			return
		}
	}
	for _, l := range r.lines {
		if text := paper.Tidy(l.text); l.table && titleLike(text) {
			r.out.Title = text
			return
		}
	}
	for t := range r.tables {
		if rubricTitle.MatchString(t.Sheet) && len(r.tables) == 1 {
			r.out.Title = t.Sheet
		}
	}
}

// lineBefore is the first half of a title that runs over two lines.
func (r *reader) lineBefore(i int) string {
	if i == 0 {
		return ""
	}
	before, text := paper.Tidy(r.lines[i-1].text), paper.Tidy(r.lines[i].text)
	if r.lines[i-1].table != r.lines[i].table || !titleLike(before) || titleEnd.MatchString(before) || paper.YearIn(text) != 0 && paper.YearIn(before) != 0 ||
		paper.YearIn(before) == 0 || aboutHead.MatchString(before) {
		return ""
	}
	return before
}

// firstTable is the number of the last paragraph above the first table.
func (r *reader) firstTable() int {
	last := 0
	for _, b := range r.doc.Blocks {
		if b.Paragraph != nil {
			last = b.Paragraph.Origin.Paragraph
			continue
		}
		if _, ok := r.tables[b.Table]; ok {
			return last
		}
	}
	return last
}

func (r *reader) findIssuer() {
	for _, l := range r.lines {
		if m := unitLabel.FindStringSubmatch(l.text); m != nil && strings.Trim(m[1], "_＿") != "" && unitName.MatchString(paper.Tidy(m[1])) {
			r.out.Issuer = paper.Tidy(m[1])
			return
		}
	}
	for _, l := range r.lines {
		if !l.table && !r.nearTable(l) {
			continue
		}
		for _, part := range gaps.Split(strings.TrimSpace(l.text), -1) {
			part = strings.Trim(part, "（）() ")
			if unitName.MatchString(part) && paper.Tidy(part) != r.out.Title {
				r.out.Issuer = paper.Tidy(part)
				return
			}
		}
	}
	r.issuerOfDocument()
}

// nearTable reports whether a paragraph stands right at the title of the table.
func (r *reader) nearTable(l line) bool {
	for i, other := range r.lines {
		if other.origin == l.origin && i > 0 {
			_, title := r.about[r.lines[i-1].origin]
			return title
		}
	}
	return false
}

// issuerOfDocument reads the head of the notice, its signature, and its red head.
func (r *reader) issuerOfDocument() {
	for i, l := range r.lines {
		text := strings.TrimSpace(l.text)
		at := strings.Index(text, "关于")
		if at < 0 || !issuedAs.MatchString(paper.Tidy(text)) {
			continue
		}
		if before := paper.Tidy(text[:at]); unitName.MatchString(before) {
			r.out.Issuer = before
			return
		}
		if i > 0 && unitName.MatchString(paper.Tidy(r.lines[i-1].text)) {
			r.out.Issuer = paper.Tidy(r.lines[i-1].text)
			return
		}
	}
	for i := len(r.lines) - 1; i > 0; i-- {
		if dateLine.MatchString(paper.Tidy(r.lines[i].text)) && unitName.MatchString(paper.Tidy(r.lines[i-1].text)) {
			r.out.Issuer = paper.Tidy(r.lines[i-1].text)
			return
		}
	}
	for i, l := range r.lines {
		if m := redHead.FindStringSubmatch(paper.Tidy(l.text)); m != nil && i < 5 {
			r.out.Issuer = m[1]
			return
		}
	}
}

// withoutIssuer takes the issuer's name off the front of the title.
func withoutIssuer(title, issuer string) string {
	if rest := strings.TrimPrefix(title, issuer); issuer != "" && rest != "" {
		return strings.TrimPrefix(rest, "关于印发")
	}
	return title
}

func (r *reader) findYear() {
	texts := []string{r.out.Title}
	for _, l := range r.lines {
		if l.table || len([]rune(l.text)) < 60 {
			texts = append(texts, l.text)
		}
	}
	for t := range r.tables {
		if len(r.tables) == 1 {
			texts = append(texts, t.Sheet)
		}
	}
	for _, text := range texts {
		if r.out.Year = paper.YearIn(text); r.out.Year != 0 {
			return
		}
	}
}

// findTotals reads 满分100分, 起评分为100分 and 加分累计不超过5分.
func (r *reader) findTotals() {
	var texts []string
	for _, l := range r.lines {
		texts = append(texts, paper.Plain(l.text))
	}
	for t, h := range r.tables {
		if c := h.column(rolePoints); c >= 0 && len(r.tables) == 1 {
			texts = append(texts, "满分"+strings.Trim(bracketPart.FindString(paper.Plain(t.Rows[h.at].Cells[c].Text)), "()"))
		}
	}
	for _, text := range texts {
		r.out.Starting = r.out.Starting || startWord.MatchString(text)
		for _, words := range []*regexp.Regexp{capAt, capAfter, capFirst} {
			m := words.FindStringSubmatchIndex(text)
			if m == nil || r.out.BonusCap != nil || words == capFirst && !strings.Contains(text, "加分") || ofEach.MatchString(text[:m[0]]) {
				continue
			}
			r.out.BonusCap = parse(text[m[2]:m[3]])
		}
	}
	r.out.Total = findTotal(texts)
}

var (
	ofEach      = regexp.MustCompile(`(?:[每单]\p{Han}{1,3}|同一\p{Han}{0,3})$`) // 每项加分不超过2分
	bracketPart = regexp.MustCompile(`\([^()]*\)`)
	clauseEnd   = regexp.MustCompile(`[。;,]`)
)

func findTotal(texts []string) Points {
	for _, words := range []*regexp.Regexp{totalAt, systemAt, otherAt} {
		for _, text := range texts {
			for _, clause := range clauseEnd.Split(text, -1) {
				if m := words.FindStringSubmatchIndex(clause); m != nil && !extraWord.MatchString(clause[:m[0]]) {
					return parse(clause[m[2]:m[3]])
				}
			}
		}
	}
	for _, text := range texts {
		switch {
		case strings.Contains(text, "千分制"):
			return parse("1000")
		case strings.Contains(text, "百分制"):
			return parse("100")
		}
	}
	for _, text := range texts { // 考核评分表（100分）
		if m := regexp.MustCompile(`^[^。;,]{4,50}\(` + figure + `分\)$`).FindStringSubmatch(text); m != nil {
			return parse(m[1])
		}
	}
	return nil
}
