// Package locale holds the core's texts for people, one flat JSON file per language: sentences for errors by their code
// (J18) and the names that set-up gives to first things. A channel's own texts lie in its folder, the screens' in web/.
package locale

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"golang.org/x/text/language"

	"madoguchi/desk"
)

//go:embed en.json ja.json
var files embed.FS

// Locales are the languages with texts, the fallback first.
func Locales() []desk.Locale { return []desk.Locale{desk.LocaleEN, desk.LocaleJA} }

// Known reports whether there are texts in a language.
func Known(l desk.Locale) bool { return l == desk.LocaleEN || l == desk.LocaleJA }

// Key names a text that is no error's sentence.
type Key string

// The texts.
const (
	FirstChannel Key = "setup.channel"    // the name of the first web chat channel
	FirstTeam    Key = "setup.team"       // the name of the team of everybody
	OptOutNotice Key = "notice.opt_out"   // the line that a first message ends with where people can opt out (B2.3)
	AskAgain     Key = "notice.ask_again" // what to do about a link to a file that opens nothing any more (B5.1)

	// What a survey says (B4): the question, what a rating is answered with, the same where it came without a word, and the scale once more.
	CloseNotice    Key = "automation.close_notice"
	SurveyQuestion Key = "survey.question"
	SurveyThanks   Key = "survey.thanks"
	SurveyComment  Key = "survey.comment" // asks what was behind a bare rating
	SurveyHint     Key = "survey.hint"
)

// catalogues are read once; they are compiled in and never change.
var catalogues = sync.OnceValue(func() map[desk.Locale]map[string]string {
	all := map[desk.Locale]map[string]string{}
	for _, l := range Locales() {
		texts := map[string]string{}
		if b, err := files.ReadFile(string(l) + ".json"); err == nil {
			if err := json.Unmarshal(b, &texts); err != nil {
				texts = map[string]string{} // a test reads every file, so this cannot ship
			}
		}
		all[l] = texts
	}
	return all
})

// Text is a text in a language, English where the language is unknown. Marks like {name} are filled from params.
func Text(l desk.Locale, key Key, params map[string]string) string {
	text, ok := lookup(l, string(key))
	if !ok {
		return string(key)
	}
	return fill(text, params)
}

// Error is the sentence for a failure in a language: the code's own, else that of its kind.
func Error(l desk.Locale, e *desk.Error) string {
	text, ok := lookup(l, "error."+e.Code)
	if !ok {
		text, ok = lookup(l, "kind."+string(e.Kind))
	}
	if !ok {
		text, _ = lookup(l, "kind."+string(desk.KindInternal))
	}
	return fill(text, e.Params)
}

func lookup(l desk.Locale, key string) (string, bool) {
	if text, ok := catalogues()[l][key]; ok {
		return text, true
	}
	text, ok := catalogues()[desk.LocaleEN][key]
	return text, ok
}

func fill(text string, params map[string]string) string {
	if len(params) == 0 || !strings.Contains(text, "{") {
		return text
	}
	pairs := make([]string, 0, 2*len(params))
	for name, value := range params {
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

var matcher = sync.OnceValue(func() language.Matcher {
	return language.NewMatcher([]language.Tag{language.English, language.Japanese})
})

const maxAcceptLanguage = 500 // bytes looked at

// Choose picks the language for an Accept-Language header (or a single tag), English if none fits.
func Choose(accept string) desk.Locale {
	if len(accept) > maxAcceptLanguage {
		accept = accept[:maxAcceptLanguage]
	}
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(tags) == 0 {
		return desk.LocaleEN
	}
	_, i, _ := matcher().Match(tags...)
	return Locales()[i]
}

// Check refuses a language without texts: desk.KindInvalid "locale_unknown".
func Check(field string, l desk.Locale) error {
	if Known(l) {
		return nil
	}
	return desk.Invalid(field, "locale_unknown", "%s", fmt.Sprintf("%q is not a language of this server", l))
}
