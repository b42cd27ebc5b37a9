// Package org holds units, posts and persons, the two lines of authority they
// stand in, how names in documents find them, and who may do what.
//
// Words. A unit (单位) is an office, government, department, enterprise or
// institution. It stands in a line (条: the agency above it) and a block (块:
// the territory it serves). A post (岗位) belongs to a unit and carries
// responsibility; a person (人员) holds posts for a time. A unit group
// (各县（市、区）政府) is a named set of units, resolved at a date. A caller is a
// person acting in a post; a scope is what that post sees.
//
// Laws. Names and parents are dated; old documents keep old names. Only this
// package makes a Caller. The zero Scope sees nothing. What a name could mean
// is answered with every candidate; nothing is guessed.
package org

import "gongjian/internal/calendar"

// UnitID names a unit.
type UnitID string

// PostID names a post.
type PostID string

// PersonID names a person.
type PersonID string

// RegionCode is a six-digit code of GB/T 2260: 510000, 510500, 510521.
type RegionCode string

// Level is the administrative level of a unit or region.
type Level string

// The levels.
const (
	Province Level = "province"
	City     Level = "city"
	County   Level = "county"
)

// Kind says what sort of unit it is.
type Kind string

// The kinds of unit.
const (
	Government  Kind = "government"  // 人民政府
	Department  Kind = "department"  // a department of a government (财政局, 农业局)
	Agency      Kind = "agency"      // an office of the vertically managed line (质监局)
	Institution Kind = "institution" // 检测中心, 质检所, 学校
	Enterprise  Kind = "enterprise"
	Committee   Kind = "committee" // 领导小组, 安委会 and their offices
)

// Unit is one unit as it stands on a day. Its history is in Names and Parents.
type Unit struct {
	ID        UnitID
	Name      string // full name today: 泸州市质量技术监督局
	Short     string // as used within its territory: 市质监局
	Aliases   []string
	Kind      Kind
	Level     Level
	Region    RegionCode // the territory it serves
	Function  string     // what a department is for, without place: 质监, 财政, 农业; "" for governments
	Line      UnitID     // the unit above it in the line (条); "" at the top
	Block     UnitID     // the government it belongs to in the block (块); "" at the top
	From      calendar.Date
	To        calendar.Date // zero: exists today
	Successor UnitID        // after a merger
	Position  int           // order among its siblings
	Version   int64
}

// Name is a name that a unit bore for a time.
type Name struct {
	Unit     UnitID
	Name     string
	From, To calendar.Date
}

// Parent is a place in line or block that a unit held for a time.
type Parent struct {
	Unit     UnitID
	Axis     Axis
	Above    UnitID
	From, To calendar.Date
}

// Axis is one of the two lines of authority.
type Axis string

// The axes.
const (
	Line  Axis = "line"  // 条
	Block Axis = "block" // 块
)

// Role is what a post is for. A post may have several.
type Role string

// The roles.
const (
	Office   Role = "office"   // 合作办: runs memorandums and plans, splits, sets
	Leader   Role = "leader"   // 分管领导: looks, decides
	Clerk    Role = "clerk"    // 联络员: signs for tasks and reports
	Verifier Role = "verifier" // 核实岗
	Scorer   Role = "scorer"   // 考核岗
	Auditor  Role = "auditor"  // 审计岗: sees everything, changes nothing
	Admin    Role = "admin"    // 系统管理员: units, posts, persons; no business figures
)

// Post is a post in a unit.
type Post struct {
	ID    PostID
	Unit  UnitID
	Title string // 联络员, 合作办主任岗
	Roles []Role
}

// Person is somebody who signs in. Samples have no names but those of posts.
type Person struct {
	ID      PersonID
	Name    string
	Login   string
	Retired calendar.Date
}

// Holding is a person's time in a post.
type Holding struct {
	Person   PersonID
	Post     PostID
	From, To calendar.Date // To zero: still
}
