package office

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"github.com/xuri/excelize/v2"

	"gongjian/internal/fault"
)

// readXlsx reads all worksheets. The library panics on some broken files; that
// is turned into the refusal that any other broken file gets.
func readXlsx(data []byte) (doc Document, err error) {
	defer func() {
		if p := recover(); p != nil {
			doc, err = Document{}, broken(fmt.Errorf("spreadsheet library: %v", p))
		}
	}()
	file, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: MaxUnzipped, UnzipXMLSizeLimit: MaxUnzipped,
	})
	if err != nil {
		return Document{}, broken(err)
	}
	defer file.Close()
	w := workbook{file: file, formats: map[int]numberFormat{}}
	if properties, err := file.GetWorkbookProps(); err == nil && properties.Date1904 != nil {
		w.from1904 = *properties.Date1904
	}
	doc.Format = XLSX
	for _, sheet := range file.GetSheetList() {
		t, err := w.sheet(sheet)
		if err != nil {
			var known *fault.Fault
			if errors.As(err, &known) {
				return Document{}, err
			}
			return Document{}, broken(err)
		}
		doc.Blocks = append(doc.Blocks, Block{Table: t})
	}
	return doc, nil
}

type workbook struct {
	file     *excelize.File
	from1904 bool
	formats  map[int]numberFormat // by style
	count    counter
}

// sheet reads one worksheet up to its last row and column that hold something.
func (w *workbook) sheet(name string) (*Table, error) {
	visible, err := w.file.GetSheetVisible(name)
	if err != nil {
		return nil, fmt.Errorf("sheet %q: %w", name, err)
	}
	t := &Table{Sheet: name, Hidden: !visible, Origin: Origin{Sheet: name}}
	if err := w.rows(t); err != nil {
		return nil, err
	}
	t.HiddenColumns = make([]bool, t.Columns)
	for c := range t.HiddenColumns {
		column, err := excelize.ColumnNumberToName(c + 1)
		if err != nil {
			return nil, fmt.Errorf("column %d: %w", c+1, err)
		}
		if shown, err := w.file.GetColVisible(name, column); err == nil {
			t.HiddenColumns[c] = !shown
		}
	}
	for i := range t.Rows {
		for len(t.Rows[i].Cells) < t.Columns {
			t.Rows[i].Cells = append(t.Rows[i].Cells, Cell{ColSpan: 1, RowSpan: 1})
		}
		if err := w.count.row(i+1, t.Columns); err != nil {
			return nil, err
		}
	}
	return t, w.merges(t)
}

func (w *workbook) rows(t *Table) error {
	rows, err := w.file.Rows(t.Sheet)
	if err != nil {
		// A chart sheet has no rows.
		return nil
	}
	defer rows.Close()
	for number := 1; rows.Next(); number++ {
		hidden := rows.GetRowOpts().Hidden
		values, err := rows.Columns()
		if err != nil {
			return fmt.Errorf("row %d: %w", number, err)
		}
		for len(values) > 0 && values[len(values)-1] == "" {
			values = values[:len(values)-1]
		}
		if len(values) == 0 {
			continue // blank rows are added when a row with content follows
		}
		if number > MaxRows {
			return fault.New(fault.TooLarge, "import.too-many-rows", "Limit", MaxRows)
		}
		if len(values) > MaxColumns {
			return fault.New(fault.TooLarge, "import.too-many-columns", "Limit", MaxColumns)
		}
		for len(t.Rows) < number-1 {
			t.Rows = append(t.Rows, Row{Origin: Origin{Sheet: t.Sheet, Row: len(t.Rows) + 1}})
		}
		row := Row{Hidden: hidden, Origin: Origin{Sheet: t.Sheet, Row: number}}
		for c, raw := range values {
			row.Cells = append(row.Cells, w.cell(t.Sheet, c+1, number, raw))
		}
		t.Rows = append(t.Rows, row)
		t.Columns = max(t.Columns, len(row.Cells))
	}
	return rows.Error()
}

// cell writes a value as the cell shows it.
func (w *workbook) cell(sheet string, column, row int, raw string) Cell {
	c := Cell{Text: raw, ColSpan: 1, RowSpan: 1}
	value, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		return c
	}
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		return c
	}
	kind, err := w.file.GetCellType(sheet, name)
	if err != nil || kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString {
		return c
	}
	style, err := w.file.GetCellStyle(sheet, name)
	if err != nil {
		return c
	}
	format, known := w.formats[style]
	if !known {
		format = w.format(style)
		w.formats[style] = format
	}
	return format.show(c, value, w.from1904)
}

func (w *workbook) format(style int) numberFormat {
	s, err := w.file.GetStyle(style)
	if err != nil || s == nil {
		return numberFormat{}
	}
	if s.CustomNumFmt != nil {
		return parseFormat(*s.CustomNumFmt)
	}
	return parseFormat(builtInFormats[s.NumFmt])
}

// merges marks the positions that merged cells cover, and repeats their text.
func (w *workbook) merges(t *Table) error {
	merged, err := w.file.GetMergeCells(t.Sheet)
	if err != nil {
		return nil // a chart sheet
	}
	budget := MaxCells // overlapping merges must not multiply the work
	for _, m := range merged {
		left, top, err := excelize.CellNameToCoordinates(m.GetStartAxis())
		if err != nil {
			return fmt.Errorf("merge %q: %w", m.GetStartAxis(), err)
		}
		right, bottom, err := excelize.CellNameToCoordinates(m.GetEndAxis())
		if err != nil {
			return fmt.Errorf("merge %q: %w", m.GetEndAxis(), err)
		}
		right, bottom = min(right, t.Columns), min(bottom, len(t.Rows))
		if left > right || top > bottom {
			continue
		}
		if budget -= (right - left + 1) * (bottom - top + 1); budget < 0 {
			return fault.New(fault.TooLarge, "import.too-many-rows", "Limit", MaxRows)
		}
		t.merge(left-1, top-1, right-1, bottom-1)
	}
	return nil
}

// merge makes one cell of the positions from (left, top) to (right, bottom).
func (t *Table) merge(left, top, right, bottom int) {
	first := t.Rows[top].Cells[left]
	for r := top; r <= bottom; r++ {
		for c := left; c <= right; c++ {
			cell := first
			cell.ColSpan, cell.RowSpan = 1, 1
			cell.FromLeft, cell.FromAbove = c > left, r > top
			t.Rows[r].Cells[c] = cell
		}
	}
	t.Rows[top].Cells[left].ColSpan = right - left + 1
	t.Rows[top].Cells[left].RowSpan = bottom - top + 1
}
