package assess

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// canonical writes v as JSON that has one form only: keys sorted by their bytes,
// no spaces, whole numbers in decimal, text in UTF-8 with escapes for the quote,
// the backslash and control characters alone. It follows RFC 8785 except that
// whole numbers may pass 2^53, as quantities do, and that there are no fractions.
//
// Sorting the keys means that the bytes do not hang on the order in which our
// structs happen to declare their fields.
func canonical(v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("assess: writing canonical JSON: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		return nil, fmt.Errorf("assess: writing canonical JSON: %w", err)
	}
	var out bytes.Buffer
	if err := writeCanonical(&out, tree); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func writeCanonical(out *bytes.Buffer, v any) error {
	switch v := v.(type) {
	case nil:
		out.WriteString("null")
	case bool:
		out.WriteString(strconv.FormatBool(v))
	case json.Number:
		if _, err := v.Int64(); err != nil {
			return fmt.Errorf("assess: %s is no whole number; fractions are written as text: %w", v, err)
		}
		out.WriteString(v.String())
	case string:
		writeText(out, v)
	case []any:
		out.WriteByte('[')
		for i, e := range v {
			if i > 0 {
				out.WriteByte(',')
			}
			if err := writeCanonical(out, e); err != nil {
				return err
			}
		}
		out.WriteByte(']')
	case map[string]any:
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		out.WriteByte('{')
		for i, k := range keys {
			if i > 0 {
				out.WriteByte(',')
			}
			writeText(out, k)
			out.WriteByte(':')
			if err := writeCanonical(out, v[k]); err != nil {
				return err
			}
		}
		out.WriteByte('}')
	}
	return nil
}

// escapes are the short forms of RFC 8785.
var escapes = map[rune]string{
	'"': `\"`, '\\': `\\`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`,
}

func writeText(out *bytes.Buffer, s string) {
	out.WriteByte('"')
	for _, r := range s {
		switch short, ok := escapes[r]; {
		case ok:
			out.WriteString(short)
		case r < 0x20:
			fmt.Fprintf(out, `\u%04x`, r)
		default:
			out.WriteRune(r)
		}
	}
	out.WriteByte('"')
}
