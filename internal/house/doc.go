// Package house holds the house's own rules as tests, and nothing else: which
// package may import which, what the domain must not touch, that every package
// and exported name is described, that rules cite a source and a test, that the
// glossary knows the domain's words, that links resolve, and that nothing names
// the machine it was built on.
//
// Words. An edge is one package importing another. A layer is a floor of the
// house; docs/design.md draws them. The domain is the floor of pure functions.
// A rule is a sentence of a norm or a practice that the code enforces; it has a
// number like T-07 and a source text in docs/sources.
//
// Laws. A test here reads source text and never runs the code it judges. Each
// failure says where, what is refused, why, and what to do instead.
package house
