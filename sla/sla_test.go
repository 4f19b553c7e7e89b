package sla_test

import (
	"maps"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
)

func TestWarnedAndBreachedOnceOnManyNodes(t *testing.T) { // E17
	each(t, func(t *testing.T, w *world) {
		w.promise(t, desk.SLATargets{First: 60, Next: 30, Resolution: 600}, 0)
		f := w.hears(t, "届きません")
		start := w.Now()
		if c := w.row(t, f.Conversation.ID); c.SLA.State != desk.SLAOK || !c.SLA.Due.Equal(start.Add(time.Hour)) {
			t.Fatalf("the row shows %+v", c.SLA)
		}
		w.later(t, 45*time.Minute)
		if n := w.happened(t, desk.EventSLAWarned); n != 0 {
			t.Fatalf("%d warnings at three quarters exactly", n)
		}
		w.later(t, time.Minute)
		if c := w.row(t, f.Conversation.ID); c.SLA.State != desk.SLAWarning || w.happened(t, desk.EventSLAWarned) != 1 {
			t.Errorf("the row shows %+v after %d warnings", c.SLA, w.happened(t, desk.EventSLAWarned))
		}
		if heard := w.told(t, desk.NotifySLAWarning); !maps.Equal(heard, map[desk.ID]int{mio: 1}) { // nobody has it: the team's supervisor hears
			t.Errorf("warned: %v", heard)
		}
		_, err := w.members.Take(t.Context(), member(aoi), f.Ticket.ID)
		must(t, err)
		w.follow(t)
		w.later(t, 20*time.Minute)
		w.later(t, 20*time.Minute)
		c := w.row(t, f.Conversation.ID)
		if c.SLA.State != desk.SLABreached || w.happened(t, desk.EventSLABreached) != 1 || w.happened(t, desk.EventSLAWarned) != 1 {
			t.Errorf("the row shows %+v after %d breaches", c.SLA, w.happened(t, desk.EventSLABreached))
		}
		if heard := w.told(t, desk.NotifySLABreached); !maps.Equal(heard, map[desk.ID]int{aoi: 1, mio: 1}) {
			t.Errorf("told of the breach: %v", heard)
		}
		w.view(t, func(r store.Reader) error {
			page, err := r.Messages().Before(f.Conversation.ID, 0, 10)
			if err == nil && (page[0].System == nil || page[0].System.Code != "sla_breached" || page[0].System.Params["metric"] != string(desk.SLAFirst)) {
				t.Errorf("the thread ends with %+v", page[0])
			}
			return err
		})
		w.replies(t, f.Conversation.ID)
		if c := w.row(t, f.Conversation.ID); c.SLA != (desk.SLASummary{State: desk.SLAPaused}) {
			t.Errorf("the customer's turn, and the row shows %+v", c.SLA)
		}
		if s := w.clocks(t, f.Ticket.ID); s.First.EndedAt != w.Now() || s.First.State() != desk.SLABreached || s.Resolution.Spent != 86*time.Minute {
			t.Errorf("%+v", s)
		}
	})
}

func TestNextResponseBeginsAtEachFirstUnansweredMessage(t *testing.T) { // E17
	each(t, func(t *testing.T, w *world) {
		w.promise(t, desk.SLATargets{First: 60, Next: 30}, 0)
		f := w.hears(t, "届きません")
		w.later(t, 10*time.Minute)
		w.replies(t, f.Conversation.ID)
		w.later(t, time.Hour)
		w.hears(t, "まだですか")
		asked := w.Now()
		w.later(t, 5*time.Minute)
		w.hears(t, "もしもし")
		if s := w.clocks(t, f.Ticket.ID); s.Next.StartedAt != asked || s.Next.DueAt != asked.Add(30*time.Minute) || s.First.State() != desk.SLAOK {
			t.Errorf("%+v", s)
		}
		_, _, err := w.members.Write(t.Context(), member(aoi), f.Conversation.ID, inbox.NewMessage{ClientID: "note", Mode: inbox.ModeNote,
			Parts: []desk.Part{{Kind: desk.PartText, Text: "倉庫に聞く"}}})
		must(t, err)
		w.follow(t)
		if s := w.clocks(t, f.Ticket.ID); !s.Next.Running() { // I1.4
			t.Error("a note ended the clock")
		}
		w.replies(t, f.Conversation.ID)
		w.hears(t, "ありがとう")
		if s := w.clocks(t, f.Ticket.ID); s.Next.StartedAt != w.Now() || w.happened(t, desk.EventSLAWarned) != 0 {
			t.Errorf("%+v", s.Next)
		}
	})
}

func TestAnsweredInTimeIsNoBreachHoweverLateTheLogIsFollowed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.promise(t, desk.SLATargets{First: 60}, 0)
		f := w.hears(t, "届きません")
		w.now.Add((59 * time.Minute).Milliseconds())
		_, _, err := w.members.Write(t.Context(), member(aoi), f.Conversation.ID, inbox.NewMessage{ClientID: "c", Mode: inbox.ModeReply,
			Parts: []desk.Part{{Kind: desk.PartText, Text: "確認します"}}})
		must(t, err)
		answered := w.Now()
		w.later(t, time.Minute+time.Second) // no node has followed yet
		w.follow(t)
		w.later(t, time.Hour)
		if s := w.clocks(t, f.Ticket.ID); s.First.EndedAt != answered || w.happened(t, desk.EventSLABreached) != 0 || s.First.State() != desk.SLAOK {
			t.Errorf("%d breaches, %+v", w.happened(t, desk.EventSLABreached), s.First)
		}
	})
}

