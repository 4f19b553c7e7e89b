package desk

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ExternalLink leads from a customer to their page in another system (G3.1).
type ExternalLink struct {
	Name string `json:"name"`
	URL  string `json:"url"` // https, with variables behind its host: https://crm.example/?q={{contact.email}}
}

// ExternalLinkVariables are the names that may stand between {{ and }} in a link, beside [ExternalLinkField] and a field's key.
func ExternalLinkVariables() []string {
	return []string{"contact.id", "contact.external_id", "contact.name", "contact.email", "contact.phone", "ticket.number"}
}

// ExternalLinkField is what a link's variable of a contact's custom field begins with.
const ExternalLinkField = "contact.fields."

const (
	maxExternalLinks    = 20
	maxExternalLinkName = 60   // runes
	maxExternalLinkURL  = 1000 // bytes
)

// A link's variable has no alternative: where it is empty there is no page to lead to.
var linkVariable = regexp.MustCompile(`\{\{\s*([^{}]*?)\s*\}\}`)

// CheckExternalLinks refuses links that cannot be kept: "external_links_too_many", "name_missing", "name_too_long",
// "external_link_invalid", "external_link_variable_unknown" (params.name), each with the field of the link that is wrong.
func CheckExternalLinks(links []ExternalLink) error {
	if len(links) > maxExternalLinks {
		return Invalid("external_links", "external_links_too_many", "%d links are more than %d", len(links), maxExternalLinks)
	}
	for i, l := range links {
		if err := l.check("external_links[" + ID(i).String() + "]."); err != nil {
			return err
		}
	}
	return nil
}

func (l ExternalLink) check(field string) error {
	switch {
	case l.Name == "":
		return Invalid(field+"name", "name_missing", "a link has a name")
	case utf8.RuneCountInString(l.Name) > maxExternalLinkName:
		return Invalid(field+"name", "name_too_long", "a link's name has at most %d characters", maxExternalLinkName)
	case !leadsOut(l.URL):
		return Invalid(field+"url", "external_link_invalid", "%.80q is no https address whose host is fixed", l.URL)
	}
	for _, found := range linkVariable.FindAllStringSubmatch(l.URL, -1) {
		key, custom := strings.CutPrefix(found[1], ExternalLinkField)
		if custom && key != "" || slices.Contains(ExternalLinkVariables(), found[1]) {
			continue
		}
		e := Invalid(field+"url", "external_link_variable_unknown", "no variable %.60q", found[1])
		e.Params = map[string]string{"name": found[1]}
		return e
	}
	return nil
}

// leadsOut reports whether an address is https and its host stands fixed: what a customer says of themselves never decides where
// a member goes.
func leadsOut(address string) bool {
	rest, https := strings.CutPrefix(address, "https://")
	if !https || len(address) > maxExternalLinkURL || strings.ContainsFunc(address, unicode.IsControl) {
		return false
	}
	host := rest
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		host = rest[:end]
	}
	filled := linkVariable.ReplaceAllString(address, "x")
	u, err := url.Parse(filled)
	return err == nil && u.Hostname() != "" && !strings.ContainsAny(host, "{}@") && !strings.ContainsAny(filled, `{}\ `)
}
