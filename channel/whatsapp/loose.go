package whatsapp

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/graph"
)

// loose is an id or a time that Meta writes as a string on some fields and as a number on others.
type loose string

// UnmarshalJSON takes a string or a number.
func (l *loose) UnmarshalJSON(raw []byte) error {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		*l = loose(plain(s))
		return nil
	}
	var n json.Number
	if err := json.Unmarshal(raw, &n); err != nil {
		return err
	}
	*l = loose(n)
	return nil
}

// instant reads a time, zero if it is none.
func (l loose) instant() time.Time {
	n, err := strconv.ParseInt(string(l), 10, 64)
	if err != nil {
		return time.Time{}
	}
	return graph.Instant(n)
}

// plain is a provider's text as we keep it.
func plain(s string) string { return strings.TrimSpace(channel.CleanText(s)) }

// lines joins what is said, a line each.
func lines(all ...string) string {
	var said []string
	for _, s := range all {
		if s = plain(s); s != "" {
			said = append(said, s)
		}
	}
	return strings.Join(said, "\n")
}
