//go:build linux || darwin

package main

import (
	"os/signal"
	"path/filepath"
	"syscall"
)

// freeBytes is the room that the server may still fill on the disk of a folder,
// or of the nearest one above it that is there.
func freeBytes(folder string) (free int64, known bool) {
	path, err := filepath.Abs(folder)
	if err != nil {
		return 0, false
	}
	for {
		var s syscall.Statfs_t
		if err := syscall.Statfs(path, &s); err == nil {
			return int64(s.Bavail) * int64(s.Bsize), true
		}
		above := filepath.Dir(path)
		if above == path {
			return 0, false
		}
		path = above
	}
}

// ignoreFileLimit makes a limit on the size of files an error of the write, which is
// answered like a full disk, and not the end of the program.
func ignoreFileLimit() { signal.Ignore(syscall.SIGXFSZ) }
