package scenarios

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/jackc/pgx/v5"
	"github.com/rs/zerolog"

	"gongjian/internal/sqldb"
	"gongjian/testkit"
)

// A database that cannot be reached, is cut off in the middle of writes, or is slow:
// whoever asks is told what to do, nothing is half done, and the same server goes on
// when the database is back, with no more goroutines and connections than before.
//
// Not tried: a line that swallows everything without being cut. What was asked over
// it waits until the system gives the connection up.
func TestADatabaseOutOfReachIsAnsweredAndForgiven(t *testing.T) {
	for _, engine := range testkit.Engines(t) {
		if engine.Name != sqldb.Postgres {
			continue // a file has no connection
		}
		line, address := proxied(t, engine.Address)
		s := found(t, engine, 4)
		figures := freeAddress(t)
		s.world = start(t, address, s.now, "--metrics-addr", figures)
		var all []*writer
		for n := range s.tasks {
			all = append(all, newWriter(s, n))
		}
		for _, w := range all {
			if a, err := w.step(); err != nil || !a.done() {
				t.Fatal(a.status, err)
			}
		}
		signedIn := s.enter(t, "luzhou/office", "一个很长的口令-2010")
		before := figure(t, figures, "go_goroutines")

		line.Stop()
		v := s.visitor()
		for range 30 { // enough that a leak of one for each shows
			if v.open("/public"); v.status != http.StatusServiceUnavailable || !strings.Contains(v.text(), "数据库暂时连不上") {
				t.Fatalf("a page without database: %d\n%s", v.status, v.text())
			}
			if a, err := all[0].step(); err != nil || a.status != http.StatusServiceUnavailable || !strings.Contains(string(a.body), "database.unreachable") {
				t.Fatalf("an act without database: %d %s %v", a.status, a.body, err)
			}
		}
		if signedIn.open("/desk"); signedIn.status != http.StatusServiceUnavailable || !strings.Contains(signedIn.text(), "数据库暂时连不上") {
			t.Errorf("the desk without database: %d\n%s", signedIn.status, signedIn.text())
		}
		if v.open("/healthz"); v.status != http.StatusOK {
			t.Errorf("a server without database says %d to whether it lives", v.status)
		}
		restart(t, line)
		s.recovered(t, all)

		if signedIn.open("/desk"); signedIn.status != http.StatusOK || signedIn.path != "/desk" {
			t.Errorf("who was signed in before the database was away sees %s with %d", signedIn.path, signedIn.status)
		}

		for range 2 { // while many write
			s.underFire(t, all, 12, line.Stop)
			restart(t, line)
			s.recovered(t, all)
		}

		if _, err := line.Toxics.AddToxicJson(strings.NewReader(`{"type": "latency", "attributes": {"latency": 15, "jitter": 10}}`)); err != nil {
			t.Fatal(err)
		}
		for _, w := range all {
			if a, err := w.step(); err != nil || !a.done() {
				t.Errorf("over a slow line: %d %v", a.status, err)
			}
		}
		line.Toxics.ResetToxics(t.Context())
		s.accounted(t, all)

		http.DefaultClient.CloseIdleConnections()
		for _, w := range all {
			w.client.CloseIdleConnections()
		}
		v.client.CloseIdleConnections()
		for tries := 0; ; tries++ { // what is ending ends soon
			now, busy := figure(t, figures, "go_goroutines"), figure(t, figures, `gongjian_pool_in_use{pool="write"}`)+figure(t, figures, `gongjian_pool_in_use{pool="read"}`)
			if now <= before+15 && busy == 0 {
				break
			}
			if tries == 100 {
				t.Errorf("%v goroutines after it all, %v before; %v connections in use", now, before, busy)
				break
			}
			s.pause()
		}
		if n := figure(t, figures, `gongjian_pool_connections{pool="write"}`); n > figure(t, figures, `gongjian_pool_limit{pool="write"}`) {
			t.Errorf("%v connections for writes", n)
		}
	}
}

// recovered demands that the same server answers again and that what was begun is
// done under its key.
func (s *site) recovered(t *testing.T, all []*writer) {
	t.Helper()
	s.later()
	for _, w := range all {
		for tries := 0; ; tries++ {
			a, err := w.step()
			if err == nil && a.done() {
				break
			}
			if tries == 20 || err != nil { // connections that died in the pool may each cost a try
				t.Fatalf("%s, with the database back: %d %s %v", w.name, a.status, a.body, err)
			}
			s.later()
		}
	}
	if v := s.visitor().open("/public"); v.status != http.StatusOK {
		t.Errorf("a page with the database back: %d", v.status)
	}
}

// proxied puts a proxy before the server of an address.
func proxied(t *testing.T, address string) (*toxiproxy.Proxy, string) {
	t.Helper()
	config, err := pgx.ParseConfig(address)
	if err != nil {
		t.Fatal(err)
	}
	upstream := net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port)))
	if strings.HasPrefix(config.Host, "/") { // the proxy knows TCP only
		upstream = overTCP(t, filepath.Join(config.Host, fmt.Sprintf(".s.PGSQL.%d", config.Port)))
	}
	proxy := toxiproxy.NewProxy(toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop()), "database", "127.0.0.1:0", upstream)
	if err := proxy.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Stop)
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Del("host")
	q.Set("sslmode", "disable")
	u.Host, u.RawQuery = proxy.Listen, q.Encode()
	return proxy, u.String()
}

// restart lets the proxy pass again, at the address that it had.
func restart(t *testing.T, proxy *toxiproxy.Proxy) {
	t.Helper()
	if err := proxy.Start(); err != nil {
		t.Fatal(err)
	}
}

// overTCP passes connections on to a socket of the file system.
func overTCP(t *testing.T, socket string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("unix", socket)
			if err != nil {
				client.Close()
				return
			}
			var one sync.Once
			end := func() { client.Close(); server.Close() }
			go func() { _, _ = io.Copy(server, client); one.Do(end) }()
			go func() { _, _ = io.Copy(client, server); one.Do(end) }()
		}
	}()
	return l.Addr().String()
}

// freeAddress is an address that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// figure is one of the figures that the server keeps for Prometheus.
func figure(t *testing.T, address, name string) float64 {
	t.Helper()
	res, err := http.Get("http://" + address + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(name) + ` (\S+)$`).FindSubmatch(b)
	if found == nil {
		t.Fatalf("there is no figure %s", name)
	}
	n, err := strconv.ParseFloat(string(found[1]), 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
