package desk_test

import (
	"testing"

	"madoguchi/desk"
)

func TestRatingChoices(t *testing.T) { // G7.1
	t.Parallel()
	for i, c := range desk.RatingChoices(nil) {
		if desk.ReadRating(desk.ChosenRating(c.ID)).Score != i+1 || desk.ReadRating(c.Label).Score != i+1 {
			t.Errorf("%+v is read otherwise", c)
		}
	}
	if got := desk.ChosenRating("5"); got != "" {
		t.Errorf("another's option: %q", got)
	}
}

func TestReadRating(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]desk.Rating{
		// B4.4: the vectors
		"5": {Score: 5}, "５": {Score: 5}, "⑤": {Score: 5}, "5️⃣": {Score: 5}, "5, great": {Score: 5, Comment: "great"},
		"5です。助かりました": {Score: 5, Comment: "助かりました"}, "星4": {Score: 4}, "★★★☆☆": {Score: 3}, "五": {Score: 5},
		"55": {OutOfRange: true}, "5a": {}, "4.5": {OutOfRange: true}, "10": {OutOfRange: true}, "0": {OutOfRange: true}, "1年前のPC": {}, "3番目の質問": {},
		// B4.3: what may stand before and after
		"評価：３": {Score: 3}, "★2": {Score: 2}, "1点": {Score: 1}, "4点です！": {Score: 4}, "5でした": {Score: 5}, "星5つ": {Score: 5}, "3番": {Score: 3},
		"★★★★★": {Score: 5}, "⭐️⭐️⭐️": {Score: 3}, "★": {Score: 1}, "一。": {Score: 1}, "三": {Score: 3},
		"  4 \n": {Score: 4}, "\u200b4\u200b": {Score: 4}, "5\nありがとう": {Score: 5, Comment: "ありがとう"}, "5😊": {Score: 5, Comment: "😊"}, "5!!": {Score: 5},
		"4 - slow but kind": {Score: 4, Comment: "slow but kind"}, "5/5": {Score: 5}, "5/5 thanks": {Score: 5, Comment: "thanks"},
		"1. The first": {Score: 1, Comment: "The first"},
		// B4.6: a number, but not of the scale
		"6": {OutOfRange: true}, "100点": {OutOfRange: true}, "星0": {OutOfRange: true}, "-1": {OutOfRange: true}, "８/10": {OutOfRange: true},
		"★★★★★★": {OutOfRange: true}, "☆☆☆☆☆": {OutOfRange: true}, "4,5": {OutOfRange: true},
		// and what is none
		"": {}, "ok": {}, "六": {}, "五日に届きますか": {}, "5/12に届きますか": {}, "5:30に電話ください": {}, "4-5日かかりますか": {}, "5個ください": {}, "5 つ目": {Score: 5, Comment: "つ目"},
		"1234567": {}, "090-1234-5678": {}, "2つの質問": {}, "great 5": {}, "ありがとうございました": {},
	} {
		if got := desk.ReadRating(text); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}
