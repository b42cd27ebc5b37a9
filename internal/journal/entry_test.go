package journal_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"gongjian/internal/journal"

	"golang.org/x/mod/sumdb/tlog"
)

// Rule J-01. The bytes of entries may never change: old entries must stay readable.
func TestTheBytesOfAnEntryAreCanonical(t *testing.T) {
	e := entry(1)
	e.At = e.At.In(time.FixedZone("", 8*3600)).Add(999) // below a microsecond: cut off
	e.Detail = json.RawMessage(` { "words" : "完成<1>", "value":"12.340" } `)
	got, err := e.Bytes()
	want := `{"id":"01291174-c0d3-7000-8000-000000000001","at":"2010-06-07T08:09:11.123456Z","person":"p1","post":"post-1",` +
		`"unit":"unit-1","action":"task.report","outcome":"done","policy":"report-at-lead-unit",` +
		`"subjects":[{"kind":"task","id":"task-1"},{"kind":"plan","id":"plan-1"}],"detail":{"words":"完成<1>","value":"12.340"}}`
	if err != nil || string(got) != want {
		t.Errorf("got  %s (%v)\nwant %s", got, err, want)
	}
	empty, err := journal.Entry{ID: e.ID, At: e.At, Action: "a", Outcome: journal.Refused}.Bytes()
	if err != nil || !bytes.HasSuffix(empty, []byte(`"subjects":[],"detail":{}}`)) {
		t.Errorf("%s (%v)", empty, err)
	}
	e.Token = "token-1"
	if by, err := e.Bytes(); err != nil || string(by) != want[:len(want)-1]+`,"token":"token-1"}` {
		t.Errorf("%s (%v)", by, err)
	}
	if _, err := journal.ParseEntry([]byte(want[:len(want)-1] + `,"token":""}`)); err == nil {
		t.Error("a token of nothing was read: an entry would have two forms")
	}
}

func TestAnEntryThatCannotBeReadBackIsRefused(t *testing.T) {
	for name, change := range map[string]func(*journal.Entry){
		"no id":             func(e *journal.Entry) { e.ID = "" },
		"id in capitals":    func(e *journal.Entry) { e.ID = strings.ToUpper(e.ID[:8]) + "ABCD" + e.ID[12:] },
		"UUID version 4":    func(e *journal.Entry) { e.ID = e.ID[:14] + "4" + e.ID[15:] },
		"no instant":        func(e *journal.Entry) { e.At = time.Time{} },
		"no action":         func(e *journal.Entry) { e.Action = "" },
		"no outcome":        func(e *journal.Entry) { e.Outcome = "" },
		"subject twice":     func(e *journal.Entry) { e.Subjects = append(e.Subjects, e.Subjects[0]) },
		"empty subject":     func(e *journal.Entry) { e.Subjects = []journal.Subject{{Kind: "task"}} },
		"not UTF-8":         func(e *journal.Entry) { e.Policy = "\xff" },
		"zero byte":         func(e *journal.Entry) { e.Person = "a\x00" },
		"detail not JSON":   func(e *journal.Entry) { e.Detail = json.RawMessage(`{`) },
		"detail not UTF-8":  func(e *journal.Entry) { e.Detail = json.RawMessage("\"\xff\"") },
		"detail of nothing": func(e *journal.Entry) { e.Detail = json.RawMessage{} },
	} {
		e := entry(1)
		change(&e)
		if text, err := e.Bytes(); err == nil {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// FuzzParseEntry: whatever is read as an entry is written as the same bytes.
func FuzzParseEntry(f *testing.F) {
	for i := range 4 {
		text, err := entry(i).Bytes()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
		f.Add(bytes.Replace(text, []byte(":"), []byte(": "), 1))
	}
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		e, err := journal.ParseEntry(text)
		if err != nil {
			return
		}
		again, err := e.Bytes()
		if err != nil || !bytes.Equal(again, text) {
			t.Errorf("%q became %q (%v)", text, again, err)
		}
	})
}

// Rule J-05.
func TestAReceiptCommitsToDateAndBytes(t *testing.T) {
	e := entry(0)
	e.At = time.Date(2010, 6, 6, 16, 0, 0, 0, time.UTC) // already the 7th in China
	text, err := e.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	number := journal.Receipt(text)
	if !strings.HasPrefix(number, "20100607-") || len(number) != len("20100607-7K3M-Q9TX") {
		t.Errorf("receipt %q", number)
	}
	// The digits, worked out another way: 40 bits as eight groups of five.
	leaf := tlog.RecordHash(text)
	var digits strings.Builder
	var bits, have uint
	for _, b := range leaf[:5] {
		bits, have = bits<<8|uint(b), have+8
		for have >= 5 {
			have -= 5
			digits.WriteByte("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[bits>>have&31])
		}
	}
	if got := number[9:13] + number[14:]; got != digits.String() {
		t.Errorf("digits %s, want %s", got, digits.String())
	}
	if other := journal.Receipt(bytes.Replace(text, []byte("12.340"), []byte("12.341"), 1)); other == number {
		t.Error("other bytes, the same receipt")
	}
	if journal.Receipt([]byte("x")) != "" {
		t.Error("bytes that are no entry have a receipt")
	}
}

func TestAReceiptIsReadHoweverItIsTyped(t *testing.T) {
	for typed, want := range map[string]string{
		"20100607-7K3M-Q9TX":    "20100607-7K3M-Q9TX",
		" 20100607 7k3m q9tx\n": "20100607-7K3M-Q9TX",
		"201006077k3mq9tx":      "20100607-7K3M-Q9TX",
		"2O1OO6O7-O0iI-lL1a":    "20100607-0011-111A",
		"２０１００６０７－７ｋ３Ｍ－Ｑ９ＴＸ":       "20100607-7K3M-Q9TX",
		"20100607—7K3M—Q9TX":       "20100607-7K3M-Q9TX",
		"20100607-7K3M-Q9T":        "",
		"20100607-7K3M-Q9TXX":      "",
		"20101307-7K3M-Q9TX":       "",
		"20100607-7K3M-Q9TU":       "",
		"":                         "",
		"' OR 1=1; --":             "",
		"ABCDEFGH-7K3M-Q9TX":       "",
		strings.Repeat("20", 1000): "",
	} {
		got, err := journal.ParseReceipt(typed)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q (%v), want %q", typed, got, err, want)
		}
	}
}

// FuzzParseReceipt: what is read is written in the one form that reads the same.
func FuzzParseReceipt(f *testing.F) {
	f.Add("20100607-7K3M-Q9TX")
	f.Add("２０１００６０７－７ｋ３Ｍ－Ｑ９ＴＸ")
	f.Fuzz(func(t *testing.T, typed string) {
		number, err := journal.ParseReceipt(typed)
		if err != nil {
			return
		}
		if again, err := journal.ParseReceipt(number); err != nil || again != number || len(number) != 18 {
			t.Errorf("%q became %q, then %q (%v)", typed, number, again, err)
		}
	})
}
