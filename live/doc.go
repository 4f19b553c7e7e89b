// Package live brings news to browsers: a reactor that follows the event log and writes to WebSockets.
//
// Per workspace with sockets there is one room on each node. It follows the log (a hint on the bus wakes it, a slow poll
// covers lost hints), reads what each event is about once, encodes it once, and hands the same bytes to every socket. A
// row's read_seq, unread, concerns and draft are the receiving member's own: the room computes them from what it read with the
// batch and fills them in per distinct value, not per socket.
//
// Patches carry records as they are now, not as they were at the event, so applying them in order ends in the server's
// state; a client takes a row whose version is not below the one it has. Viewing and typing are hints: they travel over
// the bus, are never stored, and run out.
package live
