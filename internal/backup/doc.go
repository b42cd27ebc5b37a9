// Package backup writes the whole of a deployment into one file while people go
// on working, and makes a deployment of such a file again, on either engine.
//
// Words.
//   - An archive (备份) is a zip file: every table as lines of JSON, every evidence
//     file under its hash, the journal's public key, and the manifest.
//   - The manifest (清单) names all of that with sizes and SHA-256 digests; it is
//     signed with the journal's key.
//   - Restoring (恢复) fills an empty database from an archive and then checks the
//     copy as an auditor would.
//
// Laws.
//   - The rows are those of one moment. Evidence is copied after that moment, and
//     kept files never change, so every file that a row names is there.
//   - The format is the same from both engines: an archive of one restores into
//     the other. That is also the way from SQLite to PostgreSQL.
//   - Nothing is written anywhere before every digest of the archive was checked,
//     and rows go in by one transaction: all or none.
//   - A restored copy is only called good when its journal verifies up to the
//     checkpoint that the manifest names.
//   - Private keys are left out unless they are asked for: whoever reads an archive
//     with them can sign in the name of the server and of those who signed there.
//
// Imperfect: sessions and links to sign in travel with the rows, as digests or
// with their end; restoring a week-old archive opens week-old sessions again
// unless they have ended meanwhile. Acts that were done after the archive's
// moment are gone; receipts in people's hands show which.
package backup

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gongjian/internal/sqldb"
)

// Format names the archive's form; another form gets another name.
const Format = "gongjian-backup-1"

// The names of an archive's members.
const (
	manifestName  = "manifest.json"
	signatureName = "manifest.sig" // a signed note that names the manifest's digest
	publicName    = "journal.pub"
	evidenceList  = "evidence.txt" // one hash a line
	tableFolder   = "table/"
	evidenceFiles = "evidence/"
	keyFolder     = "key/"
)

// Manifest says what an archive holds.
type Manifest struct {
	Format     string    `json:"format"`
	Made       time.Time `json:"made"`
	Program    string    `json:"program"` // version that wrote it
	Engine     string    `json:"engine"`  // that the rows come from
	Migrations []int64   `json:"migrations"`
	Entries    int64     `json:"entries"`              // of the journal, waiting ones included
	Checkpoint string    `json:"checkpoint,omitempty"` // the newest one's text; "" before the first
	Tables     []Rows    `json:"tables"`
	Evidence   int64     `json:"evidence"` // files
	Members    []Member  `json:"members"`  // all but evidence, the manifest and its signature
}

// Rows is a table with how many rows of it the archive holds.
type Rows struct {
	sqldb.Table
	Count int64 `json:"rows"`
}

// Member is a file of the archive.
type Member struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// ErrAltered says that an archive is not as it was written. The text says where.
var ErrAltered = errors.New("backup: the archive is not as it was written")

func altered(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrAltered, fmt.Sprintf(format, args...))
}

func (m Manifest) bytes() ([]byte, error) {
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("backup: writing the manifest: %w", err)
	}
	return append(b, '\n'), nil
}

// vouched is the text that the journal's key signs.
func vouched(digest string) string { return "gongjian backup\nsha256 " + digest + "\n" }
