package sms

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"madoguchi/channel"
)

const (
	queueWait   = time.Minute      // a full queue holds hours of the number's traffic
	carrierWait = 5 * time.Minute  // trouble of a carrier
	loopWait    = 30 * time.Second // 14107 counts within this
)

// faults are Twilio's errors (https://www.twilio.com/docs/api/errors), of requests and of status callbacks alike.
var faults = map[int]channel.Fault{
	20003: {Kind: channel.ActToken}, 20006: {Kind: channel.ActToken},
	20005: {Kind: channel.ActCap, Suspended: true}, 30002: {Kind: channel.ActCap, Suspended: true}, // the account is not active

	20404: {Kind: channel.ActConfig}, 21701: {Kind: channel.ActConfig}, 21705: {Kind: channel.ActConfig}, // the service
	21212: {Kind: channel.ActConfig}, 21603: {Kind: channel.ActConfig}, 21606: {Kind: channel.ActConfig}, // the sender
	21703: {Kind: channel.ActConfig}, 21704: {Kind: channel.ActConfig}, 21712: {Kind: channel.ActConfig},
	21408: {Kind: channel.ActConfig}, 30034: {Kind: channel.ActConfig}, // what the account may not yet

	20429: {Kind: channel.ActThrottle}, 63018: {Kind: channel.ActThrottle},
	21611: {Kind: channel.ActThrottle, After: queueWait}, 30001: {Kind: channel.ActThrottle, After: queueWait},
	14107: {Kind: channel.ActThrottle, After: loopWait, Scope: channel.RatePeer},

	30022: {Kind: channel.ActCap}, 30023: {Kind: channel.ActCap}, 30027: {Kind: channel.ActCap}, 63017: {Kind: channel.ActCap}, 63038: {Kind: channel.ActCap},

	20500: {Kind: channel.ActRetry}, 20503: {Kind: channel.ActRetry}, 30410: {Kind: channel.ActRetry},
	30008: {Kind: channel.ActRetry, After: carrierWait}, 30009: {Kind: channel.ActRetry, After: carrierWait}, 30017: {Kind: channel.ActRetry, After: carrierWait},

	21610: {Kind: channel.ActOptOut},
	30004: {Kind: channel.ActBlocked}, 63014: {Kind: channel.ActBlocked}, 63033: {Kind: channel.ActBlocked},
	63016: {Kind: channel.ActWindow},
	// Everything else is ActFail: what is wrong with the recipient (21211, 21217, 21604, 21608, 21612, 21614, 30003, 30005, 30006,
	// 63003, 63024), with the message (21602, 21617, 21619, 21620, 21623, 30007, 30019, 63034), or its files (21621, 21622, 30011).
}

// meaning is what an error of Twilio's asks for, without its cause.
func meaning(code int) *channel.Fault {
	f, ok := faults[code]
	if !ok {
		f.Kind = channel.ActFail
	}
	f.Code = strconv.Itoa(code)
	return &f
}

// refusal is what a refusing answer of the REST API means, nil for 2xx.
// https://www.twilio.com/docs/usage/twilios-response#response-formats-exceptions
func refusal(a channel.Answer, now time.Time) *channel.Fault {
	f := channel.Refusal(a, now)
	if f == nil {
		return nil
	}
	var said struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}
	if err := json.Unmarshal(a.Body, &said); err != nil || said.Code <= 0 {
		return f
	}
	known, by := faults[said.Code]
	switch {
	case by:
		f.Kind, f.Scope, f.After = known.Kind, known.Scope, max(known.After, f.After)
	case a.Status == http.StatusForbidden: // of this request, not of the credentials
		f.Kind = channel.ActFail
	}
	f.Code, f.Err = strconv.Itoa(said.Code), errors.New(channel.CleanText(said.Message))
	return f
}
