// Package linkpreview tells what stands behind a link in a message (G7.4): the title and description that the page gives of
// itself, fetched by the server, so that no member's address gets to strangers, and only when a person asks.
package linkpreview

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"madoguchi/desk"
	"madoguchi/guard"
	"madoguchi/store"
)

const (
	fetchWithin = 5 * time.Second
	fetchBytes  = 512 << 10
	// atOnce bounds the fetches of a node, so that slow pages do not pile up.
	atOnce     = 8
	longestURL = 2048
	agentName  = "Madoguchi link preview"
)

// errUnknown is for addresses that are not in the message: the desk fetches nothing for others.
var errUnknown = desk.Invalid("url", "link_unknown", "the message has no such link")

// Service fetches. One per node.
type Service struct {
	store  store.Store
	client *http.Client
	now    desk.Clock
	slots  chan struct{}
}

// New makes the service. Its client comes from NewClient.
func New(s store.Store, client *http.Client, now desk.Clock) *Service {
	return &Service{store: s, client: client, now: now, slots: make(chan struct{}, atOnce)}
}

// NewClient makes the client for pages: guarded, and of any length, because only the beginning is read.
func NewClient(c guard.Config) *http.Client {
	c.Timeout, c.MaxBytes = fetchWithin, 1<<40
	return guard.NewClient(c)
}

// Look tells what a link of a message leads to, as far as the page says. Invalid: "link_unknown".
func (s *Service) Look(ctx context.Context, workspace desk.ID, m desk.Message, address string) (v desk.LinkPreview, err error) {
	if !named(m, address) || !fetchable(address) {
		return v, errUnknown
	}
	err = s.store.View(ctx, workspace, func(r store.Reader) (err error) {
		v, err = r.LinkPreviews().Get(address)
		return err
	})
	if err == nil && v.Holds(s.now()) {
		return v, nil
	}
	if err != nil && desk.KindOf(err) != desk.KindNotFound {
		return v, err
	}
	fetched, err := s.fetch(ctx, address)
	if err != nil {
		return fetched, err
	}
	return fetched, s.store.Update(ctx, workspace, func(tx store.Tx) error { return tx.WriteLinkPreviews().Put(fetched) })
}

// named reports whether an address stands in a message, written out or behind words.
func named(m desk.Message, address string) bool {
	return slices.ContainsFunc(m.Parts, func(p desk.Part) bool {
		return strings.Contains(p.Text, address) || slices.ContainsFunc(p.Marks, func(k desk.Mark) bool { return k.Href == address })
	})
}

// fetchable reports a web address without a name and password in it.
func fetchable(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil && len(address) <= longestURL
}

// fetch asks for a page. An error means that the caller has gone; what the page's server does wrong is told in the answer.
func (s *Service) fetch(ctx context.Context, address string) (v desk.LinkPreview, err error) {
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		return v, ctx.Err()
	}
	v = desk.LinkPreview{URL: address, Failure: desk.LinkUnreachable, FetchedAt: s.now()}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return v, nil // an address that no request can be made of
	}
	request.Header.Set("Accept", "text/html,application/xhtml+xml")
	request.Header.Set("User-Agent", agentName)
	response, err := s.client.Do(request)
	if err != nil {
		if errors.Is(err, guard.ErrForbiddenTarget) {
			v.Failure = desk.LinkForbidden
		}
		return v, ctx.Err()
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return v, nil
	}
	if !isPage(response.Header.Get("Content-Type")) {
		v.Failure = desk.LinkNoPage
		return v, nil
	}
	page, err := io.ReadAll(io.LimitReader(response.Body, fetchBytes))
	if v.Title, v.Text = read(page, response.Header.Get("Content-Type")); v.Title != "" {
		v.Failure = desk.LinkNone // also when the rest did not come in time
	} else if err == nil {
		v.Failure = desk.LinkNoPage
	}
	return v, ctx.Err()
}
