package journal

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"

	"gongjian/internal/sqldb"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// The codes of what can be wrong with a journal. A front end has a sentence for
// each; Args holds what it names.
const (
	EntryChanged        = "entry-changed"        // the bytes are not those that were signed
	EntrySwapped        = "entry-swapped"        // it and the entry With have changed places
	EntryMoved          = "entry-moved"          // the bytes are genuine but belong at the sequence Belongs
	EntryMissing        = "entry-missing"        // no entry has this sequence
	EntryUnreadable     = "entry-unreadable"     // the bytes are no entry: always a sign of change
	EntryOutOfPlace     = "entry-out-of-place"   // a sequence that cannot be
	EntryNotSigned      = "entry-not-signed"     // entries From to To are folded but under no checkpoint
	CutOff              = "cut-off"              // Signed entries were signed, only Found are there
	RootDiffers         = "root-differs"         // among From to To something was changed and all hashes made to fit
	HashChanged         = "hash-changed"         // the bytes are right, the stored hash at Level is not
	HashMissing         = "hash-missing"         // no stored hash at Level
	HashExtra           = "hash-extra"           // Count stored hashes belong to no entry
	CheckpointSignature = "checkpoint-signature" // the checkpoint of Size is not signed by this key
	CheckpointChanged   = "checkpoint-changed"   // the columns of the checkpoint of Size are not what it says
	HeadChanged         = "head-changed"         // the remembered head is not that of the entries
	IndexDiffers        = "index-differs"        // the column Column does not repeat the bytes
	SubjectDiffers      = "subject-differs"      // the rows of its subjects are not those of the bytes
	SubjectExtra        = "subject-extra"        // Count subject rows belong to no entry
	WrongProof          = "wrong-proof"          // bundle: the proof does not lead to the signed root
	AttachmentUnknown   = "attachment-unknown"   // bundle: no entry vouches for the attachment Name
)

// Problem is one thing that is wrong.
type Problem struct {
	Code     string
	Sequence int64  // of the entry, or Waiting where it has none or the problem is no entry's
	ID       string // of the entry, "" when there is none
	Args     map[string]any
}

// String is for logs.
func (p Problem) String() string {
	return fmt.Sprintf("%s at sequence %d (entry %q) %v", p.Code, p.Sequence, p.ID, p.Args)
}

// Report is what VerifyDatabase found.
type Report struct {
	Entries     int64     // folded entries that were read
	Waiting     int64     // entries not folded yet: they hang together but nothing proves them
	Checkpoints int64     // that were checked, outside ones included
	Root        tlog.Hash // of all folded entries; what was signed where that could be told
	Problems    []Problem // by sequence, those of no entry last; at most 100
	More        int64     // problems beyond those
}

// OK reports whether nothing is wrong.
func (r Report) OK() bool { return len(r.Problems) == 0 }

// First is the first thing that does not fit.
func (r Report) First() (Problem, bool) {
	if r.OK() {
		return Problem{}, false
	}
	return r.Problems[0], true
}

const (
	mostProblems = 100
	pageSize     = 500 // entries read at a time: memory stays bounded
)

// VerifyDatabase recomputes the journal from the stored bytes and the public key
// alone: sequences, leaf hashes, every stored hash, every checkpoint's signature
// and root, the head, the columns and subject rows. Outside are texts of
// checkpoints kept elsewhere; they find what a forger with the whole database in
// hand has removed together with the checkpoints in it. All is read in one
// snapshot, page by page. The error is for a database that cannot be read; what is
// wrong with the journal stands in the report.
func VerifyDatabase(ctx context.Context, db *sqldb.DB, key note.Verifier, outside ...string) (Report, error) {
	tx, err := db.Read().BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return Report{}, fmt.Errorf("journal: verifying: %w", err)
	}
	defer tx.Rollback()
	v := &verifier{ctx: ctx, tx: tx, key: key, lastPage: math.MinInt64}
	v.openOutside(outside)
	for _, step := range []func() error{v.nextSigned, v.foldedEntries, v.afterTheEnd, v.waitingEntries, v.leftovers} {
		if err := step(); err != nil {
			return Report{}, fmt.Errorf("journal: verifying: %w", err)
		}
	}
	v.report.Entries = v.count
	v.report.Root = v.content.root()
	slices.SortStableFunc(v.report.Problems, byPlace)
	return v.report, nil
}

