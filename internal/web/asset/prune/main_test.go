package main

import "testing"

func TestOnlyWhatThePagesUseStays(t *testing.T) {
	keep := map[string]bool{"card": true, "btn": true}
	for name, c := range map[string]struct{ in, want string }{
		"a used class":             {`.card{color:red}`, ".card { color:red }\n"},
		"an unused class":          {`.modal{color:red}`, ""},
		"one of two selectors":     {`.modal,.btn:hover{color:red}`, ".btn:hover { color:red }\n"},
		"a used class in another":  {`.modal .card{color:red}`, ""},
		"elements":                 {`/* .modal{} */ a:not([href]){color:red}`, "a:not([href]) { color:red }\n"},
		"a dot in an attribute":    {`a[href=".pdf"]{color:red}`, "a[href=\".pdf\"] { color:red }\n"},
		"inside a media query":     {`@media print{.card{color:red}.modal{color:red}}`, "@media print {\n.card { color:red }\n}\n"},
		"an emptied media query":   {`@media print{.modal{color:red}}`, ""},
		"animations and charset":   {`@charset "UTF-8";@keyframes x{from{top:0}}`, ""},
		"a property nobody reads":  {`:root{--a:1;--b:2}.card{top:var(--b)}`, ":root { --b:2 }\n.card { top:var(--b) }\n"},
		"properties in a chain":    {`:root{--a:var(--b);--b:2}.card{top:0}`, ".card { top:0 }\n"},
		"a data address":           {`.card{mask:url("data:image/svg+xml,<svg a='{;}'/>");top:0}`, ".card { top:0 }\n"},
		"a semicolon in a string":  {`.card::before{content:"};";top:0}`, ".card::before { content:\"};\"; top:0 }\n"},
		"the dark theme":           {`[data-bs-theme=dark] .card{top:0}`, ""},
		"the last one, no closing": {`.card{top:0;}.btn{left:0}`, ".card { top:0 }\n.btn { left:0 }\n"},
	} {
		if got := prune(c.in, keep); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func FuzzPruneEndsOnAnyText(f *testing.F) {
	f.Add(`.card{top:0}@media print{a{b:c}}`)
	f.Add(`{{{`)
	f.Fuzz(func(t *testing.T, css string) {
		// Every kept declaration gets a space, a semicolon and its part of a line.
		if out := prune(css, map[string]bool{"card": true}); len(out) > 8*len(css) {
			t.Errorf("%q grew to %q", css, out)
		}
	})
}
