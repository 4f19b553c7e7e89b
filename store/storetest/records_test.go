package storetest_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

// What is put comes back as it was, twice put is replaced, and another workspace does not see it.
func TestRecordsComeBackWhole(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		s := open()
		w, other := newWorld(t, s), newWorld(t, s)
		for name, check := range map[string]func(*testing.T, *world, *world){
			"schedule": checkSchedule, "team": checkTeam, "channel": checkChannel, "contact": checkContact, "visitor": checkVisitor,
			"ticket": checkTicket, "message": checkMessage, "draft": checkDraft, "scheduled": checkScheduled, "reminder": checkReminder, "link preview": checkLinkPreview, "member": checkMember, "account": checkAccount,
			"brand": checkBrand, "canned reply": checkCanned, "saved view": checkSavedView, "cursor": checkCursor, "field": checkField, "read": checkReads,
			"notification": checkNotification, "routing rule": checkRoutingRule, "push": checkPush, "mail": checkMail,
			"macro": checkMacro, "trigger": checkTrigger, "run": checkRuns, "timer": checkTimers, "catch-up": checkCatchUps, "call": checkCalls,
		} {
			t.Run(name, func(t *testing.T) { check(t, w, other) })
		}
	})
}

// stored puts a record, reads it back, and looks for it in another workspace.
func stored[T any](t *testing.T, w, other *world, what string, put func(store.Tx) error, get func(store.Reader) (T, error), want T) {
	t.Helper()
	update(t, w.s, w.workspace, put)
	view(t, w.s, w.workspace, func(r store.Reader) error {
		got, err := get(r)
		equal(t, got, want)
		return err
	})
	view(t, w.s, other.workspace, func(r store.Reader) error {
		got, err := get(r)
		var none T
		equal(t, got, none)
		wantKind(t, err, desk.KindNotFound, what+"_not_found")
		return nil
	})
}

func checkSchedule(t *testing.T, w, other *world) {
	v := desk.Schedule{ID: 71, Name: "平日", Zone: "Asia/Tokyo", Closed: []desk.Date{"2026-12-31"}, CreatedAt: at(1), UpdatedAt: at(2)}
	v.Week[time.Monday] = []desk.Interval{{Start: 540, End: 1080}}
	v.Special = map[desk.Date][]desk.Interval{"2026-12-30": {{Start: 600, End: 720}}}
	get := func(r store.Reader) (desk.Schedule, error) { return r.Schedules().Get(v.ID) }
	put := func(tx store.Tx) error { return tx.WriteSchedules().Put(v) }
	stored(t, w, other, "schedule", put, get, v)
	v.Name, v.Closed = "土日も", nil
	stored(t, w, other, "schedule", put, get, v)
	used := w.channel
	used.ScheduleID = v.ID
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteChannels().Put(used) })
	err := w.s.Update(t.Context(), w.workspace, func(tx store.Tx) error { return tx.WriteSchedules().Delete(v.ID) })
	wantKind(t, err, desk.KindConflict, "schedule_in_use") // 0.10
	update(t, w.s, w.workspace, func(tx store.Tx) error {
		return all(tx.WriteChannels().Put(w.channel), tx.WriteSchedules().Delete(v.ID))
	})
}

func checkTeam(t *testing.T, w, other *world) {
	v := desk.Team{ID: 72, Name: "返品", MemberIDs: []desk.ID{w.user}, Mode: desk.ModeRoundRobin, Accept: desk.AcceptOffer, Ageing: true, CreatedAt: at(1)}
	put := func(tx store.Tx) error { return tx.WriteTeams().Put(v) }
	get := func(r store.Reader) (desk.Team, error) { return r.Teams().Get(v.ID) }
	stored(t, w, other, "team", put, get, v)
	view(t, w.s, w.workspace, func(r store.Reader) error {
		of, err := r.Teams().Of(w.user)
		equal(t, of, []desk.ID{v.ID})
		list, err2 := r.Teams().List()
		equal(t, list, []desk.Team{v})
		return all(err, err2)
	})
	v.MemberIDs = []desk.ID{}
	stored(t, w, other, "team", put, get, v)
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteTeams().Delete(v.ID) })
}

