package api

import (
	"crypto/rand"
	"strings"

	"gongjian/internal/act"
	"gongjian/internal/store"
)

// Signing is how a unit signs.
type Signing struct {
	Method    string `json:"method" enum:"ed25519,sm2,outside,paper" doc:"With the key that the server keeps for the holder of the post; outside with a key of their own; paper records what was signed by hand."`
	Day       string `json:"day" format:"date"`
	Place     string `json:"place,omitempty" maxLength:"200"`
	Statement string `json:"statement,omitempty" maxLength:"20000" doc:"Of outside: the exact text that was signed, as it was given out."`
	Value     string `json:"value,omitempty" maxLength:"2000" doc:"Of outside: the signature in base64."`
	Scan      string `json:"scan,omitempty" maxLength:"64" doc:"Of paper: the id of the scanned copy, uploaded as evidence."`
}

// signing reads how a unit signs. A scan must have been uploaded.
func (s *Server) signing(q *asking, b Signing) (act.Signing, error) {
	on, err := day(b.Day, "day")
	if err == nil && b.Scan != "" {
		_, err = s.kept(q, []Kept{{ID: b.Scan, Name: "scan"}})
	}
	how := act.SigningBy(b.Method, b.Place, on)
	how.Statement, how.Value, how.Scan = strings.TrimSpace(b.Statement), strings.TrimSpace(b.Value), b.Scan
	return how, err
}

// Signature is a signature of a unit.
type Signature struct {
	ID        string `json:"id"`
	Party     string `json:"party"`
	Person    string `json:"person"`
	Post      string `json:"post"`
	Method    string `json:"method" doc:"ed25519, sm2, outside, paper"`
	Digest    string `json:"digest" doc:"SHA-256 of what was signed."`
	Statement string `json:"statement" doc:"The exact text that was signed."`
	Value     string `json:"value,omitempty" doc:"Base64; absent of paper."`
	Key       string `json:"key,omitempty" doc:"The public key; absent of paper."`
	Scan      string `json:"scan,omitempty" doc:"Of paper: the id of the scanned copy."`
	Place     string `json:"place,omitempty"`
	On        string `json:"on" format:"date"`
	Void      string `json:"void,omitempty" format:"date-time" doc:"Since when it does not hold."`
	Why       string `json:"why,omitempty" doc:"It does not hold."`
}

func showSignatures(all []store.Signature) []Signature {
	out := []Signature{}
	for _, x := range all {
		out = append(out, Signature{
			ID: x.ID, Party: string(x.Party), Person: string(x.Person), Post: string(x.Post), Method: x.Method, Digest: x.Digest, Statement: x.Statement,
			Value: x.Value, Key: x.Key, Scan: x.Scan, Place: x.Place, On: x.On.String(), Void: instant(x.VoidAt), Why: x.VoidWhy,
		})
	}
	return out
}

// StatementAsked is what a statement to be signed outside is made of.
type StatementAsked struct {
	Key   string `query:"key" required:"true" maxLength:"400" doc:"The signer's public key."`
	Day   string `query:"day" required:"true" format:"date"`
	Place string `query:"place" maxLength:"200"`
}

// Statement is what somebody with a key of their own signs.
type Statement struct {
	Statement string `json:"statement" doc:"Sign exactly these bytes in UTF-8, and send them back with the signature."`
}

// statement gives out a statement; text makes it for a way to sign, a key and a nonce.
func statement(in StatementAsked, text func(how act.Signing, key, nonce string) (string, error)) (*Plain[Statement], error) {
	on, err := day(in.Day, "day")
	if err != nil {
		return nil, err
	}
	out, err := text(act.SigningBy("outside", in.Place, on), in.Key, rand.Text())
	return &Plain[Statement]{Body: Statement{Statement: out}}, err
}
