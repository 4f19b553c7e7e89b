package desk_test

import (
	"strings"
	"testing"

	"madoguchi/desk"
)

func TestReadKeyword(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		out  bool // the writer is opted out
		want desk.Keyword
	}{
		// B3.1, B3.2: the seed's and the provider's words
		{"STOP", false, desk.KeywordOptOut}, {"UNSUBSCRIBE", false, desk.KeywordOptOut}, {"CANCEL", false, desk.KeywordOptOut}, {"END", false, desk.KeywordOptOut},
		{"STOPALL", false, desk.KeywordOptOut}, {"QUIT", false, desk.KeywordOptOut}, {"REVOKE", false, desk.KeywordOptOut}, {"OPTOUT", false, desk.KeywordOptOut},
		{"OPT OUT", false, desk.KeywordOptOut}, {"OPT-OUT", false, desk.KeywordOptOut}, {"ARRET", false, desk.KeywordOptOut}, {"Arrêt", false, desk.KeywordOptOut},
		{"停止", false, desk.KeywordOptOut}, {"配信停止", false, desk.KeywordOptOut}, {"登録解除", false, desk.KeywordOptOut}, {"受信拒否", false, desk.KeywordOptOut},
		{"解除", false, desk.KeywordOptOut}, {"ストップ", false, desk.KeywordOptOut},
		// B3.5: the vectors
		{" stop ", false, desk.KeywordOptOut}, {"ＳＴＯＰ", false, desk.KeywordOptOut}, {"Stop.", false, desk.KeywordOptOut}, {"stop!!", false, desk.KeywordOptOut},
		{"“STOP”", false, desk.KeywordOptOut}, {"stop all", false, desk.KeywordOptOut}, {"Ｏｐｔ－Ｏｕｔ", false, desk.KeywordOptOut},
		{"STOP please", false, ""}, {"The end", false, ""}, {"S T O P", false, ""}, {"キャンセル", false, ""}, {"配信停止してください", false, ""},
		// B3.4: what cannot be seen, ideographic spaces, half width, repeated spaces, emoji
		{"\u200bST\u00adOP\ufeff", false, desk.KeywordOptOut}, {"　停止　。", false, desk.KeywordOptOut}, {"ｽﾄｯﾌﾟ", false, desk.KeywordOptOut},
		{"stop \t\n all", false, desk.KeywordOptOut}, {"STOP ❗️", false, desk.KeywordOptOut}, {"ſtop", false, desk.KeywordOptOut},
		{"", false, ""}, {"!!", false, ""}, {"stopp", false, ""}, {"停止中", false, ""},
		// B3.14
		{"START", false, desk.KeywordOptIn}, {"unstop", true, desk.KeywordOptIn}, {"再開", true, desk.KeywordOptIn}, {"「配信再開」", true, desk.KeywordOptIn},
		{"YES", true, desk.KeywordOptIn}, {"Yes!", true, desk.KeywordOptIn}, {"YES", false, ""}, {"yes please", true, ""},
		// B3.16
		{"HELP", false, desk.KeywordHelp}, {"info", true, desk.KeywordHelp}, {"ヘルプ", false, desk.KeywordHelp}, {"help me", false, ""},
	} {
		if got, _ := desk.ReadKeyword(c.text, c.out, nil); got != c.want {
			t.Errorf("%q (opted out %v): %q, want %q", c.text, c.out, got, c.want)
		}
	}
}

func TestReadKeywordTakesTheWorkspacesWords(t *testing.T) {
	t.Parallel()
	added := []string{"もう不要", "Désabonner"}
	for text, want := range map[string]string{"もう不要。": "もう不要", "DÉSABONNER": "désabonner", "不要": "", "Stop": "stop"} {
		k, word := desk.ReadKeyword(text, false, added)
		if word != want || (k == desk.KeywordOptOut) != (want != "") {
			t.Errorf("%q: %q %q, want %q", text, k, word, want)
		}
	}
	if err := desk.CheckKeywords("opt_out_words", added); err != nil {
		t.Errorf("good words: %v", err)
	}
	for _, bad := range []string{"", " 。 ", strings.Repeat("あ", 31), "START", "yes", "ヘルプ"} {
		if err := desk.CheckKeywords("opt_out_words", []string{bad}); desk.CodeOf(err) != "keyword_invalid" {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestSuspectsOptOut(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		// B3.6: the vectors
		"STOP please": true, "配信停止してください": true, "don't text me": true,
		"Don’t text me again!": true, "please STOP texting me": true, "I want to unsubscribe from this": true, "opt-out please": true,
		"ＤＯ ＮＯＴ ＣＯＮＴＡＣＴ ＭＥ": true, "Stop it.": true, "take me off your list": true,
		"停止してください。": true, "解除希望です": true, "ストップでお願いします": true, "もう送らないでください": true, "ＳＭＳを止めて": true, "登録 解除 したい": true,
		// a keyword is one, not a suspicion
		"STOP": false, "配信停止": false, "START": false,
		// and most messages are neither
		"The end": false, "S T O P": false, "キャンセル": false, "please stop by the store": true, "Where is the bus stop?": false,
		"カードを停止してください": false, "ロックの解除方法を教えてください": false, "nonstop texting": false, "注文をキャンセルしたい": false, "": false,
		"the laundry stopped sending water": false, "don't textbook": false,
	} {
		if got := desk.SuspectsOptOut(text, nil); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
	if desk.SuspectsOptOut("please stop", []string{"Please stop"}) {
		t.Error("a word of the workspace's own is a keyword, not a suspicion")
	}
}

func TestTellsOptOut(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"STOPと返信すると登録解除": true, "ご注文を承りました。配信停止は「停止」とご返信ください": true, "受信拒否はＳＴＯＰ と返信": true,
		"Your parcel is here. Reply STOP to unsubscribe.": true, "Reply with \"stop\" to opt out": true, "Text QUIT to end": true,
		"We will reply by the end of the day": false, "ご返信をお待ちしています": false, "解約は停止できません。ご返信ください": false, "backend と返信": false, "": false,
	} {
		if got := desk.TellsOptOut(text, nil); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
	if !desk.TellsOptOut("「不要」と返信", []string{"不要"}) {
		t.Error("a word of the workspace's own is one too")
	}
}
