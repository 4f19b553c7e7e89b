package messaging

import (
	"embed"
	"io/fs"
	"maps"

	"madoguchi/channel"
)

//go:embed locale/*.json
var locales embed.FS

// Texts are a channel's own texts for people in a locale, over those of the refusals and checks that both share.
func Texts(own fs.FS, locale string) map[string]string {
	texts := channel.ReadTexts(locales, locale)
	maps.Copy(texts, channel.ReadTexts(own, locale))
	return texts
}
