//go:build linux || darwin

package app

import "syscall"

// freeBytes is what may still be written where a folder lies.
func freeBytes(folder string) (uint64, bool) {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(folder, &fs); err != nil {
		return 0, false
	}
	return fs.Bavail * uint64(fs.Bsize), true //nolint:gosec // a block's size is positive
}
