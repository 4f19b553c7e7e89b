package survey_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/testchannel"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/survey"
)

var scale = []string{"とても不満", "不満", "ふつう", "満足", "とても満足"}

// designed makes the channel ask another way.
func (w *world) designed(t *testing.T, d desk.SurveyDesign) {
	t.Helper()
	w.update(t, func(tx store.Tx) error {
		c, err := tx.Channels().Get(number)
		if err != nil {
			return err
		}
		c.Automation.SurveyDesign = d
		return tx.WriteChannels().Put(c)
	})
}

func TestADesignedSurvey(t *testing.T) { // B4, G7.1
	each(t, func(t *testing.T, w *world) {
		w.designed(t, desk.SurveyDesign{NoComment: true, Texts: map[desk.Locale]desk.SurveyTexts{
			desk.LocaleJA: {Question: "いかがでしたか？", Labels: scale, Thanks: "ありがとうございます。"}, desk.LocaleEN: {Question: "How was it?"},
		}})
		f := w.asked(t)
		said, _ := w.thread(t, f.Conversation.ID)
		if len(said) != 1 || said[0].Parts[0].Kind != desk.PartChoices || said[0].Parts[0].Choices[4].Label != "とても満足" || said[0].Parts[0].Text != "いかがでしたか？" {
			t.Fatalf("said %+v", said)
		}
		w.hears(t, "とても満足") // a label is as good as its number
		said, _ = w.thread(t, f.Conversation.ID)
		if len(said) != 2 || said[1].Text() != "ありがとうございます。" {
			t.Fatalf("said %+v", said)
		}
		if s := w.survey(t, f.Ticket.ID); s.Score != 5 || !s.AskedAt.IsZero() {
			t.Errorf("%+v", s)
		}
	})
}

func TestOutsideTheWindowATemplateAsks(t *testing.T) { // G7.1, G7.2
	template := desk.Template{ID: 70, ChannelID: number, ExternalID: "t1", Name: "rate_us", Language: "ja", Category: "utility", Status: desk.TemplateApproved, Body: "{{1}}様、5段階で評価をお願いします。"}
	chosen := desk.SurveyDesign{Templates: desk.ChosenTemplates{desk.LocaleEN: {ID: 70, Variables: map[string]string{"1": "{{contact.name}}"}}}}
	for name, c := range map[string]struct {
		design desk.SurveyDesign
		status desk.TemplateStatus
		why    string
	}{
		"it goes":             {chosen, desk.TemplateApproved, ""},
		"none was chosen":     {desk.SurveyDesign{}, desk.TemplateApproved, desk.CodeWindow},
		"the provider forbid": {chosen, desk.TemplateRejected, "template_unsendable"},
	} {
		t.Run(name, func(t *testing.T) {
			eachOn(t, narrow{testchannel.Connector{OptOut: true}}, func(t *testing.T, w *world) {
				template := template
				template.Status, template.UpdatedAt = c.status, w.Now()
				w.update(t, func(tx store.Tx) error { return tx.WriteTemplates().Put(template) })
				w.designed(t, c.design)
				f := w.hears(t, "届きません")
				w.replies(t, aoi, f.Conversation.ID, "確認しました")
				w.advance(25 * time.Hour)
				w.resolves(t, f.Ticket.ID, desk.ReasonManual)
				said, _ := w.thread(t, f.Conversation.ID)
				s := w.survey(t, f.Ticket.ID)
				if s.Reason != c.why || (s.State == desk.SurveySkipped) != (c.why != "") {
					t.Errorf("%+v", s)
				}
				if c.why != "" {
					if len(said) != 0 {
						t.Errorf("said %+v", said)
					}
					return
				}
				if len(said) != 1 || said[0].Template == nil || said[0].Text() != "花子様、5段階で評価をお願いします。" {
					t.Fatalf("said %+v", said)
				}
				w.hears(t, "4")
				if s := w.survey(t, f.Ticket.ID); s.Score != 4 {
					t.Errorf("%+v", s)
				}
			})
		})
	}
}