func checkChannel(t *testing.T, w, other *world) {
	v := desk.Channel{ID: 73, BrandID: 1, Kind: "line", Name: "LINE", Account: "acc-" + w.workspace.String(), State: desk.ChannelActive,
		Settings: json.RawMessage(`{"greeting":"こんにちは"}`), Secrets: []byte{0, 1, 255}, TeamID: 2, ScheduleID: 3,
		Automation: desk.Automation{Acknowledge: true, AckTexts: map[desk.Locale]string{"ja": "お待ちください"}, AnswerMinutes: 30, ConfirmOptOut: true}, CreatedAt: at(1), UpdatedAt: at(2), Version: 4}
	put := func(tx store.Tx) error { return tx.WriteChannels().Put(v) }
	get := func(r store.Reader) (desk.Channel, error) { return r.Channels().Get(v.ID) }
	stored(t, w, other, "channel", put, get, v)
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteChannels().Touch(v.ID, at(9), "https://shop.example") })
	v.LastSeenAt, v.LastSeenOn = at(9), "https://shop.example"
	view(t, w.s, 0, func(r store.Reader) error { // across workspaces
		workspace, c, err := r.Channels().ByAccount(v.Kind, v.Account)
		equal(t, workspace, w.workspace)
		equal(t, c, v)
		return err
	})
	v.State = desk.ChannelDeleted
	stored(t, w, other, "channel", put, get, v) // H3: still readable
	view(t, w.s, w.workspace, func(r store.Reader) error {
		list, err := r.Channels().List()
		equal(t, list, []desk.Channel{w.channel})
		_, _, gone := r.Channels().ByAccount(v.Kind, v.Account)
		wantKind(t, gone, desk.KindNotFound, "channel_not_found")
		return err
	})
	deleted := func(want ...desk.Channel) {
		t.Helper()
		view(t, w.s, w.workspace, func(r store.Reader) error {
			list, err := r.Channels().Deleted()
			if len(list)+len(want) > 0 {
				equal(t, list, want)
			}
			return err
		})
	}
	deleted()
	update(t, w.s, w.workspace, func(tx store.Tx) error {
		_, err := w.conversation(tx, func(c *desk.Conversation) { c.ChannelID = v.ID })
		return err
	})
	deleted(v) // its history has a name
	again := v // the account is free again
	again.ID, again.State = 74, desk.ChannelActive
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteChannels().Put(again) })
}

func checkContact(t *testing.T, w, other *world) {
	v := desk.Contact{ID: 75, Name: "山田\x00花子\xff", Email: "HANAKO@example.jp", Phone: "+81312345678", Locale: "ja", Zone: "Asia/Tokyo", ExternalID: "m-1",
		Fields: map[string]string{"会員": "ゴールド"}, CreatedAt: at(1), UpdatedAt: at(2), Version: 1}
	want := v
	want.Name = "山田花子" // NUL and invalid UTF-8 are dropped
	put := func(tx store.Tx) error { return tx.WriteContacts().Put(v) }
	get := func(r store.Reader) (desk.Contact, error) { return r.Contacts().Get(v.ID) }
	stored(t, w, other, "contact", put, get, want)
	stored(t, w, other, "contact", put, func(r store.Reader) (desk.Contact, error) { return r.Contacts().ByExternalID("m-1") }, want)
	i := desk.Identity{ID: 76, ContactID: v.ID, ChannelID: w.channel.ID, Kind: "webchat", Scope: "s", ExternalID: "x", Name: "花", CreatedAt: at(3), BlockedAt: at(4)}
	putIdentity := func(tx store.Tx) error { return tx.WriteContacts().PutIdentity(i) }
	stored(t, w, other, "identity", putIdentity, func(r store.Reader) (desk.Identity, error) { return r.Contacts().Identity(i.ID) }, i)
	stored(t, w, other, "identity", putIdentity, func(r store.Reader) (desk.Identity, error) { return r.Contacts().IdentityByKey("webchat", "s", "x") }, i)
	n := desk.ContactNote{ID: 77, ContactID: v.ID, AuthorID: w.user, Body: "常連", CreatedAt: at(5), UpdatedAt: at(6)}
	putNote := func(tx store.Tx) error { return tx.WriteContacts().PutNote(n) }
	stored(t, w, other, "contact_note", putNote, func(r store.Reader) (desk.ContactNote, error) { return r.Contacts().Note(n.ID) }, n)
	err := w.s.Update(t.Context(), w.workspace, func(tx store.Tx) error { return tx.WriteContacts().Delete(v.ID) })
	wantKind(t, err, desk.KindConflict, "contact_in_use")
	err = w.s.Update(t.Context(), other.workspace, func(tx store.Tx) error { return tx.WriteContacts().MoveIdentity(i.ID, v.ID) })
	wantKind(t, err, desk.KindNotFound, "contact_not_found")
}

