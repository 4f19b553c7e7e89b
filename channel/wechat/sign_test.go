package wechat_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/wechat"
	"madoguchi/desk"
)

const (
	appID  = "wx0000000000000001"
	token  = "madoguchi_token"
	stamp  = "1764000000"
	nonce  = "a1b2c3d4"
	aesKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
	openID = "oTEST0000000000000000000001"
)

// endpoint is an account's callback in one of the two modes.
func endpoint(mode string) channel.Endpoint {
	return channel.Endpoint{
		Channel:  desk.Channel{ID: 7, Kind: wechat.Kind, Account: appID, Settings: json.RawMessage(`{"app_id":"` + appID + `","mode":"` + mode + `"}`)},
		Secrets:  map[string]string{"app_secret": strings.Repeat("0", 32), "token": token, "aes_key": aesKey},
		Received: time.Unix(1764000002, 0),
	}
}

func sha(parts ...string) string {
	slices.Sort(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, "")))
	return hex.EncodeToString(sum[:])
}

// plain signs a request as the provider does in plain mode.
func plain(e channel.Endpoint, r channel.Request) channel.Request {
	return pushed(r.Body, url.Values{"signature": {sha(e.Secrets["token"], stamp, nonce)}})
}

// safe encrypts and signs a request as the provider does in safe mode.
func safe(e channel.Endpoint, r channel.Request) channel.Request {
	return envelope(e, seal(appID, r.Body))
}

func envelope(e channel.Endpoint, encrypted string) channel.Request {
	return pushed([]byte("<xml><ToUserName><![CDATA[gh_000000000001]]></ToUserName><Encrypt><![CDATA["+encrypted+"]]></Encrypt></xml>"), url.Values{
		"encrypt_type": {"aes"}, "signature": {sha(e.Secrets["token"], stamp, nonce)}, "msg_signature": {sha(e.Secrets["token"], stamp, nonce, encrypted)},
	})
}

func pushed(body []byte, query url.Values) channel.Request {
	query.Set("timestamp", stamp)
	query.Set("nonce", nonce)
	query.Set("openid", openID)
	return channel.Request{Method: http.MethodPost, URL: "/hooks/x?" + query.Encode(), Header: http.Header{"Content-Type": {"text/xml"}}, Body: body}
}

// seal encrypts as the provider does, with the noise of the vectors.
func seal(account string, message []byte) string {
	return sealed(account, message, len(message), 32)
}

// sealed tells another length than the message's, or pads to another block than the provider's 32.
func sealed(account string, message []byte, length, block int) string {
	key, _ := base64.StdEncoding.DecodeString(aesKey + "=") // 43 letters and digits always decode
	plain := append([]byte("0123456789abcdef"), binary.BigEndian.AppendUint32(nil, uint32(length))...)
	plain = append(append(plain, message...), account...)
	pad := block - len(plain)%block
	plain = append(plain, bytes.Repeat([]byte{byte(pad)}, pad)...)
	aesBlock, _ := aes.NewCipher(key) // 32 bytes always are a key
	cipher.NewCBCEncrypter(aesBlock, key[:16]).CryptBlocks(plain, plain)
	return base64.StdEncoding.EncodeToString(plain)
}

// The vectors were computed by other implementations.
func TestVectors(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		Signature string `json:"signature"`
		Messages  []struct {
			XML       string `json:"xml"`
			Encrypt   string `json:"encrypt"`
			Signature string `json:"msgSignature"`
		} `json:"messages"`
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	if got := sha(token, stamp, nonce); got != v.Signature {
		t.Errorf("signature %s", got)
	}
	for _, m := range v.Messages {
		if seal(appID, []byte(m.XML)) != m.Encrypt || sha(token, stamp, nonce, m.Encrypt) != m.Signature {
			t.Errorf("this test does not encrypt or sign as the provider does: %s", m.XML)
		}
		if reply, err := connector().Receive(t.Context(), endpoint("safe"), envelope(endpoint("safe"), m.Encrypt)); err != nil || string(reply.Body) != "success" {
			t.Errorf("%s: %v", m.XML, err)
		}
	}
}

