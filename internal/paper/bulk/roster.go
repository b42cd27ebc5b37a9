package bulk

import (
	"io"
	"strings"

	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/sheet"
)

// The columns of a roster.
const (
	colUnit   column = "unit"
	colShort  column = "short"
	colKind   column = "kind"
	colLevel  column = "level"
	colLine   column = "line"
	colBlock  column = "block"
	colRegion column = "region"
	colPost   column = "post"
	colPerson column = "person"
	colLogin  column = "login"
	colRole   column = "role"
	colFrom   column = "from"
)

var rosterHeads = heads{
	colUnit:   {"单位名称", "Unit", "单位", "单位全称", "机构名称", "部门名称", "所在单位", "工作单位"},
	colShort:  {"简称", "Short name", "单位简称"},
	colKind:   {"类别", "Kind", "单位类别", "性质", "单位性质", "机构性质"},
	colLevel:  {"层级", "Level", "级别", "行政层级"},
	colLine:   {"上级（条）", "Above in line", "条上级", "条上的上级", "上级主管单位", "业务主管单位", "上级业务部门"},
	colBlock:  {"上级（块）", "Above in block", "块上级", "块上的上级", "所属政府", "隶属政府", "本级政府"},
	colRegion: {"区划代码", "Region code", "行政区划代码", "地区代码", "行政区划"},
	colPost:   {"岗位", "Post", "岗位名称", "职务", "职位"},
	colPerson: {"姓名", "Name", "人员", "人员姓名"},
	colLogin:  {"登录名", "Login", "账号", "帐号", "用户名", "登录账号", "登录帐号"},
	colRole:   {"角色", "Role", "职责", "岗位职责", "权限"},
	colFrom:   {"起任日期", "From", "任职日期", "起任时间", "任职时间", "到任日期", "任职起始日期"},
}

// rosterOrder is how the columns stand in the template.
var rosterOrder = []struct {
	column column
	width  float64
}{
	{colUnit, 28}, {colShort, 14}, {colKind, 14}, {colLevel, 8}, {colLine, 26}, {colBlock, 22}, {colRegion, 10},
	{colPost, 16}, {colPerson, 10}, {colLogin, 14}, {colRole, 12}, {colFrom, 12},
}

// RosterRow is one row of a roster as printed.
type RosterRow struct {
	Row    int    `json:"row"`
	Unit   string `json:"unit,omitempty"`
	Short  string `json:"short,omitempty"`
	Kind   string `json:"kind,omitempty"`
	Level  string `json:"level,omitempty"`
	Line   string `json:"line,omitempty"`
	Block  string `json:"block,omitempty"`
	Region string `json:"region,omitempty"`
	Post   string `json:"post,omitempty"`
	Person string `json:"person,omitempty"`
	Login  string `json:"login,omitempty"`
	Role   string `json:"role,omitempty"`
	From   string `json:"from,omitempty"`
}

// Roster is a roster as printed.
type Roster struct {
	Rows []RosterRow `json:"rows"`
}

// ReadRoster reads a roster. A blank unit repeats the one above it where the row
// names a post or person.
//
// Faults, beside those of reading the file at all: roster.no-roster,
// bulk.column-missing, bulk.too-many-rows, roster.empty.
func ReadRoster(name string, r io.ReaderAt, size int64) (Roster, error) {
	g, err := rosterHeads.open(name, r, size, []column{colUnit}, "roster.no-roster")
	if err != nil {
		return Roster{}, err
	}
	if len(g.at) < 3 { // any table has a column 单位
		return Roster{}, fault.New(fault.Invalid, "roster.no-roster").On("file")
	}
	var out Roster
	above := ""
	err = g.rows(MaxPersons, func(number int, cell func(column) string) {
		x := RosterRow{
			Row: number, Unit: oneLine(cell(colUnit)), Short: oneLine(cell(colShort)), Kind: cell(colKind), Level: cell(colLevel), Line: oneLine(cell(colLine)),
			Block: oneLine(cell(colBlock)), Region: cell(colRegion), Post: oneLine(cell(colPost)), Person: oneLine(cell(colPerson)),
			Login: strings.ToLower(cell(colLogin)), Role: cell(colRole), From: cell(colFrom),
		}
		if x.Unit == "" && (x.Post != "" || x.Person != "" || x.Login != "") {
			x.Unit = above
		}
		if x.Unit == "" && x.Post == "" && x.Person == "" && x.Login == "" {
			return // nothing of a roster stands in it
		}
		if bare := (RosterRow{Row: number, Unit: x.Unit}); x == bare && strings.ContainsAny(x.Unit, "。.；;：:") {
			return // a note below the table: a sentence, and no unit is called by one
		}
		above = x.Unit
		out.Rows = append(out.Rows, x)
	})
	if err == nil && len(out.Rows) == 0 {
		err = fault.New(fault.Invalid, "roster.empty").On("file")
	}
	return out, err
}

