package widget_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
	"madoguchi/view"
	"madoguchi/visitor"
)

func TestBootAndTalk(t *testing.T) {
	t.Parallel()
	c := open(t, open2)
	b := c.browser(t)
	first := b.boot()
	if first.Token == "" || first.Visitor.ID == 0 || first.Conversation != nil || first.Contact != nil {
		t.Errorf("first boot: %+v", first)
	}
	if g := first.Config; g.Greeting != "いらっしゃいませ" || g.Sender.Name != "サポート" || g.Open || g.ExpectedReply != "hours" || g.Locale != desk.LocaleJA || g.Attachments.MaxBytes == 0 {
		t.Errorf("config: %+v", g)
	}
	m := b.say("c1", "こんにちは")
	if !m.Mine || m.ClientID != "c1" || m.Status != desk.DeliverySent || m.Author.Kind != desk.AuthorCustomer {
		t.Errorf("message: %+v", m)
	}
	var again view.WMessage
	b.want(200, "POST", "messages", text("c1", "こんにちは"), &again)
	if again.ID != m.ID {
		t.Errorf("a retry made message %d beside %d", again.ID, m.ID)
	}
	c.reply(t, inbox.ModeNote, "secret note")
	c.reply(t, inbox.ModeReply, "はい、どうぞ")
	if got := codes(b.thread()); got != "ticket_opened customer:こんにちは offline_notice agent_joined human:はい、どうぞ" {
		t.Errorf("thread: %s", got)
	}
	resumed := b.boot()
	if resumed.Token != "" || resumed.Visitor != first.Visitor || resumed.Conversation == nil || resumed.Conversation.Unread != 1 || resumed.ResumeSeq == 0 {
		t.Errorf("resumed: %+v %+v", resumed, resumed.Conversation)
	}
	b.want(204, "PUT", "read", map[string]int64{"seq": resumed.Conversation.LastSeq}, nil)
	var state visitor.Boot
	b.want(200, "GET", "state", nil, &state)
	if state.Token != "" || state.Conversation.Unread != 0 || state.Conversation.ReadSeq != resumed.Conversation.LastSeq {
		t.Errorf("state: %+v", state.Conversation)
	}
	for _, seen := range b.thread() {
		if seen.Author.Kind == desk.AuthorHuman && seen.Status != desk.DeliveryRead {
			t.Errorf("the reply is %q, not read", seen.Status)
		}
	}
	b.want(204, "POST", "typing", map[string]any{}, nil)
	if len(c.news.typing) != 1 {
		t.Errorf("typing: %v", c.news.typing)
	}
}

func TestPagesOfMessagesHaveNoHoles(t *testing.T) {
	t.Parallel()
	c := open(t, open2)
	b := c.browser(t)
	b.boot()
	for i := range 7 {
		b.say(fmt.Sprint("c", i), fmt.Sprint("m", i))
		for n := range 5 {
			c.reply(t, inbox.ModeNote, fmt.Sprint("note ", i, n))
		}
	}
	var seen []string
	before := int64(0)
	for range 10 {
		var page struct {
			Items []view.WMessage
			More  bool
		}
		b.want(200, "GET", fmt.Sprintf("messages?limit=3&before=%d", before), nil, &page)
		var texts []string
		for _, m := range page.Items {
			if m.System == nil {
				texts = append(texts, m.Parts[0].Text)
			}
		}
		seen = append(texts, seen...)
		if !page.More {
			break
		}
		before = page.Items[0].Seq
	}
	if got := strings.Join(seen, " "); got != "m0 m1 m2 m3 m4 m5 m6" {
		t.Errorf("read backwards: %s", got)
	}
	var after struct{ Items []view.WMessage }
	b.want(200, "GET", "messages?after=1&limit=2", nil, &after)
	if got := codes(after.Items); got != "customer:m0 offline_notice" {
		t.Errorf("after 1: %s", got)
	}
	b.refused(422, "before_invalid", "GET", "messages?before=x", nil)
	b.refused(422, "range_invalid", "GET", "messages?before=5&after=5", nil)
}