func TestForged(t *testing.T) {
	t.Parallel()
	text := read(t, "in_text.xml")
	e := endpoint("safe")
	late, early := e, e
	late.Received, early.Received = e.Received.Add(61*time.Minute), e.Received.Add(-61*time.Minute)
	good := seal(appID, text)
	turned := envelope(e, good)
	turned.Body = bytes.Replace(turned.Body, []byte(good[:8]), []byte("AAAAAAAA"), 1)
	otherKey := endpoint("safe")
	otherKey.Secrets["aes_key"] = strings.Repeat("A", 43)
	for name, try := range map[string]struct {
		e channel.Endpoint
		r channel.Request
	}{
		"plain in safe mode":      {e, plain(e, channel.Request{Body: text})},
		"sealed for another":      {e, envelope(e, seal("wx0000000000000002", text))},
		"sealed under another":    {otherKey, envelope(e, good)},
		"changed after signing":   {e, turned},
		"padded to a long block":  {e, envelope(e, sealed(appID, text, len(text), 240))},
		"longer than it is":       {e, envelope(e, sealed(appID, text, len(text)+100, 32))},
		"shorter than it is":      {e, envelope(e, sealed(appID, text, len(text)-1, 32))},
		"not base64":              {e, envelope(e, "???")},
		"not a whole block":       {e, envelope(e, "AAAA")},
		"signed, a block of none": {e, envelope(e, "AAAAAAAAAAAAAAAAAAAAAA==")},
		"an hour old":             {late, envelope(e, good)},
		"from the future":         {early, envelope(e, good)},
	} {
		if _, err := connector().Receive(t.Context(), try.e, try.r); !errors.Is(err, channel.ErrForged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	open := endpoint("plain")
	open.Secrets = map[string]string{"aes_key": aesKey}
	if _, err := connector().Verify(open, question(open)); !errors.Is(err, channel.ErrForged) {
		t.Errorf("asked with no Token: %v", err)
	}
	if _, err := connector().Receive(t.Context(), open, safe(open, channel.Request{Body: text})); !errors.Is(err, channel.ErrForged) {
		t.Errorf("sealed, but signed with no Token: %v", err)
	}
	if _, err := connector().Receive(t.Context(), endpoint("plain"), safe(e, channel.Request{Body: text})); err != nil {
		t.Errorf("what is sealed is good in any mode: %v", err)
	}
}

func TestNoEntityIsExpanded(t *testing.T) {
	t.Parallel()
	e := endpoint("plain")
	for _, body := range []string{
		`<!DOCTYPE xml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xml><Content>&b;</Content></xml>`,
		`<xml><FromUserName>o</FromUserName><MsgType>text</MsgType><Content>&b;</Content></xml>`,
		`<!DOCTYPE xml><xml><FromUserName>o</FromUserName><MsgType>text</MsgType><Content>a</Content></xml>`,
		`<?xml version="1.0"?><!DOCTYPE xml SYSTEM "file:///etc/passwd"><xml/>`,
	} {
		reply, err := connector().Receive(t.Context(), e, plain(e, channel.Request{Body: []byte(body)}))
		if desk.KindOf(err) != desk.KindInvalid || len(reply.Results) != 0 {
			t.Errorf("%s: %v, %+v", body, err, reply)
		}
	}
}

// FuzzSealed feeds sealed messages that are signed all the same: whoever knows the Token is no provider yet.
func FuzzSealed(f *testing.F) {
	f.Add(seal(appID, []byte("<xml><FromUserName>o</FromUserName><MsgType>text</MsgType><Content>a</Content></xml>")))
	f.Add(seal("", nil))
	f.Add("AAAAAAAAAAAAAAAAAAAAAA==")
	f.Fuzz(func(t *testing.T, encrypted string) {
		if strings.Contains(encrypted, "]]>") {
			return
		}
		e := endpoint("safe")
		reply, err := connector().Receive(t.Context(), e, envelope(e, encrypted))
		if kind := desk.KindOf(err); err != nil && kind != desk.KindForbidden && kind != desk.KindInvalid || err != nil && len(reply.Results) > 0 {
			t.Errorf("%v with %d results", err, len(reply.Results))
		}
	})
}
