package auth_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"hash"
	"strings"
	"testing"
	"time"

	"madoguchi/auth"
	"madoguchi/desk"
)

var identifyNow = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// The test signs with its own few lines: a token is made of what RFC 7515 says, not of what the verifier's library does.
func b64(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

func signWith(algorithm func() hash.Hash, header, claims, secret string) string {
	body := b64(header) + "." + b64(claims)
	mac := hmac.New(algorithm, []byte(secret))
	mac.Write([]byte(body))
	return body + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func sign(claims, secret string) string {
	return signWith(sha256.New, `{"alg":"HS256","typ":"JWT"}`, claims, secret)
}

func in(d time.Duration) int64 { return identifyNow.Add(d).Unix() }

func person(extra string) string {
	return fmt.Sprintf(`{"sub":"u-1","exp":%d%s}`, in(time.Hour), extra)
}

func TestIdentifyTakesWhatTheCustomersServerSigned(t *testing.T) {
	t.Parallel()
	current, previous := auth.NewIdentifySecret(), auth.NewIdentifySecret()
	full := fmt.Sprintf(`{"sub":"u-1","exp":%d,"iat":%d,"nbf":%d,"name":"窓口 花子","email":"hanako@example.jp","phone":"+81 3-1234-5678","plan":"gold","aud":["x"]}`, in(time.Hour), in(0), in(0))
	want := auth.Identified{Subject: "u-1", Name: "窓口 花子", Email: "hanako@example.jp", Phone: "+81 3-1234-5678", Expires: identifyNow.Add(time.Hour)}
	for name, secret := range map[string]string{"current": current, "predecessor": previous} {
		got, err := auth.VerifyIdentify(sign(full, secret), current, previous, identifyNow)
		if err != nil || !got.Expires.Equal(want.Expires) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if got.Expires = want.Expires; got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
	for name, claims := range map[string]string{
		"least":              person(""),
		"24 h ahead":         fmt.Sprintf(`{"sub":"u-1","exp":%d}`, in(24*time.Hour)),
		"their clock is off": fmt.Sprintf(`{"sub":"u-1","exp":%d,"iat":%d,"nbf":%d}`, in(24*time.Hour+time.Minute), in(time.Minute), in(time.Minute)),
		"a second to go":     fmt.Sprintf(`{"sub":"u-1","exp":%d}`, in(time.Second)),
		"null is absent":     person(`,"name":null,"iat":null`),
	} {
		if got, err := auth.VerifyIdentify(sign(claims, current), current, "", identifyNow); err != nil || got.Subject != "u-1" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestIdentifyRefusesForgeries(t *testing.T) {
	t.Parallel()
	secret := auth.NewIdentifySecret()
	good := sign(person(""), secret)
	parts := strings.Split(good, ".")
	none := b64(`{"alg":"none"}`) + "." + parts[1] + "."
	for name, c := range map[string]struct{ token, code string }{
		"another secret":             {sign(person(""), auth.NewIdentifySecret()), auth.IdentifyForged},
		"claims changed":             {parts[0] + "." + b64(fmt.Sprintf(`{"sub":"admin","exp":%d}`, in(time.Hour))) + "." + parts[2], auth.IdentifyForged},
		"no signature":               {parts[0] + "." + parts[1] + ".", auth.IdentifyForged},
		"alg none":                   {none, auth.IdentifyForged},
		"alg None":                   {b64(`{"alg":"None"}`) + "." + parts[1] + ".", auth.IdentifyMalformed},
		"alg HS512, rightly signed":  {signWith(sha512.New, `{"alg":"HS512"}`, person(""), secret), auth.IdentifyForged},
		"alg RS256":                  {signWith(sha256.New, `{"alg":"RS256"}`, person(""), secret), auth.IdentifyForged},
		"alg missing":                {signWith(sha256.New, `{"typ":"JWT"}`, person(""), secret), auth.IdentifyMalformed},
		"alg no text":                {signWith(sha256.New, `{"alg":["HS256"]}`, person(""), secret), auth.IdentifyMalformed},
		"a critical header":          {signWith(sha256.New, `{"alg":"HS256","crit":["b64"],"b64":false}`, person(""), secret), auth.IdentifyMalformed},
		"empty":                      {"", auth.IdentifyMalformed},
		"two parts":                  {parts[0] + "." + parts[1], auth.IdentifyMalformed},
		"four parts":                 {good + ".x", auth.IdentifyMalformed},
		"padded":                     {good + "=", auth.IdentifyMalformed},
		"claims no object":           {sign(`"sub"`, secret), auth.IdentifyMalformed},
		"claims no JSON":             {sign(`{"sub":`, secret), auth.IdentifyMalformed},
		"too long":                   {sign(person(`,"x":"`+strings.Repeat("x", 8<<10)+`"`), secret), auth.IdentifyMalformed},
		"sub missing":                {sign(fmt.Sprintf(`{"exp":%d}`, in(time.Hour)), secret), auth.IdentifyClaims},
		"sub empty":                  {sign(fmt.Sprintf(`{"sub":"","exp":%d}`, in(time.Hour)), secret), auth.IdentifyClaims},
		"sub null":                   {sign(fmt.Sprintf(`{"sub":null,"exp":%d}`, in(time.Hour)), secret), auth.IdentifyClaims},
		"sub a number":               {sign(fmt.Sprintf(`{"sub":1,"exp":%d}`, in(time.Hour)), secret), auth.IdentifyMalformed},
		"sub blank":                  {sign(fmt.Sprintf(`{"sub":" ","exp":%d}`, in(time.Hour)), secret), auth.IdentifyClaims},
		"sub with NUL":               {sign(fmt.Sprintf(`{"sub":"a\u0000b","exp":%d}`, in(time.Hour)), secret), auth.IdentifyClaims},
		"sub too long":               {sign(fmt.Sprintf(`{"sub":"%s","exp":%d}`, strings.Repeat("x", 256), in(time.Hour)), secret), auth.IdentifyClaims},
		"claims null":                {sign(`null`, secret), auth.IdentifyLifetime},
		"exp missing":                {sign(`{"sub":"u-1"}`, secret), auth.IdentifyLifetime},
		"exp null":                   {sign(`{"sub":"u-1","exp":null}`, secret), auth.IdentifyLifetime},
		"exp now":                    {sign(fmt.Sprintf(`{"sub":"u-1","exp":%d}`, in(0)), secret), auth.IdentifyExpired},
		"exp over":                   {sign(fmt.Sprintf(`{"sub":"u-1","exp":%d}`, in(-time.Second)), secret), auth.IdentifyExpired},
		"exp negative":               {sign(`{"sub":"u-1","exp":-1}`, secret), auth.IdentifyExpired},
		"exp far ahead":              {sign(fmt.Sprintf(`{"sub":"u-1","exp":%d}`, in(24*time.Hour+61*time.Second)), secret), auth.IdentifyLifetime},
		"exp no number":              {sign(`{"sub":"u-1","exp":"soon"}`, secret), auth.IdentifyMalformed},
		"iat in the future":          {sign(person(fmt.Sprintf(`,"iat":%d`, in(61*time.Second))), secret), auth.IdentifyExpired},
		"nbf in the future":          {sign(person(fmt.Sprintf(`,"nbf":%d`, in(61*time.Second))), secret), auth.IdentifyExpired},
		"email is none":              {sign(person(`,"email":"hanako"`), secret), auth.IdentifyClaims},
		"email with a name":          {sign(person(`,"email":"Hanako <h@example.jp>"`), secret), auth.IdentifyClaims},
		"email with a second header": {sign(person(`,"email":"h@example.jp\r\nBcc: x@example.jp"`), secret), auth.IdentifyClaims},
		"name too long":              {sign(person(`,"name":"`+strings.Repeat("窓", 201)+`"`), secret), auth.IdentifyClaims},
		"name no text":               {sign(person(`,"name":{"x":1}`), secret), auth.IdentifyMalformed},
		"phone too long":             {sign(person(`,"phone":"`+strings.Repeat("1", 33)+`"`), secret), auth.IdentifyClaims},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := auth.VerifyIdentify(c.token, secret, "", identifyNow)
			wantCode(t, name, err, desk.KindUnauthentic, c.code)
			if got != (auth.Identified{}) {
				t.Errorf("refused, yet says %+v", got)
			}
		})
	}
}

// A channel without a secret must not take tokens signed with the empty one.
func TestIdentifyWithoutASecretRefusesAll(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{"", "short"} {
		_, err := auth.VerifyIdentify(sign(person(""), secret), secret, "", identifyNow)
		wantCode(t, fmt.Sprintf("secret %q", secret), err, desk.KindUnauthentic, auth.IdentifyForged)
	}
}

func FuzzIdentify(f *testing.F) {
	secret := strings.Repeat("s", 43)
	f.Add(sign(person(`,"name":"x","email":"a@b.example","phone":"1"`), secret), person(""))
	f.Add(b64(`{"alg":"none"}`)+"."+b64(person(""))+".", `{"sub":"x","exp":1e300}`)
	f.Add("..", `null`)
	f.Add(signWith(sha256.New, `{"alg":"HS256","crit":[]}`, person(""), secret), `{"exp":{"exp":1}}`)
	f.Fuzz(func(t *testing.T, token, claims string) {
		// Whatever arrives unsigned is refused, unless it is the seed itself.
		other := strings.Repeat("o", 43)
		if got, err := auth.VerifyIdentify(token, other, "", identifyNow); err == nil {
			t.Fatalf("%q passed as %+v", token, got)
		} else if desk.KindOf(err) != desk.KindUnauthentic {
			t.Fatalf("%q: %v", token, err)
		}
		// Whatever is signed and passes keeps the promises.
		got, err := auth.VerifyIdentify(sign(claims, secret), secret, "", identifyNow)
		if err != nil {
			if desk.KindOf(err) != desk.KindUnauthentic {
				t.Fatalf("%q: %v", claims, err)
			}
			return
		}
		if got.Subject == "" || len(got.Subject) > 255*4 || !got.Expires.After(identifyNow) || got.Expires.Sub(identifyNow) > 24*time.Hour+time.Minute {
			t.Fatalf("%q passed as %+v", claims, got)
		}
	})
}
