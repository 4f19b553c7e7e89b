// Package audit keeps the audit log (J5–J7): who did what to what, from where, what it was before and after, in a chain of
// hashes per workspace that shows whether anything in it was changed, removed, moved or cut off.
//
// Where it sits: app wraps the store in Watch, and hands the wrapped one to every service. A deed is noted as an intent in
// the transaction that does it, derived from what that transaction writes (watch.go, deeds.go), or noted by the service
// itself with tx.WriteAudit().Intend where the records do not say it (sign-ins, say). The Chainer links intents into the
// workspace's chain afterwards, so that no deed waits for another. Verify walks a chain.
package audit
