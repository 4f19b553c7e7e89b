package telegram

import (
	"encoding/json"

	"madoguchi/channel"
	"madoguchi/desk"
)

type keyboard struct {
	Rows [][]button `json:"inline_keyboard"`
}

type button struct {
	Text string `json:"text"`
	Data string `json:"callback_data"`
}

// readCallback reads the press of a button below one of our messages. The button shows a spinner until it is answered, and
// the answer to the webhook may be a call itself ("Making requests when getting updates"): here its result does not matter.
func readCallback(_ update, raw json.RawMessage) (channel.Reply, bool) {
	var q struct {
		ID      string `json:"id"`
		From    user   `json:"from"`
		Data    string `json:"data"`
		Message struct {
			ID     int64    `json:"message_id"`
			Chat   chat     `json:"chat"`
			Markup keyboard `json:"reply_markup"` // missing when the message is too old
		} `json:"message"`
	}
	if err := json.Unmarshal(raw, &q); err != nil || q.ID == "" || q.Data == "" || !q.Message.Chat.private() {
		return channel.Reply{}, false
	}
	label := q.Data
	for _, row := range q.Message.Markup.Rows {
		for _, b := range row {
			if b.Data == q.Data && b.Text != "" {
				label = b.Text
			}
		}
	}
	id := channel.CleanText(q.ID)
	reply := one(channel.Result{Key: "c/" + id, Message: &channel.Incoming{
		Peer: peer(q.Message.Chat, q.From), ExternalID: desk.ExternalID("callback/" + id),
		Parts:  []desk.Part{{Kind: desk.PartText, Text: channel.CleanText(label)}},
		Choice: channel.CleanText(q.Data), ReplyTo: externalID(q.Message.Chat.ID, q.Message.ID),
	}})
	body, err := json.Marshal(map[string]string{"method": "answerCallbackQuery", "callback_query_id": q.ID})
	if err == nil {
		reply.Type, reply.Body = "application/json", body
	}
	return reply, true
}
