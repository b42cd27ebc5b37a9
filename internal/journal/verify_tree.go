package journal

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// frontier is a growing Merkle tree of which only the complete subtrees' roots
// are kept, the largest first: as much as is needed to add a leaf.
type frontier struct {
	size  int64
	peaks []tlog.Hash
}

// add puts a leaf at the end and returns the hashes that it completes, from the
// leaf's own upwards, in the order in which tlog stores them.
func (f *frontier) add(hash tlog.Hash) []tlog.Hash {
	completed := []tlog.Hash{hash}
	for n := f.size; n&1 == 1; n >>= 1 {
		last := len(f.peaks) - 1
		hash = tlog.NodeHash(f.peaks[last], hash)
		f.peaks = f.peaks[:last]
		completed = append(completed, hash)
	}
	f.peaks = append(f.peaks, hash)
	f.size++
	return completed
}

func (f *frontier) root() tlog.Hash {
	if len(f.peaks) == 0 {
		return sha256.Sum256(nil)
	}
	root := f.peaks[len(f.peaks)-1]
	for i := len(f.peaks) - 2; i >= 0; i-- {
		root = tlog.NodeHash(f.peaks[i], root)
	}
	return root
}

func (f *frontier) clone() frontier { return frontier{f.size, slices.Clone(f.peaks)} }

// suspect is an entry whose leaf hash is not the stored one: either of the two
// has been changed.
type suspect struct {
	sequence int64
	id       string
	leaf     tlog.Hash
}

// storedHash returns the stored hash at a level above the leaf of the sequence.
func (v *verifier) storedHash(sequence int64, level int) (tlog.Hash, bool) {
	found, err := v.hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, sequence) + int64(level)})
	if err != nil {
		return tlog.Hash{}, false // an unreadable database shows in the next page
	}
	return found[0], true
}

// grow adds the next leaf to both trees, compares the hashes that it completes
// with the stored ones, and judges the checkpoints of this size.
func (v *verifier) grow(id string, leaf tlog.Hash) error {
	sequence := v.next
	v.next++
	storedLeaf, isThere := v.storedHash(sequence, 0)
	if !isThere {
		v.found(HashMissing, sequence, id, "Level", 0)
		storedLeaf = leaf
	}
	if storedLeaf != leaf && v.lost {
		v.found(EntryChanged, sequence, id)
	} else if storedLeaf != leaf && len(v.suspects) < mostProblems {
		v.suspects = append(v.suspects, suspect{sequence, id, leaf})
	} else if storedLeaf != leaf {
		v.report.More++ // those after the first hundred are counted only
	}
	if v.lost {
		return nil
	}
	fromBytes, fromStored := v.content.add(leaf), v.stored.add(storedLeaf)
	for level := 1; level < len(fromBytes); level++ {
		hash, isThere := v.storedHash(sequence, level)
		if !isThere {
			v.found(HashMissing, sequence, id, "Level", level)
		} else if hash != fromBytes[level] && hash != fromStored[level] {
			v.found(HashChanged, sequence, id, "Level", level)
		}
	}
	for v.upcoming != nil && v.upcoming.Size == v.next {
		if err := v.judge(*v.upcoming); err != nil {
			return err
		}
		if err := v.nextSigned(); err != nil {
			return err
		}
	}
	return nil
}

// judge compares both trees with a signed root. The one that has it is true, and
// the other is set right by it, so that one change does not hide the next.
func (v *verifier) judge(c Checkpoint) error {
	v.signed = c.Size
	// Rule J-07 (our choice): the tree with the signed root is the genuine one.
	switch c.Root {
	case v.content.root():
		for _, s := range v.suspects {
			v.found(HashChanged, s.sequence, s.id, "Level", 0)
		}
		v.stored = v.content.clone()
	case v.stored.root():
		if err := v.nameChanged(); err != nil {
			return err
		}
		v.content = v.stored.clone()
	default:
		if err := v.nameChanged(); err != nil {
			return err
		}
		v.found(RootDiffers, v.good, v.idAt(v.good), "From", v.good, "To", c.Size-1, "Size", c.Size)
		v.lost = true
	}
	v.suspects = nil
	v.good = c.Size
	return nil
}

// nameChanged says of the suspects what was done to them. Looking for the place
// where genuine bytes belong reads all hashes, so only the first few get it.
func (v *verifier) nameChanged() error {
	for i, s := range v.suspects {
		belongs := int64(-1)
		if i < 4 {
			var err error
			if belongs, err = v.whereLeafBelongs(s.leaf); err != nil {
				return err
			}
		}
		if belongs < 0 || belongs == s.sequence {
			v.found(EntryChanged, s.sequence, s.id)
			continue
		}
		mine, _ := v.storedHash(s.sequence, 0)
		others, err := v.page(`WHERE sequence = $1 LIMIT $2`, belongs, 1)
		if err != nil {
			return err
		}
		if len(others) == 1 && tlog.RecordHash(others[0].bytes) == mine {
			v.found(EntrySwapped, s.sequence, s.id, "With", belongs, "Other", others[0].id)
		} else {
			v.found(EntryMoved, s.sequence, s.id, "Belongs", belongs)
		}
	}
	return nil
}

