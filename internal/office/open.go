package office

import (
	"bytes"
	"fmt"
	"io"
	"path"
	"strings"

	"gongjian/internal/fault"
)

// Open reads a file of size bytes. Name is only shown and reported; the content
// decides the format. Faults: import.too-large, import.too-many-rows,
// import.too-many-columns (TooLarge); import.legacy-doc (Word 6 or 95, or damaged
// inside), import.legacy-xls, import.encrypted, import.pdf, import.broken,
// import.unknown-format, import.encoding (Unsupported); import.empty (Invalid).
func Open(name string, r io.ReaderAt, size int64) (Document, error) {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	if size > MaxFile {
		return Document{}, fault.New(fault.TooLarge, "import.too-large", "Limit", MaxFile>>20)
	}
	data := make([]byte, size)
	if n, err := r.ReadAt(data, 0); err != nil && err != io.EOF {
		return Document{}, fmt.Errorf("office: reading the file: %w", err)
	} else {
		data = data[:n]
	}
	doc, err := read(data)
	doc.Name = name
	return doc, err
}

// read finds out what the bytes are and reads them.
func read(data []byte) (Document, error) {
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return Document{}, fault.New(fault.Invalid, "import.empty")
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return readPackage(data)
	case bytes.HasPrefix(data, []byte(compoundMark)):
		return readCompound(data)
	case bytes.HasPrefix(data, []byte("%PDF-")):
		return Document{}, fault.New(fault.Unsupported, "import.pdf")
	case markedUp(data):
		return Document{}, fault.New(fault.Unsupported, "import.unknown-format")
	}
	return readText(data)
}

// markedUp reports whether the text is a document in some language of tags: what
// office programs save as .doc or .xls is sometimes RTF or a web page, whose
// tags must not be taken for words.
func markedUp(data []byte) bool {
	start := strings.ToLower(string(bytes.TrimSpace(bytes.TrimPrefix(data[:min(len(data), 100)], []byte("\xEF\xBB\xBF")))))
	for _, mark := range []string{`{\rtf`, "<!doctype", "<html", "<?xml", "<table", "mime-version:"} {
		if strings.HasPrefix(start, mark) {
			return true
		}
	}
	return false
}

// readCompound reads what lies in an OLE compound file, or says why not.
func readCompound(data []byte) (Document, error) {
	c, err := openCompound(data)
	switch {
	case err != nil:
		return Document{}, broken(err)
	case c.has("EncryptedPackage"):
		return Document{}, fault.New(fault.Unsupported, "import.encrypted")
	case c.has("WordDocument"):
		return readDoc(c)
	case c.has("Workbook"):
		return readXls(c)
	case c.has("Book"): // Excel 95
		return Document{}, fault.New(fault.Unsupported, "import.legacy-xls")
	}
	return Document{}, fault.New(fault.Unsupported, "import.unknown-format")
}

// readPackage reads a zip archive that should be a docx or an xlsx.
func readPackage(data []byte) (Document, error) {
	parts, err := openParts(data)
	if err != nil {
		return Document{}, err
	}
	all, err := parts.relations("")
	if err != nil {
		return Document{}, err
	}
	main := related(all, "officeDocument", "")
	if !parts.has(main) {
		for _, main = range []string{"word/document.xml", "xl/workbook.xml"} {
			if parts.has(main) {
				break
			}
		}
	}
	switch folder, _, _ := strings.Cut(main, "/"); {
	case !parts.has(main) || !strings.HasSuffix(main, ".xml"):
	case folder == "word":
		return readDocx(parts, main)
	case folder == "xl":
		return readXlsx(parts, main)
	}
	return Document{}, fault.New(fault.Unsupported, "import.unknown-format")
}

func broken(cause error) error {
	return fault.New(fault.Unsupported, "import.broken").Because(cause)
}

// counter adds up the size of what is read, over all tables of a document.
type counter struct{ cells int }

// row accounts for one more row of a table that then has rows rows.
func (c *counter) row(rows, columns int) error {
	c.cells += columns
	switch {
	case columns > MaxColumns:
		return fault.New(fault.TooLarge, "import.too-many-columns", "Limit", MaxColumns)
	case rows > MaxRows || c.cells > MaxCells:
		return fault.New(fault.TooLarge, "import.too-many-rows", "Limit", MaxRows)
	}
	return nil
}
