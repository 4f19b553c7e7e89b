package desk_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"madoguchi/desk"
)

// G2.3: queued < sending < sent < delivered < read, never backwards; failed replaces only what is below delivered;
// unknown stands beside sending and any later receipt resolves it.
func TestClimb(t *testing.T) {
	t.Parallel()
	all := []desk.DeliveryStatus{
		desk.DeliveryQueued, desk.DeliverySending, desk.DeliveryUnknown, desk.DeliverySent, desk.DeliveryDelivered, desk.DeliveryRead, desk.DeliveryFailed,
	}
	want := map[desk.DeliveryStatus][7]desk.DeliveryStatus{ // by all, as news
		"queued":    {"queued", "sending", "unknown", "sent", "delivered", "read", "failed"},
		"sending":   {"sending", "sending", "unknown", "sent", "delivered", "read", "failed"},
		"unknown":   {"unknown", "unknown", "unknown", "sent", "delivered", "read", "failed"},
		"sent":      {"sent", "sent", "sent", "sent", "delivered", "read", "failed"},
		"delivered": {"delivered", "delivered", "delivered", "delivered", "delivered", "read", "delivered"},
		"read":      {"read", "read", "read", "read", "read", "read", "read"},
		"failed":    {"failed", "failed", "failed", "failed", "delivered", "read", "failed"},
	}
	for from, row := range want {
		for i, news := range all {
			if got := from.Climb(news); got != row[i] {
				t.Errorf("%s hears %s: %s, want %s", from, news, got, row[i])
			}
		}
	}
}

// Whatever order receipts come in, the end is the same once the highest was heard; it never goes down.
func TestClimbNeverGoesBack(t *testing.T) {
	t.Parallel()
	all := []desk.DeliveryStatus{
		desk.DeliveryQueued, desk.DeliverySending, desk.DeliveryUnknown, desk.DeliverySent, desk.DeliveryDelivered, desk.DeliveryRead, desk.DeliveryFailed,
	}
	for _, a := range all {
		for _, b := range all {
			for _, c := range all {
				s := desk.DeliveryQueued.Climb(a).Climb(b).Climb(c)
				if a == desk.DeliveryRead || b == desk.DeliveryRead || c == desk.DeliveryRead {
					if s != desk.DeliveryRead {
						t.Errorf("%s, %s, %s ends as %s", a, b, c, s)
					}
				}
				if s.Climb(desk.DeliveryQueued) != s {
					t.Errorf("%s goes back to queued", s)
				}
			}
		}
	}
}

func TestOrderTime(t *testing.T) {
	t.Parallel()
	received := time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		provider time.Duration
		trusted  bool
	}{{0, true}, {-5 * time.Minute, true}, {5 * time.Minute, true}, {-5*time.Minute - time.Millisecond, false}, {5*time.Minute + time.Millisecond, false}, {-time.Hour, false}} {
		stamp, want := received.Add(c.provider), received
		if c.trusted {
			want = stamp
		}
		if got := desk.OrderTime(stamp, received); !got.Equal(want) {
			t.Errorf("%v off: %v", c.provider, got)
		}
	}
	if got := desk.OrderTime(time.Time{}, received); !got.Equal(received) {
		t.Errorf("no stamp: %v", got)
	}
}

func TestPreviewOf(t *testing.T) {
	t.Parallel()
	text := func(s string) desk.Part { return desk.Part{Kind: desk.PartText, Text: s} }
	file := desk.Part{Kind: desk.PartFile, Attachment: &desk.Attachment{Name: "見積.pdf"}}
	long := strings.Repeat("あ", 200)
	for _, c := range []struct {
		name  string
		parts []desk.Part
		kind  desk.PartKind
		text  string
	}{
		{"one line", []desk.Part{text("はい")}, desk.PartText, "はい"},
		{"lines and spaces become one", []desk.Part{text("  a\n\n b\u3000c\t")}, desk.PartText, "a b c"},
		{"two parts", []desk.Part{text("a"), text("b")}, desk.PartText, "a b"},
		{"a file by its name", []desk.Part{file}, desk.PartFile, "見積.pdf"},
		{"text before a file", []desk.Part{text("これです"), file}, desk.PartText, "これです"},
		{"a picture without a name", []desk.Part{{Kind: desk.PartImage}}, desk.PartImage, ""},
		{"cut", []desk.Part{text(long)}, desk.PartText, strings.Repeat("あ", 159) + "…"},
		{"nothing", nil, "", ""},
	} {
		m := desk.Message{Seq: 9, Author: desk.Author{Kind: desk.AuthorBot, Name: "Bot"}, Parts: c.parts}
		got := desk.PreviewOf(m)
		if got.Kind != c.kind || got.Text != c.text || got.Author != desk.AuthorBot || got.Name != "Bot" || got.Seq != 9 || got.Failed {
			t.Errorf("%s: %+v", c.name, got)
		}
		if utf8.RuneCountInString(got.Text) > 160 {
			t.Errorf("%s: %d runes", c.name, utf8.RuneCountInString(got.Text))
		}
	}
}

// A row shows that the last thing said did not arrive, for as long as that is so.
func TestSettled(t *testing.T) {
	t.Parallel()
	var c desk.Conversation
	m := desk.Message{Seq: 3, Author: desk.Author{Kind: desk.AuthorHuman}, Status: desk.DeliveryQueued, Parts: []desk.Part{{Kind: desk.PartText, Text: "x"}}}
	c.Said(m)
	for _, step := range []struct {
		status          desk.DeliveryStatus
		failed, changed bool
	}{{"sending", false, false}, {"failed", true, true}, {"unknown", true, false}, {"queued", false, true}, {"sent", false, false}} {
		m.Status = step.status
		if changed := c.Settled(m); changed != step.changed || c.Preview.Failed != step.failed {
			t.Errorf("%s: failed %v, changed %v", step.status, c.Preview.Failed, changed)
		}
	}
	older := desk.Message{Seq: 2, Status: desk.DeliveryFailed}
	if c.Settled(older) || c.Settled(desk.Message{}) || c.Preview.Failed {
		t.Error("an older message marks the row")
	}
}
