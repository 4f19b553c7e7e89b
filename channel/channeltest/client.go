package channeltest

import "net/http"

// Client makes connections of its own. Those of http.DefaultTransport are everybody's: each httptest.Server that closes ends
// them, under whatever other test is about to send on one.
func Client() *http.Client {
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
}
