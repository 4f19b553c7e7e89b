package desk_test

import (
	"testing"

	"madoguchi/desk"
)

func TestCleanName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"  山田\t太郎\n ":     "山田 太郎",
		"a\x00b\x1b[31m":  "a b [31m",
		"a\xffb":          "a b",
		"\u202egnp.exe":   "gnp.exe",
		"👨‍👩‍👧":           "👨‍👩‍👧",
		"❤️":              "❤️",
		"نام\u200cها":     "نام\u200cها",
		"\u202e\u200b":    "",
		"\u3000 \u00a0":   "",
		"\u3164\u2800":    "",
		"\ufe0f\u200d":    "",
		"\u0085\u2028":    "",
		"<b>{{name}}</b>": "<b>{{name}}</b>",
	} {
		if got := desk.CleanName(name); got != want {
			t.Errorf("%q is kept as %q, not %q", name, got, want)
		}
	}
}

func TestCleanText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		" 一行目\n\n二行目 \n": "一行目\n\n二行目",
		"a\x00b\xff":     "ab",
		"\u200b\n\u2060": "",
	} {
		if got := desk.CleanText(text); got != want {
			t.Errorf("%q is kept as %q, not %q", text, got, want)
		}
	}
}
