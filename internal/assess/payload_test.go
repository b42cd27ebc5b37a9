package assess

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"gongjian/internal/fault"
	"gongjian/internal/task"
)

func samplePayload(t testing.TB) (Payload, []byte) {
	t.Helper()
	p, err := NewPayload(SampleScheme(), liangshan())
	if err != nil {
		t.Fatal(err)
	}
	b, err := p.MarshalCanonical()
	if err != nil {
		t.Fatal(err)
	}
	return p, b
}

// Rule A-05: what is written, read and scored again is the same to the digest.
func TestAPayloadIsReadBackAndVerified(t *testing.T) {
	p, b := samplePayload(t)
	q, err := ReadPayload(append(bytes.Clone(b), '\n'))
	if err != nil {
		t.Fatal(err)
	}
	if err := q.Verify(); err != nil {
		t.Error(err)
	}
	again, err := q.MarshalCanonical()
	if err != nil || !bytes.Equal(again, b) {
		t.Errorf("written again it differs: %v", err)
	}
	if q.Card.Digest != p.Card.Digest || len(p.Card.Digest) != 64 {
		t.Errorf("digests %s and %s", p.Card.Digest, q.Card.Digest)
	}
}

// Rule A-05: the digest on every machine. When this number changes without a new
// PayloadFormat, files that offices have downloaded no longer verify.
func TestTheDigestOfTheReferenceCardStaysTheSame(t *testing.T) {
	p, _ := samplePayload(t)
	const want = "914b7b7740236fabaeed59495d02591d3de8ba73300566708bca0268238ea892"
	if p.Card.Digest != want {
		t.Errorf("digest %s, want %s", p.Card.Digest, want)
	}
}

// Rule A-05: every part that counts is covered.
func TestAChangedPayloadDoesNotVerify(t *testing.T) {
	_, b := samplePayload(t)
	for name, change := range map[string][2]string{
		"total":          {`"total":"86.5"`, `"total":"87.5"`},
		"verified":       {`"verified":70000`, `"verified":80000`},
		"points":         {`"points":"15"`, `"points":"16"`},
		"evidence":       {`"name":"推荐文件1"`, `"name":"推荐文件9"`},
		"rounding":       {`"mode":"half-up"`, `"mode":"down"`},
		"title":          {`"title":"按时填报"`, `"title":"填报"`},
		"words":          {`"words":"每次扣2分"`, `"words":"每次扣3分"`},
		"band":           {`"from":"80"`, `"from":"81"`},
		"digest":         {`"digest":"`, `"digest":"0`},
		"subject":        {`"subject":"513400"`, `"subject":"510100"`},
		"line":           {`"got":"10.5"`, `"got":"11.5"`},
		"late slip date": {`"on":"2010-05-12"`, `"on":"2010-05-13"`},
	} {
		changed := bytes.Replace(b, []byte(change[0]), []byte(change[1]), 1)
		if bytes.Equal(changed, b) {
			t.Errorf("%s: %s is not in the payload", name, change[0])
			continue
		}
		p, err := ReadPayload(changed)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if p.Verify() == nil {
			t.Errorf("%s was changed and the payload verifies", name)
		}
	}
}

func TestVerifyNamesWhatDiffers(t *testing.T) {
	p, _ := samplePayload(t)
	p.Card.Total = points(t, "96.5")
	var m *Mismatch
	if err := p.Verify(); !errors.As(err, &m) || len(m.Differences) != 1 ||
		m.Differences[0] != (Difference{What: "total", Stored: "96.5", Recomputed: "86.5"}) || m.OnlyWords() {
		t.Errorf("%v", err)
	}
	p, _ = samplePayload(t)
	p.Card.Lines[5].Title = "别的"
	if err := p.Verify(); err == nil || !strings.Contains(err.Error(), "item and sources") {
		t.Errorf("%v", err)
	}
	p, _ = samplePayload(t)
	p.Card.Lines[5].Calc = nil
	if err := p.Verify(); !errors.As(err, &m) || !m.OnlyWords() {
		t.Errorf("a missing explanation: %v", err)
	}
}

