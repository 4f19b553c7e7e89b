package webchat

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"madoguchi/desk"
)

//go:embed locale/*.json
var localeFiles embed.FS

// Catalogue holds the channel's texts for people by locale and key.
type Catalogue map[desk.Locale]map[string]string

// LoadTexts reads the channel's texts; an error is a defect of the build.
func LoadTexts() (Catalogue, error) {
	c := Catalogue{}
	for _, locale := range []desk.Locale{desk.LocaleJA, desk.LocaleEN} {
		raw, err := localeFiles.ReadFile("locale/" + string(locale) + ".json")
		if err != nil {
			return nil, fmt.Errorf("read web chat texts: %w", err)
		}
		texts := map[string]string{}
		if err := json.Unmarshal(raw, &texts); err != nil {
			return nil, fmt.Errorf("read web chat texts %s: %w", locale, err)
		}
		c[locale] = texts
	}
	return c, nil
}

// Text is the text of a key, in English where the locale is not ours.
func (c Catalogue) Text(locale desk.Locale, key string) string {
	if texts, ok := c[locale]; ok {
		return texts[key]
	}
	return c[desk.LocaleEN][key]
}

// Hours tells a weekly schedule in one line, Monday first, days with the same hours together:
// "月〜金 09:00〜18:00 / 土、日 休み (Asia/Tokyo)".
func (c Catalogue) Hours(locale desk.Locale, s desk.Schedule) string {
	week := make([]string, 7) // Monday first
	for i := range week {
		week[i] = c.intervals(locale, s.Week[(i+1)%7])
	}
	var groups []string
	told := make([]bool, 7)
	for i, hours := range week {
		if told[i] {
			continue
		}
		var days []int
		for j := i; j < 7; j++ {
			if week[j] == hours {
				days, told[j] = append(days, j), true
			}
		}
		groups = append(groups, c.days(locale, days)+" "+hours)
	}
	return strings.Join(groups, c.Text(locale, "hours.separator")) + " (" + s.Zone + ")"
}

func (c Catalogue) intervals(locale desk.Locale, day []desk.Interval) string {
	if len(day) == 0 {
		return c.Text(locale, "hours.closed")
	}
	var spans []string
	for _, interval := range day {
		spans = append(spans, c.span(locale, clock(interval.Start), clock(interval.End)))
	}
	return strings.Join(spans, c.Text(locale, "hours.and"))
}

// days names weekdays (0 = Monday): a run of three or more as a range.
func (c Catalogue) days(locale desk.Locale, days []int) string {
	if len(days) == 7 {
		return c.Text(locale, "hours.everyday")
	}
	name := func(day int) string { return c.Text(locale, fmt.Sprintf("hours.day.%d", (day+1)%7)) }
	var names []string
	for len(days) > 0 {
		n := 1
		for n < len(days) && days[n] == days[0]+n {
			n++
		}
		if n >= 3 {
			names = append(names, c.span(locale, name(days[0]), name(days[n-1])))
		} else {
			for _, day := range days[:n] {
				names = append(names, name(day))
			}
		}
		days = slices.Clone(days[n:])
	}
	return strings.Join(names, c.Text(locale, "hours.and"))
}

func (c Catalogue) span(locale desk.Locale, from, to string) string {
	return strings.NewReplacer("{from}", from, "{to}", to).Replace(c.Text(locale, "hours.range"))
}

func clock(m desk.Minute) string { return fmt.Sprintf("%02d:%02d", m/60, m%60) }
