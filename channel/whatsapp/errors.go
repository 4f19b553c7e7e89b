package whatsapp

import (
	"time"

	"madoguchi/channel"
	"madoguchi/channel/graph"
	"madoguchi/desk"
)

// codeUndeliverable stands for many causes: no WhatsApp there, an old app, terms not accepted, the business blocked (H5).
const codeUndeliverable = 131026

// faults are the codes of the Cloud API, beside those that all of Meta's channels share. They come as answers and in
// statuses alike. https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
var faults = table(map[channel.Action][]int{
	channel.ActThrottle: {130429},
	channel.ActRetry: {
		131000, 131016, 135000,
		131057, // maintenance
		131052, 131053,
	},
	channel.ActCap: {
		131042, 131044, // payment
		131048, 131064, // spam or quality limit of the number
		133016,
	},
	channel.ActConfig: {
		33, // the number is gone
		131030, 131037, 131045, 133000, 133001, 133002, 133003, 133004, 133005, 133006, 133007, 133008, 133009, 133010, 133011, 133012, 133013, 133014, 133015,
	},
	channel.ActWindow:    {131047},
	channel.ActMarketing: {131050},
	channel.ActFail: {
		130472, 130497, 131008, 131009, 131021, 131049, 131051, 131062,
		132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132018, 132068, 132069, 137000,
	},
}, graph.Table{
	{Number: 131056}:            {Kind: channel.ActThrottle, Scope: channel.RatePeer},
	{Number: 131031}:            {Kind: channel.ActCap, Suspended: true}, // account locked
	{Number: codeUndeliverable}: {Kind: channel.ActFail, Undelivered: true},
	{Number: 131057}:            {Kind: channel.ActRetry, After: time.Minute},
	{Number: 133016}:            {Kind: channel.ActCap, After: maxPatience},
	// Making templates: 100 with a subcode.
	{Number: 100, Sub: 2388019}: {Kind: channel.ActFail},
	{Number: 100, Sub: 2388023}: {Kind: channel.ActFail},
	{Number: 100, Sub: 2388024}: {Kind: channel.ActFail},
	{Number: 100, Sub: 2388040}: {Kind: channel.ActFail},
	{Number: 100, Sub: 2388047}: {Kind: channel.ActFail},
	{Number: 100, Sub: 2388072}: {Kind: channel.ActFail},
	{Number: 100, Sub: 2388073}: {Kind: channel.ActFail},
	{Number: 100, Sub: 2388293}: {Kind: channel.ActFail},
	{Number: 100, Sub: 2388299}: {Kind: channel.ActFail},
})

const maxPatience = 72 * time.Hour // after too many registrations of a number

func table(byAction map[channel.Action][]int, special graph.Table) graph.Table {
	t := graph.Table{}
	for kind, codes := range byAction {
		for _, code := range codes {
			t[graph.Code{Number: code}] = graph.Meaning{Kind: kind}
		}
	}
	for code, meaning := range special {
		t[code] = meaning
	}
	return t
}

// attempts is how often a message is tried against a refusal that may pass.
const attempts = 4

// maxPace bounds the wait between messages to one person.
const maxPace = 15 * time.Minute

// templateStatus is how a template stands that Meta refuses to send.
var templateStatus = map[string]desk.TemplateStatus{"132015": desk.TemplatePaused, "132016": desk.TemplateDisabled}

// settle makes a refusal final that came too often, and paces messages to one person: 4, 16, 64 s … as Meta asks.
func settle(f *channel.Fault, attempt int) *channel.Fault {
	most := attempts
	if f.Code == "131053" { // a file that is refused twice stays refused
		most = 2
	}
	f.Template = templateStatus[f.Code]
	switch {
	case f.Kind == channel.ActThrottle && f.Scope == channel.RatePeer:
		f.After = max(f.After, min(time.Second<<(2*min(max(attempt, 1), 10)), maxPace))
	case f.Kind == channel.ActRetry && f.Certain && attempt >= most && !transport[f.Code]:
		f.Kind, f.After = channel.ActFail, 0
	}
	return f
}

// transport are failures on the way, which say nothing about the message: the outbox's patience counts for them.
var transport = map[string]bool{"no_answer": true, "answer_cut": true, "file_unreadable": true}
