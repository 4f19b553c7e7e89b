// Package deploy_test holds what operators copy against the program: every flag, variable and figure that it names is there.
package deploy_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v3"

	"madoguchi/app"
)

// program builds the real one, once.
var program = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "madoguchi-deploy-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "madoguchi")
	out, err := exec.Command("go", "build", "-tags", "dev", "-o", path, "madoguchi/cmd/madoguchi").CombinedOutput()
	if err != nil {
		return "", &os.PathError{Op: "build", Path: string(out), Err: err}
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := program(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// help is what a command says of itself.
func help(t *testing.T, command ...string) string {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	out, _ := exec.CommandContext(t.Context(), path, append(command, "-h")...).CombinedOutput() // ends with 2
	return string(out)
}

var commands = [][]string{
	{"serve"}, {"setup"}, {"migrate"}, {"seed"}, {"backup"}, {"backup", "verify"}, {"restore"}, {"move"}, {"user", "create"}, {"user", "reset-password"}, {"apikey", "create"},
	{"replay"}, {"doctor"}, {"keys", "list"}, {"keys", "add"}, {"keys", "rotate"}, {"keys", "remove"},
}

// flagsOf lists the flags of a command.
func flagsOf(t *testing.T, command ...string) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	for _, found := range regexp.MustCompile(`(?m)^\s+-+([a-z0-9-]+)\b`).FindAllStringSubmatch(help(t, command...), -1) {
		all[found[1]] = true
	}
	return all
}

func text(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.FromSlash(name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// documents are what is held against the program.
func documents(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && !strings.HasSuffix(name, ".go") {
			all["deploy/"+name] = text(t, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"docs/runbook.md", "SECURITY.md", "README.md", "README.ja.md"} {
		all[name] = text(t, "../"+name)
	}
	return all
}

// othersFlags belong to other programs that the documents call.
var othersFlags = []string{"system", "home-dir", "shell", "now", "tags", "always", "build-arg", "rm", "chown", "from", "auth", "no-audit", "no-fund", "locale-provider", "builtin-locale", "data-checksums"}

func TestEveryFlagIsThere(t *testing.T) {
	t.Parallel()
	every := map[string]bool{}
	for _, command := range commands {
		found := flagsOf(t, command...)
		if len(found) == 0 {
			t.Errorf("madoguchi %s -h names no flag", strings.Join(command, " "))
		}
		for name := range found {
			every[name] = true
		}
	}
	serving := flagsOf(t, "serve")
	inProse, asVariable := regexp.MustCompile(`(?:^|[\s("\[`+"`"+`])--([a-z][a-z0-9-]+)`), regexp.MustCompile(`MADOGUCHI_([A-Z0-9_]+)`)
	named := 0
	for name, content := range documents(t) {
		for _, found := range inProse.FindAllStringSubmatch(content, -1) {
			named++
			if !every[found[1]] && !slices.Contains(othersFlags, found[1]) {
				t.Errorf("%s names --%s, which no command has", name, found[1])
			}
		}
		for _, found := range asVariable.FindAllStringSubmatch(content, -1) {
			if flag := strings.ToLower(strings.ReplaceAll(found[1], "_", "-")); flag != "flag-name" && !serving[flag] {
				t.Errorf("%s names MADOGUCHI_%s, and serve has no --%s", name, found[1], flag)
			}
		}
	}
	if named < 30 {
		t.Errorf("only %d flags are named: the search is broken", named)
	}
	for line := range strings.Lines(text(t, "config.example")) {
		line = strings.TrimPrefix(strings.TrimSpace(line), "# ")
		if flag, _, ok := strings.Cut(line, " "); ok && regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`).MatchString(flag) && strings.Contains("listen public-url trusted-proxies log-format database-url metrics-token trace-endpoint", flag) && !serving[flag] {
			t.Errorf("config.example names %s", flag)
		}
	}
}

func TestTheExampleConfigStarts(t *testing.T) {
	t.Parallel()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(config, []byte(strings.Replace(text(t, "config.example"), ":8080", ":0", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	cmd := exec.CommandContext(ctx, path, "serve", "--config", config, "--data", t.TempDir())
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said := make([]byte, 512)
	n, _ := out.Read(said)
	if !bytes.Contains(said[:n], []byte("open at http://127.0.0.1:")) {
		t.Errorf("it says %q", said[:n])
	}
	stop()
	_ = cmd.Wait()
}

// figures are what /metrics shows after a little work.
func figures(t *testing.T) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	certFile, keyFile := certificate(t)
	err := app.Serve(ctx, app.Config{Data: t.TempDir(), Listen: "127.0.0.1:0", LogTo: io.Discard, TLSCert: certFile, TLSKey: keyFile}, func(address string) {
		go func() {
			defer stop()
			for range 2 { // the first scrape is in the second's figures
				r, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/metrics", nil)
				if err != nil {
					t.Error(err)
					return
				}
				answer, err := insecure.Do(r)
				if err != nil {
					t.Error(err)
					return
				}
				body, _ := io.ReadAll(answer.Body)
				_ = answer.Body.Close()
				for _, found := range regexp.MustCompile(`(?m)^([a-z_]+)(?:\{|\s)`).FindAllStringSubmatch(string(body), -1) {
					all[found[1]] = true
				}
			}
		}()
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestEveryFigureIsThere: alerts, dashboard and runbook ask for figures that the program shows, and each alert is explained.
func TestEveryFigureIsThere(t *testing.T) {
	t.Parallel()
	shown := figures(t)
	if len(shown) < 30 {
		t.Fatalf("/metrics shows %d figures: %v", len(shown), shown)
	}
	names := regexp.MustCompile(`\b((?:madoguchi|process|go)_[a-z_]+[a-z])\b`)
	check := func(where, expr string) {
		for _, found := range names.FindAllString(expr, -1) {
			if !shown[found] && found != "madoguchi_http_requests" {
				t.Errorf("%s asks for %s, which nothing shows", where, found)
			}
		}
	}
	var rules struct {
		Groups []struct {
			Rules []struct {
				Alert, Expr         string
				Annotations, Labels map[string]string
			}
		}
	}
	if err := yaml.Unmarshal([]byte(text(t, "alerts.yaml")), &rules); err != nil {
		t.Fatal(err)
	}
	runbook := text(t, "../docs/runbook.md")
	for _, r := range rules.Groups[0].Rules {
		check(r.Alert, r.Expr)
		if !strings.Contains(runbook, "### "+r.Alert+"\n") || r.Annotations["runbook"] != "docs/runbook.md#"+strings.ToLower(r.Alert) {
			t.Errorf("%s is not explained in the runbook", r.Alert)
		}
		if r.Labels["severity"] == "" || r.Annotations["summary"] == "" {
			t.Errorf("%s has no severity or summary", r.Alert)
		}
	}
	if len(rules.Groups[0].Rules) < 8 {
		t.Errorf("%d alerts", len(rules.Groups[0].Rules))
	}
	var dashboard struct {
		Panels []struct {
			Title   string
			Type    string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal([]byte(text(t, "grafana/dashboard.json")), &dashboard); err != nil {
		t.Fatal(err)
	}
	for _, p := range dashboard.Panels {
		if p.Type != "row" && len(p.Targets) == 0 {
			t.Errorf("the panel %q asks for nothing", p.Title)
		}
		for _, target := range p.Targets {
			check("the panel "+p.Title, target.Expr)
		}
	}
	for _, found := range regexp.MustCompile("`((?:madoguchi|process|go)_[a-z_]+[a-z])`").FindAllStringSubmatch(runbook, -1) {
		if !shown[found[1]] && !shown[found[1]+"_bucket"] {
			t.Errorf("the runbook explains %s, which nothing shows", found[1])
		}
	}
}

func TestComposeHoldsTogether(t *testing.T) {
	t.Parallel()
	var compose struct {
		Services map[string]struct {
			Image       string
			Environment map[string]string
			Volumes     []string
			Networks    []string
			DependsOn   map[string]any `yaml:"depends_on"`
			ReadOnly    bool           `yaml:"read_only"`
			CapDrop     []string       `yaml:"cap_drop"`
			Ports       []string
		}
		Networks map[string]struct {
			Ipam struct{ Config []struct{ Subnet string } }
		}
		Volumes map[string]any
	}
	for _, file := range []string{"compose.yaml", "compose.nodes.yaml"} { // the second is laid over the first
		if err := yaml.Unmarshal([]byte(text(t, file)), &compose); err != nil {
			t.Fatal(err)
		}
		if file == "compose.yaml" {
			desk := compose.Services["desk"]
			if !desk.ReadOnly || !slices.Contains(desk.CapDrop, "ALL") || len(desk.Ports) != 0 {
				t.Errorf("the desk's container: %+v", desk)
			}
		}
	}
	desk := compose.Services["desk2"]
	if !desk.ReadOnly || !slices.Contains(desk.CapDrop, "ALL") || len(desk.Ports) != 0 {
		t.Errorf("the second desk's container: %+v", desk)
	}
	if subnet := compose.Networks["front"].Ipam.Config[0].Subnet; desk.Environment["MADOGUCHI_TRUSTED_PROXIES"] != subnet {
		t.Errorf("the desk trusts %s, Caddy is in %s", desk.Environment["MADOGUCHI_TRUSTED_PROXIES"], subnet)
	}
	for name, s := range compose.Services {
		for _, v := range s.Volumes {
			from, _, _ := strings.Cut(v, ":")
			if _, named := compose.Volumes[from]; !named && !strings.HasPrefix(from, "./") {
				t.Errorf("%s: no volume %s", name, from)
			}
			if file, ok := strings.CutPrefix(from, "./"); ok {
				text(t, file)
			}
		}
		for _, n := range s.Networks {
			if _, named := compose.Networks[n]; !named {
				t.Errorf("%s: no network %s", name, n)
			}
		}
		for other := range s.DependsOn {
			if _, named := compose.Services[other]; !named {
				t.Errorf("%s depends on %s", name, other)
			}
		}
	}
}

func TestTheContainerRunsAsNobody(t *testing.T) {
	t.Parallel()
	file := text(t, "Containerfile")
	last := file[strings.LastIndex(file, "\nFROM "):]
	for _, want := range []string{"FROM scratch", "USER 65532:65532", `ENTRYPOINT ["/madoguchi"]`, "/etc/ssl/certs/", "STOPSIGNAL SIGTERM"} {
		if !strings.Contains(last, want) {
			t.Errorf("the last stage lacks %s", want)
		}
	}
	for _, found := range regexp.MustCompile(`(?m)^COPY (?:--\S+ )*([a-z][^\s:]*)/? `).FindAllStringSubmatch(file, -1) {
		if _, err := os.Stat("../" + found[1]); err != nil {
			t.Errorf("it copies %s: %v", found[1], err)
		}
	}
}

// TestTheUnitIsHardened, and systemd itself reads it where it is installed.
func TestTheUnitIsHardened(t *testing.T) {
	t.Parallel()
	unit := text(t, "madoguchi.service")
	for _, want := range []string{
		"User=madoguchi", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=\n", "MemoryDenyWriteExecute=yes", "SystemCallFilter=@system-service", "UMask=0077", "StateDirectoryMode=0700",
		"PrivateDevices=yes", "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX", "Restart=on-failure",
	} {
		if !strings.Contains(unit, want) {
			t.Errorf("the unit lacks %s", want)
		}
	}
	for line := range strings.Lines(unit) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' && line[0] != '[' && !strings.Contains(line, "=") {
			t.Errorf("what is %q?", line)
		}
	}
	systemd, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Log("systemd is not here: its own reading of the unit was left out")
		return
	}
	copied := filepath.Join(t.TempDir(), "madoguchi.service")
	unit = regexp.MustCompile(`(?m)^(ExecStart=).*$`).ReplaceAllString(unit, "${1}/bin/true")
	unit = regexp.MustCompile(`(?m)^(User|Group)=.*\n`).ReplaceAllString(unit, "")
	if err := os.WriteFile(copied, []byte(unit), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), systemd, "verify", copied).CombinedOutput(); err != nil || bytes.Contains(out, []byte("madoguchi.service:")) {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
}

// TestProxiesSayWhoCalls: the examples set every header that the desk believes, and let sockets through.
func TestProxiesSayWhoCalls(t *testing.T) {
	t.Parallel()
	nginx := text(t, "nginx.conf")
	for _, want := range []string{
		"proxy_set_header X-Forwarded-For $remote_addr;", "proxy_set_header X-Forwarded-Proto $scheme;", "proxy_set_header X-Forwarded-Host $host;", "proxy_set_header X-Request-Id $request_id;",
		"proxy_set_header Host $host;", "proxy_set_header Upgrade $http_upgrade;", "proxy_http_version 1.1;", "ssl_protocols TLSv1.2 TLSv1.3;",
	} {
		if !strings.Contains(nginx, want) {
			t.Errorf("nginx.conf lacks %s", want)
		}
	}
	if strings.Count(nginx, "{") != strings.Count(nginx, "}") || strings.Contains(nginx, "$proxy_add_x_forwarded_for") {
		t.Error("nginx.conf: braces, or it passes on what browsers claim")
	}
	caddy := text(t, "Caddyfile")
	if strings.Count(caddy, "{") != strings.Count(caddy, "}") || !strings.Contains(caddy, "reverse_proxy {$DESK_UPSTREAM") {
		t.Error("Caddyfile")
	}
	for name, content := range map[string]string{"nginx.conf": nginx, "Caddyfile": caddy} {
		if !strings.Contains(content, "/metrics") || !strings.Contains(strings.ToLower(content), "26m") {
			t.Errorf("%s: /metrics is open, or uploads of 25 MB do not fit", name)
		}
	}
}

// TestLinksLeadSomewhere in what operators read.
func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	for name, content := range documents(t) {
		if !strings.HasSuffix(name, ".md") {
			continue
		}
		for _, found := range regexp.MustCompile(`\]\(([^)#\s]+)(#[^)]*)?\)`).FindAllStringSubmatch(content, -1) {
			if strings.Contains(found[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join("..", filepath.Dir(filepath.FromSlash(name)), filepath.FromSlash(found[1]))); err != nil {
				t.Errorf("%s links to %s, which is not there", name, found[1])
			}
		}
		for _, found := range regexp.MustCompile(`\]\(#([^)]+)\)`).FindAllStringSubmatch(content, -1) {
			heading := regexp.MustCompile(`(?mi)^#+ ` + strings.ReplaceAll(regexp.QuoteMeta(found[1]), "-", "[ -]") + `$`)
			if !heading.MatchString(content) {
				t.Errorf("%s has no heading for #%s", name, found[1])
			}
		}
	}
}
