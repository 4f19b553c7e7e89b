// Package connect brings channels together with their accounts at the providers: it checks what an admin typed, asks the
// provider whether it is right, tells it where to call us, and says what to do about what is not.
package connect

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// askWithin bounds one question to a provider.
const askWithin = 30 * time.Second

// Config is what a Service needs.
type Config struct {
	Store     store.Store
	Channels  channel.Registry
	Sealer    channel.Sealer
	PublicURL string                   // without a slash at the end, "" unknown
	BaseURL   func(kind string) string // overrides a provider's address, nil or "" = the real one
	Client    *http.Client
	Now       desk.Clock
	Log       *slog.Logger // nil = slog.Default()
}

// Service connects. It is safe for concurrent use.
type Service struct{ Config }

// New makes the service.
func New(c Config) *Service {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.BaseURL == nil {
		c.BaseURL = func(string) string { return "" }
	}
	return &Service{Config: c}
}

// pending marks an Account that no provider has named yet; what follows is random.
const pending = "pending:"

// Prepare fills what a new channel of a provider begins with: its callback, a stand-in for its account, the secrets that we
// make, and its state. Channels of our own are left as they are.
func (s *Service) Prepare(workspace desk.ID, c *desk.Channel) error {
	connector, err := s.Channels.Get(c.Kind)
	if err != nil || connector.Spec().Local {
		return err
	}
	c.Hook = "ch_" + strings.ToLower(rand.Text())[:22]
	c.Account = pending + c.Hook
	c.State = desk.ChannelSetupIncomplete
	secrets := map[string]string{}
	for _, setting := range connector.Spec().Settings {
		if setting.Type == "made" {
			secrets[setting.Name] = made(setting.MaxRunes)
		}
	}
	c.Secrets, err = channel.SealSecrets(s.Sealer, workspace, c.ID, secrets)
	return err
}

// made draws a secret of letters and digits, 32 unless the provider wants another length.
func made(length int) string {
	if length <= 0 {
		length = 32
	}
	text := ""
	for len(text) < length {
		text += strings.ToLower(rand.Text())
	}
	return text[:length]
}

// Enabled is the state of a channel that was disabled: as it was connected, or not yet.
func Enabled(c desk.Channel) desk.ChannelState {
	if strings.HasPrefix(c.Account, pending) {
		return desk.ChannelSetupIncomplete
	}
	return desk.ChannelActive
}

// Change takes new settings (nil = as they are) and secrets ("" takes one away) into a channel after checking their form
// (B1.3). Errors are desk.KindInvalid with the setting's name.
func (s *Service) Change(workspace desk.ID, c *desk.Channel, settings json.RawMessage, secrets map[string]string) error {
	connector, err := s.Channels.Get(c.Kind)
	if err != nil {
		return err
	}
	kept, err := channel.OpenSecrets(s.Sealer, workspace, *c)
	if err != nil {
		return err
	}
	if settings != nil {
		c.Settings = settings
		if v, ok := connector.(channel.Validator); ok {
			if err := v.Validate(settings); err != nil {
				return err
			}
		}
	}
	for name, value := range secrets {
		if err := checkSecret(connector.Spec(), name, value); err != nil {
			return err
		}
		if kept[name] = value; value == "" {
			delete(kept, name)
		}
	}
	if len(secrets) > 0 {
		c.Health.TokenExpires = time.Time{} // a new one's end is not known yet
		c.Secrets, err = channel.SealSecrets(s.Sealer, workspace, c.ID, kept)
	}
	return err
}

// checkSecret holds one secret against its form; an empty one takes it away.
func checkSecret(spec channel.Spec, name, value string) error {
	i := slices.IndexFunc(spec.Settings, func(s channel.Setting) bool { return s.Name == name && s.Type == "secret" })
	if i < 0 {
		return desk.Invalid(name, "setting_unknown", "%s has no secret %q", spec.Kind, name)
	}
	form := spec.Settings[i]
	form.Type, form.Required = "text", false
	raw, err := json.Marshal(map[string]string{name: value})
	if err != nil {
		return fmt.Errorf("encode secret %s: %w", name, err)
	}
	return channel.CheckForm([]channel.Setting{form}, raw)
}

// missing names the first required setting that is empty, "" if none is: the provider cannot be asked without it.
func missing(spec channel.Spec, settings json.RawMessage, secrets map[string]string) string {
	var values map[string]any
	_ = json.Unmarshal(settings, &values) // what cannot be read is missing
	for _, s := range spec.Settings {
		value := values[s.Name]
		if s.Type == "secret" {
			value = secrets[s.Name]
		}
		if s.Required && s.Type != "made" && s.Default == "" && (value == nil || value == "") {
			return s.Name
		}
	}
	return ""
}

// Callback is where the provider calls us, "" for channels of our own or where the server has no public address.
func (s *Service) Callback(c desk.Channel) string { return channel.HookURL(s.PublicURL, c) }

// Account is what a connector calls its provider with.
func (s *Service) Account(workspace desk.ID, c desk.Channel) (channel.Connector, channel.Account, error) {
	connector, err := s.Channels.Get(c.Kind)
	if err != nil {
		return nil, channel.Account{}, err
	}
	secrets, err := channel.OpenSecrets(s.Sealer, workspace, c)
	if err != nil {
		return nil, channel.Account{}, err
	}
	return connector, channel.Account{
		Channel: c, Secrets: secrets, BaseURL: s.BaseURL(c.Kind), Callback: s.Callback(c), Client: s.Client, Now: s.Now,
	}, nil
}

// Copied are the values of a channel that its admin copies to the provider: those that we made.
func (s *Service) Copied(workspace desk.ID, c desk.Channel) (map[string]string, error) {
	connector, err := s.Channels.Get(c.Kind)
	if err != nil {
		return nil, err
	}
	secrets, err := channel.OpenSecrets(s.Sealer, workspace, c)
	if err != nil {
		return nil, err
	}
	values := map[string]string{}
	for _, setting := range connector.Spec().Settings {
		if setting.Type == "made" {
			values[setting.Name] = secrets[setting.Name]
		}
	}
	if callback := s.Callback(c); callback != "" {
		values["callback"] = callback
	}
	return values, nil
}

// Kept names the secrets of a channel that are there; none is ever shown (J16).
func (s *Service) Kept(workspace desk.ID, c desk.Channel) ([]string, error) {
	secrets, err := channel.OpenSecrets(s.Sealer, workspace, c)
	if err != nil {
		return nil, err
	}
	connector, err := s.Channels.Get(c.Kind)
	if err != nil {
		return nil, err
	}
	kept := []string{}
	for _, setting := range connector.Spec().Settings {
		if setting.Type == "secret" && secrets[setting.Name] != "" {
			kept = append(kept, setting.Name)
		}
	}
	return kept, nil
}

// refusal makes an error for people of what a provider answered when it was asked.
func refusal(err error) error {
	var f *channel.Fault
	if !errors.As(err, &f) {
		return err
	}
	e := desk.Errorf(desk.KindUnavailable, "provider_refused", "the provider answered: %w", f)
	if f.Code == "no_answer" || f.Code == "answer_cut" {
		e = desk.Errorf(desk.KindUnavailable, "provider_silent", "the provider did not answer: %w", f)
	}
	e.Params = map[string]string{"code": f.Code}
	return e
}

// ask gives one question its time.
func ask[T any](ctx context.Context, fn func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	v, err := fn(ctx)
	return v, refusal(err)
}
