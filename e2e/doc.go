// Package e2e holds the tests of the real binary from outside: killed, cut off from its database, out of disk, without
// power. What people see in a browser is tested in web/e2e.
package e2e
