package official_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gongjian/internal/folio"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/paper"
	"gongjian/internal/paper/official"
	"gongjian/internal/support"
	"gongjian/testkit/soffice"
)

// agreedText is the model of a memorandum with a commitment of every field.
func agreedText(t *testing.T) memo.Text {
	t.Helper()
	x, err := paper.FirstDraft("合作备忘录", "四川省质监局 广安市人民政府合作备忘录", []memo.Party{{Unit: "bureau", Name: "四川省质量技术监督局"}, {Unit: "city", Name: "广安市人民政府"}})
	if err != nil {
		t.Fatal(err)
	}
	promised := false
	for i := range x.Clauses {
		x.Clauses[i].ID = memo.ClauseID(rune('a' + i))
		for j := range x.Clauses[i].Commitments {
			if k := &x.Clauses[i].Commitments[j]; !promised {
				k.Deadline, k.Target, promised = "2011年12月底前", "不少于3个", true
				k.Support = &memo.Support{Kind: memo.Equipment, Amount: 150_000, Unit: "台（套）", Year: 2011}
			}
		}
	}
	if !promised {
		t.Fatal("the model owes nothing")
	}
	return x
}

func drafted(t *testing.T, x memo.Text) []byte {
	t.Helper()
	doc, err := official.Draft(x, func(u org.UnitID) string { return string(u) })
	if err != nil {
		t.Fatal(err)
	}
	b, err := new(official.Press).DOCX(doc, folio.Standard())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// same says that nothing but identities and levels would tell two texts apart.
func same(t *testing.T, a, b memo.Text) {
	t.Helper()
	for _, ch := range memo.Compare(a, b) {
		if ch.Kind != memo.ClauseSame || ch.No {
			t.Errorf("%s: %+v", ch.Kind, ch)
		}
	}
	if a.Preamble != b.Preamble || a.Closing != b.Closing || a.Title != b.Title {
		t.Errorf("around the clauses: %q %q %q", b.Title, b.Preamble, b.Closing)
	}
}

func TestADraftThatComesBackUnchangedSaysTheSame(t *testing.T) { // Rule M-08
	x := agreedText(t)
	file := drafted(t, x)
	read, err := paper.OpenMemorandum("稿.docx", bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	got := adopted(t, x, read)
	same(t, x, got)
	if memo.Digest(x) != memo.Digest(got) {
		t.Error("the digest is another")
	}
}

// adopted carries what was read into the text that was sent out.
func adopted(t *testing.T, x memo.Text, read paper.MemorandumRead) memo.Text {
	t.Helper()
	if read.Owed == nil {
		t.Fatal("the table of commitments was not found")
	}
	got, err := memo.AdoptOwed(x, read.Text, read.Owed, support.Wording(func(u org.UnitID) string { return string(u) }))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// The other party opens the file in an office program, changes it and saves it.
func TestADraftEditedInAnOfficeProgramComesBackWithItsChanges(t *testing.T) { // Rule M-08
	soffice.Needed(t)
	x := agreedText(t)
	edited := x
	edited.Clauses = append([]memo.Clause{}, x.Clauses...)
	const was, is = "合作期限为三年，期满经协商可以续签。", "合作期限为五年，期满经协商可以续签。"
	for i := range edited.Clauses {
		edited.Clauses[i].Text = strings.Replace(edited.Clauses[i].Text, was, is, 1)
		edited.Clauses[i].Commitments = slices.Clone(edited.Clauses[i].Commitments)
		for j := range edited.Clauses[i].Commitments {
			if k := &edited.Clauses[i].Commitments[j]; k.Support != nil {
				k.Support = &memo.Support{Kind: memo.Equipment, Amount: 200_000, Unit: "台（套）", Year: 2012}
			}
		}
	}
	dir := t.TempDir()
	in := filepath.Join(dir, "in.docx")
	if err := os.WriteFile(in, drafted(t, edited), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("soffice", "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", "docx:MS Word 2007 XML", "--outdir", filepath.Join(dir, "out"), in)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	file, err := os.ReadFile(filepath.Join(dir, "out", "in.docx"))
	if err != nil {
		t.Fatal(err)
	}
	read, err := paper.OpenMemorandum("对方稿.docx", bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	got := adopted(t, x, read)
	same(t, edited, got)
	changed := 0
	for _, ch := range memo.Compare(x, got) {
		if ch.Kind != memo.ClauseSame {
			changed++
		}
	}
	if changed != 2 {
		t.Errorf("%d clauses changed, wanted the term and the one with the support", changed)
	}
}
