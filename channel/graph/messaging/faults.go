package messaging

import (
	"errors"
	"strings"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/graph"
)

// Faults are the refusals of the Send API beside those that all of Meta's channels share. Meta documents the codes, but only
// some of the subcodes; those are known from what is published about them.
// https://developers.facebook.com/documentation/business-messaging/messenger-platform/error-codes
func Faults() graph.Table {
	minute := graph.Meaning{Kind: channel.ActThrottle, After: time.Minute}
	config, blocked := graph.Meaning{Kind: channel.ActConfig}, graph.Meaning{Kind: channel.ActBlocked}
	window, capped := graph.Meaning{Kind: channel.ActWindow}, graph.Meaning{Kind: channel.ActCap}
	soon := graph.Meaning{Kind: channel.ActRetry, After: 10 * time.Second}
	fail := graph.Meaning{Kind: channel.ActFail}
	return graph.Table{
		{Number: 10, Sub: 2018278}: window, {Number: 10, Sub: 2018065}: window, {Number: 10, Sub: 2534022}: window,
		{Number: 100, Sub: 2018276}: window, // the tag for people is not approved
		{Number: 100, Sub: 1893061}: config, // a tag that was withdrawn

		{Number: 551}: blocked, {Number: 230}: blocked,
		{Number: 10, Sub: 2018108}: blocked, {Number: 200, Sub: 1545041}: blocked, {Number: 100, Sub: 2534014}: blocked,

		{Number: 200, Sub: 2018028}: config, {Number: 10, Sub: 2534048}: config, {Number: 2, Sub: 2018344}: config,
		{Number: 2018344}: config, {Number: 804}: config, {Number: 21}: config, {Number: 10904}: config,

		{Number: 4}: minute, {Number: 17}: minute, {Number: 32}: minute, {Number: 613}: minute,
		{Number: 80001}: minute, {Number: 80002}: minute, {Number: 80006}: minute,
		{Number: 613, Sub: 1893016}: capped, {Number: 2022}: capped,

		{Number: 100, Sub: 2018001}: fail, {Number: 100, Sub: 33}: fail, {Number: 10, Sub: 2018300}: fail,
		{Number: 100, Sub: 2018109}: fail, {Number: 100, Sub: 2018074}: fail, {Number: 100, Sub: 2018034}: fail,
		{Number: 100, Sub: 2534015}: fail, {Number: 100, Sub: 2534025}: fail,
		{Number: 100, Sub: 2018047}: soon, {Number: 9007}: soon, {Number: 36103}: soon,
	}
}

// codeWindow is the fault code of a closed window whatever its subcode.
const codeWindow = "10_2018278"

// understood reads what only the words of a refusal say: new subcodes of a closed window appear from time to time.
func understood(f *channel.Fault) *channel.Fault {
	if f != nil && f.Code == "10" && f.Err != nil && strings.Contains(strings.ToLower(f.Err.Error()), "outside of allowed window") {
		f.Kind, f.Code = channel.ActWindow, codeWindow
	}
	return f
}

// elsewhere reports that another program has the conversation and must hand it over first.
func elsewhere(f *channel.Fault) bool {
	return f != nil && f.Certain && f.Err != nil &&
		(f.Code == "10_2018300" || strings.Contains(strings.ToLower(f.Err.Error()), "another app is controlling this thread"))
}

// refuse is a message that we do not even send.
func refuse(kind channel.Action, code, why string) *channel.Fault {
	return &channel.Fault{Kind: kind, Code: code, Certain: true, Err: errors.New(why)}
}
