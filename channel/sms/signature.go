package sms

import (
	"crypto/hmac"
	"crypto/sha1" // Twilio's choice; an HMAC does not rest on collisions
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"

	"madoguchi/channel"
)

const signatureHeader = "X-Twilio-Signature"

// authentic reports whether Twilio signed a request with one of the account's tokens, and gives its query and form.
// https://www.twilio.com/docs/usage/security#validating-requests
func authentic(e channel.Endpoint, r channel.Request) (query, form url.Values, ok bool) {
	_, rawQuery, _ := strings.Cut(r.URL, "?")
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		return nil, nil, false
	}
	if sum := query.Get("bodySHA256"); sum != "" { // a body that is no form is signed by its sum
		form = url.Values{}
		ok = equal(sum, bodySum(r.Body))
	} else {
		form, err = url.ParseQuery(string(r.Body))
		ok = err == nil
	}
	if !ok {
		return nil, nil, false
	}
	address := e.URL
	if rawQuery != "" {
		address += "?" + rawQuery
	}
	return query, form, signed(e.Secrets, r.Header.Get(signatureHeader), address, form)
}

// signed tries each token with each way to write the address; all are tried, so that time tells nothing.
func signed(secrets map[string]string, signature, address string, form url.Values) bool {
	ok := false
	for _, name := range []string{settingToken, settingSecondary} {
		token := secrets[name]
		if token == "" {
			continue
		}
		for _, a := range []string{address, otherPort(address)} {
			ok = equal(signature, sign(token, a, form)) || ok
		}
	}
	return ok
}

// sign computes a signature: the address, then each parameter's name and value in the order of names.
func sign(token, address string, form url.Values) string {
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	slices.Sort(names)
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(address))
	for _, name := range names {
		for _, value := range form[name] {
			mac.Write([]byte(name + value))
		}
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// otherPort writes an address with the scheme's own port if it has none, and without if it has it: Twilio signs either.
func otherPort(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	port := map[string]string{"https": "443", "http": "80"}[u.Scheme]
	scheme, rest, _ := strings.Cut(address, "://")
	host := u.Host // as it is written, so that the rest of the address stays as it was signed
	switch {
	case port == "" || !strings.HasPrefix(rest, host):
		return address
	case u.Port() == "":
		return scheme + "://" + host + ":" + port + rest[len(host):]
	case u.Port() == port:
		return scheme + "://" + strings.TrimSuffix(host, ":"+port) + rest[len(host):]
	}
	return address
}

func bodySum(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

func equal(a, b string) bool { return hmac.Equal([]byte(a), []byte(b)) }
