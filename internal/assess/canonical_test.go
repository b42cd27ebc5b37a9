package assess

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// anyTree draws what JSON can say, with texts that need escapes and keys out of order.
func anyTree(depth int) *rapid.Generator[any] {
	leaf := []*rapid.Generator[any]{
		rapid.Just[any](nil), rapid.Bool().AsAny(), rapid.Int64().AsAny(),
		rapid.StringOf(rapid.RuneFrom([]rune("ab\"\\\n\x01<&\u2028号"))).AsAny(),
	}
	if depth == 0 {
		return rapid.OneOf(leaf...)
	}
	below := anyTree(depth - 1)
	keys := rapid.StringOf(rapid.RuneFrom([]rune("aZ\"\\!号\x02")))
	return rapid.OneOf(append(leaf, rapid.SliceOfN(below, 0, 4).AsAny(), rapid.MapOfN(keys, below, 0, 4).AsAny())...)
}

func read(t *rapid.T, b []byte) (v any) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%s: %v", b, err)
	}
	return v
}

func TestCanonicalJSONSaysTheSameAndIsWrittenAgainByteForByte(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := anyTree(3).Draw(t, "v")
		got, err := canonical(v)
		if err != nil {
			t.Fatal(err)
		}
		plain, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		again := read(t, got)
		if !reflect.DeepEqual(again, read(t, plain)) {
			t.Fatalf("%s says something else than %s", got, plain)
		}
		if twice, err := canonical(again); err != nil || !bytes.Equal(twice, got) {
			t.Fatalf("%s was written again as %s, %v", got, twice, err)
		}
	})
}

func TestCanonicalJSONSortsTheKeysOfEveryObject(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.MapOfN(rapid.StringOf(rapid.RuneFrom([]rune("aZ\"\\!号\x02"))), rapid.Int(), 0, 6).Draw(t, "all")
		b, err := canonical(map[string]any{"of": all})
		if err != nil {
			t.Fatal(err)
		}
		d := json.NewDecoder(bytes.NewReader(b))
		var keys []string
		for i := range 3 + 2*len(all) { // { "of" { key value …
			token, err := d.Token()
			if err != nil {
				t.Fatal(err)
			}
			if key, ok := token.(string); ok && i > 2 {
				keys = append(keys, key)
			}
		}
		if len(keys) != len(all) || !slices.IsSorted(keys) {
			t.Fatalf("%s has the keys %q", b, keys)
		}
	})
}

func TestAScorerWritesWhatThePayloadWouldWrite(t *testing.T) {
	c, err := NewScorer(SampleScheme())
	if err != nil {
		t.Fatal(err)
	}
	p, got, err := c.Payload(liangshan())
	if err != nil {
		t.Fatal(err)
	}
	if want, err := p.MarshalCanonical(); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%.200s, want %.200s, %v", got, want, err)
	}
}
