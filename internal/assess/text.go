package assess

// The words that readers see for the codes of this package are in the text
// files, below the keys that these methods return.

// TextKey is the key of the kind's words.
func (k Kind) TextKey() string { return "assess.kind." + string(k) }

// TextKey is the key of the method's words.
func (m Method) TextKey() string { return "assess.method." + string(m) }

// TextKey is the key of the state's words.
func (s State) TextKey() string { return "assess.state." + string(s) }

// TextKey is the key of the rounding's words.
func (m Mode) TextKey() string { return "assess.mode." + string(m) }

// TextKey is the key of the tie rule's words.
func (r TieRule) TextKey() string { return "assess.ties." + string(r) }

// TextKey is the key of the words for what becomes of absent business.
func (a Absent) TextKey() string {
	if a == "" {
		a = AbsentFull
	}
	return "assess.absent." + string(a)
}
