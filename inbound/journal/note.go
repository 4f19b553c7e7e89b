package journal

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// noteFile lies beside the parts: every process that shares the folder reads and writes the same one.
const noteFile = "note"

// ReadNote gives what was noted in a journal's folder; nil = nothing was.
func ReadNote(folder string) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(folder, noteFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return text, err
}

// WriteNote replaces what was noted, as a whole: whoever reads has the text before or this one, also after a power cut.
func WriteNote(folder string, text []byte) error {
	if err := os.MkdirAll(folder, folderMode); err != nil {
		return err
	}
	f, err := os.CreateTemp(folder, noteFile+"-*") // of fileMode
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // it is gone where it was renamed
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), filepath.Join(folder, noteFile)); err != nil {
		return err
	}
	return syncFolder(folder)
}
