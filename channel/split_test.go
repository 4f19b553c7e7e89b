package channel_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"madoguchi/channel"
	"madoguchi/desk"
)

func text(s string, marks ...desk.Mark) desk.Part {
	return desk.Part{Kind: desk.PartText, Text: s, Marks: marks}
}

func TestSplitCutsWherePeopleWould(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		unit  string
		limit int
		in    string
		want  []string
	}{
		"fits":            {"runes", 10, "こんにちは", []string{"こんにちは"}},
		"paragraph":       {"runes", 20, "first one.\n\nsecond one here", []string{"first one.\n\n", "second one here"}},
		"sentence":        {"runes", 10, "ありがとうです。次の文です", []string{"ありがとうです。", "次の文です"}},
		"word":            {"runes", 10, "hello brave new", []string{"hello ", "brave new"}},
		"no boundary":     {"runes", 4, "返金返金返金", []string{"返金返金", "返金"}},
		"utf16 emoji":     {"utf16", 3, "😀😀😀", []string{"😀", "😀", "😀"}},
		"bytes":           {"bytes", 7, "返金返金", []string{"返金", "返金"}},
		"family is whole": {"utf16", 12, "👨‍👩‍👧👨‍👩‍👧", []string{"👨‍👩‍👧", "👨‍👩‍👧"}},
		"over the limit":  {"utf16", 4, "👨‍👩‍👧", []string{"👨‍", "👩‍", "👧"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pieces := channel.Split(channel.Capabilities{TextLimit: test.limit, TextUnit: test.unit}, []desk.Part{text(test.in)})
			var got []string
			for _, p := range pieces {
				got = append(got, p[0].Text)
			}
			if strings.Join(got, "|") != strings.Join(test.want, "|") {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestSplitKeepsOrderAndMarks(t *testing.T) {
	t.Parallel()
	image := desk.Part{Kind: desk.PartImage, AttachmentID: 5}
	pieces := channel.Split(channel.Capabilities{TextLimit: 6, TextUnit: "runes"}, []desk.Part{
		text("hello brave", desk.Mark{Kind: desk.MarkBold, Start: 3, End: 11}), image, text("bye"),
	})
	if len(pieces) != 4 || pieces[2][0].AttachmentID != 5 || pieces[3][0].Text != "bye" {
		t.Fatalf("pieces: %+v", pieces)
	}
	first, second := pieces[0][0], pieces[1][0]
	if first.Text != "hello " || len(first.Marks) != 1 || first.Marks[0].Start != 3 || first.Marks[0].End != 6 {
		t.Errorf("first piece: %+v", first)
	}
	if second.Text != "brave" || len(second.Marks) != 1 || second.Marks[0].Start != 0 || second.Marks[0].End != 5 {
		t.Errorf("second piece: %+v", second)
	}
}

func FuzzSplit(f *testing.F) {
	f.Add("hello 世界。\n\nbye 👨‍👩‍👧", 5, "utf16")
	f.Add(strings.Repeat("é́́́", 9), 2, "runes")
	f.Add("\xff\xfe\x00", 1, "bytes")
	f.Fuzz(func(t *testing.T, s string, limit int, unit string) {
		s = strings.ToValidUTF8(s, "")
		limit %= 50
		pieces := channel.Split(channel.Capabilities{TextLimit: limit, TextUnit: unit}, []desk.Part{text(s)})
		joined := ""
		for _, p := range pieces {
			if len(pieces) > 1 && p[0].Text == "" {
				t.Error("an empty piece")
			}
			if limit >= 4 && unit == "bytes" && len(p[0].Text) > limit || limit > 0 && unit == "runes" && utf8.RuneCountInString(p[0].Text) > limit {
				t.Errorf("%q is over %d %s", p[0].Text, limit, unit)
			}
			joined += p[0].Text
		}
		if joined != s {
			t.Errorf("joined %q, want %q", joined, s)
		}
	})
}
