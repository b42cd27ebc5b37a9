package org_test

import (
	"testing"
	"time"

	"gongjian/internal/fault"
	"gongjian/internal/org"
)

func TestATokenHasANameAScopeAndAnEnd(t *testing.T) {
	made := time.Date(2010, 6, 7, 1, 0, 0, 0, time.UTC)
	good := org.Token{Name: "财政局预算系统", Scopes: []org.TokenScope{org.TokenReads}, Made: made, Until: made.AddDate(0, 3, 0)}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	if !good.Usable(made) || good.Usable(good.Until) || !good.Allows(org.TokenReads) || good.Allows(org.TokenReports) {
		t.Error("a token holds from its making to its end, for its scopes")
	}
	for key, change := range map[string]func(*org.Token){
		"token.name":  func(k *org.Token) { k.Name = " " },
		"token.scope": func(k *org.Token) { k.Scopes = []org.TokenScope{"everything"} },
		"token.until": func(k *org.Token) { k.Until = made.AddDate(2, 0, 0) },
	} {
		bad := good
		change(&bad)
		if err := bad.Check(); !fault.Is(err, key) {
			t.Errorf("%s: %v", key, err)
		}
	}
	revoked := good
	revoked.Revoked = made
	if revoked.Usable(made) {
		t.Error("a revoked token is usable")
	}
}
