package graph

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"madoguchi/channel"
)

// Error is a refusal as Meta writes it, in answers and in webhooks.
type Error struct {
	Code      int    `json:"code"`
	Subcode   int    `json:"error_subcode"`
	Message   string `json:"message"`
	Title     string `json:"title"`
	Type      string `json:"type"`
	UserTitle string `json:"error_user_title"`
	UserText  string `json:"error_user_msg"`
	Transient bool   `json:"is_transient"`
	Trace     string `json:"fbtrace_id"`
	Data      struct {
		Details string `json:"details"`
	} `json:"error_data"`
}

// tokenLike is what Meta's tokens look like.
var tokenLike = regexp.MustCompile(`\b(EAA|IGA|IGQ)[A-Za-z0-9_-]{8,}`)

const maxText = 500 // runes of an error's text

// Text is the error in Meta's words, for logs and the channel's page.
func (e Error) Text() string {
	var words []string
	for _, s := range []string{e.Message, e.Title, e.UserTitle, e.UserText, e.Data.Details} {
		s = strings.TrimSpace(channel.CleanText(s))
		if s != "" && !strings.Contains(strings.Join(words, ": "), s) {
			words = append(words, s)
		}
	}
	text := strings.Join(words, ": ")
	if e.Subcode != 0 {
		text += fmt.Sprintf(" (subcode %d)", e.Subcode)
	}
	if e.Trace != "" {
		text += " [" + channel.CleanText(e.Trace) + "]"
	}
	text = tokenLike.ReplaceAllString(text, "…")
	if runes := []rune(text); len(runes) > maxText {
		text = string(runes[:maxText]) + "…"
	}
	return text
}

// Code is a number of Meta's with its subcode, 0 = any.
type Code struct{ Number, Sub int }

// String is the code as faults carry it: "190", "10_2018278".
func (c Code) String() string {
	if c.Sub == 0 {
		return strconv.Itoa(c.Number)
	}
	return strconv.Itoa(c.Number) + "_" + strconv.Itoa(c.Sub)
}

// Meaning is what a code asks for.
type Meaning struct {
	Kind  channel.Action
	Scope channel.RateScope
	After time.Duration // at least
	// Suspended and Undelivered are channel.Fault's.
	Suspended, Undelivered bool
}

// Table says what the codes of a channel mean.
type Table map[Code]Meaning

// common are the codes that mean the same on every channel of Meta's.
// https://developers.facebook.com/docs/graph-api/guides/error-handling
var common = Table{
	{0, 0}:     {Kind: channel.ActToken},
	{102, 0}:   {Kind: channel.ActToken},
	{190, 0}:   {Kind: channel.ActToken},
	{3, 0}:     {Kind: channel.ActToken}, // permissions: granting them makes a new token
	{10, 0}:    {Kind: channel.ActToken},
	{1, 0}:     {Kind: channel.ActRetry},
	{2, 0}:     {Kind: channel.ActRetry},
	{1200, 0}:  {Kind: channel.ActRetry},
	{4, 0}:     {Kind: channel.ActThrottle},
	{17, 0}:    {Kind: channel.ActThrottle},
	{32, 0}:    {Kind: channel.ActThrottle},
	{613, 0}:   {Kind: channel.ActThrottle},
	{80001, 0}: {Kind: channel.ActThrottle},
	{80002, 0}: {Kind: channel.ActThrottle},
	{80006, 0}: {Kind: channel.ActThrottle},
	{80007, 0}: {Kind: channel.ActThrottle},
	{368, 0}:   {Kind: channel.ActCap, Suspended: true}, // for a breach of policy
	{100, 0}:   {Kind: channel.ActFail},
}

// CodeProof is the fault code of a call whose proof does not fit: the app's secret is wrong.
const CodeProof = "appsecret_proof"

// Fault is what an error means: the channel's own table first, the exact subcode before any. An unknown code fails for
// good unless Meta says that it passes.
func (t Table) Fault(e Error) *channel.Fault {
	err := errors.New(e.Text())
	if e.Code == 100 && strings.Contains(e.Message, "appsecret_proof") { // it has no code of its own
		return &channel.Fault{Kind: channel.ActConfig, Code: CodeProof, Certain: true, Err: err}
	}
	meaning, code := t.find(e)
	return &channel.Fault{Kind: meaning.Kind, Scope: meaning.Scope, After: meaning.After, Suspended: meaning.Suspended, Undelivered: meaning.Undelivered, Code: code.String(), Certain: true, Err: err}
}

func (t Table) find(e Error) (Meaning, Code) {
	exact, whole := Code{e.Code, e.Subcode}, Code{Number: e.Code}
	for _, code := range []Code{exact, whole} {
		for _, table := range []Table{t, common} {
			if m, ok := table[code]; ok {
				return m, code
			}
		}
	}
	switch {
	case e.Code >= 200 && e.Code <= 299: // permissions
		return Meaning{Kind: channel.ActToken}, whole
	case e.Transient:
		return Meaning{Kind: channel.ActRetry}, whole
	}
	return Meaning{Kind: channel.ActFail}, whole
}
