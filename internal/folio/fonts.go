package folio

import (
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"gongjian/internal/fault"
)

//go:embed all:font
var built embed.FS

// Fonts are the typefaces that WritePDF draws with. They are read once and may
// be shared by any number of documents at the same time.
type Fonts struct {
	of  [faceCount]*typeface
	all []*typeface // where a lacking character is looked for, in this order
}

// standIns are the built-in files: a song for 小标宋, 仿宋, 楷体 and 宋体, a sans for 黑体.
var standIns = [faceCount]string{"serif.ttf", "serif.ttf", "serif.ttf", "sans.ttf", "serif.ttf"}

var builtIn = sync.OnceValues(func() (*Fonts, error) {
	f, opened := &Fonts{}, map[string]*typeface{}
	for face, name := range standIns {
		if opened[name] == nil {
			body, err := built.ReadFile("font/" + name)
			if err != nil {
				return nil, fault.New(fault.Internal, "folio.fonts-not-built").Because(err)
			}
			if opened[name], err = openTypeface(name, body); err != nil {
				return nil, err
			}
			f.all = append(f.all, opened[name])
		}
		f.of[face] = opened[name]
	}
	return f, nil
})

// fileNames are beginnings of the file names, in small letters, under which
// offices have the typefaces.
var fileNames = [faceCount][]string{
	faceHead: {"fzxbsjw", "fzxbs", "方正小标宋"},
	faceBody: {"simfang", "fangsong", "仿宋"},
	faceKai:  {"simkai", "kaiti", "楷体"},
	faceHei:  {"simhei", "黑体"},
	faceSong: {"simsun", "宋体"},
}

// LoadFonts returns the built-in typefaces, with those of the folder in their
// roles where their file names are known (simfang.ttf, FZXBSJW.TTF, …). The
// empty folder name asks for the built-in ones only. A program built without
// `make assets` has none: then the fault is folio.fonts-not-built, unless the
// folder has all of them.
func LoadFonts(dir string) (*Fonts, error) {
	standard, err := builtIn()
	if dir == "" {
		return standard, err
	}
	entries, readErr := os.ReadDir(dir)
	if readErr != nil {
		return nil, fmt.Errorf("folio: reading the folder of fonts: %w", readErr)
	}
	f := &Fonts{}
	if err == nil {
		f.of, f.all = standard.of, append(f.all, standard.all...)
	}
	for face, names := range fileNames {
		for _, e := range entries {
			low := strings.ToLower(e.Name())
			if !strings.HasSuffix(low, ".ttf") && !strings.HasSuffix(low, ".ttc") || !beginsWithAny(low, names) {
				continue
			}
			body, readErr := os.ReadFile(filepath.Join(dir, e.Name()))
			if readErr != nil {
				return nil, fmt.Errorf("folio: reading a font: %w", readErr)
			}
			own, openErr := openTypeface(e.Name(), body)
			if openErr != nil {
				return nil, openErr
			}
			f.of[face], f.all = own, append(f.all, own)
			break
		}
	}
	for _, own := range f.of {
		if own == nil {
			return nil, err
		}
	}
	return f, nil
}

func beginsWithAny(s string, beginnings []string) bool {
	for _, b := range beginnings {
		if strings.HasPrefix(s, b) {
			return true
		}
	}
	return false
}

// find returns the typeface and glyph of a character: of the role's typeface,
// else of the first that has it.
func (f *Fonts) find(role face, r rune) (*typeface, int) {
	if g := f.of[role].glyph(r); g > 0 {
		return f.of[role], g
	}
	for _, t := range f.all {
		if g := t.glyph(r); g > 0 {
			return t, g
		}
	}
	return nil, 0
}

// drawable spells characters that no typeface has as their code points, so that
// none prints blank: 〔U+2B8FF〕. Blanks need no glyph of their own.
func (f *Fonts) drawable(role face, s string) string {
	var b strings.Builder
	for _, r := range s {
		if _, g := f.find(role, r); g > 0 || r == '\n' {
			b.WriteRune(r)
		} else if r == '\u3000' || r == '\u00a0' || r == '\u2003' {
			b.WriteByte(' ')
		} else {
			fmt.Fprintf(&b, "〔U+%04X〕", r)
		}
	}
	return b.String()
}