func checkVisitor(t *testing.T, w, other *world) {
	v := desk.Visitor{ID: 78, ChannelID: w.channel.ID, Key: "k", TokenHash: "h-" + w.workspace.String(), IdentityID: 1, ContactID: 2, Locale: "ja", UserAgent: "ua", PageURL: "https://e.example/",
		PageTitle: "店", CreatedAt: at(1), SeenAt: at(2), EndedAt: at(3)}
	stored(t, w, other, "visitor", func(tx store.Tx) error { return tx.WriteVisitors().Put(v) },
		func(r store.Reader) (desk.Visitor, error) { return r.Visitors().Get(v.ID) }, v)
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteVisitors().Touch(v.ID, at(8), "https://e.example/2", "次") })
	v.SeenAt, v.PageURL, v.PageTitle = at(8), "https://e.example/2", "次"
	view(t, w.s, 0, func(r store.Reader) error {
		workspace, got, err := r.Visitors().ByToken(v.TokenHash)
		equal(t, workspace, w.workspace)
		equal(t, got, v)
		return err
	})
	view(t, w.s, w.workspace, func(r store.Reader) error {
		got, err := r.Visitors().ByContact(2)
		equal(t, got, []desk.Visitor{v})
		return err
	})
}

func TestStandings(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		s := open()
		w, other := newWorld(t, s), newWorld(t, s)
		var ids []desk.ID
		want := map[desk.ID]store.VisitorStanding{}
		update(t, s, w.workspace, func(tx store.Tx) error {
			ids, want = nil, map[desk.ID]store.VisitorStanding{}
			contact := desk.Contact{ID: tx.NewID(), Version: 1}
			blocked := desk.Identity{ID: tx.NewID(), ContactID: contact.ID, ChannelID: w.channel.ID, Kind: "webchat", Scope: "s", ExternalID: "blocked", BlockedAt: at(4)}
			closed := w.channel
			closed.ID, closed.Account, closed.State = tx.NewID(), "closed", desk.ChannelDisabled
			if err := all(tx.WriteContacts().Put(contact), tx.WriteContacts().PutIdentity(blocked), tx.WriteChannels().Put(closed)); err != nil {
				return err
			}
			for i := range 60 { // more than one statement takes
				v := desk.Visitor{ID: tx.NewID(), ChannelID: w.channel.ID, Key: fmt.Sprint(i), TokenHash: fmt.Sprint("standing ", i, w.workspace), CreatedAt: at(1)}
				standing := store.VisitorStanding{Channel: w.channel.State}
				switch i % 4 {
				case 1:
					v.EndedAt, standing.EndedAt = at(3), at(3)
				case 2:
					v.IdentityID, standing.IdentityID, standing.BlockedAt = blocked.ID, blocked.ID, blocked.BlockedAt
				case 3:
					v.ChannelID, standing.Channel = closed.ID, closed.State
				}
				if err := tx.WriteVisitors().Put(v); err != nil {
					return err
				}
				ids, want[v.ID] = append(ids, v.ID), standing
			}
			return nil
		})
		view(t, s, w.workspace, func(r store.Reader) error {
			got, err := r.Visitors().Standings(append(ids, 1))
			equal(t, got, want)
			return err
		})
		view(t, s, other.workspace, func(r store.Reader) error {
			got, err := r.Visitors().Standings(ids)
			equal(t, len(got), 0)
			return err
		})
	})
}

