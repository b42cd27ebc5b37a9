package web

import (
	"fmt"
	"math"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"gongjian/internal/task"
	"gongjian/internal/web/text"
)

// Tint is how a province colours a light: the word's ink and the ground under
// it, as #rrggbb.
type Tint struct {
	Ink    string `json:"ink"`
	Ground string `json:"ground"`
}

// Look is what a province calls and colours its lights. Shapes stay: they say the
// same where colour does not reach.
type Look struct {
	Words   map[string]map[task.Colour]string `json:"words"` // by language (zh-CN, en), then by light
	Colours map[task.Colour]Tint              `json:"colours"`
}

var hexColour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// minContrast is that of WCAG 2.1 AA (1.4.3) for text of normal size.
const minContrast = 4.5

// Check refuses colours that are none or that cannot be read on their ground.
func (l Look) Check() error {
	for c, t := range l.Colours {
		if !known(c) {
			return fmt.Errorf("web: there is no light %q", c)
		}
		if !hexColour.MatchString(t.Ink) || !hexColour.MatchString(t.Ground) {
			return fmt.Errorf("web: light %s: colours are written #rrggbb", c)
		}
		for _, ground := range []string{t.Ground, "#ffffff"} {
			if k := contrast(t.Ink, ground); k < minContrast {
				return fmt.Errorf("web: light %s: %s on %s has a contrast of %.1f; %.1f is the least that can be read", c, t.Ink, ground, k, minContrast)
			}
		}
	}
	for lang, words := range l.Words {
		if lang != text.Chinese && lang != text.English {
			return fmt.Errorf("web: words are in zh-CN or en, not in %q", lang)
		}
		for c, w := range words {
			if !known(c) || strings.TrimSpace(w) == "" {
				return fmt.Errorf("web: light %q has no word", c)
			}
		}
	}
	return nil
}

func known(c task.Colour) bool {
	switch c {
	case task.Green, task.Yellow, task.Red, task.Blue, task.Grey:
		return true
	}
	return false
}

// style is the stylesheet that lays the province's colours over ours; "" when it has none.
func (l Look) style() string {
	var lines []string
	for c, t := range l.Colours {
		lines = append(lines, fmt.Sprintf(":root{--%s:%s;--%s-tint:%s}.m-%s{fill:%s}", c, t.Ink, c, t.Ground, c, t.Ground))
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

// words are the text keys that the province says otherwise, in one language.
func (l Look) words(lang string) map[string]string {
	out := map[string]string{}
	for c, w := range l.Words[lang] {
		out["light."+string(c)] = w
	}
	return out
}

// contrast is the ratio of WCAG 2.1 between two colours. It only judges looks, so
// floats will do.
func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

func luminance(colour string) float64 {
	part := func(from int, weight float64) float64 {
		n, err := strconv.ParseUint(colour[from:from+2], 16, 8)
		if err != nil {
			return 0
		}
		v := float64(n) / 255
		if v <= 0.03928 {
			return weight * v / 12.92
		}
		return weight * math.Pow((v+0.055)/1.055, 2.4)
	}
	return part(1, 0.2126) + part(3, 0.7152) + part(5, 0.0722)
}
