package widget

import (
	"encoding/json"
	"net/http"
	"strconv"

	"madoguchi/desk"
	"madoguchi/inbound"
	"madoguchi/store"
	"madoguchi/view"
	"madoguchi/visitor"
)

func (a *API) messages(w http.ResponseWriter, r *http.Request, s visitor.Session) error {
	var q visitor.Range
	query := r.URL.Query()
	for name, into := range map[string]*int64{"before": &q.Before, "after": &q.After} {
		if err := number(query.Get(name), name, into); err != nil {
			return err
		}
	}
	var limit int64
	if err := number(query.Get("limit"), "limit", &limit); err != nil {
		return err
	}
	if q.Before > 0 && q.After > 0 {
		return desk.Invalid("after", "range_invalid", "before or after, not both")
	}
	q.Limit = int(min(limit, visitor.MaxPage))
	items, more, err := a.Visitors.Messages(r.Context(), s, q, a.Links(s.Workspace.ID))
	if err != nil {
		return err
	}
	answer(w, http.StatusOK, struct {
		Items []view.WMessage `json:"items"`
		More  bool            `json:"more"`
	}{items, more})
	return nil
}

func number(text, field string, into *int64) error {
	if text == "" {
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n >= 1<<53 {
		return desk.Invalid(field, field+"_invalid", "%q is not a number", text)
	}
	*into = n
	return nil
}

// write takes a customer's message: 201 for a new one, 200 for one that was taken before.
func (a *API) write(w http.ResponseWriter, r *http.Request, s visitor.Session) error {
	raw, err := body(w, r)
	if err != nil {
		return err
	}
	call := a.call(r, s, raw)
	call.Page = pageOf(raw, s.Visitor)
	call.Also = func(tx store.Tx, f *inbound.Filed) error {
		written := visitor.Written{Identity: f.Identity, Contact: f.Contact, Ticket: f.Ticket}
		return a.Visitors.Wrote(tx, s, written, func(code string, params map[string]string) error { return f.Line(tx, code, params) })
	}
	taken, err := a.Inbound.Accept(r.Context(), call)
	if err != nil {
		return err
	}
	a.notePage(r, s, call.Page)
	filed := taken.Messages[0]
	message, _ := view.WMessageOf(filed.Message, nil, a.Links(s.Workspace.ID))
	status := http.StatusCreated
	if filed.Duplicate {
		status = http.StatusOK
	}
	answer(w, status, message)
	return nil
}

// notePage keeps where the customer wrote from, if that is news. The message is taken; this is by the way.
func (a *API) notePage(r *http.Request, s visitor.Session, page desk.Page) {
	if page.URL == s.Visitor.PageURL {
		return
	}
	if err := a.Visitors.Visit(background(r), s, page); err != nil && desk.KindOf(err) != desk.KindInvalid {
		a.Log.WarnContext(r.Context(), "note page of message", "err", err)
	}
}

// pageOf is where a message was written: as it says itself, else where its writer was seen last.
func pageOf(raw []byte, v desk.Visitor) desk.Page {
	var extra struct {
		Page desk.Page `json:"page"`
	}
	if json.Unmarshal(raw, &extra) == nil {
		if page := visitor.CleanPage(extra.Page); page.URL != "" {
			return page
		}
	}
	return desk.Page{URL: v.PageURL, Title: v.PageTitle}
}
