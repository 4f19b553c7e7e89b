package sim

import (
	"encoding/json"
	"net/url"
	"os"
	"testing"
	"time"
)

// The signatures are held against values that were worked out apart from this program.
func TestSignaturesAreTheProviders(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors struct {
		Twilio []struct {
			Token, URL, Signature string
			Form                  map[string]string
		}
		Meta, Line []struct{ Secret, Body, Signature string }
		WeChat     struct {
			Token, Timestamp, Nonce, Signature, AESKey, AppID, Random string
			Messages                                                  []struct{ XML, Encrypt, MsgSignature string }
		}
	}
	if err := json.Unmarshal(raw, &vectors); err != nil {
		t.Fatal(err)
	}
	for _, v := range vectors.Twilio {
		form := url.Values{}
		for name, value := range v.Form {
			form.Set(name, value)
		}
		if got := signForm(v.Token, v.URL, form); got != v.Signature {
			t.Errorf("Twilio %s: %s, want %s", v.URL, got, v.Signature)
		}
	}
	for _, v := range vectors.Meta {
		if got := "sha256=" + digest(v.Secret, v.Body); got != v.Signature {
			t.Errorf("Meta: %s, want %s", got, v.Signature)
		}
	}
	for _, v := range vectors.Line {
		if got := sign(v.Secret, []byte(v.Body)); got != v.Signature {
			t.Errorf("LINE: %s, want %s", got, v.Signature)
		}
	}
	w := vectors.WeChat
	if got := sortedSum(w.Token, w.Timestamp, w.Nonce); got != w.Signature {
		t.Errorf("WeChat: %s, want %s", got, w.Signature)
	}
	for _, m := range w.Messages {
		sealed, ok := wechatSeal(w.AESKey, w.AppID, w.Random, []byte(m.XML))
		if !ok || sealed != m.Encrypt || sortedSum(w.Token, w.Timestamp, w.Nonce, sealed) != m.MsgSignature {
			t.Errorf("WeChat sealed %s as %s", m.XML, sealed)
		}
	}
}

func TestASCII(t *testing.T) {
	t.Parallel()
	if got := string(ascii([]byte(`{"a":"é😀b"}`))); got != `{"a":"\u00e9\ud83d\ude00b"}` {
		t.Error(got)
	}
}

func TestULIDsSortByTime(t *testing.T) {
	t.Parallel()
	var s Simulator
	s.serial = 7
	if a, b := ulid(testTime, s.next()), ulid(testTime.Add(1e6), s.next()); len(a) != 26 || a >= b {
		t.Errorf("%s, %s", a, b)
	}
}

var testTime = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
