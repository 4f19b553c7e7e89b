package main

import (
	"flag"
	"io"
	"strings"

	"github.com/peterbourgon/ff/v3"

	"madoguchi/app"
	"madoguchi/desk"
)

// flags makes a command's flag set with the flags that every command on the data shares.
func flags(t terminal, name string, c *app.Config) *flag.FlagSet {
	fs := flag.NewFlagSet("madoguchi "+name, flag.ContinueOnError)
	fs.SetOutput(t.err)
	fs.StringVar(&c.Data, "data", "data", "folder of the database, the files and the key")
	fs.StringVar(&c.DatabaseURL, "database-url", "", "postgres://… to use PostgreSQL 15 or newer instead of SQLite in the data folder")
	fs.StringVar(&c.S3Endpoint, "s3-endpoint", "", "https://host[:port] of an S3-compatible service, to keep files in a bucket instead of the data folder")
	fs.StringVar(&c.S3Bucket, "s3-bucket", "", "the bucket; it must be there")
	fs.StringVar(&c.S3Region, "s3-region", "", "its region (default: the service is asked)")
	fs.StringVar(&c.S3AccessKey, "s3-access-key", "", "access key (better: MADOGUCHI_S3_ACCESS_KEY or --config; default: AWS_ACCESS_KEY_ID, or the machine's role)")
	fs.StringVar(&c.S3SecretKey, "s3-secret-key", "", "secret key (better: MADOGUCHI_S3_SECRET_KEY or --config)")
	fs.StringVar(&c.LogFormat, "log-format", "text", "text or json")
	fs.StringVar(&c.LogLevel, "log-level", "info", "debug, info, warn or error")
	fs.String("config", "", "file with a line \"flag-name value\" per flag")
	c.Version = version
	c.LogTo = t.err
	return fs
}

// mailFlags name the mail server.
func mailFlags(fs *flag.FlagSet, c *app.Config) {
	fs.StringVar(&c.SMTPHost, "smtp-host", "", "mail server that takes the desk's e-mails (default: no e-mail is sent)")
	fs.IntVar(&c.SMTPPort, "smtp-port", 0, "its port (default: 587, with --smtp-tls tls 465)")
	fs.StringVar(&c.SMTPUser, "smtp-user", "", "who the desk is there")
	fs.StringVar(&c.SMTPPasswordFile, "smtp-password-file", "", "file with the password")
	fs.StringVar(&c.SMTPFrom, "smtp-from", "", "address that e-mails are from, e.g. \"Example <desk@example.com>\"")
	fs.StringVar(&c.SMTPTLS, "smtp-tls", "starttls", "starttls, tls (from the first byte), or none for a server on this machine")
}

// options let a flag come from the environment or a file as well.
func options() []ff.Option {
	return []ff.Option{ff.WithEnvVarPrefix("MADOGUCHI"), ff.WithConfigFileFlag("config"), ff.WithConfigFileParser(ff.PlainParser)}
}

// list is a flag of comma-separated values.
type list []string

func (l *list) String() string { return strings.Join(*l, ",") }

func (l *list) Set(s string) error {
	*l = nil
	for v := range strings.SplitSeq(s, ",") {
		if v = strings.TrimSpace(v); v != "" {
			*l = append(*l, v)
		}
	}
	return nil
}

// repeated is a flag that may be given several times, or with several values separated by commas.
type repeated []string

func (r *repeated) String() string { return strings.Join(*r, ",") }

func (r *repeated) Set(s string) error {
	var more list
	if err := more.Set(s); err != nil {
		return err
	}
	*r = append(*r, more...)
	return nil
}

// readPassword takes the password from a file or "-" for standard input; "" leaves the given one.
func readPassword(t terminal, given, file string, open func(string) (io.ReadCloser, error)) (string, error) {
	if file == "" {
		return given, nil
	}
	var from io.Reader = t.in
	if file != "-" {
		f, err := open(file)
		if err != nil {
			return "", desk.Invalid("password-file", "password_file_unreadable", "read the password: %w", err)
		}
		defer f.Close()
		from = f
	}
	text, err := io.ReadAll(io.LimitReader(from, 4096))
	if err != nil {
		return "", desk.Invalid("password-file", "password_file_unreadable", "read the password: %w", err)
	}
	return strings.TrimRight(string(text), "\r\n"), nil
}
