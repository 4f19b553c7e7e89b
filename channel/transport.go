package channel

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// maxAnswer is how much of a provider's answer is read.
const maxAnswer = 1 << 20

// Answer is a provider's complete HTTP answer.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte // at most 1 MB
}

// Do makes one request to a provider and tells apart what may have happened: an Answer of any status, or a Fault that
// is Certain only if no connection was made (DNS, TCP, TLS). A failure after that leaves open whether the
// provider accepted.
func Do(client *http.Client, r *http.Request) (Answer, *Fault) {
	var connected atomic.Bool // from here on bytes may leave, even while Do already returns on a cancelled context
	r = r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	}))
	response, err := client.Do(r)
	if err != nil {
		return Answer{}, &Fault{Kind: ActRetry, Code: "no_answer", Certain: !connected.Load(), Err: scrub(err)}
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return Answer{}, &Fault{Kind: ActRetry, Code: "answer_cut", Err: err}
	}
	return Answer{Status: response.StatusCode, Header: response.Header, Body: body}, nil
}

// Straight is the client without redirects, for requests that hold a secret or carry a message: they would hand it on.
func Straight(client *http.Client) *http.Client {
	straight := *client
	straight.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &straight
}

// scrub takes the address out of an error of net/http: it may hold a token, and errors are shown and logged.
func scrub(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return fmt.Errorf("%s: %w", strings.ToLower(u.Op), u.Err)
	}
	return err
}

// Refusal is what a refusing status means where the provider says nothing more specific: 429 throttles, 401 and 403
// ask for new credentials, 408 and 5xx are uncertain and tried again, anything else never goes. Nil for 2xx.
func Refusal(a Answer, now time.Time) *Fault {
	f := &Fault{
		Kind: ActFail, Code: "http_" + strconv.Itoa(a.Status), Certain: true,
		Err: fmt.Errorf("the provider answered %d %s", a.Status, http.StatusText(a.Status)),
	}
	switch {
	case a.Status >= 200 && a.Status < 300:
		return nil
	case a.Status == http.StatusTooManyRequests:
		f.Kind, f.After = ActThrottle, RetryAfter(a.Header, now)
	case a.Status == http.StatusUnauthorized, a.Status == http.StatusForbidden:
		f.Kind = ActToken
	case a.Status == http.StatusRequestTimeout, a.Status >= 500:
		f.Kind, f.Certain, f.After = ActRetry, false, RetryAfter(a.Header, now)
	}
	return f
}

// maxRetryAfter bounds what a provider may ask for; more is not believed.
const maxRetryAfter = 24 * time.Hour

// RetryAfter reads the Retry-After header, seconds or an HTTP date (RFC 9110 10.2.3); 0 if absent or unreadable.
func RetryAfter(h http.Header, now time.Time) time.Duration {
	value := h.Get("Retry-After")
	if value == "" {
		return 0
	}
	if seconds, err := strconv.ParseInt(value, 10, 64); err == nil {
		return min(time.Duration(min(max(seconds, 0), int64(maxRetryAfter/time.Second)))*time.Second, maxRetryAfter)
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(at.Sub(now), 0), maxRetryAfter)
	}
	return 0
}

// AsFault makes a *Fault of whatever a connector returned: anything else is a defect of the connector, which leaves
// open what happened.
func AsFault(err error) *Fault {
	if err == nil {
		return nil
	}
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return &Fault{Kind: ActRetry, Code: "connector_error", Err: err}
}
