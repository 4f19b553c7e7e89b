package desk

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what sort of failure an Error is, and so what a caller may do about it.
type Kind string

// The kinds of failure. Anything that is not an *Error is KindInternal.
const (
	KindInvalid     Kind = "invalid"     // the input is wrong; Field names it where there is one
	KindNotFound    Kind = "not_found"   // no such record in this workspace, or not for these eyes
	KindConflict    Kind = "conflict"    // the record's state forbids it, or somebody else was first
	KindForbidden   Kind = "forbidden"   // known, but not allowed (J3)
	KindUnauthentic Kind = "unauthentic" // not signed in, or the credentials are wrong
	KindLimited     Kind = "limited"     // too many requests; try again later
	KindUnavailable Kind = "unavailable" // the database, disk or provider cannot serve now; try again
	KindUncertain   Kind = "uncertain"   // it may or may not have happened; ask again with the same key
	KindInternal    Kind = "internal"    // a defect of ours
)

// Error is a failure a person may meet. Code is stable and is the key of the sentence in the locale files (J18);
// Params fill that sentence. Message is English for logs and developers, never for screens.
type Error struct {
	Kind    Kind
	Code    string            // snake_case, stable, e.g. "invalid_transition"
	Field   string            // the input field it is about, "" if none
	Params  map[string]string // values for the localised sentence
	Message string
	Err     error // the cause, may be nil
}

// Error returns the text for logs.
func (e *Error) Error() string {
	s := e.Message
	if s == "" {
		s = e.Code
	}
	if e.Field != "" {
		s = e.Field + ": " + s
	}
	if e.Err != nil && !strings.HasSuffix(s, e.Err.Error()) { // Errorf's message may end with it already
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error whose message is formatted; a %w operand becomes its cause.
func Errorf(kind Kind, code, format string, args ...any) *Error {
	wrapped := fmt.Errorf(format, args...)
	return &Error{Kind: kind, Code: code, Message: wrapped.Error(), Err: errors.Unwrap(wrapped)}
}

// Invalid is the common refusal of one input field.
func Invalid(field, code, format string, args ...any) *Error {
	e := Errorf(KindInvalid, code, format, args...)
	e.Field = field
	return e
}

// NotFound is the answer for a record that is not there (or not visible), e.g. NotFound("ticket").
func NotFound(what string) *Error {
	return &Error{Kind: KindNotFound, Code: what + "_not_found", Message: what + " not found"}
}

// KindOf returns the kind of the first *Error in err's chain, KindInternal if there is none, "" for nil.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return KindInternal
}

// CodeOf returns the code of the first *Error in err's chain, "internal" if there is none, "" for nil.
func CodeOf(err error) string {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return "internal"
}