func TestPreviewAndCheck(t *testing.T) {
	t.Parallel()
	kind := func(change func(*channel.Spec)) channel.Registry {
		return channel.Registry{testchannel.Kind: shaped{change: change}}
	}
	numbers := kind(func(s *channel.Spec) { s.Capabilities.Choices = channel.ChoiceLimits{} })
	rows := kind(func(s *channel.Spec) {
		s.Capabilities.Choices = channel.ChoiceLimits{Max: 10, Label: 3, Buttons: 3, RowLabel: 5}
	})
	ours := kind(func(s *channel.Spec) { s.Local = true; s.Capabilities.Choices = channel.ChoiceLimits{Max: 10} })
	tight := kind(func(s *channel.Spec) { s.Capabilities.TextLimit, s.Capabilities.TextUnit = 40, "runes" })
	own := func(question string, labels ...string) desk.SurveyDesign {
		return desk.SurveyDesign{Texts: map[desk.Locale]desk.SurveyTexts{desk.LocaleJA: {Question: question, Labels: labels}}}
	}
	for name, c := range map[string]struct {
		on     channel.Registry
		design desk.SurveyDesign
		shows  string // the question; its buttons
		fails  string
	}{
		"ours, in numbers":             {numbers, own(""), question, ""},
		"one's own, in numbers":        {numbers, own("どう？"), "どう？\n1(不満)〜5(満足)の数字1つで返信してください。", ""},
		"labels are numbered":          {numbers, own("どう？", scale...), "どう？\n1. とても不満\n2. 不満\n3. ふつう\n4. 満足\n5. とても満足", ""},
		"labels are buttons":           {rows, own("どう？", "悪い", "やや悪い", "ふつう", "良い", "最高"), "どう？ [悪い|やや悪い|ふつう|良い|最高]", ""},
		"stars are buttons":            {rows, own("どう？"), "どう？ [★|★★|★★★|★★★★|★★★★★]", ""},
		"labels in a window of ours":   {ours, own("どう？", scale...), "どう？\n1. とても不満\n2. 不満\n3. ふつう\n4. 満足\n5. とても満足", ""},
		"longer than a button":         {rows, own("どう？", "とても悪かった", "2", "3", "4", "5"), "", "survey_label_too_long"},
		"more than a message":          {tight, own(strings.Repeat("どう？", 20)), "", "survey_text_too_long"},
		"what is ours is not in doubt": {tight, desk.SurveyDesign{}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ch := desk.Channel{Kind: testchannel.Kind, Automation: desk.Automation{SurveyDesign: c.design}}
			if err := survey.Check(nil, c.on, ch, desk.SurveyDesign{}); desk.CodeOf(err) != c.fails {
				t.Fatalf("Check = %v, want %q", err, c.fails)
			}
			if c.shows == "" {
				return
			}
			shown, err := survey.Preview(nil, c.on, ch, c.design)
			if err != nil || len(shown[desk.LocaleJA].Question) != 1 {
				t.Fatalf("%+v, %v", shown, err)
			}
			p := shown[desk.LocaleJA].Question[0]
			got := p.Text
			if labels := slices.Collect(labelsOf(p)); len(labels) > 0 {
				got += " [" + strings.Join(labels, "|") + "]"
			}
			if got != c.shows {
				t.Errorf("shows %q, want %q", got, c.shows)
			}
		})
	}
}

func labelsOf(p desk.Part) func(func(string) bool) {
	return func(yield func(string) bool) {
		for _, c := range p.Choices {
			if !yield(c.Label) {
				return
			}
		}
	}
}

// shaped is the test channel with other abilities.
type shaped struct {
	testchannel.Connector
	change func(*channel.Spec)
}

func (s shaped) Spec() channel.Spec {
	spec := s.Connector.Spec()
	s.change(&spec)
	return spec
}

func TestSurveyDesignValidate(t *testing.T) {
	t.Parallel()
	texts := func(s desk.SurveyTexts) desk.SurveyDesign {
		return desk.SurveyDesign{Texts: map[desk.Locale]desk.SurveyTexts{desk.LocaleJA: s}}
	}
	for code, d := range map[string]desk.SurveyDesign{
		"":                         texts(desk.SurveyTexts{Question: "どう？", Labels: scale}),
		"survey_labels_incomplete": texts(desk.SurveyTexts{Labels: []string{"悪い", "", "3", "4", "良い"}}),
		"survey_labels_equal":      texts(desk.SurveyTexts{Labels: []string{"悪い", "悪い", "3", "4", "良い"}}),
		"survey_label_too_long":    texts(desk.SurveyTexts{Labels: []string{strings.Repeat("悪", 41), "2", "3", "4", "良い"}}),
		"mark_unknown":             texts(desk.SurveyTexts{Thanks: "{{name}}様"}),
		"text_too_long":            texts(desk.SurveyTexts{Comment: strings.Repeat("あ", desk.MaxAutomationText+1)}),
		"locale_unknown":           {Texts: map[desk.Locale]desk.SurveyTexts{"fr": {}}},
		"canned_variable_unknown":  {Templates: desk.ChosenTemplates{desk.LocaleJA: {ID: 1, Variables: map[string]string{"1": "{{nobody.knows}}"}}}},
	} {
		if err := (desk.Automation{SurveyDesign: d}).Validate(); desk.CodeOf(err) != code {
			t.Errorf("%+v: %v, want %q", d, err, code)
		}
	}
}
