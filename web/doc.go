// Package web holds the built web apps: the inbox and the chat widget, as `make build` wrote them. They are
// part of the binary; only a binary for development (build tag "dev") reads them from disk.
package web
