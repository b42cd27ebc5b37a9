package web

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/sheet"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
)

// exportable is one list that can be taken away as a file (导出): what its page
// shows this reader with the filters of the address, all pages of it. The rows come
// through the page's own questions to the View, a few hundred at a time, so that no
// transaction stays open while a file is written.
type exportable struct {
	key     string // of its texts (export.list-…) and of its column sets
	page    string // path of the page that shows it
	address string // of the file, without the ending
	open    bool   // to somebody who has not signed in
	wide    bool   // printed across
	columns []exportColumn
	// table asks for the permission first, as the page does.
	table func(*request) (exportTable, error)
}

// exportColumn is one column that a list can have.
type exportColumn struct {
	key    string // of its head (export.col-…) and in column sets
	kind   sheet.Kind
	width  float64
	extra  bool // only in column sets that name it
	hidden bool
}

// exportTable is one list with its rows.
type exportTable struct {
	title  string
	office org.UnitID     // whose column sets fit besides those of the reader's unit
	times  map[string]int // columns that stand several times, numbered from 1 (chapter.1)
	rows   iter.Seq2[exportRow, error]
}

// exportRow is the cells of a row by key of the column; a missing one is empty.
type exportRow map[string]sheet.Cell

// exportRead is how many rows are asked for at once.
const exportRead = 500

// fileKind is a format that lists are exported in.
type fileKind struct {
	ending, name, media string
	write               func(io.Writer, sheet.Table, iter.Seq2[sheet.Row, error]) error
}

var fileKinds = []fileKind{
	{".xlsx", "Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", sheet.WriteXLSX},
	{".csv", "CSV", "text/csv; charset=utf-8", sheet.WriteCSV},
}

// exportables are all lists, in the order of their areas.
func exportables() []exportable {
	return slices.Concat(planExports(), taskExports(), memorandumExports(), negotiationExports(), importExports(), scoreExports(), unitExports(), journalExports(), publicExports(), forceExports(), documentExports(), surveyExports(), letterExports())
}

func (s *Server) exportRoutes() []Route {
	var out []Route
	for _, x := range exportables() {
		for _, k := range fileKinds {
			out = append(out, Route{"GET " + x.address + k.ending, x.open, func(q *request) error { return s.export(q, x, k) }})
		}
	}
	return append(out, Route{"GET /exports/{list}", false, s.columnSets}, Route{"POST /exports/{list}", false, s.saveColumns})
}

// export answers with a list as a file.
func (s *Server) export(q *request, x exportable, k fileKind) error {
	t, err := x.table(q)
	if err != nil {
		return err
	}
	chosen, name := x.usual(), q.p.T("export.list-"+x.key)
	if set := q.FormValue("columns"); set != "" {
		kept, err := q.view.ColumnSet(q.Context(), x.key, set, t.office)
		if err != nil {
			return err
		}
		chosen, name = kept.Columns, kept.Name
	}
	var columns []sheet.Column
	for _, key := range chosen {
		columns = append(columns, q.sheetColumns(x, t, key)...)
	}
	table := sheet.Table{Name: name, Title: t.title, Columns: columns, Landscape: x.wide || len(columns) > 7, Notes: []string{q.exportNote()}}
	out := &exportWriter{q: q, media: k.media, name: t.title + k.ending}
	buffer := bufio.NewWriterSize(out, 64<<10) // a first failure is still a page
	if err := k.write(buffer, table, inOrder(columns, t.rows)); err == nil {
		err = buffer.Flush()
		if err != nil {
			s.logger.Debug("sending a file", "error", err)
		}
		return nil
	} else if !out.begun {
		return err
	} else {
		// A file that breaks off must not look whole: the connection is cut.
		s.logger.Error("an export broke off", "list", x.key, "error", err)
		panic(http.ErrAbortHandler)
	}
}

// usual are the columns of a list that nobody chose others for.
func (x exportable) usual() (out []string) {
	for _, c := range x.columns {
		if !c.extra {
			out = append(out, c.key)
		}
	}
	return out
}

// sheetColumns are the columns for a key; a key that the list no longer has is left out.
func (q *request) sheetColumns(x exportable, t exportTable, key string) []sheet.Column {
	i := slices.IndexFunc(x.columns, func(c exportColumn) bool { return c.key == key })
	if i < 0 {
		return nil
	}
	c := x.columns[i]
	out := sheet.Column{Key: key, Head: q.p.T("export.col-" + key), Width: c.width, Kind: c.kind, Hidden: c.hidden}
	n, several := t.times[key]
	if !several {
		return []sheet.Column{out}
	}
	var all []sheet.Column
	for i := range n {
		one := out
		one.Key = fmt.Sprintf("%s.%d", key, i+1)
		if i > 0 {
			one.Head = q.p.T("export.deeper", "n", i+1, "column", out.Head)
		}
		all = append(all, one)
	}
	return all
}

// exportNote says below a table what it is: whose view, of which moment.
func (q *request) exportNote() string {
	who := q.p.T("export.public")
	if q.caller.SignedIn() {
		who = q.p.Dots(q.caller.Unit().Name, q.caller.Post().Title)
	}
	return q.p.T("export.note", "who", who, "at", q.server.store.Now().In(calendar.China).Format("2006-01-02 15:04"))
}

// inOrder puts the cells of rows in the order of columns.
func inOrder(columns []sheet.Column, rows iter.Seq2[exportRow, error]) iter.Seq2[sheet.Row, error] {
	return func(yield func(sheet.Row, error) bool) {
		cells := make(sheet.Row, len(columns))
		for row, err := range rows {
			for i, c := range columns {
				cells[i] = row[c.Key]
			}
			if !yield(cells, err) || err != nil {
				return
			}
		}
	}
}

