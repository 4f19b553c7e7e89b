// Package phone reads telephone numbers as people write them and keeps them in one form, E.164 (F13, D7.1).
package phone

import (
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"

	"madoguchi/desk"
)

const (
	maxWritten = 100 // bytes of a number as somebody writes it
	maxE164    = 16  // a plus and fifteen digits (ITU-T E.164)
)

// E164 is a number in E.164 ("+81312345678"). One without a country code is a number of the country, an ISO 3166 code of two
// letters; "" knows no country. Lengths are checked, not whether the number is assigned. Errors: desk.KindInvalid
// "phone_invalid" of the field "phone", for extensions too, which E.164 cannot say.
func E164(written, country string) (string, error) {
	refused := desk.Invalid("phone", "phone_invalid", "%q is no phone number (country %q)", written, country)
	if len(written) > maxWritten || strings.ContainsFunc(written, letter) {
		return "", refused
	}
	number, err := phonenumbers.Parse(written, country)
	if err != nil || number.GetExtension() != "" || !phonenumbers.IsPossibleNumber(number) {
		return "", refused
	}
	kept := phonenumbers.Format(number, phonenumbers.E164)
	if len(kept) > maxE164 { // some plans have longer ones inside the country
		return "", refused
	}
	// Zeros that the plan dials before a number are taken off once; what still begins with them is none.
	again, err := phonenumbers.Parse(kept, "")
	if err != nil || phonenumbers.Format(again, phonenumbers.E164) != kept {
		return "", refused
	}
	return kept, nil
}

// letter reports what no number has: the library would dial "FLOWERS". A Japanese keyboard writes ー for a dash.
func letter(r rune) bool { return unicode.IsLetter(r) && r != 'ー' }
