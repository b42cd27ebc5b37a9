package act

import (
	"context"

	"gongjian/internal/calendar"
	"gongjian/internal/folio"
	"gongjian/internal/org"
	"gongjian/internal/paper/official"
	"gongjian/internal/seal"
)

// LetterPress writes letters as files in the style of one office.
type LetterPress struct {
	press  *official.Press
	layout folio.Layout
}

// LetterPress returns the press of an office's letters. Whoever was shown a letter
// may have it as a file.
func (d *Desk) LetterPress(ctx context.Context, c org.Caller, office org.UnitID) (LetterPress, error) {
	v := d.store.View(c)
	units, err := v.Names(ctx, []org.UnitID{office})
	if err != nil {
		return LetterPress{}, err
	}
	style, _, err := d.style(ctx, v, units[office], Wording{Region: func(r org.RegionCode) string { return string(r) }})
	return LetterPress{d.press, style.Layout()}, err
}

// File writes one letter.
func (p LetterPress) File(l *official.LetterData, f official.Format) ([]byte, error) {
	doc, err := official.Make(l)
	if err != nil {
		return nil, err
	}
	if f == official.PDF {
		return p.press.PDF(doc, p.layout)
	}
	return p.press.DOCX(doc, p.layout)
}

// LetterFile writes one letter in the style of its office.
func (d *Desk) LetterFile(ctx context.Context, c org.Caller, office org.UnitID, l *official.LetterData, f official.Format) ([]byte, error) {
	p, err := d.LetterPress(ctx, c, office)
	if err != nil {
		return nil, err
	}
	return p.File(l, f)
}

// SigningMethods are the methods by which the server signs for the holder of a
// post, the usual one first.
func SigningMethods() []string { return []string{string(seal.Ed25519), string(seal.SM2)} }

// SigningBy is a signing by one of them, as a form says it.
func SigningBy(method, place string, day calendar.Date) Signing {
	return Signing{Method: seal.Method(method), Place: place, Day: day}
}
