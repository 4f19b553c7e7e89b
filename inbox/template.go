package inbox

import (
	"context"
	"strings"

	"madoguchi/desk"
	"madoguchi/store"
)

// TemplateMessage is a template to send.
type TemplateMessage struct {
	ClientID   string
	Template   desk.ID
	Variables  map[string]string   // of the header ("header.1"), the body ("1" or "name") and the buttons ("button.0")
	HeaderFile desk.ID             // the writer's own unsent upload, for a header of image, video or document
	Place      *desk.TemplatePlace // for a header of location
}

// SendTemplate sends a template (C3.10): it goes where nothing else may, and the thread keeps what the customer reads.
// Errors besides those of Write: "template_not_found"; "template_unsendable" (conflict) with its status (C3.3);
// "template_variable_missing" (invalid) with its name; "attachment_missing" where the header wants a file, "place_invalid" where
// it wants a place.
func (s *Service) SendTemplate(ctx context.Context, a Actor, conversation desk.ID, in TemplateMessage) (message desk.Message, created bool, err error) {
	if in.ClientID == "" || len(in.ClientID) > maxClientID {
		return desk.Message{}, false, desk.Invalid("client_id", "client_id_invalid", "a client id has 1 to %d bytes", maxClientID)
	}
	type said struct {
		desk.Message
		now bool
	}
	m, err := store.Result(ctx, s.store, a.Workspace, func(tx store.Tx) (said, error) {
		v, err := openVisit(tx, a, conversation)
		if err != nil {
			return said{}, err
		}
		known, err := tx.Messages().ByClientID(conversation, desk.AuthorHuman, a.User, in.ClientID)
		if err == nil {
			return said{known, false}, v.close()
		}
		if desk.KindOf(err) != desk.KindNotFound {
			return said{}, err
		}
		fresh, err := s.template(v, in)
		if err != nil {
			return said{}, err
		}
		return said{fresh, true}, v.close()
	})
	return m.Message, m.now, err
}

func (s *Service) template(v *visit, in TemplateMessage) (desk.Message, error) {
	m := desk.Message{Author: desk.Author{Kind: desk.AuthorHuman, ID: v.actor.User, Name: v.actor.Name}, ClientID: in.ClientID, Status: desk.DeliveryQueued}
	t, err := v.tx.Templates().Get(in.Template)
	if err == nil && t.ChannelID != v.row.ChannelID {
		err = desk.NotFound("template")
	}
	if err != nil {
		return m, err
	}
	if !t.Status.Sendable() {
		e := desk.Errorf(desk.KindConflict, "template_unsendable", "template %s is %s", t.Name, t.Status)
		e.Params = map[string]string{"status": string(t.Status)}
		return m, e
	}
	if err := filled(t, in.Variables); err != nil {
		return m, err
	}
	use := t.Use(in.Variables)
	use.HeaderFile, use.HeaderPlace = in.HeaderFile, in.Place
	m.Template = &use
	if _, _, err := s.reachable(v, m); err != nil {
		return m, err
	}
	if m.Parts, err = v.rendered(t, in); err != nil {
		return m, err
	}
	if err := v.takeUp(); err != nil {
		return m, err
	}
	if err := v.say(&m); err != nil {
		return m, err
	}
	if err := v.fileAttachments(&m); err != nil {
		return m, err
	}
	if err := store.Promise(v.tx, m, v.row.ChannelID, 0); err != nil {
		return m, err
	}
	return m, v.readUpTo(m.Seq)
}

// filled refuses a template with something left open (C3.10).
func filled(t desk.Template, values map[string]string) error {
	for _, name := range t.Variables() {
		if strings.TrimSpace(values[name]) == "" {
			e := desk.Invalid("variables."+name, "template_variable_missing", "{{%s}} is empty", name)
			e.Params = map[string]string{"name": name}
			return e
		}
	}
	return nil
}

// rendered is the template as the customer reads it: the header's file or place, and the words.
func (v *visit) rendered(t desk.Template, in TemplateMessage) ([]desk.Part, error) {
	var parts []desk.Part
	if h := t.Header; h != nil {
		switch h.Kind {
		case "image", "video", "document":
			if in.HeaderFile == 0 {
				return nil, desk.Invalid("header_file", "attachment_missing", "the template's header is a %s", h.Kind)
			}
			files, err := v.takeParts([]desk.Part{{Kind: desk.PartFile, AttachmentID: in.HeaderFile}})
			if err != nil {
				return nil, err
			}
			parts = append(parts, files...)
		case "location":
			if in.Place == nil {
				return nil, desk.TemplatePlace{}.Check()
			}
			if err := in.Place.Check(); err != nil {
				return nil, err
			}
			place := in.Place.Location()
			parts = append(parts, desk.Part{Kind: desk.PartLocation, Location: &place})
		}
	}
	return append(parts, desk.Part{Kind: desk.PartText, Text: t.Reads(in.Variables)}), nil
}
