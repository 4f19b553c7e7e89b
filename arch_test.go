// Package madoguchi_test guards the layers: who may import whom is a table here, read by everyone who adds a folder.
package madoguchi_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "madoguchi"

// Layers, from the inside out. A room may import the rooms its rule names, nothing else of ours.
var (
	domain      = []string{"desk"}
	contracts   = []string{"desk", "store", "channel", "bus", "blob"}
	foundations = []string{"auth", "seal", "media", "guard", "locale", "view", "attachment", "phone"} // know the domain, no storage
	services    = []string{"inbound", "outbox", "inbox", "live", "visitor", "account", "demo", "archive", "export", "fetch", "search", "audit", "health", "signal", "connect", "profile", "automate", "sla", "notify", "assign", "routing", "mail", "survey", "trigger", "linkpreview"}
)

// rules: folder → what its non-test files may import of ours. A trailing /* stands for every folder directly below.
var rules = map[string][]string{
	".":    {},
	"desk": {},

	"store":   domain,
	"channel": domain,
	"bus":     domain,
	"blob":    domain,

	"auth":          domain,
	"auth/authtest": {"auth"},
	"seal":          domain,
	"media":         domain,
	"guard":         domain,
	"locale":        domain,
	"view":          {"desk", "channel", "store"}, // maps records, and reads those that one shape is made of

	"store/sqlstore":  {"desk", "store"},
	"store/storetest": {"desk", "store", "store/sqlstore"},
	"bus/membus":      {"desk", "bus"},
	"bus/natsbus":     {"desk", "bus"},
	"bus/bustest":     {"desk", "bus"},
	"blob/diskblob":   {"desk", "blob"},
	"blob/s3blob":     {"desk", "blob"},
	"blob/blobtest":   {"desk", "blob"},

	"channel/channeltest":     {"desk", "channel", "sim"},
	"channel/all":             {"channel", "channel/*"},
	"channel/graph":           {"channel"},                          // what Meta's channels share
	"channel/graph/messaging": {"desk", "channel", "channel/graph"}, // and what Messenger and Instagram share beyond it
	"channel/*":               {"desk", "channel", "channel/graph", "channel/graph/messaging", "locale"},

	"api":        join(contracts, foundations, services, []string{"api/*", "web"}),
	"api/widget": join(contracts, foundations, []string{"inbound", "visitor", "live", "channel/webchat", "api/rest", "api/static"}),
	"api/*":      join(contracts, foundations, services, []string{"api/rest", "webpush"}),

	"automate": join(contracts, foundations, []string{"reactor"}),

	"inbound":         join(contracts, foundations, []string{"inbound/journal", "due"}),
	"inbound/journal": domain,

	"reactor":          contracts,         // how reactors follow the log
	"due":              {"desk", "store"}, // how what waits for an instant is done
	"assign":           join(contracts, foundations, []string{"reactor", "due"}),
	"survey":           join(contracts, foundations, []string{"reactor", "automate"}), // it speaks by the door of all that speak by themselves
	"notify":           join(contracts, foundations, []string{"reactor", "due", "webpush"}),
	"mail":             join(contracts, foundations, []string{"reactor", "due", "smtp"}),
	"trigger":          join(contracts, foundations, []string{"reactor", "due", "automate"}), // so does it
	"phone":            domain,
	"webpush":          {}, // knows the RFCs, nothing of us
	"webpush/pushtest": {},
	"smtp":             {}, // neither does it
	"testtools":        {}, // a module of its own
	"attachment":       {"desk", "blob", "media"},
	"trace":            {"desk", "store"},                                         // stands around the store; nobody but app knows of it
	"visitor":          join(contracts, foundations, []string{"channel/webchat"}), // the service of that one channel
	"wait":             join(contracts, foundations, []string{"reactor"}),

	"web": {},
	"app": {"*"},

	"cmd/madoguchi": {"app", "desk"},
	"bench":         {"*"},
	"e2e":           {},
	"sim":           {}, // the other side: knows nothing of us
	"testserver":    {}, // servers that tests and measurements stand beside
	"security":      {}, // its tests drive the whole program
}

