package graph

import (
	"encoding/json"
	"net/http"
	"time"
)

// Meta tells with every answer how much of what may be called is used, in percent, and how long it takes until more may be.
// https://developers.facebook.com/docs/graph-api/overview/rate-limiting
type use struct {
	Calls   float64 `json:"call_count"`
	Time    float64 `json:"total_time"`
	CPU     float64 `json:"total_cputime"`
	Minutes int64   `json:"estimated_time_to_regain_access"`
}

const (
	easeFrom  = 80.0 // percent
	easeStep  = 250 * time.Millisecond
	maxRegain = 24 * time.Hour // how long an answer may make us wait
)

// usesOf are the figures of an answer: the app's, and those of each business account.
func usesOf(h http.Header) []use {
	var app use
	var business map[string][]use
	_ = json.Unmarshal([]byte(h.Get("X-App-Usage")), &app) // what cannot be read says nothing
	_ = json.Unmarshal([]byte(h.Get("X-Business-Use-Case-Usage")), &business)
	all := []use{app}
	for _, uses := range business {
		all = append(all, uses...)
	}
	return all
}

// ease is how long to send nothing so that the rest lasts: a quarter of a second for each percent from 80 on.
func ease(h http.Header) time.Duration {
	most := 0.0
	for _, u := range usesOf(h) {
		most = max(most, u.Calls, u.Time, u.CPU)
	}
	if most < easeFrom {
		return 0
	}
	return time.Duration(min(most, 100)-easeFrom+1) * easeStep
}

// regain is how long the account has used up what it may call.
func regain(h http.Header) time.Duration {
	var longest int64
	for _, u := range usesOf(h) {
		longest = max(longest, u.Minutes)
	}
	return time.Duration(min(longest, int64(maxRegain/time.Minute))) * time.Minute
}
