package search

import (
	"slices"
	"strings"
	"testing"
)

func TestFold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"  Hello,  World! ", "hello world"},
		{"ＡＢＣ　１２３", "abc 123"},
		{"ﾊﾞﾅﾅ", "ばなな"},
		{"サーバー", "さーばー"},
		{"ヴァイオリン", "ゔぁいおりん"},
		{"返金、してください。", "返金 してください"},
		{"iPhone15の修理", "iphone15の修理"},
		{"㈱窓口", "株 窓口"},
		{"ΟΔΟΣ οδός", "οδοσ οδόσ"},
		{"cafe\u0301", "café"},
		{"か\u3099", "が"},
		{"葛\U000E0100飾", "葛飾"},
		{"soft\u00adhyphen", "softhyphen"},
		{"a\u200bb", "ab"},
		{"👍🏽 ok 👨‍👩‍👧", "ok"},
		{"tanaka@example.jp", "tanaka example jp"},
		{"한국어 환불", "한국어 환불"},
		{"\xff\xfeabc", "abc"},
		{"สวัสดี", "สวัสดี"},
	} {
		if got := Fold(c.text); got != c.want {
			t.Errorf("Fold(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	var got tokens
	got.text(inMessage, Fold("返金を Request 申し訳 a社 12"))
	want := []string{"m返金", "m金を", "mrequest", "are", "areq", "m申し", "mし訳", "ma", "m12", "a12"}
	if !slices.Equal(got.all, want) {
		t.Errorf("tokens %q, want %q", got.all, want)
	}
	got = tokens{}
	got.name(Fold("田中 Taro"))
	got.phone("+81 90-1234")
	if want := []string{"u田", "u中", "ut", "h8190", "h1901", "h9012", "h0123", "h1234"}; !slices.Equal(got.all, want) {
		t.Errorf("tokens of a name and a number %q, want %q", got.all, want)
	}
}

func TestMatches(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		query, text string
		want        bool
	}{
		{"返金", "返金してください", true}, // G1.9
		{"返品", "返金してください", false},
		{"ﾍﾝｷﾝ", "ヘンキンについて", true},
		{"へんきん", "ﾍﾝｷﾝについて", true},
		{"ORDER", "my order", true},
		{"ｏｒｄｅｒ", "My Order", true},
		{"ord", "my order", true},
		{"rder", "my order", false},
		{"ord my", "my order", false}, // only the last word may go on
		{"my ord", "an order of my own", true},
		{"order 返金", "返金 of my order", true},
		{"iphoneの修理", "iPhoneの修理を頼む", true},
		{"phoneの修理", "iPhoneの修理を頼む", false},
		{"a社", "A社の件", true},
		{"a社", "AA社の件", false},
		{"abc-1234", "no. ABC 1234", true},
		{"환불", "환불해 주세요", true},
		{"退款", "我要退款", true},
		{"!!!", "anything!!!", false},
		{"é", "cafe\u0301 e\u0301tude", true},
	} {
		if got := ParseQuery(c.query).Matches(c.text); got != c.want {
			t.Errorf("%q in %q: %v, want %v", c.query, c.text, got, c.want)
		}
	}
	if !ParseQuery("田中 example").Matches("田中太郎", "tanaka@example.jp") {
		t.Error("the terms of a question may stand in different fields")
	}
}

func TestQueryKinds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		query        string
		empty, short bool
		number       int64
		phone        string
	}{
		{"", true, true, 0, ""},
		{"、。", true, true, 0, ""},
		{"返", false, true, 0, ""},
		{"返 金", false, true, 0, ""},
		{"返金", false, false, 0, ""},
		{"#12", false, false, 12, ""},
		{"＃７", false, true, 7, ""},
		{"090-1234-5678", false, false, 9012345678, "9012345678"},
		{"+81 90", false, false, 8190, "8190"},
		{"1234567890123456", false, false, 0, ""},
	} {
		q := ParseQuery(c.query)
		if q.Empty() != c.empty || q.Short() != c.short || q.Number() != c.number || q.phone != c.phone {
			t.Errorf("%q: empty %v, short %v, number %d, phone %q", c.query, q.Empty(), q.Short(), q.Number(), q.phone)
		}
	}
}

func TestRanges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ query, text, want string }{
		{"返金", "😀返金、返金", "😀[返金]、[返金]"},
		{"ばなな", "ﾊﾞﾅﾅとバナナ", "[ﾊﾞﾅﾅ]と[バナナ]"},
		{"株 窓", "㈱窓口", "[㈱][窓]口"},
		{"abc bcd", "abcd bcd", "abcd [bcd]"},
		{"を 返金", "返金を", "[返金][を]"},
		{"cafe", "CAFES cafe", "[CAFE]S [cafe]"},
	} {
		if got := marked(c.text, ParseQuery(c.query).Ranges(c.text)); got != c.want {
			t.Errorf("%q in %q: %s, want %s", c.query, c.text, got, c.want)
		}
	}
}

func TestExcerpt(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("前置き", 40) + "\n返金😀" + strings.Repeat("後", 200)
	got, ranges := excerpt(text, ParseQuery("返金").Ranges(text))
	if m := marked(got, ranges); !strings.HasPrefix(m, "…") || !strings.Contains(m, " [返金]😀後") || !strings.HasSuffix(m, "後…") {
		t.Errorf("excerpt %s", m)
	}
	if got, _ := excerpt("短い\n文", nil); got != "短い 文" {
		t.Errorf("excerpt %q", got)
	}
}
