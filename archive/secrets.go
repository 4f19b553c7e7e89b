package archive

import (
	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// Secrets opens and seals values under a key file; seal.Keyring is one. A zero Secrets looks at none.
type Secrets struct{ channel.Sealer }

// sealedColumns hold what is sealed, and where each value is sealed for: a channel's secrets, the ends of the audit chains.
var sealedColumns = []struct {
	table, column string
	place         func(workspace, id desk.ID) string
}{
	{"channels", "secrets", channel.SecretsPlace},
	{"audit_heads", "sealed", func(workspace, _ desk.ID) string { return store.AuditHeadPlace(workspace) }},
}

// sealedApart are the columns whose bytes differ from key file to key file, by table.
func sealedApart() map[string][]string {
	columns := map[string][]string{}
	for _, c := range sealedColumns {
		columns[c.table] = append(columns[c.table], c.column)
	}
	return columns
}

// eachSealed calls fn for every value that is sealed.
func eachSealed(t store.Table, rows []store.Row, fn func(place string, sealed []byte) (replacement []byte, err error)) error {
	for _, c := range sealedColumns {
		at := t.Column(c.column)
		if t.Name != c.table || at < 0 {
			continue
		}
		for _, r := range rows {
			sealed, _ := r[at].([]byte)
			if len(sealed) == 0 {
				continue
			}
			workspace, _ := r[t.Column("workspace_id")].(int64)
			var id int64
			if of := t.Column("id"); of >= 0 {
				id, _ = r[of].(int64)
			}
			replacement, err := fn(c.place(desk.ID(workspace), desk.ID(id)), sealed)
			if err != nil {
				return err
			}
			r[at] = replacement
		}
	}
	return nil
}

// opens refuses rows whose sealed values the key file does not open.
func (s Secrets) opens(t store.Table, rows []store.Row) error {
	if s.Sealer == nil {
		return nil
	}
	return eachSealed(t, rows, func(place string, sealed []byte) ([]byte, error) {
		_, err := s.read(place, sealed)
		return sealed, err
	})
}

func (s Secrets) read(place string, sealed []byte) ([]byte, error) {
	plain, err := s.Open(sealed, place)
	if err != nil {
		return nil, desk.Errorf(desk.KindInvalid, "key_file_wrong", "the key file does not open %s: it is not the one it was sealed under: %w", place, err)
	}
	return plain, nil
}

// reseal takes rows' sealed values from one key file to another.
func (s Secrets) reseal(t store.Table, rows []store.Row, from Secrets) error {
	return eachSealed(t, rows, func(place string, sealed []byte) ([]byte, error) {
		plain, err := from.read(place, sealed)
		if err != nil {
			return nil, err
		}
		return s.Seal(plain, place)
	})
}
