package line

import (
	"cmp"
	"encoding/json"
	"strings"

	"madoguchi/channel"
	"madoguchi/desk"
)

// content is a customer's message of any kind.
type content struct {
	ID       string   `json:"id"`
	Type     string   `json:"type"`
	Text     string   `json:"text"`
	Quoted   string   `json:"quotedMessageId"`
	Quote    string   `json:"quoteToken"`
	Name     string   `json:"fileName"`
	Size     int64    `json:"fileSize"`
	Title    string   `json:"title"`
	Address  string   `json:"address"`
	Lat      *float64 `json:"latitude"`
	Lng      *float64 `json:"longitude"`
	Sticker  string   `json:"stickerId"`
	Keywords []string `json:"keywords"`
	Provider struct {
		Type string `json:"type"`
		URL  string `json:"originalContentUrl"`
	} `json:"contentProvider"`
}

// message reads a message event. Pictures that were sent together are messages of their own; what holds them together
// (imageSet) stays in the raw request.
func (e event) message() (channel.Result, bool) {
	var c content
	if json.Unmarshal(e.Message, &c) != nil {
		var named struct{ ID, Type string }
		if json.Unmarshal(e.Message, &named) != nil {
			return channel.Result{}, false
		}
		c = content{ID: named.ID, Type: named.Type} // of a changed shape: shown as unknown
	}
	if c.ID == "" {
		return channel.Result{}, false
	}
	id := channel.CleanText(c.ID)
	m := channel.Incoming{
		Peer: e.peer(), ExternalID: desk.ExternalID(id), At: e.at(), Parts: []desk.Part{c.part()},
		ReplyTo: desk.ExternalID(channel.CleanText(c.Quoted)), QuoteRef: channel.CleanText(c.Quote),
	}
	m.Token, m.TokenUntil = e.token()
	return channel.Result{Key: "m/" + id, Message: &m}, true
}

func (c content) part() desk.Part {
	switch {
	case c.Type == "text" && c.Text != "": // LINE's own emoji stand in it as "(name)"
		return desk.Part{Kind: desk.PartText, Text: channel.CleanText(c.Text)}
	case c.Type == "image":
		return c.media(desk.PartImage)
	case c.Type == "video":
		return c.media(desk.PartVideo)
	case c.Type == "audio": // only the app records them
		p := c.media(desk.PartAudio)
		p.Voice = true
		return p
	case c.Type == "file":
		return c.media(desk.PartFile)
	case c.Type == "location" && c.Lat != nil && c.Lng != nil:
		label := strings.TrimSpace(channel.CleanText(c.Title) + "\n" + channel.CleanText(c.Address))
		return desk.Part{Kind: desk.PartLocation, Location: &desk.Location{Lat: *c.Lat, Lng: *c.Lng, Label: label}}
	case c.Type == "sticker" && c.Sticker != "":
		words := cmp.Or(c.Text, strings.Join(c.Keywords, ", "))
		return desk.Part{Kind: desk.PartImage, Sticker: true, Text: channel.CleanText(words), MediaRef: refSticker + channel.CleanText(c.Sticker), Media: desk.MediaFetching}
	}
	return desk.Part{Kind: desk.PartUnknown, Text: channel.CleanText(cmp.Or(c.Type, "message"))}
}

// media is a file that LINE keeps for a while, or that lies elsewhere.
func (c content) media(kind desk.PartKind) desk.Part {
	p := desk.Part{Kind: kind, MediaRef: refMessage + channel.CleanText(c.ID), MediaName: channel.CleanText(c.Name), Media: desk.MediaFetching}
	if c.Provider.Type == "external" && c.Provider.URL != "" {
		p.MediaRef = refAddress + channel.CleanText(c.Provider.URL)
	}
	if c.Size > maxDownload {
		p.Media = desk.MediaRefused
	}
	return p
}
