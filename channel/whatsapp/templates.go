package whatsapp

import (
	"context"
	"net/url"
	"slices"

	"madoguchi/channel"
	"madoguchi/desk"
)

const (
	templateFields = "id,name,language,status,category,previous_category,components,quality_score,rejected_reason,parameter_format"
	templatePage   = "100"
	maxPages       = 100 // of 100: more than the 6,000 names that an account may have, in a few languages
)

// Templates lists what the business account has, page by page (C3.1).
// https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/message_templates
func (Connector) Templates(ctx context.Context, a channel.Account) ([]desk.Template, error) {
	api, path := client(a), readSettings(a.Channel.Settings).Business+"/message_templates"
	query := url.Values{"fields": {templateFields}, "limit": {templatePage}}
	var all []desk.Template
	for range maxPages {
		var page struct {
			Data   []template `json:"data"`
			Paging struct {
				Cursors struct {
					After string `json:"after"`
				} `json:"cursors"`
				Next string `json:"next"`
			} `json:"paging"`
		}
		if f := api.Get(ctx, path, query, &page); f != nil {
			return nil, f
		}
		for _, t := range page.Data {
			all = append(all, t.desk())
		}
		if page.Paging.Next == "" || page.Paging.Cursors.After == "" {
			return all, nil
		}
		query.Set("after", page.Paging.Cursors.After) // the next page's address carries the token; we make our own
	}
	return all, nil
}

// codeHeaderSample is the fault code of a template whose header is a file without a sample; filed are such headers.
const codeHeaderSample = "template_header_sample"

var filed = []string{"image", "video", "document"}

// CreateTemplate submits a template for approval; it comes back with the provider's id and its first status (C3.7).
// Meta wants a sample of a header that is a file, by the handle that TemplateSample got for it.
func (Connector) CreateTemplate(ctx context.Context, a channel.Account, t desk.Template) (desk.Template, error) {
	if h := t.Header; h != nil && slices.Contains(filed, h.Kind) && t.Samples[desk.SampleHeader] == "" {
		return t, refuse(codeHeaderSample, "a header that is a file needs a sample")
	}
	var answer struct {
		ID       loose  `json:"id"`
		Status   string `json:"status"`
		Category string `json:"category"`
	}
	path := readSettings(a.Channel.Settings).Business + "/message_templates"
	if f := client(a).Post(ctx, path, nil, newTemplate(t), &answer); f != nil {
		return t, f
	}
	made := template{ID: answer.ID, Status: answer.Status, Category: answer.Category}.desk()
	t.ExternalID, t.Status = made.ExternalID, made.Status
	if made.Category != "" {
		t.Category = made.Category
	}
	return t, nil
}

// DeleteTemplate takes one language of a template away.
func (Connector) DeleteTemplate(ctx context.Context, a channel.Account, t desk.Template) error {
	path := readSettings(a.Channel.Settings).Business + "/message_templates"
	query := url.Values{"name": {t.Name}}
	if t.ExternalID != "" {
		query.Set("hsm_id", t.ExternalID)
	}
	return failure(client(a).Delete(ctx, path, query, nil))
}
