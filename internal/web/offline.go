package web

import (
	"archive/zip"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"

	"gongjian/internal/act"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/paper/bulk"
	"gongjian/internal/sheet"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
)

func (s *Server) offlineRoutes() []Route {
	return []Route{
		{"GET /offline", false, s.offline},
		{"POST /offline", false, s.takeSheet},
		{"GET /offline/sheet.xlsx", false, s.offlineSheet},
		{"GET /offline/sheets.zip", false, s.offlineBundle},
		{"GET /offline/{id}", false, s.offlinePreview},
		{"POST /offline/{id}", false, s.handIn},
		{"GET /offline/{id}/receipts", false, s.offlineReceipts},
	}
}

// sheetsListed is how many sheets that were sent before are listed.
const sheetsListed = 20

// mediaXLSX is the type that workbooks are served under.
const mediaXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

func (s *Server) offline(q *request) error { return s.showOffline(q, http.StatusOK, nil) }

func (s *Server) showOffline(q *request, code int, cause error) error {
	due, _, err := q.view.Owed(q.Context(), false)
	if err != nil {
		return err
	}
	ahead, _, err := q.view.Owed(q.Context(), true)
	if err != nil {
		return err
	}
	earlier, err := q.view.BulkUploads(q.Context(), store.BulkOffline, sheetsListed)
	if err != nil {
		return err
	}
	v, err := q.frame(q.p.T("offline.title"), "desk")
	if err != nil {
		return err
	}
	f := page.OfflineView{
		Head: page.HeadView{
			Crumbs: []page.Crumb{{Text: q.p.T("report.to-desk"), Href: "/desk"}, {Text: q.p.T("offline.title")}},
			Title:  page.Say(q.p.T("offline.title")), Meta: page.Say(q.p.T("offline.about")),
		},
		Key: newKey(), Faults: atField(q, cause, "file", q.p.T("offline.file")),
		Sheets: []page.OfflineChoice{
			offlineChoice(q.p.T("offline.due"), q.p.T("offline.due-note", "n", len(due)), "/offline/sheet.xlsx", len(due)),
			offlineChoice(q.p.T("offline.ahead"), q.p.T("offline.ahead-note", "n", len(ahead)), "/offline/sheet.xlsx?ahead=1", len(ahead)),
		},
	}
	for _, key := range []string{"offline.about-fill", "offline.about-program", "offline.about-evidence", "offline.about-twice"} {
		f.About = append(f.About, page.Say(q.p.T(key)))
	}
	for _, u := range earlier {
		f.Earlier = append(f.Earlier, page.ImportEntry{Name: u.Name, Href: "/offline/" + u.ID, At: q.p.Recent(u.At), State: q.p.T("offline.look")})
	}
	return q.render(code, page.Offline(v, f))
}

func offlineChoice(text, note, href string, n int) page.OfflineChoice {
	if n == 0 {
		href = ""
	}
	return page.OfflineChoice{Text: text, Note: note, Href: href}
}

// sheetOf makes the sheet of a unit from what it owes.
func (q *request) sheetOf(secret bulk.Secret, unit org.Unit, owed []store.Owed) bulk.Sheet {
	day := q.view.Today()
	out := bulk.Sheet{
		Number: secret.Number(unit.ID, day), Unit: unit.ID, Name: q.p.T("offline.sheet-name"), English: q.p.Lang() == "en",
	}
	out.Title = q.p.T("offline.sheet-title", "unit", unit.Name, "number", out.Number, "day", day.String())
	for _, key := range []string{"offline.sheet-fill", "offline.sheet-none", "offline.sheet-keep", "offline.sheet-evidence"} {
		out.Notes = append(out.Notes, q.p.T(key))
	}
	for _, o := range owed {
		l := bulk.Line{
			Task: o.ID, Period: o.Period, Title: o.Title, Deadline: o.Deadline.Text, Evidence: o.EvidenceWanted, Measure: targetUnit(o.TaskRow),
			Called: q.p.T("offline.sheet-period", "period", q.p.Period(o.Period), "due", o.Due),
		}
		if o.Target != nil {
			l.Target = targetWords(q, o.TaskRow)
		}
		if o.Before.ID != "" {
			l.Claimed = &o.Before.Value
		}
		if o.Verified.ID != "" {
			l.Verified = &o.Verified.Value
		}
		out.Lines = append(out.Lines, l)
	}
	return out
}

