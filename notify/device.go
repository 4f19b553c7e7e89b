package notify

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/webpush"
)

// settled is the key pair that all nodes share.
type settled struct{ key webpush.Identity }

// identify reads the key pair that browsers subscribe to; the first node to need it makes it, once for the installation.
func (s *Service) identify(ctx context.Context) (*settled, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.identity != nil {
		return s.identity, nil
	}
	var kept string
	err := s.Store.View(ctx, 0, func(r store.Reader) (err error) {
		kept, err = r.Installation().Fact(store.FactPush)
		return err
	})
	if err == nil && kept == "" {
		kept, err = s.settle(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("find the key pair for push: %w", err)
	}
	sealed, err := base64.StdEncoding.DecodeString(kept)
	if err != nil {
		return nil, fmt.Errorf("read the key pair for push: %w", err)
	}
	der, err := s.Sealer.Open(sealed, store.PushPlace)
	if err != nil {
		return nil, fmt.Errorf("open the key pair for push: %w", err)
	}
	key, err := webpush.ParseIdentity(der)
	if err != nil {
		return nil, err
	}
	s.identity = &settled{key}
	return s.identity, nil
}

func (s *Service) settle(ctx context.Context) (string, error) {
	made, err := webpush.NewIdentity()
	if err != nil {
		return "", err
	}
	der, err := made.Marshal()
	if err != nil {
		return "", err
	}
	sealed, err := s.Sealer.Seal(der, store.PushPlace)
	if err != nil {
		return "", err
	}
	return store.Result(ctx, s.Store, 0, func(tx store.Tx) (string, error) {
		return tx.WriteInstallation().Settle(store.FactPush, base64.StdEncoding.EncodeToString(sealed))
	})
}

// PublicKey is what browsers subscribe to.
func (s *Service) PublicKey(ctx context.Context) (string, error) {
	identity, err := s.identify(ctx)
	if err != nil {
		return "", err
	}
	return identity.key.Public(), nil
}

// subject is whom a push service may turn to: it must be an address (RFC 8292, 2.1).
func (s *Service) subject() string {
	u, err := url.Parse(s.PublicURL)
	if err == nil && u.Scheme == "https" {
		return s.PublicURL
	}
	host := "localhost"
	if err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	return "mailto:madoguchi@" + host
}

// Sign-ups of one member; more are no devices of a person.
const maxDevices = 20

// SignUp lets a session's browser be reached from now on. "endpoint_invalid" (invalid) for an address that no push service has.
func (s *Service) SignUp(ctx context.Context, session desk.Session, to webpush.Subscription) (desk.PushDevice, error) {
	u, err := url.Parse(to.Endpoint)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" || u.Scheme != "https" && (u.Scheme != "http" || s.Trusted == nil || !s.Trusted(u)) {
		return desk.PushDevice{}, desk.Invalid("endpoint", "endpoint_invalid", "a push service has an https address")
	}
	if err := to.Check(); err != nil {
		return desk.PushDevice{}, desk.Invalid("p256dh", "push_keys_invalid", "%w", err)
	}
	plain, err := json.Marshal(to)
	if err != nil {
		return desk.PushDevice{}, fmt.Errorf("write the device's keys: %w", err)
	}
	endpoint := sha256.Sum256([]byte(to.Endpoint))
	return store.Result(ctx, s.Store, session.WorkspaceID, func(tx store.Tx) (d desk.PushDevice, err error) {
		d = desk.PushDevice{ID: tx.NewID(), UserID: session.UserID, SessionHash: session.TokenHash, EndpointHash: hex.EncodeToString(endpoint[:]), CreatedAt: tx.Now()}
		if d.Sealed, err = s.Sealer.Seal(plain, store.DevicePlace(session.WorkspaceID, d.ID)); err != nil {
			return d, err
		}
		others, err := tx.Pushes().Devices(session.UserID)
		if err != nil {
			return d, err
		}
		for i := maxDevices - 1; i < len(others); i++ { // the oldest go
			if err := tx.WritePushes().DeleteDevice(others[i].ID); err != nil {
				return d, err
			}
		}
		if err := tx.WritePushes().PutDevice(d); err != nil {
			return d, err
		}
		return tx.Pushes().Device(d.ID)
	})
}

// SignOff reaches a member's device no more.
func (s *Service) SignOff(ctx context.Context, workspace, user, device desk.ID) error {
	return s.Store.Update(ctx, workspace, func(tx store.Tx) error {
		if err := own(tx, user, device); err != nil {
			return err
		}
		return tx.WritePushes().DeleteDevice(device)
	})
}

// Try sends a push to a member's device so that they see whether it works, at any hour.
func (s *Service) Try(ctx context.Context, workspace, user, device desk.ID) error {
	err := s.Store.Update(ctx, workspace, func(tx store.Tx) error {
		if err := own(tx, user, device); err != nil {
			return err
		}
		return tx.WritePushes().Add(desk.Push{DeviceID: device, Tag: desk.PushTest, UserID: user, Code: desk.PushTest, DueAt: tx.Now(), ExpiresAt: tx.Now().Add(keptFor)})
	})
	if err == nil {
		s.added.Ring()
	}
	return err
}

func own(r store.Reader, user, device desk.ID) error {
	d, err := r.Pushes().Device(device)
	if err == nil && d.UserID != user {
		err = desk.NotFound("push_device")
	}
	return err
}

// Choose keeps how a member wants to be told, from now on.
func (s *Service) Choose(ctx context.Context, workspace, user desk.ID, t desk.Telling) error {
	if err := t.Check(); err != nil {
		return err
	}
	return s.Store.Update(ctx, workspace, func(tx store.Tx) error {
		zone, err := store.ZoneOf(tx, user)
		if err != nil {
			return err
		}
		if err := tx.WritePushes().PutTelling(user, t); err != nil {
			return err
		}
		return tx.WriteMails().PutDigest(user, t.Digest.Next(tx.Now().In(zone)))
	})
}
