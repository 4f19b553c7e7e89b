package archive

// Quickly spends little on the passphrase.
func (l Lock) Quickly() Lock {
	l.work = 4
	return l
}
