package meter_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gongjian/internal/meter"
)

func watch(h http.HandlerFunc) (http.Handler, *[]meter.Request) {
	var got []meter.Request
	at := time.Date(2010, 6, 7, 9, 0, 0, 0, time.UTC)
	now := func() time.Time { at = at.Add(3 * time.Millisecond); return at }
	return meter.Watch(h, func() string { return "id-1" }, now, func(_ context.Context, e meter.Request) { got = append(got, e) }), &got
}

func TestARequestIsOneEventThatNamesTheRouteAndNotTheAddress(t *testing.T) {
	h, got := watch(func(w http.ResponseWriter, r *http.Request) {
		meter.Route(r.Context(), "GET /link/{token}")
		meter.Post(r.Context(), "post-7")
		if meter.ID(r.Context()) != "id-1" {
			t.Error("the handler does not know the request's id")
		}
		w.WriteHeader(http.StatusTeapot)
		w.Write([]byte("四个"))
	})
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, httptest.NewRequest("GET", "/link/secret?x=secret", nil))
	want := meter.Request{ID: "id-1", Method: "GET", Route: "GET /link/{token}", Post: "post-7", Status: 418, Bytes: 6, Took: 3 * time.Millisecond}
	if len(*got) != 1 || (*got)[0] != want {
		t.Errorf("%+v, want %+v", *got, want)
	}
	if answer.Header().Get("X-Request-Id") != "id-1" {
		t.Error("the answer does not carry the id")
	}
}

func TestAnEmptyAnswerAPanicAndAMethodOfTheirOwnAreEventsToo(t *testing.T) {
	h, got := watch(func(http.ResponseWriter, *http.Request) {})
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("BREW", "/", nil))
	if e := (*got)[0]; e.Status != 200 || e.Method != "other" {
		t.Errorf("%+v", e)
	}
	h, got = watch(func(http.ResponseWriter, *http.Request) { panic("broken") })
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed; the server must cut the connection")
			}
		}()
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	}()
	if len(*got) != 1 || !(*got)[0].Panic {
		t.Errorf("%+v", *got)
	}
}

func TestOnlyATrustedProxyNamesTheClient(t *testing.T) {
	proxies, err := meter.ParseProxies([]string{"127.0.0.1", "10.0.0.0/8", "::1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ from, header, want string }{
		{"127.0.0.1:5000", "203.0.113.9", "203.0.113.9:0"},
		{"127.0.0.1:5000", "1.1.1.1, 203.0.113.9, 10.2.3.4", "203.0.113.9:0"}, // the first is the client's own invention
		{"[::1]:5000", "2001:db8::7", "[2001:db8::7]:0"},
		{"[::ffff:127.0.0.1]:5000", "203.0.113.9", "203.0.113.9:0"},
		{"203.0.113.7:5000", "127.0.0.1", "203.0.113.7:5000"}, // a stranger is not asked
		{"127.0.0.1:5000", "", "127.0.0.1:5000"},
		{"127.0.0.1:5000", "203.0.113.9, nonsense", "127.0.0.1:5000"},
		{"127.0.0.1:5000", "10.0.0.1", "127.0.0.1:5000"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.from
		if c.header != "" {
			r.Header.Set("X-Forwarded-For", c.header)
		}
		var got string
		proxies.Client(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.RemoteAddr })).ServeHTTP(nil, r)
		if got != c.want {
			t.Errorf("from %s with %q: %s, want %s", c.from, c.header, got, c.want)
		}
	}
	if _, err := meter.ParseProxies([]string{"10.0.0.0/99"}); err == nil || !strings.Contains(err.Error(), "10.0.0.0/99") {
		t.Error(err)
	}
}

func TestPrometheusReadsWhatHappened(t *testing.T) {
	f := meter.New()
	f.Request(meter.Request{Route: "GET /tasks/{id}", Status: 200, Took: 3 * time.Millisecond})
	f.Request(meter.Request{Panic: true})
	f.Act("SubmitReport", "done", time.Millisecond)
	f.Job("fold", time.Millisecond, time.Unix(1275900000, 0), nil)
	f.Job("lights", time.Millisecond, time.Unix(1275900000, 0), errors.New("broken"))
	f.Ask(func() []meter.Pool { return []meter.Pool{{Name: "write", InUse: 3, Waited: 7}} },
		func(context.Context) (meter.Lag, error) { return meter.Lag{Waiting: 5, Age: 2 * time.Second}, nil })
	answer := httptest.NewRecorder()
	f.Handler().ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
	for _, want := range []string{
		`gongjian_request_seconds_bucket{route="GET /tasks/{id}",status="200",le="0.005"} 1`,
		`gongjian_request_seconds_count{route="other",status="panic"} 1`,
		`gongjian_act_seconds_count{action="SubmitReport",outcome="done"} 1`,
		`gongjian_job_seconds_count{job="lights",outcome="failed"} 1`,
		`gongjian_job_last_success_timestamp_seconds{job="fold"} 1.2759e+09`,
		`gongjian_pool_in_use{pool="write"} 3`, `gongjian_pool_waits_total{pool="write"} 7`,
		`gongjian_journal_waiting_entries 5`, `gongjian_journal_waiting_seconds 2`, `go_goroutines`,
	} {
		if !strings.Contains(answer.Body.String(), want) {
			t.Errorf("%s is missing", want)
		}
	}
}
