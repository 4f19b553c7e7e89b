package telegram_test

import (
	"context"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/channel/telegram"
	"madoguchi/desk"
)

const (
	token  = "7000000001:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	secret = "Mdg-7_secret"
)

var now = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

var endpoint = channel.Endpoint{
	Channel: desk.Channel{ID: 3, Kind: telegram.Kind, Account: "7000000001"}, Secrets: map[string]string{"token": token, "hook_secret": secret},
	URL: "https://desk.example.test/hooks/telegram/ch_3", Received: now,
}

func sign(e channel.Endpoint, r channel.Request) channel.Request {
	r.Header = r.Header.Clone()
	r.Header.Set("X-Telegram-Bot-Api-Secret-Token", e.Secrets["hook_secret"])
	return r
}

func update(body string) channel.Request {
	return sign(endpoint, channel.Request{Method: http.MethodPost, URL: "/hooks/telegram/ch_3", Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body)})
}

// said is a message with this content.
func said(content string) string {
	return `{"update_id":1,"message":{"message_id":9,"from":{"id":5,"first_name":"Aki","last_name":"Test","language_code":"ja"},"chat":{"id":5,"type":"private"},"date":1764000000,` + content + `}}`
}

func account(_ *testing.T, baseURL string) channel.Account {
	return channel.Account{
		Channel: endpoint.Channel, Secrets: endpoint.Secrets, BaseURL: baseURL, Callback: endpoint.URL,
		Client: channeltest.Client(), Now: func() time.Time { return now },
	}
}

func testdata(t testing.TB, name string) string {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func suite(t testing.TB) channeltest.Suite {
	s := channeltest.Suite{
		Connector: telegram.New(), Sign: sign, BodyUnsigned: true, Account: account,
		Outgoing: outgoing(desk.Part{Kind: desk.PartText, Text: "ok"}),
		Accept:   channeltest.Answer{Status: http.StatusOK, Body: testdata(t, "send_200")},
		Settings: `{"connections":"10"}`, BadSettings: map[string]string{"connections": `{"connections":"7"}`},
		Sendings: sendings(), Refusals: refusals(t),
	}
	for name, want := range map[string]string{
		"start_payload": "standing", "in_text": "message", "in_photo": "message", "in_album_1": "message", "in_document": "message",
		"in_sticker": "message", "in_location": "message", "in_contact": "message", "in_reply": "message", "edited": "edit",
		"blocked": "standing", "unblocked": "standing", "reaction": "reaction",
	} {
		s.Fixtures = append(s.Fixtures, channeltest.Fixture{Name: name, Endpoint: endpoint, Request: update(testdata(t, name)), Want: want, Check: checks[name]})
	}
	for name, body := range unknown {
		s.Fixtures = append(s.Fixtures, channeltest.Fixture{Name: name, Endpoint: endpoint, Request: update(body), Want: "unknown"})
	}
	s.Fixtures = append(s.Fixtures, channeltest.Fixture{Name: "a message of tomorrow", Endpoint: endpoint, Request: update(said(`"hologram":{}`)), Want: "message"})
	return s
}

// unknown are updates that mean nothing here.
var unknown = map[string]string{
	"an update of tomorrow": `{"update_id":900000020,"telepathy":{"thought":"?"}}`,
	"a group":               `{"update_id":900000021,"message":{"message_id":1,"chat":{"id":-7,"type":"supergroup"},"date":1764000000,"text":"hi"}}`,
	"a service message":     said(`"pinned_message":{"message_id":3}`),
	"a changed shape":       `{"update_id":900000022,"message":"?"}`,
	"a custom emoji":        `{"update_id":900000023,"message_reaction":{"chat":{"id":5,"type":"private"},"message_id":13,"date":1764000400,"old_reaction":[],"new_reaction":[{"type":"custom_emoji","custom_emoji_id":"1"}]}}`,
	"a group that left":     `{"update_id":900000024,"my_chat_member":{"chat":{"id":-7,"type":"group"},"new_chat_member":{"status":"kicked"}}}`,
	"a live location":       `{"update_id":900000026,"edited_message":{"message_id":9,"chat":{"id":5,"type":"private"},"date":1764000000,"edit_date":1764000009,"location":{"latitude":1,"longitude":2,"live_period":900}}}`,
	"only an id":            `{"update_id":900000025}`,
}

func TestConnector(t *testing.T) {
	t.Parallel()
	channeltest.Run(t, suite(t))
}

func FuzzReceive(f *testing.F) { channeltest.Fuzz(f, suite(f)) }

func outgoing(parts ...desk.Part) channel.Outgoing {
	return channel.Outgoing{To: channel.Peer{ExternalID: "5000000001"}, Key: "k1", Parts: parts, Files: map[desk.ID]channel.File{
		1: attachment("写真.jpg", "image/jpeg", 1280, 960), 2: attachment("loop.gif", "image/gif", 10, 10), 3: attachment("wide.png", "image/png", 9000, 300),
		4: attachment("clip.mp4", "video/mp4", 10, 10), 5: attachment("talk.ogg", "audio/ogg", 0, 0), 6: attachment("song.mp3", "audio/mpeg", 0, 0),
		7: attachment("領収書.pdf", "application/pdf", 0, 0), 8: huge(),
	}}
}

func attachment(name, mime string, width, height int) channel.File {
	const content = "bytes of the file"
	return channel.File{
		Attachment: desk.Attachment{Name: name, MIME: mime, Size: int64(len(content)), Width: width, Height: height},
		Open:       func(context.Context) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil },
	}
}

func huge() channel.File {
	f := attachment("huge.bin", "application/octet-stream", 0, 0)
	f.Attachment.Size = 50<<20 + 1
	return f
}