func join(lists ...[]string) []string { return slices.Concat(lists...) }

func TestLayers(t *testing.T) {
	t.Parallel()
	for file, imports := range sources(t) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		folder := path.Dir(file)
		allowed, ok := ruleOf(folder)
		if !ok {
			t.Errorf("%s: the folder %q has no rule in arch_test.go; decide which layer it belongs to", file, folder)
			continue
		}
		for _, imported := range imports {
			if !slices.ContainsFunc(allowed, func(pattern string) bool { return matches(pattern, imported) }) {
				t.Errorf("%s imports %s, which the layers forbid (%s may import %v)", file, imported, folder, allowed)
			}
		}
	}
}

// The servers of the tests stay out of the program: their libraries are required by testtools/go.mod alone, and only the
// measurements run them outside a test.
func TestTheProgramCarriesNoServersOfTests(t *testing.T) {
	t.Parallel()
	for file, imports := range sources(t) {
		if !strings.HasSuffix(file, "_test.go") && path.Dir(file) != "bench" && slices.Contains(imports, "testserver") {
			t.Errorf("%s imports testserver", file)
		}
		if !strings.HasSuffix(file, "_test.go") && slices.Contains(imports, "auth/authtest") {
			t.Errorf("%s imports auth/authtest: its passwords are cheap to guess", file)
		}
	}
	ours, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	tools, err := os.ReadFile("testtools/go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for _, server := range []string{"github.com/nats-io/nats-server", "github.com/versity/versitygw", "github.com/emersion/go-smtp"} {
		if strings.Contains(string(ours), server) {
			t.Errorf("go.mod requires %s", server)
		}
		if !strings.Contains(string(tools), server) {
			t.Errorf("testtools/go.mod does not require %s: is this test still looking for the right name?", server)
		}
	}
}

// The page that newcomers read names every room that there is, and none that is gone.
func TestThePageNamesEveryRoom(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for i, part := range strings.Split(string(page), "`") {
		if i%2 == 1 { // between two of them
			named[strings.TrimSuffix(part, "/")] = true
		}
	}
	for folder := range rules {
		if folder != "." && !strings.Contains(folder, "*") && !named[folder] && !named[path.Base(folder)] {
			t.Errorf("ARCHITECTURE.md does not name %s", folder)
		}
	}
	_, table, _ := strings.Cut(string(page), "## The rooms")
	table, _, _ = strings.Cut(table, "\n## ")
	for line := range strings.Lines(table) {
		cells := strings.Split(line, "|")
		if len(cells) < 2 {
			continue
		}
		for i, folder := range strings.Split(cells[1], "`") {
			if i%2 == 0 || strings.Contains(folder, "<") {
				continue
			}
			if info, err := os.Stat(folder); err != nil || !info.IsDir() {
				t.Errorf("ARCHITECTURE.md names %s, which is not there", folder)
			}
		}
	}
}

func ruleOf(folder string) ([]string, bool) {
	if rule, ok := rules[folder]; ok {
		return rule, true
	}
	if slices.Contains(services, folder) {
		return join(contracts, foundations, []string{"reactor", "due"}), true // never each other
	}
	rule, ok := rules[path.Dir(folder)+"/*"]
	return rule, ok
}

func matches(pattern, folder string) bool {
	if pattern == "*" {
		return true
	}
	if parent, ok := strings.CutSuffix(pattern, "/*"); ok {
		return path.Dir(folder) == parent
	}
	return pattern == folder
}

// sources lists every Go file of ours with the folders of ours that it imports. Reading them here, not through a tool,
// lets the test cache notice a change.
func sources(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == "testdata" || name != "." && strings.HasPrefix(entry.Name(), ".")) {
			return fs.SkipDir
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.FromSlash(name), nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		imports := []string{}
		for _, spec := range file.Imports {
			p, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if ours, ok := strings.CutPrefix(p, module+"/"); ok {
				imports = append(imports, ours)
			}
		}
		found[name] = imports
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
