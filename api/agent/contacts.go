package agent

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
	"madoguchi/view"
)

type listContacts struct {
	Text     string  `query:"q" maxLength:"200" doc:"In name, e-mail or phone, or the whole external id"`
	Channels []int64 `query:"channel" maxItems:"50" doc:"Who wrote on one of these"`
	Blocked  bool    `query:"blocked" doc:"Only with a blocked identity"`
	Open     bool    `query:"open" doc:"Only with an unresolved ticket"`
	Sort     string  `query:"sort" enum:"newest,name" doc:"With q or blocked always the newest first"`
	Paged
}

type editContact struct {
	rest.ByID
	Body struct {
		Name    *string             `json:"name,omitempty" maxLength:"200"`
		Email   *string             `json:"email,omitempty" maxLength:"254"`
		Phone   *string             `json:"phone,omitempty" maxLength:"40"`
		Locale  *string             `json:"locale,omitempty" maxLength:"35"`
		Fields  *map[string]*string `json:"fields,omitempty" maxProperties:"100" doc:"Only the fields named change; null deletes one"`
		Version int64               `json:"version" minimum:"1" doc:"The version that was seen; 409 edited_meanwhile with params.current if it is older"`
	}
}

type listAttachments struct {
	rest.ByID
	Kinds []string  `query:"kind" maxItems:"4" enum:"image,audio,video,file"`
	Since view.Time `query:"since" format:"date-time" doc:"Came at or after"`
	Until view.Time `query:"until" format:"date-time" doc:"Came before"`
	Paged
}

type noteBody struct {
	Text string `json:"body" minLength:"1" maxLength:"10000"`
}

type postNote struct {
	rest.ByID
	Body noteBody
}

type postConversation struct {
	rest.ByID
	Body struct {
		IdentityID desk.ID `json:"identity_id" minimum:"1" doc:"One of the contact's"`
	}
}

func (a *API) contacts(api huma.API) {
	rest.AddStatus(api, rest.Op{ID: "post-conversation", Method: http.MethodPost, Path: "/contacts/{id}/conversations", Tag: "Contacts",
		Summary: "Open a conversation with a customer on one of their channels", Can: auth.ConversationReply, Status: http.StatusCreated,
		Description: "201 for one that begins now, 200 for the one that there is. 409 channel_closed, reply_to_blocked, recipient_opted_out where nobody may be written to first."}, a.postConversation)
	rest.Add(api, rest.Op{ID: "list-contacts", Method: http.MethodGet, Path: "/contacts", Tag: "Contacts",
		Summary: "Find customers", Can: auth.ConversationRead}, a.listContacts)
	rest.Add(api, rest.Op{ID: "get-contact", Method: http.MethodGet, Path: "/contacts/{id}", Tag: "Contacts",
		Summary: "One customer", Can: auth.ConversationRead}, a.getContact)
	rest.Add(api, rest.Op{ID: "edit-contact", Method: http.MethodPatch, Path: "/contacts/{id}", Tag: "Contacts",
		Summary: "Change a customer's profile", Can: auth.ConversationReply}, a.editContact)
	rest.Add(api, rest.Op{ID: "preview-contact-deletion", Method: http.MethodGet, Path: "/contacts/{id}/deletion", Tag: "Contacts",
		Summary: "What would go with this customer", Can: auth.MessageDelete}, a.previewDeletion)
	rest.Add(api, rest.Op{ID: "delete-contact", Method: http.MethodDelete, Path: "/contacts/{id}", Tag: "Contacts",
		Summary: "Delete a customer with everything said", Can: auth.MessageDelete,
		Description: "409 contact_has_open_tickets while a case is open, unless open is true."}, a.deleteContact)
	rest.Add(api, rest.Op{ID: "list-contact-identities", Method: http.MethodGet, Path: "/contacts/{id}/identities", Tag: "Contacts",
		Summary: "The ways this customer reaches us", Can: auth.ConversationRead}, a.listIdentities)
	rest.Add(api, rest.Op{ID: "list-contact-tickets", Method: http.MethodGet, Path: "/contacts/{id}/tickets", Tag: "Contacts",
		Summary: "This customer's cases, newest first", Can: auth.ConversationRead}, a.listContactTickets)
	rest.Add(api, rest.Op{ID: "list-contact-conversations", Method: http.MethodGet, Path: "/contacts/{id}/conversations", Tag: "Contacts",
		Summary: "This customer's conversations", Can: auth.ConversationRead}, a.listContactConversations)
	rest.Add(api, rest.Op{ID: "list-contact-attachments", Method: http.MethodGet, Path: "/contacts/{id}/attachments", Tag: "Contacts",
		Summary: "Files of this customer's conversations, newest first", Can: auth.ConversationRead}, a.listAttachments)
	rest.Add(api, rest.Op{ID: "list-contact-notes", Method: http.MethodGet, Path: "/contacts/{id}/notes", Tag: "Contacts",
		Summary: "What the team wrote about this customer, newest first", Can: auth.ConversationRead}, a.listNotes)
	rest.Add(api, rest.Op{ID: "post-contact-note", Method: http.MethodPost, Path: "/contacts/{id}/notes", Tag: "Contacts",
		Summary: "Write about a customer", Can: auth.ConversationReply, Status: http.StatusCreated, Idempotent: true, PersonOnly: true}, a.postNote)
	rest.Add(api, rest.Op{ID: "edit-contact-note", Method: http.MethodPatch, Path: "/contact-notes/{id}", Tag: "Contacts",
		Summary: "Change a note", Can: auth.ConversationReply, PersonOnly: true}, a.editNote)
	rest.Add(api, rest.Op{ID: "delete-contact-note", Method: http.MethodDelete, Path: "/contact-notes/{id}", Tag: "Contacts",
		Summary: "Delete a note", Can: auth.ConversationReply, PersonOnly: true}, a.deleteNote)
}

