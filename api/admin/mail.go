package admin

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/mail"
	"madoguchi/store"
	"madoguchi/view"
)

// mailState is whether the desk sends e-mails.
type mailState struct {
	On     bool       `json:"on" doc:"The operator named a mail server"`
	Server string     `json:"server" doc:"Host and port"`
	From   string     `json:"from" doc:"The address that e-mails are from"`
	Fault  *mailFault `json:"fault,omitempty" doc:"What keeps e-mails from going out"`
}

type mailFault struct {
	At   view.Time `json:"at" format:"date-time"`
	Code int       `json:"code" doc:"The mail server's answer, 0 = it was not reached"`
}

func (a *API) mails(api huma.API) {
	rest.Add(api, rest.Op{ID: "get-mail", Method: http.MethodGet, Path: "/mail", Tag: "Workspace",
		Summary: "Does the desk send e-mails?", Can: auth.WorkspaceManage}, a.getMail)
	rest.Add(api, rest.Op{ID: "test-mail", Method: http.MethodPost, Path: "/mail/test", Tag: "Workspace", PersonOnly: true,
		Summary: "E-mail something to me, to see whether it arrives", Can: auth.WorkspaceManage}, a.testMail)
}

func (a *API) getMail(ctx context.Context, _ *struct{}) (v mailState, err error) {
	s := a.Mail.Server
	if s == nil {
		return v, nil
	}
	v.On, v.Server, v.From = true, s.Address(), s.From.Address
	err = a.Store.View(ctx, 0, func(r store.Reader) error {
		f, err := mail.FaultOf(r)
		if f != nil {
			v.Fault = &mailFault{At: view.At(f.At), Code: f.Code}
		}
		return err
	})
	return v, err
}

func (a *API) testMail(ctx context.Context, _ *struct{}) (rest.None, error) {
	c := rest.CallerOf(ctx)
	return rest.None{}, a.Mail.Try(ctx, c.Workspace().ID, c.User())
}
