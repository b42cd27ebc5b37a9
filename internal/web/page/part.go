package page

import (
	"slices"

	"gongjian/internal/web/text"

	"github.com/a-h/templ"
)

// Crumb is one step of the way to a page. The first one without an address is
// the page itself; those after it name the levels below.
type Crumb struct {
	Text string
	Href string
}

// HeadView is the head of a page. Its children are what stands at the right:
// <div class="acts">…</div> with buttons, or a line of meta.
type HeadView struct {
	Crumbs []Crumb
	Title  Words
	Meta   Words
}

// here is the place of the page itself among the crumbs, or -1.
func (h HeadView) here() int {
	return slices.IndexFunc(h.Crumbs, func(c Crumb) bool { return c.Href == "" })
}

// NextView is the framed box at the top: the one thing to do first (先办这一件).
// Its children are the buttons; the filled one of the page is there, last.
type NextView struct {
	Label string // small line above; "" says nothing
	Light *LightView
	Title Words
	Lines []Words // why, and what to do
	Meta  Words   // who, when, how long
}

// DoFirst is the usual label of Next: 先办这一件.
func DoFirst(p *text.Printer) string { return p.T("common.do-first") }

// CardView is a panel with a heading.
type CardView struct {
	ID    string // anchor; also names the heading ID-h
	Title string
	Count string // stands after the heading, written by the Printer
	Meta  Words  // beside the heading
	Right Words  // at the right end
	Class string // extra classes of the panel: mapc
	Foot  Words  // a footer of small print
	Small bool   // the heading is of the third level
	Body  bool   // wraps the children in padding; tables and lists go without
	Tools templ.Component
}

// Fig is one figure of a row of four.
type Fig struct {
	Label string
	Big   string
	Note  Words
}

// Step is one link of the thread from clause to evidence.
type Step struct {
	Label    string
	Text     Words
	Original string // words of a document, instead of Text or before it
	Note     Words
	Current  bool
}

// Choice is one entry of Tabs or Seg.
type Choice struct {
	Text    string
	Href    string
	Current bool
}

// Fact is one row of KV: a name and what it is.
type Fact struct {
	Name string
	Text Words
}

// PagerView leads on by key: lists never page by number.
type PagerView struct {
	Next  string // address of the next page; "" when this is the last
	First string // address of the first page; "" when this is it
	Count string // what the list says about its length
}
