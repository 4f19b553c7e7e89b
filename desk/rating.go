package desk

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxScore is the best rating, 1 the worst.
const MaxScore = 5

// ratingChoice begins the id of an option that is a rating.
const ratingChoice = "rating_"

// RatingChoices are the ratings as options, for channels that have enough of them (G7.1): with labels for 1 to 5, or stars.
func RatingChoices(labels []string) []Choice {
	all := make([]Choice, MaxScore)
	for i := range all {
		all[i] = Choice{ID: ratingChoice + strconv.Itoa(i+1), Label: strings.Repeat("★", i+1)}
		if len(labels) == MaxScore {
			all[i].Label = labels[i]
		}
	}
	return all
}

// ChosenRating is the number that somebody picked from RatingChoices, as text; "" for any other option. Channels may show, and send
// back, more than its label.
func ChosenRating(choice string) string {
	n, ok := strings.CutPrefix(choice, ratingChoice)
	if !ok {
		return ""
	}
	return n
}

// Rating is what a message says when it answers "rate us from 1 to 5" (B4).
type Rating struct {
	Score      int    // 1 to 5, 0 if the message is no answer
	Comment    string // what else it says, NFKC
	OutOfRange bool   // it is a number or stars, but none of the scale: worth one hint (B4.6)
}

var (
	scoreText  = regexp.MustCompile(`^(?:評価|星|[★⭐])?[\s:]*([1-5])\x{FE0F}?\x{20E3}?(?:点|つ|番)?(?:です|でした)?(?:/5)?`)
	scoreStars = regexp.MustCompile(`^((?:[★⭐🌟]\x{FE0F}?)*)(☆*)$`)
	// Up to three digits: a longer number is an order's or a telephone's, and a message like any other.
	otherScore = regexp.MustCompile(`^(?:評価|星|[★⭐])?[\s:]*[+-]?\d{1,3}(?:[.,]\d{1,2})?\x{FE0F}?\x{20E3}?(?:点|つ|番)?(?:です|でした)?(?:/\d{1,2})?[\p{P}\s]*$`)
	// After a digit: a decimal, a date, a time or a range (4.5, 5/12, 5:30, 4-5, 4〜5), not a score and more.
	numberGoesOn = regexp.MustCompile(`^\s?[.,/:~〜-]\s?\d`)
)

const kanjiScores = "一二三四五"

// ReadRating reads an answer on the scale of 1 to 5, as people type it (B4.3).
func ReadRating(text string) Rating {
	text = strings.TrimFunc(norm.NFKC.String(text), invisible)
	if r := readStars(text); r != (Rating{}) {
		return r
	}
	if alone := strings.TrimRightFunc(text, separates); utf8.RuneCountInString(alone) == 1 {
		if i := strings.Index(kanjiScores, alone); i >= 0 {
			return Rating{Score: i/utf8.RuneLen('一') + 1}
		}
	}
	if m := scoreText.FindStringSubmatchIndex(text); m != nil {
		rest := text[m[1]:]
		if next, _ := utf8.DecodeRuneInString(rest); rest == "" || (separates(next) || unicode.IsSymbol(next)) && !numberGoesOn.MatchString(rest) {
			return Rating{Score: int(text[m[2]] - '0'), Comment: strings.TrimLeftFunc(rest, separates)}
		}
	}
	return Rating{OutOfRange: otherScore.MatchString(text)}
}

// readStars counts the full ones of ★★★☆☆.
func readStars(text string) Rating {
	m := scoreStars.FindStringSubmatch(text)
	if m == nil || text == "" {
		return Rating{}
	}
	full := utf8.RuneCountInString(strings.ReplaceAll(m[1], "\ufe0f", ""))
	if full < 1 || full+utf8.RuneCountInString(m[2]) > 5 {
		return Rating{OutOfRange: true}
	}
	return Rating{Score: full}
}

func invisible(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }

func separates(r rune) bool { return invisible(r) || unicode.IsPunct(r) }
