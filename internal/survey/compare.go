package survey

import "gongjian/internal/task"

// Compared is one question's figure in two surveys.
type Compared struct {
	Question   Question
	YearA      int
	YearB      int
	A, B       *task.Quantity // nil: not answered, or not asked
	Difference *task.Quantity // A − B; nil when one is missing or they count in other units
	OtherUnit  string         // the measure word of B where it is another one
}

// Full is a survey with its answers.
type Full struct {
	Survey
	Answers Answers
}

// figure returns the figure of a key and its question.
func (f Full) figure(key string) (*task.Quantity, Question, bool) {
	q, _, ok := f.Question(key)
	if !ok || q.Kind != Figure {
		return nil, q, false
	}
	return f.Answers[key].Value, q, true
}

// Compare sets the figures of two surveys side by side, in the order of a's
// questions; what only b asks follows in its order.
//
// Rule SV-06 (ours): figures are compared by the key of the question, and only
// where both count in the same unit; nothing is converted.
func Compare(a, b Full) (out []Compared) {
	for _, x := range a.Sections {
		for _, q := range x.Questions {
			if q.Kind != Figure {
				continue
			}
			other, of, _ := b.figure(q.Key)
			out = append(out, pair(q, a.Answers[q.Key].Value, a.Year, of, other, b.Year))
		}
	}
	for _, x := range b.Sections {
		for _, q := range x.Questions {
			if _, _, both := a.figure(q.Key); q.Kind == Figure && !both {
				c := Compared{Question: q, B: b.Answers[q.Key].Value, YearB: q.YearIn(b.Year)}
				out = append(out, c)
			}
		}
	}
	return out
}

func pair(q Question, a *task.Quantity, year int, of Question, b *task.Quantity, yearB int) Compared {
	c := Compared{Question: q, YearA: q.YearIn(year), A: a, B: b}
	if of.Key != "" {
		c.YearB = of.YearIn(yearB)
	}
	if of.Key != "" && of.Unit != q.Unit {
		c.OtherUnit = of.Unit
		return c
	}
	if a != nil && b != nil {
		d := *a - *b
		c.Difference = &d
	}
	return c
}
