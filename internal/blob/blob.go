// Package blob keeps evidence files by their content.
//
// A file's name is the SHA-256 of its bytes, so the same file kept twice is one
// file, a file used for two reports is noticed, and anybody who holds a copy can
// check that it is the one that was verified. The type is decided from the
// bytes, never from the name or the browser's word.
//
// Laws. A file becomes visible only when it is whole and on disk. A kept file
// is never changed; a store of files that can be made again may drop one (Sweep).
// Of what people send only the types of the list below are taken; none of them runs
// in a browser as it is served (see ServeType).
package blob

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gongjian/internal/fault"
)

// MaxSize is the largest file taken, in bytes: photographs and scans of a few
// pages fit; films do not.
const MaxSize = 20 << 20

// Kept describes a kept file.
type Kept struct {
	ID   string // SHA-256, lower-case hex
	Type string // media type, decided from the content
	Size int64
}

// Store is a folder of files by hash.
type Store struct{ root string }

// Open makes the folder if it is missing and returns the store.
func Open(root string) (*Store, error) {
	if err := os.MkdirAll(filepath.Join(root, "new"), 0o700); err != nil {
		return nil, fmt.Errorf("blob: making the folder: %w", err)
	}
	return &Store{root}, nil
}

// Keep stores what r holds and says what it is. It refuses an empty file
// ("evidence.empty"), one over MaxSize ("evidence.too-large") and a type that
// is not on the list ("evidence.type"); the name only serves the message.
func (s *Store) Keep(r io.Reader, name string) (Kept, error) {
	f, err := os.CreateTemp(filepath.Join(s.root, "new"), "*")
	if err != nil {
		return Kept{}, notKept(fmt.Errorf("blob: making a file: %w", err))
	}
	defer os.Remove(f.Name())
	defer f.Close()
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, sum), io.LimitReader(r, MaxSize+1))
	switch {
	case err != nil:
		return Kept{}, notKept(fmt.Errorf("blob: writing: %w", err))
	case n == 0:
		return Kept{}, fault.New(fault.Invalid, "evidence.empty", "Name", name).On("evidence")
	case n > MaxSize:
		return Kept{}, fault.New(fault.TooLarge, "evidence.too-large", "Name", name, "Limit", MaxSize>>20).On("evidence")
	}
	kind, err := typeOf(f, n)
	if err != nil {
		return Kept{}, err
	}
	if kind == "" {
		return Kept{}, fault.New(fault.Unsupported, "evidence.type", "Name", name).On("evidence")
	}
	k := Kept{ID: hex.EncodeToString(sum.Sum(nil)), Type: kind, Size: n}
	return k, notKept(s.settle(f, k.ID))
}

// notKept makes an error of the folder (full, read-only, gone) the fault that says
// so: the operator mends it, and the file can be sent again. Others stay as they are.
func notKept(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	if errors.As(err, &path) || errors.As(err, &link) {
		return fault.New(fault.Busy, "evidence.not-kept").Because(err)
	}
	return err
}

// settle makes the written file visible under its hash.
func (s *Store) settle(f *os.File, id string) error {
	if err := f.Sync(); err != nil {
		return fmt.Errorf("blob: syncing: %w", err)
	}
	path := s.path(id)
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("blob: making the folder: %w", err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("blob: settling: %w", err)
	}
	return nil
}

// Open returns the file with this hash, or a NotFound fault.
func (s *Store) Open(id string) (*os.File, error) {
	if !isID(id) {
		return nil, fault.New(fault.NotFound, "evidence.absent")
	}
	f, err := os.Open(s.path(id))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fault.New(fault.NotFound, "evidence.absent").Because(err)
	}
	return f, err
}

// Make keeps what write writes, of whatever type and size: files of our own. When
// write fails nothing is left behind.
func (s *Store) Make(write func(io.Writer) error) (Kept, error) {
	f, err := os.CreateTemp(filepath.Join(s.root, "new"), "*")
	if err != nil {
		return Kept{}, notKept(fmt.Errorf("blob: making a file: %w", err))
	}
	defer os.Remove(f.Name())
	defer f.Close()
	sum := sha256.New()
	if err := write(io.MultiWriter(f, sum)); err != nil {
		return Kept{}, notKept(err)
	}
	k := Kept{ID: hex.EncodeToString(sum.Sum(nil))}
	return k, notKept(s.settle(f, k.ID))
}

