package paper

// Plain is a text in the one spelling that phrases are looked for in: half width,
// no white space, one kind of dash, of bracket and of quotation mark. Package
// rubric reads its documents by it.
func Plain(s string) string { return plainText(s) }

// YearIn finds the first year printed in a text, in figures or in Chinese
// numerals, or 0.
func YearIn(text string) int { return yearIn(text) }

// ChineseNumber writes 三十 or 一百二十 in figures; what is no number stays as it is.
func ChineseNumber(s string) string { return chineseToArabic(s) }
