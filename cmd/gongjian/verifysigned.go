package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"gongjian/internal/calendar"
	"gongjian/internal/journal"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/seal"
)

// signedText is what is found of a memorandum in a bundle: who signed it, and what
// does not fit.
type signedText struct {
	Text     memo.Text
	Digest   string
	Signed   []seal.Statement // checked, or on paper
	Day      calendar.Date
	Problems []string
}

// checkSigned checks the signatures under a text that the bundle's entries vouch
// for: each statement speaks of this text and this party and fits its key, each
// party signed once, and the act of the last one says that it was the last.
func checkSigned(text memo.Text, a journal.ProvenAttachment, report journal.BundleReport) signedText {
	s := signedText{Text: text, Digest: memo.Digest(text)}
	wrong := func(format string, args ...any) { s.Problems = append(s.Problems, fmt.Sprintf(format, args...)) }
	if !bytes.Equal(text.Canonical(), a.Document) || s.Digest != a.Digest {
		wrong("the text is not written in its canonical bytes")
	}
	if a.Name != memo.SignedName(s.Digest) {
		wrong("the text is called %q", a.Name)
	}
	complete, subject := false, ""
	var signed []memo.Signed
	for _, e := range report.Entries {
		var act struct {
			Digest    string `json:"digest"`
			Statement string `json:"statement"`
			Value     string `json:"value"`
			Complete  bool   `json:"complete"`
		}
		signing := e.Entry.Action == string(org.SignMemorandum) || e.Entry.Action == string(org.EnterSignature)
		if !signing || e.Entry.Outcome != journal.Done || json.Unmarshal(e.Entry.Detail, &act) != nil || act.Digest != s.Digest {
			continue
		}
		complete = complete || act.Complete
		value, err := base64.StdEncoding.DecodeString(act.Value)
		if err != nil {
			wrong("entry %d: the signature is not readable", e.Sequence)
			continue
		}
		x, err := seal.Check([]byte(act.Statement), value)
		if err != nil && !errors.Is(err, seal.ErrOnPaper) {
			wrong("entry %d: %v", e.Sequence, err)
			continue
		}
		at := slices.IndexFunc(text.Parties, func(p memo.Party) bool { return string(p.Unit) == x.Party })
		switch {
		case x.Kind != "version" || x.Digest != s.Digest:
			wrong("entry %d: signed is another text, %s", e.Sequence, x.Digest)
		case subject != "" && x.Subject != subject:
			wrong("entry %d: signed is another version, %s", e.Sequence, x.Subject)
		case at < 0:
			wrong("entry %d: %s is no party of the text", e.Sequence, x.Name)
		case slices.ContainsFunc(signed, func(o memo.Signed) bool { return o.Party == org.UnitID(x.Party) }):
			wrong("entry %d: %s signed twice", e.Sequence, x.Name)
		default:
			subject = x.Subject
			signed = append(signed, memo.Signed{Party: org.UnitID(x.Party), On: x.Day})
			s.Signed = append(s.Signed, x)
		}
	}
	for _, p := range text.Parties {
		if !slices.ContainsFunc(signed, func(o memo.Signed) bool { return o.Party == p.Unit }) {
			wrong("%s has not signed", p.Name)
		}
	}
	var all bool
	if s.Day, all = memo.Complete(text, signed); all && !complete {
		wrong("no entry says that the last party has signed")
	}
	return s
}

// printSigned says what was found and returns how much does not fit.
func printSigned(w io.Writer, s signedText) int {
	fmt.Fprintf(w, "memorandum  %s\n", s.Text.Title)
	fmt.Fprintf(w, "text        sha256 %s, %d clauses\n", s.Digest, len(s.Text.Clauses))
	for _, x := range s.Signed {
		how := "checked with " + string(x.Method)
		if x.Method == seal.Paper {
			how = "signed on paper, nothing to compute; scan sha256 " + x.Scan
		} else if x.Method == seal.Outside {
			key, _ := seal.ParsePublic(x.Key) // it was parsed to check
			how = "checked with " + string(key.Method()) + ", by a signer of their own"
		}
		fmt.Fprintf(w, "party       %s  %s  %s  %s  %s\n", x.Name, x.Signer, x.Day, x.Place, how)
	}
	for _, p := range s.Problems {
		fmt.Fprintln(w, "DOES NOT FIT", p)
	}
	if len(s.Problems) == 0 {
		fmt.Fprintf(w, "signed      by all %d parties, %s\n", len(s.Signed), s.Day)
	}
	return len(s.Problems)
}
