package desk

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// SurveyDesign is how a channel asks for ratings (B4, G7.1). What is blank in a language is our own.
type SurveyDesign struct {
	Texts     map[Locale]SurveyTexts `json:"texts,omitempty"`
	Templates ChosenTemplates        `json:"templates,omitempty"`
	NoComment bool                   `json:"no_comment,omitempty"` // a bare rating is thanked for, and that is all
}

// SurveyTexts are a survey's words in one language.
type SurveyTexts struct {
	Question string   `json:"question,omitempty"`
	Labels   []string `json:"labels,omitempty"` // of 1 to 5, none = ours
	Thanks   string   `json:"thanks,omitempty"`
	Comment  string   `json:"comment,omitempty"` // asks what was behind a bare rating
}

const maxSurveyLabel = 40 // runes; channels have limits of their own below it

// Picked is the number whose label somebody wrote or sent back, as text; "" for anything else.
func (d SurveyDesign) Picked(text string) string {
	fold := func(s string) string { return strings.ToLower(strings.TrimSpace(norm.NFKC.String(s))) }
	for _, l := range slices.Sorted(maps.Keys(d.Texts)) {
		for i, label := range d.Texts[l].Labels {
			if fold(label) == fold(text) && label != "" {
				return strconv.Itoa(i + 1)
			}
		}
	}
	return ""
}

func (d SurveyDesign) validate() error {
	const field = "automation.survey_design."
	for _, l := range slices.Sorted(maps.Keys(d.Texts)) {
		t, at := d.Texts[l], field+"texts."+string(l)
		for name, text := range map[string]string{"question": t.Question, "thanks": t.Thanks, "comment": t.Comment} {
			if err := checkText(at+"."+name, l, text, ""); err != nil {
				return err
			}
		}
		if err := t.checkLabels(at + ".labels"); err != nil {
			return err
		}
	}
	return d.Templates.validate(field + "templates")
}

// checkLabels wants all of a scale or none, each its own.
func (t SurveyTexts) checkLabels(field string) error {
	if len(t.Labels) == 0 {
		return nil
	}
	if len(t.Labels) != MaxScore {
		return Invalid(field, "survey_labels_incomplete", "%d labels for %d numbers", len(t.Labels), MaxScore)
	}
	for i, label := range t.Labels {
		at := field + "." + strconv.Itoa(i)
		switch {
		case strings.TrimSpace(label) == "":
			return Invalid(at, "survey_labels_incomplete", "label %d is empty", i+1)
		case utf8.RuneCountInString(label) > maxSurveyLabel:
			return SurveyLabelTooLong(at, maxSurveyLabel)
		case slices.Contains(t.Labels[:i], label):
			return Invalid(at, "survey_labels_equal", "label %d is another's too", i+1)
		}
	}
	return nil
}

// SurveyLabelTooLong refuses a label of a scale: "survey_label_too_long" with the limit.
func SurveyLabelTooLong(field string, limit int) error {
	e := Invalid(field, "survey_label_too_long", "more than %d characters", limit)
	e.Params = map[string]string{"max": strconv.Itoa(limit)}
	return e
}
