package auth

// Enter takes a place, as somebody does whose password is being hashed.
var Enter = (*Passwords).enter
