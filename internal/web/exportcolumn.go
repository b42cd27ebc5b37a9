package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/fault"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

// columnSets shows the column sets (列方案) that the reader's office keeps for a
// list, and a form for one of them: new, or the one that the address names.
func (s *Server) columnSets(q *request) error {
	x, err := exportableOf(q.PathValue("list"))
	if err != nil {
		return err
	}
	if !q.mayColumns() {
		return fault.New(fault.Denied, "denied")
	}
	set := store.ColumnSet{List: x.key, Columns: x.usual()}
	if name := q.FormValue("set"); name != "" {
		if set, err = q.view.ColumnSet(q.Context(), x.key, name); err != nil {
			return err
		}
	}
	return s.showColumns(q, http.StatusOK, x, set, nil)
}

// showColumns answers with the form; cause is what is to be mended in it.
func (s *Server) showColumns(q *request, code int, x exportable, set store.ColumnSet, cause error) error {
	sets, err := q.view.ColumnSets(q.Context(), x.key)
	if err != nil {
		return err
	}
	list, base := q.p.T("export.list-"+x.key), "/exports/"+x.key
	f := page.ColumnsPage{
		Head:   page.HeadView{Title: page.Say(q.p.T("export.columns-of", "list", list)), Meta: page.Say(q.p.T("export.columns-about"))},
		Action: base, Key: formKey(q), Version: strconv.FormatInt(set.Version, 10), Name: set.Name, Kept: set.Version > 0,
		Faults: page.Faults(q.p, cause, map[string]string{"name": q.p.T("export.set-name"), "columns": q.p.T("export.columns")}),
	}
	f.Sets = append(f.Sets, page.Choice{Text: q.p.T("export.new-set"), Href: base, Current: set.Version == 0})
	for _, one := range sets {
		f.Sets = append(f.Sets, page.Choice{Text: one.Name, Href: base + "?" + url.Values{"set": {one.Name}}.Encode(), Current: one.Name == set.Name})
		if fault.Is(cause, "changed-meanwhile") && one.Name == set.Name {
			f.Now = q.p.T("export.now", "columns", q.columnNames(one.Columns))
			f.Version = strconv.FormatInt(one.Version, 10) // read now: saving once more replaces it
			f.Kept = true
		}
	}
	for _, c := range x.columns {
		line := page.ColumnLine{Key: c.key, Head: q.p.T("export.col-" + c.key)}
		if c.hidden {
			line.Note = q.p.T("export.hidden")
		}
		if i := slices.Index(set.Columns, c.key); i >= 0 {
			line.On, line.At = true, strconv.Itoa(i+1)
		}
		f.Lines = append(f.Lines, line)
	}
	// The chosen ones in their order, the others below.
	slices.SortStableFunc(f.Lines, func(a, b page.ColumnLine) int { return placeOfColumn(a) - placeOfColumn(b) })
	v, err := q.frame(q.p.T("export.columns-of", "list", list), "")
	if err != nil {
		return err
	}
	return q.render(code, page.Columns(v, f))
}

func placeOfColumn(l page.ColumnLine) int {
	if n, err := strconv.Atoi(l.At); err == nil {
		return n
	}
	return 1 << 20
}

func (q *request) columnNames(keys []string) []string {
	out := make([]string, len(keys))
	for i, key := range keys {
		out[i] = q.p.T("export.col-" + key)
	}
	return out
}

// saveColumns keeps a set, or removes it.
func (s *Server) saveColumns(q *request) error {
	x, err := exportableOf(q.PathValue("list"))
	if err != nil {
		return err
	}
	if !q.mayColumns() {
		return fault.New(fault.Denied, "denied")
	}
	set := store.ColumnSet{List: x.key, Name: strings.TrimSpace(q.PostFormValue("name"))}
	if set.Version, err = strconv.ParseInt(q.PostFormValue("version"), 10, 64); err != nil {
		return errAbsent
	}
	said := "export.done-save"
	if q.PostFormValue("do") == "remove" {
		said = "export.done-remove"
	} else if set.Columns = q.columnsTyped(x); len(set.Columns) == 0 {
		return s.showColumns(q, status(fault.Invalid), x, set, fault.New(fault.Invalid, "export.no-column").On("columns"))
	}
	r, err := s.desk.SaveColumns(q.Context(), q.caller, q.key(), set)
	if mendable(err) {
		return s.showColumns(q, status(fault.KindOf(err)), x, set, err)
	}
	if err != nil {
		return err
	}
	return q.done(r, "/exports/"+x.key, said, "name", set.Name)
}

// columnsTyped is the chosen columns by the numbers beside them; those without a
// number follow in the order of the list.
func (q *request) columnsTyped(x exportable) (out []string) {
	at := map[string]int{}
	for _, c := range x.columns {
		if !slices.Contains(q.PostForm["on"], c.key) {
			continue
		}
		at[c.key] = 1 << 20
		if n, err := strconv.Atoi(strings.TrimSpace(q.PostFormValue("at." + c.key))); err == nil {
			at[c.key] = n
		}
		out = append(out, c.key)
	}
	slices.SortStableFunc(out, func(a, b string) int { return at[a] - at[b] })
	return out
}
