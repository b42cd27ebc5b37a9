package bulk

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// Secret seals the keys of report sheets. It never leaves the server.
type Secret []byte

// Key is what the hidden cell of a row says: the report that the row is for.
type Key struct {
	Sheet  string // number of the sheet that it was handed out in
	Task   task.ID
	Period calendar.Period
	Unit   org.UnitID
	title  string // digest of the task's title as handed out
}

// keyMark begins every key; its number is that of the key's form.
const keyMark = "gj1"

// letters are digits and letters that are not misread for each other.
const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// seal returns n letters that only the holder of the secret can make for these words.
func (s Secret) seal(n int, words ...string) string {
	h := hmac.New(sha256.New, s)
	h.Write([]byte(strings.Join(words, "\x00")))
	sum := h.Sum(nil)
	out := make([]byte, n)
	for i := range out {
		out[i] = letters[sum[i]&31]
	}
	return string(out)
}

// Number is the number of the sheet that a unit is handed out on a day: the day
// and five letters. Of one unit and day it is always the same.
func (s Secret) Number(unit org.UnitID, day calendar.Date) string {
	return strings.ReplaceAll(day.String(), "-", "") + "-" + s.seal(5, "sheet", string(unit), day.String())
}

// Text writes the key of a row with the task's title as the row shows it.
func (s Secret) Text(k Key, title string) string {
	fields := []string{keyMark, k.Sheet, string(k.Task), k.Period.String(), string(k.Unit), s.seal(6, "title", fold(title))}
	return strings.Join(append(fields, s.seal(16, fields...)), "|")
}

// Read reads a key back; false when it is not one of ours, whole and unchanged.
//
// Rule OS-01 (ours; docs/sources/offline.md): a row is recognised by its sealed key alone.
func (s Secret) Read(text string) (Key, bool) {
	fields := strings.Split(strings.TrimSpace(text), "|")
	if len(fields) != 7 || fields[0] != keyMark {
		return Key{}, false
	}
	if subtle.ConstantTimeCompare([]byte(s.seal(16, fields[:6]...)), []byte(fields[6])) != 1 {
		return Key{}, false
	}
	p, err := calendar.ParsePeriod(fields[3])
	if err != nil {
		return Key{}, false
	}
	return Key{Sheet: fields[1], Task: task.ID(fields[2]), Period: p, Unit: org.UnitID(fields[4]), title: fields[5]}, true
}

// titled reports whether a row shows the title that its key was made for.
func (s Secret) titled(k Key, title string) bool { return s.seal(6, "title", fold(title)) == k.title }

// Once names the handing in of a row: the same row in the same round is the same
// act, however often its sheet is sent.
//
// Rule OS-02 (ours): the name holds what the row is for and the round, not the
// words typed: a report that was returned is another act.
func (k Key) Once(round int) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{k.Sheet, string(k.Task), k.Period.String(), string(k.Unit)}, "|")))
	out := make([]byte, 20)
	for i := range out {
		out[i] = letters[sum[i]&31]
	}
	return "sheet-" + string(out) + "-" + task.Count(round).String()
}
