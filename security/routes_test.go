package security_test

// j3 is the matrix of J3 as the specification prints it: 閲覧, 担当, SV, 管理, オーナー; ✓ always, ○ grantable, – never. The
// name in front is what the table of routes calls the row, and the permission that a refusal names.
const j3 = `
conversation.read     | ✓ ✓ ✓ ✓ ✓ | read conversations in scope
conversation.reply    | – ✓ ✓ ✓ ✓ | reply, note, canned, KB insert, shortcuts
ticket.take           | – ✓ ✓ ✓ ✓ | take, transfer own ticket
ticket.assign_others  | – ○ ✓ ✓ ✓ | assign others, bulk, change priority of others
conversation.monitor  | – – ✓ ✓ ✓ | monitor, whisper, join, take over; set agent status
identity.block        | – ✓ ✓ ✓ ✓ | block/unblock identity
contact.merge         | – ○ ✓ ✓ ✓ | merge/undo contacts
message.delete        | – – ○ ✓ ✓ | delete message/ticket
template.send         | – ✓ ✓ ✓ ✓ | send WhatsApp template
template.manage       | – – ○ ✓ ✓ | create templates
broadcast.manage      | – – ○ ✓ ✓ | broadcast
proactive.view        | ○ – ✓ ✓ ✓ | proactive: view
proactive.manage      | – – ○ ✓ ✓ | proactive: change
automation.manage     | – – ○ ✓ ✓ | bots, rules, SLA, schedules
channel.manage        | – – – ✓ ✓ | channels connect/disable/delete
report.own            | – ✓ ✓ ✓ ✓ | reports own
report.team           | – – ✓ ✓ ✓ | reports team
report.all            | ○ – ○ ✓ ✓ | reports all
report.export         | – – ○ ✓ ✓ | reports export
member.manage         | – – – ✓ ✓ | users, roles, scopes
privacy.manage        | – – – ✓ ✓ | privacy requests, retention
audit.read            | – – ○ ✓ ✓ | audit log read/export
secret.manage         | – – – ✓ ✓ | API keys, webhooks, secrets
workspace.manage      | – – – ✓ ✓ | (ours: name, languages, zone, tags)
workspace.delete      | – – – – ✓ | workspace delete, owner change
`

