package page

// ExportList is one list of a page as files, for the line at its foot.
type ExportList struct {
	Name    string   // 任务表
	Files   []Choice // Excel, CSV, the office's own column sets
	Columns string   // where the office keeps its column sets; "" for others
}

// ColumnsPage is the form of a column set (列方案).
type ColumnsPage struct {
	Head    HeadView
	Sets    []Choice // the office's, and a new one
	Action  string
	Key     string
	Version string
	Name    string
	Kept    bool   // it is there already: it may be removed, its name stays
	Now     string // what is there now, when somebody changed it meanwhile
	Faults  []FieldFault
	Lines   []ColumnLine
}

// ColumnLine is one column of the list.
type ColumnLine struct {
	Key  string
	Head string
	Note string
	On   bool
	At   string // its place
}
