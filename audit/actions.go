package audit

import (
	"slices"
	"strings"

	"madoguchi/desk"
)

// happened are the actions, by what they are done to; J6 lists what must be among them.
var happened = map[string]string{
	"api_key":      "created changed revoked",
	"audit":        "verified exported",
	"availability": "created changed deleted",
	"brand":        "created changed deleted",
	"canned_reply": "created changed deleted",
	"channel":      "created changed disabled enabled deleted",
	"contact":      "deleted",
	"conversation": "deleted monitored",
	"demo":         "loaded removed",
	"export":       "requested ended downloaded",
	"field":        "created changed deleted",
	"identity":     "blocked unblocked opted_out opted_in opt_out_dismissed",
	"invite":       "created changed accepted deleted",
	"key":          "rotated",
	"macro":        "created changed deleted",
	"member":       "created changed deleted availability_set",
	"message":      "deleted",
	"password":     "changed reset",
	"role":         "created changed deleted",
	"routing_rule": "created changed deleted",
	"saved_view":   "created changed deleted",
	"schedule":     "created changed deleted",
	"session":      "started entered ended failed revoked",
	"sla_policy":   "created changed deleted",
	"tag":          "created changed deleted",
	"team":         "created changed deleted",
	"template":     "created changed deleted",
	"ticket":       "assigned taken_over joined resolved reopened merged split deleted",
	"trigger":      "created changed deleted",
	"user":         "created changed deleted",
	"wait_alert":   "created changed",
	"workspace":    "created changed",
}

// Actions lists every action that an entry may have, sorted. The inbox has words for each, in every language.
func Actions() []desk.AuditAction {
	var all []desk.AuditAction
	for object, words := range happened {
		for word := range strings.FieldsSeq(words) {
			all = append(all, desk.AuditAction(object+"."+word))
		}
	}
	slices.Sort(all)
	return all
}

// Objects lists every kind of thing that an entry may be about, sorted.
func Objects() []string {
	return []string{
		"api_key", "audit", "availability", "brand", "canned_reply", "channel", "contact", "conversation", "export", "field", "invite", "key", "macro", "member",
		"message", "role", "routing_rule", "saved_view", "schedule", "sla_policy", "tag", "team", "template", "ticket", "trigger", "user", "wait_alert", "workspace",
	}
}
