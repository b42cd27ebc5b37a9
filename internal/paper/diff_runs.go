package paper

import "gongjian/internal/redline"

// Run is a piece of a text: in the other text, too, or in this one only.
type Run struct {
	Text string
	Same bool
}

// Runs parts an old and a new text into what they share and what they do not, as
// the redline of a memorandum does, but each side for itself: a table shows what
// was and what is in two cells.
//
// Law: the runs of each side add up to its text.
func Runs(old, fresh string) (was, is []Run) {
	for _, r := range redline.Compare(old, fresh) {
		if r.Kind != redline.Added {
			was = append(was, Run{r.Text, r.Kind == redline.Same})
		}
		if r.Kind != redline.Removed {
			is = append(is, Run{r.Text, r.Kind == redline.Same})
		}
	}
	return was, is
}
