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
// import.too-many-columns (TooLarge); import.legacy-doc, import.legacy-xls,
// import.encrypted, import.pdf, import.broken, import.unknown-format,
// import.encoding (Unsupported); import.empty (Invalid).
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
	case bytes.HasPrefix(data, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return Document{}, refuseCompound(data)
	case bytes.HasPrefix(data, []byte("%PDF-")):
		return Document{}, fault.New(fault.Unsupported, "import.pdf")
	}
	return readText(data)
}

// refuseCompound tells the three OLE compound files apart by the stream names
// in their directory, which are UTF-16.
func refuseCompound(data []byte) error {
	has := func(name string) bool {
		wide := make([]byte, 0, 2*len(name))
		for i := 0; i < len(name); i++ {
			wide = append(wide, name[i], 0)
		}
		return bytes.Contains(data, wide)
	}
	switch {
	case has("EncryptedPackage"):
		return fault.New(fault.Unsupported, "import.encrypted")
	case has("Workbook"):
		return fault.New(fault.Unsupported, "import.legacy-xls")
	}
	return fault.New(fault.Unsupported, "import.legacy-doc")
}

// readPackage reads a zip archive that should be a docx or an xlsx.
func readPackage(data []byte) (Document, error) {
	parts, err := openParts(data)
	if err != nil {
		return Document{}, err
	}
	switch {
	case parts.has("word/document.xml"):
		return readDocx(parts)
	case parts.has("xl/workbook.xml"):
		return readXlsx(data)
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
