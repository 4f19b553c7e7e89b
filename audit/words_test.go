package audit

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"madoguchi/desk"
)

// TestEveryDeedHasWords reads what the program's text can write to the audit log, and holds Actions and the inbox's words
// against it.
func TestEveryDeedHasWords(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, action := range Actions() {
		known[string(action)] = true
	}
	written := writtenActions(t)
	for action, where := range written {
		if !known[action] {
			t.Errorf("%s writes %s, which Actions does not list", where, action)
		}
	}
	for action := range known {
		if written[action] == "" {
			t.Errorf("nothing writes %s", action)
		}
	}
	if objects := writtenObjects(t); !slices.Equal(objects, Objects()) {
		t.Errorf("Objects lists %v, written are %v", Objects(), objects)
	}
	fields := writtenFields(t)
	for _, language := range []string{"en", "ja"} {
		said := words(t, language)
		for action := range known {
			if said["audit.action."+action] == "" {
				t.Errorf("%s: no words for the action %s", language, action)
			}
		}
		for _, kind := range Objects() {
			if said["audit.object."+kind] == "" {
				t.Errorf("%s: no words for a %s", language, kind)
			}
		}
		for field, where := range fields {
			if said["audit.field."+field] == "" {
				t.Errorf("%s: no words for the field %s of %s", language, field, where)
			}
		}
	}
}

// words are the inbox's texts about the audit log.
func words(t *testing.T, language string) (said map[string]string) {
	t.Helper()
	text, err := os.ReadFile("../web/inbox/src/locale/audit." + language + ".json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &said); err != nil {
		t.Fatal(err)
	}
	return said
}

var (
	explicit = regexp.MustCompile(`(?:Action:\s*|sessionDeed\(|\bnote\()"([a-z_]+\.[a-z_]+)"`)
	recorded = regexp.MustCompile(`\bt\.(put|putAs|deleted)\((?:desk\.AuditObject\{Kind: "([a-z_]+)"|w\.object\()`)
	renamed  = regexp.MustCompile(`happened = "([a-z_]+)"`)
	kinds    = regexp.MustCompile(`AuditObject\{Kind: "([a-z_]+)"`)
	about    = regexp.MustCompile(`udit|sessionDeed|EventExportRequested|EventIdentityBlocked`)
	noted    = regexp.MustCompile(`Field: "([a-z_]+)"`)
)

// sources calls look with each Go file of the program that has to do with deeds, tests left out.
func sources(t *testing.T, look func(path, text string)) {
	t.Helper()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (slices.Contains([]string{"web", "bin", "testserver", "testtools"}, d.Name()) || len(d.Name()) > 2 && d.Name()[0] == '.') {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err == nil && about.Match(text) {
			look(path, string(text))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// writtenActions are the actions that the program's text can write, with a file that does.
func writtenActions(t *testing.T) map[string]string {
	t.Helper()
	written := map[string]string{}
	for kind := range told {
		written[string(kind)] = "deeds.go"
	}
	sources(t, func(path, text string) {
		for _, m := range explicit.FindAllStringSubmatch(text, -1) {
			written[m[1]] = path
		}
		if filepath.Dir(path) != "../audit" {
			return
		}
		for _, writer := range strings.Split(text, "\nfunc ") {
			for _, m := range recorded.FindAllStringSubmatch(writer, -1) {
				object := m[2]
				if object == "" {
					object = "member"
				}
				if m[1] == "deleted" {
					written[object+".deleted"] = path
					continue
				}
				written[object+".created"], written[object+".changed"] = path, path
				for _, r := range renamed.FindAllStringSubmatch(writer, -1) {
					written[object+"."+r[1]] = path
				}
			}
		}
	})
	if len(written) < 40 {
		t.Fatalf("only %d actions were read: %v", len(written), written)
	}
	return written
}

// writtenObjects are the kinds that the program's text writes, sorted.
func writtenObjects(t *testing.T) []string {
	t.Helper()
	all := slices.Collect(maps.Values(told))
	sources(t, func(_, text string) {
		for _, m := range kinds.FindAllStringSubmatch(text, -1) {
			all = append(all, m[1])
		}
	})
	slices.Sort(all)
	return slices.Compact(all)
}

// writtenFields are the fields that entries can tell of, with whose they are. "settings." and "grants." go on with names
// that are data; both have words of their own.
func writtenFields(t *testing.T) map[string]string {
	t.Helper()
	fields := map[string]string{}
	for of, all := range map[string][]field{
		"users": userFields(desk.User{}), "API keys": apiKeyFields(desk.APIKey{}), "invitations": inviteFields(desk.Invite{}),
		"members": memberFields(desk.Member{}), "roles": roleFields(desk.CustomRole{}), "teams": teamFields(desk.Team{}), "tags": tagFields(desk.Tag{}), "availabilities": availabilityFields(desk.CustomAvailability{}),
		"schedules": scheduleFields(desk.Schedule{}), "SLA policies": slaPolicyFields(desk.SLAPolicy{}), "wait alerts": waitAlertFields(desk.WaitAlert{}), "channels": channelFields(desk.Channel{Settings: []byte(`{"color":"#fff"}`)}, ""),
		"fields": fieldFields(desk.Field{}), "canned replies": cannedFields(desk.CannedReply{}), "brands": brandFields(desk.Brand{}),
		"macros": macroFields(desk.Macro{}), "triggers": triggerFields(desk.Trigger{}),
		"routing rules": routingRuleFields(desk.RoutingRule{}),
		"workspaces":    workspaceFields(desk.Workspace{RoleGrants: map[desk.Role][]string{desk.RoleAgent: {"contact.merge"}}}),
		"saved views":   savedViewFields(desk.SavedView{}),
	} {
		for _, f := range all {
			name, _, dotted := strings.Cut(f.name, ".")
			if dotted {
				name += "."
			}
			fields[strings.TrimSuffix(name, ".")] = of
		}
	}
	for _, name := range []string{"assignee_id", "team_id", "status", "reason"} {
		fields[name] = "tickets"
	}
	sources(t, func(path, text string) {
		if !about.MatchString(text) || strings.Contains(path, "../store/") {
			return
		}
		for _, m := range noted.FindAllStringSubmatch(text, -1) {
			fields[m[1]] = path
		}
	})
	return fields
}
