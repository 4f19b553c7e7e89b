package sim

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"time"
)

// kept is what lies in the file while the program is stopped. Credentials do not: they come from the seed.
type kept struct {
	Ahead    time.Duration
	Accounts []keptAccount
}

type keptAccount struct {
	Kind     string
	Console  Console
	Receipts Receipts
	People   []*Person
	State    json.RawMessage // what is exported of the provider's own state
}

// remember writes the file. Nobody depends on it: what cannot be kept is said in the log.
func (s *Simulator) remember() {
	if s.Keep == "" {
		return
	}
	s.mu.Lock()
	k := kept{Ahead: s.ahead}
	for _, a := range s.accounts {
		k.Accounts = append(k.Accounts, keptAccount{a.Kind, a.console, a.receipts, a.people, encode(a.state)})
	}
	body := encode(k)
	s.mu.Unlock()
	if err := os.WriteFile(s.Keep, body, 0o600); err != nil {
		s.Log.Warn("the simulator's accounts are not kept", "err", err)
	}
}

// recall reads the file, if there is one, and opens its accounts.
func (s *Simulator) recall() {
	if s.Keep == "" {
		return
	}
	body, err := os.ReadFile(s.Keep)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	var k kept
	if err == nil {
		err = json.Unmarshal(body, &k)
	}
	if err != nil {
		s.Log.Warn("the simulator begins anew: its file cannot be read", "err", err)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead = k.Ahead
	for _, one := range k.Accounts {
		p := s.providers[one.Kind]
		if p == nil {
			continue
		}
		a := s.open(p, one.Kind)
		a.console, a.receipts = one.Console, one.Receipts
		if len(one.People) > 0 {
			a.people = one.People
		}
		for _, person := range a.people {
			person.account = a
		}
		if number, ok := a.state.(*whatsappNumber); ok {
			number.Templates = nil // JSON would be read into those of a new account
		}
		if err := json.Unmarshal(one.State, a.state); err != nil {
			s.Log.Warn("the simulator forgot part of an account", "account", a.ID, "err", err)
		}
	}
}
