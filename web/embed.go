//go:build !dev

package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Dist is the tree of built files: "inbox/…" and "widget/…". Each compressible file has its .gz and .br
// beside it where that is smaller; everything under an "assets" folder has its hash in its name and never
// changes. Before the first `make build` the tree is empty but for a marker file.
func Dist() fs.FS {
	tree, err := fs.Sub(dist, "dist")
	if err != nil { // impossible: "dist" is a valid path
		return dist
	}
	return tree
}
