package demo

import (
	"embed"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

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

// story is one conversation of a customer of its own.
type story struct {
	Customer customer `json:"customer"`
	Ago      span     `json:"ago"`      // how long the last step is past
	Team     string   `json:"team"`     // key
	Tags     []string `json:"tags"`     // keys
	Priority string   `json:"priority"` // "" = normal
	Unread   int      `json:"unread"`   // customer messages that the loading member has not read yet
	Thread   []step   `json:"thread"`
}

type customer struct {
	Name   string            `json:"name"` // "" = gave none
	Email  string            `json:"email"`
	Phone  string            `json:"phone"`
	Locale string            `json:"locale"`
	Zone   string            `json:"zone"`
	Fields map[string]string `json:"fields"`
	Note   string            `json:"note"` // what the team wrote about them
	Page   string            `json:"page"` // path of the shop's page they looked at last
	Title  string            `json:"title"`
	Device string            `json:"device"` // iphone, android, mac or windows
}

// step is one thing said or done. Who is "customer" (the default), "me", "bot" or a colleague's key.
type step struct {
	Who   string `json:"who"`
	After span   `json:"after"` // since the step before
	Says  string `json:"says"`
	Image string `json:"image"` // a picture of picture.go, sent with Says or alone
	Notes string `json:"notes"`
	Fails string `json:"fails"` // with Says: the code of why it did not arrive, one that every channel may have
	Does  string `json:"does"`  // take, assign, transfer, snooze, resolve
	To    string `json:"to"`    // with assign a person, with transfer a team
	For   span   `json:"for"`   // with snooze: how long from now
}

// span is a duration in JSON: "90s", "5m", "30h".
type span time.Duration

// UnmarshalText reads what time.ParseDuration does.
func (s *span) UnmarshalText(text []byte) error {
	d, err := time.ParseDuration(string(text))
	*s = span(d)
	return err
}
