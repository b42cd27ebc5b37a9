package paper

import "regexp"

// chapterStack is the path of headings that is in force. Levels are told by the
// way the headings are numbered, in the order in which the ways appear; a
// heading without a number is a way of its own. Rule I-06.
type chapterStack struct {
	styles, texts []string
}

// numbering styles of headings, in the order of GB/T 9704-2012
var headingStyles = []struct {
	name  string
	words *regexp.Regexp
}{
	{"part", regexp.MustCompile(`^第[一二三四五六七八九十百\d]+(?:部分|篇|编|章)`)},
	{"section", regexp.MustCompile(`^第[一二三四五六七八九十百\d]+节`)},
	{"1", regexp.MustCompile(`^[一二三四五六七八九十百]+[、.．]`)},
	{"2", regexp.MustCompile(`^[（(][一二三四五六七八九十百]+[）)]`)},
	{"3", regexp.MustCompile(`^\d+[、.．]`)},
	{"4", regexp.MustCompile(`^[（(]\d+[）)]`)},
	{"5", regexp.MustCompile(`^[①-⑳]`)},
}

// headingStyle names the way a heading is numbered; "" when it is not.
func headingStyle(text string) string {
	for _, s := range headingStyles {
		if s.words.MatchString(text) {
			return s.name
		}
	}
	return ""
}

// push puts a heading in its place: one of the same way replaces its
// predecessor and everything below that.
func (s *chapterStack) push(text string) {
	style := headingStyle(text)
	for i, known := range s.styles {
		if known == style {
			s.styles, s.texts = s.styles[:i], s.texts[:i]
			break
		}
	}
	s.styles = append(s.styles[:len(s.styles):len(s.styles)], style)
	s.texts = append(s.texts[:len(s.texts):len(s.texts)], text)
}

func (s *chapterStack) clear() { s.styles, s.texts = nil, nil }

// path copies the headings in force.
func (s chapterStack) path() []string { return append([]string(nil), s.texts...) }

// above copies the headings in force that stand above a text with a number of its own.
func (s chapterStack) above(text string) []string {
	style := headingStyle(text)
	for i, known := range s.styles {
		if known == style && style != "" {
			return append([]string(nil), s.texts[:i]...)
		}
	}
	return s.path()
}
