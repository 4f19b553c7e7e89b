package trigger

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"madoguchi/desk"
	"madoguchi/due"
	"madoguchi/store"
)

// CallWithin is how long a web service may take for its answer.
const CallWithin = 30 * time.Second

const (
	callLease = time.Minute // how long a node may take for one request
	maxAnswer = 64 << 10    // bytes that are read of an answer, and thrown away
)

// callAgain is how long is waited after each attempt that failed; after the last one it is given up.
var callAgain = []time.Duration{30 * time.Second, 2 * time.Minute, 10 * time.Minute, time.Hour, 6 * time.Hour}

// Call sends the promised requests of all workspaces that are due, and says when the next one is, zero if there is none.
func (s *Service) Call(ctx context.Context) (next time.Time, err error) {
	return due.Everywhere(ctx, s.store, s.callIn)
}

func (s *Service) callIn(ctx context.Context, workspace desk.ID) (next time.Time, err error) {
	for {
		err := s.store.View(ctx, workspace, func(r store.Reader) (err error) {
			next, err = r.WebhookCalls().Next()
			return err
		})
		if err != nil || next.IsZero() || next.After(s.now()) {
			return next, err
		}
		type claimed struct {
			desk.WebhookCall
			found bool
		}
		c, err := store.Result(ctx, s.store, workspace, func(tx store.Tx) (c claimed, err error) {
			c.WebhookCall, c.found, err = tx.WriteWebhookCalls().Claim(tx.Now().Add(callLease))
			return c, err
		})
		if err != nil || !c.found {
			return time.Time{}, err
		}
		if err := s.settle(ctx, workspace, c.WebhookCall, s.post(ctx, workspace, c.WebhookCall)); err != nil {
			return time.Time{}, err
		}
	}
}

func (s *Service) settle(ctx context.Context, workspace desk.ID, c desk.WebhookCall, failed error) error {
	if ctx.Err() != nil {
		return ctx.Err() // its lease ends; another node goes on
	}
	return s.store.Update(ctx, workspace, func(tx store.Tx) error {
		if failed != nil && c.Attempts <= len(callAgain) {
			return tx.WriteWebhookCalls().Retry(c.ID, tx.Now().Add(callAgain[c.Attempts-1]))
		}
		if failed != nil {
			s.log.WarnContext(ctx, "a promised request is given up", "workspace", workspace, "call", c.ID, "err", failed)
		}
		return tx.WriteWebhookCalls().Done(c.ID)
	})
}

func (s *Service) post(ctx context.Context, workspace desk.ID, c desk.WebhookCall) error {
	ctx, cancel := context.WithTimeout(ctx, CallWithin)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL, strings.NewReader(c.Body))
	if err != nil {
		return fmt.Errorf("make request: %w", err)
	}
	stamp := strconv.FormatInt(s.now().Unix(), 10)
	mac := hmac.New(sha256.New, s.secret(workspace))
	_, _ = mac.Write([]byte(stamp + "." + c.Body))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Madoguchi-Timestamp", stamp)
	req.Header.Set("Madoguchi-Signature", "v1="+hex.EncodeToString(mac.Sum(nil)))
	req.Header.Set("Madoguchi-Delivery", c.ID.String())
	resp, err := s.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, maxAnswer))
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("answered %d", resp.StatusCode)
	}
	return nil
}
