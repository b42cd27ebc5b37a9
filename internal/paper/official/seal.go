package official

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"

	"gongjian/internal/calendar"
)

// Format is the form of a file.
type Format string

// The formats.
const (
	DOCX Format = "docx"
	PDF  Format = "pdf"
)

// FormatOf tells the format by the first bytes; "" is neither.
func FormatOf(file []byte) Format {
	switch {
	case bytes.HasPrefix(file, []byte("PK\x03\x04")):
		return DOCX
	case bytes.HasPrefix(file, []byte("%PDF-")):
		return PDF
	}
	return ""
}

// StatementKind is what the journal's key says it signs when it signs a statement.
const StatementKind = "gongjian-document/1"

// Statement is what is signed of an issued file. Receipt and entry name the act
// that issued it; Digest is the SHA-256 of the file without the trailer, in hex.
type Statement struct {
	Code    string        `json:"code"`
	Kind    Kind          `json:"kind"`
	Number  string        `json:"number"`
	Title   string        `json:"title"`
	Unit    string        `json:"unit"` // name of the issuing office
	Issued  calendar.Date `json:"issued"`
	Receipt string        `json:"receipt"`
	Entry   string        `json:"entry"`
	Digest  string        `json:"digest"`
}

// Bytes is the statement on one line.
func (s Statement) Bytes() ([]byte, error) {
	b, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("official: writing a statement: %w", err)
	}
	return b, nil
}

// ReadStatement reads what Bytes wrote.
func ReadStatement(b []byte) (Statement, error) {
	var s Statement
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return s, fmt.Errorf("official: reading a statement: %w", err)
	}
	return s, nil
}

// Digest is the SHA-256 of a file in hex.
func Digest(file []byte) string {
	h := sha256.Sum256(file)
	return hex.EncodeToString(h[:])
}

// Seal hangs a signed statement at the end of a file that has no trailer.
//
// Rule D-05 (ISO 32000-1, 7.2.3 and 7.5.5; APPNOTE 4.3): in a pdf the lines are
// comments, and startxref with %%EOF stand again behind them, since readers look
// for them in the last kilobyte; in a docx it is a part that nothing refers to. (As
// the comment of the archive it would be simpler, but LibreOffice does not open
// archives with a comment of this length.)
func Seal(file []byte, signed string) ([]byte, error) {
	switch FormatOf(file) {
	case PDF:
		return sealPDF(file, signed)
	case DOCX:
		return sealDOCX(file, signed)
	}
	return nil, errors.New("official: only docx and pdf are sealed")
}

// pdfMark begins the trailer of a pdf.
const pdfMark = "%gongjian-document\n"

func sealPDF(file []byte, signed string) ([]byte, error) {
	at, ok := crossReference(file)
	if !ok || !bytes.HasSuffix(file, []byte("\n")) {
		return nil, errors.New("official: the pdf does not end like one of ours")
	}
	var b bytes.Buffer
	b.Write(file)
	b.WriteString(pdfMark)
	for _, l := range strings.Split(strings.TrimSuffix(signed, "\n"), "\n") {
		b.WriteString("%" + l + "\n")
	}
	b.WriteString("startxref\n" + strconv.Itoa(at) + "\n%%EOF\n")
	return b.Bytes(), nil
}

// crossReference reads the number behind the last startxref.
func crossReference(file []byte) (int, bool) {
	i := bytes.LastIndex(file, []byte("startxref"))
	if i < 0 {
		return 0, false
	}
	fields := bytes.Fields(file[i+len("startxref") : min(len(file), i+64)])
	if len(fields) == 0 {
		return 0, false
	}
	n, err := strconv.Atoi(string(fields[0]))
	return n, err == nil && n >= 0
}

// The records of a zip archive that are written here (APPNOTE 4.3): the header in
// front of a file, its line in the directory, and the end of the directory.
const (
	localSignature     = "PK\x03\x04"
	directorySignature = "PK\x01\x02"
	endSignature       = "PK\x05\x06"
	localSize          = 30
	directorySize      = 46
	endSize            = 22
	firstDay           = 1<<5 | 1 // 1 January 1980: the file says nothing of time
)

// statementPart is the part of a docx that holds the statement. No other part
// refers to it, so office programs neither show it nor keep it.
const (
	statementPart  = "customXml/statement.xml"
	statementBegin = `<?xml version="1.0" encoding="UTF-8"?><statement xmlns="urn:gongjian:document:1">`
	statementEnd   = "</statement>"
)

var (
	escapeXML   = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	unescapeXML = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
)