func checkTicket(t *testing.T, w, other *world) {
	c := w.newConversation(t)
	v := desk.Ticket{Fields: map[string]string{"order": "A-1"}, ID: 79, Number: 5, ConversationID: c.ID, ChannelID: c.ChannelID, ContactID: c.ContactID, Status: desk.StatusSnoozed,
		SnoozedUntil: at(60), PendingSince: at(61), Assignee: w.user, LastAssignee: 4, PreferredAgent: 8, TeamID: 5, Priority: desk.PriorityHigh, TagIDs: []desk.ID{6, 7}, WaitSince: at(1), CreatedAt: at(2), QueuedAt: at(3),
		AssignedAt: at(4), RepliedAt: at(5), ResolvedAt: at(6), ReopenedCount: 7, RoutingRule: 8, UpdatedAt: at(8), Version: 9}
	put := func(tx store.Tx) error { return tx.WriteTickets().Put(v) }
	get := func(r store.Reader) (desk.Ticket, error) { return r.Tickets().Get(v.ID) }
	stored(t, w, other, "ticket", put, get, v)
	stored(t, w, other, "ticket", put, func(r store.Reader) (desk.Ticket, error) { return r.Tickets().ByNumber(5) }, v)
	view(t, w.s, w.workspace, func(r store.Reader) error {
		tickets := r.Tickets()
		a, err := tickets.OfConversation(c.ID)
		b, err2 := tickets.OfContact(c.ContactID)
		d, err3 := tickets.UnresolvedOf(w.user) // E16
		e, err4 := tickets.Sleeping(at(61), 10)
		early, err5 := tickets.Sleeping(at(60), 10)
		many, err6 := tickets.Many([]desk.ID{v.ID, 1})
		for _, got := range [][]desk.Ticket{a, b, d, e} {
			equal(t, got, []desk.Ticket{v})
		}
		equal(t, len(early), 0)
		equal(t, many, map[desk.ID]desk.Ticket{v.ID: v})
		return all(err, err2, err3, err4, err5, err6)
	})
	v.Status, v.Reason, v.TagIDs = desk.StatusResolved, desk.ReasonManual, nil
	stored(t, w, other, "ticket", put, get, v)
	next := v // a second case of the conversation, now that the first is resolved
	next.ID, next.Number, next.Status, next.Reason = 80, 6, desk.StatusQueued, ""
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteTickets().Put(next) })
	for _, made := range []struct {
		before, since desk.ID
		want          []desk.Ticket
	}{{81, 79, []desk.Ticket{next, v}}, {80, 79, []desk.Ticket{v}}, {81, 80, []desk.Ticket{next}}} {
		view(t, w.s, w.workspace, func(r store.Reader) error {
			got, err := r.Tickets().Made(made.before, made.since, 9)
			equal(t, got, made.want)
			return err
		})
	}
	view(t, w.s, w.workspace, func(r store.Reader) error {
		tickets := r.Tickets()
		open, err := tickets.Unresolved(desk.TicketPlace{ID: c.ID - 1}, 1)
		beyond, err2 := tickets.Unresolved(desk.TicketPlace{ID: c.ID}, 1)
		resolved, err3 := tickets.Resolved(desk.TicketPlace{At: at(6), ID: 78}, 1)
		after, err4 := tickets.Resolved(desk.TicketPlace{At: at(6), ID: 79}, 1)
		equal(t, open, []desk.Ticket{next})
		equal(t, resolved, []desk.Ticket{v})
		equal(t, len(beyond)+len(after), 0)
		return all(err, err2, err3, err4)
	})
}