// oneLine takes the line breaks out of a cell.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' }), "")
}

// kinds, levels and roles are the words that a roster may use; the first is
// written into the template's lists.
var (
	kinds = map[org.Kind][]string{
		org.Government: {"政府", "人民政府", "government"}, org.Department: {"政府部门", "部门", "department"},
		org.Agency: {"垂直管理机构", "垂直管理单位", "垂管单位", "垂管", "agency"}, org.Institution: {"事业单位", "institution"},
		org.Enterprise: {"企业", "公司", "enterprise"}, org.Committee: {"领导小组、委员会", "领导小组", "委员会", "committee"},
	}
	levels = map[org.Level][]string{
		org.Province: {"省级", "省", "province"}, org.City: {"市级", "市", "市州", "州级", "市（州）级", "地级", "city"}, org.County: {"县级", "县", "区县", "区级", "县（市、区）级", "county"},
	}
	roles = map[org.Role][]string{
		org.Office: {"合作办", "office"}, org.Leader: {"分管领导", "领导", "leader"}, org.Clerk: {"联络员", "填报岗", "填报", "clerk"},
		org.Verifier: {"核实岗", "核实", "verifier"}, org.Scorer: {"考核岗", "考核", "评分岗", "scorer"},
		org.Auditor: {"审计岗", "审计", "auditor"}, org.Admin: {"系统管理员", "管理员", "admin"},
	}
)

// meaning finds which value a word stands for.
func meaning[T ~string](words map[T][]string, s string) (T, bool) {
	s = fold(s)
	for v, list := range words {
		for _, w := range list {
			if fold(w) == s {
				return v, true
			}
		}
	}
	var none T
	return none, false
}

// first lists the first word of each value in the given order.
func first[T ~string](words map[T][]string, order []T, english bool) (out []string) {
	for _, v := range order {
		list := words[v]
		if english {
			out = append(out, list[len(list)-1])
		} else {
			out = append(out, list[0])
		}
	}
	return out
}

// Template is an empty roster to be filled in: its table and blank rows with lists
// to choose from.
func Template(name, title string, notes []string, english bool) (sheet.Table, []sheet.Row) {
	t := sheet.Table{Name: name, Title: title, Notes: notes, Landscape: true}
	for _, c := range rosterOrder {
		column := sheet.Column{Key: string(c.column), Head: rosterHeads.head(c.column, english), Width: c.width, Editable: true}
		switch c.column {
		case colKind:
			column.Choices = first(kinds, org.Kinds(), english)
		case colLevel:
			column.Choices = first(levels, org.Levels(), english)
		case colRole:
			column.Choices = first(roles, org.Roles(), english)
		}
		t.Columns = append(t.Columns, column)
	}
	rows := make([]sheet.Row, templateRows)
	for i := range rows {
		rows[i] = make(sheet.Row, len(rosterOrder))
		for j := range rows[i] {
			rows[i][j] = sheet.Cell{None: true}
		}
	}
	return t, rows
}

// templateRows is how many rows of the template have lists.
const templateRows = 200
