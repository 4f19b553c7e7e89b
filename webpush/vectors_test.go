package webpush

import (
	"bytes"
	"crypto/ecdh"
	"encoding/base64"
	"errors"
	"testing"
)

func raw(t *testing.T, text string) []byte {
	t.Helper()
	b, err := decode(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestEncryptsAsTheRFCDoes is the example of RFC 8291, section 5 and appendix A.
func TestEncryptsAsTheRFCDoes(t *testing.T) {
	t.Parallel()
	ours, err := ecdh.P256().NewPrivateKey(raw(t, "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"))
	if err != nil {
		t.Fatal(err)
	}
	to := Subscription{P256DH: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", Auth: "BTBZMqHH6r4Tts7J_aSIgg"}
	got, err := seal(append([]byte("When I grow up, I want to be a watermelon"), delimiter), to, ours, raw(t, "DGv6ra1nlYgDCS1FRnbzlw"))
	if err != nil {
		t.Fatal(err)
	}
	want := raw(t, "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN")
	if !bytes.Equal(got, want) {
		t.Errorf("got  %s\nwant %s", base64.RawURLEncoding.EncodeToString(got), base64.RawURLEncoding.EncodeToString(want))
	}
}

func TestKeysThatAreNoneAreRefused(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]Subscription{
		"none":               {},
		"no point":           {P256DH: "BCVxsr7N", Auth: "BTBZMqHH6r4Tts7J_aSIgg"},
		"off the curve":      {P256DH: "BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE", Auth: "BTBZMqHH6r4Tts7J_aSIgg"},
		"a secret too short": {P256DH: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", Auth: "BTBZ"},
	} {
		if err := s.Check(); !errors.Is(err, ErrKeys) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Encrypt(make([]byte, MaxMessage+1), Subscription{}); err == nil {
		t.Error("a message that no service carries is encrypted")
	}
}
