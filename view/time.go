package view

import (
	"time"
)

// Time is an instant as the API writes it: RFC 3339 in UTC with exactly three decimals ("2026-11-21T02:30:00.123Z").
// Use it with `omitzero`: an unset time is absent.
type Time struct{ time.Time }

const timeLayout = "2006-01-02T15:04:05.000Z"

// At makes a Time of an instant; the zero instant stays unset.
func At(t time.Time) Time { return Time{t} }

// MarshalText writes the instant; an unset one is the empty string.
func (t Time) MarshalText() ([]byte, error) {
	if t.IsZero() {
		return []byte{}, nil
	}
	return t.UTC().AppendFormat(nil, timeLayout), nil
}

// MarshalJSON writes the instant as a string.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return t.UTC().AppendFormat(nil, `"`+timeLayout+`"`), nil
}

// UnmarshalText reads any RFC 3339 instant, to the millisecond; the empty string is unset.
func (t *Time) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		t.Time = time.Time{}
		return nil
	}
	at, err := time.Parse(time.RFC3339Nano, string(text))
	if err != nil {
		return err
	}
	t.Time = at.UTC().Truncate(time.Millisecond)
	return nil
}

// UnmarshalJSON reads a string as UnmarshalText does; null is unset.
func (t *Time) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		t.Time = time.Time{}
		return nil
	}
	if len(b) < 2 || b[0] != '"' || b[len(b)-1] != '"' {
		return &time.ParseError{Layout: time.RFC3339, Value: string(b), Message: ": not a string"}
	}
	return t.UnmarshalText(b[1 : len(b)-1])
}
