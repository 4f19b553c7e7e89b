package sqlstore

import (
	"time"

	"madoguchi/store"
)

type installation struct{ t *tx }

const (
	sqlFactGet  = `SELECT value FROM installation WHERE name = $1`
	sqlFactNew  = `INSERT INTO installation (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`
	sqlFactPut  = `INSERT INTO installation (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`
	sqlDutyTake = `INSERT INTO duties (name, holder, until) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until WHERE duties.until <= $4`
)

func (s installation) Fact(name store.Fact) (string, error) {
	var value string
	_, err := s.t.value(sqlFactGet, []any{string(name)}, &value)
	return value, err
}

func (s installation) Settle(name store.Fact, value string) (string, error) {
	n, err := s.t.exec(sqlFactNew, string(name), value)
	if err != nil || n == 1 {
		return value, err
	}
	return s.Fact(name)
}

func (s installation) Replace(name store.Fact, value string) error {
	return s.t.write(sqlFactPut, string(name), value)
}

func (s installation) TakeDuty(name, holder string, until time.Time) (bool, error) {
	n, err := s.t.exec(sqlDutyTake, name, holder, until, s.t.at)
	return n == 1, err
}
