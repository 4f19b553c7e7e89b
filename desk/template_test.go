package desk_test

import (
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"madoguchi/desk"
)

// shipped is a template that the rules allow.
func shipped() desk.Template {
	return desk.Template{
		ID: 7, Name: "order_shipped", Language: "ja", Category: "utility", Body: "こんにちは {{1}} 様、{{2}} です。", Footer: "見本商店",
		Header: &desk.TemplateHeader{Kind: "text", Text: "注文 {{1}}"},
		Buttons: []desk.TemplateButton{
			{Kind: "quick_reply", Label: "はい"}, {Kind: "url", Label: "見る", Value: "https://example.test/{{1}}"}, {Kind: "copy_code", Label: "コード", Value: "SALE"},
		},
		Samples: map[string]string{"header.1": "A-1", "1": "秋子", "2": "発送済み", "button.1": "1"},
	}
}

func TestTemplateRules(t *testing.T) {
	t.Parallel()
	if err := shipped().Check(); err != nil {
		t.Fatal(err)
	}
	if got, want := shipped().Variables(), []string{"1", "2", "header.1", "button.1"}; !slices.Equal(got, want) {
		t.Errorf("variables %v, want %v", got, want)
	}
	for name, try := range map[string]struct {
		change func(*desk.Template)
		code   string
	}{
		"a capital":             {func(d *desk.Template) { d.Name = "Order" }, "template_name_invalid"},
		"no language":           {func(d *desk.Template) { d.Language = "" }, "field_missing"},
		"another category":      {func(d *desk.Template) { d.Category = "other" }, "choice_invalid"},
		"no body":               {func(d *desk.Template) { d.Body = " " }, "field_missing"},
		"a long body":           {func(d *desk.Template) { d.Body = strings.Repeat("あ", 1025) }, "text_too_long"},
		"a long header":         {func(d *desk.Template) { d.Header.Text = strings.Repeat("あ", 61) }, "text_too_long"},
		"a variable in front":   {func(d *desk.Template) { d.Body = "{{1}} 様、{{2}} です。" }, "variable_at_edge"},
		"a variable at the end": {func(d *desk.Template) { d.Body = "は {{1}} と {{2}}" }, "variable_at_edge"},
		"variables that touch":  {func(d *desk.Template) { d.Body = "は {{1}} {{2}} です" }, "variable_at_edge"},
		"a gap":                 {func(d *desk.Template) { d.Body = "は {{1}} と {{3}} です" }, "variables_with_gaps"},
		"a number and a name":   {func(d *desk.Template) { d.Body = "は {{1}} と {{name}} です" }, "variables_with_gaps"},
		"a footer's variable":   {func(d *desk.Template) { d.Footer = "は {{1}}" }, "variable_not_here"},
		"two in the header":     {func(d *desk.Template) { d.Header.Text = "{{1}} と {{2}}" }, "variable_not_here"},
		"no sample of the body": {func(d *desk.Template) { delete(d.Samples, "2") }, "sample_missing"},
		"nor of the header":     {func(d *desk.Template) { d.Samples["header.1"] = " " }, "sample_missing"},
		"nor of the address":    {func(d *desk.Template) { delete(d.Samples, "button.1") }, "sample_missing"},
		"eleven buttons":        {func(d *desk.Template) { d.Buttons = slices.Repeat(d.Buttons[:1], 11) }, "too_many_parts"},
		"three addresses": {func(d *desk.Template) {
			d.Buttons = slices.Repeat([]desk.TemplateButton{{Kind: "url", Label: "a", Value: "https://example.test"}}, 3)
		}, "button_twice"},
		"two codes":               {func(d *desk.Template) { d.Buttons = append(d.Buttons, d.Buttons[2]) }, "button_twice"},
		"quick replies apart":     {func(d *desk.Template) { d.Buttons = append(d.Buttons, d.Buttons[0]) }, "buttons_apart"},
		"an unknown button":       {func(d *desk.Template) { d.Buttons[0].Kind = "flow" }, "choice_invalid"},
		"a button without label":  {func(d *desk.Template) { d.Buttons[0].Label = "" }, "field_missing"},
		"a button to nowhere":     {func(d *desk.Template) { d.Buttons[1].Value = "" }, "field_missing"},
		"an address that is none": {func(d *desk.Template) { d.Buttons[1].Value = "example.test/{{1}}" }, "button_address_invalid"},
		"a variable within":       {func(d *desk.Template) { d.Buttons[1].Value = "https://example.test/{{1}}/a" }, "button_address_invalid"},
		"a variable as the host":  {func(d *desk.Template) { d.Buttons[1].Value = "https://{{1}}" }, "button_address_invalid"},
		"a code with a variable":  {func(d *desk.Template) { d.Buttons[2].Value = "S{{1}}" }, "variable_not_here"},
		"a long code":             {func(d *desk.Template) { d.Buttons[2].Value = strings.Repeat("A", 16) }, "text_too_long"},
		"a long label":            {func(d *desk.Template) { d.Buttons[0].Label = strings.Repeat("あ", 26) }, "text_too_long"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := shipped()
			try.change(&d)
			if err := d.Check(); desk.CodeOf(err) != try.code {
				t.Errorf("%v, want %s", err, try.code)
			}
		})
	}
}