func TestAChangedPromiseHoldsForRunningClocks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.promise(t, desk.SLATargets{First: 60}, 0)
		f := w.hears(t, "届きません")
		start := w.Now()
		w.update(t, func(tx store.Tx) error {
			p, err := tx.SLA().Policy(policy)
			if err != nil {
				return err
			}
			p.Targets[desk.PriorityNormal] = desk.SLATargets{First: 20}
			if err := tx.WriteSLA().PutPolicy(p); err != nil {
				return err
			}
			return tx.WriteSLA().Recheck()
		})
		w.later(t, time.Second)
		if c := w.row(t, f.Conversation.ID); !c.SLA.Due.Equal(start.Add(20 * time.Minute)) {
			t.Errorf("due %s", c.SLA.Due)
		}
		urgent := desk.PriorityUrgent
		_, err := w.members.Change(t.Context(), member(aoi), f.Ticket.ID, inbox.Change{Priority: &urgent})
		must(t, err)
		w.follow(t)
		if c := w.row(t, f.Conversation.ID); !c.SLA.Due.Equal(start.Add(10 * time.Minute)) {
			t.Errorf("due %s once it is urgent", c.SLA.Due)
		}
		w.update(t, func(tx store.Tx) error {
			if err := tx.WriteSLA().DeletePolicy(policy); err != nil {
				return err
			}
			return tx.WriteSLA().Recheck()
		})
		w.later(t, time.Hour)
		if c := w.row(t, f.Conversation.ID); c.SLA != (desk.SLASummary{}) || w.happened(t, desk.EventSLABreached) != 0 {
			t.Errorf("nothing is promised, and the row shows %+v", c.SLA)
		}
	})
}

func TestACaseThatIsOlderThanTheFirstPromise(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.hears(t, "届きません")
		w.later(t, 3*time.Hour)
		w.promise(t, desk.SLATargets{First: 60, Resolution: 240}, 0)
		promised := w.Now()
		w.later(t, time.Minute)
		_, err := w.members.Take(t.Context(), member(aoi), f.Ticket.ID)
		must(t, err)
		high := desk.PriorityNormal
		_, err = w.members.Change(t.Context(), member(aoi), f.Ticket.ID, inbox.Change{Priority: &high})
		must(t, err)
		w.follow(t)
		if c := w.row(t, f.Conversation.ID); !c.SLA.Due.Equal(promised.Add(time.Hour)) {
			t.Errorf("due %s, promised at %s", c.SLA.Due, promised)
		}
		_, err = w.members.Resolve(t.Context(), member(aoi), f.Ticket.ID, desk.ReasonManual)
		must(t, err)
		if c := w.row(t, f.Conversation.ID); c.SLA != (desk.SLASummary{}) {
			t.Errorf("resolved, and the row shows %+v", c.SLA)
		}
		w.follow(t)
		w.later(t, 24*time.Hour)
		if s := w.clocks(t, f.Ticket.ID); s.Resolution.Spent != time.Minute || w.happened(t, desk.EventSLABreached) != 0 {
			t.Errorf("%+v", s.Resolution)
		}
	})
}

func TestSupervisorsHearOfLongWaits(t *testing.T) { // E19
	each(t, func(t *testing.T, w *world) {
		f := w.hears(t, "届きません")
		w.later(t, 4*time.Minute)
		if heard := w.told(t, desk.NotifyWaitAlert); len(heard) != 0 {
			t.Fatalf("told too soon: %v", heard)
		}
		for range 5 {
			w.later(t, 5*time.Minute)
		}
		if heard := w.told(t, desk.NotifyWaitAlert); !maps.Equal(heard, map[desk.ID]int{mio: 3}) {
			t.Errorf("the team's own supervisor is told: %v", heard)
		}
		_, err := w.members.Take(t.Context(), member(aoi), f.Ticket.ID)
		must(t, err)
		_, err = w.members.Resolve(t.Context(), member(aoi), f.Ticket.ID, desk.ReasonSpam)
		must(t, err)
		w.later(t, time.Hour)
		w.hears(t, "別の件です")
		w.later(t, 6*time.Minute)
		if heard := w.told(t, desk.NotifyWaitAlert); heard[mio] != 4 {
			t.Errorf("of the next one: %v", heard)
		}
		w.update(t, func(tx store.Tx) error {
			return tx.WriteTeams().Put(desk.Team{ID: team, Name: "配送", MemberIDs: []desk.ID{aoi}, CreatedAt: tx.Now()})
		})
		w.later(t, 5*time.Minute)
		if heard := w.told(t, desk.NotifyWaitAlert); !maps.Equal(heard, map[desk.ID]int{ken: 1, mio: 4}) {
			t.Errorf("whoever sees it is told for a team without a supervisor: %v", heard)
		}
	})
}

func TestWaitsAreCountedInTheChannelsHours(t *testing.T) { // E19
	each(t, func(t *testing.T, w *world) {
		w.update(t, func(tx store.Tx) error {
			ch, err := tx.Channels().Get(number)
			if err != nil {
				return err
			}
			ch.ScheduleID = hours
			return tx.WriteChannels().Put(ch)
		})
		w.now.Store(time.Date(2026, 11, 20, 8, 58, 0, 0, time.UTC).UnixMilli()) // Friday, 17:58 in Tokyo
		w.hears(t, "届きません")
		w.later(t, 2*24*time.Hour+15*time.Hour+4*time.Minute) // Monday, 9:02
		if heard := w.told(t, desk.NotifyWaitAlert); len(heard) != 0 {
			t.Errorf("told at night: %v", heard)
		}
		w.later(t, time.Minute)
		if heard := w.told(t, desk.NotifyWaitAlert); heard[mio] != 1 {
			t.Errorf("told: %v", heard)
		}
	})
}
