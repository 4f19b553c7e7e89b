//go:build !linux && !darwin

package journal

import (
	"os"
	"path/filepath"
)

// claim takes the folder's only part: nothing here tells whether another process has it.
func claim(folder string) (part string, lock *os.File, err error) {
	part = filepath.Join(folder, "0")
	if err := os.MkdirAll(part, folderMode); err != nil {
		return "", nil, err
	}
	lock, err = os.OpenFile(filepath.Join(part, "lock"), os.O_CREATE|os.O_RDWR, fileMode)
	return part, lock, err
}
