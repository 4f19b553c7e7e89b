package audit

import (
	"slices"
	"strings"
	"testing"

	"madoguchi/desk"
)

// j6 is the list of J6, with the actions that tell of each; none where there is no such thing to do yet.
const j6 = `
login/out/fail                        | session.started session.ended session.failed
2FA                                   |
role/scope/user change                | member.changed role.changed user.changed workspace.changed
channel connect                       | channel.created
channel disable/reconnect             | channel.disabled channel.enabled
channel delete/state                  | channel.deleted channel.changed
template submit/delete                | template.created template.deleted
proactive                             |
bot                                   |
rule/SLA/schedule change              | routing_rule.changed trigger.changed sla_policy.changed wait_alert.changed schedule.changed
assignment/transfer/take-over         | ticket.assigned ticket.taken_over
join/monitor start                    | ticket.joined conversation.monitored
resolve/reopen                        | ticket.resolved ticket.reopened
block                                 | identity.blocked identity.unblocked
merge/undo                            | ticket.merged ticket.split
consent and opt-in/out                | identity.opted_in identity.opted_out identity.opt_out_dismissed
broadcast                             |
export                                | export.requested export.ended export.downloaded audit.exported
privacy request steps                 |
erasure                               | contact.deleted conversation.deleted ticket.deleted message.deleted
retention run                         |
secret/API key/webhook change         | channel.changed key.rotated api_key.created api_key.revoked
AI call                               |
`

// What J6 lists and the desk can do leaves an entry; api.TestEveryChangeLeavesAnEntry performs it.
func TestJ6IsNoted(t *testing.T) {
	t.Parallel()
	known := Actions()
	for line := range strings.Lines(strings.TrimSpace(j6)) {
		what, actions, _ := strings.Cut(line, "|")
		for action := range strings.FieldsSeq(actions) {
			if !slices.Contains(known, desk.AuditAction(action)) {
				t.Errorf("%s: nobody notes %s", strings.TrimSpace(what), action)
			}
		}
	}
}