// offlineSheet hands the own unit's sheet out.
func (s *Server) offlineSheet(q *request) error {
	owed, _, err := q.view.Owed(q.Context(), q.FormValue("ahead") != "")
	if err != nil {
		return err
	}
	if len(owed) == 0 {
		return fault.New(fault.Conflict, "offline.nothing-owed")
	}
	secret, err := s.desk.SheetSecret(q.Context())
	if err != nil {
		return err
	}
	unit := q.caller.Unit()
	made := q.sheetOf(secret, unit, owed)
	q.attach(mediaXLSX, q.p.T("offline.file-name", "unit", unit.Name, "number", made.Number)+".xlsx")
	return sheet.WriteXLSX(q.w, made.Table(), made.Rows(secret))
}

// attach begins an answer that is saved as a file.
func (q *request) attach(media, name string) {
	h := q.w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Disposition", disposition("attachment", name))
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Cookie")
}

// offlineBundle hands the sheets of all units of a territory to the office that
// runs their plans: one file each, as they are passed on.
func (s *Server) offlineBundle(q *request) error {
	territory := org.RegionCode(q.FormValue("territory"))
	if territory == "" {
		territory = q.caller.Unit().Region
	}
	units, err := q.view.UnitsOwing(q.Context(), territory)
	if err != nil {
		return err
	}
	secret, err := s.desk.SheetSecret(q.Context())
	if err != nil {
		return err
	}
	var z *zip.Writer
	for _, unit := range units {
		owed, _, err := q.view.OwedBy(q.Context(), unit.ID, q.FormValue("ahead") != "")
		if err != nil {
			return err
		}
		if len(owed) == 0 {
			continue
		}
		if z == nil { // from here on the answer is a file
			q.attach("application/zip", q.p.T("offline.bundle-name", "day", q.view.Today().String())+".zip")
			z = zip.NewWriter(q.w)
		}
		made := q.sheetOf(secret, unit, owed)
		w, err := z.Create(act.FileName(q.p.T("offline.file-name", "unit", unit.Name, "number", made.Number)) + ".xlsx")
		if err != nil {
			return fmt.Errorf("web: a bundle of sheets: %w", err)
		}
		if err := sheet.WriteXLSX(w, made.Table(), made.Rows(secret)); err != nil {
			return fmt.Errorf("web: a bundle of sheets: %w", err)
		}
	}
	if z == nil {
		return fault.New(fault.Conflict, "offline.nothing-owed")
	}
	return z.Close()
}

// territories are the choices of a bundle: the office's own territory and those in it.
func (q *request) territories() (out []page.Option) {
	own, ok := regions().By(q.caller.Unit().Region)
	if !ok {
		return nil
	}
	out = append(out, page.Option{Value: string(own.Code), Text: own.Name, Current: true})
	for _, r := range regions().Children(own.Code) {
		out = append(out, page.Option{Value: string(r.Code), Text: r.Name})
	}
	return out
}

