package account

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
)

// MemberEdit is what changes of a member; nil leaves it alone.
type MemberEdit struct {
	Role        *RoleChoice
	DisplayName *string
	Active      *bool
	Scope       *desk.Scope
	Grants      *[]string  // permissions beyond the role (the ○ cells of J3): "grant_invalid" for what its role cannot have
	Capacity    *int       // 0 = the workspace's
	Channels    *[]desk.ID // whose customers they are given (E4), none = every channel's; "channel_not_found"
	AvatarKey   *string    // blob key, "" removes the picture
}

// administrates reports whether the edit is more than what everybody may change about themselves.
func (e MemberEdit) administrates() bool {
	return e.Role != nil || e.Active != nil || e.Grants != nil || e.Scope != nil || e.Capacity != nil || e.Channels != nil
}

// EditMember changes a member. Everybody may change their own display name and picture; the rest is for those with
// auth.MemberManage, for whom and into what auth.MayGive says. One owner always remains (J1: "last_owner", conflict), nobody deactivates
// or demotes themselves by accident ("forbidden"), and the unresolved tickets of a member who is deactivated, or by their role answers
// nobody any more, go back to the queue in the same transaction (E16).
func (s *Service) EditMember(ctx context.Context, a Actor, manages bool, target desk.ID, e MemberEdit) (desk.Member, error) {
	if e.DisplayName != nil && *e.DisplayName != "" {
		name, err := checkName("display_name", *e.DisplayName)
		if err != nil {
			return desk.Member{}, err
		}
		e.DisplayName = &name
	}
	self := a.By.Kind == desk.ActorUser && a.User == target
	if e.Scope != nil && !e.Scope.Valid() {
		return desk.Member{}, desk.Invalid("scope", "scope_invalid", "no scope %.40q", string(*e.Scope))
	}
	if !manages && (!self || e.administrates()) {
		return desk.Member{}, &desk.Error{Kind: desk.KindForbidden, Code: "forbidden", Message: "changing members needs member.manage"}
	}
	return result(ctx, s, a, func(tx store.Tx) (desk.Member, error) {
		if err := tx.WriteMembers().Hold(target); err != nil { // two edits at once: neither takes back what the other changed
			return desk.Member{}, fmt.Errorf("hold member: %w", err)
		}
		was, err := tx.Members().Get(target)
		if err != nil {
			return was, err
		}
		m, err := e.of(tx, a, was, self)
		if err != nil {
			return was, err
		}
		m.UpdatedAt = tx.Now()
		return m, changeMember(tx, a, was, m)
	})
}

// of is a member as the edit leaves them.
func (e MemberEdit) of(r store.Reader, a Actor, was desk.Member, self bool) (desk.Member, error) {
	m := was
	if e.Role != nil {
		next, err := e.Role.find(r)
		if err != nil {
			return m, err
		}
		m.Role, m.Custom = next.base, next.custom
	}
	if e.Active != nil {
		m.Active = *e.Active
	}
	if e.Scope != nil {
		m.Scope = *e.Scope
	}
	if e.Capacity != nil {
		m.Capacity = *e.Capacity
	}
	if e.Channels != nil {
		channels, err := serving(r, was, *e.Channels)
		if err != nil {
			return m, err
		}
		m.ChannelIDs = channels
	}
	if e.Grants != nil {
		if err := auth.CheckGrants(m.Role, *e.Grants); err != nil {
			return m, err
		}
		m.Grants = *e.Grants
	}
	if !self || e.administrates() {
		if err := a.mayChange(r, was, m); err != nil {
			return m, err
		}
	}
	if e.DisplayName != nil {
		m.DisplayName = *e.DisplayName
	}
	if e.AvatarKey != nil {
		m.AvatarKey = *e.AvatarKey
	}
	return m, nil
}

// serving are the channels that a member is to serve, in order. One that was deleted may stay, so that whoever served it alone is
// not given every channel's customers, and cannot be added.
func serving(r store.Reader, was desk.Member, channels []desk.ID) ([]desk.ID, error) {
	channels = slices.Compact(slices.Sorted(slices.Values(channels)))
	for _, id := range channels {
		ch, err := r.Channels().Get(id)
		if err == nil && ch.State == desk.ChannelDeleted && !slices.Contains(was.ChannelIDs, id) {
			err = desk.NotFound("channel")
		}
		if err != nil {
			return nil, err
		}
	}
	return channels, nil
}

// mayChange refuses to touch who may more than the actor, and to make somebody so.
func (a Actor) mayChange(r store.Reader, was, m desk.Member) error {
	w, err := r.Workspaces().Current()
	if err != nil {
		return err
	}
	if err := auth.MayGive(a.may, auth.Of(w, was)); err != nil {
		return err
	}
	return auth.MayGive(a.may, auth.Of(w, m))
}

