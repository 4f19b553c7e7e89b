//go:build spec

package telegram_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"madoguchi/channel"
	"madoguchi/channel/telegram"
)

// description is the Bot API as a machine reads it: methods and types with their fields. It is no OpenAPI.
type description struct {
	Methods map[string]described `json:"methods"`
	Types   map[string]described `json:"types"`
}

type described struct {
	Fields []struct {
		Name     string   `json:"name"`
		Types    []string `json:"types"`
		Required bool     `json:"required"`
	} `json:"fields"`
	Subtypes []string `json:"subtypes"`
}

// problems are what a description does not allow in a value of the types named: "Integer", "Array of X", "X", ….
func (d description) problems(place string, types []string, value any) []string {
	var best []string
	for i, name := range types {
		found := d.problem(place, name, value)
		if len(found) == 0 {
			return nil
		}
		if i == 0 || len(found) < len(best) {
			best = found
		}
	}
	return best
}

func (d description) problem(place, name string, value any) []string {
	wrong := []string{place + " is no " + name}
	if of, ok := strings.CutPrefix(name, "Array of "); ok {
		list, ok := value.([]any)
		if !ok {
			return wrong
		}
		var all []string
		for _, item := range list {
			all = append(all, d.problems(place+"[]", []string{of}, item)...)
		}
		return all
	}
	ok := true
	switch name {
	case "String", "InputFile":
		_, ok = value.(string)
	case "Boolean", "True":
		_, ok = value.(bool)
	case "Float":
		_, ok = value.(float64)
	case "Integer":
		n, is := value.(float64)
		ok = is && n == float64(int64(n))
	default:
		t, known := d.Types[name]
		object, is := value.(map[string]any)
		if !known || !is {
			return wrong
		}
		if len(t.Subtypes) > 0 {
			return d.problems(place, t.Subtypes, value)
		}
		return d.object(place, t, object)
	}
	if !ok {
		return wrong
	}
	return nil
}

func (d description) object(place string, of described, object map[string]any) (all []string) {
	rest := maps.Clone(object)
	for _, f := range of.Fields {
		value, is := object[f.Name]
		delete(rest, f.Name)
		if is {
			all = append(all, d.problems(place+"."+f.Name, f.Types, value)...)
		} else if f.Required {
			all = append(all, place+"."+f.Name+" is required")
		}
	}
	for name := range rest {
		all = append(all, place+"."+name+" is not described")
	}
	return all
}

// params reads a call's parameters; what is no text travels through a form as JSON.
func (d description) params(t *testing.T, r *http.Request, of described) map[string]any {
	params := map[string]any{}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	kind, options, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	if kind == "application/json" {
		if err := json.Unmarshal(body, &params); err != nil {
			t.Error(err)
		}
		return params
	}
	form, err := multipart.NewReader(bytes.NewReader(body), options["boundary"]).ReadForm(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	for name := range form.File {
		params[name] = name
	}
	for name, values := range form.Value {
		params[name] = values[0]
		for _, f := range of.Fields {
			var value any
			if f.Name == name && !slices.Contains(f.Types, "String") && json.Unmarshal([]byte(values[0]), &value) == nil {
				params[name] = value
			}
		}
	}
	return params
}

// TestRequestsFollowTheDescription holds everything that the connector asks of Telegram against the description of its API.
func TestRequestsFollowTheDescription(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join(os.Getenv("MADOGUCHI_SPECS"), "telegram", "telegram-bot-api-10.1.reduced.json"))
	if err != nil {
		t.Fatal(err)
	}
	var d description
	if err := json.Unmarshal(raw, &d); err != nil {
		t.Fatal(err)
	}
	answers := map[string]string{
		"getMe": testdata(t, "getme_200"), "getWebhookInfo": `{"ok":true,"result":{}}`, "getFile": `{"ok":true,"result":{"file_path":"a/b"}}`,
		"getChat": `{"ok":true,"result":{}}`, "setWebhook": `{"ok":true,"result":true}`, "deleteWebhook": `{"ok":true,"result":true}`,
		"sendChatAction": `{"ok":true,"result":true}`, "setMessageReaction": `{"ok":true,"result":true}`,
	}
	asked := map[string]bool{}
	a := account(t, "")
	a.Client = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		name := path.Base(r.URL.Path)
		if !strings.HasPrefix(r.URL.Path, "/file/") {
			asked[name] = true
			method, known := d.Methods[name]
			if !known || r.URL.Host != "api.telegram.org" {
				t.Errorf("%s on %s is not described", name, r.URL.Host)
			}
			for _, problem := range d.object(name, method, d.params(t, r, method)) {
				t.Error(problem)
			}
		}
		answer := answers[name]
		if answer == "" {
			answer = testdata(t, "send_200")
		}
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(answer)), Request: r}, nil
	})}
	c, to := telegram.New(), channel.Peer{ExternalID: "5000000001"}
	for _, s := range sendings() {
		if _, err := c.Send(t.Context(), a, s.Outgoing); err != nil {
			t.Errorf("%s: %v", s.Name, err)
		}
	}
	_, probe := c.Probe(t.Context(), a)
	_, profile := c.Profile(t.Context(), a, to)
	media, fetch := c.Fetch(t.Context(), a, "PHl")
	for _, err := range []error{probe, profile, fetch, media.Body.Close(), c.Subscribe(t.Context(), a), c.Unsubscribe(t.Context(), a),
		c.Typing(t.Context(), a, to, ""), c.React(t.Context(), a, to, "5/13", "👍"), c.React(t.Context(), a, to, "5/13", "")} {
		if err != nil {
			t.Error(err)
		}
	}
	if len(asked) < 17 {
		t.Errorf("only %v was asked", slices.Sorted(maps.Keys(asked)))
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

// RoundTrip answers.
func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
