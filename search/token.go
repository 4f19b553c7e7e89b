package search

import (
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"madoguchi/store"
)

// A token is a mark for the kind of text it came from, and a piece of the folded text: a word, the beginning of a word, or
// two neighbours of a script without spaces. Folded text has neither capitals nor punctuation, so nothing needs quotes.
type mark byte

const (
	inMessage     mark = 'm'
	inNote        mark = 'n'
	inFile        mark = 'f' // an attachment's name
	inContact     mark = 'c' // name, e-mail, external id
	inContactNote mark = 'k'
	inName        mark = 'u' // one character: what a word of a name begins with, or any of a name without spaces
	inPhone       mark = 'h' // phonePiece digits in a row
)

// opening is the mark of words' beginnings, beside the one of whole words.
func (m mark) opening() mark {
	switch m {
	case inMessage:
		return 'a'
	case inNote:
		return 'b'
	case inFile:
		return 'd'
	case inContact:
		return 'e'
	}
	return 'g'
}

const (
	// maxWord is how much of a word is kept, in characters; the rest is compared in the text.
	maxWord = 32
	// Beginnings of these lengths are tokens of their own, because too many words share them to be gathered.
	minOpening, maxOpening = 2, 3
	phonePiece             = 4
	// maxTokens is how many tokens of a question are looked up; the text decides the rest.
	maxTokens = 24
)

// tokens collects each token once.
type tokens struct {
	all  []string
	seen map[string]bool
}

func (t *tokens) add(m mark, piece string) {
	token := string(rune(m)) + piece
	if t.seen == nil {
		t.seen = map[string]bool{}
	}
	if !t.seen[token] {
		t.seen[token] = true
		t.all = append(t.all, token)
	}
}

// text adds what a folded text can be found by.
func (t *tokens) text(m mark, folded string) {
	for piece, c := range pieces(folded) {
		if c == dense {
			for pair := range grams(piece, 2) {
				t.add(m, pair)
			}
			continue
		}
		t.add(m, head(piece, maxWord))
		for n := minOpening; n <= maxOpening; n++ {
			if h := head(piece, n); utf8.RuneCountInString(h) == n {
				t.add(m.opening(), h)
			}
		}
	}
}

// name adds what a folded name can be found by with one character.
func (t *tokens) name(folded string) {
	for piece, c := range pieces(folded) {
		if c == letter {
			piece = head(piece, 1)
		}
		for r := range grams(piece, 1) {
			t.add(inName, r)
		}
	}
}

// phone adds the pieces of a phone number.
func (t *tokens) phone(number string) {
	for piece := range grams(onlyDigits(number), phonePiece) {
		t.add(inPhone, piece)
	}
}

// pieces are the longest runs of letters of one class in a folded text.
func pieces(folded string) iter.Seq2[string, class] {
	return func(yield func(string, class) bool) {
		start, last := 0, gap
		for i, r := range folded {
			c := folded1(r, last)
			if c == last {
				continue
			}
			if last != gap && !yield(folded[start:i], last) {
				return
			}
			start, last = i, c
		}
		if last != gap {
			yield(folded[start:], last)
		}
	}
}

// folded1 is the class of a character of a folded text after another: a mark belongs to what it stands on.
func folded1(r rune, last class) class {
	if r == ' ' {
		return gap
	}
	c := classOf(r)
	if c == letter && last != gap && isMark(r) {
		return last
	}
	if c == dense {
		return dense
	}
	return letter
}

// grams are every n characters in a row.
func grams(piece string, n int) iter.Seq[string] {
	return func(yield func(string) bool) {
		starts := make([]int, 0, len(piece)/2)
		for i := range piece {
			starts = append(starts, i)
		}
		starts = append(starts, len(piece))
		for i := 0; i+n < len(starts); i++ {
			if !yield(piece[starts[i]:starts[i+n]]) {
				return
			}
		}
	}
}

// head is at most n characters from the front.
func head(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// lookup are the tokens that a text must have to answer a question; none if it cannot be looked up this way.
func (q Query) lookup(m mark) []store.Token {
	var all []store.Token
	add := func(m mark, piece string, open bool) {
		token := store.Token{Text: string(rune(m)) + piece, Open: open}
		if len(all) < maxTokens && !slices.Contains(all, token) {
			all = append(all, token)
		}
	}
	for _, t := range q.terms {
		end := 0
		for piece, c := range pieces(t.text) {
			end += len(piece)
			if c == dense {
				for pair := range grams(piece, 2) {
					add(m, pair, false)
				}
				continue
			}
			length := utf8.RuneCountInString(piece)
			switch open := t.open && end == len(t.text); {
			case !open || length >= maxWord:
				add(m, head(piece, maxWord), false)
			case length > maxOpening:
				add(m, piece, true)
			case length >= minOpening:
				add(m.opening(), piece, false)
			}
		}
	}
	return all
}

// lookupName are the tokens of a question of single characters.
func (q Query) lookupName() []store.Token {
	var all []store.Token
	for _, t := range q.terms {
		all = append(all, store.Token{Text: string(rune(inName)) + t.text})
	}
	return all
}

// lookupPhone are the tokens of a question that is a phone number or a part of one; none if it is not.
func (q Query) lookupPhone() []store.Token {
	var all []store.Token
	for piece := range grams(q.phone, phonePiece) {
		if len(all) < maxTokens {
			all = append(all, store.Token{Text: string(rune(inPhone)) + piece})
		}
	}
	return all
}
