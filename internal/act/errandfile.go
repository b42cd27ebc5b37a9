package act

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"gongjian/internal/blob"
	"gongjian/internal/fault"
	"gongjian/internal/letter"
	"gongjian/internal/org"
	"gongjian/internal/paper/official"
	"gongjian/internal/store"
)

// letterFiles makes an archive of letters as documents and returns its SHA-256. It is
// kept when it is whole; one that was cut begins anew.
func (x *Errands) letterFiles(ctx context.Context, e store.Errand) (string, error) {
	st := x.desk.store
	if err := st.BeginAnew(ctx, e); err != nil {
		return "", err
	}
	c, err := st.Caller(ctx, e.Person, e.Post, st.Today())
	if err != nil {
		return "", err
	}
	format := official.DOCX
	if ErrandKind(e.Kind) == ErrandPDF {
		format = official.PDF
	}
	w := letterWriter{Errands: x, caller: c, format: format, presses: map[org.UnitID]LetterPress{}}
	k, err := x.results.Make(func(file io.Writer) error {
		z := zip.NewWriter(file)
		for after := -1; ; {
			if err := ctx.Err(); err != nil {
				return err
			}
			items, err := st.OpenItems(ctx, e.ID, after, x.portion)
			if err != nil {
				return err
			}
			if len(items) == 0 {
				break
			}
			after = items[len(items)-1].Place
			if err := w.portion(ctx, z, e, items); err != nil {
				return err
			}
		}
		if w.made == 0 {
			return fault.New(fault.NotFound, "absent")
		}
		return z.Close()
	})
	return k.ID, err
}

// letterWriter writes letters into an archive.
type letterWriter struct {
	*Errands
	caller  org.Caller
	format  official.Format
	presses map[org.UnitID]LetterPress
	made    int
}

// portion writes a portion of letters; those that are out of sight by now are left out.
func (w *letterWriter) portion(ctx context.Context, z *zip.Writer, e store.Errand, items []store.ErrandItem) error {
	st := w.desk.store
	ids := make([]letter.ID, len(items))
	for i, x := range items {
		ids[i] = letter.ID(x.Subject)
	}
	v := st.View(w.caller)
	rows, err := v.LetterTexts(ctx, store.LetterFilter{IDs: ids, All: true}, store.LetterKey{}, len(ids))
	if err != nil {
		return err
	}
	signed, err := v.SignedLetters(ctx, rows)
	if err != nil {
		return err
	}
	files, err := w.write(ctx, rows, signed)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for i, l := range rows {
		w.made++
		seen[string(l.ID)] = true
		d := l.Body.Made
		name := FileName(fmt.Sprintf("%04d %s", w.made, official.LetterTitle(l.Body))) + "." + string(w.format)
		f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store, Modified: time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)})
		if err == nil {
			_, err = f.Write(files[i])
		}
		if err != nil {
			return fmt.Errorf("act: writing letters: %w", err)
		}
	}
	var there []store.ErrandItem
	for _, x := range items {
		if seen[x.Subject] {
			there = append(there, x)
		} else if err := st.LeaveItem(ctx, e, x, fault.New(fault.NotFound, "absent")); err != nil {
			return err
		}
	}
	return st.CountItems(ctx, e, there)
}

// FileName keeps out of a file's name what systems do not take.
func FileName(name string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, name)
}

// write makes the documents of some letters, on all processors.
func (w *letterWriter) write(ctx context.Context, rows []store.LetterRow, signed map[letter.ID][]store.Signature) ([][]byte, error) {
	for _, l := range rows {
		if _, ok := w.presses[l.Office]; !ok {
			press, err := w.desk.LetterPress(ctx, w.caller, l.Office)
			if err != nil {
				return nil, err
			}
			w.presses[l.Office] = press
		}
	}
	out, failed := make([][]byte, len(rows)), make([]error, len(rows))
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(rows)) {
		all.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(rows) {
					return
				}
				out[i], failed[i] = w.presses[rows[i].Office].File(w.words(rows[i], signed[rows[i].ID]), w.format)
			}
		})
	}
	all.Wait()
	for _, err := range failed {
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// OpenResult opens the file that an own errand has made, for whoever sees all its
// letters still.
func (x *Errands) OpenResult(ctx context.Context, c org.Caller, id store.ErrandID) (store.Errand, *os.File, error) {
	v := x.desk.store.View(c)
	e, err := v.Errand(ctx, id)
	if err != nil {
		return e, nil, err
	}
	sees, err := v.SeesLettersOf(ctx, id)
	if err != nil {
		return e, nil, err
	}
	if e.Result == "" || !sees {
		return e, nil, fault.New(fault.NotFound, "absent")
	}
	f, err := x.results.Open(e.Result)
	return e, f, err
}

// TidyResults removes the files that no errand names any more; those of the last day
// stay, for their errand may be about to name them.
func TidyResults(ctx context.Context, s *store.Store, results *blob.Store) error {
	named, err := s.ErrandResults(ctx)
	if err != nil {
		return err
	}
	return results.Sweep(func(id string, at time.Time) bool { return named[id] || time.Since(at) < 24*time.Hour })
}
