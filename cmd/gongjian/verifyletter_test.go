package main

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gongjian/internal/calendar"
	"gongjian/internal/letter"
	"gongjian/internal/memo"
	"gongjian/internal/seal"
	"gongjian/internal/task"
)

func TestALetterVerifiesOfflineAndAChangedOneDoesNot(t *testing.T) {
	day := calendar.NewDate(2010, 3, 1)
	body := letter.Draw(nil, letter.Facts{
		Plan: memo.Plan{ID: "p", Title: "计划", Year: 2010}, Today: day, Giver: letter.Party{Unit: "g", Name: "省局"}, Taker: letter.Party{Unit: "t", Name: "县局"},
		Tasks: []letter.Task{{ID: "1", Title: "新增名牌", Target: "不少于20个", Role: task.Lead, Weight: task.One}},
	}).Body
	secret, err := seal.Generate(seal.SM2, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s := seal.Statement{Log: "gongjian", Kind: "letter", Subject: "a", Digest: body.Digest(), Party: "t", Name: "县局", Signer: "局长 张X", Method: seal.SM2, Key: secret.Public().String(), Day: day, Nonce: "n"}
	value, err := secret.Sign(s.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	b := letter.Bundle{Kind: letter.BundleKind, ID: "a", Body: string(body.Canonical()), Digest: body.Digest(),
		Signatures: []letter.Signature{{Statement: string(s.Bytes()), Value: base64.StdEncoding.EncodeToString(value)}}}
	file, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]struct {
		file []byte
		good bool
	}{"as exported": {file, true}, "one character changed": {bytes.Replace(file, []byte("20个"), []byte("21个"), 1), false},
		"another signer": {bytes.Replace(file, []byte("张X"), []byte("李X"), 1), false}} {
		path := filepath.Join(t.TempDir(), "letter.json")
		if err := os.WriteFile(path, x.file, 0o600); err != nil {
			t.Fatal(err)
		}
		got, is, err := readLetter(path)
		if err != nil || !is {
			t.Fatal(is, err)
		}
		var out strings.Builder
		if err := checkLetter(&out, got); (err == nil) != x.good {
			t.Errorf("%s: %v\n%s", name, err, out.String())
		} else if x.good && (!strings.Contains(out.String(), "局长 张X") || !strings.Contains(out.String(), "not signed  省局")) {
			t.Error(out.String())
		}
	}
}