// Sweep removes the files that keep does not want, asked by hash and by when each was
// kept. It is for stores of files that can be made again.
func (s *Store) Sweep(keep func(id string, at time.Time) bool) error {
	return s.Each(func(id string) error {
		info, err := os.Stat(s.path(id))
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("blob: looking at a file: %w", err)
		}
		if keep(id, info.ModTime()) {
			return nil
		}
		if err := os.Remove(s.path(id)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("blob: removing: %w", err)
		}
		return nil
	})
}

// ErrOther says that bytes are not those that their name promises.
var ErrOther = errors.New("blob: the content is not what the name says")

// Restore stores the file with this hash as it was kept elsewhere, of whatever
// type. Other content gives ErrOther and leaves nothing behind.
func (s *Store) Restore(id string, r io.Reader) error {
	if !isID(id) {
		return fmt.Errorf("%w: %q is no hash", ErrOther, id)
	}
	f, err := os.CreateTemp(filepath.Join(s.root, "new"), "*")
	if err != nil {
		return fmt.Errorf("blob: making a file: %w", err)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(io.MultiWriter(f, sum), r); err != nil {
		return fmt.Errorf("blob: writing: %w", err)
	}
	if hex.EncodeToString(sum.Sum(nil)) != id {
		return fmt.Errorf("%w: %s", ErrOther, id)
	}
	return s.settle(f, id)
}

// Check reads a kept file and says whether its bytes are those of its name: nil,
// a NotFound fault, or ErrOther.
func (s *Store) Check(id string) error {
	f, err := s.Open(id)
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return fmt.Errorf("blob: reading: %w", err)
	}
	if hex.EncodeToString(sum.Sum(nil)) != id {
		return fmt.Errorf("%w: %s", ErrOther, id)
	}
	return nil
}

// Each calls f with the hash of every kept file, in their order. Files of other
// names, which somebody else put there, are left out.
func (s *Store) Each(f func(id string) error) error {
	folders, err := os.ReadDir(s.root)
	if err != nil {
		return fmt.Errorf("blob: listing: %w", err)
	}
	for _, folder := range folders {
		if !folder.IsDir() || len(folder.Name()) != 2 {
			continue
		}
		files, err := os.ReadDir(filepath.Join(s.root, folder.Name()))
		if err != nil {
			return fmt.Errorf("blob: listing: %w", err)
		}
		for _, file := range files {
			if id := folder.Name() + file.Name(); isID(id) {
				if err := f(id); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func isID(id string) bool {
	return len(id) == sha256.Size*2 && strings.Trim(id, "0123456789abcdef") == ""
}

func (s *Store) path(id string) string { return filepath.Join(s.root, id[:2], id[2:]) }

// inline are the types that a browser may show inside the page's origin's
// sandbox; all others are downloads.
var inline = map[string]bool{"image/jpeg": true, "image/png": true, "image/gif": true, "image/webp": true}

// ServeType returns the Content-Type and Content-Disposition kind under which a
// file of the kept type is served. Whatever it is, the caller also sends
// nosniff and a sandboxing policy.
func ServeType(kept string) (contentType, disposition string) {
	if inline[kept] {
		return kept, "inline"
	}
	return kept, "attachment"
}

// The media types that are taken besides images.
const (
	PDF  = "application/pdf"
	DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	Text = "text/plain; charset=utf-8"
)

// typeOf decides the type from the content: "" when it is not on the list.
func typeOf(f io.ReaderAt, size int64) (string, error) {
	head := make([]byte, min(size, 512))
	if _, err := f.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("blob: reading: %w", err)
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return zipType(f, size), nil
	}
	switch t := http.DetectContentType(head); {
	case inline[t], t == PDF:
		return t, nil
	case t == Text:
		return Text, nil
	}
	return "", nil
}

// zipType tells Word and Excel files apart from other archives, which are refused.
func zipType(f io.ReaderAt, size int64) string {
	z, err := zip.NewReader(f, size)
	if err != nil {
		return ""
	}
	kind := ""
	for _, e := range z.File {
		switch {
		case e.Name == "word/document.xml":
			kind = DOCX
		case e.Name == "xl/workbook.xml":
			kind = XLSX
		case strings.HasSuffix(e.Name, "vbaProject.bin"):
			return "" // macros are not taken
		}
	}
	return kind
}
