package linkpreview

import (
	"bytes"
	"cmp"
	"html"
	"mime"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
)

const (
	longestTitle = 200 // characters
	longestText  = 400
	// declaredIn is where a page may name its charset, as browsers look for it.
	declaredIn = 1024
)

func isPage(contentType string) bool {
	kind, _, _ := mime.ParseMediaType(contentType)
	return kind == "text/html" || kind == "application/xhtml+xml"
}

// read takes title and description out of the beginning of a page.
func read(page []byte, contentType string) (title, text string) {
	h := head{page: decode(page, contentType)}
	h.lower = lowered(h.page)
	h.scan()
	return line(cmp.Or(h.meta["og:title"], h.title, h.meta["twitter:title"]), longestTitle),
		line(cmp.Or(h.meta["og:description"], h.meta["description"]), longestText)
}

var declared = regexp.MustCompile(`(?i)<meta[^>]+charset\s*=\s*["']?\s*([a-z0-9_:.\-]+)`)

// decode makes UTF-8 of a page: of the charset that its mark of byte order, its header or its beginning names.
func decode(page []byte, contentType string) string {
	_, params, _ := mime.ParseMediaType(contentType)
	name := params["charset"]
	switch {
	case bytes.HasPrefix(page, []byte("\xef\xbb\xbf")):
		return strings.ToValidUTF8(string(page[3:]), "\ufffd")
	case bytes.HasPrefix(page, []byte("\xff\xfe")):
		name = "utf-16le"
	case bytes.HasPrefix(page, []byte("\xfe\xff")):
		name = "utf-16be"
	case name == "":
		if m := declared.FindSubmatch(page[:min(len(page), declaredIn)]); m != nil && !bytes.HasPrefix(bytes.ToLower(m[1]), []byte("utf-16")) {
			name = string(m[1])
		}
	}
	if charset, err := htmlindex.Get(name); err == nil {
		if text, err := charset.NewDecoder().Bytes(page); err == nil {
			page = text
		}
	}
	return strings.ToValidUTF8(string(page), "\ufffd")
}

// head goes through a page's beginning. lower is the page in small letters, byte for byte.
type head struct {
	page, lower string
	at          int
	title       string
	meta        map[string]string
}

// untold are elements whose content is no page.
var untold = map[string]bool{"script": true, "style": true, "noscript": true, "template": true}

func (h *head) scan() {
	h.meta = map[string]string{}
	for {
		from := strings.IndexByte(h.page[h.at:], '<')
		if from < 0 {
			return
		}
		h.at += from + 1
		if strings.HasPrefix(h.page[h.at:], "!--") {
			h.skip("-->")
			continue
		}
		name := h.name()
		attributes := h.attributes()
		switch {
		case name == "body":
			return
		case name == "title":
			if title := h.skip("</title"); h.title == "" {
				h.title = title
			}
		case name == "meta":
			if key := strings.ToLower(cmp.Or(attributes["property"], attributes["name"])); key != "" && h.meta[key] == "" {
				h.meta[key] = attributes["content"]
			}
		case untold[name]:
			h.skip("</" + name)
		}
	}
}

// skip goes behind an end and gives what stood before it; without that end the rest counts.
func (h *head) skip(end string) string {
	rest := h.page[h.at:]
	if n := strings.Index(h.lower[h.at:], end); n >= 0 {
		h.at += n + len(end)
		return rest[:n]
	}
	h.at = len(h.page)
	return rest
}

// name reads a tag's name in small letters, "" for what is no opening tag.
func (h *head) name() string {
	from := h.at
	for h.at < len(h.lower) && 'a' <= h.lower[h.at] && h.lower[h.at] <= 'z' {
		h.at++
	}
	return h.lower[from:h.at]
}

// attributes reads up to the end of a tag.
func (h *head) attributes() map[string]string {
	all := map[string]string{}
	for h.at < len(h.page) && h.page[h.at] != '>' {
		from := h.at
		for h.at < len(h.page) && !strings.ContainsRune("= \t\r\n>/", rune(h.page[h.at])) {
			h.at++
		}
		key := h.lower[from:h.at]
		if key == "" && h.page[h.at] != '=' {
			h.at++ // what stands between them
			continue
		}
		value := ""
		if h.blank(); h.at < len(h.page) && h.page[h.at] == '=' {
			h.at++
			h.blank()
			value = h.value()
		}
		if _, twice := all[key]; !twice {
			all[key] = value
		}
	}
	h.at = min(h.at+1, len(h.page)) // behind ">"
	return all
}

func (h *head) blank() {
	for h.at < len(h.page) && strings.ContainsRune(" \t\r\n", rune(h.page[h.at])) {
		h.at++
	}
}

// value reads what stands behind "=": in quotes, or up to the next blank.
func (h *head) value() string {
	rest := h.page[h.at:]
	if rest != "" && (rest[0] == '"' || rest[0] == '\'') {
		end := strings.IndexByte(rest[1:], rest[0])
		if end < 0 {
			h.at = len(h.page)
			return rest[1:]
		}
		h.at += end + 2
		return rest[1 : end+1]
	}
	end := strings.IndexAny(rest, " \t\r\n>")
	if end < 0 {
		end = len(rest)
	}
	h.at += end
	return rest[:end]
}

// lowered makes ASCII letters small and leaves every byte where it is.
func lowered(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// line makes one line of what a page says, without characters that steer text, and cuts it.
func line(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), r == utf8.RuneError:
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r) && r != '\u200d': // it joins emoji
			return -1
		}
		return r
	}, html.UnescapeString(s))
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > most {
		s = strings.TrimSpace(string(runes[:most-1])) + "…"
	}
	return s
}
