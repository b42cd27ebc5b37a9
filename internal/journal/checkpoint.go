package journal

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoint is a signed head of the tree.
type Checkpoint struct {
	Origin string    // the name of the key
	Size   int64     // how many entries the tree has: sequences 0 to Size-1
	Root   tlog.Hash // the root hash of that tree
	At     time.Time // when it was signed, by the server's clock
	Note   string    // the signed text
}

// signCheckpoint fills in Origin and Note. The text is a signed note as the
// transparency-log world writes it (C2SP tlog-checkpoint: origin, size, root in
// base64), with one line more, "time …".
func signCheckpoint(c Checkpoint, signer note.Signer) (Checkpoint, error) {
	// Rule J-04 (C2SP tlog-checkpoint): origin, size, root, and the time as an extension.
	c.Origin = signer.Name()
	c.At = c.At.UTC().Truncate(time.Microsecond)
	text := fmt.Sprintf("%s\n%d\n%s\ntime %s\n", c.Origin, c.Size, c.Root, c.At.Format(instant))
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("journal: signing a checkpoint: %w", err)
	}
	c.Note = string(signed)
	return c, nil
}

// OpenCheckpoint checks the signature of a checkpoint's text against the public
// key and returns what it says.
func OpenCheckpoint(text string, key note.Verifier) (Checkpoint, error) {
	opened, err := note.Open([]byte(text), note.VerifierList(key))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("journal: the signature of a checkpoint: %w", err)
	}
	c, err := readCheckpoint(opened.Text)
	if err != nil {
		return Checkpoint{}, err
	}
	if c.Origin != key.Name() {
		return Checkpoint{}, fmt.Errorf("journal: the checkpoint is of %q, the key of %q", c.Origin, key.Name())
	}
	c.Note = text
	return c, nil
}

// readCheckpoint reads the signed part.
func readCheckpoint(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 5 || lines[4] != "" {
		return Checkpoint{}, errors.New("journal: a checkpoint has four lines")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return Checkpoint{}, errors.New("journal: a checkpoint's second line is its size")
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return Checkpoint{}, errors.New("journal: a checkpoint's third line is its root hash")
	}
	clock, isTime := strings.CutPrefix(lines[3], "time ")
	at, err := time.Parse(instant, clock)
	if !isTime || err != nil {
		return Checkpoint{}, errors.New("journal: a checkpoint's fourth line is its time")
	}
	return Checkpoint{Origin: lines[0], Size: size, Root: root, At: at}, nil
}
