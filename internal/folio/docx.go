package folio

import (
	"archive/zip"
	"compress/flate"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"rsc.io/qr"
)

// WriteDOCX writes the document as docx: real Word styles with the names that
// offices use, sections, footers and tables that the office goes on editing.
// Equal documents give equal bytes.
func WriteDOCX(w io.Writer, d Document, l Layout) error {
	d, l = clean(d), l.orStandard()
	x := &docx{d: d, l: l, parts: arrange(d, l)}
	if d.CheckURL != "" {
		code, err := qr.Encode(d.CheckURL, qr.M)
		if err != nil {
			return fmt.Errorf("folio: the address of the QR code: %w", err)
		}
		x.picture = code.PNG()
	}
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return reuse(w), nil })
	for _, f := range x.files() {
		header := &zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: x.time()}
		part, err := z.CreateHeader(header)
		if err == nil {
			_, err = part.Write(f.body)
		}
		if err != nil {
			return fmt.Errorf("folio: writing %s: %w", f.name, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("folio: closing the docx: %w", err)
	}
	return nil
}

// docx is one file in the making.
type docx struct {
	d       Document
	l       Layout
	parts   []part
	picture []byte // the QR, png
	feet    []footer
	shapes  int // drawings so far; each needs its own number
}

type file struct {
	name string
	body []byte
}

// files are the parts of the package, in the order in which Word writes them.
func (x *docx) files() []file {
	var out []file
	add := func(name string, body string) { out = append(out, file{name, []byte(xmlHead + body)}) }
	x.feet = x.footers()
	document := x.document()
	add("[Content_Types].xml", x.contentTypes())
	add("_rels/.rels", x.rootRelations())
	add("docProps/core.xml", x.coreProperties())
	add("docProps/app.xml", `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>Gongjian</Application></Properties>`)
	if x.d.Code != "" {
		add("docProps/custom.xml", x.customProperties())
	}
	out = append(out, file{"word/document.xml", document})
	add("word/_rels/document.xml.rels", x.relations())
	add("word/styles.xml", stylesXML(x.l))
	add("word/settings.xml", settingsXML)
	add("word/fontTable.xml", fontTableXML(x.l))
	for _, f := range x.feet {
		add("word/"+f.name, f.xml)
	}
	if x.d.Draft {
		add("word/header1.xml", x.draftHeader())
	}
	if x.picture != nil {
		out = append(out, file{"word/media/qr.png", x.picture})
		add("word/_rels/footer3.xml.rels", `<Relationships xmlns="`+nsPackageRel+`"><Relationship Id="rId1" Type="`+nsRel+`/image" Target="media/qr.png"/></Relationships>`)
	}
	return out
}

const (
	xmlHead      = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	nsRel        = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	nsPackageRel = "http://schemas.openxmlformats.org/package/2006/relationships"
	nsMain       = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	kindPrefix   = "application/vnd.openxmlformats-officedocument.wordprocessingml."
	// spaces are the name spaces of a part that may hold drawings.
	spaces = ` xmlns:w="` + nsMain + `" xmlns:r="` + nsRel + `"` +
		` xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"` +
		` xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"` +
		` xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"` +
		` xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"` +
		` xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"`
	settingsXML = `<w:settings xmlns:w="` + nsMain + `"><w:evenAndOddHeaders/><w:drawingGridVerticalSpacing w:val="156"/>` +
		`<w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/>` +
		`<w:doNotLeaveBackslashAlone/><w:ulTrailSpace/><w:doNotExpandShiftReturn/><w:adjustLineHeightInTable/><w:useFELayout/>` +
		`<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>` +
		`<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>`
)

func (x *docx) contentTypes() string {
	var b strings.Builder
	b.WriteString(`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>`)
	override := func(name, kind string) {
		fmt.Fprintf(&b, `<Override PartName="/%s" ContentType="%s"/>`, name, kind)
	}
	override("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml")
	override("docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml")
	if x.d.Code != "" {
		override("docProps/custom.xml", "application/vnd.openxmlformats-officedocument.custom-properties+xml")
	}
	override("word/document.xml", kindPrefix+"document.main+xml")
	override("word/styles.xml", kindPrefix+"styles+xml")
	override("word/settings.xml", kindPrefix+"settings+xml")
	override("word/fontTable.xml", kindPrefix+"fontTable+xml")
	for _, f := range x.feet {
		override("word/"+f.name, kindPrefix+"footer+xml")
	}
	if x.d.Draft {
		override("word/header1.xml", kindPrefix+"header+xml")
	}
	b.WriteString(`</Types>`)
	return b.String()
}

