package sqlstore

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"madoguchi/desk"
	"madoguchi/store"
)

// jsonValue writes and reads a column as JSON text; a nil pointer or empty slice is stored as "".
type jsonValue struct{ v any }

func asJSON(v any) jsonValue { return jsonValue{v} }

// bind turns the desk's types into what both drivers take: int64, string, []byte.
func bind(args []any) ([]any, error) {
	for i, a := range args {
		switch v := a.(type) {
		case int64:
		case string:
			args[i] = clean(v)
		case []byte:
		case desk.ID:
			args[i] = int64(v)
		case int:
			args[i] = int64(v)
		case time.Time:
			args[i] = millis(v)
		case bool:
			args[i] = flag(v)
		case json.RawMessage:
			args[i] = clean(string(v))
		case jsonValue:
			text, err := json.Marshal(v.v)
			if err != nil {
				return nil, fmt.Errorf("encode column: %w", err)
			}
			args[i] = emptyJSON(withoutNUL(string(text)))
		default:
			s, ok := named(a)
			if !ok {
				return nil, fmt.Errorf("a %T is not storable", a)
			}
			args[i] = s
		}
	}
	return args, nil
}

// withoutNUL drops NUL from JSON text, where it is an escape of its own (an escaped backslash before u0000 is not one).
// Invalid UTF-8 the encoder has replaced already.
func withoutNUL(s string) string {
	if !strings.Contains(s, `\u0000`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case strings.HasPrefix(s[i:], `\u0000`):
			i += len(`\u0000`) - 1
		case s[i] == '\\' && i+1 < len(s):
			b.WriteString(s[i : i+2])
			i++
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func emptyJSON(s string) string {
	if s == "null" || s == "[]" || s == "{}" {
		return ""
	}
	return s
}

// named is the text of the desk's named strings.
func named(a any) (string, bool) {
	switch v := a.(type) {
	case desk.TicketStatus:
		return string(v), true
	case desk.DeliveryStatus:
		return string(v), true
	case desk.Priority:
		return string(v), true
	case desk.Reason:
		return string(v), true
	case desk.LinkFailure:
		return string(v), true
	case desk.AuthorKind:
		return string(v), true
	case desk.PartKind:
		return string(v), true
	case desk.EventKind:
		return string(v), true
	case desk.ActorKind:
		return string(v), true
	case desk.AuditAction:
		return string(v), true
	case desk.ChannelState:
		return string(v), true
	case desk.Availability:
		return string(v), true
	case desk.Role:
		return string(v), true
	case desk.Scope:
		return string(v), true
	case desk.Locale:
		return string(v), true
	case desk.ExternalID:
		return clean(string(v)), true
	case store.DemoKind:
		return string(v), true
	case desk.TemplateStatus:
		return string(v), true
	case desk.SurveyState:
		return string(v), true
	case desk.SLAState:
		return string(v), true
	case desk.MailCode:
		return string(v), true
	case desk.Severity:
		return string(v), true
	case desk.Audience:
		return string(v), true
	case desk.TriggerOn:
		return string(v), true
	case desk.FieldSubject:
		return string(v), true
	case desk.FieldKind:
		return string(v), true
	case desk.ExportKind:
		return string(v), true
	case desk.ExportFormat:
		return string(v), true
	case desk.ExportState:
		return string(v), true
	case desk.TeamMode:
		return string(v), true
	case desk.AcceptMode:
		return string(v), true
	case desk.OfferState:
		return string(v), true
	}
	return "", false
}

// namedDest is where to scan a desk's named string.
func namedDest(d any) (*string, bool) {
	switch p := d.(type) {
	case *desk.TicketStatus:
		return (*string)(p), true
	case *desk.DeliveryStatus:
		return (*string)(p), true
	case *desk.Priority:
		return (*string)(p), true
	case *desk.Reason:
		return (*string)(p), true
	case *desk.LinkFailure:
		return (*string)(p), true
	case *desk.AuthorKind:
		return (*string)(p), true
	case *desk.PartKind:
		return (*string)(p), true
	case *desk.EventKind:
		return (*string)(p), true
	case *desk.ActorKind:
		return (*string)(p), true
	case *desk.AuditAction:
		return (*string)(p), true
	case *desk.ChannelState:
		return (*string)(p), true
	case *desk.Availability:
		return (*string)(p), true
	case *desk.Role:
		return (*string)(p), true
	case *desk.Scope:
		return (*string)(p), true
	case *desk.Locale:
		return (*string)(p), true
	case *desk.ExternalID:
		return (*string)(p), true
	case *store.DemoKind:
		return (*string)(p), true
	case *desk.TemplateStatus:
		return (*string)(p), true
	case *desk.SurveyState:
		return (*string)(p), true
	case *desk.SLAState:
		return (*string)(p), true
	case *desk.MailCode:
		return (*string)(p), true
	case *desk.Severity:
		return (*string)(p), true
	case *desk.Audience:
		return (*string)(p), true
	case *desk.TriggerOn:
		return (*string)(p), true
	case *desk.FieldSubject:
		return (*string)(p), true
	case *desk.FieldKind:
		return (*string)(p), true
	case *desk.ExportKind:
		return (*string)(p), true
	case *desk.ExportFormat:
		return (*string)(p), true
	case *desk.ExportState:
		return (*string)(p), true
	case *desk.TeamMode:
		return (*string)(p), true
	case *desk.AcceptMode:
		return (*string)(p), true
	case *desk.OfferState:
		return (*string)(p), true
	}
	return nil, false
}

// row is one row of a result; its values go to *int64, *string and *[]byte only.
type row interface {
	into(dest ...any) error
}

// scan reads a row into the desk's types.
func scan(r row, dest ...any) error {
	numbers := make([]int64, len(dest))
	var texts map[int]*string
	plain := make([]any, len(dest))
	for i, d := range dest {
		switch p := d.(type) {
		case *int64, *string, *[]byte:
			plain[i] = d
		case *desk.ID:
			plain[i] = (*int64)(p)
		case *int, *bool, *time.Time:
			plain[i] = &numbers[i]
		case jsonValue, *json.RawMessage:
			if texts == nil {
				texts = map[int]*string{}
			}
			texts[i] = new(string)
			plain[i] = texts[i]
		default:
			s, ok := namedDest(d)
			if !ok {
				return fmt.Errorf("a %T cannot be read", d)
			}
			plain[i] = s
		}
	}
	if err := r.into(plain...); err != nil {
		return err
	}
	return convert(dest, numbers, texts)
}

func convert(dest []any, numbers []int64, texts map[int]*string) error {
	for i, d := range dest {
		switch p := d.(type) {
		case *int:
			*p = int(numbers[i])
		case *bool:
			*p = numbers[i] != 0
		case *time.Time:
			*p = instant(numbers[i])
		case *json.RawMessage:
			*p = nil
			if *texts[i] != "" {
				*p = json.RawMessage(*texts[i])
			}
		case jsonValue:
			if *texts[i] == "" {
				continue
			}
			if err := json.Unmarshal([]byte(*texts[i]), p.v); err != nil {
				return fmt.Errorf("decode column %d: %w", i, err)
			}
		}
	}
	return nil
}

// millis is an instant as stored; the zero time is 0.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// instant is the reverse of millis.
func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// clean drops what PostgreSQL refuses in text: NUL and invalid UTF-8.
func clean(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "")
}

// fold is text as it is searched: NFKC and lower case, the same on both databases.
func fold(s string) string { return strings.ToLower(norm.NFKC.String(s)) }

var likeEscapes = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// contains is a LIKE pattern for a folded substring.
func contains(s string) string { return "%" + likeEscapes.Replace(fold(s)) + "%" }

// batchIDs is how many ids one statement takes (sqlstore's IN lists are of fixed length, padded with 0).
const batchIDs = 50

// in calls fn for at most batchIDs ids at a time: leading arguments, then the padded list.
func in(ids []desk.ID, leading []any, fn func(args []any) error) error {
	for len(ids) > 0 {
		n := min(len(ids), batchIDs)
		args := make([]any, 0, len(leading)+batchIDs)
		args = append(args, leading...)
		for i := range batchIDs {
			var id int64
			if i < n {
				id = int64(ids[i])
			}
			args = append(args, id)
		}
		if err := fn(args); err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}

// limit is the length of a page: 1..200, 50 unless told.
func limit(p store.Page) int {
	if p.Limit <= 0 {
		return 50
	}
	return min(p.Limit, 200)
}

var errCursor = &desk.Error{Kind: desk.KindInvalid, Code: "cursor_invalid", Field: "cursor", Message: "the cursor is not one of ours"}
