// Package auth holds the primitives of who may do what: passwords, tokens, API keys, the permission matrix, the checks
// against requests forged by other sites, rate limits, and the proof a customer's own server gives of a visitor (F4).
//
// Where it sits: the account and visitor services keep the records and call it to make and check what is secret; api
// calls it at the edge, before anything else happens to a request. It stores nothing and reads no clock of its own;
// whatever is random and shown to somebody is kept by the store as a SHA-256 only.
package auth
