package survey

import (
	"cmp"
	"strconv"
	"strings"
	"unicode/utf8"

	"madoguchi/automate"
	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/locale"
	"madoguchi/store"
)

// question is what asks for a number. Where the channel has enough buttons they are the scale (G7.1), elsewhere the text names it:
// ours does, one of somebody's own gets it below.
func question(spec channel.Spec, d desk.SurveyDesign, l desk.Locale) desk.Part {
	own, buttons := d.Texts[l], buttoned(spec)
	labelled := len(own.Labels) > 0
	p := desk.Part{Kind: desk.PartChoices, Text: strings.TrimSpace(own.Question), Choices: desk.RatingChoices(own.Labels)}
	// The window of our own channels shows the text of what is to be chosen from, and no buttons.
	written := !buttons || spec.Local
	switch {
	case p.Text == "":
		p.Text = locale.Text(l, locale.SurveyQuestion, nil)
	case written && !labelled:
		p.Text += "\n" + locale.Text(l, locale.SurveyHint, nil)
	}
	switch {
	case labelled && spec.Local:
		p.Text = channel.Numbered(p.Text, p.Choices)
	case !labelled && !buttons:
		p.Kind, p.Choices = desk.PartText, nil
	}
	return p
}

// buttoned reports whether a channel shows a scale as buttons alone.
func buttoned(spec channel.Spec) bool {
	limits := spec.Capabilities.Choices
	return limits.Max >= desk.MaxScore && !limits.Digits
}

// thanks is what a rating is answered with; asks for what was behind it, too (B4.5).
func thanks(d desk.SurveyDesign, l desk.Locale, asks bool) string {
	say := func(own string, key locale.Key) string {
		return cmp.Or(strings.TrimSpace(own), locale.Text(l, key, nil))
	}
	text := say(d.Texts[l].Thanks, locale.SurveyThanks)
	if asks {
		text += "\n" + say(d.Texts[l].Comment, locale.SurveyComment)
	}
	return text
}

// Shown is a survey in one language as customers of a channel see it.
type Shown struct {
	Question []desk.Part // a message each
	Thanks   []desk.Part
	Template *desk.Template // what goes where texts may not, nil = nothing does
}

// Preview is a design as customers of a channel would see it, by language. It sends nothing.
func Preview(r store.Reader, channels channel.Registry, ch desk.Channel, d desk.SurveyDesign) (map[desk.Locale]Shown, error) {
	connector, err := channels.Get(ch.Kind)
	if err != nil {
		return nil, err
	}
	all := map[desk.Locale]Shown{}
	for _, l := range locale.Locales() {
		asked, thanked := messages(connector, d, l)
		shown := Shown{Question: look(connector, ch, asked), Thanks: look(connector, ch, thanked)}
		if chosen, any := d.Templates.For(l); any {
			t, err := r.Templates().Get(chosen.ID)
			if err != nil && desk.KindOf(err) != desk.KindNotFound {
				return nil, err
			}
			if err == nil && t.ChannelID == ch.ID {
				shown.Template = &t
			}
		}
		all[l] = shown
	}
	return all, nil
}

// messages are the question and the thank-you.
func messages(c channel.Connector, d desk.SurveyDesign, l desk.Locale) (asked, thanked desk.Message) {
	asked.Parts = []desk.Part{question(c.Spec(), d, l)}
	thanked.Parts = []desk.Part{{Kind: desk.PartText, Text: thanks(d, l, !d.NoComment)}}
	return asked, thanked
}

func look(c channel.Connector, ch desk.Channel, m desk.Message) (shown []desk.Part) {
	if c.Spec().Local { // its window shows what the text says
		return []desk.Part{{Kind: desk.PartText, Text: m.Parts[0].Text}}
	}
	for _, piece := range channel.PiecesOf(c.Spec().Capabilities, m) {
		shown = append(shown, channel.PreviewOf(c, channel.Account{Channel: ch}, channel.Outgoing{Parts: piece})...)
	}
	return shown
}

// Check refuses a design that does not fit its channel: texts that would be more than one message ("survey_text_too_long"), labels
// that its buttons cannot show ("survey_label_too_long"), templates that cannot be sent or have something left open.
func Check(r store.Reader, channels channel.Registry, ch desk.Channel, was desk.SurveyDesign) error {
	connector, err := channels.Get(ch.Kind)
	if err != nil {
		return err
	}
	d := ch.Automation.SurveyDesign
	for l := range d.Texts {
		if err := fits(connector.Spec(), d, l); err != nil {
			return err
		}
	}
	return automate.CheckTemplates(r, ch, "automation.survey_design.templates", d.Templates, was.Templates)
}

func fits(spec channel.Spec, d desk.SurveyDesign, l desk.Locale) error {
	at := "automation.survey_design.texts." + string(l)
	p, limits := question(spec, d, l), spec.Capabilities.Choices
	limit := cmp.Or(limits.RowLabel, limits.Label)
	for i, label := range d.Texts[l].Labels {
		if buttoned(spec) && limit > 0 && utf8.RuneCountInString(label) > limit {
			return desk.SurveyLabelTooLong(at+".labels."+strconv.Itoa(i), limit)
		}
	}
	if spec.Local {
		return nil
	}
	for field, m := range map[string]desk.Message{
		"question": {Parts: []desk.Part{p}}, "thanks": {Parts: []desk.Part{{Kind: desk.PartText, Text: thanks(d, l, !d.NoComment)}}},
	} {
		if len(channel.PiecesOf(spec.Capabilities, m)) > 1 {
			return desk.Invalid(at+"."+field, "survey_text_too_long", "it is more than one message there")
		}
	}
	return nil
}
