package channeltest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// Contract is a provider's published API description (OpenAPI 3 as JSON or YAML), against which a connector's requests are held.
type Contract struct {
	Servers []struct {
		URL string `json:"url"`
	} `json:"servers"`
	Paths      map[string]map[string]json.RawMessage `json:"paths"`
	Components struct {
		Schemas    map[string]*schema   `json:"schemas"`
		Parameters map[string]parameter `json:"parameters"`
	} `json:"components"`
}

type operation struct {
	Parameters []parameter `json:"parameters"`
	Body       struct {
		Content map[string]struct {
			Schema *schema `json:"schema"`
		} `json:"content"`
	} `json:"requestBody"`
}

type parameter struct {
	Ref      string  `json:"$ref"`
	Name     string  `json:"name"`
	In       string  `json:"in"`
	Required bool    `json:"required"`
	Schema   *schema `json:"schema"`
}

// ReadContract reads a description from the folder that MADOGUCHI_SPECS names. Tests that do are built with the tag spec:
// make spec runs them where the descriptions are.
func ReadContract(t testing.TB, name string) *Contract {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(os.Getenv("MADOGUCHI_SPECS"), filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	if path.Ext(name) == ".yml" {
		var content any
		if err := yaml.Unmarshal(raw, &content); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if raw, err = json.Marshal(content); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	c := &Contract{}
	if err := json.Unmarshal(raw, c); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return c
}

// Provider is a transport that stands where a provider would: it holds each request against the description of its host
// and gives the answer.
type Provider struct {
	T         testing.TB
	Contracts []*Contract
	Answer    func(r *http.Request, body []byte) (status int, answer string)
}

// RoundTrip checks and answers.
func (p Provider) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	if c := p.contract(r); c == nil {
		p.T.Errorf("%s %s: no description has this host", r.Method, r.URL.Host)
	} else {
		for _, problem := range c.Problems(r, body) {
			p.T.Errorf("%s %s: %s", r.Method, r.URL.Path, problem)
		}
	}
	status, answer := p.Answer(r, body)
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(answer)), Request: r}, nil
}

// contract is the description of the host that has the operation, or else the last of the host.
func (p Provider) contract(r *http.Request) (found *Contract) {
	for _, c := range p.Contracts {
		if !c.serves(r.URL) {
			continue
		}
		if found = c; c.has(r) {
			return c
		}
	}
	return found
}

func (c *Contract) has(r *http.Request) bool {
	_, _, found := c.find(r)
	return found
}

func (c *Contract) serves(u *url.URL) bool {
	for _, s := range c.Servers {
		if server, err := url.Parse(s.URL); err == nil && server.Host == u.Host {
			return true
		}
	}
	return false
}

// Problems are what the description does not allow in a request; headers are not looked at.
func (c *Contract) Problems(r *http.Request, body []byte) []string {
	op, values, found := c.find(r)
	if !found {
		return []string{"the description has no such operation"}
	}
	check := checker{schemas: c.Components.Schemas}
	for name, v := range r.URL.Query() {
		values["query "+name] = v[0]
	}
	known := map[string]bool{} // an operation may repeat what all of its path have
	for _, p := range op.Parameters {
		if p.Ref != "" {
			p = c.Components.Parameters[p.Ref[strings.LastIndex(p.Ref, "/")+1:]]
		}
		place := p.In + " " + p.Name
		if known[place] {
			continue
		}
		known[place] = true
		value, ok := values[place]
		delete(values, place)
		if ok {
			check.text(place, p.Schema, value)
		} else if p.Required && p.In != "header" {
			check.say(place, "is required")
		}
	}
	for place := range values {
		if strings.HasPrefix(place, "query ") {
			check.say(place, "is not described")
		}
	}
	check.body(op, r.Header.Get("Content-Type"), body)
	slices.Sort(check.problems)
	return check.problems
}

var placeholder = regexp.MustCompile(`\{[^}]+\}`)

// find looks for the operation of a request, and the values in its path; a path without placeholders is preferred.
func (c *Contract) find(r *http.Request) (op operation, values map[string]string, found bool) {
	paths := slices.SortedFunc(maps.Keys(c.Paths), func(a, b string) int { return strings.Count(a, "{") - strings.Count(b, "{") })
	for _, path := range paths {
		pattern := "^" + placeholder.ReplaceAllString(strings.ReplaceAll(path, ".", `\.`), "([^/]+?)") + "$"
		match := regexp.MustCompile(pattern).FindStringSubmatch(r.URL.Path)
		raw, ok := c.Paths[path][strings.ToLower(r.Method)]
		if match == nil || !ok || json.Unmarshal(raw, &op) != nil {
			continue
		}
		var shared []parameter
		if raw, ok := c.Paths[path]["parameters"]; ok && json.Unmarshal(raw, &shared) == nil {
			op.Parameters = append(op.Parameters, shared...)
		}
		values = map[string]string{}
		for i, name := range placeholder.FindAllString(path, -1) {
			values["path "+strings.Trim(name, "{}")] = match[i+1]
		}
		return op, values, true
	}
	return operation{}, nil, false
}

// body holds a request's body against its schema.
func (c *checker) body(op operation, contentType string, body []byte) {
	if len(body) == 0 {
		return
	}
	media, _, err := mime.ParseMediaType(contentType)
	content, ok := op.Body.Content[media]
	if err != nil || !ok {
		c.say("body", fmt.Sprintf("a %q is not described", contentType))
		return
	}
	switch media {
	case "application/json":
		var value any
		if err := json.NewDecoder(bytes.NewReader(body)).Decode(&value); err != nil {
			c.say("body", err.Error())
			return
		}
		c.value("body", content.Schema, value)
	case "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(body))
		if err != nil {
			c.say("body", err.Error())
			return
		}
		c.form(c.resolve(content.Schema), form)
	}
}

func (c *checker) form(s *schema, form url.Values) {
	if len(s.OneOf) > 0 {
		c.alternative(s.OneOf, func(try *checker, one *schema) { try.form(try.resolve(one), form) })
		return
	}
	for _, name := range s.Required {
		if !form.Has(name) {
			c.say("body "+name, "is required")
		}
	}
	for name, values := range form {
		field, ok := s.Properties[name]
		if !ok {
			c.say("body "+name, "is not described")
			continue
		}
		if field = c.resolve(field); slices.Contains(field.Type, "array") {
			field = c.resolve(field.Items)
		} else if len(values) > 1 {
			c.say("body "+name, "is no list")
		}
		for _, v := range values {
			c.text("body "+name, field, v)
		}
	}
}
