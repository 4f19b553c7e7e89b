package channel

import (
	"encoding/json"
	"io/fs"
	"strings"
)

// ReadTexts reads a connector's embedded texts (Speaker): "locale/<locale>.json", flat, key to text. It is empty where
// there is no such locale or the file is broken; channeltest finds what is missing.
func ReadTexts(files fs.FS, locale string) map[string]string {
	texts := map[string]string{}
	raw, err := fs.ReadFile(files, "locale/"+locale+".json")
	if err != nil || json.Unmarshal(raw, &texts) != nil {
		return map[string]string{}
	}
	return texts
}

// CleanText makes of a provider's text one that every database keeps: valid UTF-8 without NUL.
func CleanText(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}
