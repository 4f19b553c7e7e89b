package store

import "madoguchi/desk"

// LinkPreviewReader reads what pages said of themselves; what is old is forgotten.
type LinkPreviewReader interface {
	Get(url string) (desk.LinkPreview, error)
}

// LinkPreviewWriter keeps it; a later one replaces an earlier one of the same address.
type LinkPreviewWriter interface {
	Put(desk.LinkPreview) error
}
