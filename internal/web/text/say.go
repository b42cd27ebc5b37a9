package text

import "gongjian/internal/task"

// Value writes one value as a placeholder would.
func (p *Printer) Value(v any) string { return p.value("", v) }

// Say writes a sentence that the domain made: its arguments are formatted by
// their kinds and stand under their names. The count named n chooses the plural.
func (p *Printer) Say(s task.Say) string {
	var args []any
	for name, v := range s.Number {
		args = append(args, name, v)
	}
	for name, v := range s.Date {
		args = append(args, name, v)
	}
	for name, v := range s.Count {
		args = append(args, name, v)
	}
	for name, v := range s.Word {
		args = append(args, name, v)
	}
	return p.T(s.Key, args...)
}
