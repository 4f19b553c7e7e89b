package desk

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// CannedReply is a text kept to be used again (G4.5).
type CannedReply struct {
	ID ID
	Ownership
	Name       string            // what is typed after "/": 1..60 characters, unique within its audience
	Reading    string            // よみ, so that kana find it, "" if none
	Folder     string            // at most 60 characters, "" = none
	Texts      map[Locale]string // one or more, each at most 10,000 characters; may name CannedVariables
	Files      []ID              // attachments that it keeps, at most 10, given anew to each message
	Uses       int64
	LastUsedAt time.Time
	CreatedAt  time.Time
	UpdatedAt  time.Time
	Version    int64
}

// CannedVariables are the names that may stand between {{ and }} in a canned reply. The composer fills them in.
func CannedVariables() []string {
	return []string{"contact.name", "contact.email", "contact.phone", "ticket.number", "member.name", "workspace.name", "channel.name"}
}

var variable = regexp.MustCompile(`\{\{\s*([^{}|]*?)\s*(?:\|[^{}]*)?\}\}`)

const (
	maxCannedName  = 60     // runes
	maxCannedText  = 10_000 // runes, as a message
	maxCannedFiles = 10     // as a message
)

// Check refuses a reply that cannot be kept: "canned_audience_invalid", "name_missing", "name_too_long", "text_missing",
// "too_long", "canned_variable_unknown" (params.name), each with its field.
func (c CannedReply) Check() error {
	if err := c.Ownership.check("canned_audience_invalid"); err != nil {
		return err
	}
	switch {
	case c.Name == "":
		return Invalid("name", "name_missing", "a canned reply has a name")
	case utf8.RuneCountInString(c.Name) > maxCannedName:
		return Invalid("name", "name_too_long", "more than %d characters", maxCannedName)
	case utf8.RuneCountInString(c.Reading) > maxCannedName:
		return Invalid("reading", "too_long", "more than %d characters", maxCannedName)
	case utf8.RuneCountInString(c.Folder) > maxCannedName:
		return Invalid("folder", "too_long", "more than %d characters", maxCannedName)
	case len(c.Files) > maxCannedFiles:
		return Invalid("files", "attachments_too_many", "more than %d files", maxCannedFiles)
	case len(c.Texts) == 0:
		return Invalid("texts", "text_missing", "a canned reply has a text in one language or more")
	}
	for locale, text := range c.Texts {
		field := "texts." + string(locale)
		if text == "" {
			return Invalid(field, "text_missing", "the text is empty")
		}
		if utf8.RuneCountInString(text) > maxCannedText {
			return Invalid(field, "too_long", "more than %d characters", maxCannedText)
		}
		if err := knownVariables(field, text); err != nil {
			return err
		}
	}
	return nil
}

// knownVariables refuses a text with a variable that nothing fills: "canned_variable_unknown" with its name.
func knownVariables(field, text string) error {
	for _, found := range variable.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(CannedVariables(), found[1]) {
			e := Invalid(field, "canned_variable_unknown", "no variable %.60q", found[1])
			e.Params = map[string]string{"name": found[1]}
			return e
		}
	}
	return nil
}

// FillCanned puts values into the variables of a text, where there is none what the text says instead ({{name|instead}}).
// missing names those that have neither, each once.
func FillCanned(text string, values map[string]string) (filled string, missing []string) {
	filled = variable.ReplaceAllStringFunc(text, func(found string) string {
		name := variable.FindStringSubmatch(found)[1]
		_, instead, _ := strings.Cut(strings.TrimSuffix(found, "}}"), "|")
		value := cmp.Or(values[name], strings.TrimSpace(instead))
		if value == "" && !slices.Contains(missing, name) {
			missing = append(missing, name)
		}
		return value
	})
	return filled, missing
}