func TestTemplateInUse(t *testing.T) {
	t.Parallel()
	values := map[string]string{"1": "秋子", "2": "発送済み", "header.1": "A-2", "button.1": "2"}
	before := maps.Clone(values)
	got := shipped().Use(values)
	want := desk.TemplateUse{
		TemplateID: 7, Name: "order_shipped", Language: "ja", Category: "utility", HeaderKind: "text", ButtonKinds: []string{"quick_reply", "url", "copy_code"},
		Variables: map[string]string{"1": "秋子", "2": "発送済み", "header.1": "A-2", "button.1": "2", "button.2": "SALE"},
	}
	if !reflect.DeepEqual(got, want) || !maps.Equal(values, before) {
		t.Errorf("%+v", got)
	}
	values["button.2"] = "MINE"
	if got := shipped().Use(values).Variables["button.2"]; got != "MINE" {
		t.Errorf("code %q", got)
	}
}

func TestTemplateAfterNews(t *testing.T) {
	t.Parallel()
	rejected := shipped()
	rejected.Status, rejected.Reason, rejected.Quality = "rejected", "PROMOTIONAL", "GREEN"
	for name, try := range map[string]struct {
		news desk.Template
		want func(*desk.Template)
	}{
		"approved": {desk.Template{ExternalID: "9", Status: "approved"}, func(d *desk.Template) { d.ExternalID, d.Status, d.Reason = "9", "approved", "" }},
		"quality":  {desk.Template{Quality: "YELLOW"}, func(d *desk.Template) { d.Quality = "YELLOW" }},
		"category": {desk.Template{Category: "marketing"}, func(d *desk.Template) { d.Category = "marketing" }},
		"words": {desk.Template{Body: "b", Footer: "f", Header: &desk.TemplateHeader{Kind: "image"}}, func(d *desk.Template) {
			d.Body, d.Footer, d.Header = "b", "f", &desk.TemplateHeader{Kind: "image"}
		}},
	} {
		want := rejected
		try.want(&want)
		if got := rejected.Told(try.news); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
}

func TestButtonsAsAThreadKeepsThem(t *testing.T) {
	t.Parallel()
	code := desk.TemplateButton{Kind: "copy_code", Value: "SALE"}
	for _, try := range []struct {
		button      desk.TemplateButton
		given, want string
	}{{shipped().Buttons[0], "", "はい"}, {code, "", "SALE"}, {code, "MINE", "MINE"}, {desk.TemplateButton{Kind: "flow"}, "", "flow"}} {
		if got := try.button.Shown(try.given); got != try.want {
			t.Errorf("%+v with %q: %q, want %q", try.button, try.given, got, try.want)
		}
	}
}

func TestTemplatePlaces(t *testing.T) {
	t.Parallel()
	tower := desk.TemplatePlace{Lat: 35.65858, Lng: 139.745433, Name: "東京タワー", Address: "東京都港区芝公園4-2-8"}
	if got, err := tower.Location(), tower.Check(); err != nil || got.Label != "東京タワー, 東京都港区芝公園4-2-8" || got.Lat != tower.Lat || got.Lng != tower.Lng {
		t.Errorf("%+v, %v", got, err)
	}
	for name, change := range map[string]func(*desk.TemplatePlace){
		"too far north": func(p *desk.TemplatePlace) { p.Lat = 90.1 }, "too far west": func(p *desk.TemplatePlace) { p.Lng = -180.1 }, "not a number": func(p *desk.TemplatePlace) { p.Lat = math.NaN() },
		"no name": func(p *desk.TemplatePlace) { p.Name = " " }, "no address": func(p *desk.TemplatePlace) { p.Address = "" },
	} {
		p := tower
		change(&p)
		if err := p.Check(); desk.CodeOf(err) != "place_invalid" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