func checkRoutingRule(t *testing.T, w, other *world) {
	first := desk.RoutingRule{ID: 91, Name: "返品", Active: true, Position: 1, CreatedAt: at(1), UpdatedAt: at(2), Version: 1,
		Conditions: desk.Conditions{Groups: []desk.ConditionGroup{{Conditions: []desk.Condition{{Fact: desk.FactMessage, Op: desk.OpContains, Values: []string{"返品"}}}}}},
		Actions:    []desk.Action{{Kind: desk.ActionTeam, TeamID: 4}, {Kind: desk.ActionPriority, Priority: desk.PriorityHigh}}}
	routed := func(want bool) {
		t.Helper()
		update(t, w.s, w.workspace, func(tx store.Tx) error {
			before, err := tx.WriteWorkspaces().NextTicketNumber()
			number, is, err2 := tx.WriteWorkspaces().NextTicketOfCustomer()
			equal(t, number, before+1)
			equal(t, is, want)
			return all(err, err2)
		})
	}
	routed(false)
	stored(t, w, other, "routing_rule", func(tx store.Tx) error { return tx.WriteRoutingRules().Put(first) },
		func(r store.Reader) (desk.RoutingRule, error) { return r.RoutingRules().Get(first.ID) }, first)
	routed(true)
	second := first
	second.ID, second.Position, first.Active, first.Version = 92, 0, false, 2
	for _, v := range []desk.RoutingRule{first, second} {
		update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteRoutingRules().Put(v) })
	}
	view(t, w.s, w.workspace, func(r store.Reader) error {
		got, err := r.RoutingRules().List()
		equal(t, got, []desk.RoutingRule{second, first})
		return err
	})
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteRoutingRules().Delete(second.ID) })
	routed(false) // only one is left, and it is switched off
}

func checkDraft(t *testing.T, w, other *world) {
	v := desk.Draft{UserID: w.user, ConversationID: 81, Mode: "reply", Body: text("下書き"), ReplyToID: 5, UpdatedAt: at(1)}
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteDrafts().Put(v) })
	both := func(workspace desk.ID, want []desk.Draft) {
		view(t, w.s, workspace, func(r store.Reader) error {
			of, err := r.Drafts().Of(w.user, 81)
			every, err2 := r.Drafts().All(w.user)
			equal(t, of, want)
			equal(t, every, want)
			return all(err, err2)
		})
	}
	both(w.workspace, []desk.Draft{v})
	both(other.workspace, []desk.Draft{})
	v.Body = nil
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteDrafts().Put(v) })
	both(w.workspace, []desk.Draft{})
}

func checkBrand(t *testing.T, w, other *world) {
	v := desk.Brand{ID: 82, Name: "本店", SenderName: "さくら", Locale: desk.LocaleEN, LogoKey: "k", CreatedAt: at(1)}
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteWorkspaces().PutBrand(v) })
	for workspace, want := range map[desk.ID][]desk.Brand{w.workspace: {v}, other.workspace: {}} {
		view(t, w.s, workspace, func(r store.Reader) error {
			got, err := r.Workspaces().Brands()
			equal(t, got, want)
			_, server := r.Workspaces().All()
			wantKind(t, server, desk.KindForbidden, "server_only")
			return err
		})
	}
	err := w.s.Update(t.Context(), w.workspace, func(tx store.Tx) error {
		return tx.WriteWorkspaces().Put(desk.Workspace{ID: other.workspace, Name: "taken over"})
	})
	wantKind(t, err, desk.KindNotFound, "workspace_not_found")
}

func checkCursor(t *testing.T, w, other *world) {
	update(t, w.s, w.workspace, func(tx store.Tx) error {
		return all(tx.WriteCursors().SetPosition("search", 41), tx.WriteCursors().SetPosition("search", 42))
	})
	for workspace, want := range map[desk.ID]int64{w.workspace: 42, other.workspace: 0} {
		view(t, w.s, workspace, func(r store.Reader) error {
			got, err := r.Cursors().Position("search")
			equal(t, got, want)
			return err
		})
	}
}

func checkReads(t *testing.T, w, _ *world) {
	c := w.newConversation(t)
	read := func(seq int64) desk.Read { return desk.Read{UserID: w.user, ConversationID: c.ID, Seq: seq, At: at(1)} }
	seen := func(seq int64) desk.CustomerRead {
		return desk.CustomerRead{ConversationID: c.ID, Seq: seq, At: at(1)}
	}
	update(t, w.s, w.workspace, func(tx store.Tx) error {
		for range 3 {
			m := w.message(tx, c.ID, "hello")
			m.Author = desk.Author{Kind: desk.AuthorCustomer, ID: c.ContactID}
			if err := tx.WriteMessages().Add(m); err != nil {
				return err
			}
			c.LastSeq, c.LastInboundSeq = m.Seq, m.Seq
		}
		write := tx.WriteConversations()
		return all(write.Put(c), write.PutRead(read(3)), write.PutRead(read(1)), write.PutCustomerRead(seen(3)), write.PutCustomerRead(seen(2)))
	})
	view(t, w.s, w.workspace, func(r store.Reader) error {
		list := r.Conversations()
		reads, err := list.Reads(w.user, []desk.ID{c.ID, 1})
		equal(t, reads, map[desk.ID]desk.Read{c.ID: read(1)}) // back: 未読にする (G2.7)
		of, err2 := list.ReadsOf(c.ID)
		equal(t, of, []desk.Read{read(1)})
		customer, err3 := list.CustomerRead(c.ID)
		equal(t, customer, seen(3)) // only forward
		none, err4 := list.CustomerRead(1)
		equal(t, none, desk.CustomerRead{})
		unread, err5 := list.Unread(w.user, []desk.ID{c.ID, 1})
		equal(t, unread, map[desk.ID]int{c.ID: 2})
		seqs, err6 := list.InboundSeqs(c.ID, 2)
		equal(t, seqs, []int64{3, 2})
		return all(err, err2, err3, err4, err5, err6)
	})
}

