package agent

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
	"madoguchi/webpush"
)

// noticeSettings are how a member is told, and where.
type noticeSettings struct {
	Telling   view.Telling `json:"telling"`
	PublicKey string       `json:"public_key" doc:"What browsers subscribe to, base64url"`
	Devices   []pushDevice `json:"devices" doc:"My browsers that a push reaches, the newest first"`
	Mails     bool         `json:"mails" doc:"The desk sends e-mails"`
	Email     string       `json:"email" doc:"Where they go"`
}

type pushDevice struct {
	ID         desk.ID   `json:"id"`
	Current    bool      `json:"current" doc:"It is this one"`
	UserAgent  string    `json:"user_agent"`
	LastSeenAt view.Time `json:"last_seen_at" format:"date-time"`
	CreatedAt  view.Time `json:"created_at" format:"date-time"`
}

type putTelling struct {
	Body view.Telling
}

type postDevice struct {
	Body struct {
		Endpoint string `json:"endpoint" maxLength:"2000" doc:"As the browser's PushSubscription says"`
		P256DH   string `json:"p256dh" maxLength:"200"`
		Auth     string `json:"auth" maxLength:"100"`
	}
}

func (a *API) push(api huma.API) {
	rest.Add(api, rest.Op{ID: "get-notification-settings", Method: http.MethodGet, Path: "/notification-settings", Tag: "Session", Can: rest.SignedIn, PersonOnly: true,
		Summary: "How I am told, and on which devices"}, a.getNoticeSettings)
	rest.Add(api, rest.Op{ID: "put-notification-settings", Method: http.MethodPut, Path: "/notification-settings", Tag: "Session", Can: rest.SignedIn, PersonOnly: true,
		Summary: "Choose how I am told"}, a.putTelling)
	rest.Add(api, rest.Op{ID: "sign-up-push-device", Method: http.MethodPost, Path: "/push-devices", Tag: "Session", Can: rest.SignedIn, PersonOnly: true,
		Summary: "Push to this browser from now on, until it is signed out", Status: http.StatusCreated}, a.postDevice)
	rest.Add(api, rest.Op{ID: "delete-push-device", Method: http.MethodDelete, Path: "/push-devices/{id}", Tag: "Session", Can: rest.SignedIn, PersonOnly: true,
		Summary: "Push to a browser of mine no more"}, a.deleteDevice)
	rest.Add(api, rest.Op{ID: "test-push-device", Method: http.MethodPost, Path: "/push-devices/{id}/test", Tag: "Session", Can: rest.SignedIn, PersonOnly: true,
		Summary: "Push something to a browser of mine, to see whether it arrives"}, a.tryDevice)
}

func (a *API) getNoticeSettings(ctx context.Context, _ *struct{}) (v noticeSettings, err error) {
	key, err := a.Notify.PublicKey(ctx)
	if err != nil {
		return v, err
	}
	v.PublicKey = key
	err = a.readAll(ctx, func(r store.Reader, c *rest.Caller) error {
		telling, err := r.Pushes().Telling(c.User())
		if err != nil {
			return err
		}
		v.Telling, v.Mails, v.Email = view.TellingOf(telling), a.Mails, c.Signed.User.Email
		devices, err := r.Pushes().Devices(c.User())
		v.Devices = make([]pushDevice, len(devices))
		for i, d := range devices {
			v.Devices[i] = deviceOf(c, d)
		}
		return err
	})
	return v, err
}

func deviceOf(c *rest.Caller, d desk.PushDevice) pushDevice {
	return pushDevice{ID: d.ID, Current: d.SessionHash == c.Signed.Session.TokenHash, UserAgent: d.UserAgent, LastSeenAt: view.At(d.LastSeenAt), CreatedAt: view.At(d.CreatedAt)}
}

func (a *API) putTelling(ctx context.Context, in *putTelling) (rest.None, error) {
	c := rest.CallerOf(ctx)
	return rest.None{}, a.Notify.Choose(ctx, c.Workspace().ID, c.User(), in.Body.Telling())
}

func (a *API) postDevice(ctx context.Context, in *postDevice) (pushDevice, error) {
	c := rest.CallerOf(ctx)
	d, err := a.Notify.SignUp(ctx, c.Signed.Session, webpush.Subscription(in.Body))
	if err != nil {
		return pushDevice{}, err
	}
	return deviceOf(c, d), nil
}

func (a *API) deleteDevice(ctx context.Context, in *rest.ByID) (rest.None, error) {
	c := rest.CallerOf(ctx)
	return rest.None{}, a.Notify.SignOff(ctx, c.Workspace().ID, c.User(), in.ID)
}

func (a *API) tryDevice(ctx context.Context, in *rest.ByID) (rest.None, error) {
	c := rest.CallerOf(ctx)
	return rest.None{}, a.Notify.Try(ctx, c.Workspace().ID, c.User(), in.ID)
}
