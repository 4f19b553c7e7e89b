package automate_test

import (
	"testing"

	"madoguchi/automate"
	"madoguchi/desk"
	"madoguchi/store"
)

// TestTemplatesThatAChannelCannotSendByItselfAreRefused is G7.2.
func TestTemplatesThatAChannelCannotSendByItselfAreRefused(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ch := desk.Channel{ID: number}
		w.update(t, func(tx store.Tx) error {
			other, err := tx.Channels().Get(number)
			if err != nil {
				return err
			}
			other.ID, other.Account = number+1, "MG2"
			if err := tx.WriteChannels().Put(other); err != nil {
				return err
			}
			for _, one := range []desk.Template{
				{ID: 70, ChannelID: number, Name: "good", Status: desk.TemplateApproved},
				{ID: 71, ChannelID: number, Name: "rejected", Status: desk.TemplateRejected},
				{ID: 72, ChannelID: number + 1, Name: "another channel's", Status: desk.TemplateApproved},
				{ID: 73, ChannelID: number, Name: "picture", Status: desk.TemplateApproved, Header: &desk.TemplateHeader{Kind: "image"}},
			} {
				one.Language, one.Body, one.UpdatedAt = "ja", "{{1}}様", tx.Now()
				if err := tx.WriteTemplates().Put(one); err != nil {
					return err
				}
			}
			return nil
		})
		filled := map[string]string{"1": "{{contact.name}}"}
		for name, c := range map[string]struct {
			chosen desk.ChosenTemplate
			was    desk.ID
			code   string
		}{
			"one that goes":         {desk.ChosenTemplate{ID: 70, Variables: filled}, 0, ""},
			"one with a gap":        {desk.ChosenTemplate{ID: 70}, 0, "template_variable_missing"},
			"rejected":              {desk.ChosenTemplate{ID: 71, Variables: filled}, 0, "template_unsendable"},
			"rejected since it was": {desk.ChosenTemplate{ID: 71, Variables: filled}, 71, ""},
			"another channel's":     {desk.ChosenTemplate{ID: 72, Variables: filled}, 0, "template_not_found"},
			"with a picture":        {desk.ChosenTemplate{ID: 73, Variables: filled}, 0, "attachment_missing"},
		} {
			w.view(t, func(r store.Reader) error {
				err := automate.CheckTemplates(r, ch, "f", desk.ChosenTemplates{"ja": c.chosen}, desk.ChosenTemplates{"ja": {ID: c.was}})
				if desk.CodeOf(err) != c.code {
					t.Errorf("%s: %v, want %q", name, err, c.code)
				}
				return nil
			})
		}
	})
}
