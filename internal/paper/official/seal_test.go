package official

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"gongjian/internal/folio"
)

// signedText stands for a note: lines with a signature that is not looked at here.
const signedText = "gongjian-document/1\n{\"code\":\"7K3M-Q9TX-2F6D\",\"title\":\"通知\"}\n\n— gongjian abcdef\n"

// files is one document in both formats.
func files(t testing.TB) map[Format][]byte {
	t.Helper()
	doc, err := Make(planData())
	if err != nil {
		t.Fatal(err)
	}
	var p Press
	docx, err := p.DOCX(doc, folio.Standard())
	if err != nil {
		t.Fatal(err)
	}
	pdf, err := p.PDF(doc, folio.Standard())
	if err != nil {
		t.Fatal(err)
	}
	return map[Format][]byte{DOCX: docx, PDF: pdf}
}

// Rule D-05: what is sealed comes back as it was, with what was signed.
func TestATrailerComesOffAsItWasPutOn(t *testing.T) {
	for format, file := range files(t) {
		if FormatOf(file) != format {
			t.Fatalf("%s is taken for %q", format, FormatOf(file))
		}
		sealed, err := Seal(file, signedText)
		if err != nil {
			t.Fatal(err)
		}
		bare, signed := Strip(sealed)
		if !bytes.Equal(bare, file) || signed != signedText {
			t.Errorf("%s: %d bytes and %q came back of %d", format, len(bare), signed, len(file))
		}
		if bare, signed := Strip(file); signed != "" || !bytes.Equal(bare, file) {
			t.Errorf("%s without a trailer gave %q", format, signed)
		}
	}
	if _, err := Seal([]byte("text"), signedText); err == nil {
		t.Error("a text was sealed")
	}
}

func TestASealedFileStillOpens(t *testing.T) {
	all := files(t)
	sealed, err := Seal(all[DOCX], signedText)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(sealed), int64(len(sealed)))
	if err != nil {
		t.Fatal(err)
	}
	part, err := z.Open(statementPart) // its checksum is looked at when it is read to the end
	if err != nil {
		t.Fatal(err)
	}
	b0, err := io.ReadAll(part)
	if err != nil || !strings.Contains(string(b0), "7K3M-Q9TX-2F6D") || xml.Unmarshal(b0, new(struct{ Text string })) != nil {
		t.Errorf("the statement's part is %q, %v", b0, err)
	}
	a, err := textOf(sealed)
	b, err2 := textOf(all[DOCX])
	if err != nil || err2 != nil || a != b {
		t.Errorf("the text changed: %v %v", err, err2)
	}
	if sealed, err = Seal(all[PDF], signedText); err != nil {
		t.Fatal(err)
	}
	tail := string(sealed[max(0, len(sealed)-200):])
	if !strings.HasSuffix(tail, "%%EOF\n") || !strings.Contains(tail, "startxref\n") {
		t.Errorf("the pdf ends with %q", tail)
	}
	was, _ := crossReference(all[PDF])
	if now, ok := crossReference(sealed); !ok || now != was {
		t.Errorf("the cross-reference was at %d and is at %d", was, now)
	}
}

// Rule D-05: every little change of a sealed file shows: the digest is another, or
// the trailer is none any more.
func TestEveryLittleChangeOfASealedFileShows(t *testing.T) {
	for format, file := range files(t) {
		sealed, err := Seal(file, signedText)
		if err != nil {
			t.Fatal(err)
		}
		digest := Digest(file)
		changes := map[string][]byte{
			"a byte at the end":       append(bytes.Clone(sealed), 'x'),
			"a line end at the end":   append(bytes.Clone(sealed), '\n'),
			"the last byte gone":      sealed[:len(sealed)-1],
			"a byte in front":         append([]byte{' '}, sealed...),
			"another trailer behind":  append(bytes.Clone(sealed), sealed[len(sealed)-400:]...),
			"a word of the statement": bytes.Replace(sealed, []byte("通知"), []byte("通报"), 1),
			"the code":                bytes.Replace(sealed, []byte("7K3M-Q9TX-2F6D\",\"t"), []byte("7K3M-Q9TX-2F6E\",\"t"), 1),
		}
		draw := rand.New(rand.NewPCG(9704, 2012))
		for len(changes) < 40 {
			at := draw.IntN(len(sealed))
			if len(changes) > 30 { // some of them in the trailer
				at = len(file) + draw.IntN(len(sealed)-len(file))
			}
			b := bytes.Clone(sealed)
			b[at] ^= 1 << draw.IntN(8)
			changes["bit "+string(rune('a'+len(changes)))] = b
		}
		for what, changed := range changes {
			if bytes.Equal(changed, sealed) {
				t.Fatalf("%s: %s changes nothing", format, what)
			}
			bare, signed := Strip(changed)
			if signed == signedText && Digest(bare) == digest {
				t.Errorf("%s: %s goes unnoticed", format, what)
			}
		}
	}
}