// routes is every operation of the REST API and who may call it: "public", "member" (whoever is signed in), or a row of
// j3; "person" behind it keeps programs out. A new operation needs a line here: look its row up in J3 first.
const routes = `
GET    /api/v1/api-keys                            secret.manage
POST   /api/v1/api-keys                            secret.manage
DELETE /api/v1/api-keys/{id}                       secret.manage
GET    /api/v1/audit                               audit.read
GET    /api/v1/audit/export                        audit.read
POST   /api/v1/audit/verify                        audit.read
GET    /api/v1/availabilities                      member
POST   /api/v1/availabilities                      workspace.manage
DELETE /api/v1/availabilities/{id}                 workspace.manage
PUT    /api/v1/availabilities/{id}                 workspace.manage
PUT    /api/v1/availability                        member person
GET    /api/v1/board                               conversation.monitor
GET    /api/v1/brands                              member
POST   /api/v1/brands                              workspace.manage
DELETE /api/v1/brands/{id}                         workspace.manage
PATCH  /api/v1/brands/{id}                         workspace.manage
GET    /api/v1/brands/{id}/logo                    member
POST   /api/v1/brands/{id}/logo                    workspace.manage
GET    /api/v1/canned-replies                      conversation.reply
POST   /api/v1/canned-replies                      conversation.reply
DELETE /api/v1/canned-replies/{id}                 conversation.reply
PUT    /api/v1/canned-replies/{id}                 conversation.reply
POST   /api/v1/canned-replies/{id}/uses            conversation.reply
GET    /api/v1/saved-views                         conversation.read person
POST   /api/v1/saved-views                         conversation.read person
POST   /api/v1/saved-views/order                   conversation.read person
DELETE /api/v1/saved-views/{id}                    conversation.read person
PUT    /api/v1/saved-views/{id}                    conversation.read person
GET    /api/v1/channel-kinds                       member
GET    /api/v1/channel-kinds/{kind}                member
GET    /api/v1/channels                            member
POST   /api/v1/channels                            channel.manage
DELETE /api/v1/channels/{id}                       channel.manage
GET    /api/v1/channels/{id}                       channel.manage
PATCH  /api/v1/channels/{id}                       channel.manage
GET    /api/v1/channels/{id}/health                channel.manage
POST   /api/v1/channels/{id}/identify-secret       channel.manage
DELETE /api/v1/channels/{id}/templates/{template_id} template.manage
GET    /api/v1/channels/{id}/templates             member
POST   /api/v1/channels/{id}/templates             template.manage
POST   /api/v1/channels/{id}/template-samples      template.manage
POST   /api/v1/channels/{id}/templates/sync        template.manage
POST   /api/v1/conversations/{id}/template-messages template.send
POST   /api/v1/channels/{id}/probe                 channel.manage
POST   /api/v1/channels/{id}/subscription          channel.manage
POST   /api/v1/channels/{id}/survey-preview        channel.manage
DELETE /api/v1/contact-notes/{id}                  conversation.reply person
PATCH  /api/v1/contact-notes/{id}                  conversation.reply person
GET    /api/v1/contacts                            conversation.read
DELETE /api/v1/contacts/{id}                       message.delete
GET    /api/v1/contacts/{id}                       conversation.read
PATCH  /api/v1/contacts/{id}                       conversation.reply
GET    /api/v1/contacts/{id}/attachments           conversation.read
GET    /api/v1/contacts/{id}/conversations         conversation.read
GET    /api/v1/contacts/{id}/deletion              message.delete
GET    /api/v1/contacts/{id}/held-messages         identity.block
GET    /api/v1/contacts/{id}/identities            conversation.read
GET    /api/v1/contacts/{id}/notes                 conversation.read
POST   /api/v1/contacts/{id}/notes                 conversation.reply person
GET    /api/v1/contacts/{id}/tickets               conversation.read
GET    /api/v1/contacts/{id}/timeline              conversation.read
GET    /api/v1/conversations                       conversation.read
POST   /api/v1/conversations/bulk                  ticket.assign_others
GET    /api/v1/conversations/counts                conversation.read
GET    /api/v1/conversations/{id}                  conversation.read
PUT    /api/v1/conversations/{id}/draft            conversation.reply person
GET    /api/v1/conversations/{id}/drafts           conversation.read person
GET    /api/v1/conversations/{id}/messages         conversation.read
POST   /api/v1/conversations/{id}/opt-in           conversation.reply person
POST   /api/v1/conversations/{id}/opt-out          conversation.reply
POST   /api/v1/conversations/{id}/opt-out/dismiss  conversation.reply
POST   /api/v1/conversations/{id}/macros/{macro_id} conversation.reply
POST   /api/v1/conversations/{id}/macros/{macro_id}/preview conversation.reply
POST   /api/v1/conversations/{id}/messages         conversation.reply
GET    /api/v1/messages/{id}                       conversation.read
POST   /api/v1/messages/{id}/link-preview          conversation.read
POST   /api/v1/conversations/{id}/preview          conversation.reply
PUT    /api/v1/conversations/{id}/read             conversation.read person
GET    /api/v1/conversations/{id}/opening          conversation.read
DELETE /api/v1/conversations/{id}/reminder         conversation.read person
PUT    /api/v1/conversations/{id}/reminder         conversation.read person
GET    /api/v1/reminders                           conversation.read person
GET    /api/v1/conversations/{id}/search           conversation.read
GET    /api/v1/conversations/{id}/scheduled-messages conversation.read
POST   /api/v1/conversations/{id}/scheduled-messages conversation.reply
DELETE /api/v1/scheduled-messages/{id}             conversation.reply
PUT    /api/v1/scheduled-messages/{id}             conversation.reply
POST   /api/v1/scheduled-messages/{id}/send        conversation.reply
POST   /api/v1/contacts/{id}/conversations         conversation.reply
DELETE /api/v1/demo                                workspace.manage
GET    /api/v1/demo                                member
POST   /api/v1/demo                                workspace.manage
GET    /api/v1/exports                             report.export person
POST   /api/v1/exports                             report.export person
POST   /api/v1/exports/{id}/cancel                 report.export person
GET    /api/v1/exports/{id}/file                   report.export person
GET    /api/v1/fields                              member
POST   /api/v1/fields                              workspace.manage
PUT    /api/v1/fields/order                        workspace.manage
DELETE /api/v1/fields/{id}                         workspace.manage
PATCH  /api/v1/fields/{id}                         workspace.manage
POST   /api/v1/fields/{id}/restore                 workspace.manage
DELETE /api/v1/fields/{id}/values                  workspace.manage
GET    /api/v1/files/{id}                          conversation.read
GET    /api/v1/files/{id}/thumb                    conversation.read
POST   /api/v1/identities/{id}/block               identity.block
POST   /api/v1/identities/{id}/unblock             identity.block
GET    /api/v1/invitations/{token}                 public
POST   /api/v1/invitations/{token}                 public
GET    /api/v1/invites                             member.manage
POST   /api/v1/invites                             member.manage
DELETE /api/v1/invites/{id}                        member.manage
GET    /api/v1/macros                              conversation.reply
POST   /api/v1/macros                              conversation.reply
DELETE /api/v1/macros/{id}                         conversation.reply
PUT    /api/v1/macros/{id}                         conversation.reply
GET    /api/v1/mail                                workspace.manage
POST   /api/v1/mail/test                           workspace.manage person
GET    /api/v1/members                             member
GET    /api/v1/notification-settings               member person
PUT    /api/v1/notification-settings               member person
GET    /api/v1/notifications                       member person
POST   /api/v1/push-devices                        member person
DELETE /api/v1/push-devices/{id}                   member person
POST   /api/v1/push-devices/{id}/test              member person
GET    /api/v1/offers                              ticket.take person
POST   /api/v1/offers/{id}/accept                  ticket.take person
POST   /api/v1/offers/{id}/decline                 ticket.take person
POST   /api/v1/members/me/avatar                   member person
PATCH  /api/v1/members/{user_id}                   member
GET    /api/v1/members/{user_id}/avatar            member
PUT    /api/v1/members/{user_id}/availability      conversation.monitor
DELETE /api/v1/members/{user_id}/sessions          member.manage
GET    /api/v1/members/{user_id}/sessions          member.manage
DELETE /api/v1/members/{user_id}/sessions/{id}     member.manage
DELETE /api/v1/messages/{id}                       message.delete
PUT    /api/v1/messages/{id}/reaction              conversation.reply
POST   /api/v1/messages/{id}/arrived               conversation.reply
POST   /api/v1/messages/{id}/fetch                 conversation.reply
POST   /api/v1/messages/{id}/retry                 conversation.reply
PUT    /api/v1/preferences                         member person
GET    /api/v1/roles                               member
PUT    /api/v1/roles                               member.manage
POST   /api/v1/roles                               member.manage
PUT    /api/v1/roles/{id}                          member.manage
DELETE /api/v1/roles/{id}                          member.manage
GET    /api/v1/routing-rules                       automation.manage
PUT    /api/v1/routing-rules                       automation.manage
POST   /api/v1/routing-rules/trial                 automation.manage
GET    /api/v1/schedules                           member
POST   /api/v1/schedules                           automation.manage
DELETE /api/v1/schedules/{id}                      automation.manage
PUT    /api/v1/schedules/{id}                      automation.manage
GET    /api/v1/schedules/{id}/users                automation.manage
GET    /api/v1/sla-policies                        member
POST   /api/v1/sla-policies                        automation.manage
PUT    /api/v1/sla-policies/order                  automation.manage
DELETE /api/v1/sla-policies/{id}                   automation.manage
PUT    /api/v1/sla-policies/{id}                   automation.manage
GET    /api/v1/sla-example                         automation.manage
GET    /api/v1/wait-alerts                         automation.manage
PUT    /api/v1/wait-alerts                         automation.manage
GET    /api/v1/search                              conversation.read
GET    /api/v1/search                              conversation.read
DELETE /api/v1/session                             member person
GET    /api/v1/session                             member person
PATCH  /api/v1/session                             member person
POST   /api/v1/session                             public
POST   /api/v1/session/password                    member person
PUT    /api/v1/session/workspace                   member person
DELETE /api/v1/sessions                            member person
GET    /api/v1/sessions                            member person
DELETE /api/v1/sessions/{id}                       member person
GET    /api/v1/setup                               public
POST   /api/v1/setup                               public
GET    /api/v1/tags                                member
POST   /api/v1/tags                                conversation.reply
DELETE /api/v1/tags/{id}                           workspace.manage
PATCH  /api/v1/tags/{id}                           workspace.manage
GET    /api/v1/teams                               member
POST   /api/v1/teams                               member.manage
DELETE /api/v1/teams/{id}                          member.manage
PATCH  /api/v1/teams/{id}                          member.manage
DELETE /api/v1/tickets/{id}                        message.delete
GET    /api/v1/tickets/{id}                        conversation.read
PATCH  /api/v1/tickets/{id}                        ticket.take
POST   /api/v1/tickets/{id}/assign                 ticket.take
PATCH  /api/v1/tickets/{id}/fields                 conversation.reply
POST   /api/v1/tickets/{id}/merge                  ticket.take
POST   /api/v1/tickets/{id}/join                   conversation.monitor
POST   /api/v1/tickets/{id}/leave                  conversation.monitor
POST   /api/v1/tickets/{id}/open                   conversation.reply
POST   /api/v1/tickets/{id}/pending                conversation.reply
POST   /api/v1/tickets/{id}/reopen                 conversation.reply
POST   /api/v1/tickets/{id}/resolve                conversation.reply
POST   /api/v1/tickets/{id}/snooze                 conversation.reply
POST   /api/v1/tickets/{id}/split                  ticket.take
POST   /api/v1/tickets/{id}/take                   ticket.take
POST   /api/v1/tickets/{id}/take-over              conversation.monitor
POST   /api/v1/tickets/{id}/transfer               ticket.take
POST   /api/v1/tickets/{id}/wake                   conversation.reply
GET    /api/v1/action-secret                       secret.manage
GET    /api/v1/triggers                            automation.manage
POST   /api/v1/triggers                            automation.manage
POST   /api/v1/triggers/standing                   automation.manage
POST   /api/v1/triggers/trial                      automation.manage
PUT    /api/v1/triggers/order                      automation.manage
DELETE /api/v1/triggers/{id}                       automation.manage
PUT    /api/v1/triggers/{id}                       automation.manage
GET    /api/v1/triggers/{id}/runs                  automation.manage
POST   /api/v1/uploads                             conversation.reply
GET    /api/v1/waits                               conversation.monitor
GET    /api/v1/workspace                           member
PATCH  /api/v1/workspace                           workspace.manage
`

