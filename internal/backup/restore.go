package backup

import (
	"context"
	"fmt"
	"slices"

	"gongjian/internal/blob"
	"gongjian/internal/journal"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// Target is where an archive is restored to.
type Target struct {
	DB    *sqldb.DB    // empty, or with empty tables
	Store *store.Store // of DB, with the rules that figures are counted by
	Files *blob.Store
}

// Restored is what was found in the restored copy.
type Restored struct {
	Rows     int64
	Evidence int64
	Journal  journal.Report
	Problems []string // what does not fit; empty is good
}

// worked are the tables that have rows as soon as somebody has worked.
var worked = []string{"unit", "person", "setting", "journal_entry", "journal_checkpoint"}

// Restore fills the target and checks the copy. With an error nothing but empty
// tables and evidence files, which harm nobody, were left; with problems the copy
// is there for whoever wants to look into it, and must not be worked in.
func (a *Archive) Restore(ctx context.Context, to Target) (Restored, error) {
	var out Restored
	if err := a.makeTables(ctx, to.DB); err != nil {
		return out, err
	}
	err := to.DB.Pour(ctx, worked, func(p *sqldb.Pouring) error {
		var err error
		out.Rows, err = a.pour(ctx, p)
		return err
	})
	if err != nil {
		return out, err
	}
	if err := store.Migrate(ctx, to.DB); err != nil {
		return out, err
	}
	for _, id := range a.kept {
		if err := a.putEvidence(to.Files, id); err != nil {
			return out, err
		}
		out.Evidence++
	}
	return out, a.verify(ctx, to, &out)
}

// makeTables makes the tables that the rows were taken from; later migrations
// run over the rows, as they would have at home.
func (a *Archive) makeTables(ctx context.Context, db *sqldb.DB) error {
	known, err := store.Versions()
	if err != nil {
		return err
	}
	for _, v := range a.Migrations {
		if !slices.Contains(known, v) {
			return fmt.Errorf("backup: the archive was written by a newer program (%s, with migration %d); restore it with that", a.Program, v)
		}
	}
	there, err := db.Applied(ctx)
	if err != nil {
		return err
	}
	for _, v := range there {
		if !slices.Contains(a.Migrations, v) {
			return fmt.Errorf("backup: the database has newer tables than the archive (migration %d); restore into a new database", v)
		}
	}
	if len(a.Migrations) == 0 {
		return altered("it names no migrations")
	}
	return store.Migrate(ctx, db, a.Migrations...)
}

// pour fills the tables in the target's order, in which none comes before those
// that it refers to.
func (a *Archive) pour(ctx context.Context, p *sqldb.Pouring) (total int64, err error) {
	tables, err := p.Tables(ctx)
	if err != nil {
		return 0, err
	}
	if len(tables) != len(a.Tables) {
		return 0, fmt.Errorf("backup: the archive has %d tables, the database %d", len(a.Tables), len(tables))
	}
	for _, t := range tables {
		at := slices.IndexFunc(a.Tables, func(r Rows) bool { return r.Name == t.Name })
		if at < 0 || !sameColumns(a.Tables[at].Columns, t.Columns) {
			return 0, fmt.Errorf("backup: the table %s of the archive has other columns than that of the database", t.Name)
		}
		next, stop, err := a.rows(a.Tables[at])
		if err != nil {
			return 0, err
		}
		err = p.Table(ctx, a.Tables[at].Table, next)
		stop()
		if err != nil {
			return 0, err
		}
		total += a.Tables[at].Count
	}
	return total, nil
}

// sameColumns compares without order: migrations that ran late added theirs last.
func sameColumns(a, b []sqldb.Column) bool {
	if len(a) != len(b) {
		return false
	}
	for _, c := range a {
		if !slices.Contains(b, c) {
			return false
		}
	}
	return true
}

func (a *Archive) putEvidence(files *blob.Store, id string) error {
	r, err := a.open(evidenceFiles + id)
	if err != nil {
		return err
	}
	defer r.Close()
	return files.Restore(id, r)
}

// verify checks the copy: the journal against the manifest's checkpoint, reports
// against the journal, figures and lights against the reports.
func (a *Archive) verify(ctx context.Context, to Target, out *Restored) error {
	var outside []string
	if a.Checkpoint != "" {
		outside = append(outside, a.Checkpoint)
	}
	var err error
	if out.Journal, err = journal.VerifyDatabase(ctx, to.DB, a.Key, outside...); err != nil {
		return err
	}
	for _, p := range out.Journal.Problems {
		out.Problems = append(out.Problems, "journal: "+p.String())
	}
	if n := out.Journal.Entries + out.Journal.Waiting; n != a.Entries {
		out.Problems = append(out.Problems, fmt.Sprintf("journal: %d entries, the manifest says %d", n, a.Entries))
	}
	_, err = to.Store.Witness(ctx, func(id task.ReportID, what string) {
		out.Problems = append(out.Problems, fmt.Sprintf("report %s is not as the journal tells it: %s", id, what))
	})
	if err != nil {
		return err
	}
	differences, err := to.Store.Recheck(ctx)
	for _, d := range differences {
		out.Problems = append(out.Problems, "counted otherwise: "+d)
	}
	return err
}
