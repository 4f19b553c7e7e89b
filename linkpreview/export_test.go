package linkpreview

// Read takes title and description out of the beginning of a page.
var Read = read
