package channel

import (
	"encoding/json"
	"fmt"

	"madoguchi/desk"
)

// Sealer encrypts for a place and opens what was sealed for the same place; seal.Keyring is one.
type Sealer interface {
	Seal(plain []byte, context string) ([]byte, error)
	Open(sealed []byte, context string) ([]byte, error)
}

// The names of web chat's secrets: with which the customer's own server signs identities (F4), and its predecessor,
// which stays valid after a rotation.
const (
	SecretIdentify         = "identify"
	SecretIdentifyPrevious = "identify_previous"
)

// SealSecrets makes what desk.Channel.Secrets keeps (J16). The seal fits this channel only.
func SealSecrets(s Sealer, workspace, channel desk.ID, secrets map[string]string) ([]byte, error) {
	plain, err := json.Marshal(secrets)
	if err != nil {
		return nil, fmt.Errorf("encode secrets of channel %d: %w", channel, err)
	}
	sealed, err := s.Seal(plain, SecretsPlace(workspace, channel))
	if err != nil {
		return nil, fmt.Errorf("seal secrets of channel %d: %w", channel, err)
	}
	return sealed, nil
}

// OpenSecrets reads a channel's secrets; never nil, empty where none were kept.
func OpenSecrets(s Sealer, workspace desk.ID, c desk.Channel) (map[string]string, error) {
	secrets := map[string]string{}
	if len(c.Secrets) == 0 {
		return secrets, nil
	}
	plain, err := s.Open(c.Secrets, SecretsPlace(workspace, c.ID))
	if err != nil {
		return nil, fmt.Errorf("open secrets of channel %d: %w", c.ID, err)
	}
	if err := json.Unmarshal(plain, &secrets); err != nil {
		return nil, fmt.Errorf("read secrets of channel %d: %w", c.ID, err)
	}
	return secrets, nil
}

// SecretsPlace is where a channel's secrets are sealed for: another channel's do not fit.
func SecretsPlace(workspace, channel desk.ID) string {
	return fmt.Sprintf("workspace/%d/channel/%d/secrets", workspace, channel)
}
