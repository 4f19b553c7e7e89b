package admin

import (
	"cmp"
	"context"
	"slices"

	"madoguchi/api/rest"
	"madoguchi/channel"
	"madoguchi/connect"
	"madoguchi/desk"
	"madoguchi/view"
)

type getChannelKind struct {
	Kind string `path:"kind" minLength:"1" maxLength:"40"`
}

// kindLine is what can be connected, with what it is called in the caller's language; "" where the front end knows.
type kindLine struct {
	channel.Spec
	Name  string `json:"name,omitempty"`
	About string `json:"about,omitempty"`
}

// channelKind is one kind with its texts, in the caller's language.
type channelKind struct {
	channel.Spec
	Texts map[string]string `json:"texts" doc:"name, about, setting.<name>, step.<name>, check.<code>, fault.<code> …"`
	// What the server can do for whoever connects.
	Probes     bool `json:"probes" doc:"The provider can be asked whether the settings are right"`
	Subscribes bool `json:"subscribes" doc:"The provider can be told where to call us"`
	Elsewhere  bool `json:"elsewhere" doc:"The operator pointed it at another address than the provider's: a simulator, a gateway"`
	Simulated  bool `json:"simulated" doc:"The simulator at /sim/ plays the provider: it gives out accounts to try the channel with"`
}

type probeChannel struct {
	rest.ByID
	Body struct {
		Confirm bool `json:"confirm,omitempty" doc:"The channel may be given another account than it had"`
	}
}

func (a *API) listKinds(ctx context.Context, _ *struct{}) (rest.Items[kindLine], error) {
	kinds := make([]kindLine, 0, len(a.Channels))
	for _, connector := range a.Channels {
		line := kindLine{Spec: tidySpec(connector.Spec())}
		if speaker, ok := connector.(channel.Speaker); ok {
			texts := speaker.Texts(string(rest.From(ctx).Locale))
			line.Name, line.About = texts["name"], texts["about"]
		}
		kinds = append(kinds, line)
	}
	slices.SortFunc(kinds, func(x, y kindLine) int { return cmp.Or(cmp.Compare(x.Order, y.Order), cmp.Compare(x.Kind, y.Kind)) })
	return rest.NewItems(kinds), nil
}

// tidySpec writes lists that are empty as such: the document promises arrays.
func tidySpec(s channel.Spec) channel.Spec {
	s.Settings = append([]channel.Setting{}, s.Settings...)
	s.Steps = append([]channel.Step{}, s.Steps...)
	s.Rates = append([]channel.Rate{}, s.Rates...)
	can := &s.Capabilities
	can.Marks = append([]desk.MarkKind{}, can.Marks...)
	can.Receipts = append([]desk.DeliveryStatus{}, can.Receipts...)
	can.Media = append([]channel.MediaLimit{}, can.Media...)
	for i := range can.Media {
		can.Media[i].MIME = append([]string{}, can.Media[i].MIME...)
	}
	return s
}

func (a *API) getKind(ctx context.Context, in *getChannelKind) (v channelKind, err error) {
	connector, err := a.Channels.Get(in.Kind)
	if err != nil {
		return v, err
	}
	v = channelKind{Spec: tidySpec(connector.Spec()), Texts: map[string]string{}}
	if speaker, ok := connector.(channel.Speaker); ok {
		v.Texts = speaker.Texts(string(rest.From(ctx).Locale))
	}
	_, v.Probes = connector.(channel.Prober)
	_, v.Subscribes = connector.(channel.Subscriber)
	v.Elsewhere = a.Connect.BaseURL(in.Kind) != ""
	v.Simulated = a.Simulated != nil && a.Simulated(in.Kind)
	return v, nil
}

// probeChannel asks outside of any transaction; what is found is kept in one of its own.
func (a *API) probeChannel(ctx context.Context, in *probeChannel) (view.Channel, error) {
	c := rest.CallerOf(ctx)
	ch, err := a.Connect.Probe(ctx, c.Workspace().ID, in.ID, connect.By{Actor: c.Account().By, Confirmed: in.Body.Confirm})
	if err != nil {
		return view.Channel{}, err
	}
	return a.channelOf(c, ch), nil
}

func (a *API) subscribeChannel(ctx context.Context, in *rest.ByID) (rest.None, error) {
	return rest.None{}, a.Connect.Subscribe(ctx, rest.CallerOf(ctx).Workspace().ID, in.ID)
}