// whereLeafBelongs returns the sequence whose stored hash is leaf, or -1.
func (v *verifier) whereLeafBelongs(leaf tlog.Hash) (int64, error) {
	rows, err := v.tx.QueryContext(v.ctx, `SELECT position FROM journal_hash WHERE hash = $1 AND position >= 0 ORDER BY position`, leaf[:])
	if err != nil {
		return -1, fmt.Errorf("looking for a hash: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var position int64
		if err := rows.Scan(&position); err != nil {
			return -1, err
		}
		if level, sequence := tlog.SplitStoredHashIndex(position); level == 0 {
			return sequence, nil
		}
	}
	return -1, rows.Err()
}

func (v *verifier) idAt(sequence int64) string {
	found, err := v.page(`WHERE sequence = $1 LIMIT $2`, sequence, 1)
	if err != nil || len(found) == 0 {
		return ""
	}
	return found[0].id
}

// openOutside checks and sorts the checkpoints that the caller brought.
func (v *verifier) openOutside(texts []string) {
	for i, text := range texts {
		c, err := OpenCheckpoint(text, v.key)
		if err != nil {
			v.found(CheckpointSignature, Waiting, "", "Outside", i)
			continue
		}
		if c.Size > 0 {
			v.outside = append(v.outside, c)
		}
	}
	slices.SortFunc(v.outside, func(a, b Checkpoint) int { return cmp.Compare(a.Size, b.Size) })
}

// nextSigned sets upcoming to the next checkpoint with a good signature, from the
// table or from outside.
func (v *verifier) nextSigned() error {
	if len(v.ahead) == 0 {
		if err := v.moreCheckpoints(); err != nil {
			return err
		}
	}
	from := &v.ahead
	if len(v.ahead) == 0 || (len(v.outside) > 0 && v.outside[0].Size <= v.ahead[0].Size) {
		from = &v.outside
	}
	v.upcoming = nil
	if len(*from) > 0 {
		v.upcoming = &(*from)[0]
		*from = (*from)[1:]
		v.report.Checkpoints++
	}
	return nil
}

// moreCheckpoints reads the next page of the table, leaving out and reporting
// what this key has not signed.
func (v *verifier) moreCheckpoints() error {
	for {
		rows, err := v.tx.QueryContext(v.ctx, `SELECT size, at, root, note FROM journal_checkpoint WHERE size > $1 ORDER BY size LIMIT $2`, v.lastAhead, pageSize)
		if err != nil {
			return fmt.Errorf("reading checkpoints: %w", err)
		}
		read := 0
		for rows.Next() {
			var size, at int64
			var root, text string
			if err := rows.Scan(&size, &at, &root, &text); err != nil {
				rows.Close()
				return fmt.Errorf("reading checkpoints: %w", err)
			}
			read++
			v.lastAhead = size
			v.openStored(size, at, root, text)
		}
		if err := rows.Err(); err != nil {
			return fmt.Errorf("reading checkpoints: %w", err)
		}
		if read < pageSize || len(v.ahead) > 0 {
			return nil
		}
	}
}

func (v *verifier) openStored(size, at int64, root, text string) {
	c, err := OpenCheckpoint(text, v.key)
	if err != nil {
		v.found(CheckpointSignature, Waiting, "", "Size", size)
		return
	}
	if c.Size != size || c.At.UnixMicro() != at || c.Root.String() != root {
		v.found(CheckpointChanged, Waiting, "", "Size", size)
	}
	if c.Size == size { // one kept under another's size would be met out of order
		v.ahead = append(v.ahead, c)
	}
}

// afterTheEnd judges what was signed beyond the last entry, and what stands
// beyond the last checkpoint.
func (v *verifier) afterTheEnd() error {
	var newest int64
	for v.upcoming != nil {
		newest = max(newest, v.upcoming.Size)
		if err := v.nextSigned(); err != nil {
			return err
		}
	}
	if newest > v.next {
		v.found(CutOff, v.next, "", "Signed", newest, "Found", v.next)
	}
	if err := v.nameChanged(); err != nil { // no checkpoint tells whether bytes or hash changed
		return err
	}
	if !v.lost && v.signed < v.next && newest <= v.next {
		v.found(EntryNotSigned, v.signed, v.idAt(v.signed), "From", v.signed, "To", v.next-1)
	}
	return nil
}
