// Package api is the interface for other programs: the same questions to a view
// and the same acts at the desk as the pages, as JSON under /api/v1.
//
// Words. An operation is one address with its method, described in the OpenAPI
// document that is made from the code. A token (令牌) says who asks: a person in a
// post, for some kinds of thing (scopes), until a day. A problem is a refusal in
// the form of RFC 9457; its code is the key of the fault, the same in every
// language. A page of a list ends in a cursor, which is opaque.
//
// Laws. What somebody may see is decided by the view, what they may do by the act,
// as on the pages; out of sight answers as absent. Every POST has an
// Idempotency-Key and is done once. Every change of a record that has a version
// names the version that it was made on (If-Match). Decimals are strings, days are
// 2010-06-30, instants are RFC 3339 in UTC. No list counts a whole table.
package api
