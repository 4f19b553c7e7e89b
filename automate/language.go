package automate

import (
	"fmt"

	"madoguchi/desk"
	"madoguchi/locale"
	"madoguchi/store"
)

// LanguageOf is the language to write to a customer in: their own, else the brand's, else the workspace's (J18).
func LanguageOf(r store.Reader, row *desk.Conversation) (desk.Locale, error) {
	c, err := r.Contacts().Get(row.ContactID)
	if err != nil {
		return "", fmt.Errorf("read contact: %w", err)
	}
	if c.Locale != "" {
		return locale.Choose(c.Locale), nil
	}
	ch, err := r.Channels().Get(row.ChannelID)
	if err != nil {
		return "", fmt.Errorf("read channel: %w", err)
	}
	b, err := r.Workspaces().Brand(ch.BrandID)
	if err == nil && b.Locale != "" {
		return b.Locale, nil
	}
	if err != nil && desk.KindOf(err) != desk.KindNotFound {
		return "", fmt.Errorf("read brand: %w", err)
	}
	w, err := r.Workspaces().Current()
	return w.Locale, err
}