func TestOnlyCanonicalPayloadsAreRead(t *testing.T) {
	_, b := samplePayload(t)
	for name, c := range map[string]struct {
		bytes []byte
		want  string
	}{
		"empty":          {nil, "assess.payload.unreadable"},
		"cut":            {b[:len(b)-9], "assess.payload.unreadable"},
		"two":            {append(bytes.Clone(b), b...), "assess.payload.unreadable"},
		"unknown field":  {bytes.Replace(b, []byte(`{"card"`), []byte(`{"a":1,"card"`), 1), "assess.payload.unreadable"},
		"key twice":      {bytes.Replace(b, []byte(`"total":"86.5"`), []byte(`"total":"96.5","total":"86.5"`), 1), "assess.payload.not-canonical"},
		"space":          {bytes.Replace(b, []byte(`,`), []byte(`, `), 1), "assess.payload.not-canonical"},
		"other spelling": {bytes.Replace(b, []byte(`"86.5"`), []byte(`"86.50"`), 1), "assess.payload.not-canonical"},
		"huge exponent":  {bytes.Replace(b, []byte(`"86.5"`), []byte(`"1e999999999"`), 1), "assess.payload.unreadable"},
		"other format":   {bytes.Replace(b, []byte(PayloadFormat), []byte("gongjian-scorecard/9"), 1), "assess.payload.format"},
		"too long":       {make([]byte, PayloadLimit+1), "assess.payload.size"},
	} {
		if _, err := ReadPayload(c.bytes); !fault.Is(err, c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

func TestCanonicalJSONHasOneForm(t *testing.T) {
	got, err := canonical(map[string]any{"b": 1, "a": []any{"<&>\u2028\"\\\n\x01", nil, true, int64(1) << 60}, "": "号"})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"":"号","a":["<&>` + "\u2028" + `\"\\\n\u0001",null,true,1152921504606846976],"b":1}`
	if string(got) != want {
		t.Errorf("%s, want %s", got, want)
	}
	if _, err := canonical(map[string]any{"a": 1.5}); err == nil {
		t.Error("a fraction was written as a number")
	}
}

func TestTheZoneOfAJudgementDoesNotChangeTheDigest(t *testing.T) {
	s := schemeOf(item(Plain, Judged, 10, Source{Kind: FromJudgement}))
	at := time.Date(2010, 6, 1, 9, 12, 0, 0, time.UTC)
	digest := func(at time.Time) string {
		in := inputs()
		in.Judged = map[string]Judgement{"1": {Points: Whole(8), Reason: "实地核查", By: "post", At: at}}
		return mustScore(t, s, in).Digest
	}
	if digest(at) != digest(at.In(time.FixedZone("CST", 8*3600)).Add(time.Microsecond)) {
		t.Error("the same second in another zone gives another digest")
	}
	if digest(at) == digest(at.Add(time.Second)) {
		t.Error("another second gives the same digest")
	}
}

// FuzzReadPayload: whatever is read is written back to the same bytes, and
// neither reading nor verifying panics.
func FuzzReadPayload(f *testing.F) {
	small, err := NewPayload(schemeOf(item(Plain, GivenToAll, 3, Source{})), inputs(with(brand("a", 1, 1, 1), func(t *TaskFigure) { t.Op = task.OpAtMost })))
	if err != nil {
		f.Fatal(err)
	}
	b, err := small.MarshalCanonical()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(`{"format":"gongjian-scorecard/1"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := ReadPayload(b)
		if err != nil {
			return
		}
		again, err := p.MarshalCanonical()
		if err != nil || !bytes.Equal(again, bytes.TrimRight(b, "\r\n")) {
			t.Fatalf("written back as %q: %v", again, err)
		}
		var m *Mismatch
		var faults fault.List
		if err := p.Verify(); err != nil && !errors.As(err, &m) && !errors.As(err, &faults) {
			t.Fatalf("Verify: %v", err)
		}
	})
}
