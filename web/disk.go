//go:build dev

package web

import (
	"io/fs"
	"os"
)

// Dist is the tree of built files as it lies on disk now, read from the repository's root: `make dev` builds
// the widget anew into it while the server runs.
func Dist() fs.FS { return os.DirFS("web/dist") }