// doors are the addresses beside the REST API, as the source registers them, and who may enter: everybody, a visitor (the
// widget's bearer token), whoever has a signed link, whoever may read conversations, the operator (see api.metricsPage),
// or nobody (there is nothing).
const doors = `
GET  /api/docs                        everybody
GET  /api/docs.css                    everybody
GET  /api/openapi.json                everybody
GET  /api/v1/live                     conversation.read
     /api/                            nobody
GET  /healthz                         everybody
GET  /readyz                          everybody
GET  /metrics                         operator
GET  /f/{token}                       link
GET  /try                             everybody
     /                                everybody
     /hooks/                          nobody
     /sim/                            everybody
GET  /hooks/{kind}/{hook}             nobody
POST /hooks/{kind}/{hook}             nobody
     /widget/                         everybody
POST /widget/v1/boot                  everybody
GET  /widget/v1/state                 visitor
GET  /widget/v1/messages              visitor
POST /widget/v1/messages              visitor
POST /widget/v1/uploads               visitor
POST /widget/v1/contact               visitor
PUT  /widget/v1/read                  visitor
POST /widget/v1/typing                visitor
POST /widget/v1/track                 visitor
POST /widget/v1/page                  visitor
POST /widget/v1/identify              visitor
POST /widget/v1/logout                visitor
GET  /widget/v1/files/{id}            link
GET  /widget/v1/files/{id}/thumb      link
GET  /widget/v1/avatars/{id}          link
GET  /widget/v1/logos/{id}            link
GET  /widget/v1/live                  everybody
     /widget/v1/                      nobody
`
