package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func settings(t *testing.T, content string) origins {
	t.Helper()
	path := filepath.Join(t.TempDir(), "gongjian.json")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	o, err := readConfig([]string{"serve", "--config", path})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestAFlagGoesBeforeTheEnvironmentAndThatBeforeTheFile(t *testing.T) {
	o := settings(t, `{"addr": "127.0.0.1:1", "data": "file", "db-readers": 3, "secure": true, "trusted-proxies": ["10.0.0.0/8", "::1"], "read-timeout": "5s"}`)
	t.Setenv("GONGJIAN_ADDR", "127.0.0.1:2")
	t.Setenv("GONGJIAN_DATA", "environment")
	var c commands
	if err := o.check(parser(&c, o).Model); err != nil {
		t.Fatal(err)
	}
	if _, err := parser(&c, o).Parse([]string{"serve", "--data", "flag"}); err != nil {
		t.Fatal(err)
	}
	s := c.Serve
	if s.Addr != "127.0.0.1:2" || s.Data != "flag" || s.DBReaders != 3 || !s.Secure || len(s.TrustedProxies) != 2 || s.ReadTimeout.String() != "5s" || s.DBWriters != 8 {
		t.Errorf("%+v", s)
	}
}

func TestEverythingWrongInTheSettingsIsNamedAtOnceWithItsPlace(t *testing.T) {
	o := settings(t, `{"adr": "x", "db-readers": "many", "log-format": "xml"}`)
	t.Setenv("GONGJIAN_LOG_LEVEL", "loud")
	var c commands
	err := o.check(parser(&c, o).Model)
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{o.file + ": adr: ", o.file + ": db-readers: ", o.file + ": log-format: ", "environment GONGJIAN_LOG_LEVEL: "} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not named:\n%v", want, err)
		}
	}
	wrong := serve{database: database{DB: "mysql://x", DBReaders: 8}, Addr: "nowhere", URL: "gongjian", TrustedProxies: []string{"z"}}
	err = wrong.faults()
	for _, want := range []string{"addr: ", "db: ", "url: ", "trusted-proxies: ", "db-writers: ", "read-timeout: "} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not named:\n%v", want, err)
		}
	}
}

func TestAPasswordIsNeverShown(t *testing.T) {
	for _, address := range []string{"postgres://u:geheim@h/x", "postgres://h/x?user=u&password=geheim", "postgres://h/x?sslpassword=geheim", "postgres://u:geheim@%zz"} {
		if s := withoutPassword(address); strings.Contains(s, "geheim") {
			t.Errorf("%s shows as %s", address, s)
		}
	}
}
