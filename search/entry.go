package search

import (
	"strings"

	"madoguchi/desk"
	"madoguchi/store"
)

// messageEntry is what a message can be found by: its text, and its files' names.
func messageEntry(m desk.Message) store.SearchEntry {
	var t tokens
	if m.Author.Kind != desk.AuthorSystem {
		t.text(markOf(m), Fold(m.Words()))
		for _, name := range fileNames(m) {
			t.text(inFile, Fold(name))
		}
	}
	return store.SearchEntry{Kind: store.SearchMessage, ID: m.ID, Tokens: t.all}
}

// markOf tells notes from what was said.
func markOf(m desk.Message) mark {
	if m.Author.Kind == desk.AuthorNote {
		return inNote
	}
	return inMessage
}

func fileNames(m desk.Message) []string {
	var names []string
	for _, p := range m.Parts {
		if p.Attachment != nil {
			names = append(names, p.Attachment.Name)
		}
	}
	return names
}

func contactEntry(c desk.Contact) store.SearchEntry {
	var t tokens
	for _, field := range contactFields(c) {
		t.text(inContact, Fold(field.text))
	}
	t.name(Fold(c.Name))
	t.phone(c.Phone)
	return store.SearchEntry{Kind: store.SearchContact, ID: c.ID, Tokens: t.all}
}

// contactField is one line that a contact is known by.
type contactField struct{ name, text string }

func contactFields(c desk.Contact) []contactField {
	fields := []contactField{{"name", c.Name}, {"email", c.Email}, {"phone", c.Phone}, {"external_id", c.ExternalID}}
	known := fields[:0]
	for _, f := range fields {
		if strings.TrimSpace(f.text) != "" {
			known = append(known, f)
		}
	}
	return known
}

func noteEntry(n desk.ContactNote) store.SearchEntry {
	var t tokens
	t.text(inContactNote, Fold(n.Body))
	return store.SearchEntry{Kind: store.SearchContactNote, ID: n.ID, Tokens: t.all}
}
