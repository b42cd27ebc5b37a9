package folio

import "gongjian/internal/calendar"

// Document is one official document (公文). Empty parts are not printed.
type Document struct {
	Head    string        // red head (发文机关标志), "四川省质量技术监督局文件"
	Number  string        // 发文字号, "川质监函〔2010〕12号"
	Signer  string        // 签发人, for documents that go up
	Title   string        // 标题; a line break in it is kept
	To      string        // 主送机关, without the colon
	Body    []Block       // 正文
	Annexes []Annex       // 附件, counted by their order
	Sign    []string      // 发文机关署名, the one in charge first
	Date    calendar.Date // 成文日期
	CopyTo  string        // 抄送机关
	Printer string        // 印发机关
	Printed calendar.Date // 印发日期

	Code     string // verification code, printed below the text area of the first page
	CheckURL string // what the QR beside it carries
	Draft    bool   // a mark at the head of every page
}

// Block is a paragraph, a heading or a table of the body.
type Block struct {
	Level int    // 0 body, 1 一、 2 （一） 3 1. 4 （1）; Text holds the number already, see Number
	Text  string // a line break in it begins a new line of the same paragraph
	Table *Table // printed instead of Text
	Break bool   // the block begins a new page
}

// Table is a table of texts. Its head is repeated on every page.
type Table struct {
	Columns []Column
	Rows    []Row
	Caption string // centred above the table
}

// Column is one column of a table.
type Column struct {
	Head  string
	Width int // share of the table's width; 0 counts as 1
	Align Align
}

// Align is how the cells of a column stand.
type Align int

// The alignments.
const (
	Left Align = iota
	Center
	Right
)

// Row is one row of a table: as many cells as there are columns; lacking ones are empty.
type Row struct {
	Cells   []string
	Chapter bool // the first cell stands across all columns
	Bold    bool
}

// Annex is one annex (附件); it begins on a new page.
type Annex struct {
	Title     string
	Body      []Block
	Landscape bool // pages laid across, for wide tables
}
