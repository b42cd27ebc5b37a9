package meter

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Figures are all that Prometheus reads. They are safe for many goroutines.
type Figures struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	acts     *prometheus.HistogramVec
	jobs     *prometheus.HistogramVec
	lastJob  *prometheus.GaugeVec
}

// seconds are the limits of the histograms' buckets: an act takes some
// milliseconds, a page up to some tens.
var seconds = []float64{.002, .005, .01, .02, .05, .1, .25, 1, 5, 30}

// New makes figures that stand at nothing, with those of the Go runtime and of
// the process.
func New() *Figures {
	histogram := func(name, help string, labels ...string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "gongjian", Name: name, Help: help, Buckets: seconds}, labels)
	}
	f := &Figures{
		registry: prometheus.NewRegistry(),
		requests: histogram("request_seconds", "Answered requests by route and status.", "route", "status"),
		acts:     histogram("act_seconds", "Acts by action and outcome: done, again, refused, mend (a slip in a form) or failed.", "action", "outcome"),
		jobs:     histogram("job_seconds", "Runs of jobs by outcome: done or failed.", "job", "outcome"),
		lastJob: prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "gongjian", Name: "job_last_success_timestamp_seconds",
			Help: "When a job last succeeded on this server."}, []string{"job"}),
	}
	f.registry.MustRegister(f.requests, f.acts, f.jobs, f.lastJob,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return f
}

// Request counts an answered request.
func (f *Figures) Request(e Request) {
	route := e.Route
	if route == "" {
		route = "other"
	}
	status := strconv.Itoa(e.Status)
	if e.Panic {
		status = "panic"
	}
	f.requests.WithLabelValues(route, status).Observe(e.Took.Seconds())
}

// Act counts an act.
func (f *Figures) Act(action, outcome string, took time.Duration) {
	f.acts.WithLabelValues(action, outcome).Observe(took.Seconds())
}

// Job counts a run of a job that ended at a moment.
func (f *Figures) Job(name string, took time.Duration, at time.Time, err error) {
	outcome := "done"
	if err != nil {
		outcome = "failed"
	} else {
		f.lastJob.WithLabelValues(name).Set(float64(at.Unix()))
	}
	f.jobs.WithLabelValues(name, outcome).Observe(took.Seconds())
}

// Pool is the state of one pool of connections.
type Pool struct {
	Name        string
	Open, InUse int
	Most        int           // connections allowed
	Waited      int64         // requests for a connection that had to wait, since the start
	WaitedFor   time.Duration // by all of them together
}

// Lag is how far the journal's tree is behind its entries.
type Lag struct {
	Waiting int64         // entries not folded yet
	Age     time.Duration // of the oldest of them
}

// Ask has pools and journal asked each time that Prometheus asks, the journal for
// at most two seconds; figures that cannot be had are left out.
func (f *Figures) Ask(pools func() []Pool, lag func(context.Context) (Lag, error)) {
	f.registry.MustRegister(asked{pools, lag})
}

type asked struct {
	pools func() []Pool
	lag   func(context.Context) (Lag, error)
}

var (
	poolOpen   = prometheus.NewDesc("gongjian_pool_connections", "Open connections by pool.", []string{"pool"}, nil)
	poolInUse  = prometheus.NewDesc("gongjian_pool_in_use", "Connections in use by pool.", []string{"pool"}, nil)
	poolMost   = prometheus.NewDesc("gongjian_pool_limit", "Connections allowed by pool.", []string{"pool"}, nil)
	poolWaited = prometheus.NewDesc("gongjian_pool_waits_total", "How often a connection was waited for.", []string{"pool"}, nil)
	poolTime   = prometheus.NewDesc("gongjian_pool_wait_seconds_total", "How long connections were waited for.", []string{"pool"}, nil)
	lagCount   = prometheus.NewDesc("gongjian_journal_waiting_entries", "Journal entries not folded yet.", nil, nil)
	lagAge     = prometheus.NewDesc("gongjian_journal_waiting_seconds", "Age of the oldest journal entry not folded yet.", nil, nil)
)

// Describe names the figures.
func (a asked) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{poolOpen, poolInUse, poolMost, poolWaited, poolTime, lagCount, lagAge} {
		to <- d
	}
}

// Collect asks.
func (a asked) Collect(to chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	for _, p := range a.pools() {
		gauge(poolOpen, float64(p.Open), p.Name)
		gauge(poolInUse, float64(p.InUse), p.Name)
		gauge(poolMost, float64(p.Most), p.Name)
		to <- prometheus.MustNewConstMetric(poolWaited, prometheus.CounterValue, float64(p.Waited), p.Name)
		to <- prometheus.MustNewConstMetric(poolTime, prometheus.CounterValue, p.WaitedFor.Seconds(), p.Name)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if l, err := a.lag(ctx); err == nil {
		gauge(lagCount, float64(l.Waiting))
		gauge(lagAge, l.Age.Seconds())
	}
}

// Handler answers Prometheus.
func (f *Figures) Handler() http.Handler {
	return promhttp.HandlerFor(f.registry, promhttp.HandlerOpts{})
}
