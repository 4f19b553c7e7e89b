package diskblob

import (
	"io"
	"os"
)

// filesystem is the writing half of a disk, so that tests can let it fail at every step.
type filesystem interface {
	create(path string) (file, error) // must not exist yet; mode 0600
	rename(from, to string) error
	mkdir(path string) error // mode 0700
	syncDir(path string) error
	remove(path string) error
}

type file interface {
	io.WriteCloser
	Sync() error
}

type osFiles struct{}

func (osFiles) create(path string) (file, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
}
func (osFiles) rename(from, to string) error { return os.Rename(from, to) }
func (osFiles) mkdir(path string) error      { return os.Mkdir(path, 0o700) }
func (osFiles) remove(path string) error     { return os.Remove(path) }

func (osFiles) syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	err = d.Sync()
	if closed := d.Close(); err == nil {
		err = closed
	}
	return err
}
