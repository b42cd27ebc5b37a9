package org

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gongjian/internal/fault"
)

// TokenID names a token. It is no secret.
type TokenID string

// TokenScope is a kind of thing that a token may be used for. It takes away from
// what its post may do and never adds to it.
type TokenScope string

// The scopes of tokens.
const (
	TokenReads    TokenScope = "read"   // look at what the post sees
	TokenReports  TokenScope = "report" // sign for tasks, keep evidence, hand in reports and take them back
	TokenVerifies TokenScope = "verify" // verify or return reports and support
	TokenWrites   TokenScope = "write"  // everything else that the interface changes: memorandums, plans, tasks, letters, support, scores
	// TokenSigns binds the unit: a signature, agreeing to a text, approving a plan. On the
	// pages a signature asks for the password again.
	TokenSigns   TokenScope = "sign"
	TokenListens TokenScope = "webhook" // keep the post's webhooks
)

// TokenScopes returns the scopes in the order of lists.
func TokenScopes() []TokenScope {
	return []TokenScope{TokenReads, TokenReports, TokenVerifies, TokenWrites, TokenSigns, TokenListens}
}

// Token lets a program act as a person in a post until a moment (令牌). What it may
// do is what the post may do on the day, less what its scopes leave out.
type Token struct {
	ID      TokenID
	Name    string // what it is for
	Person  PersonID
	Post    PostID
	Scopes  []TokenScope
	Made    time.Time
	Until   time.Time // the first moment at which it is over
	Revoked time.Time // zero: it was not
	Used    time.Time // about when it was last used; zero: never
}

// maxToken is how long a token may live: whoever forgets one does not leave a door
// open for ever.
const maxToken = 366 * 24 * time.Hour

// Check reports what is wrong with a token that is to be made.
//
// Faults: token.name, token.scope, token.until.
func (t Token) Check() error {
	var all fault.List
	if n := utf8.RuneCountInString(strings.TrimSpace(t.Name)); n == 0 || n > 100 {
		all = append(all, fault.New(fault.Invalid, "token.name").On("name"))
	}
	if len(t.Scopes) == 0 || slices.ContainsFunc(t.Scopes, func(s TokenScope) bool { return !slices.Contains(TokenScopes(), s) }) {
		all = append(all, fault.New(fault.Invalid, "token.scope").On("scopes"))
	}
	if !t.Until.After(t.Made) || t.Until.After(t.Made.Add(maxToken)) {
		all = append(all, fault.New(fault.Invalid, "token.until", "Days", int(maxToken/(24*time.Hour))).On("until"))
	}
	return all.Err()
}

// Allows reports whether the token may be used for a kind of thing.
func (t Token) Allows(s TokenScope) bool { return slices.Contains(t.Scopes, s) }

// Usable reports whether the token holds at a moment. That its person still holds
// its post is asked besides.
func (t Token) Usable(now time.Time) bool { return t.Revoked.IsZero() && now.Before(t.Until) }
