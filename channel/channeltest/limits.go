package channeltest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"madoguchi/channel"
	"madoguchi/desk"
)

// character is one as people see it: 7 runes, 11 units of UTF-16, 25 bytes.
const character = "👨‍👩‍👧‍👦"

// sizeOf measures a text in a unit of Capabilities.
func sizeOf(text, unit string) int {
	switch unit {
	case "utf16":
		return len(utf16.Encode([]rune(text)))
	case "bytes":
		return len(text)
	}
	return utf8.RuneCountInString(text)
}

// testLimits sends a text of just the channel's limit, and longer ones: the first goes out whole, the others in pieces within the
// limit, cut between characters as people see them; every piece is taken.
func testLimits(t *testing.T, s Suite) {
	capable := s.Connector.Spec().Capabilities
	if capable.TextLimit == 0 {
		return
	}
	limit := capable.TextLimit
	if capable.OptOut {
		limit -= channel.NoticeRoom
	}
	full := strings.Repeat(character, limit/sizeOf(character, capable.TextUnit))
	full += strings.Repeat("a", limit-sizeOf(full, capable.TextUnit))
	for _, try := range []struct {
		name, text string
		pieces     int
	}{
		{"one below the limit", full[:len(full)-1], 1},
		{"at the limit", full, 1},
		{"one past the limit", full + "b", 2},
		{"one character across the limit", strings.TrimRight(full, "a") + character, 2},
	} {
		if try.name == "one below the limit" && !strings.HasSuffix(full, "a") {
			continue
		}
		t.Run("send/"+try.name, func(t *testing.T) {
			t.Parallel()
			testText(t, s, try.text, try.pieces)
		})
	}
}

func testText(t *testing.T, s Suite, text string, want int) {
	capable := s.Connector.Spec().Capabilities
	pieces := channel.Split(capable, []desk.Part{{Kind: desk.PartText, Text: text}})
	if len(pieces) != want {
		t.Fatalf("%d pieces, want %d", len(pieces), want)
	}
	joined := ""
	for i, parts := range pieces {
		piece := parts[0].Text
		joined += piece
		if n := sizeOf(piece, capable.TextUnit); n > capable.TextLimit {
			t.Errorf("piece %d has %d %s, the limit is %d", i, n, capable.TextUnit, capable.TextLimit)
		}
		if whole := strings.ReplaceAll(piece, character, ""); strings.Trim(whole, "ab") != "" {
			t.Errorf("piece %d was cut inside a character: …%q", i, whole)
		}
		if err := s.takes(t, parts); err != nil {
			t.Errorf("piece %d: %v", i, err)
		}
	}
	if joined != text {
		t.Error("the pieces joined are another text")
	}
}

// takes sends a text to a provider that accepts it: in one request, and whole.
func (s Suite) takes(t *testing.T, parts []desk.Part) error {
	t.Helper()
	sent := make(chan []byte, 10)
	s.Outgoing.Parts = parts
	_, err := s.send(t, t.Context(), func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sent <- body
		answer(w, r, s.Accept)
	})
	switch {
	case err != nil:
		return err
	case len(sent) != 1:
		return fmt.Errorf("%d requests", len(sent))
	case !carries(<-sent, parts[0].Text):
		return errors.New("the request has another text")
	}
	return nil
}

// carries reports whether a text stands in a body, JSON or a form, as one value.
func carries(body []byte, text string) bool {
	var tree any
	if json.Unmarshal(body, &tree) == nil {
		return stands(tree, text)
	}
	form, _ := url.ParseQuery(string(body)) // what cannot be read carries nothing
	for _, values := range form {
		if slices.Contains(values, text) {
			return true
		}
	}
	return false
}

func stands(tree any, text string) bool {
	switch node := tree.(type) {
	case string:
		return node == text
	case []any:
		return slices.ContainsFunc(node, func(v any) bool { return stands(v, text) })
	case map[string]any:
		for _, v := range node {
			if stands(v, text) {
				return true
			}
		}
	}
	return false
}
