// Package sqlstore implements package store on SQLite and PostgreSQL with one SQL text.
//
// There is a file per aggregate; tx.go is what they share, sqlite.go and postgres.go run the statements, and dialect.go
// says how the two databases differ. Every statement is a constant named sql…, so that a test finds
// and prepares all of them on both. House rules: $n parameters, NULLS LAST written out, times as BIGINT
// milliseconds, no JSON read in SQL, text folded in Go before it is searched.
package sqlstore
