// Package meter tells an operator what the server does: one event for each
// request, and figures for Prometheus.
//
// Words.
//   - An event is one answered request, act or run of a job.
//   - A route (路由) is the pattern that answered, "GET /tasks/{id}", never the
//     address that was asked: addresses hold one-time links and the like.
//   - A job is what the server does by itself, such as folding the journal.
//
// Laws.
//   - Each request is one event, whatever becomes of it, a panic included.
//   - No address, form, header or cookie of a request gets into an event.
//   - Figures have few label values: routes, actions, outcomes and names of jobs
//     are fixed in the program, so the number of series is bounded.
package meter