func changeMember(tx store.Tx, a Actor, was, m desk.Member) error {
	leaves := was.Role == desk.RoleOwner && was.Active && (m.Role != desk.RoleOwner || !m.Active)
	if leaves { // two owners who go at once see each other
		if err := tx.WriteWorkspaces().Lock(); err != nil {
			return fmt.Errorf("lock workspace: %w", err)
		}
	}
	if err := tx.WriteMembers().Put(m); err != nil {
		return fmt.Errorf("put member: %w", err)
	}
	if leaves {
		if err := ownerRemains(tx); err != nil {
			return err
		}
	}
	if was.Active && !m.Active || was.Answers() && !m.Answers() {
		if err := requeue(tx, a, m.UserID); err != nil {
			return err
		}
	}
	tx.Emit(desk.Event{Kind: desk.EventMemberChanged, At: tx.Now(), Actor: a.By, SubjectID: m.UserID, Changes: memberChanges(was, m)})
	return nil
}

// ownerRemains looks after the change was written.
func ownerRemains(tx store.Tx) error {
	all, err := tx.Members().List()
	if err != nil {
		return err
	}
	for _, m := range all {
		if m.Role == desk.RoleOwner && m.Active {
			return nil
		}
	}
	return desk.Errorf(desk.KindConflict, "last_owner", "at least one owner remains")
}

// requeue gives back what a member leaves behind (E16).
func requeue(tx store.Tx, a Actor, user desk.ID) error {
	if err := tx.WriteMembers().Hold(user); err != nil { // what somebody gives them at this instant is there, or is refused
		return fmt.Errorf("hold member: %w", err)
	}
	tickets, err := tx.Tickets().UnresolvedOf(user)
	if err != nil {
		return fmt.Errorf("read tickets of %d: %w", user, err)
	}
	for _, found := range tickets {
		row, err := tx.WriteConversations().Lock(found.ConversationID)
		if err != nil {
			return err
		}
		t, err := tx.Tickets().Get(found.ID)
		if err != nil {
			return err
		}
		if t.Assignee != user || t.Status.Resolved() {
			continue
		}
		status := t.Status
		if err := t.TransferTo(0, tx.Now()); err != nil {
			return err
		}
		t.Version++
		if err := tx.WriteTickets().Put(t); err != nil {
			return fmt.Errorf("put ticket: %w", err)
		}
		line := desk.Message{
			ID: tx.NewID(), ConversationID: row.ID, TicketID: t.ID, Author: desk.Author{Kind: desk.AuthorSystem},
			System: &desk.SystemLine{Code: "unassigned", Params: map[string]string{"by": ""}}, At: tx.Now(), ReceivedAt: tx.Now(),
		}
		if err := tx.WriteMessages().Add(&line); err != nil {
			return fmt.Errorf("add line: %w", err)
		}
		row.Said(line)
		row.Follow(t)
		row.Version++
		if err := tx.WriteConversations().Put(row); err != nil {
			return fmt.Errorf("put conversation: %w", err)
		}
		tx.Emit(desk.Event{Kind: desk.EventMessageCreated, At: tx.Now(), Actor: a.By, ConversationID: row.ID, TicketID: t.ID, MessageID: line.ID, MessageSeq: line.Seq})
		tx.Emit(desk.Event{
			Kind: desk.EventTicketChanged, At: tx.Now(), Actor: a.By, ConversationID: row.ID, TicketID: t.ID,
			Changes: []desk.Change{
				{Field: "status", From: string(status), To: string(t.Status)},
				{Field: "assignee_id", From: user.String(), To: "0"},
			},
		})
	}
	return nil
}

func customID(c *desk.CustomRole) string {
	if c == nil {
		return ""
	}
	return c.ID.String()
}

func memberChanges(was, m desk.Member) []desk.Change {
	var changes []desk.Change
	add := func(field, from, to string) {
		if from != to {
			changes = append(changes, desk.Change{Field: field, From: from, To: to})
		}
	}
	add("role", string(was.Role), string(m.Role))
	add("custom_role_id", customID(was.Custom), customID(m.Custom))
	add("scope", string(was.Scope), string(m.Scope))
	add("grants", strings.Join(was.Grants, ","), strings.Join(m.Grants, ","))
	add("capacity", fmt.Sprint(was.Capacity), fmt.Sprint(m.Capacity))
	add("channel_ids", fmt.Sprint(was.ChannelIDs), fmt.Sprint(m.ChannelIDs))
	add("display_name", was.DisplayName, m.DisplayName)
	add("active", fmt.Sprint(was.Active), fmt.Sprint(m.Active))
	return changes
}
