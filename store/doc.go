// Package store holds the contracts of storage, nothing else. Package storetest is their meaning as tests; package
// sqlstore implements them on SQLite and PostgreSQL with one SQL text.
//
// One Update is one durable transaction that writes the record, the events that say what happened (Emit) and the
// promises to send (Enqueue). Nothing is sent, pushed or counted that was not committed; nothing committed is forgotten.
package store
