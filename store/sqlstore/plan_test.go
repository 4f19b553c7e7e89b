package sqlstore

import (
	"path/filepath"
	"strings"
	"testing"

	"modernc.org/sqlite"
)

// No statement reads a table, or a workspace's share of one, from end to end, or sorts, but for tables that stay small.
func TestStatementsWalkIndexes(t *testing.T) {
	t.Parallel()
	config := Config{Path: filepath.Join(t.TempDir(), "madoguchi.db")}
	if err := Migrate(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	c, err := openSQLite(&sqlite.Driver{}, config.Path, nil, sqliteDialect().statement)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	for _, s := range statements(t, "sql") {
		var plan []string
		err := c.query("EXPLAIN QUERY PLAN "+s.text, make([]any, strings.Count(s.text, "$")), func(r row) error {
			if step := r.(sqliteRow)[3].(string); wasteful(step) {
				plan = append(plan, step)
			}
			return nil
		})
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		if len(plan) > 0 && !small[s.name] {
			t.Errorf("%s: %s", s.name, strings.Join(plan, "; "))
		}
		if len(plan) == 0 && small[s.name] {
			t.Errorf("%s walks an index: take it out of the exceptions", s.name)
		}
	}
}

// wasteful reports a step that grows with a table. Subqueries that a LIMIT bounds are scanned by their alias.
func wasteful(step string) bool {
	for _, bounded := range []string{"SCAN c", "SCAN p", "SCAN unread", "SCAN news", "SCAN s", "SCAN CONSTANT ROW"} {
		if step == bounded {
			return false
		}
	}
	return strings.HasPrefix(step, "SCAN ") || strings.Contains(step, "TEMP B-TREE") || strings.HasSuffix(step, "PRIMARY KEY (workspace_id=?)")
}

// small are the statements whose rows are few: what a workspace configures, its people, one person's or contact's own.
var small = map[string]bool{
	"sqlUserAny": true, "sqlWorkspaceList": true, "sqlSlotList": true, "sqlMigrationList": true, "sqlBrandList": true, "sqlTeamList": true, "sqlTeamMemberAll": true,
	"sqlScheduleList": true, "sqlSLAPolicyList": true, "sqlScheduleUsed": true, "sqlSchedulePromised": true, "sqlChannelList": true, "sqlChannelDeleted": true, "sqlChannelServed": true, "sqlMemberList": true, "sqlMemberAgents": true, "sqlPresenceList": true, "sqlInviteList": true,
	"sqlAPIKeyList": true, "sqlSessionList": true, "sqlMembershipList": true, "sqlConversationOfContact": true, "sqlVisitorByContact": true,
	"sqlSchemaVersion": true, "sqlAttachmentsOf": true, "sqlDemoList": true, "sqlDemoForget": true, "sqlFieldList": true, "sqlCannedList": true, "sqlSavedViewList": true, "sqlSavedViewLeave": true, "sqlRoutingRuleList": true, "sqlWorkspaceNextRouted": true,
	"sqlMacroList": true, "sqlTriggerList": true, "sqlCatchUpNext": true, "sqlRunsOfTicket": true,
	"sqlUnassignedRead": true, "sqlUnassignedNews": true, "sqlUnreadMine": true, // of the newest thousand
	"sqlMentionsOf":   true,                          // notes are written by hand
	"sqlAuditIntents": true, "sqlAuditWaiting": true, // deeds are linked within moments
	"sqlTurnList": true, "sqlOfferList": true, "sqlCustomList": true, "sqlCustomLeave": true, "sqlRoleList": true, "sqlTeamMembers": true,
	"sqlEraseMemberReadings": true, // a member goes rarely
	"sqlDeviceList":          true, // people's browsers
	"sqlContactCount":        true, // once per export
	"sqlExportClaim":         true, // the few that wait
	"sqlAttachmentKeys":      true, // of its three sources only the members are sorted
}
