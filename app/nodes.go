package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"madoguchi/blob"
	"madoguchi/blob/diskblob"
	"madoguchi/blob/s3blob"
	"madoguchi/bus/membus"
	"madoguchi/bus/natsbus"
	"madoguchi/desk"
	"madoguchi/seal"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
)

// files is a store of files as the program uses it.
type files interface {
	blob.Store
	SweepUnfinished(ctx context.Context, before time.Time) (int, error)
}

// bucket reports whether files lie in a bucket instead of the data folder.
func (c Config) bucket() bool { return c.S3Endpoint != "" || c.S3Bucket != "" }

// openBlobs opens the store of files; a bucket is not asked yet whether it is there.
func (c Config) openBlobs() (files, error) {
	if !c.bucket() {
		return diskblob.Open(c.path(blobFolder))
	}
	return s3blob.Open(s3blob.Config{
		Endpoint: c.S3Endpoint, Bucket: c.S3Bucket, Region: c.S3Region, AccessKey: c.S3AccessKey, SecretKey: c.S3SecretKey,
	})
}

// openKeys loads the key file, and makes one for a database that was never served. A node that would seal under another key
// than the others is refused: what one writes the others could not read.
func (c Config) openKeys(ctx context.Context, s store.Store) (*seal.Keyring, error) {
	settled, err := fact(ctx, s, store.FactKey)
	if err != nil {
		return nil, err
	}
	if settled != "" && !c.Adopt {
		keys, err := seal.LoadKeyring(c.path(keyFile))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, desk.Invalid("data", "key_file_missing",
				"%s is missing: copy it from where this database was served before (its key has the fingerprint %s). If it is lost, say --adopt once; secrets of channels must then be entered again",
				c.path(keyFile), settled)
		}
		if err != nil {
			return nil, c.explainKeys(err)
		}
		if !keys.Holds(settled) {
			return nil, desk.Invalid("data", "key_file_wrong",
				"%s is not this database's: its key has the fingerprint %s, the database's %s. Copy the key file from another node, or say --adopt once to go on with this one",
				c.path(keyFile), keys.Fingerprint(), settled)
		}
		return keys, c.noteKey(ctx, s, settled, keys)
	}
	keys, err := c.loadKeys()
	if err != nil {
		return nil, err
	}
	if settled, err = settle(ctx, s, store.FactKey, keys.Fingerprint(), c.Adopt); err != nil {
		return nil, err
	}
	if !keys.Holds(settled) {
		return nil, desk.Invalid("data", "key_file_wrong", "another node began with this database at the same moment, under another key: copy its key file to %s", c.path(keyFile))
	}
	return keys, nil
}

// noteKey writes a new sealing key down after a rotation: from then on every node must hold it.
func (c Config) noteKey(ctx context.Context, s store.Store, settled string, keys *seal.Keyring) error {
	if keys.Fingerprint() == settled {
		return nil
	}
	_, err := settle(ctx, s, store.FactKey, keys.Fingerprint(), true)
	return err
}

// checkFiles refuses a node whose files lie elsewhere than the others'.
func (c Config) checkFiles(ctx context.Context, s *sqlstore.Store, blobs files, log *slog.Logger) error {
	if bucket, ok := blobs.(*s3blob.Store); ok {
		switch err := bucket.Check(ctx); {
		case desk.KindOf(err) == desk.KindUnavailable:
			known, factErr := fact(ctx, s, store.FactFiles)
			if factErr != nil || known == "" {
				return errors.Join(err, factErr)
			}
			log.Warn("the file store does not answer: files cannot be sent or shown until it does", "err", err)
			return nil
		case err != nil:
			return err
		}
	}
	if c.DatabaseURL != "" && !c.bucket() && !c.SharedData {
		if others, err := s.OthersServe(ctx); err != nil {
			return err
		} else if others {
			return desk.Invalid("shared-data", "files_not_shared",
				"another node works on this database, and this one keeps files on its own disk, where the other does not find them: keep them in a bucket (--s3-endpoint, --s3-bucket), or say --shared-data if %s is a folder that all nodes share",
				c.path(blobFolder))
		}
	}
	mark, err := blobs.Mark(ctx)
	if err != nil {
		return err
	}
	settled, err := settle(ctx, s, store.FactFiles, mark, c.Adopt)
	if err != nil {
		return err
	}
	if settled != mark {
		return desk.Invalid("data", "files_elsewhere",
			"the files of this database lie elsewhere than this node would look: give every node the same --s3-endpoint and --s3-bucket, or the same shared folder. If they were all moved here, say --adopt once")
	}
	return nil
}

func fact(ctx context.Context, s store.Store, f store.Fact) (value string, err error) {
	err = s.View(ctx, 0, func(r store.Reader) error {
		value, err = r.Installation().Fact(f)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("read what holds for all nodes: %w", err)
	}
	return value, nil
}

// settle writes a fact down, over an older one only if told to, and says what holds.
func settle(ctx context.Context, s store.Store, f store.Fact, value string, over bool) (string, error) {
	is, err := store.Result(ctx, s, 0, func(tx store.Tx) (string, error) {
		if over {
			return value, tx.WriteInstallation().Replace(f, value)
		}
		return tx.WriteInstallation().Settle(f, value)
	})
	if err != nil {
		return "", fmt.Errorf("write down what holds for all nodes: %w", err)
	}
	return is, nil
}

// joinNodes puts the bus of all nodes over this one's, if there is NATS.
func (p *program) joinNodes(ctx context.Context, c Config) error {
	if c.NATSURL == "" {
		return nil
	}
	installation, err := settle(ctx, p.store, store.FactInstallation, strings.ToLower(rand.Text()), false)
	if err != nil {
		return err
	}
	p.nodes, err = natsbus.Join(ctx, natsbus.Config{
		URL: c.NATSURL, Credentials: c.NATSCredentials, Installation: installation, Local: p.bus, Outgoing: membus.New(), Log: p.log,
	})
	if err != nil {
		return err
	}
	p.bus = p.nodes
	return nil
}

// lacking says what the program does without for now; "" = nothing.
func (p *program) lacking() string {
	if p.nodes != nil && !p.nodes.Connected() {
		return "NATS cannot be reached: news from other nodes comes up to two seconds late"
	}
	return ""
}

// countNodes puts into the figures how the nodes hear each other.
func (p *program) countNodes(registry *prometheus.Registry) error {
	if p.nodes == nil {
		return nil
	}
	connected := prometheus.NewGaugeFunc(
		prometheus.GaugeOpts{Name: "madoguchi_bus_connected", Help: "1 while hints travel between nodes over NATS, else 0."},
		func() float64 {
			if p.nodes.Connected() {
				return 1
			}
			return 0
		},
	)
	lost := prometheus.NewCounterFunc(
		prometheus.CounterOpts{Name: "madoguchi_bus_hints_lost_total", Help: "Hints that did not leave this node because NATS could not be reached."},
		func() float64 { return float64(p.nodes.Lost()) },
	)
	return errors.Join(registry.Register(connected), registry.Register(lost))
}
