package view

import (
	"fmt"

	"madoguchi/desk"
)

// Links makes the addresses of files and faces. Members' links rest on their session, customers' on a signature; a nil
// function makes no link.
type Links struct {
	File   func(desk.Attachment) (url, thumb string) // thumb "" where there is none
	Avatar func(desk.Member) string                  // "" where there is none
	Logo   func(desk.Brand) string                   // "" where there is none
}

// MemberLinks are the links of the agent API.
func MemberLinks() Links {
	return Links{
		File: func(a desk.Attachment) (url, thumb string) {
			url = "/api/v1/files/" + a.ID.String()
			if a.ThumbKey != "" {
				thumb = url + "/thumb"
			}
			return url, thumb
		},
		Avatar: func(m desk.Member) string {
			if m.AvatarKey == "" {
				return ""
			}
			return fmt.Sprintf("/api/v1/members/%d/avatar?v=%d", m.UserID, m.UpdatedAt.UnixMilli())
		},
		Logo: func(b desk.Brand) string {
			if b.LogoKey == "" {
				return ""
			}
			return fmt.Sprintf("/api/v1/brands/%d/logo?v=%.8s", b.ID, b.LogoKey)
		},
	}
}

func (l Links) file(a desk.Attachment) (url, thumb string) {
	if l.File == nil {
		return "", ""
	}
	return l.File(a)
}

func (l Links) avatar(m desk.Member) string {
	if l.Avatar == nil {
		return ""
	}
	return l.Avatar(m)
}

// People finds the members that messages and rows name; missing ones are shown by the name kept with the record.
type People map[desk.ID]desk.Member

// PeopleOf indexes members by user.
func PeopleOf(members []desk.Member) People {
	p := make(People, len(members))
	for _, m := range members {
		p[m.UserID] = m
	}
	return p
}