func (a *API) listContacts(ctx context.Context, in *listContacts) (page rest.Page[view.Contact], err error) {
	err = a.read(ctx, func(r store.Reader, _ *rest.Caller) error {
		found, next, err := r.Contacts().List(store.ContactQuery{
			Text: in.Text, Channels: ids(in.Channels), Blocked: in.Blocked, Open: in.Open, Sort: store.ContactSort(in.Sort), Page: in.page(),
		})
		if err != nil {
			return err
		}
		if found, err = withNamed(r, in, found); err != nil {
			return err
		}
		ids := make([]desk.ID, len(found))
		for i, c := range found {
			ids[i] = c.ID
		}
		identities, err := r.Contacts().IdentitiesOf(ids)
		if err != nil {
			return err
		}
		open, err := r.Contacts().WithOpenCase(ids)
		if err != nil {
			return err
		}
		page = rest.NewPage(make([]view.Contact, 0, len(found)), next)
		for _, c := range found {
			shown := view.ContactOf(c, identities[c.ID], nil) // the browser is for who opens the contact
			shown.OpenCase = open[c.ID]
			page.Items = append(page.Items, shown)
		}
		return nil
	})
	return page, err
}

// withNamed puts the one whose external id was typed in whole first.
func withNamed(r store.Reader, in *listContacts, found []desk.Contact) ([]desk.Contact, error) {
	if in.Text == "" || in.After != "" {
		return found, nil
	}
	c, err := r.Contacts().ByExternalID(in.Text)
	if desk.KindOf(err) == desk.KindNotFound {
		return found, nil
	}
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(one desk.Contact) bool { return one.ID == c.ID })
	return append([]desk.Contact{c}, found...), nil
}

// going is what a deletion takes along.
type going struct {
	Conversations int64 `json:"conversations"`
	Tickets       int64 `json:"tickets"`
	OpenTickets   int64 `json:"open_tickets"`
	Messages      int64 `json:"messages" doc:"System lines among them"`
	Notes         int64 `json:"notes"`
}

func (a *API) previewDeletion(ctx context.Context, in *rest.ByID) (out going, err error) {
	err = a.read(ctx, func(r store.Reader, _ *rest.Caller) error {
		g, err := inbox.WhatGoes(r, in.ID)
		out = going(g)
		return err
	})
	return out, err
}

type deleteContact struct {
	rest.ByID
	Open bool `query:"open" doc:"Open cases go too"`
}

func (a *API) deleteContact(ctx context.Context, in *deleteContact) (rest.None, error) {
	return rest.None{}, a.Inbox.DeleteContact(ctx, rest.CallerOf(ctx).Inbox(), in.ID, in.Open)
}

func (a *API) contact(ctx context.Context, id desk.ID) (v view.Contact, err error) {
	err = a.read(ctx, func(r store.Reader, _ *rest.Caller) error {
		c, err := r.Contacts().Get(id)
		if err != nil {
			return err
		}
		v, err = view.ReadContact(r, c)
		return err
	})
	return v, err
}

func (a *API) getContact(ctx context.Context, in *rest.ByID) (view.Contact, error) {
	return a.contact(ctx, in.ID)
}

