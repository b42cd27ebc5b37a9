package official

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode"
)

// mostText is the most bytes of a document's text part that are read.
const mostText = 64 << 20

// ErrNoText says that a file is no docx whose text can be read.
var ErrNoText = errors.New("official: this docx has no text that can be read")

// Words is the digest of the words of a docx: the text of its paragraphs and cells
// in their order, without any white space. Two files with the same words digest
// say the same, though an office program may have written one of them anew.
// Headers, footers and what is drawn twice for old readers are not counted.
func Words(file []byte) (string, error) {
	text, err := textOf(file)
	if err != nil {
		return "", err
	}
	h := sha256.Sum256([]byte(text))
	return hex.EncodeToString(h[:]), nil
}

// textOf is the canonical text: one line for each paragraph that has any.
func textOf(file []byte) (string, error) {
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrNoText, err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrNoText, err)
	}
	defer f.Close()
	// One more byte than allowed, so that a cut text is not taken for the whole.
	limited := &io.LimitedReader{R: f, N: mostText + 1}
	text, err := paragraphs(limited)
	if err != nil || limited.N == 0 {
		return "", fmt.Errorf("%w: %w", ErrNoText, err)
	}
	return text, nil
}

// paragraphs reads the text of w:t elements, paragraph by paragraph.
func paragraphs(r io.Reader) (string, error) {
	d := xml.NewDecoder(r)
	var out, now strings.Builder
	inText, skip, depth := 0, 0, 0
	end := func() {
		if now.Len() > 0 {
			out.WriteString(now.String())
			out.WriteByte('\n')
			now.Reset()
		}
	}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			end()
			return out.String(), nil
		}
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth++; depth > 256 {
				return "", errors.New("too deep")
			}
			switch t.Name.Local {
			case "Fallback", "del", "pict":
				skip++
			case "t":
				inText++
			}
		case xml.EndElement:
			depth--
			switch t.Name.Local {
			case "Fallback", "del", "pict":
				skip--
			case "t":
				inText--
			case "p":
				if skip == 0 {
					end()
				}
			}
		case xml.CharData:
			if inText > 0 && skip == 0 {
				for _, c := range string(t) {
					if !unicode.IsSpace(c) && c != '\u200b' && c != '\ufeff' {
						now.WriteRune(c)
					}
				}
			}
		}
	}
}

// codeForm is a verification code as documents print it.
var codeForm = regexp.MustCompile(`[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}`)

// FindCode looks for a verification code in a docx that has lost its trailer: in
// its text, headers and footers. "" when there is none.
func FindCode(file []byte) string {
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return ""
	}
	for _, f := range z.File {
		if !strings.HasPrefix(f.Name, "word/") || !strings.HasSuffix(f.Name, ".xml") || f.UncompressedSize64 > mostText {
			continue
		}
		r, err := f.Open()
		if err != nil {
			continue
		}
		text, err := paragraphs(io.LimitReader(r, mostText))
		if r.Close() != nil || err != nil {
			continue
		}
		if code := codeForm.FindString(text); code != "" {
			return code
		}
	}
	return ""
}

// codeDigits is Crockford's base 32, as receipts have it (Rule J-05): no I, L, O, U.
const codeDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// Code writes 60 random bits as a verification code: 7K3M-Q9TX-2F6D.
//
// Rule D-06 (ours): twelve characters that are not misread, random, so that
// nobody comes upon a document by counting on.
func Code(random io.Reader) (string, error) {
	var raw [12]byte
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		return "", fmt.Errorf("official: making a code: %w", err)
	}
	var b strings.Builder
	for i, c := range raw {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(codeDigits[c&31])
	}
	return b.String(), nil
}

// ParseCode returns the code as Code writes it, from what somebody typed or
// scanned: upper or lower case, with or without dashes, O for 0, I and L for 1.
// False when it is none.
func ParseCode(typed string) (string, bool) {
	if len(typed) > 64 {
		return "", false
	}
	var b strings.Builder
	for _, r := range strings.ToUpper(typed) {
		if r >= '！' && r <= '～' {
			r = unicode.ToUpper(r - '！' + '!')
		}
		switch {
		case r == '-' || unicode.IsSpace(r) || r == '－' || r == '—' || r == '–':
			continue
		case r == 'O':
			r = '0'
		case r == 'I' || r == 'L':
			r = '1'
		}
		if !strings.ContainsRune(codeDigits, r) {
			return "", false
		}
		b.WriteRune(r)
	}
	s := b.String()
	if len(s) != 12 {
		return "", false
	}
	return s[:4] + "-" + s[4:8] + "-" + s[8:], true
}
