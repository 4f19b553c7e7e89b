// Package security attacks the desk as a stranger would: the whole program, over its own doors.
//
// Each test stands for one way in. `guards_test.go` lists the guards that keep it shut: it takes each of them out of a copy
// of the source, runs the test that names it, and wants to see that test fail (make soak, or MADOGUCHI_SOAK=1).
//
//	limits_test.go     guessing passwords, finding out who has an account, dodging limits with forged forwarding headers
//	session_test.go    cross-site requests, fixed sessions, open redirects, permissions that were taken away
//	routes_test.go     every route as every role, and with another workspace's ids
//	fetch_test.go      requests to the inside that an outsider makes us send (SSRF)
//	upload_test.go     bombs, active content, polyglots, names that break headers
//	socket_test.go     sockets of other sites, sockets that never read
//	traffic_test.go    TLS, plain HTTP, proxies that nobody named
//	logs_test.go       what a busy run writes down
//
// Clients that send or read too slowly are package api's to test (slow_test.go there).
package security
