package web

import (
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/google/go-cmp/cmp"
)

func held() map[string]any {
	return map[string]any{
		sessionPerson: "person-1", sessionPost: "post-1", sessionMark: "mark", sessionKept: []string{"a", "b"},
		sessionReceipt: flash{Number: "0607-1234", Key: "report.done", Args: []any{"n", 3}},
	}
}

func TestASessionThatHoldsTheSameIsWrittenTheSame(t *testing.T) {
	RegisterSessionTypes()
	until := time.Date(2010, 6, 7, 20, 0, 0, 0, time.UTC)
	first, err := sessionCodec{}.Encode(until, held())
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		at, values, err := sessionCodec{}.Decode(first)
		if err != nil || !at.Equal(until) {
			t.Fatal(at, err)
		}
		if d := cmp.Diff(held(), values, cmp.AllowUnexported(flash{})); d != "" {
			t.Fatal(d)
		}
		again, err := sessionCodec{}.Encode(at, values)
		if err != nil || string(again) != string(first) {
			t.Fatalf("a session that was read and holds the same was written otherwise: %v", err)
		}
	}
}

func TestASessionFromBeforeAnUpgradeIsRead(t *testing.T) {
	RegisterSessionTypes()
	until := time.Date(2010, 6, 7, 20, 0, 0, 0, time.UTC)
	for _, values := range []map[string]any{held(), {}} {
		old, err := scs.GobCodec{}.Encode(until, values)
		if err != nil {
			t.Fatal(err)
		}
		at, read, err := sessionCodec{}.Decode(old)
		if err != nil || !at.Equal(until) || read == nil {
			t.Fatal(at, read, err)
		}
		if d := cmp.Diff(values, read, cmp.AllowUnexported(flash{})); d != "" {
			t.Error(d)
		}
	}
	if _, _, err := (sessionCodec{}).Decode([]byte("neither")); err == nil {
		t.Error("what is no session was read")
	}
}
