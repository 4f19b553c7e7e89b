package desk_test

import (
	"maps"
	"strings"
	"testing"

	"madoguchi/desk"
)

var rank = desk.Field{Subject: desk.FieldOfContact, Key: "rank", Kind: desk.FieldChoice, Label: desk.Labels{JA: "会員"},
	Options: []desk.FieldOption{{ID: "gold", Label: desk.Labels{JA: "金", EN: "Gold"}}, {ID: "silver", Label: desk.Labels{JA: "銀"}}}}

func TestValuesHaveOneForm(t *testing.T) {
	t.Parallel()
	of := func(kind desk.FieldKind) desk.Field { return desk.Field{Key: "x", Kind: kind} }
	many := rank
	many.Kind = desk.FieldChoices
	for _, test := range []struct {
		field               desk.Field
		entered, kept, code string
	}{
		{of(desk.FieldText), "  a\nb ", "a\nb", ""},
		{of(desk.FieldText), strings.Repeat("あ", 2001), "", "text_too_long"},
		{of(desk.FieldNumber), " 1,234.50 ", "1234.5", ""},
		{of(desk.FieldNumber), "－１２", "-12", ""},
		{of(desk.FieldNumber), "-0.0", "0", ""},
		{of(desk.FieldNumber), "+007", "7", ""},
		{of(desk.FieldNumber), "1e5", "", "field_number_invalid"},
		{of(desk.FieldNumber), "=1+1", "", "field_number_invalid"},
		{of(desk.FieldDate), "2026-02-28", "2026-02-28", ""},
		{of(desk.FieldDate), "2026-02-29", "", "field_date_invalid"},
		{of(desk.FieldDate), "28.2.2026", "", "field_date_invalid"},
		{of(desk.FieldCheckbox), "true", "true", ""},
		{of(desk.FieldCheckbox), "yes", "", "field_checkbox_invalid"},
		{of(desk.FieldLink), "https://example.jp/注文?a=1", "https://example.jp/注文?a=1", ""},
		{of(desk.FieldLink), "javascript:alert(1)", "", "field_link_invalid"},
		{of(desk.FieldLink), "https://", "", "field_link_invalid"},
		{rank, "gold", "gold", ""},
		{rank, "Gold", "", "field_option_unknown"},
		{many, "silver, gold,silver", "gold,silver", ""},
		{many, "gold,bronze", "", "field_option_unknown"},
		{rank, " ", "", ""},
	} {
		kept, err := test.field.Value(test.entered)
		if kept != test.kept || test.code == "" && err != nil || test.code != "" && desk.CodeOf(err) != test.code {
			t.Errorf("%s %.30q: %q, %v; want %q %s", test.field.Kind, test.entered, kept, err, test.kept, test.code)
		}
		if again, err := test.field.Value(kept); again != kept || err != nil {
			t.Errorf("%s %q is not its own form: %q, %v", test.field.Kind, kept, again, err)
		}
	}
	if got := many.Show("gold,bronze", desk.LocaleJA); got != "金, bronze" {
		t.Errorf("shown as %q", got)
	}
}

func TestDefinitionsAreChecked(t *testing.T) {
	t.Parallel()
	for code, change := range map[string]func(*desk.Field){
		"":                       func(*desk.Field) {},
		"field_key_invalid":      func(f *desk.Field) { f.Key = "Rank" },
		"field_label_missing":    func(f *desk.Field) { f.Label = desk.Labels{JA: " "} },
		"field_options_count":    func(f *desk.Field) { f.Options = nil },
		"field_option_invalid":   func(f *desk.Field) { f.Options = append(f.Options[:1:1], f.Options[0]) },
		"field_options_unwanted": func(f *desk.Field) { f.Kind = desk.FieldDate },
		"field_invalid":          func(f *desk.Field) { f.Kind = "colour" },
	} {
		f := rank
		change(&f)
		if err := f.Check(); desk.CodeOf(err) != code {
			t.Errorf("%q: %v", code, err)
		}
	}
}

func TestEditFields(t *testing.T) {
	t.Parallel()
	required := rank
	required.Required = true
	gone := desk.Field{Key: "old", Kind: desk.FieldText, RetiredAt: desk.Message{}.At.AddDate(2026, 0, 0)}
	fields := []desk.Field{required, gone}
	was := map[string]string{"rank": "gold", "old": "x", "crm": "7"}
	text := func(s string) *string { return &s }
	for _, test := range []struct {
		changes map[string]*string
		want    map[string]string
		code    string
	}{
		{map[string]*string{"crm": nil}, map[string]string{"rank": "gold", "old": "x"}, ""},
		{map[string]*string{"rank": text("silver"), "erp": text(" 9 ")}, map[string]string{"rank": "silver", "old": "x", "crm": "7", "erp": "9"}, ""},
		{map[string]*string{"rank": nil}, nil, "field_required"},
		{map[string]*string{"old": text("y")}, nil, "field_retired"},
		{map[string]*string{"old": text("x")}, was, ""},
		{map[string]*string{"rank": text("iron")}, nil, "field_option_unknown"},
		{map[string]*string{"": text("x")}, nil, "field_name_invalid"},
	} {
		is, err := desk.EditFields(fields, was, test.changes)
		if desk.CodeOf(err) != test.code || test.code == "" && !maps.Equal(is, test.want) {
			t.Errorf("%v: %v, %v; want %v %s", test.changes, is, err, test.want, test.code)
		}
	}
	if len(was) != 3 || was["rank"] != "gold" {
		t.Errorf("the old values changed: %v", was)
	}
}
