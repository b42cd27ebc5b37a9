package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"gongjian/internal/act"
	"gongjian/internal/letter"
	"gongjian/internal/seal"
)

// readLetter reads the bundle of a responsibility letter (目标责任书); false when
// the file is something else.
func readLetter(path string) (b letter.Bundle, is bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return b, false, err
	}
	defer f.Close()
	start := make([]byte, 256) // the kind stands first
	n, err := io.ReadFull(f, start)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return b, false, fmt.Errorf("reading %s: %w", path, err)
	}
	if !bytes.Contains(start[:n], []byte(letter.BundleKind)) {
		return b, false, nil
	}
	rest, err := io.ReadAll(io.LimitReader(f, bundleLimit))
	if err != nil {
		return b, false, fmt.Errorf("reading %s: %w", path, err)
	}
	if err := json.Unmarshal(append(start[:n], rest...), &b); err != nil {
		return b, false, fmt.Errorf("reading the bundle of a letter: %w", err)
	}
	return b, b.Kind == letter.BundleKind, nil
}

// checkLetter says what a letter's bundle proves: the text, and who signed it with
// which key. That a key belongs to a post, only the journal can say.
func checkLetter(w io.Writer, b letter.Bundle) error {
	v, err := b.Verify(act.CheckLetterSignature)
	if err != nil {
		fmt.Fprintln(w, "DOES NOT FIT", err)
		return errNotVerified
	}
	fmt.Fprintf(w, "letter      %s, %d, number %d, sha256 %s\n", v.Body.Taker.Name, v.Body.Year, v.Body.Number, b.Digest)
	for _, s := range b.Signatures {
		if x, err := seal.ReadStatement([]byte(s.Statement)); err == nil {
			how := "key " + x.Key
			if x.Method == seal.Paper {
				how = "on paper, scan sha256 " + x.Scan
			}
			fmt.Fprintf(w, "signed      %s, %s, %s, %s\n", x.Name, x.Signer, x.Day, how)
		}
	}
	var open []string
	if !v.Giver {
		open = append(open, v.Body.Giver.Name)
	}
	if !v.Taker {
		open = append(open, v.Body.Taker.Name)
	}
	if len(open) > 0 {
		fmt.Fprintf(w, "not signed  %s\n", strings.Join(open, ", "))
	}
	return nil
}
