// Package search finds again what was said and who said it (G1.8, G1.9).
//
// Text is folded (NFKC, case, width, kana; text.go) and cut into words and, for scripts without spaces, pairs of
// neighbours (token.go). The store keeps those tokens and answers a question with candidates, newest first; what is found
// is decided on the folded text itself (query.go, find.go). So both databases give the same answer, and what was unsent or
// deleted a moment ago is not shown even before it has left the index.
//
// The index is a reactor (index.go): it follows the event log from a stored position, and goes through what was there
// before it in the background (backfill.go).
package search
