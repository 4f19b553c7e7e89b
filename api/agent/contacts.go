package agent

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/view"
)

type listContacts struct {
	Text string `query:"q" maxLength:"200" doc:"In name, e-mail or phone"`
	paged
}

type editContact struct {
	byID
	Body struct {
		Name    *string            `json:"name,omitempty" maxLength:"200"`
		Email   *string            `json:"email,omitempty" maxLength:"254"`
		Phone   *string            `json:"phone,omitempty" maxLength:"40"`
		Locale  *string            `json:"locale,omitempty" maxLength:"35"`
		Fields  *map[string]string `json:"fields,omitempty" maxProperties:"100" doc:"Replaces all fields"`
		Version int64              `json:"version" minimum:"1" doc:"The version that was seen; 409 edited_meanwhile with params.current if it is older"`
	}
}

type listAttachments struct {
	byID
	Kinds []string `query:"kind" maxItems:"4" enum:"image,audio,video,file"`
	paged
}

type noteBody struct {
	Text string `json:"body" minLength:"1" maxLength:"10000"`
}

type postNote struct {
	byID
	Body noteBody
}

func (a *API) contacts(api huma.API) {
	rest.Add[listContacts, rest.Page[view.Contact]](api, rest.Op{ID: "list-contacts", Method: http.MethodGet, Path: "/contacts", Tag: "Contacts",
		Summary: "Find customers", Can: "conversation.read"}, nil)
	rest.Add[byID, view.Contact](api, rest.Op{ID: "get-contact", Method: http.MethodGet, Path: "/contacts/{id}", Tag: "Contacts",
		Summary: "One customer", Can: "conversation.read"}, nil)
	rest.Add[editContact, view.Contact](api, rest.Op{ID: "edit-contact", Method: http.MethodPatch, Path: "/contacts/{id}", Tag: "Contacts",
		Summary: "Change a customer's profile", Can: "conversation.reply"}, nil)
	rest.Add[byID, rest.Items[view.Identity]](api, rest.Op{ID: "list-contact-identities", Method: http.MethodGet, Path: "/contacts/{id}/identities", Tag: "Contacts",
		Summary: "The ways this customer reaches us", Can: "conversation.read"}, nil)
	rest.Add[byID, rest.Items[view.Ticket]](api, rest.Op{ID: "list-contact-tickets", Method: http.MethodGet, Path: "/contacts/{id}/tickets", Tag: "Contacts",
		Summary: "This customer's cases, newest first", Can: "conversation.read"}, nil)
	rest.Add[byID, rest.Items[view.Row]](api, rest.Op{ID: "list-contact-conversations", Method: http.MethodGet, Path: "/contacts/{id}/conversations", Tag: "Contacts",
		Summary: "This customer's conversations", Can: "conversation.read"}, nil)
	rest.Add[listAttachments, rest.Page[view.Attachment]](api, rest.Op{ID: "list-contact-attachments", Method: http.MethodGet, Path: "/contacts/{id}/attachments", Tag: "Contacts",
		Summary: "Files of this customer's conversations, newest first", Can: "conversation.read"}, nil)
	rest.Add[byID, rest.Items[view.ContactNote]](api, rest.Op{ID: "list-contact-notes", Method: http.MethodGet, Path: "/contacts/{id}/notes", Tag: "Contacts",
		Summary: "What the team wrote about this customer, newest first", Can: "conversation.read"}, nil)
	rest.Add[postNote, view.ContactNote](api, rest.Op{ID: "post-contact-note", Method: http.MethodPost, Path: "/contacts/{id}/notes", Tag: "Contacts",
		Summary: "Write about a customer", Can: "conversation.reply", Status: http.StatusCreated, Idempotent: true, PersonOnly: true}, nil)
	rest.Add[postNote, view.ContactNote](api, rest.Op{ID: "edit-contact-note", Method: http.MethodPatch, Path: "/contact-notes/{id}", Tag: "Contacts",
		Summary: "Change a note", Can: "conversation.reply", PersonOnly: true}, nil)
	rest.Add[byID, rest.None](api, rest.Op{ID: "delete-contact-note", Method: http.MethodDelete, Path: "/contact-notes/{id}", Tag: "Contacts",
		Summary: "Delete a note", Can: "conversation.reply", PersonOnly: true}, nil)
}
