// Package fault is the one list of things that can go wrong in a way that a
// user hears of. A fault has a kind, which front ends turn into a status, and a
// text key with arguments, which they turn into a sentence in the reader's
// language that says what to do. The cause is wrapped for the log and never shown.
//
// Laws. Packages return faults for what a user can mend and plain errors for
// what only an operator can. Kind.Status is the one place that maps a Kind to a
// status, for pages and programs alike; no package but the text files holds the
// sentence.
package fault

import (
	"errors"
	"fmt"
)

// Kind says what sort of refusal it is.
type Kind int

// The kinds, and what a front end makes of them.
const (
	Internal    Kind = iota // unexpected; 500, the user is told that it was recorded
	Invalid                 // a field is wrong; 422, shown beside the field
	NotFound                // absent, or out of the caller's scope: the two answer alike; 404
	Denied                  // the caller may see the thing but not do this; 403
	Conflict                // somebody else changed it meanwhile, or its state forbids the act; 409
	TooLarge                // a body, file or table is over its limit; 413
	Unsupported             // a file is of a kind that is not read; 415
	SignedOut               // nobody is signed in; 401, leads to the sign-in page
	Busy                    // try again; 503
)

// Status is the number by which HTTP says what sort of refusal it is.
func (k Kind) Status() int {
	switch k {
	case Invalid:
		return 422
	case NotFound:
		return 404
	case Denied:
		return 403
	case Conflict:
		return 409
	case TooLarge:
		return 413
	case Unsupported:
		return 415
	case SignedOut:
		return 401
	case Busy:
		return 503
	}
	return 500
}

// TitleKey is the key of the words that head such a refusal.
func (k Kind) TitleKey() string {
	switch k {
	case Invalid, TooLarge, Unsupported:
		return "error.title-mend"
	case NotFound:
		return "error.title-absent"
	case Denied:
		return "error.title-denied"
	case Conflict:
		return "error.title-conflict"
	case SignedOut:
		return "error.title-signed-out"
	}
	return "error.title-internal"
}

// Fault is one refusal.
type Fault struct {
	Kind  Kind
	Key   string         // text key below "fault.", e.g. "report.less-than-before"
	Field string         // the form field it belongs to, or ""
	Args  map[string]any // what the sentence names
	Cause error          // for the log only
}

// New makes a fault. Args come in pairs: name, value.
func New(kind Kind, key string, args ...any) *Fault {
	f := &Fault{Kind: kind, Key: key}
	for i := 0; i+1 < len(args); i += 2 {
		if f.Args == nil {
			f.Args = map[string]any{}
		}
		f.Args[fmt.Sprint(args[i])] = args[i+1]
	}
	return f
}

// On names the form field that the fault belongs to.
func (f *Fault) On(field string) *Fault {
	f.Field = field
	return f
}

// Because wraps the cause for the log.
func (f *Fault) Because(err error) *Fault {
	f.Cause = err
	return f
}

// Error is for logs; users see the sentence of Key.
func (f *Fault) Error() string {
	s := "fault: " + f.Key
	if f.Field != "" {
		s += " (" + f.Field + ")"
	}
	if f.Cause != nil {
		s += ": " + f.Cause.Error()
	}
	return s
}

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.Cause }

// List is several faults of one form, all shown at once.
type List []*Fault

// Error joins the texts for the log.
func (l List) Error() string { return errors.Join(l.errs()...).Error() }

// Unwrap makes errors.As find the first one.
func (l List) Unwrap() []error { return l.errs() }

func (l List) errs() []error {
	out := make([]error, len(l))
	for i, f := range l {
		out[i] = f
	}
	return out
}

// Err returns the list as an error, or nil when it is empty.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}

// KindOf returns the kind of the first fault in err, or Internal.
func KindOf(err error) Kind {
	var f *Fault
	if errors.As(err, &f) {
		return f.Kind
	}
	return Internal
}

// Is reports whether err is a fault with this key.
func Is(err error, key string) bool {
	var f *Fault
	return errors.As(err, &f) && f.Key == key
}
