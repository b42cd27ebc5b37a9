package assess

import (
	"cmp"
	"slices"
)

// sortedBy returns a sorted copy; the caller's slice stays as it is. Empty gives nil.
func sortedBy[T any](in []T, key func(T) string) []T {
	if len(in) == 0 {
		return nil
	}
	out := slices.Clone(in)
	slices.SortStableFunc(out, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
	return out
}
