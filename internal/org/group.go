package org

import (
	"slices"
	"strings"

	"gongjian/internal/calendar"
)

// GroupQuery is what the words of a unit group (各县（市、区）政府) ask for.
//
// Rule O-19 (practice of task tables, docs/sources/org.md): a group that names
// sorts of territories is resolved at a date; one that names no units (各有关单位)
// or only some (沿线县（市、区）政府) stays open until the office names them.
type GroupQuery struct {
	Words    string   // as printed
	Types    []string // sorts of territory named: 县, 市, 区, 州
	Kind     Kind     // of the units in each; "" when the words do not say
	Function string   // of departments and agencies; "" for governments
	Open     bool     // only the office can say who is meant
}

// Choices is the query for the units that the office may choose from when the
// group is open: all of the sort named. Without a sort it stays open.
func (q GroupQuery) Choices() GroupQuery {
	q.Open = len(q.Types) == 0 || q.Kind == ""
	return q
}

// some are the words that pick some out of a group without saying which.
var some = []string{"有关", "相关", "沿线", "沿江", "部分", "其他", "项目所在"}

// ParseGroup reads the words of a unit group; false when they name no group.
func ParseGroup(words string) (GroupQuery, bool) {
	q := GroupQuery{Words: words}
	s := strings.NewReplacer("(", "", ")", "", "、", "", ",", "", "/", "", "县级市", "市").Replace(canonical(words))
	s, each := strings.CutPrefix(strings.TrimPrefix(s, "全市"), "各")
	for _, w := range some {
		if rest, ok := strings.CutPrefix(s, w); ok {
			s, q.Open = rest, true
		}
	}
	if !each && !q.Open {
		return openGroup(q, s)
	}
	rest := strings.TrimLeft(s, "县市区州旗")
	for _, t := range []string{"县", "市", "区", "州", "旗"} {
		if strings.Contains(s[:len(s)-len(rest)], t) {
			q.Types = append(q.Types, t)
		}
	}
	if len(q.Types) == 0 {
		q.Open = true
		return q, true
	}
	q.Kind, q.Function = groupKind(rest)
	if q.Kind == "" {
		q.Open = true
		if strings.HasPrefix(rest, "园区") || strings.HasPrefix(rest, "开发区") || strings.HasPrefix(rest, "政府") {
			q.Kind = Government // and others beside them, which the words do not list
		}
	}
	return q, true
}

// openGroup knows the groups that do not begin with 各: 市级有关部门, 市直各单位.
func openGroup(q GroupQuery, s string) (GroupQuery, bool) {
	for _, w := range []string{"各", "有关", "相关"} {
		at := strings.Index(s, w)
		for _, end := range []string{"部门", "单位", "企业", "院所", "机构", "成员"} {
			if at > 0 && strings.HasSuffix(s, end) {
				q.Open = true
				return q, true
			}
		}
	}
	return q, false
}

// groupKind reads what stands after the sorts of territory: 政府 and nothing
// mean the governments, 质监局 the bureaus.
func groupKind(rest string) (Kind, string) {
	switch rest {
	case "", "政府":
		return Government, ""
	case "局":
		return "", "" // each bureau's own papers mean its line; others do not
	}
	functions, err := readFunctions()
	if err != nil {
		return "", ""
	}
	if f, ok := functionOf(functions, rest); ok {
		return f.kind, f.name
	}
	return "", ""
}

// ResolveGroup returns the units that the group names in the territory on the
// day, in order of Position. An open group has none.
//
// 市 is a county-level city in a city's papers and a city in a province's,
// unless 县 or 区 stand beside it. The sorts are taken at their word (各县政府, 各县市
// leave districts out), but for 区 and 县 together, which offices write for every
// territory of the level, also where there are county-level cities.
func ResolveGroup(q GroupQuery, territory RegionCode, day calendar.Date, units []Unit) (out []UnitID) {
	if q.Open || q.Kind == "" || len(q.Types) == 0 {
		return nil
	}
	level := q.level(territory)
	sort := map[RegionCode]string{}
	for _, u := range units {
		if u.Kind == Government {
			sort[u.Region] = levelWord(placeOf(u))
		}
	}
	var found []Unit
	for _, u := range units {
		if u.Level != level || u.Kind != q.Kind || !u.Region.Within(territory) || !u.Exists(day) {
			continue
		}
		if u.Function != q.Function && q.Kind != Government {
			continue
		}
		if !q.every() && !slices.Contains(q.Types, sort[u.Region]) {
			continue
		}
		found = append(found, u)
	}
	slices.SortStableFunc(found, func(a, b Unit) int { return a.Position - b.Position })
	for _, u := range found {
		out = append(out, u.ID)
	}
	return out
}

func (q GroupQuery) every() bool {
	return slices.Contains(q.Types, "区") && slices.Contains(q.Types, "县")
}

func (q GroupQuery) level(territory RegionCode) Level {
	province := strings.HasSuffix(string(territory), "0000")
	county := slices.Contains(q.Types, "县") || slices.Contains(q.Types, "区") || slices.Contains(q.Types, "旗")
	if !county && (province || slices.Contains(q.Types, "州")) {
		return City
	}
	return County
}

// placeOf returns the territory's name out of its government's.
func placeOf(government Unit) string { return strings.TrimSuffix(government.Name, "人民政府") }
