package desk

import (
	"slices"
	"strings"
	"unicode"
)

// How people end messages in their own words (B3.6), folded. What is asked of the business rather than of its messages
// ("stop my card", キャンセル) is not here; a false alarm costs a look, so doubtful wordings are.
var (
	// Anywhere, between borders of words; apostrophes are left out.
	stopPhrases = []string{
		"stop please", "please stop", "stop now", "stop it", "stop this", "stop that", "stop these", "stop texting", "stop messaging",
		"stop sending", "stop contacting", "stop calling", "stop writing", "stop bothering", "stop spamming", "stop the texts",
		"stop the messages", "stop text", "stop texts", "stop message", "stop messages", "stop sms", "stop all messages", "stop all texts",
		"dont text", "do not text", "dont message", "do not message", "dont contact", "do not contact", "dont send me", "do not send me",
		"dont write me", "do not write me", "no more texts", "no more messages", "no more sms",
		"unsubscribe", "opt out", "opt me out", "opting out", "optout", "remove me", "remove my number", "delete my number",
		"take me off", "leave me alone", "revoke my consent",
	}
	// Anywhere: Japanese has no borders of words.
	stopPhrasesJA = []string{
		"配信停止", "配信を停止", "配信を止め", "配信をやめ", "配信を解除", "配信不要", "配信しないで",
		"受信停止", "受信拒否", "受信を停止", "受信を拒否", "登録解除", "登録を解除", "購読解除", "購読を解除",
		"メッセージを停止", "メッセージを止め", "メッセージをやめ", "smsを停止", "smsを止め", "smsをやめ", "メールを停止", "メールを止め", "メールをやめ",
		"送らないで", "送ってこないで", "送信しないで", "送信を停止", "送信を止め", "送信をやめ", "送るのをやめ", "送るのを止め", "送るな",
		"連絡しないで", "連絡してこないで", "連絡をやめ", "連絡を止め", "連絡不要",
	}
	// A whole message: with an object they are about something else (カードを停止してください).
	stopMessagesJA = []string{"停止", "解除", "ストップ", "拒否"}
	stopEndingsJA  = []string{
		"して", "してください", "して下さい", "してほしい", "して欲しい", "してくれ", "したい", "したいです", "希望", "希望です", "希望します",
		"お願いします", "をお願いします", "お願い", "を希望します", "で", "でお願いします", "します",
	}
)

// SuspectsOptOut reports whether a message may mean that its writer wants no more of them, without being a keyword (B3.6).
// A person decides; until then no automation writes.
func SuspectsOptOut(text string, added []string) bool {
	if k, _ := ReadKeyword(text, false, added); k != "" {
		return false
	}
	words := wordsOf(text)
	if slices.ContainsFunc(stopPhrases, func(p string) bool { return strings.Contains(words, " "+p+" ") }) {
		return true
	}
	dense := strings.Join(strings.Fields(foldWords(text)), "")
	if slices.ContainsFunc(stopPhrasesJA, func(p string) bool { return strings.Contains(dense, p) }) {
		return true
	}
	whole := strings.ReplaceAll(foldKeyword(text), " ", "")
	for _, verb := range stopMessagesJA {
		if ending, ok := strings.CutPrefix(whole, verb); ok && slices.Contains(stopEndingsJA, ending) {
			return true
		}
	}
	return false
}

// How a text of ours asks for a word to be sent back, before and after the word.
var (
	askedBefore = []string{"reply ", "reply with ", "text ", "répondez "}
	askedAfter  = []string{"と返信", "とご返信", "を返信", "をご返信", "とお返事", "と送信", "を送信"}
)

// TellsOptOut reports whether a text of ours tells how to opt out: an opt-out word to be sent back, as in "Reply STOP" or
// 「STOPと返信」. The first message to somebody must (B2.3).
func TellsOptOut(text string, added []string) bool {
	words := wordsOf(text)
	return slices.ContainsFunc(slices.Concat(optOutWords, added), func(word string) bool { return asksBack(words, strings.TrimSpace(wordsOf(word))) })
}

func asksBack(words, word string) bool {
	if word == "" {
		return false
	}
	border := ""
	if word[0] <= unicode.MaxASCII {
		border = " "
	}
	return slices.ContainsFunc(askedBefore, func(ask string) bool { return strings.Contains(words, wordsOf(ask)+word+" ") }) ||
		slices.ContainsFunc(askedAfter, func(ask string) bool {
			return strings.Contains(words, border+word+ask) || strings.Contains(words, border+word+" "+ask)
		})
}

// wordsOf folds a text to its words with a space before, between and after them. Punctuation is a border, and so is the
// change from ASCII to other letters (STOPと); an apostrophe inside a word is dropped ("don’t" is "dont").
func wordsOf(text string) string {
	var b strings.Builder
	b.WriteByte(' ')
	previous := ' '
	for _, r := range foldWords(text) {
		switch {
		case r == '\'' || r == '’':
			continue
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			r = ' '
		}
		if r != ' ' && previous != ' ' && (r <= unicode.MaxASCII) != (previous <= unicode.MaxASCII) {
			b.WriteByte(' ')
		}
		if r != ' ' || previous != ' ' {
			b.WriteRune(r)
		}
		previous = r
	}
	if previous != ' ' {
		b.WriteByte(' ')
	}
	return b.String()
}
