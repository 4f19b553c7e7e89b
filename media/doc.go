// Package media looks at the bytes of a file before anyone is shown it.
//
// Nothing an uploader says about a file is believed: the type comes from the bytes (Sniff), only raster images, audio
// and video that a browser shows inertly may be shown in place, and everything else (SVG, HTML, PDF, HEIC …) is a file
// to download. Names are cleaned before they are stored, and thumbnails are drawn anew, so that no metadata survives.
//
// Where it sits: api and inbound write the bytes through blob, ask media what they are, and store the answer in
// desk.Attachment; api asks it again for headers when it serves the bytes. It touches no storage and keeps no state but
// the thumbnailer's places.
package media
