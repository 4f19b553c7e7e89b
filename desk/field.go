package desk

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// FieldSubject says what a custom field belongs to (G3.1, G3.2).
type FieldSubject string

// The subjects.
const (
	FieldOfContact FieldSubject = "contact"
	FieldOfTicket  FieldSubject = "ticket"
)

// FieldKind is what a custom field's value may be. Values are kept as text in one form each, so that both databases,
// exports and filters compare them alike.
type FieldKind string

// The kinds, with the form of their values.
const (
	FieldText     FieldKind = "text"     // one or more lines
	FieldNumber   FieldKind = "number"   // plain decimal: -12.5, never an exponent or a thousands sign
	FieldDate     FieldKind = "date"     // 2026-11-21
	FieldChoice   FieldKind = "choice"   // the id of one choice
	FieldChoices  FieldKind = "choices"  // ids of choices in the definition's order, joined by commas
	FieldCheckbox FieldKind = "checkbox" // true or false
	FieldLink     FieldKind = "link"     // an http or https address
)

// Limits of custom fields.
const (
	MaxFieldValue   = 2_000 // runes of a value
	MaxFieldLabel   = 100   // runes of a label
	MaxFieldChoices = 100
	MaxFields       = 100 // definitions per subject, and values per record
)

// Labels is a text in the languages of the product; at least one is given.
type Labels struct {
	JA string `json:"ja,omitempty"`
	EN string `json:"en,omitempty"`
}

// In is the text in a language, or in the other one where that is missing.
func (l Labels) In(locale Locale) string {
	if locale == LocaleJA && l.JA != "" || l.EN == "" {
		return l.JA
	}
	return l.EN
}

// FieldOption is one choice of a field; its ID, never its label, is the value.
type FieldOption struct {
	ID    string `json:"id"`
	Label Labels `json:"label"`
}

// Field defines one of a workspace's own fields of contacts or tickets.
type Field struct {
	ID        ID
	Subject   FieldSubject
	Key       string // what records and the API call it: never changes
	Kind      FieldKind
	Label     Labels
	Options   []FieldOption // of choice and choices
	Required  bool          // a value, once given, is not taken away again; screens ask for one that is missing
	Position  int
	CreatedAt time.Time
	UpdatedAt time.Time
	RetiredAt time.Time // deleted: off the screens, its values kept until somebody confirms that they go too
	Version   int64
}

