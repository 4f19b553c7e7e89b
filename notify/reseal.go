package notify

import (
	"context"
	"encoding/base64"
	"fmt"

	"madoguchi/desk"
	"madoguchi/store"
)

// EachSealed calls fn for every value of push that is sealed, and where for: the installation's key pair, and the devices'.
func EachSealed(ctx context.Context, s store.Store, workspaces []desk.ID, fn func(place string, sealed []byte) error) error {
	var kept string
	err := s.View(ctx, 0, func(r store.Reader) (err error) {
		kept, err = r.Installation().Fact(store.FactPush)
		return err
	})
	if err != nil {
		return fmt.Errorf("read the key pair for push: %w", err)
	}
	if kept != "" {
		sealed, err := base64.StdEncoding.DecodeString(kept)
		if err != nil {
			return fmt.Errorf("read the key pair for push: %w", err)
		}
		if err := fn(store.PushPlace, sealed); err != nil {
			return err
		}
	}
	for _, workspace := range workspaces {
		devices, err := devicesOf(ctx, s, workspace)
		if err != nil {
			return err
		}
		for _, d := range devices {
			if err := fn(store.DevicePlace(workspace, d.ID), d.Sealed); err != nil {
				return err
			}
		}
	}
	return nil
}

// Reseal seals anew what is stale, one transaction each, and says how many values it was.
func Reseal(ctx context.Context, s store.Store, keys Sealer, workspaces []desk.ID, stale func(sealed []byte) bool) (done int, err error) {
	changed, err := store.Result(ctx, s, 0, func(tx store.Tx) (bool, error) {
		kept, err := tx.Installation().Fact(store.FactPush)
		if err != nil || kept == "" {
			return false, err
		}
		sealed, err := base64.StdEncoding.DecodeString(kept)
		if err != nil || !stale(sealed) {
			return false, err
		}
		if sealed, err = again(keys, sealed, store.PushPlace); err != nil {
			return false, err
		}
		return true, tx.WriteInstallation().Replace(store.FactPush, base64.StdEncoding.EncodeToString(sealed))
	})
	if err != nil {
		return 0, fmt.Errorf("seal the key pair for push anew: %w", err)
	}
	if changed {
		done++
	}
	for _, workspace := range workspaces {
		devices, err := devicesOf(ctx, s, workspace)
		if err != nil {
			return done, err
		}
		for _, d := range devices {
			if !stale(d.Sealed) {
				continue
			}
			sealed, err := again(keys, d.Sealed, store.DevicePlace(workspace, d.ID))
			if err != nil {
				return done, fmt.Errorf("seal device %s anew: %w", d.ID, err)
			}
			if err := s.Update(ctx, workspace, func(tx store.Tx) error { return tx.WritePushes().SealDevice(d.ID, sealed) }); err != nil {
				return done, err
			}
			done++
		}
	}
	return done, nil
}

func again(keys Sealer, sealed []byte, place string) ([]byte, error) {
	plain, err := keys.Open(sealed, place)
	if err != nil {
		return nil, err
	}
	return keys.Seal(plain, place)
}

func devicesOf(ctx context.Context, s store.Store, workspace desk.ID) (all []desk.PushDevice, err error) {
	if workspace == 0 {
		return nil, nil
	}
	err = s.View(ctx, workspace, func(r store.Reader) (err error) {
		all, err = r.Pushes().Devices(0)
		return err
	})
	return all, err
}