func checkField(t *testing.T, w, other *world) {
	v := desk.Field{ID: 801, Subject: desk.FieldOfContact, Key: "rank", Kind: desk.FieldChoice, Label: desk.Labels{JA: "会員", EN: "Rank"},
		Options: []desk.FieldOption{{ID: "gold", Label: desk.Labels{JA: "金"}}}, Required: true, Position: 3, CreatedAt: at(1), UpdatedAt: at(2), Version: 1}
	put := func(tx store.Tx) error { return tx.WriteFields().Put(v) }
	get := func(r store.Reader) (desk.Field, error) { return r.Fields().Get(v.ID) }
	stored(t, w, other, "field", put, get, v)
	v.Label.JA, v.RetiredAt, v.Version = "会員ランク", at(3), 2
	stored(t, w, other, "field", put, get, v)
	twin := v
	twin.ID = 802
	err := w.s.Update(t.Context(), w.workspace, func(tx store.Tx) error { return tx.WriteFields().Put(twin) })
	wantKind(t, err, desk.KindConflict, "field_taken")
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteFields().Delete(v.ID) })
}

// A member reads their own, and those of whoever manages channels only as one of them; old ones go (H7).
func checkNotification(t *testing.T, w, other *world) {
	told := func(id, user desk.ID, code string) desk.Notification {
		return desk.Notification{ID: id, UserID: user, ChannelID: w.channel.ID, Code: code, Severity: desk.SeverityError, Params: map[string]string{"reason": "190"}, At: at(1)}
	}
	about := desk.NotifyAbout(desk.Conversation{ID: 77, ChannelID: w.channel.ID}, 9, desk.NotifyAssigned, map[string]string{"by": "7"})
	about.ID, about.At = 95, at(1)
	put := func(tx store.Tx) error { return tx.WriteNotifications().Put(about) }
	stored(t, w, other, "notification", put, func(r store.Reader) (desk.Notification, error) { return r.Notifications().Get(about.ID) }, about)
	own, shared, third, newest := told(91, 7, "template_status"), told(92, 0, "auth_expired"), told(93, 8, "template_status"), told(94, 7, "template_status")
	for _, n := range []desk.Notification{own, shared, third, newest} {
		update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteNotifications().Put(n) })
	}
	for _, test := range []struct {
		workspace desk.ID
		admin     bool
		limit     int
		want      []desk.Notification
	}{
		{w.workspace, false, 9, []desk.Notification{newest, own}}, {w.workspace, true, 9, []desk.Notification{newest, shared, own}},
		{w.workspace, true, 2, []desk.Notification{newest, shared}}, {other.workspace, true, 9, []desk.Notification{}},
	} {
		view(t, w.s, test.workspace, func(r store.Reader) error {
			got, err := r.Notifications().Newest(7, test.admin, test.limit)
			equal(t, append([]desk.Notification{}, got...), test.want)
			return err
		})
	}
}

