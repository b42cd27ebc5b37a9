package web_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"gongjian/internal/org"
	"gongjian/internal/paper/bulk"
	"gongjian/internal/sheet"
	"gongjian/internal/sqldb"
	"gongjian/testkit"
)

const rosterHead = "单位名称,简称,类别,层级,上级（条）,上级（块）,区划代码,岗位,姓名,登录名,角色,起任日期\n"

// offlineAndRoster sends a report sheet of a unit and a roster of an administrator.
func offlineAndRoster(t *testing.T, w *testkit.Town, clerk, admin org.Caller) (offline, roster string) {
	t.Helper()
	owed, _, err := w.Store.View(clerk).Owed(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := w.Desk.SheetSecret(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s := bulk.Sheet{Number: secret.Number(clerk.Unit().ID, w.Store.Today()), Unit: clerk.Unit().ID, Name: "表"}
	for _, o := range owed {
		s.Lines = append(s.Lines, bulk.Line{Task: o.ID, Period: o.Period, Title: o.Title})
	}
	var b bytes.Buffer
	if err := sheet.WriteXLSX(&b, s.Table(), s.Rows(secret)); err != nil {
		t.Fatal(err)
	}
	data := fillIn(t, b.Bytes(), map[string]string{"无变化": "是"})
	if _, offline, err = w.Desk.TakeSheet(t.Context(), clerk, "", "表.xlsx", bytes.NewReader(data), int64(len(data))); err != nil {
		t.Fatal(err)
	}
	words := rosterHead + "泸州市农业局,,,,,,,副主任,王X,wangx,分管领导,\n泸州市农牧局,,政府部门,市级,,,510500,,,,,\n"
	if _, roster, err = w.Desk.TakeRoster(t.Context(), admin, "", "名册.csv", strings.NewReader(words), int64(len(words))); err != nil {
		t.Fatal(err)
	}
	return offline, roster
}

// fillIn fills the columns of every row of a sheet, by the beginning of their heads.
func fillIn(t *testing.T, data []byte, say map[string]string) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	name := f.GetSheetName(0)
	rows, err := f.GetRows(name)
	if err != nil {
		t.Fatal(err)
	}
	var head []string
	for i, row := range rows {
		if len(row) < 6 {
			continue
		}
		if head == nil {
			head = row
			continue
		}
		for c, h := range head {
			for begin, said := range say {
				if strings.HasPrefix(h, begin) {
					cell, err := excelize.CoordinatesToCellName(c+1, i+1)
					if err != nil {
						t.Fatal(err)
					}
					if err := f.SetCellStr(name, cell, said); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// offlineHall is a town on 2 June 2010 with its pages open and two tasks of 泸州's
// bureau, one of which wants evidence.
func offlineHall(t *testing.T) *importHall {
	t.Helper()
	db := testkit.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "town.db"), sqldb.Options{})
	w := testkit.NewTown(t, db)
	brands, shops := testkit.Brands(), testkit.Brands()
	shops.No, shops.Title, shops.Evidence = "2", "规范小作坊", ""
	for _, k := range w.Tasks(w.Plan(w.Memorandum(), brands, shops)) {
		if _, err := w.Desk.Sign(t.Context(), w.Caller(testkit.LuzhouBureau, org.Clerk), "", k.ID); err != nil {
			t.Fatal(err)
		}
	}
	w.On(2010, 6, 2)
	if err := w.Store.SetSamplePosts(t.Context(), []org.PostID{"luzhou/clerk", "luzhou-farm/clerk", "bureau/office", "bureau/admin"}); err != nil {
		t.Fatal(err)
	}
	server, _ := open(t, w, db)
	return &importHall{Town: w, base: server.URL}
}

// send posts a form with files, each named field=name, and returns status and page after redirects.
func send(t *testing.T, who *importer, path string, fields map[string]string, files map[string][]byte) (int, string, string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, value := range fields {
		if err := m.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	for name, data := range files {
		field, file, _ := strings.Cut(name, "=")
		w, err := m.CreateFormFile(field, file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := who.http.Post(who.base+path, m.FormDataContentType(), &b)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	page, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(page), r.Request.URL.Path
}

func fetch(t *testing.T, who *importer, path string) (int, http.Header, []byte) {
	t.Helper()
	r, err := who.http.Get(who.base + path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, r.Header, b
}

func TestAClerkFillsASheetInAndGetsReceipts(t *testing.T) {
	h := offlineHall(t)
	clerk := h.step(t, "luzhou/clerk")
	code, header, empty := fetch(t, clerk, "/offline/sheet.xlsx")
	if code != http.StatusOK || !strings.HasPrefix(header.Get("Content-Disposition"), "attachment") {
		t.Fatal(code, header)
	}
	code, page, _ := send(t, clerk, "/offline", map[string]string{"key": "a"}, map[string][]byte{"file=表.xlsx": empty})
	if code != http.StatusUnprocessableEntity || !strings.Contains(page, "什么都没有填") {
		t.Errorf("an untouched sheet: %d", code)
	}
	data := fillIn(t, empty, map[string]string{"本期完成值": "5", "进展说明": "<b>已受理</b>"})
	code, page, path := send(t, clerk, "/offline", map[string]string{"key": "b"}, map[string][]byte{"file=表.xlsx": data})
	if code != http.StatusOK || !strings.Contains(page, "提交1项") || !strings.Contains(page, "请补传证明材料") || strings.Contains(page, "<b>已受理") {
		t.Fatal(code, page)
	}
	field := regexp.MustCompile(`name="(evidence-\d+)"`).FindStringSubmatch(page)
	if field == nil {
		t.Fatal("no field for evidence")
	}
	code, page, _ = send(t, clerk, path, map[string]string{"key": "c"}, map[string][]byte{field[1] + "=推荐.pdf": []byte("%PDF-1.4")})
	if code != http.StatusOK || !strings.Contains(page, "提交了2项") || strings.Contains(page, "btn-primary") {
		t.Fatal(code, page)
	}
	_, _, receipts := fetch(t, clerk, path+"/receipts")
	if n := len(regexp.MustCompile(`20100602-[0-9A-Z]{4}-[0-9A-Z]{4}`).FindAll(receipts, -1)); n != 2 {
		t.Errorf("%d receipts", n)
	}
	if code, _, _ := fetch(t, h.step(t, "luzhou-farm/clerk"), path); code != http.StatusNotFound {
		t.Errorf("another unit sees the sheet: %d", code)
	}
	if code, _, _ := fetch(t, clerk, "/offline/sheet.xlsx"); code != http.StatusConflict {
		t.Errorf("a sheet without a row: %d", code)
	}
}

func TestWrongFilesAreRefusedOnThePage(t *testing.T) {
	h := offlineHall(t)
	clerk, admin := h.step(t, "luzhou/clerk"), h.step(t, "bureau/admin")
	for name, data := range map[string][]byte{"a.pdf": []byte("%PDF-1.4"), "a.xlsx": []byte("PK\x03\x04broken"), "a.csv": []byte("甲,乙\n1,2\n"), "b.xlsx": nil} {
		if code, page, _ := send(t, clerk, "/offline", nil, map[string][]byte{"file=" + name: data}); code < 400 || code >= 500 || !strings.Contains(page, `id="file"`) {
			t.Errorf("%s for a sheet: %d", name, code)
		}
		if code, page, _ := send(t, admin, "/rosters", nil, map[string][]byte{"file=" + name: data}); code < 400 || code >= 500 || !strings.Contains(page, `id="file"`) {
			t.Errorf("%s for a roster: %d", name, code)
		}
	}
	var long bytes.Buffer
	long.WriteString(rosterHead)
	for i := range 100_000 {
		fmt.Fprintf(&long, "单位%d,,,,,,,,,,,\n", i)
	}
	if code, page, _ := send(t, admin, "/rosters", nil, map[string][]byte{"file=x.csv": long.Bytes()}); code != http.StatusRequestEntityTooLarge || !strings.Contains(page, `id="file"`) {
		t.Errorf("100,000 rows: %d", code)
	}
}

func TestTheOfficeGetsTheSheetsOfATerritory(t *testing.T) {
	h := offlineHall(t)
	office := h.step(t, "bureau/office")
	if _, _, page := fetch(t, office, "/periods"); !strings.Contains(string(page), "/offline/sheets.zip") {
		t.Error("the page of periods does not offer them")
	}
	code, _, data := fetch(t, office, "/offline/sheets.zip?territory=510500")
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if code != http.StatusOK || err != nil || len(z.File) != 1 || !strings.Contains(z.File[0].Name, "泸州市质量技术监督局") {
		t.Fatalf("%d %v", code, err)
	}
	if code, _, _ := fetch(t, office, "/offline/sheets.zip?territory=513400"); code != http.StatusConflict {
		t.Errorf("a territory that owes nothing: %d", code)
	}
}

func TestAnAdministratorEntersARosterAndPrintsTheLinks(t *testing.T) {
	h := offlineHall(t)
	admin := h.step(t, "bureau/admin")
	if code, _, _ := fetch(t, admin, "/rosters/template.xlsx"); code != http.StatusOK {
		t.Errorf("the template: %d", code)
	}
	words := rosterHead + "泸州市农牧局,,政府部门,市级,,泸州市人民政府,510500,联络员,王X,wangx,,\n"
	code, page, path := send(t, admin, "/rosters", map[string]string{"key": "a"}, map[string][]byte{"file=名册.csv": []byte(words)})
	if code != http.StatusOK || !strings.Contains(page, "和已有单位很像") || !strings.Contains(page, "disabled") {
		t.Fatal(code, page)
	}
	doubt := regexp.MustCompile(`name="doubt" value="([^"]+)"`).FindStringSubmatch(page)[1]
	answer := map[string]string{"key": "b", "version": "1", "doubt": doubt, "choice": "new"}
	if code, page, _ = send(t, admin, path+"/answers", answer, nil); code != http.StatusOK || strings.Contains(page, "disabled") {
		t.Fatal(code, page)
	}
	apply := map[string]string{"key": "c", "version": "2"}
	code, page, _ = send(t, admin, path+"/apply", apply, nil)
	link := regexp.MustCompile(`/link/[A-Za-z0-9_-]{20,}`).FindString(page)
	if code != http.StatusOK || link == "" {
		t.Fatal(code, page)
	}
	if code, _, _ := fetch(t, h.step(t, "luzhou/clerk"), link); code != http.StatusOK {
		t.Errorf("the link: %d", code)
	}
	if code, page, _ = send(t, admin, path+"/apply", apply, nil); code != http.StatusOK || strings.Contains(page, "/link/") {
		t.Errorf("sent twice: %d", code)
	}
	if _, _, page := fetch(t, admin, path); strings.Contains(string(page), "王X") {
		t.Error("names are kept after entering")
	}
}
