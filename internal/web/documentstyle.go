package web

import (
	"net/http"
	"strconv"
	"strings"

	"gongjian/internal/fault"
	"gongjian/internal/paper/official"
	"gongjian/internal/web/page"
)

func (s *Server) documentStyle(q *request) error {
	style, version, err := s.desk.DocumentStyle(q.Context(), q.caller, s.wording())
	if err != nil {
		return err
	}
	return s.showStyle(q, http.StatusOK, style, version, nil)
}

// showStyle shows the form. What could not be read as a number comes back as it
// was typed.
func (s *Server) showStyle(q *request, code int, style official.Style, version int64, cause error) error {
	v, err := q.frame(q.p.T("document.style-title"), "")
	if err != nil {
		return err
	}
	f := page.DocumentStyleView{
		Head: page.HeadView{
			Crumbs: []page.Crumb{{Text: q.p.T("document.list-title"), Href: "/documents"}, {Text: q.p.T("document.style-title")}},
			Title:  page.Say(q.p.T("document.style-title")), Meta: page.Say(q.p.T("document.style-about", "unit", q.caller.Unit().Name)),
		},
		Key: formKey(q), Version: strconv.FormatInt(version, 10), New: version == 0,
	}
	number := func(v float64) string {
		if v == 0 {
			return ""
		}
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	sample := official.Number(style.Mark, q.view.Today().Year, 1)
	for _, x := range []struct{ group, id, value, hint string }{
		{"words", "head", style.Head, q.p.T("document.head-hint")},
		{"words", "mark", style.Mark, q.p.T("document.mark-hint", "sample", sample)},
		{"words", "copy_to", style.CopyTo, ""},
		{"words", "printer", style.Printer, ""},
		{"page", "top", number(style.Top), "37"}, {"page", "bottom", number(style.Bottom), "35"}, {"page", "left", number(style.Left), "28"}, {"page", "right", number(style.Right), "26"},
		{"page", "lines", number(float64(style.Lines)), "22"}, {"page", "characters", number(float64(style.Characters)), "28"},
		{"fonts", "head_font", style.HeadFont, ""}, {"fonts", "body_font", style.BodyFont, ""}, {"fonts", "kai_font", style.KaiFont, ""}, {"fonts", "hei_font", style.HeiFont, ""},
	} {
		field := page.DocumentField{ID: x.id, Label: q.p.T("document.style-" + strings.ReplaceAll(x.id, "_", "-")), Value: q.entered(x.id, x.value), Hint: x.hint, Number: x.group == "page"}
		if x.group == "page" {
			field.Hint = q.p.T("document.standard-is", "value", x.hint)
		}
		switch x.group {
		case "words":
			f.Words = append(f.Words, field)
		case "page":
			f.Page = append(f.Page, field)
		default:
			f.Fonts = append(f.Fonts, field)
		}
	}
	labels := map[string]string{}
	for _, group := range [][]page.DocumentField{f.Words, f.Page, f.Fonts} {
		for _, field := range group {
			labels[field.ID] = field.Label
		}
	}
	f.Faults = page.Faults(q.p, cause, labels)
	return q.render(code, page.DocumentStyle(v, f))
}

// styleTyped reads the form of a style.
func (q *request) styleTyped() (official.Style, error) {
	typed := func(name string) string { return strings.TrimSpace(q.PostFormValue(name)) }
	s := official.Style{
		Head: typed("head"), Mark: typed("mark"), CopyTo: typed("copy_to"), Printer: typed("printer"),
		HeadFont: typed("head_font"), BodyFont: typed("body_font"), KaiFont: typed("kai_font"), HeiFont: typed("hei_font"),
	}
	var l fault.List
	for name, to := range map[string]*float64{"top": &s.Top, "bottom": &s.Bottom, "left": &s.Left, "right": &s.Right} {
		if t := typed(name); t != "" {
			v, err := strconv.ParseFloat(t, 64)
			if err != nil || !(v > 0 && v <= 1000) { // NaN is no figure
				l = append(l, fault.New(fault.Invalid, "document.figure").On(name))
			}
			*to = v
		}
	}
	for name, to := range map[string]*int{"lines": &s.Lines, "characters": &s.Characters} {
		if t := typed(name); t != "" {
			v, err := strconv.Atoi(t)
			if err != nil || v <= 0 {
				l = append(l, fault.New(fault.Invalid, "document.figure").On(name))
			}
			*to = v
		}
	}
	return s, l.Err()
}

func (s *Server) saveDocumentStyle(q *request) error {
	version, err := strconv.ParseInt(q.PostFormValue("version"), 10, 64)
	if err != nil {
		return errAbsent
	}
	now, current, err := s.desk.DocumentStyle(q.Context(), q.caller, s.wording())
	if err != nil {
		return err
	}
	style, err := q.styleTyped()
	if err != nil {
		return s.showStyle(q, status(fault.Invalid), now, version, err)
	}
	r, err := s.desk.StyleDocuments(q.Context(), q.caller, q.key(), style, version)
	if mendable(err) {
		if fault.KindOf(err) == fault.Conflict {
			version = current // what was typed stands there; sent again, it is meant
		}
		return s.showStyle(q, status(fault.KindOf(err)), now, version, err)
	}
	if err != nil {
		return err
	}
	return q.done(r, "/documents/style", "document.done-style")
}
