package whatsapp

import (
	"embed"

	"madoguchi/channel"
)

//go:embed locale/*.json
var localeFiles embed.FS

// Texts are the channel's words for people.
func (Connector) Texts(locale string) map[string]string {
	return channel.ReadTexts(localeFiles, locale)
}
