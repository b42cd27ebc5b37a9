package text

import "gongjian/internal/task"

// Value writes one value as a placeholder would.
func (p *Printer) Value(v any) string { return p.value("", v) }

// Hundredths rounds half up to two decimals: a share of 13 in 17 is 76.47 in a
// sentence; what is counted with keeps all it has.
func Hundredths(v task.Quantity) task.Quantity { return (v + 50) / 100 * 100 }

// Say writes a sentence that the domain made: its arguments are formatted by
// their kinds and stand under their names. The count named n chooses the plural.
func (p *Printer) Say(s task.Say) string {
	var args []any
	for name, v := range s.Number {
		if s.Word["Unit"] == "%" {
			v = Hundredths(v)
		}
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