// exportWriter sends the head of the answer with the first bytes of the file, so
// that what goes wrong before them is answered as a page.
type exportWriter struct {
	q           *request
	media, name string
	begun       bool
}

func (w *exportWriter) Write(b []byte) (int, error) {
	if !w.begun {
		w.begun = true
		h := w.q.w.Header()
		h.Set("Content-Type", w.media)
		h.Set("Content-Disposition", attachment(w.name))
		h.Set("Cache-Control", "no-store")
		h.Add("Vary", "Cookie")
	}
	// The server's limit is for an answer that stands still, not for a long one.
	if err := http.NewResponseController(w.q.w).SetWriteDeadline(time.Now().Add(10 * time.Minute)); err != nil {
		w.q.server.logger.Debug("an answer without deadline", "error", err)
	}
	return w.q.w.Write(b)
}

// paged asks for a list piece by piece, each after the last row of the one before.
func paged[R, K any](ask func(after K, limit int) ([]R, error), key func(R) K, words func([]R) ([]exportRow, error)) iter.Seq2[exportRow, error] {
	return func(yield func(exportRow, error) bool) {
		var after K
		for {
			piece, err := ask(after, exportRead)
			if err != nil {
				yield(nil, err)
				return
			}
			rows, err := words(piece)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, r := range rows {
				if !yield(r, nil) {
					return
				}
			}
			if len(piece) < exportRead {
				return
			}
			after = key(piece[len(piece)-1])
		}
	}
}

// each is a list that is at hand.
func each[R any](all []R, row func(R) exportRow) iter.Seq2[exportRow, error] {
	return func(yield func(exportRow, error) bool) {
		for _, r := range all {
			if !yield(row(r), nil) {
				return
			}
		}
	}
}

// rowsOf words rows one by one.
func rowsOf[R any](row func(R) exportRow) func([]R) ([]exportRow, error) {
	return func(all []R) ([]exportRow, error) {
		out := make([]exportRow, len(all))
		for i, r := range all {
			out[i] = row(r)
		}
		return out, nil
	}
}

// The kinds of columns and cells.

func words(key string, width float64) exportColumn { return exportColumn{key: key, width: width} }
func figure(key string) exportColumn               { return exportColumn{key: key, kind: sheet.Number} }
func day(key string) exportColumn                  { return exportColumn{key: key, kind: sheet.Day} }
func moment(key string) exportColumn               { return exportColumn{key: key, kind: sheet.Instant} }

// extra marks columns that only a column set brings.
func extra(columns ...exportColumn) []exportColumn {
	for i := range columns {
		columns[i].extra = true
	}
	return columns
}

func said(s string) sheet.Cell          { return sheet.Cell{Text: s} }
func counted(n int) sheet.Cell          { return sheet.Cell{Number: strconv.Itoa(n)} }
func number(n int64) sheet.Cell         { return sheet.Cell{Number: strconv.FormatInt(n, 10)} }
func amount(v task.Quantity) sheet.Cell { return sheet.Cell{Number: v.String()} }
func onDate(d calendar.Date) sheet.Cell { return sheet.Cell{Day: d} }
func atMoment(at time.Time) sheet.Cell  { return sheet.Cell{Instant: at} }

// exports are the files of the page that is being shown, for the line at its foot.
func (q *request) exports() ([]page.ExportList, error) {
	_, pattern, _ := strings.Cut(q.Pattern, " ")
	if q.Method != http.MethodGet && q.Method != http.MethodHead {
		return nil, nil
	}
	var out []page.ExportList
	for _, x := range exportables() {
		if x.page != pattern || !x.open && !q.caller.SignedIn() {
			continue
		}
		l := page.ExportList{Name: q.p.T("export.list-" + x.key)}
		query := q.URL.Query()
		query.Del("lang")
		for _, k := range fileKinds {
			l.Files = append(l.Files, page.Choice{Text: k.name, Href: q.exportHref(x, k, query)})
		}
		if q.caller.SignedIn() {
			sets, err := q.view.ColumnSets(q.Context(), x.key)
			if err != nil {
				return nil, err
			}
			for _, set := range sets {
				query.Set("columns", set.Name)
				l.Files = append(l.Files, page.Choice{Text: set.Name, Href: q.exportHref(x, fileKinds[0], query)})
			}
			if q.mayColumns() {
				l.Columns = "/exports/" + x.key
			}
		}
		out = append(out, l)
	}
	return out, nil
}

// parameterName is a name in braces in an address.
var parameterName = regexp.MustCompile(`\{[a-z]+\}`)

// exportHref is the address of a list's file with the filters of the page.
func (q *request) exportHref(x exportable, k fileKind, query url.Values) string {
	path := parameterName.ReplaceAllStringFunc(x.address, func(name string) string { return url.PathEscape(q.PathValue(name[1 : len(name)-1])) })
	if e := query.Encode(); e != "" {
		return path + k.ending + "?" + e
	}
	return path + k.ending
}

// mayColumns reports whether the caller keeps column sets.
func (q *request) mayColumns() bool {
	return q.view.May(org.SaveColumns, org.PlanFacts{Office: q.caller.Unit().ID})
}

// exportableOf finds a list by its key.
func exportableOf(key string) (exportable, error) {
	for _, x := range exportables() {
		if x.key == key {
			return x, nil
		}
	}
	return exportable{}, fault.New(fault.NotFound, "absent")
}

// lightsCells are the counts of lights, one column a colour.
func lightsCells(row exportRow, l store.Lights) exportRow {
	for _, c := range []task.Colour{task.Green, task.Yellow, task.Red} {
		row[string(c)] = counted(l[c])
	}
	return row
}
