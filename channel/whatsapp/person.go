package whatsapp

import (
	"strings"

	"madoguchi/channel"
)

// person is somebody as the webhook names them. Since 2026 everybody has a business-scoped user id ("JP.1…"), and who has
// a user name may have no number (F1).
type person struct {
	Profile struct {
		Name     string `json:"name"`
		Username string `json:"username"`
	} `json:"profile"`
	WaID   loose `json:"wa_id"`
	UserID loose `json:"user_id"`
}

// peer is the person as the desk knows them: by the user id, with the number as the other name (F1). Numbers are the
// world's, and so are user ids in effect: they are long and drawn by Meta, so neither needs a scope.
func peer(number, userID loose, known []person) channel.Peer {
	var p channel.Peer
	for _, k := range known {
		if k.UserID != "" && k.UserID == userID || k.WaID != "" && k.WaID == number || len(known) == 1 && number == "" && userID == "" {
			p.Name = plain(k.Profile.Name)
			if p.Name == "" {
				p.Name = plain(k.Profile.Username)
			}
			if number == "" {
				number = k.WaID
			}
			if userID == "" {
				userID = k.UserID
			}
			break
		}
	}
	p.ExternalID = string(userID)
	switch {
	case userID == "":
		p.ExternalID = string(number)
	case number != userID:
		p.Alias = string(number)
	}
	if isNumber(string(number)) {
		p.Phone = "+" + string(number)
	}
	return p
}

// isNumber tells a telephone number, written without "+", from a user id.
func isNumber(s string) bool {
	return len(s) >= 5 && len(s) <= 15 && strings.Trim(s, "0123456789") == ""
}

// numberOf is the number that somebody can be written to at, "" if it is not known.
func numberOf(p channel.Peer) string {
	for _, s := range []string{p.ExternalID, p.Alias, strings.TrimPrefix(p.Phone, "+")} {
		if isNumber(s) {
			return s
		}
	}
	return ""
}

// japanese guesses whether somebody reads Japanese: the channel's own words are in their language.
func japanese(p channel.Peer) bool {
	if p.Locale != "" {
		return strings.HasPrefix(p.Locale, "ja")
	}
	return strings.HasPrefix(p.ExternalID, "JP.") || strings.HasPrefix(numberOf(p), "81")
}
