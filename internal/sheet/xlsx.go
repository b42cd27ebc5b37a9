package sheet

import (
	"archive/zip"
	"fmt"
	"io"
	"iter"

	"github.com/xuri/excelize/v2"

	"gongjian/internal/fault"
)

// choicesSheet is the hidden worksheet that keeps the drop-down lists: a list
// within the cell's own rule may have 255 characters and no comma.
const choicesSheet = "choices"

// WriteXLSX writes the table as an xlsx file of one worksheet (and a hidden one,
// where columns have choices). The head stands still, has filters and is repeated on
// each printed page; a page is A4 and as wide as the table. Nothing is written to w
// before the last row has come, so that a failure can still be told.
//
// Faults: sheet.too-many-rows, sheet.too-many-columns, sheet.too-long (Row, Column,
// Limit), all TooLarge. Other errors: those that the rows bring; w's.
func WriteXLSX(w io.Writer, t Table, rows iter.Seq2[Row, error]) (err error) {
	if len(t.Columns) > MaxColumns {
		return fault.New(fault.TooLarge, "sheet.too-many-columns", "Limit", MaxColumns)
	}
	b := book{Table: t, file: excelize.NewFile(), name: sheetName(t.Name)}
	defer func() {
		if e := b.file.Close(); e != nil && err == nil {
			err = fmt.Errorf("sheet: removing the rows kept aside: %w", e)
		}
	}()
	if err := b.begin(); err != nil {
		return fmt.Errorf("sheet: beginning %q: %w", t.Name, err)
	}
	if err := b.top(); err != nil {
		return err
	}
	for row, err := range rows {
		if err != nil {
			return err
		}
		if err := b.row(row); err != nil {
			return err
		}
	}
	b.last = b.at
	if err := b.notes(); err != nil {
		return err
	}
	if err := b.end(); err != nil {
		return fmt.Errorf("sheet: ending %q: %w", t.Name, err)
	}
	// The library would make the whole file in memory; our zip goes to w at once.
	b.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(w) })
	if _, err := b.file.WriteToBuffer(); err != nil {
		return fmt.Errorf("sheet: writing xlsx: %w", err)
	}
	return nil
}

// book is a table on its way into a file.
type book struct {
	Table
	file   *excelize.File
	stream *excelize.StreamWriter
	name   string
	styles map[look]int
	cells  []any // of the row under way

	at         int // the row written last, from 1
	head, last int // rows of the head and of the last row of the table
}

// begin lays out the worksheet as far as it must be known before its rows.
func (b *book) begin() error {
	f := b.file
	b.styles, b.cells = map[look]int{}, make([]any, len(b.Columns))
	if err := f.SetSheetName("Sheet1", b.name); err != nil {
		return err
	}
	orientation := "portrait"
	if b.Landscape {
		orientation = "landscape"
	}
	a4, one, any, yes, margin, top := 9, 1, 0, true, 0.5, 0.7
	for _, set := range []func() error{
		func() error {
			return f.SetDocProps(&excelize.DocProperties{Creator: "Gongjian", Title: clean(b.Title), Created: "2000-01-01T00:00:00Z", Modified: "2000-01-01T00:00:00Z"})
		},
		func() error { return f.SetDefaultFont(font) },
		func() error { return f.SetSheetProps(b.name, &excelize.SheetPropsOptions{FitToPage: &yes}) },
		func() error {
			return f.SetPageLayout(b.name, &excelize.PageLayoutOptions{Size: &a4, Orientation: &orientation, FitToWidth: &one, FitToHeight: &any})
		},
		func() error {
			return f.SetPageMargins(b.name, &excelize.PageLayoutMarginsOptions{Left: &margin, Right: &margin, Top: &top, Bottom: &top, Horizontally: &yes})
		},
		func() error {
			return f.SetHeaderFooter(b.name, &excelize.HeaderFooterOptions{OddFooter: "&C&P / &N"})
		},
		// How far the sheet reaches is not known yet; a wrong figure misleads readers.
		func() error { return f.SetSheetDimension(b.name, "") },
		b.choices,
	} {
		if err := set(); err != nil {
			return err
		}
	}
	var err error
	if b.stream, err = f.NewStreamWriter(b.name); err != nil {
		return err
	}
	for i, c := range b.Columns {
		if err := b.stream.SetColWidth(i+1, i+1, min(c.width(), excelize.MaxColumnWidth)); err != nil {
			return err
		}
		if c.Hidden {
			if err := b.stream.SetColVisible(i+1, i+1, false); err != nil {
				return err
			}
		}
	}
	b.head = 1
	if b.Title != "" {
		b.head = 2
	}
	return b.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: b.head, TopLeftCell: fmt.Sprint("A", b.head+1), ActivePane: "bottomLeft"})
}

// choices keeps the drop-down lists on a worksheet of their own.
func (b *book) choices() error {
	made := false
	for i, c := range b.Columns {
		if len(c.Choices) == 0 {
			continue
		}
		if !made {
			if _, err := b.file.NewSheet(choicesSheet); err != nil {
				return err
			}
			made = true
		}
		column, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		for n, choice := range c.Choices {
			if err := b.file.SetCellStr(choicesSheet, fmt.Sprint(column, n+1), clean(choice)); err != nil {
				return err
			}
		}
	}
	if !made {
		return nil
	}
	return b.file.SetSheetVisible(choicesSheet, false)
}

