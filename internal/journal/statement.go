package journal

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// ErrNoStatement says that a text is not a statement signed by the key.
var ErrNoStatement = errors.New("journal: this is not a statement signed by this key")

// SignStatement signs something other than a checkpoint with the journal's key:
// that an issued document belongs to an entry. The kind is the first line of what
// is signed, so that no statement can be taken for a checkpoint, whose first line
// is the key's name, or for one of another kind. The body is one line.
func (l *Log) SignStatement(kind string, body []byte) (string, error) {
	if !strings.Contains(kind, "/") || kind == l.signer.Name() || strings.ContainsAny(kind+string(body), "\n") {
		return "", fmt.Errorf("journal: a statement of kind %q cannot be signed", kind)
	}
	signed, err := note.Sign(&note.Note{Text: kind + "\n" + string(body) + "\n"}, l.signer)
	if err != nil {
		return "", fmt.Errorf("journal: signing a statement: %w", err)
	}
	return string(signed), nil
}

// OpenStatement checks a statement's signature and kind, and returns its body.
func OpenStatement(signed, kind string, key note.Verifier) ([]byte, error) {
	n, err := note.Open([]byte(signed), note.VerifierList(key))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoStatement, err)
	}
	body, ok := strings.CutPrefix(n.Text, kind+"\n")
	if !ok || strings.Count(body, "\n") != 1 || kind == key.Name() {
		return nil, ErrNoStatement
	}
	return []byte(strings.TrimSuffix(body, "\n")), nil
}
