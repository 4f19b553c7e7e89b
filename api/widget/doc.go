// Package widget is the web chat's side of the HTTP server: what a visitor's browser loads (the loader, the frame and its
// files, a page to try it on) and the API it speaks. Visitors carry bearer tokens; cookies are never looked at.
package widget