// top writes the title and the head.
func (b *book) top() error {
	if b.Title != "" {
		if err := b.line(clean(b.Title), look{part: title}, 30); err != nil {
			return err
		}
	}
	style, err := b.style(look{part: head})
	if err != nil {
		return err
	}
	lines := 1
	for i, c := range b.Columns {
		if b.cells[i], err = b.text(clean(c.Head), style, i); err != nil {
			return err
		}
		lines = max(lines, linesOf(c.Head, c.width()-2)) // the filter's button takes room
	}
	return b.put(height(lines))
}

// line writes a text across the whole table.
func (b *book) line(text string, l look, height float64) error {
	style, err := b.style(l)
	if err != nil {
		return err
	}
	clear(b.cells)
	if b.cells[0], err = b.text(text, style, 0); err != nil {
		return err
	}
	if err := b.put(height); err != nil {
		return err
	}
	if len(b.Columns) < 2 {
		return nil
	}
	end, err := excelize.CoordinatesToCellName(len(b.Columns), b.at)
	if err != nil {
		return fmt.Errorf("sheet: %w", err)
	}
	return b.stream.MergeCell(fmt.Sprint("A", b.at), end)
}

// row writes one row of the table.
func (b *book) row(row Row) error {
	if len(row) != len(b.Columns) {
		return fmt.Errorf("sheet: a row has %d cells, the table %d columns", len(row), len(b.Columns))
	}
	lines := 1
	for i, cell := range row {
		v := b.Columns[i].value(cell)
		if v.kind == Text && !b.Columns[i].Hidden {
			lines = max(lines, linesOf(v.text, b.Columns[i].width()))
		}
		style, err := b.style(look{kind: v.kind, places: v.places, open: b.Protected && b.Columns[i].Editable, ask: b.Columns[i].Kind})
		if err != nil {
			return err
		}
		switch v.kind {
		case Number, Percent:
			b.cells[i] = excelize.Cell{StyleID: style, Value: v.number.InexactFloat64()} // 15 digits come back as they were
		case Day:
			b.cells[i] = excelize.Cell{StyleID: style, Value: serial(v.day)}
		case Instant:
			b.cells[i] = excelize.Cell{StyleID: style, Value: serialAt(v.at)}
		default:
			if b.cells[i], err = b.text(v.text, style, i); err != nil {
				return err
			}
		}
	}
	return b.put(height(lines))
}

// text is a text for a cell: nothing is cut.
func (b *book) text(s string, style, column int) (any, error) {
	if s == "" {
		return excelize.Cell{StyleID: style}, nil
	}
	if units(s) > MaxCell {
		return nil, fault.New(fault.TooLarge, "sheet.too-long", "Row", b.at+1, "Column", b.Columns[column].Head, "Limit", MaxCell)
	}
	return excelize.Cell{StyleID: style, Value: s}, nil
}

// put writes the cells as the next row.
func (b *book) put(height float64) error {
	if b.at++; b.at > MaxRows {
		return fault.New(fault.TooLarge, "sheet.too-many-rows", "Limit", MaxRows)
	}
	if err := b.stream.SetRow(fmt.Sprint("A", b.at), b.cells, excelize.RowOpts{Height: height}); err != nil {
		return fmt.Errorf("sheet: writing row %d: %w", b.at, err)
	}
	return nil
}

// notes writes the lines below the table.
func (b *book) notes() error {
	across := 0.0
	for _, c := range b.Columns {
		if !c.Hidden {
			across += c.width()
		}
	}
	for _, note := range b.Notes {
		note = clean(note)
		if err := b.line(note, look{part: below}, height(linesOf(note, across))); err != nil {
			return err
		}
	}
	return nil
}

// end adds what is known only after the rows: where filters, lists and print reach.
func (b *book) end() error {
	f := b.file
	right, err := excelize.ColumnNumberToName(max(len(b.Columns), 1))
	if err != nil {
		return err
	}
	if len(b.Columns) > 0 {
		if err := f.AutoFilter(b.name, fmt.Sprintf("A%d:%s%d", b.head, right, b.last), nil); err != nil {
			return err
		}
	}
	for _, d := range []struct{ name, to string }{
		{"_xlnm.Print_Area", fmt.Sprintf("'%s'!$A$1:$%s$%d", b.name, right, b.at)},
		{"_xlnm.Print_Titles", fmt.Sprintf("'%s'!$%d:$%d", b.name, b.head, b.head)},
	} {
		if err := f.SetDefinedName(&excelize.DefinedName{Name: d.name, RefersTo: d.to, Scope: b.name}); err != nil {
			return err
		}
	}
	if err := b.lists(); err != nil {
		return err
	}
	if b.Protected {
		// What stays allowed: to select, to filter, and to widen a column or a row.
		err := f.ProtectSheet(b.name, &excelize.SheetProtectionOptions{
			SelectLockedCells: true, SelectUnlockedCells: true, AutoFilter: true, FormatColumns: true, FormatRows: true,
		})
		if err != nil {
			return err
		}
	}
	return b.stream.Flush()
}

// lists binds the drop-down lists to the cells of their columns.
func (b *book) lists() error {
	for i, c := range b.Columns {
		if len(c.Choices) == 0 || b.last == b.head {
			continue
		}
		column, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		list := excelize.NewDataValidation(true)
		list.SetSqref(fmt.Sprintf("%s%d:%s%d", column, b.head+1, column, b.last))
		list.SetSqrefDropList(fmt.Sprintf("%s!$%s$1:$%s$%d", choicesSheet, column, column, len(c.Choices)))
		list.ShowErrorMessage = true
		if err := b.file.AddDataValidation(b.name, list); err != nil {
			return err
		}
	}
	return nil
}
