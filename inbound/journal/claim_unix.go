//go:build linux || darwin

package journal

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// maxParts bounds how many processes share a folder.
const maxParts = 1000

// claim takes the first part of a folder that no living process holds. The lock ends with the process, however it ends.
func claim(folder string) (part string, lock *os.File, err error) {
	for n := range maxParts {
		part = filepath.Join(folder, strconv.Itoa(n))
		if err := os.MkdirAll(part, folderMode); err != nil {
			return "", nil, err
		}
		lock, err = os.OpenFile(filepath.Join(part, "lock"), os.O_CREATE|os.O_RDWR, fileMode)
		if err != nil {
			return "", nil, err
		}
		err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return part, lock, nil
		}
		if closing := lock.Close(); !errors.Is(err, syscall.EWOULDBLOCK) || closing != nil {
			return "", nil, errors.Join(err, closing)
		}
	}
	return "", nil, errors.New("too many processes share " + folder)
}
