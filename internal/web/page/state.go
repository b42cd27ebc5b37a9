package page

import (
	"errors"
	"time"

	"github.com/a-h/templ"

	"gongjian/internal/fault"
	"gongjian/internal/web/text"
)

// FieldFault is one thing to mend in a form.
type FieldFault struct {
	Field string // id of the field; "" for the form as a whole
	Label string // what the field is called on the page
	Text  string // what is wrong and what to do
}

// Faults turns an error into the list of things to mend. Labels names the
// fields; a fault of a field without a label is shown without one. An error that
// is no fault gives nothing: the server answers it otherwise.
func Faults(p *text.Printer, err error, labels map[string]string) []FieldFault {
	var list fault.List
	if !errors.As(err, &list) {
		var one *fault.Fault
		if !errors.As(err, &one) {
			return nil
		}
		list = fault.List{one}
	}
	var out []FieldFault
	for _, f := range list {
		out = append(out, FieldFault{f.Field, labels[f.Field], p.Fault(f)})
	}
	return out
}

// faultOf returns what is wrong with a field, or "".
func faultOf(list []FieldFault, field string) string {
	for _, f := range list {
		if f.Field == field {
			return f.Text
		}
	}
	return ""
}

// FieldView is one field of a form: label above, hint below, mistake below that.
// The child is the control itself; it takes its attributes from Control.
type FieldView struct {
	ID       string
	Label    string
	Hint     string
	Optional bool
	Faults   []FieldFault // of the whole form; the field finds its own
	Group    bool         // a fieldset: several radios or files under one label
}

// Control returns the attributes that tie a control to its label, hint and
// mistake. Class is form-control, form-select, or "form-control val" for the one
// large number.
func (f FieldView) Control(class string) templ.Attributes {
	out := templ.Attributes{"id": f.ID, "name": f.ID, "class": class}
	described := ""
	if f.Hint != "" {
		described = f.ID + "-hint"
	}
	if faultOf(f.Faults, f.ID) != "" {
		out["class"] = classes(class, "bad-field")
		out["aria-invalid"] = "true"
		described = classes(f.ID+"-error", described)
	}
	if described != "" {
		out["aria-describedby"] = described
	}
	return out
}

// Named is Control under a name other than the id, where two forms of one page
// have a field of the same name.
func (f FieldView) Named(name, class string) templ.Attributes {
	out := f.Control(class)
	out["name"] = name
	return out
}

// EmptyView says what is absent and what the next step is. The children are links
// or outlined buttons.
type EmptyView struct {
	Text Words
	Note Words
}

// ConflictView is what two people changed at the same time. Nothing is
// overwritten: the later one chooses, field by field.
type ConflictView struct {
	Who    string // post that saved in the meantime
	When   time.Time
	Fields []ConflictField
	Action string            // where the choice is posted
	Hidden map[string]string // version, idempotency key
	Drop   string            // address of the thing as it is now
}

// ConflictField is one field both ways. The choice is posted as keep.<Name> =
// theirs or yours; Value goes along as <Name>, so that nothing is typed twice.
type ConflictField struct {
	Name   string
	Label  string
	Theirs string // "" when the other left it alone: then yours is not in question
	Yours  string // "" when you left it alone
	Value  string
}

// Receipt is what a sender gets back.
type Receipt struct {
	Number  string
	Text    Words // what was sent and what follows, by which day
	Again   bool  // the same thing had been received before
	At      time.Time
	NextJob string // what to do next; "" for none
	NextTo  string
}
