//go:build !linux && !darwin

package main

// ignoreFileLimit has nothing to do here.
func ignoreFileLimit() {}

// freeBytes is not known here.
func freeBytes(string) (free int64, known bool) { return 0, false }
