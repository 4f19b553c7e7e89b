// Package desk is the domain: the words and rules of a support counter.
//
// It knows nothing of HTTP, SQL, files or clocks: everything that can be decided from (state, input, now) is a pure
// function here, and every other package speaks in its types. It imports the standard library and Unicode tables only.
//
// The numbers in comments (0.2, G2.3, J3 …) are the numbered statements of the product's behaviour specification.
package desk
