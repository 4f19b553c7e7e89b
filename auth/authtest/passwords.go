// Package authtest makes what package auth makes slow on purpose quick, for tests.
package authtest

import "madoguchi/auth"

// Passwords hashes in next to no time. What a hash costs otherwise is half of what many tests do, and none of what they prove.
func Passwords() *auth.Passwords {
	return auth.NewPasswordsOf(auth.Cost{Memory: 64, Iterations: 1}, 4)
}
