package sqlstore

import (
	"encoding/base64"
	"strconv"
	"strings"

	"madoguchi/desk"
)

// A page's cursor is opaque to everybody else: the list's name and the sort keys of the last row seen.

func encodeCursor(list string, keys ...int64) string {
	parts := make([]string, 0, len(keys)+1)
	parts = append(parts, list)
	for _, k := range keys {
		parts = append(parts, strconv.FormatInt(k, 36))
	}
	return base64.RawURLEncoding.EncodeToString([]byte(strings.Join(parts, ".")))
}

// decodeCursor fills keys; false for the first page, errCursor for what encodeCursor did not make for this list.
func decodeCursor(cursor, list string, keys ...*int64) (bool, error) {
	if cursor == "" {
		return false, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return false, errCursor
	}
	parts := strings.Split(string(text), ".")
	if len(parts) != len(keys)+1 || parts[0] != list {
		return false, errCursor
	}
	for i, k := range keys {
		if *k, err = strconv.ParseInt(parts[i+1], 36, 64); err != nil {
			return false, errCursor
		}
	}
	return true, nil
}

// newestFirst reads the cursor of a list that goes down by id: the id to start below.
func newestFirst(cursor, list string) (int64, error) {
	below := int64(maxKey)
	_, err := decodeCursor(cursor, list, &below)
	return below, err
}

// pageOf cuts a list that was read one row longer than the page and says where the next one starts.
func pageOf[T any](rows []T, limit int, list string, id func(T) desk.ID) ([]T, string) {
	if len(rows) <= limit {
		return rows, ""
	}
	return rows[:limit], encodeCursor(list, int64(id(rows[limit-1])))
}

// maxKey is above every id and every sort key.
const maxKey = 1<<63 - 1
