package inbound

import (
	"context"
	"fmt"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// request is one authentic raw request while its results are filed.
type request struct {
	call      Call
	endpoint  channel.Endpoint
	connector channel.Connector
	routes    map[string]route // by provider account
}

// route is where the results of one provider account go; the zero value is nowhere.
type route struct {
	workspace desk.ID
	channel   desk.Channel
	known     bool
}

// route finds the channel of a provider account that a request tells about. One callback may carry many accounts, but only those for
// which the request is authentic too: whoever holds the secret of one channel's app speaks for no other app's accounts.
func (s *Service) route(ctx context.Context, q *request, account string) (route, error) {
	own := q.endpoint.Channel
	if account == "" || account == own.Account {
		return route{workspace: q.call.Workspace, channel: own, known: true}, nil
	}
	if found, ok := q.routes[account]; ok {
		return found, nil
	}
	found, err := s.byAccount(ctx, own.Kind, account)
	if err != nil {
		return route{}, err
	}
	if found.known {
		if found.known, err = s.vouched(ctx, q, found); err != nil {
			return route{}, err
		}
		if !found.known {
			s.counts.forged.Add(1)
		}
	}
	if q.routes == nil {
		q.routes = map[string]route{}
	}
	q.routes[account] = found
	return found, nil
}

func (s *Service) byAccount(ctx context.Context, kind, account string) (route, error) {
	found := route{known: true}
	err := s.store.View(ctx, 0, func(r store.Reader) (err error) {
		found.workspace, found.channel, err = r.Channels().ByAccount(kind, account)
		return err
	})
	if desk.KindOf(err) == desk.KindNotFound {
		return route{}, nil
	}
	return found, err
}

// vouched reports whether a request is authentic under another channel's secrets too.
func (s *Service) vouched(ctx context.Context, q *request, to route) (bool, error) {
	secrets, err := s.secrets(to.workspace, to.channel)
	if err != nil {
		return false, fmt.Errorf("unseal secrets of channel %d: %w", to.channel.ID, err)
	}
	e := q.endpoint
	e.Channel, e.Secrets = to.channel, secrets
	_, err = q.connector.Receive(ctx, e, q.call.Request)
	return err == nil, nil
}
