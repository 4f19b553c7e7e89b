package desk

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Keyword is what a message asks for that is nothing but one word like STOP (B3).
type Keyword string

// The keywords. "" is any other message.
const (
	KeywordOptOut Keyword = "opt_out"
	KeywordOptIn  Keyword = "opt_in"
	KeywordHelp   Keyword = "help"
)

// What customers write, folded. The words that providers act upon themselves are here too and cannot be taken away
// (B3.3). キャンセル is missing on purpose: it cancels an order (B3.2).
var (
	optOutWords = []string{
		"stop", "unsubscribe", "cancel", "end", "stopall", "quit", "revoke", "optout", "stop all", "opt out", "opt-out",
		"停止", "配信停止", "登録解除", "受信拒否", "解除", "ストップ",
		"arret", "arrêt",
	}
	optInWords = []string{"start", "unstop", "再開", "配信再開"}
	yesWord    = "yes" // opts in, but only who is out (B3.14)
	helpWords  = []string{"help", "info", "ヘルプ"}
)

// MaxKeyword is how long an opt-out keyword of the workspace's own may be, in runes (B3.3).
const MaxKeyword = 30

// ReadKeyword tells what a message asks for if the whole of it is a keyword, and the word as it compares (B3.4). added are
// further opt-out words; optedOut, whether the writer is opted out.
func ReadKeyword(text string, optedOut bool, added []string) (Keyword, string) {
	word := foldKeyword(text)
	switch {
	case word == "":
		return "", ""
	case slices.Contains(optOutWords, word), slices.ContainsFunc(added, func(own string) bool { return foldKeyword(own) == word }):
		return KeywordOptOut, word
	case slices.Contains(optInWords, word), word == yesWord && optedOut:
		return KeywordOptIn, word
	case slices.Contains(helpWords, word):
		return KeywordHelp, word
	}
	return "", ""
}

// CheckKeywords refuses opt-out words that would never match, are over MaxKeyword, or already mean something else:
// "keyword_invalid" of the field.
func CheckKeywords(field string, words []string) error {
	for _, w := range words {
		folded := foldKeyword(w)
		k, _ := ReadKeyword(w, true, nil)
		if folded == "" || utf8.RuneCountInString(w) > MaxKeyword || k != "" && k != KeywordOptOut {
			e := Invalid(field, "keyword_invalid", "%q cannot be an opt-out keyword", w)
			e.Params = map[string]string{"word": w}
			return e
		}
	}
	return nil
}

// foldKeyword writes a text as keywords are compared (B3.4).
func foldKeyword(text string) string {
	text = strings.TrimFunc(foldWords(text), func(r rune) bool {
		return unicode.IsPunct(r) || unicode.IsSymbol(r) || unicode.IsSpace(r)
	})
	return strings.Join(strings.Fields(text), " ")
}

// foldWords takes width, case and what cannot be seen out of a text.
func foldWords(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) {
			return -1
		}
		return r
	}, norm.NFKC.String(text))
	return cases.Fold().String(text)
}
