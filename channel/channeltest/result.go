package channeltest

import (
	"strings"
	"testing"
	"unicode/utf8"

	"madoguchi/channel"
	"madoguchi/desk"
)

// checkOutcome holds for every request, authentic or not.
func checkOutcome(t *testing.T, reply channel.Reply, err error) {
	t.Helper()
	if err != nil {
		if kind := desk.KindOf(err); kind != desk.KindInvalid && kind != desk.KindForbidden {
			t.Errorf("a refusal is invalid or forged, not %s: %v", kind, err)
		}
		return
	}
	if reply.Status != 0 && (reply.Status < 200 || reply.Status > 299) {
		t.Errorf("what was understood is acknowledged, not answered %d", reply.Status)
	}
	keys := map[string]bool{}
	for _, r := range reply.Results {
		checkResult(t, r)
		if keys[r.Account+" "+r.Key] {
			t.Errorf("key %q twice in one request", r.Key)
		}
		keys[r.Account+" "+r.Key] = true
	}
}

func checkResult(t *testing.T, r channel.Result) {
	t.Helper()
	if r.Key == "" {
		t.Errorf("a result without dedupe key: %+v", r)
	}
	set := 0
	for _, one := range []bool{
		r.Message != nil, r.Echo != nil, r.Receipt != nil, r.Reaction != nil, r.Edit != nil, r.Unsend != nil,
		r.Standing != nil, r.Notice != nil, r.Unknown != "",
	} {
		if one {
			set++
		}
	}
	if set != 1 {
		t.Errorf("a result is exactly one thing: %+v", r)
	}
	if m := r.Message; m != nil {
		checkPeer(t, m.Peer)
		checkParts(t, m.Parts)
	}
	if e := r.Echo; e != nil {
		if e.ExternalID == "" && e.Key == "" || !e.Ours && len(e.Parts) == 0 {
			t.Errorf("an echo names its message and says what it was: %+v", e)
		}
		checkPeer(t, e.Peer)
	}
	if p := r.Receipt; p != nil {
		if (p.ExternalID == "" && p.Key == "") == (p.Peer == nil) || p.Status == "" {
			t.Errorf("a receipt is for one message or for a peer, with a status: %+v", p)
		}
		if p.Peer != nil && p.UpTo != 0 && !p.Until.IsZero() {
			t.Errorf("a receipt for a peer goes up to a position or an instant, not both: %+v", p)
		}
		if (p.Status == desk.DeliveryFailed) != (p.Fault != nil) {
			t.Errorf("what failed, and only that, has a fault: %+v", p)
		}
	}
	if x := r.Reaction; x != nil && x.ExternalID == "" || r.Edit != nil && (r.Edit.ExternalID == "" || len(r.Edit.Parts) == 0) || r.Unsend != nil && r.Unsend.ExternalID == "" {
		t.Errorf("a reaction, an edit or an unsending names its message: %+v", r)
	}
	if s := r.Standing; s != nil {
		checkPeer(t, s.Peer)
		if s.Is == "" || (s.Is == channel.StandingMoved) != (s.To != nil) {
			t.Errorf("standing %+v", s)
		}
	}
	if n := r.Notice; n != nil && (n.Is == "" || (n.Is == channel.NoticeTemplate) != (n.Template != nil)) {
		t.Errorf("notice %+v", n)
	}
}

func checkPeer(t *testing.T, p channel.Peer) {
	t.Helper()
	if p.ExternalID == "" {
		t.Errorf("nobody: %+v", p)
	}
}

func checkParts(t *testing.T, parts []desk.Part) {
	t.Helper()
	if len(parts) == 0 {
		t.Error("a message without content")
	}
	for _, p := range parts {
		if p.Kind == "" || strings.ContainsRune(p.Text, 0) || !utf8.ValidString(p.Text) {
			t.Errorf("part %+v has no kind, a NUL, or bytes that are no text", p)
		}
		media := p.Kind == desk.PartImage || p.Kind == desk.PartAudio || p.Kind == desk.PartVideo || p.Kind == desk.PartFile
		if media && p.AttachmentID == 0 && p.MediaRef == "" {
			t.Errorf("part %+v is a file without a way to get it", p)
		}
	}
}

// Kind names what a result is: message, echo, receipt, reaction, edit, unsend, standing, notice or unknown.
func Kind(r channel.Result) string {
	switch {
	case r.Message != nil:
		return "message"
	case r.Echo != nil:
		return "echo"
	case r.Receipt != nil:
		return "receipt"
	case r.Reaction != nil:
		return "reaction"
	case r.Edit != nil:
		return "edit"
	case r.Unsend != nil:
		return "unsend"
	case r.Standing != nil:
		return "standing"
	case r.Notice != nil:
		return "notice"
	}
	return "unknown"
}