func checkScheduled(t *testing.T, w, other *world) {
	v := desk.Scheduled{
		ID: 91, ConversationID: 81, UserID: w.user, ClientID: "c", Undo: true, Parts: text("あした送る"), ReplyToID: 5, Then: "snooze", SnoozeUntil: at(8),
		DueAt: at(4), UnlessAnswered: true, SeenSeq: 3, CreatedAt: at(1), Version: 1,
	}
	sooner := v
	sooner.ID, sooner.ConversationID, sooner.DueAt = 92, 82, at(3)
	update(t, w.s, w.workspace, func(tx store.Tx) error { return all(tx.WriteScheduled().Put(v), tx.WriteScheduled().Put(sooner)) })
	changed := v
	changed.Undo, changed.Parts, changed.DueAt, changed.UnlessAnswered, changed.Version = false, text("あさって送る"), at(5), false, 2
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteScheduled().Put(changed) })
	for workspace, want := range map[desk.ID][]desk.Scheduled{w.workspace: {sooner, changed}, other.workspace: {}} {
		view(t, w.s, workspace, func(r store.Reader) error {
			got, err := r.Scheduled().Next(5)
			equal(t, got, want)
			return err
		})
	}
	view(t, w.s, w.workspace, func(r store.Reader) error {
		got, err := r.Scheduled().Get(v.ID)
		equal(t, got, changed)
		of, err2 := r.Scheduled().OfConversation(81)
		equal(t, of, []desk.Scheduled{changed})
		by, err3 := r.Scheduled().ByClientID(81, w.user, "c")
		equal(t, by, changed)
		return all(err, err2, err3)
	})
	again := v
	again.ID = 93
	if err := w.s.Update(t.Context(), w.workspace, func(tx store.Tx) error { return tx.WriteScheduled().Put(again) }); desk.CodeOf(err) != "client_id_taken" {
		t.Errorf("the same client id again: %v", err)
	}
	update(t, w.s, w.workspace, func(tx store.Tx) error {
		return all(tx.WriteScheduled().Delete(v.ID), tx.WriteScheduled().Delete(sooner.ID))
	})
	view(t, w.s, w.workspace, func(r store.Reader) error {
		if _, err := r.Scheduled().Get(v.ID); desk.CodeOf(err) != "scheduled_message_not_found" {
			t.Errorf("what is gone: %v", err)
		}
		return nil
	})
}

func checkReminder(t *testing.T, w, other *world) {
	v := desk.Reminder{ID: 94, UserID: w.user, ConversationID: 81, Note: "在庫", DueAt: at(4), UnlessAnswered: true, SeenSeq: 3, CreatedAt: at(1)}
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteReminders().Put(v) })
	due := func(before time.Time, want ...desk.Reminder) {
		t.Helper()
		for _, workspace := range []desk.ID{w.workspace, other.workspace} {
			view(t, w.s, workspace, func(r store.Reader) error {
				got, err := r.Reminders().Due(before, 5)
				if workspace == other.workspace {
					want = nil
				}
				equal(t, got, append([]desk.Reminder{}, want...))
				return err
			})
		}
	}
	due(at(4))
	due(at(5), v)
	v.Note, v.FiredAt = "在庫と納期", at(5)
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteReminders().Put(v) })
	due(at(9))
	view(t, w.s, w.workspace, func(r store.Reader) error {
		got, err := r.Reminders().Get(v.ID)
		of, err2 := r.Reminders().Of(w.user, 81)
		mine, err3 := r.Reminders().OfMember(w.user)
		equal(t, []desk.Reminder{got, of}, []desk.Reminder{v, v})
		equal(t, mine, []desk.Reminder{v})
		return all(err, err2, err3)
	})
	second := v
	second.ID = 95
	if err := w.s.Update(t.Context(), w.workspace, func(tx store.Tx) error { return tx.WriteReminders().Put(second) }); desk.CodeOf(err) != "reminder_exists" {
		t.Errorf("a second one in a conversation: %v", err)
	}
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteReminders().Delete(v.ID) })
	due(at(9))
}

