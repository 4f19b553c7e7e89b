package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"strings"
	"time"

	"github.com/peterbourgon/ff/v3"
	"github.com/peterbourgon/ff/v3/ffcli"

	"madoguchi/desk"
)

// settings makes of whatever is wrong with a flag, a variable or a line of the config file one sentence: which setting, what is
// wrong with it, what to write.
type settings struct {
	command string          // as it is typed, of the command that was read last
	config  string          // the config file of that command
	usage   string          // asked for
	refused error           // the first value that was
	known   map[string]bool // the names of all commands' settings
}

// lines reads a config file. One file serves all commands, so a line may be another command's, but it must be somebody's.
func (s *settings) lines(r io.Reader, set func(name, value string) error) error {
	return ff.PlainParser(r, func(name, value string) error {
		if !s.known[name] {
			return desk.Errorf(desk.KindInvalid, "setting_unknown", "the file %s names %q, which is no setting: a line is \"flag-name value\"", s.config, name)
		}
		return set(name, value)
	})
}

// read prepares a command and those below it: they tell us instead of printing.
func (s *settings) read(c *ffcli.Command, above string) {
	name := strings.TrimSpace(above + " " + c.Name)
	if c.FlagSet == nil {
		c.FlagSet = flag.NewFlagSet(name, flag.ContinueOnError)
	}
	c.FlagSet.SetOutput(io.Discard)
	usage := c.UsageFunc
	if usage == nil {
		usage = ffcli.DefaultUsageFunc
	}
	c.UsageFunc = func(c *ffcli.Command) string {
		s.command, s.usage = name, usage(c)
		return s.usage
	}
	if s.known == nil {
		s.known = map[string]bool{}
	}
	c.FlagSet.VisitAll(func(f *flag.Flag) {
		f.Value = &setting{Value: f.Value, name: f.Name, of: s}
		s.known[f.Name] = true
	})
	c.Options = append(c.Options, ff.WithConfigFileParser(s.lines), ff.WithIgnoreUndefined(true))
	exec := c.Exec
	c.Exec = func(ctx context.Context, args []string) error {
		if len(args) > 0 {
			return desk.Errorf(desk.KindInvalid, "command_unknown", "%q is no command and no setting of %s: see %s --help", args[0], name, name)
		}
		return exec(ctx, args)
	}
	for _, below := range c.Subcommands {
		s.read(below, name)
	}
}

// setting is a flag's value that remembers why it was refused: package flag only keeps the text.
type setting struct {
	flag.Value
	name string
	of   *settings
}

func (v *setting) IsBoolFlag() bool {
	b, ok := v.Value.(interface{ IsBoolFlag() bool })
	return ok && b.IsBoolFlag()
}

func (v *setting) Set(text string) error {
	if v.name == "config" {
		v.of.config = text
	}
	err := v.Value.Set(text)
	if err == nil {
		return nil
	}
	refused := desk.Invalid(v.name, "setting_invalid", "%q is not %s", text, v.wanted(err))
	if v.of.refused == nil {
		v.of.refused = refused
	}
	return refused
}

// wanted says what to write.
func (v *setting) wanted(err error) string {
	if typed, ok := v.Value.(flag.Getter); ok {
		switch typed.Get().(type) {
		case int, int64, uint, uint64:
			return "a whole number"
		case time.Duration:
			return "a length of time such as 10s or 5m"
		case bool:
			return "true or false"
		}
	}
	return "valid: " + err.Error()
}

var (
	unknownFlag = regexp.MustCompile(`flag provided but not defined: -+(.+)$`)
	valueless   = regexp.MustCompile(`flag needs an argument: -+(.+)$`)
	fromEnv     = regexp.MustCompile(`from environment variable "(\w+)"`)
	fromFile    = regexp.MustCompile(`from config file`)
)

// explain turns what reading the settings ended with into that sentence. Other errors stay as they are.
func (s *settings) explain(err error) error {
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return err
	}
	text := err.Error()
	if s.refused != nil {
		switch variable := fromEnv.FindStringSubmatch(text); {
		case variable != nil:
			return fmt.Errorf("%w (the variable %s says so)", s.refused, variable[1])
		case fromFile.MatchString(text):
			return fmt.Errorf("%w (the file %s says so)", s.refused, s.config)
		}
		return s.refused
	}
	var file *fs.PathError
	switch {
	case unknownFlag.MatchString(text):
		return desk.Errorf(desk.KindInvalid, "setting_unknown", "there is no setting --%s: see %s --help", unknownFlag.FindStringSubmatch(text)[1], s.command)
	case valueless.MatchString(text):
		return desk.Invalid(valueless.FindStringSubmatch(text)[1], "setting_invalid", "a value is missing")
	case errors.As(err, &file) && file.Path == s.config && s.config != "":
		return desk.Invalid("config", "config_unreadable", "the file cannot be read: %w", err)
	}
	return err
}
