// Package soffice says which tests need LibreOffice. It stands apart from package
// testkit, which imports the desk, so that packages below the desk can use it.
package soffice

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
)

// Needed says that a test needs LibreOffice and poppler's programs. Without them
// the test fails, unless SKIP_OFFICE=1 says that this is meant; then one line
// says what was left out.
func Needed(t testing.TB) {
	t.Helper()
	if os.Getenv("SKIP_OFFICE") == "1" {
		fmt.Fprintf(os.Stderr, "testkit: %s needs LibreOffice and is left out, because SKIP_OFFICE=1\n", t.Name())
		t.Skip("SKIP_OFFICE=1")
	}
	for _, name := range []string{"soffice", "pdftotext", "pdftoppm"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Fatalf("testkit: this test needs %s. Install Debian's packages libreoffice-writer-nogui, poppler-utils and "+
				"fonts-noto-cjk, or set SKIP_OFFICE=1 to leave tests with LibreOffice out.", name)
		}
	}
}
