package messaging

import (
	"context"
	"net/url"
	"strings"

	"madoguchi/channel"
	"madoguchi/channel/graph"
)

// person is what the platforms tell about a customer.
type person struct {
	Name     string `json:"name"`
	First    string `json:"first_name"`
	Last     string `json:"last_name"`
	Username string `json:"username"`
	Picture  string `json:"profile_pic"`
}

func (p person) profile() channel.Profile {
	name := p.Name
	if name == "" {
		name = strings.TrimSpace(p.First + " " + p.Last)
	}
	if name == "" {
		name = p.Username
	}
	return channel.Profile{Name: channel.CleanText(name), ImageURL: p.Picture}
}

// Profile asks who a customer is. Of some the profile is kept from us while their name stands in the conversation; of
// others nothing is told, which is ActFail.
func Profile(ctx context.Context, c graph.Client, id, fields, platform string) (channel.Profile, error) {
	var p person
	f := c.Get(ctx, url.PathEscape(id), url.Values{"fields": {fields}}, &p)
	if f == nil {
		return p.profile(), nil
	}
	if f.Kind == channel.ActFail || f.Kind == channel.ActBlocked {
		if found, ok := participant(ctx, c, id, platform); ok {
			return found, nil
		}
		f.Kind = channel.ActFail // it is about the profile: messages may well arrive
	}
	return channel.Profile{}, f
}

func participant(ctx context.Context, c graph.Client, id, platform string) (channel.Profile, bool) {
	var answer struct {
		Data []struct {
			Participants struct {
				Data []struct {
					ID string `json:"id"`
					person
				} `json:"data"`
			} `json:"participants"`
		} `json:"data"`
	}
	if f := c.Get(ctx, "me/conversations", url.Values{"user_id": {id}, "platform": {platform}, "fields": {"participants"}}, &answer); f != nil {
		return channel.Profile{}, false
	}
	for _, conversation := range answer.Data {
		for _, p := range conversation.Participants.Data {
			if p.ID == id && p.profile().Name != "" {
				return p.profile(), true
			}
		}
	}
	return channel.Profile{}, false
}