func checkLinkPreview(t *testing.T, w, other *world) {
	v := desk.LinkPreview{URL: "https://example.jp/店?a=1", Title: "みなと商店", Text: "毎日営業", FetchedAt: at(1)}
	missing := func(workspace desk.ID, url string) {
		t.Helper()
		if err := w.s.View(t.Context(), workspace, func(r store.Reader) error {
			_, err := r.LinkPreviews().Get(url)
			return err
		}); desk.KindOf(err) != desk.KindNotFound {
			t.Errorf("%s: %v", url, err)
		}
	}
	missing(w.workspace, v.URL)
	for range 2 {
		update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteLinkPreviews().Put(v) })
		view(t, w.s, w.workspace, func(r store.Reader) error {
			got, err := r.LinkPreviews().Get(v.URL)
			equal(t, got, v)
			return err
		})
		v.Title, v.Text, v.Failure, v.FetchedAt = "", "", desk.LinkUnreachable, at(2) // a later one replaces it
	}
	missing(w.workspace, v.URL+"&b=2")
	missing(other.workspace, v.URL)
}

func checkSavedView(t *testing.T, w, other *world) {
	v := desk.SavedView{ID: 91, Ownership: desk.Ownership{Audience: desk.AudienceTeam, TeamID: 4}, Name: "返金", Icon: "star", Color: "red", Place: 2, Sort: string(store.SortWaiting),
		Filter:    desk.ListFilter{View: desk.ViewAll, Tags: []desk.ID{1, 2}, Languages: []string{"ja"}, Attachment: true, Until: at(7)},
		CreatedAt: at(1), UpdatedAt: at(2), Version: 1}
	first := desk.SavedView{ID: 92, Ownership: desk.Ownership{Audience: desk.AudiencePersonal, Owner: w.user}, Name: "急ぎ", Icon: "flag", Place: 1, CreatedAt: at(1), UpdatedAt: at(2), Version: 1}
	update(t, w.s, w.workspace, func(tx store.Tx) error { return all(tx.WriteSavedViews().Put(v), tx.WriteSavedViews().Put(first)) })
	v.Name, v.Filter, v.Version = "返品", desk.ListFilter{WithinDays: 7}, 2
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteSavedViews().Put(v) })
	for workspace, want := range map[desk.ID][]desk.SavedView{w.workspace: {first, v}, other.workspace: {}} {
		view(t, w.s, workspace, func(r store.Reader) error {
			got, err := r.SavedViews().List()
			equal(t, got, want)
			return err
		})
	}
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteSavedViews().Delete(first.ID) })
	view(t, w.s, w.workspace, func(r store.Reader) error {
		_, err := r.SavedViews().Get(first.ID)
		wantKind(t, err, desk.KindNotFound, "saved_view_not_found")
		got, err := r.SavedViews().Get(v.ID)
		equal(t, got, v)
		return err
	})
}

func checkCanned(t *testing.T, w, other *world) {
	v := desk.CannedReply{ID: 83, Ownership: desk.Ownership{Audience: desk.AudienceTeam, TeamID: 4}, Name: "営業時間", Reading: "えいぎょうじかん", Folder: "案内", Files: []desk.ID{7, 8},
		Texts: map[desk.Locale]string{desk.LocaleJA: "9時からです", desk.LocaleEN: "From nine"}, CreatedAt: at(1), UpdatedAt: at(2), Version: 1}
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteCanned().Put(v) })
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteCanned().Used(v.ID, at(9)) })
	v.Uses, v.LastUsedAt = 1, at(9)
	changed := v
	changed.Name, changed.Uses, changed.Version = "時間", 0, 2 // an edit that did not see the use does not undo it
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteCanned().Put(changed) })
	changed.Uses = 1
	for workspace, want := range map[desk.ID][]desk.CannedReply{w.workspace: {changed}, other.workspace: {}} {
		view(t, w.s, workspace, func(r store.Reader) error {
			got, err := r.Canned().List()
			equal(t, got, want)
			return err
		})
	}
	second := changed
	second.ID = 84
	err := w.s.Update(t.Context(), w.workspace, func(tx store.Tx) error { return tx.WriteCanned().Put(second) })
	if desk.CodeOf(err) != "canned_name_taken" {
		t.Errorf("the same name again: %v", err)
	}
	second.Audience, second.TeamID, second.Owner = desk.AudiencePersonal, 0, 5
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteCanned().Put(second) })
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteCanned().Delete(second.ID) })
	err = w.s.Update(t.Context(), w.workspace, func(tx store.Tx) error { return tx.WriteCanned().Used(second.ID, at(9)) })
	if desk.CodeOf(err) != "canned_reply_not_found" {
		t.Errorf("a use of what is gone: %v", err)
	}
}
