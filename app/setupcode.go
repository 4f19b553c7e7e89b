package app

import (
	"context"
	"encoding/base32"
	"fmt"
	"net/url"
	"strings"

	"madoguchi/auth"
	"madoguchi/seal"
)

// setupCode is what somebody must show who sets the desk up over the web, "" where only this machine reaches it: else it would
// be whoever's opens its page first. It is the same on all nodes and after a restart.
func (c Config) setupCode(keys *seal.Keyring, door traffic) (string, error) {
	public, err := url.Parse(c.PublicURL)
	if err == nil && auth.LoopbackHost(public.Host) && door.onThisMachine() && len(c.TrustedProxies) == 0 {
		return "", nil
	}
	secret, err := keys.Derive("setup code")
	if err != nil {
		return "", err
	}
	return strings.ToLower(base32.StdEncoding.EncodeToString(secret[:10])), nil
}

// tellSetup says where to set up a desk that asks for its code and that nobody owns yet.
func (p *program) tellSetup(ctx context.Context, c Config) {
	if p.setupCode == "" || c.SetupAt == nil {
		return
	}
	needed, err := p.accounts.SetupNeeded(ctx)
	if err != nil {
		p.log.WarnContext(ctx, "is the desk set up?", "err", err)
	}
	if needed {
		c.SetupAt(fmt.Sprintf("%s/setup#%s", strings.TrimSuffix(c.PublicURL, "/"), p.setupCode))
	}
}
