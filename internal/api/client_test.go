package api_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"gongjian/internal/sqldb"
	"gongjian/testkit"
)

// Other programs generate their client from the document: here one is generated for
// TypeScript, and a program over it compiled. Needs node_modules (npm ci), as the
// bundles of the pages do.
func TestAGeneratedClientCompilesAgainstTheDocument(t *testing.T) {
	db := testkit.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "client.db"), sqldb.Options{})
	folder := t.TempDir()
	p := begin(t, db)
	write := func(name string, b []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("document.json", p.ask("GET", "/openapi.json", "", nil).want(200).Body)
	source, err := os.ReadFile(filepath.Join("testdata", "client.ts"))
	if err != nil {
		t.Fatal(err)
	}
	write("client.ts", source)
	programs, err := filepath.Abs(filepath.Join("..", "..", "node_modules"))
	if err != nil {
		t.Fatal(err)
	}
	run := func(program string, arguments ...string) error {
		command := exec.CommandContext(t.Context(), "node", append([]string{filepath.Join(programs, program)}, arguments...)...)
		command.Dir = folder
		out, err := command.CombinedOutput()
		if err != nil {
			t.Logf("%s", out)
		}
		return err
	}
	if err := run("openapi-typescript/bin/cli.js", "document.json", "-o", "document.ts"); err != nil {
		t.Fatalf("generating a client (npm ci brings what it needs): %v", err)
	}
	compile := []string{"--noEmit", "--strict", "--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler", "--lib", "es2022", "--skipLibCheck", "client.ts"}
	if err := run("typescript/bin/tsc", compile...); err != nil {
		t.Fatalf("the client does not compile: %v", err)
	}
}
