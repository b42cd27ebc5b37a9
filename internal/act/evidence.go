package act

import (
	"context"
	"os"
	"path"
	"strings"
	"unicode"

	"gongjian/internal/blob"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// Evidence is a kept file, open for reading, with how it may be handed out.
type Evidence struct {
	task.Evidence
	Disposition string // inline or attachment
	File        *os.File
}

// OpenEvidence opens a file of a report for somebody who may see the report's
// task; for everybody else it is NotFound (evidence.absent), like a file that is
// not there. The type is the kept one, and the name ends as the type says: a
// text that calls itself .html does not open as a page on anybody's desk.
func (d *Desk) OpenEvidence(ctx context.Context, c org.Caller, report task.ReportID, id task.EvidenceID) (Evidence, error) {
	e, err := d.store.View(c).EvidenceFile(ctx, report, id)
	if err != nil {
		return Evidence{}, err
	}
	return d.handOut(e)
}

// handOut opens a kept file that the caller was found to see, to be served as what
// its content is and under a name that does no harm.
func (d *Desk) handOut(e task.Evidence) (out Evidence, err error) {
	out.Evidence = e
	out.Type, out.Disposition = blob.ServeType(e.Type)
	out.Name = fileName(e.Name, e.Type)
	out.File, err = d.files.Open(string(e.ID))
	return out, err
}

// KeepAgain returns a file that was kept before, to be named by one more report.
// Its type and size are found out anew from the content, so that nothing rests
// on what a form says of it.
func (d *Desk) KeepAgain(c org.Caller, id task.EvidenceID, name string) (task.Evidence, error) {
	if !c.SignedIn() {
		return task.Evidence{}, fault.New(fault.SignedOut, "signed-out")
	}
	f, err := d.files.Open(string(id))
	if err != nil {
		return task.Evidence{}, err
	}
	defer f.Close()
	return d.KeepEvidence(c, f, name)
}

// endings are the file name endings that fit a type; the first is added where none does.
var endings = map[string][]string{
	"image/jpeg": {".jpg", ".jpeg"}, "image/png": {".png"}, "image/gif": {".gif"}, "image/webp": {".webp"},
	blob.PDF: {".pdf"}, blob.DOCX: {".docx"}, blob.XLSX: {".xlsx"}, blob.Text: {".txt", ".csv"},
}

// fileName makes the uploaded name safe to hand out: no folders, no controls, no
// marks that turn the direction of writing, and an ending that fits the type.
func fileName(name, kind string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		case strings.ContainsRune(`/\:*?"<>|`, r):
			return '_'
		}
		return r
	}, strings.TrimSpace(name))
	if r := []rune(name); len(r) > 120 {
		name = string(r[:100]) + path.Ext(string(r[100:]))
	}
	for _, end := range endings[kind] {
		if strings.HasSuffix(strings.ToLower(name), end) {
			return name
		}
	}
	if end := endings[kind]; len(end) > 0 {
		name += end[0]
	}
	return name
}
