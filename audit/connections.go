package audit

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"madoguchi/desk"
	"madoguchi/store"
)

type channels struct {
	store.ChannelWriter
	t *tx
}

// channelFields has a line for each setting, so that an entry shows the one that changed.
func channelFields(c desk.Channel, secrets string) []field {
	all := []field{
		{"kind", c.Kind}, {"name", c.Name}, {"state", string(c.State)}, {"account", c.Account}, {"secrets", secrets},
		{"team_id", ref(c.TeamID)}, {"schedule_id", ref(c.ScheduleID)}, {"brand_id", ref(c.BrandID)},
	}
	automation := c.Automation
	all = append(all,
		field{"automation.acknowledge", fmt.Sprint(automation.Acknowledge)}, field{"automation.ack_texts", asJSON(automation.AckTexts)},
		field{"automation.answer_minutes", fmt.Sprint(automation.AnswerMinutes)}, field{"automation.help_texts", asJSON(automation.HelpTexts)},
		field{"automation.confirm_opt_out", fmt.Sprint(automation.ConfirmOptOut)}, field{"automation.survey", fmt.Sprint(automation.Survey)},
		field{"automation.survey_design", asJSON(automation.SurveyDesign)},
		field{"automation.tell_wait", fmt.Sprint(automation.TellWait)}, field{"automation.auto_close", asJSON(automation.AutoClose)},
		field{"automation.hide_reading", fmt.Sprint(automation.HideReading)}, field{"automation.hide_typing", fmt.Sprint(automation.HideTyping)},
		field{"automation.mail_minutes", fmt.Sprint(automation.MailMinutes)})
	var settings map[string]json.RawMessage
	if json.Unmarshal(c.Settings, &settings) != nil {
		return all // a connector refuses what is no object
	}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		all = append(all, field{"settings." + name, string(settings[name])})
	}
	return all
}

func (w channels) Put(c desk.Channel) error {
	before, present, err := was(w.t.Channels().Get(c.ID))
	if err != nil {
		return err
	}
	happened := ""
	if before.State != c.State {
		switch {
		case c.State == desk.ChannelDeleted:
			happened = "deleted"
		case c.State == desk.ChannelDisabled:
			happened = "disabled"
		case before.State == desk.ChannelDisabled:
			happened = "enabled"
		}
	}
	hidden, shown := masked(before.Secrets, c.Secrets)
	err = w.t.putAs(desk.AuditObject{Kind: "channel", ID: c.ID, Name: c.Name}, happened, present, channelFields(before, hidden), channelFields(c, shown))
	if err != nil {
		return err
	}
	return w.ChannelWriter.Put(c)
}

type templates struct {
	store.TemplateWriter
	t *tx
}

func templateFields(v desk.Template) []field {
	return []field{{"channel_id", ref(v.ChannelID)}, {"name", v.Name}, {"language", v.Language}, {"category", v.Category}, {"status", string(v.Status)}, {"body", v.Body}}
}

// Put notes what people submitted, and what became of a template; those found at the provider are no deeds of ours.
func (w templates) Put(v desk.Template) error {
	before, present, err := was(w.t.Templates().Get(v.ID))
	if err != nil {
		return err
	}
	happened := ""
	if v.Status == desk.TemplateDeleted && before.Status != v.Status {
		happened = "deleted"
	}
	if present || v.CreatedBy != 0 {
		err = w.t.putAs(desk.AuditObject{Kind: "template", ID: v.ID, Name: v.Name}, happened, present, templateFields(before), templateFields(v))
	}
	if err != nil {
		return err
	}
	return w.TemplateWriter.Put(v)
}
