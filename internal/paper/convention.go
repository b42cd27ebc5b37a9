package paper

import (
	"regexp"
	"strings"
)

// unitRule collects what the table says about who leads, row by row.
type unitRule struct {
	leadHeader   string // texts of the lead columns
	helpHeader   string
	sides        []roles // one per row of the result
	hasHelp      bool
	inParagraphs bool
}

// note keeps the reading of one row's lead cell.
func (u *unitRule) note(h header, side roles) {
	for _, c := range h.columns {
		switch c.field {
		case fieldLead:
			u.leadHeader += headerText(c) + " "
		case fieldCooperating:
			u.helpHeader += headerText(c) + " "
			u.hasHelp = true
		}
	}
	if len(u.leadHeader) > 400 {
		u.leadHeader, u.helpHeader = u.leadHeader[:200], u.helpHeader[:min(200, len(u.helpHeader))]
	}
	u.sides = append(u.sides, side)
}

var (
	firstLeads = regexp.MustCompile(`(?:第一|首位|首个|第1|最前|(?:排|列|写)(?:名)?(?:在)?(?:首|前|第一)|居首|首列|打头)[^。；;]{0,14}(?:牵头|主办|主责|负总责|总负责)|(?:牵头|主办|主责)(?:单位|部门)?[^。；;]{0,8}(?:排|列|居|写)[^。；;]{0,4}(?:第一|首位|首|最前|前面)`)
	allEqual   = regexp.MustCompile(`不分主次|均为责任(?:主体|单位)|同等责任|共同(?:负责|承担|牵头)|不分先后`)
)

// settleConvention: Rule I-34, the convention is printed in the document or
// follows from the headers; it decides on which side the units of one column stand.
func (r *reading) settleConvention() {
	if len(r.result.Rows) == 0 {
		return
	}
	text := plainText(r.wholeText())
	strong := strongLead.MatchString(r.units.leadHeader)
	responsible, marked := r.units.count()
	several := 2 // rows that mark a leader in words make it the document's way
	switch {
	case r.units.inParagraphs && firstLeads.MatchString(text):
		r.firstLeads()
		if marked+responsible > 0 {
			r.result.Convention = Bracketed
		}
	case r.units.inParagraphs:
		r.leaderUnclear()
		r.result.Convention = Bracketed
	case r.units.leadHeader == "" && !r.units.hasHelp:
		r.result.Convention = ""
	case firstLeads.MatchString(text) && !r.units.hasHelp:
		r.firstLeads()
	case r.units.hasHelp && !strong && (allEqual.MatchString(text) || !strings.ContainsAny(plainText(r.units.helpHeader), "配办同参作") || responsible > several):
		r.result.Convention = Equal
	case r.units.hasHelp:
		r.result.Convention = Columns
	case responsible > marked && responsible*2 > len(r.units.sides) || allEqual.MatchString(text):
		r.result.Convention = Equal
		if strong && responsible*2 <= len(r.units.sides) {
			r.result.Convention = Collective
		}
	case marked*2 > len(r.units.sides) || marked >= several && r.someHelp():
		r.result.Convention = Columns
	case strong:
		r.result.Convention = Collective
	default:
		r.leaderUnclear()
	}
}

// count says how many rows mark all their units as responsible (负责落实), and how
// many mark a leader.
func (u unitRule) count() (responsible, marked int) {
	for _, s := range u.sides {
		if s.marked && s.responsible {
			responsible++
		} else if s.marked {
			marked++
		}
	}
	return responsible, marked
}

// someHelp reports whether any row has cooperating units.
func (r *reading) someHelp() bool {
	for _, row := range r.result.Rows {
		if len(row.Cooperating) > 0 {
			return true
		}
	}
	return false
}

// firstLeads moves all but the first unit of a row to the cooperating side,
// except where the row's own words say who leads.
func (r *reading) firstLeads() {
	r.result.Convention = FirstListed
	for i := range r.result.Rows {
		row := &r.result.Rows[i]
		if len(row.Lead) > 1 && !r.units.sides[i].marked {
			row.Cooperating = append(append([]string(nil), row.Lead[1:]...), row.Cooperating...)
			row.Lead = row.Lead[:1]
		}
	}
}

// leaderUnclear: one column of responsible units and no word about who leads.
// They are taken as equal, with a doubt on every row that names several.
func (r *reading) leaderUnclear() {
	r.result.Convention = Equal
	for i := range r.result.Rows {
		if row := &r.result.Rows[i]; len(row.Lead) > 1 && !r.units.sides[i].marked {
			row.doubt("units", DoubtLeader)
		}
	}
}

// wholeText is what may state the rule: paragraphs, headers, notes and other
// tables, but not the task rows themselves.
func (r *reading) wholeText() string {
	var b strings.Builder
	for _, l := range r.result.LeftOut {
		if l.Reason != ReasonHiddenRow {
			b.WriteString(l.Text)
			b.WriteByte('\n')
		}
	}
	return b.String()
}
