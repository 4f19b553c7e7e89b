package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"madoguchi/app"
)

// broken are wrong settings and what the one sentence about each must contain: which setting, what is wrong, what to write.
var broken = map[string]struct {
	args []string
	says []string
}{
	"a number":                     {[]string{"serve", "--max-upload-bytes", "lots"}, []string{"--max-upload-bytes: ", `"lots"`, "whole number"}},
	"a negative number":            {[]string{"serve", "--max-upload-bytes", "-5"}, []string{"--max-upload-bytes: ", "-5", "26214400"}},
	"a time":                       {[]string{"serve", "--shutdown-grace", "soon"}, []string{"--shutdown-grace: ", `"soon"`, "10s"}},
	"a yes or no":                  {[]string{"serve", "--allow-plain-http=perhaps"}, []string{"--allow-plain-http: ", `"perhaps"`, "true or false"}},
	"a choice":                     {[]string{"serve", "--rate-limits", "maybe"}, []string{"--rate-limits: ", `"maybe"`, "on or off"}},
	"a log level":                  {[]string{"serve", "--log-level", "loud"}, []string{"--log-level: ", `"loud"`, "debug, info, warn or error"}},
	"a log format":                 {[]string{"serve", "--log-format", "xml"}, []string{"--log-format: ", `"xml"`, "text or json"}},
	"no such setting":              {[]string{"serve", "--colour", "red"}, []string{"no setting --colour", "madoguchi serve --help"}},
	"no value":                     {[]string{"serve", "--listen"}, []string{"--listen: ", "missing"}},
	"no such command":              {[]string{"sevre"}, []string{`"sevre"`, "madoguchi --help"}},
	"a stray word":                 {[]string{"serve", "now"}, []string{`"now"`, "madoguchi serve --help"}},
	"an address":                   {[]string{"serve", "--listen", "nonsense"}, []string{"--listen: ", `"nonsense"`, "host:port"}},
	"a port":                       {[]string{"serve", "--listen", "127.0.0.1:99999"}, []string{"--listen: ", "99999", "host:port"}},
	"an address elsewhere":         {[]string{"serve", "--listen", "203.0.113.1:0"}, []string{"--listen: ", "203.0.113.1", "no such address"}},
	"a public address":             {[]string{"serve", "--public-url", "desk.example.com"}, []string{"--public-url: ", "desk.example.com", "http"}},
	"a proxy":                      {[]string{"serve", "--trusted-proxies", "everybody"}, []string{"--trusted-proxies: ", `"everybody"`, "10.0.0.0/8"}},
	"a certificate":                {[]string{"serve", "--tls-cert", "/nonexistent", "--tls-key", "/nonexistent"}, []string{"--tls-cert: ", "/nonexistent"}},
	"half a certificate":           {[]string{"serve", "--tls-cert", "/nonexistent"}, []string{"--tls-cert", "--tls-key"}},
	"another database":             {[]string{"serve", "--database-url", "mysql://root:geheim@db/x"}, []string{"--database-url: ", `"mysql"`, "postgres://"}},
	"a database that is not there": {[]string{"serve", "--database-url", "postgres://me:geheim@127.0.0.1:1/x"}, []string{"--database-url: ", "cannot be used", "refused"}},
	"a config file":                {[]string{"serve", "--config", "/nonexistent"}, []string{"--config: ", "/nonexistent", "cannot be read"}},
	"a backup to nowhere":          {[]string{"backup", "--passphrase-file", "/nonexistent"}, []string{"--passphrase-file: ", "/nonexistent"}},
	"a move of nothing":            {[]string{"move", "--workspace", "mine"}, []string{"--workspace: ", `"mine"`, "all"}},
	"a move from nowhere":          {[]string{"move", "--workspace", "all", "--to", "x"}, []string{"--from: ", "folder"}},
}

func tryRun(t *testing.T, args ...string) string {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute) // should it serve, it ends
	defer stop()
	err := run(ctx, args, strings.NewReader(""), io.Discard, io.Discard)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		t.Fatalf("madoguchi %v: %v", args, err)
	}
	said := app.Explain(err)
	if strings.Contains(said, "\n") || strings.Contains(said, "geheim") {
		t.Errorf("%q is no one sentence, or tells a secret", said)
	}
	return said
}

