package text

import (
	"fmt"
	"strings"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/task"
)

// Printer says things in one language. It is safe for concurrent use.
type Printer struct {
	lang      string
	localizer *i18n.Localizer
	keys      map[string]bool
	today     calendar.Date
	words     map[string]string // what a province says otherwise
}

// Lang is the printer's language, "zh-CN" or "en".
func (p *Printer) Lang() string { return p.lang }

// Other is the language that a reader can switch to.
func (p *Printer) Other() string {
	if p.lang == Chinese {
		return English
	}
	return Chinese
}

// On returns a printer for a reader whose day is today: dates of this year go
// without the year, and Recent knows what 今天 is.
func (p *Printer) On(today calendar.Date) *Printer {
	q := *p
	q.today = today
	return &q
}

// With returns a printer that says some keys otherwise: a province's own words.
func (p *Printer) With(words map[string]string) *Printer {
	q := *p
	q.words = words
	return &q
}

// Today is the day given to On, or no date.
func (p *Printer) Today() calendar.Date { return p.today }

// Has reports whether the key exists.
func (p *Printer) Has(key string) bool { return p.keys[key] }

// T returns the text of a key. Args are pairs of name and value for its
// placeholders. Values are written by their type: calendar.Date as Date does,
// calendar.Period as Period, time.Time as Instant, task.Quantity as Quantity, []string as List, int and
// int64 with thousands separated (except one named year or Year), everything else as
// fmt does. The value named n or N chooses the plural form.
// A missing key comes back in brackets.
func (p *Printer) T(key string, args ...any) string {
	return p.say(key, func(s string) string { return s }, args)
}

func (p *Printer) say(key string, guard func(string) string, args []any) string {
	if own, ok := p.words[key]; ok {
		return guard(own)
	}
	if !p.keys[key] {
		return "[" + key + "]"
	}
	config := i18n.LocalizeConfig{MessageID: key}
	if len(args) > 0 {
		data := make(map[string]any, len(args)/2)
		for i := 0; i+1 < len(args); i += 2 {
			name := fmt.Sprint(args[i])
			data[name] = guard(p.value(name, args[i+1]))
			if strings.EqualFold(name, "n") {
				config.PluralCount = pluralCount(args[i+1])
			}
		}
		config.TemplateData = data
	}
	out, err := p.localizer.Localize(&config)
	if err != nil && config.PluralCount != nil { // the text has one form for every number
		config.PluralCount = nil
		out, err = p.localizer.Localize(&config)
	}
	if err != nil {
		return "[" + key + "]"
	}
	return out
}

// value writes one argument.
func (p *Printer) value(name string, v any) string {
	switch v := v.(type) {
	case string:
		return v
	case calendar.Date:
		return p.Date(v)
	case calendar.Period:
		return p.Period(v)
	case time.Time:
		return p.Instant(v)
	case task.Quantity:
		return p.Quantity(v)
	case []string:
		return p.List(v)
	case int:
		if strings.EqualFold(name, "year") {
			return fmt.Sprint(v)
		}
		return p.Number(int64(v))
	case int64:
		return p.Number(v)
	}
	return fmt.Sprint(v)
}

// pluralCount turns a number into what go-i18n reads: whole numbers as they
// are, quantities as decimal text, and anything else as "many".
func pluralCount(v any) any {
	switch v := v.(type) {
	case int:
		return v
	case int64:
		return v
	case task.Quantity:
		return strings.ReplaceAll(quantity(v), ",", "")
	}
	return 2
}

// Fault returns the sentence that tells a user what is wrong and what to do: the
// text of "fault." and the fault's key.
func (p *Printer) Fault(f *fault.Fault) string {
	args := make([]any, 0, 2*len(f.Args))
	for name, v := range f.Args {
		args = append(args, name, v)
	}
	return p.T("fault."+f.Key, args...)
}
