package desk

import (
	"path"
	"slices"
	"strconv"
	"strings"
)

// FilePolicy is which files a workspace takes, from members and customers alike. The zero value takes what the server
// and the channel take.
type FilePolicy struct {
	Kinds map[PartKind]FileRule `json:"kinds,omitempty"` // image, audio, video, file; one that is missing is taken
	// Types are the endings that other files (kind "file") may have, lower case without a dot; none = all.
	Types []string `json:"types,omitempty"`
}

// FileRule is what holds for one kind of file.
type FileRule struct {
	Refused  bool  `json:"refused,omitempty"`
	MaxBytes int64 `json:"max_bytes,omitempty"` // 0 = as large as the server takes
}

// FileKinds are the kinds a policy speaks of.
func FileKinds() []PartKind { return []PartKind{PartImage, PartAudio, PartVideo, PartFile} }

const maxFileTypes = 100

// Check refuses a policy that cannot be kept: "field_unknown" for a kind that is none, "size_invalid", "file_type_invalid".
func (p FilePolicy) Check() error {
	for kind, rule := range p.Kinds {
		if !slices.Contains(FileKinds(), kind) {
			return Invalid("kinds", "field_unknown", "no kind of file %.40q", string(kind))
		}
		if rule.MaxBytes < 0 || rule.MaxBytes > 1<<40 {
			return Invalid("kinds."+string(kind)+".max_bytes", "size_invalid", "%d bytes", rule.MaxBytes)
		}
	}
	if len(p.Types) > maxFileTypes {
		return Invalid("types", "too_long", "more than %d types", maxFileTypes)
	}
	for _, ending := range p.Types {
		if ending == "" || len(ending) > 12 || strings.ContainsFunc(ending, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
			e := Invalid("types", "file_type_invalid", "%.40q is no ending", ending)
			e.Params = map[string]string{"type": ending}
			return e
		}
	}
	return nil
}

// Admits refuses a file, known by its bytes, that the policy does not take: "file_kind_refused", "file_type_refused"
// (params.type), "file_over_policy" (params.limit in bytes).
func (p FilePolicy) Admits(a Attachment) error {
	rule := p.Kinds[a.Kind]
	if rule.Refused {
		return Invalid("file", "file_kind_refused", "files of kind %s are refused", a.Kind)
	}
	if ending := strings.ToLower(strings.TrimPrefix(path.Ext(a.Name), ".")); a.Kind == PartFile && len(p.Types) > 0 && !slices.Contains(p.Types, ending) {
		e := Invalid("file", "file_type_refused", "files of type %.20q are refused", ending)
		e.Params = map[string]string{"type": ending}
		return e
	}
	if rule.MaxBytes > 0 && a.Size > rule.MaxBytes {
		e := Invalid("file", "file_over_policy", "%d bytes are more than %d", a.Size, rule.MaxBytes)
		e.Params = map[string]string{"limit": strconv.FormatInt(rule.MaxBytes, 10)}
		return e
	}
	return nil
}

// Most is the size of the largest file of any kind, in bytes, given what the server takes.
func (p FilePolicy) Most(server int64) int64 {
	most := int64(0)
	for _, kind := range FileKinds() {
		rule := p.Kinds[kind]
		switch {
		case rule.Refused:
		case rule.MaxBytes == 0:
			return server
		default:
			most = max(most, rule.MaxBytes)
		}
	}
	return min(most, server)
}
