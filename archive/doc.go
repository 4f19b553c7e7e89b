// Package archive carries a desk whole: into one encrypted file and back (backup, restore), and from one database to another
// (move). Both speak in the rows of store.Snapshot, so an archive of SQLite restores on PostgreSQL and the other way round.
//
// An archive is three standards inside each other, so that its content can be reached without this program:
//
//	age     encrypted and authenticated for a passphrase or for recipients (J17); a changed or missing byte is noticed
//	zstd    compressed
//	tar     archive.json                     what it is: schema, tables with columns and row counts, fingerprint of the key file
//	        tables/<table>/000001.jsonl …    a row per line, a JSON array with a value per column, in the order of the primary key
//	        files/<workspace>/<key>          the bytes of a blob, as they are
//	        sums.json                        last: rows and SHA-256 per table, files, event positions
//
// The key file is not in it: whoever has both has everything.
package archive