func (x *docx) rootRelations() string {
	s := `<Relationships xmlns="` + nsPackageRel + `">` +
		`<Relationship Id="rId1" Type="` + nsRel + `/officeDocument" Target="word/document.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>` +
		`<Relationship Id="rId3" Type="` + nsRel + `/extended-properties" Target="docProps/app.xml"/>`
	if x.d.Code != "" {
		s += `<Relationship Id="rId4" Type="` + nsRel + `/custom-properties" Target="docProps/custom.xml"/>`
	}
	return s + `</Relationships>`
}

// relations gives the footers and the header identities that are their names
// without the ending: "footer1".
func (x *docx) relations() string {
	var b strings.Builder
	b.WriteString(`<Relationships xmlns="` + nsPackageRel + `">`)
	relation := func(id, kind, target string) {
		fmt.Fprintf(&b, `<Relationship Id="%s" Type="%s/%s" Target="%s"/>`, id, nsRel, kind, target)
	}
	relation("styles", "styles", "styles.xml")
	relation("settings", "settings", "settings.xml")
	relation("fonts", "fontTable", "fontTable.xml")
	for _, f := range x.feet {
		relation(strings.TrimSuffix(f.name, ".xml"), "footer", f.name)
	}
	if x.d.Draft {
		relation("header1", "header", "header1.xml")
	}
	b.WriteString(`</Relationships>`)
	return b.String()
}

func (x *docx) coreProperties() string {
	d := x.d
	creator := strings.Join(d.Sign, "、")
	if creator == "" {
		creator = d.Head
	}
	s := `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"` +
		` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<dc:title>` + escaped(oneLine(d.Title)) + `</dc:title><dc:creator>` + escaped(oneLine(creator)) + `</dc:creator><dc:language>zh-CN</dc:language>`
	if !d.Date.IsZero() {
		for _, name := range []string{"created", "modified"} {
			s += `<dcterms:` + name + ` xsi:type="dcterms:W3CDTF">` + x.time().Format(time.RFC3339) + `</dcterms:` + name + `>`
		}
	}
	return s + `</cp:coreProperties>`
}

// customProperties carry the verification code where a program finds it.
func (x *docx) customProperties() string {
	return `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"` +
		` xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">` +
		`<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="GongjianCode"><vt:lpwstr>` + escaped(x.d.Code) +
		`</vt:lpwstr></property></Properties>`
}

// time is the day of making; a file must not tell when it happened to be written.
func (x *docx) time() time.Time {
	if x.d.Date.IsZero() || x.d.Date.Year < 1980 || x.d.Date.Year > 2107 { // the years that zip can hold
		return time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return x.d.Date.Time()
}

// escaped is text in XML.
func escaped(s string) string {
	if !strings.ContainsAny(s, `&<>"`) {
		return s
	}
	return xmlEscapes.Replace(s)
}

var xmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// compressors are kept, since making one costs more than a small document.
var compressors = sync.Pool{New: func() any {
	c, _ := flate.NewWriter(io.Discard, flate.BestSpeed) // the level is valid
	return c
}}

type compressor struct{ *flate.Writer }

func reuse(w io.Writer) compressor {
	c := compressors.Get().(*flate.Writer)
	c.Reset(w)
	return compressor{c}
}

// Close gives the compressor back.
func (c compressor) Close() error {
	err := c.Writer.Close()
	compressors.Put(c.Writer)
	return err
}

// clean makes every text of the document printable.
func clean(d Document) Document {
	for _, s := range []*string{&d.Head, &d.Number, &d.Signer, &d.Title, &d.To, &d.CopyTo, &d.Printer, &d.Code} {
		*s = printable(*s)
	}
	sign := make([]string, 0, len(d.Sign))
	for _, s := range d.Sign {
		if s = printable(s); strings.TrimSpace(s) != "" {
			sign = append(sign, s)
		}
	}
	d.Sign = sign
	return d
}
