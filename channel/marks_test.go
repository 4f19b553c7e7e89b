package channel_test

import (
	"slices"
	"testing"

	"madoguchi/channel"
	"madoguchi/desk"
)

func mark(kind desk.MarkKind, start, end int) desk.Mark {
	return desk.Mark{Kind: kind, Start: start, End: end}
}

func TestMarkSyntax(t *testing.T) {
	t.Parallel()
	syntax := channel.MarkSyntax{
		Bold: channel.Same("*"), Italic: channel.Same("_"), Strike: channel.Same("~"), Code: channel.Signs{Open: "<", Close: ">"}, Item: "- ",
	}
	link := desk.Mark{Kind: desk.MarkLink, Start: 0, End: 4, Href: "https://example.test/a"}
	for name, try := range map[string]struct {
		text        string
		marks       []desk.Mark
		want, plain string
	}{
		"none":             {"a*b", nil, "a*b", "a*b"},
		"bold":             {"very big", []desk.Mark{mark(desk.MarkBold, 5, 8)}, "very *big*", "very big"},
		"whole":            {"big", []desk.Mark{mark(desk.MarkBold, 0, 3)}, "*big*", "big"},
		"Japanese":         {"😀重要です", []desk.Mark{mark(desk.MarkBold, 2, 4)}, "😀*重要*です", "😀重要です"},
		"half an emoji":    {"😀a", []desk.Mark{mark(desk.MarkBold, 1, 3)}, "😀*a*", "😀a"},
		"spaces at edges":  {"a big dog", []desk.Mark{mark(desk.MarkBold, 1, 6)}, "a *big* dog", "a big dog"},
		"only spaces":      {"a  b", []desk.Mark{mark(desk.MarkBold, 1, 3)}, "a  b", "a  b"},
		"over lines":       {"one\n\ntwo", []desk.Mark{mark(desk.MarkBold, 0, 8)}, "*one*\n\n*two*", "one\n\ntwo"},
		"nested":           {"abcd", []desk.Mark{mark(desk.MarkItalic, 1, 3), mark(desk.MarkBold, 0, 4)}, "*a_bc_d*", "abcd"},
		"same span":        {"ab", []desk.Mark{mark(desk.MarkItalic, 0, 2), mark(desk.MarkBold, 0, 2)}, "*_ab_*", "ab"},
		"crossing":         {"abcdef", []desk.Mark{mark(desk.MarkBold, 0, 4), mark(desk.MarkItalic, 2, 6)}, "*ab_cd_*_ef_", "abcdef"},
		"twice the same":   {"abcd", []desk.Mark{mark(desk.MarkBold, 0, 3), mark(desk.MarkBold, 2, 4)}, "*abcd*", "abcd"},
		"nothing in code":  {"abcd", []desk.Mark{mark(desk.MarkBold, 0, 4), mark(desk.MarkCode, 1, 3)}, "*a*<bc>*d*", "abcd"},
		"link":             {"here now", []desk.Mark{link}, "here (https://example.test/a) now", "here (https://example.test/a) now"},
		"bold link":        {"here", []desk.Mark{mark(desk.MarkBold, 0, 4), link}, "*here* (https://example.test/a)", "here (https://example.test/a)"},
		"link that says":   {"a@example.test", []desk.Mark{{Kind: desk.MarkLink, Start: 0, End: 14, Href: "mailto:a@example.test"}}, "a@example.test", "a@example.test"},
		"list":             {"top\none\ntwo", []desk.Mark{mark(desk.MarkItem, 4, 11)}, "top\n- one\n- two", "top\n• one\n• two"},
		"bold item":        {"one", []desk.Mark{mark(desk.MarkItem, 0, 1), mark(desk.MarkBold, 0, 3)}, "- *one*", "• one"},
		"outside the text": {"ab", []desk.Mark{mark(desk.MarkBold, 1, 99), mark(desk.MarkItalic, 7, 9), mark(desk.MarkStrike, -3, 1)}, "~a~*b*", "ab"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := syntax.Write(try.text, try.marks); got != try.want {
				t.Errorf("got %q, want %q", got, try.want)
			}
			if got := channel.PlainMarks.Write(try.text, try.marks); got != try.plain {
				t.Errorf("plain: got %q, want %q", got, try.plain)
			}
		})
	}
}

func TestMarksThatFit(t *testing.T) {
	t.Parallel()
	syntax := channel.MarkSyntax{Bold: channel.Same("*")}
	marks := []desk.Mark{mark(desk.MarkBold, 0, 2), {Kind: desk.MarkLink, Start: 2, End: 4, Href: "tel:+1"}}
	for limit, want := range map[int]string{11: "*ab*cd (+1)", 10: "abcd (+1)", 8: "abcd"} {
		if got := syntax.Fit("abcd", marks, func(s string) bool { return len(s) <= limit }); got != want {
			t.Errorf("within %d: %q, want %q", limit, got, want)
		}
	}
}

func FuzzMarks(f *testing.F) {
	f.Add("a *b* 😀\nc", 0, 4, 2, 9)
	f.Fuzz(func(t *testing.T, text string, a, b, c, d int) {
		marks := []desk.Mark{mark(desk.MarkBold, a, b), mark(desk.MarkCode, c, d), mark(desk.MarkItem, b, c)}
		syntax := channel.MarkSyntax{Bold: channel.Signs{Open: "\x01", Close: "\x02"}, Code: channel.Signs{Open: "\x01", Close: "\x02"}}
		depth := 0
		for _, r := range syntax.Write(text, marks) {
			switch r {
			case 1:
				depth++
			case 2:
				depth--
			}
			if depth < 0 && !hasSign(text) {
				t.Fatal("closed before it was opened")
			}
		}
		if depth != 0 && !hasSign(text) {
			t.Fatal("not closed")
		}
	})
}

func hasSign(s string) bool {
	for _, r := range s {
		if r == 1 || r == 2 {
			return true
		}
	}
	return false
}

func TestMarksAsTheyAreSeen(t *testing.T) {
	t.Parallel()
	syntax := channel.MarkSyntax{Bold: channel.Same("*"), Italic: channel.Same("_"), Item: "- "}
	fits := func(limit int) func(string) bool { return func(s string) bool { return len(s) <= limit } }
	part := desk.Part{Kind: desk.PartText, Text: "top\n😀ab cd", Marks: []desk.Mark{
		mark(desk.MarkItem, 4, 11), mark(desk.MarkBold, 4, 8), mark(desk.MarkItalic, 6, 11), mark(desk.MarkStrike, 0, 3),
		{Kind: desk.MarkLink, Start: 0, End: 3, Href: "tel:+1"},
	}}
	for name, try := range map[string]struct {
		limit int
		text  string
		marks []desk.Mark
	}{
		"signs fit": {99, "top (+1)\n- 😀ab cd", []desk.Mark{
			mark(desk.MarkItalic, 13, 15), mark(desk.MarkBold, 11, 15), mark(desk.MarkItalic, 15, 18),
		}},
		"plain fits": {24, "top (+1)\n• 😀ab cd", nil},
		"words fit":  {13, "top\n😀ab cd", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := syntax.Show(part, fits(try.limit))
			if got.Text != try.text || !slices.Equal(got.Marks, try.marks) {
				t.Errorf("got %q %+v, want %q %+v", got.Text, got.Marks, try.text, try.marks)
			}
		})
	}
}
