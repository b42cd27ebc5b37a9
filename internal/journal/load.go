package journal

import (
	"fmt"
	"time"

	"gongjian/internal/sqldb"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// checkpointEvery is how many entries a checkpoint of a load stands for.
const checkpointEvery = 50_000

// Load writes the journal of a database that is filled at once: every entry is
// folded where it stands, so there is nothing to wait for.
type Load struct {
	signer   note.Signer
	tree     frontier
	latest   time.Time // of the entries so far
	entries  *sqldb.Rows
	subjects *sqldb.Rows
	hashes   *sqldb.Rows
	signed   *sqldb.Rows
	exec     func(string) error
}

// NewLoad begins an empty journal. End must be called after the last entry.
func NewLoad(l *sqldb.Loader, signer note.Signer) *Load {
	return &Load{
		signer:   signer,
		entries:  l.Table("journal_entry", "id", "at", "unit", "post", "action", "outcome", "receipt", "sequence", "bytes"),
		subjects: l.Table("journal_subject", "kind", "subject", "entry"),
		hashes:   l.Table("journal_hash", "position", "hash"),
		signed:   l.Table("journal_checkpoint", "size", "at", "root", "note"),
		exec:     l.Exec,
	}
}

// Append writes the next entry and returns its receipt number.
func (j *Load) Append(e Entry) (string, error) {
	text, err := e.Bytes()
	if err != nil {
		return "", err
	}
	leaf, sequence := tlog.RecordHash(text), j.tree.size
	number := receipt(e.At, leaf)
	if err := j.entries.Add(e.ID, e.At.UnixMicro(), e.Unit, e.Post, e.Action, string(e.Outcome), number, sequence, text); err != nil {
		return "", err
	}
	for _, s := range e.Subjects {
		if err := j.subjects.Add(s.Kind, s.ID, e.ID); err != nil {
			return "", err
		}
	}
	for level, hash := range j.tree.add(leaf) {
		if err := j.hashes.Add(tlog.StoredHashIndex(0, sequence)+int64(level), hash[:]); err != nil {
			return "", err
		}
	}
	if e.At.After(j.latest) {
		j.latest = e.At
	}
	if j.tree.size%checkpointEvery != 0 {
		return number, nil
	}
	return number, j.checkpoint()
}

func (j *Load) checkpoint() error {
	c, err := signCheckpoint(Checkpoint{Size: j.tree.size, Root: j.tree.root(), At: j.latest}, j.signer)
	if err != nil {
		return err
	}
	return j.signed.Add(c.Size, c.At.UnixMicro(), c.Root.String(), c.Note)
}

// End signs what has no checkpoint yet and remembers the head.
func (j *Load) End() error {
	if j.tree.size == 0 {
		return nil
	}
	if j.tree.size%checkpointEvery != 0 {
		if err := j.checkpoint(); err != nil {
			return err
		}
	}
	return j.exec(fmt.Sprintf(`UPDATE journal_head SET size = %d, root = '%s', folds = folds + 1 WHERE one = 1`, j.tree.size, j.tree.root()))
}
