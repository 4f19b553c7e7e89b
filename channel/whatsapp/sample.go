package whatsapp

import (
	"context"
	"errors"
	"net/url"
	"strconv"

	"madoguchi/channel"
)

// TemplateSample uploads a file to the app, in one piece, and gives its handle.
// https://developers.facebook.com/docs/graph-api/guides/upload
func (Connector) TemplateSample(ctx context.Context, a channel.Account, file channel.File) (string, error) {
	api := client(a)
	var session struct {
		ID string `json:"id"`
	}
	query := url.Values{"file_length": {strconv.FormatInt(file.Attachment.Size, 10)}, "file_type": {file.Attachment.MIME}}
	if f := api.Post(ctx, readSettings(a.Channel.Settings).App+"/uploads", query, nil, &session); f != nil {
		return "", f
	}
	if session.ID == "" {
		return "", channel.Unreadable(errors.New("no upload session"))
	}
	r, f := channel.FileRequest(ctx, api.Address(session.ID, nil), file)
	if f != nil {
		return "", f
	}
	r.Header.Set("Authorization", "OAuth "+api.Token) // this one call takes no Bearer
	r.Header.Set("file_offset", "0")
	var uploaded struct {
		Handle string `json:"h"`
	}
	if f := api.Do(r, &uploaded); f != nil {
		return "", f
	}
	if uploaded.Handle == "" {
		return "", channel.Unreadable(errors.New("no handle"))
	}
	return uploaded.Handle, nil
}