var (
	fieldKey  = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	optionID  = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,39}$`)
	number    = regexp.MustCompile(`^[+-]?[0-9]{1,30}(\.[0-9]{1,30})?$`)
	wideSigns = strings.NewReplacer("−", "-", "－", "-", "＋", "+", "．", ".", ",", "", "，", "")
)

// Check refuses a definition that makes no sense: invalid with the field's name.
func (f Field) Check() error {
	if f.Subject != FieldOfContact && f.Subject != FieldOfTicket {
		return Invalid("subject", "field_invalid", "no subject %q", f.Subject)
	}
	if !fieldKey.MatchString(f.Key) {
		return Invalid("key", "field_key_invalid", "%.60q is no key: a–z, digits and _, a letter first, at most 40", f.Key)
	}
	if err := f.Label.check("label"); err != nil {
		return err
	}
	switch f.Kind {
	case FieldText, FieldNumber, FieldDate, FieldCheckbox, FieldLink:
		if len(f.Options) > 0 {
			return Invalid("options", "field_options_unwanted", "a %s has no choices", f.Kind)
		}
		return nil
	case FieldChoice, FieldChoices:
		return f.checkOptions()
	}
	return Invalid("kind", "field_invalid", "no kind %q", f.Kind)
}

func (f Field) checkOptions() error {
	if len(f.Options) == 0 || len(f.Options) > MaxFieldChoices {
		return Invalid("options", "field_options_count", "%d choices, not 1 to %d", len(f.Options), MaxFieldChoices)
	}
	seen := map[string]bool{}
	for _, o := range f.Options {
		if !optionID.MatchString(o.ID) || seen[o.ID] {
			return Invalid("options", "field_option_invalid", "%.60q is no id of a choice, or twice there", o.ID)
		}
		seen[o.ID] = true
		if err := o.Label.check("options"); err != nil {
			return err
		}
	}
	return nil
}

func (l Labels) check(field string) error {
	if strings.TrimSpace(l.JA) == "" && strings.TrimSpace(l.EN) == "" {
		return Invalid(field, "field_label_missing", "a label is needed in one language")
	}
	for _, text := range []string{l.JA, l.EN} {
		if utf8.RuneCountInString(text) > MaxFieldLabel {
			return Invalid(field, "text_too_long", "a label has at most %d characters", MaxFieldLabel)
		}
	}
	return nil
}

// Value writes what somebody entered as it is kept; "" is no value. Refusals are invalid, with "fields.<key>" as Field.
func (f Field) Value(entered string) (string, error) {
	text := CleanText(entered)
	if text == "" {
		return "", nil
	}
	if utf8.RuneCountInString(text) > MaxFieldValue {
		return "", f.refuse("text_too_long", "%q is longer than %d characters", f.Key, MaxFieldValue)
	}
	switch f.Kind {
	case FieldNumber:
		return f.number(text)
	case FieldDate:
		day, err := time.Parse(time.DateOnly, text)
		if err != nil || day.Year() < 1 {
			return "", f.refuse("field_date_invalid", "%.60q is no date", text)
		}
	case FieldCheckbox:
		if text != "true" && text != "false" {
			return "", f.refuse("field_checkbox_invalid", "%.60q is neither true nor false", text)
		}
	case FieldLink:
		u, err := url.Parse(text)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.ContainsAny(text, " \t\r\n") {
			return "", f.refuse("field_link_invalid", "%.60q is no web address", text)
		}
	case FieldChoice:
		if !f.offers(text) {
			return "", f.refuse("field_option_unknown", "%.60q is not offered", text)
		}
	case FieldChoices:
		return f.choices(text)
	}
	return text, nil
}

// number writes a decimal in its one form: no plus, no zeros that say nothing, no minus zero.
func (f Field) number(text string) (string, error) {
	var ascii strings.Builder
	for _, r := range wideSigns.Replace(text) {
		if r >= '０' && r <= '９' {
			r = r - '０' + '0'
		}
		ascii.WriteRune(r)
	}
	text = ascii.String()
	if !number.MatchString(text) {
		return "", f.refuse("field_number_invalid", "%.60q is no number", text)
	}
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign = "-"
	}
	whole, fraction, _ := strings.Cut(strings.TrimLeft(text, "+-"), ".")
	whole, fraction = strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")
	if whole == "" {
		whole = "0"
	}
	if fraction != "" {
		fraction = "." + fraction
	}
	if whole == "0" && fraction == "" {
		sign = ""
	}
	return sign + whole + fraction, nil
}

func (f Field) choices(text string) (string, error) {
	chosen := strings.Split(text, ",")
	for i := range chosen {
		chosen[i] = strings.TrimSpace(chosen[i])
		if !f.offers(chosen[i]) {
			return "", f.refuse("field_option_unknown", "%.60q is not offered", chosen[i])
		}
	}
	var kept []string
	for _, o := range f.Options {
		if slices.Contains(chosen, o.ID) {
			kept = append(kept, o.ID)
		}
	}
	return strings.Join(kept, ","), nil
}

func (f Field) offers(id string) bool {
	return slices.ContainsFunc(f.Options, func(o FieldOption) bool { return o.ID == id })
}

func (f Field) refuse(code, format string, args ...any) error {
	e := Invalid("fields."+f.Key, code, format, args...)
	e.Params = map[string]string{"key": f.Key, "max": strconv.Itoa(MaxFieldValue)}
	return e
}

// Show is a value as people read it: labels of choices instead of their ids, a choice that is gone by its id.
func (f Field) Show(value string, locale Locale) string {
	if f.Kind != FieldChoice && f.Kind != FieldChoices || value == "" {
		return value
	}
	ids := strings.Split(value, ",")
	for i, id := range ids {
		for _, o := range f.Options {
			if o.ID == id {
				ids[i] = o.Label.In(locale)
			}
		}
	}
	return strings.Join(ids, ", ")
}

// EditFields applies changes to a record's values; nil takes a value away. Defined fields are checked and written in
// their one form, a required one is not emptied ("field_required"), a retired one is read-only ("field_retired"). What
// no definition names is kept as text: programs may carry values of their own.
func EditFields(fields []Field, was map[string]string, changes map[string]*string) (map[string]string, error) {
	is := make(map[string]string, len(was)+len(changes))
	for key, value := range was {
		is[key] = value
	}
	for key, entered := range changes {
		if key == "" || utf8.RuneCountInString(key) > MaxFieldLabel {
			return nil, Invalid("fields", "field_name_invalid", "%.60q is no field name", key)
		}
		text := ""
		if entered != nil {
			text = *entered
		}
		i := slices.IndexFunc(fields, func(f Field) bool { return f.Key == key })
		if i < 0 {
			i = len(fields)
			fields = append(slices.Clip(fields), Field{Key: key, Kind: FieldText})
		}
		f := fields[i]
		value, err := f.Value(text)
		switch {
		case err != nil:
			return nil, err
		case !f.RetiredAt.IsZero() && value != was[key]:
			return nil, f.refuse("field_retired", "field %q was deleted", key)
		case f.Required && value == "" && was[key] != "":
			return nil, f.refuse("field_required", "field %q needs a value", key)
		case value == "":
			delete(is, key)
		default:
			is[key] = value
		}
	}
	if len(is) > MaxFields {
		return nil, Invalid("fields", "fields_too_many", "%d fields are more than %d", len(is), MaxFields)
	}
	return is, nil
}

// FieldChanges lists the values that differ, as events say it.
func FieldChanges(was, is map[string]string) []Change {
	var changes []Change
	for key, to := range is {
		if was[key] != to {
			changes = append(changes, Change{Field: "fields." + key, From: was[key], To: to})
		}
	}
	for key, from := range was {
		if _, kept := is[key]; !kept {
			changes = append(changes, Change{Field: "fields." + key, From: from})
		}
	}
	slices.SortFunc(changes, func(a, b Change) int { return strings.Compare(a.Field, b.Field) })
	return changes
}
