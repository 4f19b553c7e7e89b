package archive

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"

	"madoguchi/store"
)

var errRow = errors.New("a row is not as it was written")

// notText wraps text that is not UTF-8, which JSON cannot hold. The desk writes none, but a copy must hold what is there.
const notText = `{"base64":`

// appendRow writes a row as a line of JSON, the same bytes for the same values.
func appendRow(line []byte, t store.Table, r store.Row) ([]byte, error) {
	if len(r) != len(t.Columns) {
		return nil, fmt.Errorf("%d values in the %d columns of %s: %w", len(r), len(t.Columns), t.Name, errRow)
	}
	for i, v := range r {
		line = append(line, "[,"[min(i, 1)])
		fits := false
		switch v := v.(type) {
		case nil:
			line, fits = append(line, "null"...), true
		case int64:
			line, fits = strconv.AppendInt(line, v, 10), t.Columns[i].Kind == store.ColumnInteger
		case string:
			line, fits = appendText(line, v), t.Columns[i].Kind == store.ColumnText
		case []byte:
			line, fits = appendBase64(line, v), t.Columns[i].Kind == store.ColumnBytes
		}
		if !fits {
			return nil, fmt.Errorf("a %T in column %s.%s: %w", v, t.Name, t.Columns[i].Name, errRow)
		}
	}
	return append(line, "]\n"...), nil
}

func appendText(line []byte, s string) []byte {
	if !utf8.ValidString(s) {
		return append(appendBase64(append(line, notText...), []byte(s)), '}')
	}
	line = append(line, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			line = append(line, '\\', c)
		case c < ' ':
			line = fmt.Appendf(line, `\u%04x`, c)
		default:
			line = append(line, c)
		}
	}
	return append(line, '"')
}

func appendBase64(line, b []byte) []byte {
	line = append(line, '"')
	line = base64.StdEncoding.AppendEncode(line, b)
	return append(line, '"')
}

// parseRow reads a line that appendRow wrote, without its newline.
func parseRow(line []byte, t store.Table) (store.Row, error) {
	r := make(store.Row, len(t.Columns))
	for i, c := range t.Columns {
		if len(line) == 0 || line[0] != "[,"[min(i, 1)] {
			return nil, errRow
		}
		var err error
		if r[i], line, err = parseValue(line[1:], c.Kind); err != nil {
			return nil, fmt.Errorf("%s.%s: %w", t.Name, c.Name, err)
		}
	}
	if string(line) != "]" {
		return nil, errRow
	}
	return r, nil
}

func parseValue(line []byte, kind store.ColumnKind) (value any, rest []byte, err error) {
	if rest, ok := bytes.CutPrefix(line, []byte("null")); ok {
		return nil, rest, nil
	}
	switch kind {
	case store.ColumnInteger:
		end := bytes.IndexAny(line, ",]")
		if end < 0 {
			return nil, nil, errRow
		}
		n, err := strconv.ParseInt(string(line[:end]), 10, 64)
		return n, line[end:], err
	case store.ColumnText:
		if rest, ok := bytes.CutPrefix(line, []byte(notText)); ok {
			b, rest, err := parseBase64(rest)
			if err != nil || len(rest) == 0 || rest[0] != '}' {
				return nil, nil, errRow
			}
			return string(b), rest[1:], nil
		}
		return parseText(line)
	case store.ColumnBytes:
		return parseBase64(line)
	}
	return nil, nil, fmt.Errorf("a column of kind %q: %w", kind, errRow)
}

// quoted cuts a JSON string, with its quotes, off a line.
func quoted(line []byte) (s, rest []byte, escaped, ok bool) {
	if len(line) == 0 || line[0] != '"' {
		return nil, nil, false, false
	}
	for i := 1; i < len(line); i++ {
		switch line[i] {
		case '\\':
			escaped = true
			i++
		case '"':
			return line[:i+1], line[i+1:], escaped, true
		}
	}
	return nil, nil, false, false
}

func parseText(line []byte) (any, []byte, error) {
	s, rest, escaped, ok := quoted(line)
	if !ok {
		return nil, nil, errRow
	}
	if !escaped {
		return string(s[1 : len(s)-1]), rest, nil
	}
	var text string
	if err := json.Unmarshal(s, &text); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", errRow, err)
	}
	return text, rest, nil
}

func parseBase64(line []byte) ([]byte, []byte, error) {
	s, rest, _, ok := quoted(line)
	if !ok {
		return nil, nil, errRow
	}
	b, err := base64.StdEncoding.AppendDecode(make([]byte, 0, len(s)), s[1:len(s)-1])
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", errRow, err)
	}
	return b, rest, nil
}
