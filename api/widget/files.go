package widget

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"madoguchi/api/rest"
	"madoguchi/attachment"
	"madoguchi/auth"
	"madoguchi/channel/webchat"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
	"madoguchi/visitor"
)

// upload keeps a file of the visitor's, to be sent with a message.
func (a *API) upload(w http.ResponseWriter, r *http.Request, s visitor.Session) error {
	if err := s.TakesFiles(); err != nil {
		return err
	}
	got, err := rest.Receive(w, r, a.Files, attachment.Upload{
		Workspace: s.Workspace.ID, By: s.Visitor.ID, MaxBytes: min(a.Files.MaxBytes, webchat.MaxFile), Policy: s.Workspace.Files,
	})
	if err != nil {
		return err
	}
	row, err := a.Visitors.Uploaded(r.Context(), s, got.File)
	if err != nil {
		return err // the bytes without a row are swept
	}
	answer(w, http.StatusCreated, view.AttachmentOf(row, a.Links(s.Workspace.ID)))
	return nil
}

// A link is good for ten minutes at most (J16), and its text changes only every five, so that a page drawn again finds
// its pictures in the browser's cache.
const (
	linkStep = 5 * time.Minute
	linkLife = 10 * time.Minute
)

// Links makes the addresses of files and faces for customers, who have no session: signed, for one resource, for minutes.
func Links(secret []byte, now desk.Clock) func(workspace desk.ID) view.Links {
	return func(workspace desk.ID) view.Links {
		token := func(resource string) string {
			until := now().Truncate(linkStep).Add(linkLife)
			return "?t=" + workspace.String() + "." + url.QueryEscape(auth.SignLink(secret, place(workspace, resource), until))
		}
		return view.Links{
			File: func(f desk.Attachment) (address, thumb string) {
				address = "/widget/v1/files/" + f.ID.String()
				if f.ThumbKey != "" {
					thumb = address + "/thumb" + token("file/"+f.ID.String())
				}
				return address + token("file/"+f.ID.String()), thumb
			},
			Avatar: func(m desk.Member) string {
				if m.AvatarKey == "" {
					return ""
				}
				return "/widget/v1/avatars/" + m.UserID.String() + token("avatar/"+m.UserID.String()+"/"+m.AvatarKey)
			},
			Logo: func(b desk.Brand) string {
				if b.LogoKey == "" {
					return ""
				}
				return "/widget/v1/logos/" + b.ID.String() + token("logo/"+b.ID.String()+"/"+b.LogoKey)
			},
		}
	}
}

func place(workspace desk.ID, resource string) string {
	return fmt.Sprintf("widget/%d/%s", workspace, resource)
}

// signed reads a link's token: the workspace, and the proof.
func signed(r *http.Request) (workspace desk.ID, proof string, err error) {
	name, proof, _ := strings.Cut(r.URL.Query().Get("t"), ".")
	if workspace, err = desk.ParseID(name); err != nil {
		return 0, "", desk.Errorf(desk.KindForbidden, "link_invalid", "the link is not signed")
	}
	return workspace, proof, nil
}

func (a *API) file(thumb bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := a.serveFile(w, r, thumb); err != nil {
			rest.WriteProblem(w, r, err)
		}
	}
}

func (a *API) serveFile(w http.ResponseWriter, r *http.Request, thumb bool) error {
	workspace, proof, err := signed(r)
	if err != nil {
		return err
	}
	id, err := desk.ParseID(r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := a.proves(workspace, "file/"+id.String(), proof); err != nil {
		return err
	}
	var f desk.Attachment
	err = a.Store.View(r.Context(), workspace, func(reader store.Reader) (err error) {
		f, err = reader.Messages().Attachment(id)
		return err
	})
	if err != nil {
		return err
	}
	return a.Files.Serve(rest.Patient(w), r, workspace, f, thumb, true)
}

func (a *API) avatar(w http.ResponseWriter, r *http.Request) {
	if err := a.serveAvatar(w, r); err != nil {
		rest.WriteProblem(w, r, err)
	}
}

func (a *API) serveAvatar(w http.ResponseWriter, r *http.Request) error {
	workspace, proof, err := signed(r)
	if err != nil {
		return err
	}
	id, err := desk.ParseID(r.PathValue("id"))
	if err != nil {
		return err
	}
	var m desk.Member
	err = a.Store.View(r.Context(), workspace, func(reader store.Reader) (err error) {
		m, err = reader.Members().Get(id)
		return err
	})
	if err != nil {
		return err
	}
	if err := a.proves(workspace, "avatar/"+id.String()+"/"+m.AvatarKey, proof); err != nil {
		return err
	}
	return a.Files.Serve(rest.Patient(w), r, workspace, desk.Attachment{ID: id, Name: "avatar", ThumbKey: m.AvatarKey}, true, true)
}

func (a *API) logo(w http.ResponseWriter, r *http.Request) {
	if err := a.serveLogo(w, r); err != nil {
		rest.WriteProblem(w, r, err)
	}
}

func (a *API) serveLogo(w http.ResponseWriter, r *http.Request) error {
	workspace, proof, err := signed(r)
	if err != nil {
		return err
	}
	id, err := desk.ParseID(r.PathValue("id"))
	if err != nil {
		return err
	}
	var b desk.Brand
	err = a.Store.View(r.Context(), workspace, func(reader store.Reader) (err error) {
		b, err = reader.Workspaces().Brand(id)
		return err
	})
	if err != nil {
		return err
	}
	if err := a.proves(workspace, "logo/"+id.String()+"/"+b.LogoKey, proof); err != nil {
		return err
	}
	return a.Files.Serve(rest.Patient(w), r, workspace, desk.Attachment{ID: id, Name: "logo", ThumbKey: b.LogoKey}, true, true)
}

func (a *API) proves(workspace desk.ID, resource, proof string) error {
	return auth.CheckLink(a.Secret, place(workspace, resource), proof, a.Now())
}
