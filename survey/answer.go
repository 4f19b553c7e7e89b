package survey

import (
	"fmt"
	"strconv"

	"madoguchi/automate"
	"madoguchi/desk"
	"madoguchi/locale"
)

// thank answers a rating, and asks what was behind it if it came alone (B4.5).
func (v *visit) thank(e desk.Event) error {
	s, err := v.tx.Surveys().Get(e.SubjectID)
	if desk.KindOf(err) == desk.KindNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	ch, err := v.tx.Channels().Get(v.row.ChannelID)
	if err != nil {
		return fmt.Errorf("read channel: %w", err)
	}
	design, is := ch.Automation.SurveyDesign, s
	asks := !design.NoComment && is.AskForComment(v.tx.Now())
	said, err := v.reply("thanks/"+strconv.FormatInt(e.Seq, 10), thanks(design, v.language, asks))
	if err != nil || !said || !asks {
		return err // a comment that nobody asked for is a message like any other
	}
	return v.keep(s, is)
}

// hint tells the scale to who wrote a number off it, once per survey (B4.6).
func (v *visit) hint(e desk.Event) error {
	_, err := v.reply("hint/"+e.SubjectID.String(), locale.Text(v.language, locale.SurveyHint, nil))
	return err
}

// reply answers the customer's newest message, unless something forbids it.
func (v *visit) reply(key, text string) (said bool, err error) {
	answers, err := v.newest()
	if err != nil {
		return false, err
	}
	result, err := v.service.voice.Say(v.tx, v.row, automate.Words{
		Purpose: desk.PurposeSurvey, Key: key, Parts: []desk.Part{{Kind: desk.PartText, Text: text}}, Answers: answers,
	})
	return err == nil && result.Silent == "", err
}

// newest is the customer's newest message, nil if it lies far back.
func (v *visit) newest() (*desk.Message, error) {
	page, err := v.tx.Messages().Before(v.row.ID, 0, messagesAtOnce)
	if err != nil {
		return nil, fmt.Errorf("read the thread: %w", err)
	}
	for i := range page {
		if page[i].Author.Kind.Inbound() {
			return &page[i], nil
		}
	}
	return nil, nil
}
