package store

import (
	"fmt"
	"testing"

	"gongjian/internal/assess"
)

func TestWhatALongTextSaysIsReadOnceWhileItIsAmongTheLatest(t *testing.T) {
	l := lately[assess.Ranking]{most: 3}
	text := func(n int) string { return fmt.Sprintf(`{"group":"g%d","entries":[{"subject":"510000"}]}`, n) }
	read := func(n int) assess.Ranking {
		t.Helper()
		r, err := l.read(text(n))
		if err != nil {
			t.Fatal(err)
		}
		if r.Group != fmt.Sprintf("g%d", n) {
			t.Fatalf("text %d said %q", n, r.Group)
		}
		return r
	}
	first := read(1)
	read(2)
	if again := read(1); &again.Entries[0] != &first.Entries[0] {
		t.Error("a text of which two were read was read again")
	}
	read(3)
	read(4) // 2, asked for longest ago, falls out
	if again := read(1); &again.Entries[0] != &first.Entries[0] {
		t.Error("a text that was asked for lately was forgotten")
	}
	if _, ok := l.find(text(2)); ok || len(l.held) != 3 {
		t.Errorf("%d texts are held, at most 3 are to be", len(l.held))
	}
}

func TestATextThatSaysNothingOfTheKindIsNotRemembered(t *testing.T) {
	l := lately[assess.Ranking]{most: 3}
	for range 2 {
		if _, err := l.read(`{"group":`); err == nil {
			t.Fatal("half a text was read")
		}
	}
	if len(l.held) != 0 {
		t.Error("it is held")
	}
}
