package channeltest

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// schema is the part of JSON Schema that providers' descriptions use. "oneOf" is read as "anyOf" (published unions overlap), "not"
// and formats are left out.
type schema struct {
	Ref        string             `json:"$ref"`
	Type       oneOrMore          `json:"type"`
	Nullable   bool               `json:"nullable"`
	Enum       []any              `json:"enum"`
	Const      any                `json:"const"`
	Pattern    string             `json:"pattern"`
	MinLength  *int               `json:"minLength"`
	MaxLength  *int               `json:"maxLength"`
	Minimum    *float64           `json:"minimum"`
	Maximum    *float64           `json:"maximum"`
	MinItems   *int               `json:"minItems"`
	MaxItems   *int               `json:"maxItems"`
	Items      *schema            `json:"items"`
	Properties map[string]*schema `json:"properties"`
	Required   []string           `json:"required"`
	Additional json.RawMessage    `json:"additionalProperties"`
	AllOf      []*schema          `json:"allOf"`
	AnyOf      []*schema          `json:"anyOf"`
	OneOf      []*schema          `json:"oneOf"`
	// Discriminator says which alternative an object is, by one of its members.
	Discriminator struct {
		Name    string            `json:"propertyName"`
		Mapping map[string]string `json:"mapping"`
	} `json:"discriminator"`
}

// oneOrMore is a name or a list of names.
type oneOrMore []string

// UnmarshalJSON reads either.
func (o *oneOrMore) UnmarshalJSON(raw []byte) error {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		*o = oneOrMore{one}
		return nil
	}
	return json.Unmarshal(raw, (*[]string)(o))
}

// checker collects what values break of their schemas.
type checker struct {
	schemas  map[string]*schema
	problems []string
	chosen   map[string]string // by place, the alternative that an object was found to be
}

func (c *checker) choose(place, ref string) {
	if c.chosen == nil {
		c.chosen = map[string]string{}
	}
	c.chosen[place] = ref
}

func (c *checker) say(place, problem string) {
	c.problems = append(c.problems, place+": "+problem)
}

// resolve follows references; a schema that is not there allows everything.
func (c *checker) resolve(s *schema) *schema {
	for range 20 {
		if s == nil {
			return &schema{}
		}
		if s.Ref == "" {
			return s
		}
		s = c.schemas[s.Ref[strings.LastIndex(s.Ref, "/")+1:]]
	}
	return &schema{}
}

// text holds a value that travels as text (in a path, a query or a form) against a schema.
func (c *checker) text(place string, s *schema, text string) {
	s = c.resolve(s)
	var value any = text
	switch {
	case slices.Contains(s.Type, "integer"), slices.Contains(s.Type, "number"):
		if n, err := strconv.ParseFloat(text, 64); err == nil {
			value = n
		}
	case slices.Contains(s.Type, "boolean"):
		if text == "true" || text == "false" {
			value = text == "true"
		}
	}
	c.value(place, s, value)
}

// value holds a decoded JSON value against a schema.
func (c *checker) value(place string, s *schema, value any) {
	s = c.resolve(s)
	if value == nil && (s.Nullable || len(s.Type) == 0 || slices.Contains(s.Type, "null")) {
		return
	}
	if !fitsType(s.Type, value) {
		c.say(place, fmt.Sprintf("%v is no %v", value, s.Type))
		return
	}
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, value) || s.Const != nil && s.Const != value {
		c.say(place, fmt.Sprintf("%v is none of %v%v", value, s.Enum, s.Const))
	}
	switch v := value.(type) {
	case string:
		c.lengths(place, s, v)
	case float64:
		if s.Minimum != nil && v < *s.Minimum || s.Maximum != nil && v > *s.Maximum {
			c.say(place, fmt.Sprintf("%v is out of range", v))
		}
	case []any:
		if s.MinItems != nil && len(v) < *s.MinItems || s.MaxItems != nil && len(v) > *s.MaxItems {
			c.say(place, fmt.Sprintf("%d items", len(v)))
		}
		for i, item := range v {
			c.value(place+"["+strconv.Itoa(i)+"]", s.Items, item)
		}
	case map[string]any:
		c.object(place, s, v)
	}
	for _, part := range s.AllOf {
		open := *c.resolve(part)
		open.Additional = nil // a part that closes itself does not mean the other parts' members
		c.value(place, &open, value)
	}
	if object, ok := value.(map[string]any); ok {
		name, _ := object[s.Discriminator.Name].(string)
		if ref := s.Discriminator.Mapping[name]; ref != "" {
			if before := c.chosen[place]; before != ref { // an alternative may extend the schema that names it
				c.choose(place, ref)
				c.value(place, &schema{Ref: ref}, value)
				c.choose(place, before)
			}
			return
		}
	}
	c.any(place, s.AnyOf, value)
	c.any(place, s.OneOf, value)
}

// fitsType reports whether a value is of one of the types; none is any.
func fitsType(types []string, value any) bool {
	if len(types) == 0 {
		return true
	}
	name := map[bool]string{true: "integer", false: "number"}
	switch v := value.(type) {
	case string:
		return slices.Contains(types, "string")
	case bool:
		return slices.Contains(types, "boolean")
	case float64:
		return slices.Contains(types, "number") || slices.Contains(types, name[v == math.Trunc(v)])
	case []any:
		return slices.Contains(types, "array")
	case map[string]any:
		return slices.Contains(types, "object")
	}
	return slices.Contains(types, "null")
}

func (c *checker) lengths(place string, s *schema, v string) {
	if n := utf8.RuneCountInString(v); s.MinLength != nil && n < *s.MinLength || s.MaxLength != nil && n > *s.MaxLength {
		c.say(place, fmt.Sprintf("%d characters", n))
	}
	if s.Pattern == "" {
		return
	}
	if pattern, err := regexp.Compile(s.Pattern); err == nil && !pattern.MatchString(v) { // some are not of RE2
		c.say(place, fmt.Sprintf("%q is not like %s", v, s.Pattern))
	}
}

func (c *checker) object(place string, s *schema, v map[string]any) {
	for _, name := range s.Required {
		if _, ok := v[name]; !ok {
			c.say(place+"."+name, "is required")
		}
	}
	for name, value := range v {
		if property, ok := s.Properties[name]; ok {
			c.value(place+"."+name, property, value)
		} else if string(s.Additional) == "false" && len(s.AllOf) == 0 {
			c.say(place+"."+name, "is not described")
		}
	}
}

func (c *checker) any(place string, alternatives []*schema, value any) {
	c.alternative(alternatives, func(try *checker, one *schema) { try.value(place, one, value) })
}

// alternative holds something against alternatives: one of them must fit, else the problems of the best are told.
func (c *checker) alternative(alternatives []*schema, hold func(try *checker, one *schema)) {
	var best []string
	for i, alternative := range alternatives {
		try := checker{schemas: c.schemas, chosen: maps.Clone(c.chosen)}
		hold(&try, alternative)
		if len(try.problems) == 0 {
			return
		}
		if i == 0 || len(try.problems) < len(best) {
			best = try.problems
		}
	}
	c.problems = append(c.problems, best...)
}
