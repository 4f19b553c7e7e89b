package app

import (
	"encoding/hex"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/guard"
	"madoguchi/seal"
	"madoguchi/sim"
)

// simulatorPath is where the simulator lies on our own server.
const simulatorPath = "/sim"

// simulatorFile is where it keeps what was set up, in the data folder.
const simulatorFile = "simulator.json"

// beside are the providers that stand in place of the real ones, by kind of channel: what the operator put there with
// --provider-url, and the simulator.
type beside map[string]string

// url is the address to call instead of the kind's provider, "" = the real one.
func (b beside) url(kind string) string { return b[kind] }

// simulated tells of which kinds the simulator plays the provider; another address of the operator's comes before it.
func (b beside) simulated(s *sim.Simulator) func(kind string) bool {
	return func(kind string) bool { return s != nil && b[kind] == s.Base+"/"+kind }
}

// hosts lists what our requests may reach for it although it may lie inside.
func (b beside) hosts() []string {
	var hosts []string
	for _, address := range slices.Sorted(maps.Values(b)) {
		if u, err := url.Parse(address); err == nil {
			hosts = append(hosts, hostPort(u))
		}
	}
	return hosts
}

// hostPort is the host of an address with its port, also where that is the scheme's own.
func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// providers reads --provider-url and adds the simulator at its address; "provider_url_invalid" (invalid).
func (c Config) providers(channels channel.Registry, door traffic) (beside, error) {
	found := beside{}
	if c.Sim {
		for _, kind := range sim.Kinds() {
			found[kind] = c.simulatorAt(door) + "/" + kind
		}
	}
	for _, entry := range c.ProviderURLs {
		kind, address, ok := strings.Cut(entry, "=")
		connector, err := channels.Get(kind)
		if !ok || err != nil || connector.Spec().Local {
			return nil, desk.Invalid("provider-url", "provider_url_invalid", "%q is not kind=URL with a kind of %s", entry, strings.Join(remote(channels), ", "))
		}
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			return nil, desk.Invalid("provider-url", "provider_url_invalid", "%s needs http://host[:port][/path] or https://…", kind)
		}
		found[kind] = strings.TrimSuffix(address, "/")
	}
	return found, nil
}

// remote lists the kinds that have a provider.
func remote(channels channel.Registry) []string {
	var kinds []string
	for kind, connector := range channels {
		if !connector.Spec().Local {
			kinds = append(kinds, kind)
		}
	}
	slices.Sort(kinds)
	return kinds
}

// simulatorAt is where our own requests find the simulator. With a certificate only its public name fits.
func (c Config) simulatorAt(door traffic) string {
	if door.certificate != nil {
		return c.PublicURL + simulatorPath
	}
	return door.address() + simulatorPath
}

// trust lets our requests reach what stands beside us. The simulator's reach the desk itself and nothing else inside.
func (t *traffic) trust(c Config, b beside) (err error) {
	if t.targets, err = guard.ParseAllowList(append(slices.Clone(c.TrustedTargets), b.hosts()...)); err != nil {
		return desk.Invalid("provider-url", "provider_url_invalid", "%w", err)
	}
	return nil
}

// simulator makes the simulator with an account of every kind; nil unless it is asked for. Its credentials are this
// installation's own and stay the same when the program starts again.
func (c Config) simulator(door traffic, keys *seal.Keyring, log *slog.Logger) (*sim.Simulator, error) {
	if !c.Sim {
		return nil, nil
	}
	seed, err := keys.Derive("simulator")
	if err != nil {
		return nil, err
	}
	var own []string
	for _, address := range []string{c.PublicURL, door.address()} {
		if u, err := url.Parse(address); err == nil && u.Host != "" {
			own = append(own, hostPort(u))
		}
	}
	desks, err := guard.ParseAllowList(own)
	if err != nil {
		return nil, desk.Invalid("public-url", "url_invalid", "%w", err)
	}
	s := sim.New(sim.Config{
		Base: c.simulatorAt(door), Seed: hex.EncodeToString(seed), Keep: c.path(simulatorFile), Log: log,
		Client: guard.NewClient(guard.Config{Allow: desks, Timeout: 20 * time.Second, MaxBytes: 64 << 20}),
	})
	if len(s.Accounts()) == 0 {
		for _, kind := range sim.Kinds() {
			if _, err := s.NewAccount(kind); err != nil {
				return nil, err
			}
		}
	}
	log.Warn("the simulator is on: whoever reaches this server can write as a customer", "page", c.PublicURL+simulatorPath+"/")
	return s, nil
}

// simulatorHandler serves it below its path, nil without one.
func simulatorHandler(s *sim.Simulator) http.Handler {
	if s == nil {
		return nil
	}
	return http.StripPrefix(simulatorPath, s)
}
