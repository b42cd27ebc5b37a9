package seal

import (
	"bytes"
	"crypto/rand"
	"errors"
	"testing"

	"gongjian/internal/calendar"
)

func statement(m Method, key string) Statement {
	return Statement{
		Log: "gongjian", Kind: "version", Subject: "v3", Title: "合作备忘录", Digest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		Party: "luzhou-gov", Name: "泸州市人民政府", Post: "p", Signer: "市长", Person: "x", Method: m, Key: key,
		Place: "泸州", Day: calendar.NewDate(2010, 6, 7), Nonce: "n1",
	}
}

func TestASignatureIsCheckedWithTheStatementAlone(t *testing.T) {
	for _, m := range []Method{Ed25519, SM2} {
		secret, err := Generate(m, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		for _, as := range []Method{m, Outside} {
			b := statement(as, secret.Public().String()).Bytes()
			kept, err := ParseSecret(secret.Text())
			if err != nil {
				t.Fatal(err)
			}
			value, err := kept.Sign(b)
			if err != nil {
				t.Fatal(err)
			}
			got, err := Check(b, value)
			if err != nil || got.Party != "luzhou-gov" {
				t.Fatalf("%s as %s: %+v, %v", m, as, got, err)
			}
		}
	}
}

func TestEveryChangedByteOfAStatementIsFound(t *testing.T) {
	for _, m := range []Method{Ed25519, SM2} {
		secret, err := Generate(m, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		b := statement(m, secret.Public().String()).Bytes()
		value, err := secret.Sign(b)
		if err != nil {
			t.Fatal(err)
		}
		for i := range b {
			forged := bytes.Clone(b)
			forged[i] ^= 1
			if _, err := Check(forged, value); err == nil {
				t.Fatalf("%s: byte %d of the statement was changed and nothing said", m, i)
			}
		}
		for i := range value {
			forged := bytes.Clone(value)
			forged[i] ^= 1
			if _, err := Check(b, forged); err == nil {
				t.Fatalf("%s: byte %d of the signature was changed and nothing said", m, i)
			}
		}
	}
}

func TestAKeyOfAnotherOrOfAnotherMethodIsRefused(t *testing.T) {
	mine, _ := Generate(Ed25519, rand.Reader)
	other, _ := Generate(Ed25519, rand.Reader)
	national, _ := Generate(SM2, rand.Reader)
	b := statement(Ed25519, mine.Public().String()).Bytes()
	value, err := other.Sign(b)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Check(b, value); !errors.Is(err, ErrForged) {
		t.Errorf("signed by another: %v", err)
	}
	b = statement(Ed25519, national.Public().String()).Bytes()
	if value, err = national.Sign(b); err != nil {
		t.Fatal(err)
	}
	if _, err := Check(b, value); err == nil {
		t.Error("an SM2 signature passes for Ed25519")
	}
	for _, key := range []string{"", "ed25519:", "sm2:BAAA", "rsa:AAAA", mine.Public().String() + "A"} {
		if _, err := ParsePublic(key); err == nil {
			t.Errorf("%q was read as a key", key)
		}
	}
	for _, key := range []string{"", "ed25519:AAAA", "sm2:AAAA", "sm2:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"} {
		if _, err := ParseSecret(key); err == nil {
			t.Errorf("%q was read as a private key", key)
		}
	}
}

func TestPaperIsNeverCalledChecked(t *testing.T) {
	if _, err := Check(statement(Paper, "").Bytes(), nil); !errors.Is(err, ErrOnPaper) {
		t.Errorf("paper: %v", err)
	}
}

func TestAStatementWrittenOtherwiseIsNotRead(t *testing.T) {
	b := statement(Paper, "").Bytes()
	for _, other := range [][]byte{append([]byte(" "), b...), append(bytes.Clone(b), ' '), bytes.Replace(b, []byte(`"log"`), []byte(`"LOG"`), 1), []byte(`{}`)} {
		if _, err := ReadStatement(other); err == nil {
			t.Errorf("%s was read", other)
		}
	}
}