// directory is where a zip archive without a comment has its list of files.
type directory struct {
	count       int
	at, size    int
	wellBehaved bool
}

func directoryOf(file []byte) (d directory) {
	end := len(file) - endSize
	if end < 0 || string(file[end:end+4]) != endSignature {
		return d
	}
	le := binary.LittleEndian
	d.count, d.size, d.at = int(le.Uint16(file[end+10:])), int(le.Uint32(file[end+12:])), int(le.Uint32(file[end+16:]))
	d.wellBehaved = int(le.Uint16(file[end+8:])) == d.count && d.count > 0 && d.at+d.size == end
	return d
}

// endOf is the end record of an archive.
func endOf(d directory) []byte {
	le := binary.LittleEndian
	b := le.AppendUint16(le.AppendUint32([]byte(endSignature), 0), uint16(d.count)) // of disk 0, on disk 0
	b = le.AppendUint16(b, uint16(d.count))
	b = le.AppendUint32(le.AppendUint32(b, uint32(d.size)), uint32(d.at))
	return le.AppendUint16(b, 0)
}

// sealDOCX adds the statement as the archive's last file, stored as it is.
func sealDOCX(file []byte, signed string) ([]byte, error) {
	d := directoryOf(file)
	if !d.wellBehaved || !bytes.Equal(file[len(file)-endSize:], endOf(d)) {
		return nil, errors.New("official: the docx does not end like one of ours")
	}
	le := binary.LittleEndian
	data := statementBegin + escapeXML.Replace(signed) + statementEnd
	// What the header and the directory's line have in common.
	same := le.AppendUint16(nil, 10)                               // version needed
	same = le.AppendUint32(same, 0)                                // no flags; stored
	same = le.AppendUint32(same, firstDay<<16)                     // time and date
	same = le.AppendUint32(same, crc32.ChecksumIEEE([]byte(data))) //
	same = le.AppendUint32(same, uint32(len(data)))                // packed
	same = le.AppendUint32(same, uint32(len(data)))                // unpacked
	same = le.AppendUint32(same, uint32(len(statementPart)))       // of the name; no extra field
	line := append(le.AppendUint16([]byte(directorySignature), 10), same...)
	line = le.AppendUint32(append(line, make([]byte, 10)...), uint32(d.at))
	line = append(line, statementPart...)

	out := bytes.Clone(file[:d.at])
	out = append(append(out, localSignature...), same...)
	out = append(append(out, statementPart...), data...)
	at := len(out)
	out = append(append(out, file[d.at:d.at+d.size]...), line...)
	return append(out, endOf(directory{count: d.count + 1, at: at, size: d.size + len(line)})...), nil
}

// Strip takes the trailer off. A file without one, or with one that is not byte
// for byte as Seal writes it, comes back whole with signed "".
func Strip(file []byte) (bare []byte, signed string) {
	switch FormatOf(file) {
	case PDF:
		bare, signed = stripPDF(file)
	case DOCX:
		bare, signed = stripDOCX(file)
	}
	if signed == "" {
		return file, ""
	}
	if again, err := Seal(bare, signed); err != nil || !bytes.Equal(again, file) {
		return file, ""
	}
	return bare, signed
}

func stripPDF(file []byte) ([]byte, string) {
	i := bytes.LastIndex(file, []byte("\n"+pdfMark))
	if i < 0 {
		return file, ""
	}
	var b strings.Builder
	for l := range strings.SplitSeq(string(file[i+1+len(pdfMark):]), "\n") {
		if l == "startxref" {
			break
		}
		b.WriteString(strings.TrimPrefix(l, "%") + "\n")
	}
	return file[:i+1], b.String()
}

func stripDOCX(file []byte) ([]byte, string) {
	const line = directorySize + len(statementPart)
	d := directoryOf(file)
	end := d.at + d.size
	if !d.wellBehaved || d.size <= line || string(file[end-line:end-line+4]) != directorySignature || string(file[end-len(statementPart):end]) != statementPart {
		return file, ""
	}
	at := int(binary.LittleEndian.Uint32(file[end-line+42:]))
	if at > d.at {
		return file, ""
	}
	_, data, found := strings.Cut(string(file[at:d.at]), statementPart+statementBegin)
	signed, whole := strings.CutSuffix(data, statementEnd)
	if !found || !whole {
		return file, ""
	}
	bare := append(bytes.Clone(file[:at]), file[d.at:end-line]...)
	return append(bare, endOf(directory{count: d.count - 1, at: at, size: d.size - line})...), unescapeXML.Replace(signed)
}
