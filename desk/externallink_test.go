package desk_test

import (
	"errors"
	"strings"
	"testing"

	"madoguchi/desk"
)

func TestExternalLinksLeadWhereAnAdministratorSaid(t *testing.T) {
	t.Parallel()
	for address, code := range map[string]string{
		"https://crm.example/?q={{contact.external_id}}":                       "",
		"https://crm.example/people/{{ contact.email }}#tab":                   "",
		"https://crm.example?plan={{contact.fields.plan}}&n={{ticket.number}}": "",
		"https://クラウド.example/{{contact.name}}":                                "",
		"https://crm.example":                              "",
		"http://crm.example/{{contact.id}}":                "external_link_invalid",
		"javascript:alert({{contact.name}})":               "external_link_invalid",
		"//crm.example/":                                   "external_link_invalid",
		"https://{{contact.name}}/":                        "external_link_invalid",
		"https://crm.example{{contact.name}}/":             "external_link_invalid",
		"https://crm.example{{contact.name}}":              "external_link_invalid",
		"https://crm.example:{{contact.phone}}/":           "external_link_invalid",
		"https://crm.example@{{contact.name}}/":            "external_link_invalid",
		"https://me:word@crm.example/":                     "external_link_invalid",
		`https://crm.example\@{{contact.name}}`:            "external_link_invalid",
		"https:///{{contact.name}}":                        "external_link_invalid",
		"https://crm.example/{{contact.id":                 "external_link_invalid",
		"https://crm.example/a b":                          "external_link_invalid",
		"https://crm.example/\n":                           "external_link_invalid",
		"https://crm.example/" + strings.Repeat("a", 1000): "external_link_invalid",
		"https://crm.example/{{contact.password}}":         "external_link_variable_unknown",
		"https://crm.example/{{contact.fields.}}":          "external_link_variable_unknown",
		"https://crm.example/{{contact.name|nobody}}":      "external_link_variable_unknown",
	} {
		err := desk.CheckExternalLinks([]desk.ExternalLink{{Name: "CRM", URL: "https://ok.example/"}, {Name: "CRM", URL: address}})
		if got := desk.CodeOf(err); got != code {
			t.Errorf("%s: %q, want %q", address, got, code)
		}
		var e *desk.Error
		if errors.As(err, &e) && e.Field != "external_links[1].url" {
			t.Errorf("%s: the field is %q", address, e.Field)
		}
	}
}

func TestExternalLinksHaveNamesAndAnEnd(t *testing.T) {
	t.Parallel()
	link := desk.ExternalLink{Name: "CRM", URL: "https://crm.example/"}
	many := make([]desk.ExternalLink, 21)
	for i := range many {
		many[i] = link
	}
	for code, links := range map[string][]desk.ExternalLink{
		"":                        many[:20],
		"external_links_too_many": many,
		"name_missing":            {{URL: link.URL}},
		"name_too_long":           {{Name: strings.Repeat("名", 61), URL: link.URL}},
	} {
		if got := desk.CodeOf(desk.CheckExternalLinks(links)); got != code {
			t.Errorf("%q, want %q", got, code)
		}
	}
}