// byPlace sorts by sequence, those without one last; of the problems of one
// entry the follow-ups come last.
func byPlace(a, b Problem) int {
	place := func(p Problem) int64 {
		if p.Sequence == Waiting {
			return math.MaxInt64
		}
		return p.Sequence
	}
	rank := func(p Problem) int {
		switch p.Code {
		case IndexDiffers, SubjectDiffers, EntryUnreadable:
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(rank(a), rank(b)))
}

// verifier is the state of one VerifyDatabase.
type verifier struct {
	ctx    context.Context
	tx     *sql.Tx
	key    note.Verifier
	report Report

	lastPage int64 // sequence of the last entry read
	next     int64 // sequence that the next entry should have
	count    int64 // entries read

	// Two trees grow together: from the bytes, and from the stored leaf hashes.
	// At each checkpoint the signed root tells which of them is the true one.
	content, stored frontier
	hashes          *storedHashes // of the page
	suspects        []suspect     // leaves that differ from the stored hash since the last checkpoint
	good            int64         // size of the last checkpoint that fitted
	signed          int64         // size of the last checkpoint reached
	lost            bool          // neither tree is the signed one: later checkpoints say nothing more

	ahead       []Checkpoint // checkpoints of the database read but not reached
	lastAhead   int64        // size of the last of them
	outside     []Checkpoint // by size
	upcoming    *Checkpoint  // the next to be reached
	subjectRows int64
}

func (v *verifier) found(code string, sequence int64, id string, args ...any) {
	p := Problem{Code: code, Sequence: sequence, ID: id, Args: map[string]any{}}
	for i := 0; i+1 < len(args); i += 2 {
		p.Args[args[i].(string)] = args[i+1]
	}
	if len(v.report.Problems) >= mostProblems {
		// The list keeps those of the lowest sequences: a late discovery about an early
		// entry must not be lost behind follow-ups.
		v.report.More++
		last := 0
		for i := range v.report.Problems {
			if byPlace(v.report.Problems[i], v.report.Problems[last]) >= 0 {
				last = i
			}
		}
		if byPlace(p, v.report.Problems[last]) >= 0 {
			return
		}
		v.report.Problems = slices.Delete(v.report.Problems, last, last+1)
	}
	v.report.Problems = append(v.report.Problems, p)
}

// foldedEntries goes through all entries that have a sequence.
func (v *verifier) foldedEntries() error {
	for {
		page, err := v.page(`WHERE sequence > $1 ORDER BY sequence LIMIT $2`, v.lastPage, pageSize)
		if err != nil || len(page) == 0 {
			return err
		}
		last := page[len(page)-1].sequence
		if err := v.checkSubjects(page, `e.sequence > $1 AND e.sequence <= $2`, v.lastPage, last); err != nil {
			return err
		}
		v.hashes = newStoredHashes(v.ctx, v.tx)
		// A sequence far beyond its place must not load the whole table.
		end := tlog.StoredHashIndex(0, min(last, v.next+2*pageSize)+1)
		err = v.hashes.load(`SELECT position, hash FROM journal_hash WHERE position >= $1 AND position < $2`, tlog.StoredHashIndex(0, v.next), end)
		if err != nil {
			return err
		}
		for _, r := range page {
			if err := v.entry(r); err != nil {
				return err
			}
		}
		v.lastPage = last
	}
}

// entry takes the next entry into both trees.
func (v *verifier) entry(r row) error {
	v.count++
	v.checkColumns(r)
	if r.sequence < v.next { // below 0: the database itself refuses doubles
		v.found(EntryOutOfPlace, r.sequence, r.id)
		return nil
	}
	for v.next < r.sequence {
		v.found(EntryMissing, v.next, "")
		leaf, isThere := v.storedHash(v.next, 0)
		if !isThere {
			v.lost = true
			v.next = r.sequence
			break
		}
		if err := v.grow("", leaf); err != nil {
			return err
		}
	}
	return v.grow(r.id, tlog.RecordHash(r.bytes))
}

// waitingEntries checks the entries without a sequence for what can be checked.
func (v *verifier) waitingEntries() error {
	last := ""
	for {
		page, err := v.page(`WHERE sequence IS NULL AND id > $1 ORDER BY id LIMIT $2`, last, pageSize)
		if err != nil || len(page) == 0 {
			return err
		}
		end := page[len(page)-1].id
		if err := v.checkSubjects(page, `e.sequence IS NULL AND e.id > $1 AND e.id <= $2`, last, end); err != nil {
			return err
		}
		for _, r := range page {
			v.checkColumns(r)
		}
		v.report.Waiting += int64(len(page))
		last = end
	}
}
