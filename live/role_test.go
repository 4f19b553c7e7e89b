package live

import (
	"testing"
	"testing/synctest"
	"time"

	"madoguchi/account"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
)

// What a custom role loses, the open sockets of whoever has it lose within 5 s, wherever it was changed; a key's with it (J4).
func TestACustomRoleIsInForceOnOpenSockets(t *testing.T) {
	inBubble(t, 3, func(t *testing.T, o *office) {
		elsewhere := account.New(account.Config{Store: o.store})
		owner := account.Actor{Workspace: o.workspace, By: desk.Actor{Kind: desk.ActorSystem}, Can: auth.OfRole(desk.Workspace{}, desk.RoleOwner, nil).Can}
		held := []string{string(auth.ConversationRead), string(auth.ConversationReply), string(auth.ConversationMonitor)}
		night, err := elsewhere.CreateRole(t.Context(), owner, desk.CustomRole{Label: desk.Labels{JA: "夜間"}, Base: desk.RoleSupervisor, Permissions: held}, "")
		if err != nil {
			t.Fatal(err)
		}
		boss := o.supervises(0, desk.ScopeAll)
		if _, err := elsewhere.EditMember(t.Context(), owner, true, o.agents[0].User, account.MemberEdit{Role: &account.RoleChoice{Custom: night.ID}}); err != nil {
			t.Fatal(err)
		}
		o.update(func(tx store.Tx) error {
			return tx.WriteAccounts().PutAPIKey(desk.APIKey{ID: tx.NewID(), Name: "k", Hash: "k", Role: night.Base, Custom: &night, CreatedBy: o.agents[0].User, CreatedAt: tx.Now()})
		})
		program := o.sits(o.hub, Session{Workspace: o.workspace, User: o.agents[0].User, KeyHash: "k", Monitors: true}).hello(0)
		program.say(`{"type":"board","open":true}`)
		told := func(who string) (person, key int) {
			o.writes(who, "hi")
			time.Sleep(5 * time.Second)
			synctest.Wait()
			return len(boss.boards()), len(program.boards())
		}
		if person, key := told("a"); person == 0 || key == 0 {
			t.Fatalf("with the right: %d boards to the member, %d to the key", person, key)
		}
		edit := account.RoleEdit{Label: night.Label, Permissions: held[:2], Version: night.Version}
		if _, err := elsewhere.EditRole(t.Context(), owner, night.ID, edit); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		synctest.Wait()
		said := false
		for _, f := range boss.heardNow() {
			said = said || f.Kind == desk.EventMemberChanged
		}
		if !said {
			t.Error("the member's screen is not told to look again")
		}
		program.boards()
		if person, key := told("b"); person != 0 || key != 0 {
			t.Errorf("without it: %d boards to the member, %d to the key", person, key)
		}
	})
}
