package folio

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var keep = flag.String("keep", "", "leave the documents that the tests write in this folder, to be looked at")

func docxOf(t testing.TB, d Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteDOCX(&b, d, Standard()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pdfOf(t testing.TB, d Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WritePDF(&b, d, Standard(), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// saved writes a file where LibreOffice and poppler find it.
func saved(t testing.TB, name string, body []byte) string {
	t.Helper()
	folder := *keep
	if folder == "" {
		folder = t.TempDir()
	}
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, body, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestEverySampleIsWritten(t *testing.T) {
	for name, d := range map[string]Document{"letter": letter(), "grid": grid(), "notice": notice(), "bulletin": bulletin()} {
		saved(t, name+".docx", docxOf(t, d))
		saved(t, name+".pdf", pdfOf(t, d))
	}
}
