package demo

import (
	"embed"
	"encoding/json"
	"fmt"
	"math/rand/v2"

	"madoguchi/desk"
)

//go:embed ja.json en.json
var textFiles embed.FS

// texts are everything that the people of one language's demo say. What a field means is told where it is used.
type texts struct {
	Colleagues    []colleague `json:"colleagues"`
	Teams         []team      `json:"teams"`
	Tags          []tag       `json:"tags"`
	Conversations []story     `json:"conversations"`
	Seed          seedWords   `json:"seed"`
}

type colleague struct {
	Key     string    `json:"key"` // how stories name them
	Name    string    `json:"name"`
	Display string    `json:"display"` // what customers see
	Mailbox string    `json:"mailbox"` // of the e-mail address, before the @
	Role    desk.Role `json:"role"`
}

type team struct {
	Key     string   `json:"key"`
	Name    string   `json:"name"`
	Members []string `json:"members"` // keys of colleagues, or "me"
}

type tag struct {
	Key   string `json:"key"`
	Name  string `json:"name"`
	Color string `json:"color"`
}

// seedWords are what Seed puts together.
type seedWords struct {
	Locale  string   `json:"locale"`
	Order   string   `json:"order"` // "family given" or "given family"
	Family  []string `json:"family"`
	Given   []string `json:"given"`
	Teams   []string `json:"teams"`
	Tags    []tag    `json:"tags"`
	Asks    []string `json:"asks"`    // what customers write
	Answers []string `json:"answers"` // what members answer
}

func (w seedWords) name(r *rand.Rand) string {
	if w.Order == "family given" {
		return pick(r, w.Family) + " " + pick(r, w.Given)
	}
	return pick(r, w.Given) + " " + pick(r, w.Family)
}

// textsIn reads the texts of a language, English where there are none.
func textsIn(l desk.Locale) (texts, error) {
	var t texts
	file := "en.json"
	if l == desk.LocaleJA {
		file = "ja.json"
	}
	raw, err := textFiles.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(raw, &t)
	}
	if err != nil {
		return t, fmt.Errorf("read demo texts %s: %w", file, err)
	}
	return t, nil
}

type story struct{}
