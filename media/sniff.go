package media

import (
	"bytes"
	"mime"
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"madoguchi/desk"
)

// SniffLen is how many leading bytes of a file Sniff looks at.
const SniffLen = 3072

// Opaque is the type under which everything is served that must not be shown in place.
const Opaque = "application/octet-stream"

// Type is what the bytes of a file are.
type Type struct {
	MIME   string        // sniffed, lower case, without parameters
	Kind   desk.PartKind // image, audio, video or file
	Inline bool          // a browser may show it in place
	Ext    string        // usual extension with its dot, "" if none
}

// inlineTypes are the only types ever shown in place, by their sniffed names: inert in every browser, and named in the
// spelling browsers know. HEIC, AVIF, BMP and SVG are deliberately missing: they cannot be bounded or are active.
var inlineTypes = map[string]Type{
	"image/png":              {MIME: "image/png", Kind: desk.PartImage, Ext: ".png"},
	"image/vnd.mozilla.apng": {MIME: "image/png", Kind: desk.PartImage, Ext: ".png"},
	"image/jpeg":             {MIME: "image/jpeg", Kind: desk.PartImage, Ext: ".jpg"},
	"image/gif":              {MIME: "image/gif", Kind: desk.PartImage, Ext: ".gif"},
	"image/webp":             {MIME: "image/webp", Kind: desk.PartImage, Ext: ".webp"},
	"audio/mpeg":             {MIME: "audio/mpeg", Kind: desk.PartAudio, Ext: ".mp3"},
	"audio/mp4":              {MIME: "audio/mp4", Kind: desk.PartAudio, Ext: ".m4a"},
	"audio/x-m4a":            {MIME: "audio/mp4", Kind: desk.PartAudio, Ext: ".m4a"},
	"audio/aac":              {MIME: "audio/aac", Kind: desk.PartAudio, Ext: ".aac"},
	"audio/ogg":              {MIME: "audio/ogg", Kind: desk.PartAudio, Ext: ".ogg"},
	"application/ogg":        {MIME: "audio/ogg", Kind: desk.PartAudio, Ext: ".ogg"},
	"audio/wav":              {MIME: "audio/wav", Kind: desk.PartAudio, Ext: ".wav"},
	"audio/flac":             {MIME: "audio/flac", Kind: desk.PartAudio, Ext: ".flac"},
	"audio/amr":              {MIME: "audio/amr", Kind: desk.PartAudio, Ext: ".amr"},
	"audio/webm":             {MIME: "audio/webm", Kind: desk.PartAudio, Ext: ".webm"},
	"video/webm":             {MIME: "video/webm", Kind: desk.PartVideo, Ext: ".webm"},
	"video/mp4":              {MIME: "video/mp4", Kind: desk.PartVideo, Ext: ".mp4"},
	"video/x-m4v":            {MIME: "video/mp4", Kind: desk.PartVideo, Ext: ".mp4"},
	"video/quicktime":        {MIME: "video/quicktime", Kind: desk.PartVideo, Ext: ".mov"},
	"video/3gpp":             {MIME: "video/3gpp", Kind: desk.PartVideo, Ext: ".3gp"},
	"video/3gpp2":            {MIME: "video/3gpp2", Kind: desk.PartVideo, Ext: ".3g2"},
	"video/ogg":              {MIME: "video/ogg", Kind: desk.PartVideo, Ext: ".ogv"},
	"video/mpeg":             {MIME: "video/mpeg", Kind: desk.PartVideo, Ext: ".mpg"},
}

// audioTwin names the audio reading of containers whose first bytes do not tell sound from film. The uploader's word
// decides between the two, and only between the two: both are inert.
var audioTwin = map[string]string{"video/webm": "audio/webm", "video/mp4": "audio/mp4", "video/ogg": "audio/ogg"}

// Sniff says what a file is from its first SniffLen bytes (fewer if the file is shorter). declared is the type the
// uploader named, "" if none; it is believed only where webm, mp4 or ogg may be a voice message. An image that Sniff calls inline
// still has to pass Dimensions, because the first bytes prove nothing about the rest.
func Sniff(head []byte, declared string) Type {
	if len(head) > SniffLen {
		head = head[:SniffLen]
	}
	found := mimetype.Detect(head)
	name, _, err := mime.ParseMediaType(found.String())
	if err != nil || name == "" {
		name = Opaque
	}
	if twin := audioTwin[name]; twin != "" {
		if said, _, err := mime.ParseMediaType(declared); err == nil && said == twin {
			name = twin
		}
	}
	if t, ok := inlineTypes[name]; ok && !looksActive(head) {
		t.Inline = true
		return t
	}
	return Type{MIME: name, Kind: desk.PartFile, Ext: found.Extension()}
}

// AsFile is the type of a file that is not to be shown in place after all.
func (t Type) AsFile() Type {
	t.Kind, t.Inline = desk.PartFile, false
	return t
}

// InlineMIME reports whether a stored MIME type (as Sniff wrote it) may be served in place.
func InlineMIME(stored string) bool {
	t, ok := inlineTypes[stored]
	return ok && t.MIME == stored
}

// activeTypes are those that a browser runs, or reads as markup.
var activeTypes = []string{"text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml", "text/javascript", "application/javascript"}

// Active reports whether a browser that opened something of this type would run what is in it. Types it does not know count too.
func Active(stored string) bool {
	name, _, err := mime.ParseMediaType(stored)
	return err != nil || slices.Contains(activeTypes, name) || strings.HasSuffix(name, "+xml")
}

// looksActive catches the polyglots whose magic is only a few printable bytes (GIF89a=…, ID3, RIFF) and is followed at
// once by markup: such a file is kept, but as a file.
func looksActive(head []byte) bool {
	lower := bytes.ToLower(head[:min(len(head), 512)])
	for _, mark := range []string{"<script", "<!doctype", "<html", "<svg", "<?xml", "<?php"} {
		if i := bytes.Index(lower, []byte(mark)); i >= 0 && bytes.IndexByte(lower[:i], 0) < 0 {
			return true
		}
	}
	return false
}
