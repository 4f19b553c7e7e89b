package whatsapp

import (
	"encoding/json"
	"strings"

	"madoguchi/channel"
	"madoguchi/desk"
)

// owner is the account of news about a whole business account: the endpoint's own channel, or nobody's if it is another
// business account's (an app may serve several at one callback).
func (in *reader) owner(c change) string {
	if in.business != "" && c.business != in.business {
		return "waba/" + c.business
	}
	return ""
}

// template reads what became of a message template (C3.2).
// https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/reference/message_template_status_update
func (in *reader) template(c change) {
	var v struct {
		Event       string `json:"event"`
		ID          loose  `json:"message_template_id"`
		Name        string `json:"message_template_name"`
		Language    string `json:"message_template_language"`
		Category    string `json:"message_template_category"`
		NewCategory string `json:"new_category"`
		Quality     string `json:"new_quality_score"`
		Reason      string `json:"reason"`
		Title       string `json:"message_template_title"`
		Body        string `json:"message_template_element"`
		Footer      string `json:"message_template_footer"`
		Rejection   struct {
			Reason         string `json:"reason"`
			Recommendation string `json:"recommendation"`
		} `json:"rejection_info"`
	}
	if json.Unmarshal(c.Value, &v) != nil || v.ID == "" && v.Name == "" {
		in.unknown("", "field "+c.Field, c.Value)
		return
	}
	category := v.Category
	if v.NewCategory != "" {
		category = v.NewCategory
	}
	t := &desk.Template{
		ExternalID: string(v.ID), Name: plain(v.Name), Language: plain(v.Language), Category: strings.ToLower(plain(category)),
		Status: desk.TemplateStatus(strings.ToLower(plain(v.Event))), Reason: reason(v.Reason), Quality: quality(v.Quality),
		Body: plain(v.Body), Footer: plain(v.Footer), UpdatedAt: c.at.instant(),
	}
	if title := plain(v.Title); title != "" {
		t.Header = &desk.TemplateHeader{Kind: "text", Text: title}
	}
	code := plain(v.Event)
	if code == "" {
		code = c.Field
	}
	in.add(channel.Result{Account: in.owner(c), Key: "t/" + string(v.ID) + "/" + t.Name + "/" + t.Language + "/" + code + "/" + category + v.Quality + "/" + string(c.at), Notice: &channel.Notice{
		Is: channel.NoticeTemplate, Code: code, Detail: lines(v.Rejection.Reason, v.Rejection.Recommendation), Template: t, At: c.at.instant(),
	}})
}

// reason is why a template was rejected, "" where there is nothing to say.
func reason(s string) string {
	if s = plain(s); s == "NONE" {
		return ""
	}
	return s
}

// quality is how people take a template, "" while that is not known.
func quality(s string) string {
	if s = plain(s); s == "UNKNOWN" {
		return ""
	}
	return s
}

// account reads news about the business account or the number.
func (in *reader) account(c change) {
	var v struct {
		Event        string `json:"event"`
		Decision     string `json:"decision"`
		Reason       string `json:"rejection_reason"`
		Limit        string `json:"current_limit"`
		Alert        string `json:"alert_type"`
		Description  string `json:"alert_description"`
		Name         string `json:"requested_verified_name"`
		Restrictions []struct {
			Type string `json:"restriction_type"`
		} `json:"restriction_info"`
		Ban struct {
			State string `json:"waba_ban_state"`
		} `json:"ban_info"`
		Violation struct {
			Type string `json:"violation_type"`
		} `json:"violation_info"`
	}
	if json.Unmarshal(c.Value, &v) != nil {
		in.unknown("", "field "+c.Field, c.Value)
		return
	}
	code := c.Field
	for _, s := range []string{v.Event, v.Decision, v.Alert} {
		if s = plain(s); s != "" {
			code = s
			break
		}
	}
	details := []string{v.Limit, v.Name, reason(v.Reason), v.Description, v.Ban.State, v.Violation.Type}
	for _, r := range v.Restrictions {
		details = append(details, r.Type)
	}
	in.add(channel.Result{Account: in.owner(c), Key: "n/" + c.Field + "/" + in.print(c.Value), Notice: &channel.Notice{
		Is: noticeOf(c.Field, code, v.Ban.State), Code: code, Detail: strings.ReplaceAll(lines(details...), "\n", "; "), At: c.at.instant(),
	}})
}

// notices are the events that change what the account may do; any other is information.
// https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/reference/account_update
var notices = map[string]channel.NoticeKind{
	"account_update/ACCOUNT_DELETED":         channel.NoticeSuspended,
	"account_update/ACCOUNT_OFFBOARDED":      channel.NoticeSuspended,
	"account_update/PARTNER_REMOVED":         channel.NoticeSuspended,
	"account_update/PARTNER_APP_UNINSTALLED": channel.NoticeSuspended,
	"account_update/ACCOUNT_RECONNECTED":     channel.NoticeRestored,
	"account_update/ACCOUNT_RESTRICTION":     channel.NoticeRestricted,
	"account_update/ACCOUNT_VIOLATION":       channel.NoticeRestricted,
	"account_review_update/REJECTED":         channel.NoticeRestricted,
	"phone_number_quality_update/FLAGGED":    channel.NoticeRestricted,
	"phone_number_quality_update/DOWNGRADE":  channel.NoticeRestricted,
	"phone_number_quality_update/UNFLAGGED":  channel.NoticeRestored,
}

// bans are the states of a ban.
var bans = map[string]channel.NoticeKind{
	"SCHEDULE_FOR_DISABLE": channel.NoticeRestricted, "DISABLE": channel.NoticeSuspended, "REINSTATE": channel.NoticeRestored,
}

func noticeOf(field, code, ban string) channel.NoticeKind {
	if field == "account_update" && code == "DISABLED_UPDATE" {
		if kind := bans[ban]; kind != "" {
			return kind
		}
		return channel.NoticeSuspended
	}
	if kind := notices[field+"/"+code]; kind != "" {
		return kind
	}
	return channel.NoticeInfo
}
