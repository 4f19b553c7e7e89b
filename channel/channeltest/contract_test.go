package channeltest_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"madoguchi/channel/channeltest"
)

const described = `{
	"servers": [{"url": "https://api.example.test"}],
	"paths": {
		"/v1/things/{ID}.json": {
			"parameters": [{"name": "ID", "in": "path", "required": true, "schema": {"type": "string", "pattern": "^T[0-9]+$"}}],
			"get": {"parameters": [{"name": "ID", "in": "path", "required": true, "schema": {"type": "string", "pattern": "^T"}}, {"name": "size", "in": "query", "schema": {"type": "integer", "maximum": 100}}]},
			"post": {"requestBody": {"content": {
				"application/x-www-form-urlencoded": {"schema": {"type": "object", "required": ["To"], "properties": {
					"To": {"type": "string", "maxLength": 5}, "Media": {"type": "array", "items": {"type": "string"}}, "Fast": {"type": "boolean"}
				}}},
				"application/json": {"schema": {"$ref": "#/components/schemas/thing"}}
			}}}
		}
	},
	"components": {"schemas": {
		"thing": {"type": "object", "required": ["kind"], "additionalProperties": false, "properties": {
			"kind": {"type": "string", "enum": ["a", "b"]}, "count": {"type": ["integer", "null"]},
			"pet": {"oneOf": [{"$ref": "#/components/schemas/cat"}, {"$ref": "#/components/schemas/dog"}],
				"discriminator": {"propertyName": "is", "mapping": {"cat": "#/components/schemas/cat", "dog": "#/components/schemas/dog"}}},
			"of": {"oneOf": [{"type": "string"}, {"type": "array", "maxItems": 1, "items": {"$ref": "#/components/schemas/thing"}}]}
		}},
		"animal": {"type": "object", "required": ["is"], "properties": {"is": {"type": "string"}}, "additionalProperties": false,
			"discriminator": {"propertyName": "is", "mapping": {"cat": "#/components/schemas/cat", "dog": "#/components/schemas/dog"}}},
		"cat": {"allOf": [{"$ref": "#/components/schemas/animal"}, {"required": ["lives"], "properties": {"lives": {"type": "integer"}}, "additionalProperties": false}]},
		"dog": {"allOf": [{"$ref": "#/components/schemas/animal"}, {"properties": {"name": {"type": "string"}}}]}
	}}
}`

func TestContract(t *testing.T) {
	t.Parallel()
	var c channeltest.Contract
	if err := json.Unmarshal([]byte(described), &c); err != nil {
		t.Fatal(err)
	}
	const form, asJSON = "application/x-www-form-urlencoded", "application/json"
	for name, test := range map[string]struct {
		method, path, kind, body string
		want                     []string // what each problem begins with
	}{
		"good":                  {"GET", "/v1/things/T1.json?size=100", "", "", nil},
		"good form":             {"POST", "/v1/things/T1.json", form, "To=a&Media=x&Media=y&Fast=true", nil},
		"good JSON":             {"POST", "/v1/things/T1.json", asJSON, `{"kind":"a","count":null,"of":[{"kind":"b","of":"x"}]}`, nil},
		"good by its name":      {"POST", "/v1/things/T1.json", asJSON, `{"kind":"a","pet":{"is":"cat","lives":9}}`, nil},
		"bad by its name":       {"POST", "/v1/things/T1.json", asJSON, `{"kind":"a","pet":{"is":"cat","name":"x"}}`, []string{"body.pet.lives"}},
		"no such path":          {"GET", "/v1/thing/T1.json", "", "", []string{"the description"}},
		"no such method":        {"DELETE", "/v1/things/T1.json", "", "", []string{"the description"}},
		"a bad path":            {"GET", "/v1/things/1.json", "", "", []string{"path ID"}},
		"a bad query":           {"GET", "/v1/things/T1.json?size=101", "", "", []string{"query size"}},
		"no number":             {"GET", "/v1/things/T1.json?size=many", "", "", []string{"query size"}},
		"an unknown query":      {"GET", "/v1/things/T1.json?sizes=1", "", "", []string{"query sizes"}},
		"an incomplete form":    {"POST", "/v1/things/T1.json", form, "Fast=1", []string{"body Fast", "body To"}},
		"a bad form":            {"POST", "/v1/things/T1.json", form, "To=abcdef&To=b&Fats=1", []string{"body Fats", "body To: 6", "body To: is no list"}},
		"another kind of body":  {"POST", "/v1/things/T1.json", "text/plain", "x", []string{"body"}},
		"a bad kind":            {"POST", "/v1/things/T1.json", asJSON, `{"kind":"c","count":1.5,"more":1}`, []string{"body.count", "body.kind", "body.more"}},
		"an incomplete object":  {"POST", "/v1/things/T1.json", asJSON, `{}`, []string{"body.kind"}},
		"none of alternatives":  {"POST", "/v1/things/T1.json", asJSON, `{"kind":"a","of":7}`, []string{"body.of"}},
		"a bad alternative":     {"POST", "/v1/things/T1.json", asJSON, `{"kind":"a","of":[{"kind":"b"},{"kind":"b"}]}`, []string{"body.of"}},
		"an alternative's kind": {"POST", "/v1/things/T1.json", asJSON, `{"kind":"a","of":[{"kind":7}]}`, []string{"body.of"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := http.NewRequestWithContext(t.Context(), test.method, "https://api.example.test"+test.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", test.kind)
			got := c.Problems(r, []byte(test.body))
			if !slices.EqualFunc(got, test.want, func(problem, begin string) bool { return strings.HasPrefix(problem, begin) }) {
				t.Errorf("problems %q, want %q", got, test.want)
			}
		})
	}
}
