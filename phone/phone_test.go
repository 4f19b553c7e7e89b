package phone_test

import (
	"regexp"
	"testing"

	"madoguchi/desk"
	"madoguchi/phone"
)

func TestE164(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ written, country, want string }{
		{"03-1234-5678", "JP", "+81312345678"},
		{"090-1234-5678", "JP", "+819012345678"},
		{"０９０ー１２３４ー５６７８", "JP", "+819012345678"}, // full width, as a Japanese keyboard writes it
		{"(03) 1234 5678", "JP", "+81312345678"},
		{"0120-000-000", "JP", "+81120000000"},
		{"+81 (0)3-1234-5678", "JP", "+81312345678"},
		{"+1 415-555-0100", "JP", "+14155550100"},
		{"+81 90 1234 5678", "", "+819012345678"},
		{"020 7946 0018", "GB", "+442079460018"},
	} {
		if got, err := phone.E164(c.written, c.country); err != nil || got != c.want {
			t.Errorf("%q in %q: %q, %v; want %q", c.written, c.country, got, err, c.want)
		}
	}
	for _, c := range []struct{ written, country string }{
		{"090-1234-5678", ""}, {"", "JP"}, {"12", "JP"}, {"090-1234-56789012", "JP"}, {"+", "JP"}, {"call me", "JP"},
		{"03-1234-5678 ext 9", "JP"}, {"1-800-FLOWERS", "US"}, {"03-1234-5678;ext=9", "JP"}, {"+999 1234567", "JP"},
	} {
		if got, err := phone.E164(c.written, c.country); desk.CodeOf(err) != "phone_invalid" {
			t.Errorf("%q in %q: %q, %v", c.written, c.country, got, err)
		}
	}
}

func FuzzE164(f *testing.F) {
	f.Add("03-1234-5678", "JP")
	f.Add("+81 (0)3-1234-5678", "")
	form := regexp.MustCompile(`^\+[1-9][0-9]{3,14}$`)
	f.Fuzz(func(t *testing.T, written, country string) {
		got, err := phone.E164(written, country)
		if err != nil {
			return
		}
		if !form.MatchString(got) {
			t.Fatalf("%q in %q: %q", written, country, got)
		}
		if again, err := phone.E164(got, country); err != nil || again != got {
			t.Errorf("%q comes back as %q, %v", got, again, err)
		}
	})
}
