package channeltest

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"madoguchi/channel"
	"madoguchi/desk"
)

// What no one here has seen yet is one of three things, and none of them is an error: it is acknowledged, and the raw request is
// kept (package inbound), so that it can be filed again by a version that knows it.
//
//   - Something more in what we know, a field, a parameter, an element: it changes nothing (testAdditions).
//   - A message of a kind that we do not know: a message all the same, in its place, with a part of desk.PartUnknown that
//     names the kind: people see "cannot be displayed" (G2.4).
//   - An event that we do not know: one result with Unknown, which names it for the log. It hides nothing beside it.
//
// A connector's fixtures show the last two (testStrange).

// unseen is a name that no provider uses.
const unseen = "unseen_by_anyone"

// testAdditions holds that a request with something more in it means what it meant.
func testAdditions(t *testing.T, s Suite) {
	for _, f := range s.Fixtures {
		plain, err := s.Connector.Receive(t.Context(), f.Endpoint, clone(f.Request))
		if err != nil {
			continue // told by the fixture's own test
		}
		more := clone(f.Request)
		if more.Body = withMore(more.Body); more.Body == nil {
			continue
		}
		reply, err := s.Connector.Receive(t.Context(), f.Endpoint, more)
		if errors.Is(err, channel.ErrForged) { // signed like this, then
			reply, err = s.Connector.Receive(t.Context(), f.Endpoint, s.Sign(f.Endpoint, more))
		}
		if err != nil {
			t.Errorf("%s, with something more in it, is refused: %v", f.Name, err)
			continue
		}
		checkOutcome(t, reply, nil)
		if !reflect.DeepEqual(withoutKeys(reply.Results), withoutKeys(plain.Results)) {
			t.Errorf("%s, with something more in it, means %+v, want %+v", f.Name, reply.Results, plain.Results)
		}
	}
}

// withoutKeys leaves out what may be made from the bytes themselves, where a provider numbers nothing.
func withoutKeys(results []channel.Result) []channel.Result {
	var all []channel.Result
	for _, r := range results {
		r.Key = ""
		if r.Unknown != "" {
			r.Unknown = "?"
		}
		all = append(all, r)
	}
	return all
}

// withMore adds something to a body: to every object of JSON, to a form, to an XML document; nil for others.
func withMore(body []byte) []byte {
	var tree any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	text := strings.TrimSpace(string(body))
	switch {
	case text == "":
		return nil
	case d.Decode(&tree) == nil:
		raw, err := json.Marshal(moreIn(tree))
		if err != nil {
			return nil
		}
		return raw
	case strings.HasSuffix(text, "</xml>"):
		return []byte(strings.TrimSuffix(text, "</xml>") + "<" + unseen + "><![CDATA[1]]></" + unseen + "></xml>")
	case strings.Contains(text, "="):
		return []byte(text + "&" + unseen + "=1")
	}
	return nil
}

func moreIn(tree any) any {
	switch node := tree.(type) {
	case map[string]any:
		for name, value := range node {
			node[name] = moreIn(value)
		}
		node[unseen] = map[string]any{"of": []any{1, "tomorrow"}}
	case []any:
		for i, value := range node {
			node[i] = moreIn(value)
		}
	}
	return tree
}

// testStrange holds that the fixtures show what becomes of an event and of a kind of message that the connector does not know.
func testStrange(t *testing.T, s Suite) {
	event, message := false, false
	for _, f := range s.Fixtures {
		reply, err := s.Connector.Receive(t.Context(), f.Endpoint, clone(f.Request))
		if err != nil {
			continue
		}
		for _, r := range reply.Results {
			event = event || r.Unknown != ""
			if r.Message == nil {
				continue
			}
			for _, p := range r.Message.Parts {
				message = message || p.Kind == desk.PartUnknown && p.Text != ""
			}
		}
	}
	if !event {
		t.Error("no fixture shows an event that the connector does not know")
	}
	if !message && !s.KindsKnown {
		t.Error("no fixture shows a message of a kind that the connector does not know")
	}
}