func (a *API) editContact(ctx context.Context, in *editContact) (view.Contact, error) {
	b := in.Body
	edit := inbox.ContactEdit{Name: b.Name, Email: b.Email, Phone: b.Phone, Locale: b.Locale, Version: b.Version, Fields: map[string]*string{}}
	if b.Fields != nil {
		edit.Fields = *b.Fields
	}
	_, err := a.Inbox.EditContact(ctx, rest.CallerOf(ctx).Inbox(), in.ID, edit)
	if desk.CodeOf(err) == "edited_meanwhile" {
		current, readErr := a.contact(ctx, in.ID)
		if readErr != nil {
			return view.Contact{}, readErr
		}
		return view.Contact{}, rest.WithCurrent(err, current)
	}
	if err != nil {
		return view.Contact{}, err
	}
	return a.contact(ctx, in.ID)
}

// ofContact reads something of a contact that exists.
func ofContact[T any](ctx context.Context, a *API, id desk.ID, fn func(r store.Reader, c *rest.Caller) (T, error)) (out T, err error) {
	err = a.read(ctx, func(r store.Reader, c *rest.Caller) error {
		if _, err := r.Contacts().Get(id); err != nil {
			return err
		}
		out, err = fn(r, c)
		return err
	})
	return out, err
}

func (a *API) listIdentities(ctx context.Context, in *rest.ByID) (rest.Items[view.Identity], error) {
	v, err := a.contact(ctx, in.ID)
	return rest.NewItems(v.Identities), err
}

func (a *API) listContactTickets(ctx context.Context, in *rest.ByID) (rest.Items[view.Ticket], error) {
	return ofContact(ctx, a, in.ID, func(r store.Reader, c *rest.Caller) (rest.Items[view.Ticket], error) {
		found, err := seenTickets(r, c, in.ID)
		if err != nil {
			return rest.Items[view.Ticket]{}, err
		}
		tickets, err := view.Tickets(r, found...)
		return rest.NewItems(tickets), err
	})
}

func (a *API) listContactConversations(ctx context.Context, in *rest.ByID) (rest.Items[view.Row], error) {
	return ofContact(ctx, a, in.ID, func(r store.Reader, c *rest.Caller) (rest.Items[view.Row], error) {
		found, err := seenThreads(r, c, in.ID)
		if err != nil {
			return rest.Items[view.Row]{}, err
		}
		rows, err := view.Rows(r, c.User(), found)
		return rest.NewItems(rows), err
	})
}

func (a *API) listAttachments(ctx context.Context, in *listAttachments) (rest.Page[view.Attachment], error) {
	return ofContact(ctx, a, in.ID, func(r store.Reader, _ *rest.Caller) (rest.Page[view.Attachment], error) {
		found, next, err := r.Messages().AttachmentsOf(in.ID, store.AttachmentQuery{Kinds: texts[desk.PartKind](in.Kinds), Since: in.Since.Time, Until: in.Until.Time, Page: in.page()})
		links := view.MemberLinks()
		return rest.NewPage(rest.Views(found, func(f desk.Attachment) view.Attachment { return view.AttachmentOf(f, links) }), next), err
	})
}

func (a *API) listNotes(ctx context.Context, in *rest.ByID) (rest.Items[view.ContactNote], error) {
	return ofContact(ctx, a, in.ID, func(r store.Reader, _ *rest.Caller) (rest.Items[view.ContactNote], error) {
		notes, err := r.Contacts().Notes(in.ID)
		return rest.NewItems(rest.Views(notes, view.ContactNoteOf)), err
	})
}

func (a *API) postNote(ctx context.Context, in *postNote) (view.ContactNote, error) {
	n, err := a.Inbox.AddContactNote(ctx, rest.CallerOf(ctx).Inbox(), in.ID, in.Body.Text, rest.From(ctx).Repeat)
	return view.ContactNoteOf(n), err
}

func (a *API) editNote(ctx context.Context, in *postNote) (view.ContactNote, error) {
	n, err := a.Inbox.EditContactNote(ctx, rest.CallerOf(ctx).Inbox(), in.ID, in.Body.Text)
	return view.ContactNoteOf(n), err
}

func (a *API) deleteNote(ctx context.Context, in *rest.ByID) (rest.None, error) {
	return rest.None{}, a.Inbox.DeleteContactNote(ctx, rest.CallerOf(ctx).Inbox(), in.ID)
}

func (a *API) postConversation(ctx context.Context, in *postConversation) (out view.Row, status int, err error) {
	row, started, err := a.Inbox.Start(ctx, rest.CallerOf(ctx).Inbox(), in.ID, in.Body.IdentityID)
	if err != nil {
		return out, 0, err
	}
	status = http.StatusOK
	if started {
		status = http.StatusCreated
	}
	out, err = a.row(ctx, row.ID)
	return out, status, err
}
