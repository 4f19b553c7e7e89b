package admin

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/survey"
	"madoguchi/view"
)

type previewSurvey struct {
	rest.ByID
	Body struct {
		Design desk.SurveyDesign `json:"design"`
	}
}

// SurveyPreview is a survey as customers of a channel would see it.
type SurveyPreview struct {
	Languages map[desk.Locale]ShownSurvey `json:"languages"`
}

// ShownSurvey is a survey in one language.
type ShownSurvey struct {
	Question []view.Part    `json:"question" doc:"In order; each is one message of the provider's"`
	Thanks   []view.Part    `json:"thanks" doc:"The answer to a bare rating"`
	Template *view.Template `json:"template,omitempty" doc:"What goes where texts may not; none = nothing does"`
}

func (a *API) surveys(api huma.API) {
	rest.Add(api, rest.Op{ID: "preview-survey", Method: http.MethodPost, Path: "/channels/{id}/survey-preview", Tag: "Channels",
		Summary: "A survey as customers of the channel would see it", Can: auth.ChannelManage, Status: http.StatusOK,
		Description: "Nothing is sent and nothing is kept."}, a.previewSurvey)
}

func (a *API) previewSurvey(ctx context.Context, in *previewSurvey) (out SurveyPreview, err error) {
	err = a.read(ctx, func(r store.Reader, _ *rest.Caller) error {
		ch, err := present(r, in.ID)
		if err != nil {
			return err
		}
		ch.Automation.SurveyDesign = in.Body.Design
		if err := ch.Automation.Validate(); err != nil {
			return err
		}
		shown, err := survey.Preview(r, a.Channels, ch, in.Body.Design)
		if err != nil {
			return err
		}
		out.Languages = map[desk.Locale]ShownSurvey{}
		for l, s := range shown {
			v := ShownSurvey{Question: view.PartsOf(s.Question, view.MemberLinks()), Thanks: view.PartsOf(s.Thanks, view.MemberLinks())}
			if s.Template != nil {
				template := view.TemplateOf(*s.Template)
				v.Template = &template
			}
			out.Languages[l] = v
		}
		return nil
	})
	return out, err
}
