// Package rest is what the operations of the REST API share: how one is declared (permission, limits, idempotency), who
// calls, and how a failure is told.
package rest

import (
	"context"
	"encoding/json"
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
}

// FieldProblem is what is wrong with one field.
type FieldProblem struct {
	Field  string `json:"field"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

func problemOf(_ context.Context, err error) error { return err }
