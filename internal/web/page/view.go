// Package page holds the pages and the parts that they are made of: templ
// components over values that the handlers fill in.
//
// Words. A View is what every page needs to know: who reads it, in which
// language, where it stands. A part is a component that several pages use: Head,
// Next (先办这一件), Card, Light (亮灯), Pair (填报与核实), Map and so on.
//
// Laws. Parts decide nothing: which light, how many days left, who may do what
// arrives as a value. No part holds text for users: all of it comes through the
// text.Printer. No inline style and no inline script: the content security policy
// forbids both. Every page works without scripts. Words of a document are set
// with class orig and lang zh-CN in both languages. One filled button a page
// (btn btn-primary), in Next; a row's main action is btn btn-go, a refusal a link.
//
// A page is a component that wraps itself in the frame:
//
//	templ Desk(v View, d DeskView) {
//		@Shell(v) {
//			@Head(v.P, HeadView{Title: Say(v.P.T("desk.title"))})
//			@Next(NextView{Label: DoFirst(v.P), Title: Linked(d.Title, d.Href)}) {
//				<a class="btn btn-primary" href={ d.Href }>{ d.Do }</a>
//			}
//			<div class="cols">…</div>
//		}
//	}
//
// A table becomes blocks on the phone with class stack and, on each cell, data-l
// with the name of its column; d-only hides on the phone, p-only in the office.
package page

import (
	"net/url"
	"strconv"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/web/text"
)

// View is what the frame of a page needs.
type View struct {
	P       *text.Printer // speaks the reader's language and knows today
	Path    string        // path and query of this page, for the language switch
	Title   string        // what the page is, for the window and for search
	Nav     []NavEntry    // main menu; nil for none (signing in)
	Current string        // the NavEntry.Key that this page belongs to
	Who     Who           // the reader; zero for the public
	Sample  string        // what the footer says about sample data; "" when the data is real
	Today   calendar.Date // the day that the page reckons with
	Receipt *Receipt      // what has just been done, shown on top
	Said    string        // a short message on top that needs no receipt
	Wide    bool          // printed across (plans, imports)
	Refresh int           // seconds after which a page of work under way is asked for anew where no scripts run; 0: never
	Show    bool          // for the screen of a hall: large, nothing around it
	More    []NavEntry    // further places, in the footer
	Style   string        // address of the province's own colours; "" for none
	Exports []ExportList  // the page's lists as files, at its foot
}

// NavEntry is one entry of the main menu.
type NavEntry struct {
	Key  string
	Text string
	Href string
}

// Who is the reader as the header shows it.
type Who struct {
	Unit    string       // 冕宁县质监局
	Post    string       // 联络员
	Posts   []PostChoice // other posts that the person holds; none or one: no switch
	Switch  string       // where the choice of post is posted
	SignOut string       // where signing out is posted; "" shows no such button
}

// PostChoice is one post that the person may act in.
type PostChoice struct {
	ID      string
	Text    string
	Current bool
}

// Text is unit and post in one line: 冕宁县质监局·联络员.
func (w Who) Text(p *text.Printer) string { return p.Dots(w.Unit, w.Post) }

// StaffNav is the main menu of everybody who is signed in.
func StaffNav(p *text.Printer) []NavEntry {
	return []NavEntry{
		{"desk", p.T("nav.desk"), "/desk"},
		{"plan", p.T("nav.plan"), "/plans"},
		{"assess", p.T("nav.assess"), "/scorecards"},
		{"ranking", p.T("nav.ranking"), "/ranking"},
		{"public", p.T("nav.public"), "/public"},
	}
}

// home is where the brand leads.
func (v View) home() string {
	if len(v.Nav) > 0 {
		return v.Nav[0].Href
	}
	return "/"
}

// otherLanguage is this page's address in the other language: the same, with
// lang=en or lang=zh-CN, which the server remembers.
func (v View) otherLanguage() string {
	u, err := url.Parse(v.Path)
	if err != nil {
		u = &url.URL{Path: "/"}
	}
	u = &url.URL{Path: u.Path, RawQuery: u.RawQuery} // never another host
	q := u.Query()
	q.Set("lang", v.P.Other())
	u.RawQuery = q.Encode()
	return u.String()
}

// Words is a sentence ready to print: pieces, and where its links lead, in order.
type Words struct {
	Pieces []text.Piece
	To     []string
}

// Say makes Words of plain text.
func Say(s string) Words {
	if s == "" {
		return Words{}
	}
	return Words{Pieces: []text.Piece{{Text: s}}}
}

// Rich makes Words of a text with marks (text.Printer.Rich) and the addresses
// of its links, in order.
func Rich(pieces []text.Piece, to ...string) Words { return Words{pieces, to} }

// Linked makes Words that are one link.
func Linked(s, href string) Words {
	return Words{[]text.Piece{{Mark: text.Link, Text: s}}, []string{href}}
}

// Empty reports whether there is nothing to say.
func (w Words) Empty() bool { return len(w.Pieces) == 0 }

// set pairs each piece with its address.
func (w Words) set() []setPiece {
	out := make([]setPiece, len(w.Pieces))
	link := 0
	for i, piece := range w.Pieces {
		out[i] = setPiece{Piece: piece}
		if piece.Mark == text.Link {
			if link < len(w.To) {
				out[i].href = w.To[link]
			}
			link++
		}
	}
	return out
}

type setPiece struct {
	text.Piece
	href string
}

// classes joins the class names that are not empty.
func classes(names ...string) string {
	var kept []string
	for _, n := range names {
		if n != "" {
			kept = append(kept, n)
		}
	}
	return strings.Join(kept, " ")
}

// coordinate writes a length of a drawing to a tenth.
func coordinate(v float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
}
