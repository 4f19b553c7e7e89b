package rest

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/desk"
	"madoguchi/locale"
)

const problemType = "application/problem+json"

// Problem is RFC 9457's answer for a failure. Detail is a sentence in the viewer's language (J18).
type Problem struct {
	Type      string                     `json:"type" example:"about:blank"`
	Title     string                     `json:"title" doc:"The status in English"`
	Status    int                        `json:"status"`
	Code      string                     `json:"code" doc:"Stable; what programs look at"`
	Detail    string                     `json:"detail" doc:"A sentence in the viewer's language"`
	Field     string                     `json:"field,omitempty" doc:"The input field it is about"`
	Errors    []FieldProblem             `json:"errors,omitempty" doc:"All fields that are wrong, where there are several"`
	Params    map[string]json.RawMessage `json:"params,omitempty" doc:"The values in the sentence, and for edited_meanwhile the current record"`
	RequestID string                     `json:"request_id"`

	header http.Header
}

// FieldProblem is what is wrong with one field.
type FieldProblem struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Detail  string `json:"detail"`
	Message string `json:"message,omitempty" doc:"For developers, in English"`
}

// Error, GetStatus, GetHeaders and ContentType are what huma asks of an error.
func (p *Problem) Error() string { return p.Code }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders are the headers that go with it.
func (p *Problem) GetHeaders() http.Header { return p.header }

// ContentType is RFC 9457's.
func (p *Problem) ContentType(string) string { return problemType }

var statusOf = map[desk.Kind]int{
	desk.KindInvalid: http.StatusUnprocessableEntity, desk.KindNotFound: http.StatusNotFound, desk.KindConflict: http.StatusConflict,
	desk.KindForbidden: http.StatusForbidden, desk.KindUnauthentic: http.StatusUnauthorized, desk.KindLimited: http.StatusTooManyRequests,
	desk.KindUnavailable: http.StatusServiceUnavailable, desk.KindUncertain: http.StatusServiceUnavailable, desk.KindInternal: http.StatusInternalServerError,
}

// statusOfCode are the codes whose status says more than their kind's.
var statusOfCode = map[string]int{
	"file_too_large": http.StatusRequestEntityTooLarge, "body_too_large": http.StatusRequestEntityTooLarge,
	"disk_full": http.StatusInsufficientStorage, "method_not_allowed": http.StatusMethodNotAllowed,
}

// withCurrent is an error with the record as it is now.
type withCurrent struct {
	error
	current any
}

func (e withCurrent) Unwrap() error { return e.error }

// WithCurrent adds the record as it is now to a conflict: params.current (G3.3).
func WithCurrent(err error, current any) error { return withCurrent{err, current} }

// problemOf makes what the caller is told of an error, and logs what is a defect of ours. nil stays nil.
func problemOf(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	return ProblemOf(From(ctx), err)
}

// ProblemOf makes what the caller is told of an error. What is a defect of ours, or the database's, is logged here, at
// the edge, once.
func ProblemOf(x *Exchange, err error) *Problem {
	var ready *Problem
	if errors.As(err, &ready) {
		return ready
	}
	e := deskError(err)
	if e.Kind == desk.KindInternal || e.Kind == desk.KindUnavailable || e.Kind == desk.KindUncertain {
		x.Log.ErrorContext(x.Request.Context(), "request failed", "request_id", x.ID, "route", x.Route(), "code", e.Code, "err", err)
	}
	p := newProblem(x, e)
	for name, value := range e.Params {
		p.param(name, value)
	}
	var current withCurrent
	if errors.As(err, &current) {
		p.param("current", current.current)
	}
	if e.Kind == desk.KindLimited {
		wait := e.Params["seconds"]
		if _, err := strconv.Atoi(wait); err != nil {
			wait = "60"
		}
		p.header = http.Header{"Retry-After": {wait}}
	}
	return p
}

func newProblem(x *Exchange, e *desk.Error) *Problem {
	status := statusOf[e.Kind]
	if own, ok := statusOfCode[e.Code]; ok {
		status = own
	}
	if status == 0 {
		status = http.StatusInternalServerError
	}
	return &Problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status, Code: e.Code, Field: e.Field,
		Detail: locale.Error(x.Locale, e), RequestID: x.ID,
	}
}

func (p *Problem) param(name string, value any) {
	b, err := json.Marshal(value)
	if err != nil {
		return
	}
	if p.Params == nil {
		p.Params = map[string]json.RawMessage{}
	}
	p.Params[name] = b
}

// deskError finds the error to tell in a chain; what is none of the desk's is told as internal.
func deskError(err error) *desk.Error {
	var e *desk.Error
	if errors.As(err, &e) {
		return e
	}
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return desk.Errorf(desk.KindInvalid, "body_too_large", "%w", err)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return desk.Errorf(desk.KindUnavailable, "unavailable", "%w", err)
	}
	return desk.Errorf(desk.KindInternal, "internal", "%w", err)
}

// WriteProblem answers a request that never went through huma.
func WriteProblem(w http.ResponseWriter, r *http.Request, err error) {
	p := ProblemOf(From(r.Context()), err)
	for name, values := range p.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", problemType)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the caller may be gone
}

// Translate turns huma's own refusals (validation, unreadable bodies) into our problems.
func Translate(ctx huma.Context, _ string, v any) (any, error) {
	model, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	x := From(ctx.Context())
	e := &desk.Error{Kind: desk.KindInvalid, Code: "body_invalid", Message: model.Detail}
	switch {
	case model.Status == http.StatusRequestEntityTooLarge:
		e.Code = "body_too_large"
	case model.Status >= http.StatusInternalServerError:
		e.Kind, e.Code = desk.KindInternal, "internal"
	}
	p := newProblem(x, e)
	p.Status, p.Title = model.Status, http.StatusText(model.Status)
	for _, detail := range model.Errors {
		field := FieldProblem{Field: FieldOf(detail.Location), Code: codeOf(detail.Message), Message: detail.Message}
		field.Detail = locale.Error(x.Locale, &desk.Error{Kind: desk.KindInvalid, Code: field.Code})
		p.Errors = append(p.Errors, field)
	}
	if len(p.Errors) > 0 && model.Status == http.StatusUnprocessableEntity {
		p.Code, p.Detail, p.Field = p.Errors[0].Code, p.Errors[0].Detail, p.Errors[0].Field
	}
	return p, nil
}

// codeOf names huma's validation messages.
func codeOf(message string) string {
	switch {
	case strings.Contains(message, "required"):
		return "field_missing"
	case strings.Contains(message, "unexpected property"):
		return "field_unknown"
	case strings.Contains(message, "length <="), strings.Contains(message, "array length <="):
		return "too_long"
	}
	return "field_invalid"
}