// uploaded is the file in a field of a form, with its name as the sender's program has it.
func (q *request) uploaded(field, missing string) (multipart.File, string, int64, error) {
	file, header, err := q.FormFile(field)
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return nil, "", 0, fault.New(fault.Invalid, missing).On(field)
	}
	if err != nil {
		return nil, "", 0, err
	}
	return file, filepath.Base(strings.ReplaceAll(header.Filename, `\`, "/")), header.Size, nil
}

func (s *Server) takeSheet(q *request) error {
	if !q.view.May(org.UploadSheet, org.UnitFacts{Unit: q.caller.Unit().ID}) { // asked before the file is read
		return errAbsent
	}
	file, name, size, err := q.uploaded("file", "bulk.file-missing")
	if err == nil {
		defer file.Close()
		var id string
		var receipt store.Receipt
		if receipt, id, err = s.desk.TakeSheet(q.Context(), q.caller, q.key(), name, file, size); err == nil {
			return q.done(receipt, "/offline/"+id, "offline.taken", "name", name)
		}
	}
	if mendable(err) {
		return s.showOffline(q, status(fault.KindOf(err)), err)
	}
	return err
}

// workedSheet reads an upload and holds it against the books.
func (s *Server) workedSheet(q *request) (store.BulkUpload, []act.SheetRow, error) {
	u, err := q.view.BulkUpload(q.Context(), store.BulkOffline, q.PathValue("id"))
	if err != nil {
		return u, nil, err
	}
	rows, err := s.desk.Sheet(q.Context(), q.view, u)
	return u, rows, err
}

// handIn reports what can be reported, with the evidence added on the page.
func (s *Server) handIn(q *request) error {
	u, rows, err := s.workedSheet(q)
	if err != nil {
		return err
	}
	files := map[int][]task.Evidence{}
	if q.MultipartForm != nil {
		for _, r := range rows {
			if r.State != act.RowWaits {
				continue
			}
			for _, header := range q.MultipartForm.File[evidenceField(r)] {
				if header.Filename == "" && header.Size == 0 {
					continue
				}
				e, err := s.keepUpload(q, header)
				if mendable(err) {
					return s.showSheet(q, status(fault.KindOf(err)), map[int]error{r.Row: err}, "")
				}
				if err != nil {
					return err
				}
				files[r.Row] = append(files[r.Row], e)
			}
		}
	}
	done, refused, err := s.desk.HandIn(q.Context(), q.caller, rows, files)
	if err != nil {
		return err
	}
	q.server.sessions.Put(q.Context(), sessionSheet, fmt.Sprintf("%s %d %d", u.ID, done, refused))
	return q.redirect("/offline/" + u.ID)
}

// sessionSheet names what the next look at a sheet says of the handing in.
const sessionSheet = "sheet"

func evidenceField(r act.SheetRow) string { return "evidence-" + strconv.Itoa(r.Row) }

func (s *Server) offlinePreview(q *request) error {
	said := ""
	var id string
	var done, refused int
	if n, _ := fmt.Sscanf(q.server.sessions.PopString(q.Context(), sessionSheet), "%s %d %d", &id, &done, &refused); n == 3 && id == q.PathValue("id") {
		said = q.p.T("offline.handed-in", "n", done)
		if refused > 0 {
			said += q.p.T("offline.refused", "n", refused)
		}
	}
	return s.showSheet(q, http.StatusOK, nil, said)
}

// groups are the states of rows in the order of the page, with those that belong together.
var groups = []struct {
	key    string
	states []act.RowState
}{
	{"wrong", []act.RowState{act.RowWrong}}, {"clash", []act.RowState{act.RowClash}}, {"waits", []act.RowState{act.RowWaits}},
	{"ready", []act.RowState{act.RowReady, act.RowNoChange}}, {"done", []act.RowState{act.RowDone}}, {"blank", []act.RowState{act.RowBlank}},
}

// showSheet shows the rows of an upload by what becomes of them.
func (s *Server) showSheet(q *request, code int, causes map[int]error, said string) error {
	u, rows, err := s.workedSheet(q)
	if err != nil {
		return err
	}
	v, err := q.frame(q.p.T("offline.sheet-page", "name", u.Name), "desk")
	if err != nil {
		return err
	}
	f := page.OfflineSheetView{
		Head: page.HeadView{
			Crumbs: []page.Crumb{{Text: q.p.T("report.to-desk"), Href: "/desk"}, {Text: q.p.T("offline.title"), Href: "/offline"}, {Text: u.Name}},
			Title:  page.Say(u.Name), Meta: page.Say(q.p.T("offline.sent-at", "time", q.p.Recent(u.At))),
		},
		Action: "/offline/" + u.ID, Key: newKey(), Said: said,
	}
	count := map[act.RowState]int{}
	for _, r := range rows {
		count[r.State]++
	}
	for _, g := range groups {
		group := page.OfflineGroup{ID: g.key, Title: q.p.T("offline.group-" + g.key), About: q.p.T("offline.about-" + g.key)}
		for _, r := range rows {
			for _, state := range g.states {
				if r.State == state {
					group.Rows = append(group.Rows, q.sheetRow(r, causes[r.Row]))
				}
			}
		}
		if len(group.Rows) > 0 {
			group.Count = q.p.Number(int64(len(group.Rows)))
			f.Groups = append(f.Groups, group)
		}
		if g.key != "clash" && g.key != "blank" {
			f.Figs = append(f.Figs, page.Fig{Label: group.Title, Big: q.p.Number(int64(len(group.Rows)))})
		}
	}
	ready := count[act.RowReady] + count[act.RowNoChange]
	f.Files = count[act.RowWaits] > 0
	switch {
	case ready > 0:
		f.Submit, f.Ready = q.p.T("offline.hand-in", "n", ready), q.p.T("offline.hand-in-about")
	case f.Files:
		f.Submit, f.Ready = q.p.T("offline.hand-in-evidence"), q.p.T("offline.hand-in-evidence-about")
	}
	if count[act.RowDone] > 0 {
		f.Receipts = "/offline/" + u.ID + "/receipts"
	}
	return q.render(code, page.OfflineSheet(v, f))
}

// cellNames name the cells of a sheet where a fault may stand.
var cellNames = map[string]string{
	"key": "offline.cell-key", "task": "offline.col-task", "period": "offline.col-period", "value": "offline.cell-value", "words": "offline.cell-words",
	"no-change": "offline.cell-no-change", "completes": "offline.cell-completes", "kind": "offline.cell-words",
}

// sheetRow is one row as the page shows it.
func (q *request) sheetRow(r act.SheetRow, cause error) page.OfflineRow {
	out := page.OfflineRow{Row: strconv.Itoa(r.Row), Title: r.Title}
	measure := ""
	if r.Task.ID != "" {
		out.Title, out.Href, measure = r.Task.Title, "/tasks/"+string(r.Task.ID), targetUnit(r.Task.TaskRow)
	}
	if !r.Key.Period.IsZero() {
		out.Period = q.p.Period(r.Key.Period)
	}
	out.Said = q.typed(r, measure)
	labels := map[string]string{}
	for field, key := range cellNames {
		labels[field] = q.p.T(key)
	}
	out.Faults = page.Faults(q.p, r.Faults.Err(), labels)
	out.Faults = append(out.Faults, page.Faults(q.p, cause, nil)...)
	switch r.State {
	case act.RowWaits:
		out.File, out.Wanted = evidenceField(r), q.p.T("offline.wanted", "wanted", r.Task.EvidenceWanted)
		out.Form = page.Rich(q.p.Rich("offline.or-form"), reportHref(r.Task.ID, r.Key.Period))
	case act.RowDone:
		out.Now = page.Rich(q.p.Rich("offline.now-done", "number", r.Receipt.Number, "time", q.p.Recent(r.Standing.At)), "/reports/"+string(r.Standing.ID))
	case act.RowClash:
		out.Now = page.Rich(q.p.Rich("offline.now-clash", "said", q.saidBy(r.Standing, measure), "time", q.p.Recent(r.Standing.At)), "/reports/"+string(r.Standing.ID))
	case act.RowReady, act.RowNoChange:
		if r.Standing.State == task.ReportReturned {
			out.Now = page.Say(q.p.T("offline.now-again", "reason", r.Standing.Verdict))
		}
	}
	if r.Late {
		out.Late = q.p.T("offline.late")
	}
	return out
}

// typed is what a row says, each cell with its name.
func (q *request) typed(r act.SheetRow, measure string) (out []string) {
	if r.Blank() {
		return nil
	}
	for _, c := range []struct{ key, said string }{
		{"offline.cell-value", strings.TrimSpace(r.Value + measureOf(r.Value, measure))}, {"offline.cell-words", clip(r.Words, 80)}, {"offline.cell-no-change", r.NoChange},
		{"offline.cell-completes", r.Completes}, {"offline.cell-reason", clip(r.Reason, 60)},
	} {
		if c.said != "" {
			out = append(out, q.p.T("offline.typed", "cell", q.p.T(c.key), "said", c.said))
		}
	}
	return out
}

func measureOf(value, measure string) string {
	if value == "" || strings.HasSuffix(value, measure) {
		return ""
	}
	return measure
}

// offlineReceipts lists the receipts of what a sheet brought in.
func (s *Server) offlineReceipts(q *request) error {
	u, rows, err := s.workedSheet(q)
	if err != nil {
		return err
	}
	v, err := q.frame(q.p.T("offline.receipts"), "desk")
	if err != nil {
		return err
	}
	unit := q.caller.Unit()
	f := page.HandedView{
		Head: page.HeadView{
			Crumbs: []page.Crumb{{Text: q.p.T("offline.title"), Href: "/offline"}, {Text: u.Name, Href: "/offline/" + u.ID}, {Text: q.p.T("offline.receipts")}},
			Title:  page.Say(q.p.T("offline.receipts-of", "unit", unit.Name)), Meta: page.Say(q.p.Dots(u.Name, q.p.T("offline.sent-at", "time", q.p.Instant(u.At)))),
		},
		Back: "/offline/" + u.ID, Note: q.p.T("offline.receipts-note"),
	}
	for _, r := range rows {
		if r.State != act.RowDone {
			continue
		}
		f.Rows = append(f.Rows, page.HandedRow{
			Title: r.Task.Title, Href: "/reports/" + string(r.Standing.ID), Period: q.p.Period(r.Key.Period), Said: q.saidBy(r.Standing, targetUnit(r.Task.TaskRow)),
			Number: r.Receipt.Number, Entry: r.Receipt.Entry, At: q.p.Instant(r.Standing.At), State: q.p.T("report.state." + string(r.Standing.State)),
		})
	}
	return q.render(http.StatusOK, page.HandedIn(v, f))
}