func TestABrokenSettingIsOneSentence(t *testing.T) {
	t.Parallel()
	for name, b := range broken {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			args := b.args
			if args[0] == "serve" && name != "no value" && name != "a stray word" {
				args = append(args, "--data", t.TempDir())
				if !strings.Contains(strings.Join(args, " "), "--listen") {
					args = append(args, "--listen", "127.0.0.1:0")
				}
			}
			said := tryRun(t, args...)
			for _, word := range b.says {
				if !strings.Contains(said, word) {
					t.Errorf("%q does not say %q", said, word)
				}
			}
		})
	}
}

func TestWhereABrokenSettingStands(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config")
	for line, says := range map[string][]string{
		"max-upload-bytes lots": {"--max-upload-bytes: ", `"lots"`, file},
		"colour red":            {`"colour"`, "no setting", file},
	} {
		if err := os.WriteFile(file, []byte(line+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		said := tryRun(t, "serve", "--config", file)
		for _, word := range says {
			if !strings.Contains(said, word) {
				t.Errorf("%q does not say %q", said, word)
			}
		}
	}
	t.Setenv("MADOGUCHI_MAX_UPLOAD_BYTES", "lots")
	if said := tryRun(t, "serve"); !strings.HasPrefix(said, "--max-upload-bytes: ") || !strings.Contains(said, "MADOGUCHI_MAX_UPLOAD_BYTES") {
		t.Errorf("the variable: %q", said)
	}
}

// The file that `serve` reads is also the one for the commands beside it.
func TestOneFileServesAllCommands(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := filepath.Join(folder, "config")
	if err := os.WriteFile(file, []byte("listen 127.0.0.1:1\npublic-url https://desk.example.com\ndata "+filepath.Join(folder, "data")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(t.Context(), []string{"migrate", "--config", file}, strings.NewReader(""), io.Discard, io.Discard); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(folder, "data", "madoguchi.db")); err != nil {
		t.Errorf("the file's data folder was not used: %v", err)
	}
}

func TestABrokenDataFolderIsOneSentence(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	for name, b := range map[string]struct {
		prepare func(folder string) error
		listen  string
		says    []string
	}{
		"a file": {func(f string) error { return errors.Join(os.Remove(f), os.WriteFile(f, nil, 0o600)) }, "", []string{"--data: ", "another folder"}},
		"no database": {func(f string) error {
			return os.WriteFile(filepath.Join(f, "madoguchi.db"), []byte(strings.Repeat("no database ", 99)), 0o600)
		}, "", []string{"--data: ", "madoguchi.db", "restore a backup"}},
		"no key":        {func(f string) error { return os.WriteFile(filepath.Join(f, "key"), []byte("geheim"), 0o600) }, "", []string{"--data: ", "key file", "copy"}},
		"an open key":   {func(f string) error { return os.WriteFile(filepath.Join(f, "key"), []byte("geheim"), 0o644) }, "", []string{"--data: ", "chmod 600"}},
		"a taken port":  {func(string) error { return nil }, taken.Addr().String(), []string{"--listen: ", taken.Addr().String(), "another program"}},
		"no new folder": {func(f string) error { return errors.Join(os.Remove(f), os.Symlink("/proc/nowhere", f)) }, "", []string{"--data: ", "another folder"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			if err := b.prepare(folder); err != nil {
				t.Fatal(err)
			}
			listen := b.listen
			if listen == "" {
				listen = "127.0.0.1:0"
			}
			said := tryRun(t, "serve", "--data", folder, "--listen", listen)
			for _, word := range b.says {
				if !strings.Contains(said, word) {
					t.Errorf("%q does not say %q", said, word)
				}
			}
		})
	}
}

func TestHelpIsPrintedWhenAsked(t *testing.T) {
	t.Parallel()
	for command, word := range map[string]string{"": "serve", "serve": "--listen", "backup": "verify", "backup verify": "--from", "user": "create", "version": "version"} {
		for _, asked := range [][]string{append(strings.Fields(command), "--help"), append([]string{"help"}, strings.Fields(command)...)} {
			var printed strings.Builder
			err := run(t.Context(), asked, strings.NewReader(""), io.Discard, &printed)
			if !errors.Is(err, flag.ErrHelp) || !strings.Contains(printed.String(), strings.TrimLeft(word, "-")) {
				t.Errorf("madoguchi %v: %v, %q", asked, err, printed.String())
			}
		}
	}
}