// TestIdentifyWhileWriting: whoever wins, the message arrives and one person is left.
func TestAwayIsSaidOncePerCase(t *testing.T) {
	t.Parallel()
	c := open(t, open2)
	b := c.browser(t)
	b.boot()
	b.say("c1", "a")
	b.say("c2", "b")
	if n := strings.Count(codes(b.thread()), "offline_notice"); n != 1 {
		t.Errorf("said %d times", n)
	}
	err := c.store.Update(t.Context(), 1, func(tx store.Tx) error {
		return tx.WriteMembers().PutPresence(desk.Presence{UserID: agent, Chosen: desk.Online, LeaseUntil: tx.Now().Add(time.Hour)})
	})
	if err != nil {
		t.Fatal(err)
	}
	c.skew.Store(int64(10 * time.Second))
	there := c.browser(t)
	if boot := there.boot(); !boot.Config.Open {
		t.Errorf("somebody is online: %+v", boot.Config)
	}
	there.say("c1", "a")
	if got := codes(there.thread()); strings.Contains(got, "offline_notice") {
		t.Errorf("said although somebody is there: %s", got)
	}
}

func TestHours(t *testing.T) {
	t.Parallel()
	c := open(t, open2)
	err := c.store.Update(t.Context(), 1, func(tx store.Tx) error {
		s := desk.Schedule{ID: tx.NewID(), Name: "s", Zone: "UTC", CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
		day := (time.Now().UTC().Weekday() + 3) % 7
		s.Week[day] = []desk.Interval{{Start: 540, End: 1080}}
		if err := tx.WriteSchedules().Put(s); err != nil {
			return err
		}
		list, err := tx.Channels().List()
		if err != nil {
			return err
		}
		list[0].ScheduleID = s.ID
		list[0].Version++
		return tx.WriteChannels().Put(list[0])
	})
	if err != nil {
		t.Fatal(err)
	}
	var boot visitor.Boot
	c.browser(t).want(200, "POST", "boot", map[string]any{"account": account, "locale": "en"}, &boot)
	g := boot.Config
	if g.Open || g.NextOpenAt.Before(time.Now().Add(48*time.Hour)) || !strings.Contains(g.HoursText, "09:00–18:00") || !strings.Contains(g.HoursText, "closed") {
		t.Errorf("config: %+v", g)
	}
}

// TestTheirPlaceInTheQueueIsTold (E30), as long as they wait in it.
func TestTheirPlaceInTheQueueIsTold(t *testing.T) {
	t.Parallel()
	c := open(t, open2)
	err := c.store.Update(t.Context(), 1, func(tx store.Tx) error {
		members, err := tx.Members().List()
		for _, m := range members {
			if err == nil {
				err = tx.WriteMembers().PutPresence(desk.Presence{UserID: m.UserID, Chosen: desk.Online, LeaseUntil: tx.Now().Add(time.Hour)})
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	first, second := c.browser(t), c.browser(t)
	var boot visitor.Boot
	for i, b := range []*browser{first, second} {
		b.boot()
		b.want(201, "POST", "messages", map[string]any{"client_id": "c", "parts": []map[string]any{{"kind": "text", "text": "hello"}}}, nil)
		b.want(200, "GET", "state", nil, &boot)
		if got := boot.Config.WaitText; !strings.Contains(got, strconv.Itoa(i+1)) {
			t.Errorf("the customer at %d is told %q", i+1, got)
		}
	}
}

func TestTrackAndPage(t *testing.T) {
	t.Parallel()
	c := open(t, open2)
	b := c.browser(t)
	boot := b.boot()
	b.want(204, "POST", "track", map[string]any{"name": "cart_opened", "props": map[string]any{"items": 2}}, nil)
	b.want(204, "POST", "page", map[string]string{"url": shop + "/checkout", "title": "レジ"}, nil)
	b.refused(422, "url_invalid", "POST", "page", map[string]string{"url": "javascript:alert(1)"})
	b.refused(422, "track_name_invalid", "POST", "track", map[string]any{"name": " "})
	b.refused(422, "track_props_invalid", "POST", "track", map[string]any{"name": "x", "props": []int{1}})
	b.refused(422, "track_props_invalid", "POST", "track", map[string]any{"name": "x", "props": map[string]string{"a": strings.Repeat("a", 5000)}})
	err := c.store.View(t.Context(), 1, func(r store.Reader) error {
		v, err := r.Visitors().Get(boot.Visitor.ID)
		if v.PageURL != shop+"/checkout" || v.PageTitle != "レジ" {
			t.Errorf("visitor: %+v", v)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	events, err := c.store.Events(t.Context(), 1, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	last := events[len(events)-1]
	if last.Kind != desk.EventVisitorTracked || last.SubjectID != boot.Visitor.ID || last.Changes[0].Field != "cart_opened" || last.Changes[0].To != `{"items":2}` {
		t.Errorf("event: %+v", last)
	}
}
