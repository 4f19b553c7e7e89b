package stopmail_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"madoguchi/api/stopmail"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/mail"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

// Programs open links before people do: opening one ends nothing, posting to it does.
func TestALinkAsksAndAClickEndsMails(t *testing.T) {
	t.Parallel()
	const workspace, ken = desk.ID(1), desk.ID(20)
	secret := []byte("secret")
	s := storetest.SQLite(t)
	must(t, s.Update(t.Context(), 0, func(tx store.Tx) error {
		if err := tx.WriteAccounts().PutUser(desk.User{ID: ken, Email: "ken@example.test", Name: "Ken", Locale: desk.LocaleEN, CreatedAt: tx.Now()}); err != nil {
			return err
		}
		return tx.WriteWorkspaces().Put(desk.Workspace{ID: workspace, Name: "窓口", Locale: desk.LocaleJA, Zone: "UTC", CreatedAt: tx.Now()})
	}))
	must(t, s.Update(t.Context(), workspace, func(tx store.Tx) error {
		if err := tx.WriteMembers().Put(desk.Member{UserID: ken, Role: desk.RoleAgent, Active: true, CreatedAt: tx.Now()}); err != nil {
			return err
		}
		return tx.WritePushes().PutTelling(ken, desk.Telling{Digest: desk.Digest{Every: desk.DigestDaily}})
	}))
	h := &stopmail.Handler{Mail: mail.New(mail.Config{Store: s, Secret: secret, PublicURL: "https://desk.example.test"})}
	mux := http.NewServeMux()
	mux.Handle(mail.StopPath+"{token}", h)
	ask := func(method, token string) (int, string) {
		t.Helper()
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, mail.StopPath+token, strings.NewReader("List-Unsubscribe=One-Click")))
		return w.Code, w.Body.String()
	}
	token := "1.d20." + auth.SignLink(secret, "mail/stop/1/d/20", time.Now().Add(time.Hour))
	for range 2 {
		if code, page := ask(http.MethodGet, token); code != http.StatusOK || !strings.Contains(page, "<button>Stop these e-mails</button>") {
			t.Errorf("opened: %d %s", code, page)
		}
	}
	if code, page := ask(http.MethodPost, token); code != http.StatusOK || strings.Contains(page, "<button>") || !strings.Contains(page, "Done.") {
		t.Errorf("clicked: %d %s", code, page)
	}
	if code, page := ask(http.MethodGet, token); code != http.StatusOK || strings.Contains(page, "<button>") {
		t.Errorf("opened again: %d %s", code, page)
	}
	for _, forged := range []string{"x", "1.d21." + token[len("1.d20."):]} {
		if code, _ := ask(http.MethodPost, forged); code != http.StatusForbidden {
			t.Errorf("%q: %d", forged, code)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
