package archive

import (
	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// Secrets opens and seals values under a key file; seal.Keyring is one. A zero Secrets looks at none.
type Secrets struct{ channel.Sealer }

// sealedTable and sealedColumn hold what is sealed: a channel's secrets.
const (
	sealedTable  = "channels"
	sealedColumn = "secrets"
)

// each calls fn for every row with something sealed.
func eachSealed(t store.Table, rows []store.Row, fn func(workspace, channel desk.ID, sealed *any) error) error {
	at := t.Column(sealedColumn)
	if t.Name != sealedTable || at < 0 {
		return nil
	}
	for _, r := range rows {
		sealed, _ := r[at].([]byte)
		workspace, _ := r[t.Column("workspace_id")].(int64)
		id, _ := r[t.Column("id")].(int64)
		if len(sealed) == 0 {
			continue
		}
		if err := fn(desk.ID(workspace), desk.ID(id), &r[at]); err != nil {
			return err
		}
	}
	return nil
}

// opens refuses rows whose secrets the key file does not open.
func (s Secrets) opens(t store.Table, rows []store.Row) error {
	if s.Sealer == nil {
		return nil
	}
	return eachSealed(t, rows, func(workspace, id desk.ID, sealed *any) error {
		_, err := s.read(workspace, id, *sealed)
		return err
	})
}

func (s Secrets) read(workspace, id desk.ID, sealed any) (map[string]string, error) {
	b, _ := sealed.([]byte)
	plain, err := channel.OpenSecrets(s, workspace, desk.Channel{ID: id, Secrets: b})
	if err != nil {
		return nil, desk.Errorf(desk.KindInvalid, "key_file_wrong", "the key file does not open the secrets of channel %d: it is not the one they were sealed under: %w", id, err)
	}
	return plain, nil
}

// reseal takes rows' secrets from one key file to another.
func (s Secrets) reseal(t store.Table, rows []store.Row, from Secrets) error {
	return eachSealed(t, rows, func(workspace, id desk.ID, sealed *any) error {
		plain, err := from.read(workspace, id, *sealed)
		if err != nil {
			return err
		}
		*sealed, err = channel.SealSecrets(s, workspace, id, plain)
		return err
	})
}
