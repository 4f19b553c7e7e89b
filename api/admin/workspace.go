package admin

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/locale"
	"madoguchi/store"
)

type editWorkspace struct {
	Body struct {
		Name           *string                  `json:"name,omitempty" minLength:"1" maxLength:"100"`
		Locale         *desk.Locale             `json:"locale,omitempty" enum:"ja,en"`
		Zone           *string                  `json:"zone,omitempty" minLength:"1" maxLength:"64"`
		ReopenDays     *int                     `json:"reopen_days,omitempty" minimum:"0" maximum:"30"`
		Capacity       *int                     `json:"capacity,omitempty" minimum:"1" maximum:"100" doc:"How many slots of work a member has at once (E7)"`
		IdleMinutes    *int                     `json:"idle_minutes,omitempty" minimum:"0" maximum:"240" doc:"Without input until somebody online counts as away, 0 = never (E8)"`
		RequeueMinutes *int                     `json:"requeue_minutes,omitempty" minimum:"0" maximum:"1440" doc:"How long a customer waits for an assignee who is offline, 0 = for ever (E15)"`
		ShowMonitoring *bool                    `json:"show_monitoring,omitempty"`
		Files          *rest.FilePolicy         `json:"files,omitempty"`
		OptOutKeywords map[desk.Locale][]string `json:"opt_out_keywords,omitempty" doc:"Replaces all of them; at most 100 of 1 to 30 characters per language"`
		ExternalLinks  *[]desk.ExternalLink     `json:"external_links,omitempty" maxItems:"20" doc:"Replaces all of them, in the order they are shown"`
		LinksSeen      *[]desk.ExternalLink     `json:"external_links_seen,omitempty" maxItems:"20" doc:"The links that were seen; 409 edited_meanwhile if they are others by now"`
	}
}

func (a *API) workspace(api huma.API) {
	rest.Add(api, rest.Op{ID: "get-workspace", Method: http.MethodGet, Path: "/workspace", Tag: "Workspace",
		Summary: "The workspace", Can: rest.SignedIn}, a.getWorkspace)
	rest.Add(api, rest.Op{ID: "edit-workspace", Method: http.MethodPatch, Path: "/workspace", Tag: "Workspace",
		Summary: "Change the workspace", Can: auth.WorkspaceManage}, a.editWorkspace)
}

func (a *API) getWorkspace(ctx context.Context, _ *struct{}) (rest.Workspace, error) {
	return rest.WorkspaceOf(rest.CallerOf(ctx).Workspace()), nil
}

func (a *API) editWorkspace(ctx context.Context, in *editWorkspace) (out rest.Workspace, err error) {
	b := in.Body
	if b.Zone != nil {
		if _, err := time.LoadLocation(*b.Zone); err != nil || *b.Zone == "Local" {
			return out, desk.Invalid("zone", "zone_invalid", "%.60q is no time zone", *b.Zone)
		}
	}
	if b.Name != nil {
		if *b.Name = desk.CleanName(*b.Name); *b.Name == "" {
			return out, desk.Invalid("name", "name_missing", "a workspace has a name")
		}
	}
	if b.Files != nil {
		if err := b.Files.Policy().Check(); err != nil {
			return out, err
		}
	}
	if b.ExternalLinks != nil {
		for i := range *b.ExternalLinks {
			(*b.ExternalLinks)[i].Name = desk.CleanName((*b.ExternalLinks)[i].Name)
			(*b.ExternalLinks)[i].URL = strings.TrimSpace((*b.ExternalLinks)[i].URL)
		}
		if err := desk.CheckExternalLinks(*b.ExternalLinks); err != nil {
			return out, err
		}
	}
	keywords, err := cleanKeywords(b.OptOutKeywords)
	if err != nil {
		return out, err
	}
	return result(ctx, a, func(tx store.Tx, c *rest.Caller) (out rest.Workspace, err error) {
		if err := tx.WriteWorkspaces().Lock(); err != nil { // two who save at once see each other
			return out, err
		}
		w, err := tx.Workspaces().Current()
		if err != nil {
			return out, err
		}
		if b.LinksSeen != nil && !slices.Equal(*b.LinksSeen, w.ExternalLinks) {
			return out, rest.WithCurrent(desk.Errorf(desk.KindConflict, "edited_meanwhile", "the external links are others by now"), rest.WorkspaceOf(w))
		}
		if b.Name != nil {
			w.Name = *b.Name
		}
		if b.Locale != nil {
			w.Locale = *b.Locale
		}
		if b.Zone != nil {
			w.Zone = *b.Zone
		}
		if b.ReopenDays != nil {
			w.ReopenDays = *b.ReopenDays
		}
		staff(&w, b.Capacity, b.IdleMinutes, b.RequeueMinutes)
		if b.ShowMonitoring != nil {
			w.HideMonitoring = !*b.ShowMonitoring
		}
		if b.Files != nil {
			w.Files = b.Files.Policy()
		}
		if b.OptOutKeywords != nil {
			w.OptOutWords = keywords
		}
		if b.ExternalLinks != nil {
			w.ExternalLinks = *b.ExternalLinks
		}
		changed(tx, c, desk.EventWorkspaceChanged, w.ID)
		return rest.WorkspaceOf(w), tx.WriteWorkspaces().Put(w)
	})
}

// staff sets what is given of how much members take and when they count as gone.
func staff(w *desk.Workspace, capacity, idle, requeue *int) {
	for given, kept := range map[*int]*int{capacity: &w.Capacity, idle: &w.IdleMinutes, requeue: &w.RequeueMinutes} {
		if given != nil {
			*kept = *given
		}
	}
}

// maxKeywords is how many opt-out words a language may have: every message is compared with all of them.
const maxKeywords = 100

// cleanKeywords makes opt-out words as they are kept, each once; "keyword_invalid", "keywords_too_many" or "locale_unknown" (invalid).
func cleanKeywords(all map[desk.Locale][]string) (map[desk.Locale][]string, error) {
	kept := map[desk.Locale][]string{}
	for _, l := range slices.Sorted(maps.Keys(all)) {
		field := "opt_out_keywords." + string(l)
		if err := locale.Check(field, l); err != nil {
			return nil, err
		}
		var words []string
		for _, w := range all[l] {
			if w = desk.CleanName(w); !slices.Contains(words, w) {
				words = append(words, w)
			}
		}
		if len(words) > maxKeywords {
			e := desk.Invalid(field, "keywords_too_many", "%d words are more than %d", len(words), maxKeywords)
			e.Params = map[string]string{"max": strconv.Itoa(maxKeywords)}
			return nil, e
		}
		if err := desk.CheckKeywords(field, words); err != nil {
			return nil, err
		}
		if len(words) > 0 {
			kept[l] = words
		}
	}
	return kept, nil
}