func TestTheWordsDoNotDependOnTheFile(t *testing.T) {
	paragraph := func(body string) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		f, err := z.Create("word/document.xml")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(`<w:document xmlns:w="w" xmlns:mc="m"><w:body>` + body + `</w:body></w:document>`)); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	words := func(body string) string {
		t.Helper()
		w, err := Words(paragraph(body))
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	whole := words(`<w:p><w:r><w:t>任务一 甲</w:t></w:r></w:p><w:p/>`)
	if split := words(`<w:p><w:r><w:t>任务</w:t></w:r><w:r><w:t xml:space="preserve">一  甲 </w:t></w:r><mc:Fallback><w:t>任务</w:t></mc:Fallback></w:p>`); split != whole {
		t.Error("runs, spaces or a fallback change the words")
	}
	if other := words(`<w:p><w:r><w:t>任务二甲</w:t></w:r></w:p>`); other == whole {
		t.Error("another word does not change the words")
	}
	if other := words(`<w:p><w:r><w:t>任务一</w:t></w:r></w:p><w:p><w:r><w:t>甲</w:t></w:r></w:p>`); other == whole {
		t.Error("another paragraph does not change the words")
	}
	for _, bad := range [][]byte{nil, []byte("PK\x03\x04 no archive"), paragraph(strings.Repeat("<w:p>", 300) + strings.Repeat("</w:p>", 300)), paragraph("<w:p>")} {
		if _, err := Words(bad); err == nil {
			t.Errorf("%d bytes have words", len(bad))
		}
	}
}

// Rule D-06.
func TestCodesAreReadAsTheyAreTyped(t *testing.T) {
	code, err := Code(rand.NewChaCha8([32]byte{1}))
	if err != nil || !codeForm.MatchString(code) || len(code) != 14 {
		t.Fatalf("%q %v", code, err)
	}
	for typed, want := range map[string]string{
		code: code, strings.ToLower(code): code, strings.ReplaceAll(code, "-", ""): code, " " + strings.ReplaceAll(code, "-", " "): code,
		"7k3m-q9tx-2f6d": "7K3M-Q9TX-2F6D", "ok3m-iltx-2f6d": "0K3M-11TX-2F6D", "７Ｋ３Ｍ－Ｑ９ＴＸ－２Ｆ６Ｄ": "7K3M-Q9TX-2F6D",
		"7K3M-Q9TX-2F6": "", "7K3M-Q9TX-2F6DD": "", "7K3M-Q9TX-2F6U": "", "": "", "../../etc": "",
	} {
		if got, ok := ParseCode(typed); got != want || ok != (want != "") {
			t.Errorf("%q is read as %q", typed, got)
		}
	}
}

func TestTheCodeIsFoundInADocumentWithoutItsTrailer(t *testing.T) {
	doc, err := Make(planData())
	if err != nil {
		t.Fatal(err)
	}
	file, err := (&Press{}).DOCX(doc, folio.Standard())
	if err != nil {
		t.Fatal(err)
	}
	if got := FindCode(file); got != "7K3M-Q9TX-2F6D" {
		t.Errorf("found %q", got)
	}
}

func FuzzStrip(f *testing.F) {
	for _, file := range files(f) {
		sealed, err := Seal(file, signedText)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(sealed[max(0, len(sealed)-2000):])
	}
	f.Add([]byte("%PDF-1.4\nstartxref\n5\n%%EOF\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		bare, signed := Strip(file)
		if signed == "" {
			return
		}
		if again, err := Seal(bare, signed); err != nil || !bytes.Equal(again, file) {
			t.Errorf("a trailer came off that Seal does not write")
		}
	})
}
