package blob_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gongjian/internal/blob"
	"gongjian/internal/fault"
)

func open(t *testing.T) (*blob.Store, string) {
	t.Helper()
	root := t.TempDir()
	s, err := blob.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	return s, root
}

// archive makes a zip of empty files.
func archive(t *testing.T, names ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, n := range names {
		if _, err := z.Create(n); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTheTypeComesFromTheContentNeverFromTheName(t *testing.T) {
	s, _ := open(t)
	for name, c := range map[string]struct {
		content []byte
		want    string // "" is refused
	}{
		"照片.pdf":   {[]byte("\x89PNG\r\n\x1a\n0000"), "image/png"},
		"文件.jpg":   {[]byte("%PDF-1.4\n"), blob.PDF},
		"说明.exe":   {[]byte("已列入2010年推荐名单"), blob.Text},
		"表.bin":    {archive(t, "[Content_Types].xml", "xl/workbook.xml"), blob.XLSX},
		"稿.bin":    {archive(t, "word/document.xml"), blob.DOCX},
		"网页.pdf":   {[]byte("<!doctype html><script>alert(1)</script>"), ""},
		"宏.xlsx":   {archive(t, "xl/workbook.xml", "xl/vbaProject.bin"), ""},
		"压缩包.docx": {archive(t, "readme.txt"), ""},
		"程序.png":   {[]byte("MZ\x90\x00\x03\x00\x00\x00\x04\x00"), ""},
		"图.svg":    {[]byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), ""},
	} {
		k, err := s.Keep(bytes.NewReader(c.content), name)
		if c.want == "" {
			if !fault.Is(err, "evidence.type") {
				t.Errorf("%s: taken as %q, %v", name, k.Type, err)
			}
			continue
		}
		if err != nil || k.Type != c.want || k.Size != int64(len(c.content)) {
			t.Errorf("%s: %+v, %v; want %s", name, k, err, c.want)
		}
	}
}

func TestTheSameFileIsKeptOnceAndReadBackWhole(t *testing.T) {
	s, root := open(t)
	first, err := s.Keep(strings.NewReader("一份凭据"), "甲.txt")
	if err != nil {
		t.Fatal(err)
	}
	second, err := s.Keep(strings.NewReader("一份凭据"), "乙.txt")
	if err != nil || first.ID != second.ID {
		t.Fatalf("%+v and %+v, %v", first, second, err)
	}
	f, err := s.Open(first.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if b, err := io.ReadAll(f); err != nil || string(b) != "一份凭据" {
		t.Fatalf("%q, %v", b, err)
	}
	if left, err := os.ReadDir(filepath.Join(root, "new")); err != nil || len(left) != 0 {
		t.Fatalf("%d files are left behind, %v", len(left), err)
	}
}

func TestEmptyAndOversizedFilesAreRefused(t *testing.T) {
	s, _ := open(t)
	if _, err := s.Keep(strings.NewReader(""), "空.txt"); !fault.Is(err, "evidence.empty") {
		t.Errorf("empty: %v", err)
	}
	if _, err := s.Keep(io.LimitReader(endless{}, blob.MaxSize+1), "大.txt"); !fault.Is(err, "evidence.too-large") {
		t.Errorf("one byte too many: %v", err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestOnlyHashesOpenFiles(t *testing.T) {
	s, _ := open(t)
	for _, id := range []string{"", "../../etc/passwd", strings.Repeat("a", 64), strings.Repeat("A", 64), strings.Repeat("../", 22)[:64]} {
		if f, err := s.Open(id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%q opens %v, %v", id, f, err)
		}
	}
}

func TestOnlyPicturesAreShownInPlace(t *testing.T) {
	for kept, want := range map[string]string{"image/png": "inline", "image/jpeg": "inline", blob.PDF: "attachment", blob.Text: "attachment", blob.DOCX: "attachment"} {
		if _, how := blob.ServeType(kept); how != want {
			t.Errorf("%s is served %s", kept, how)
		}
	}
}
