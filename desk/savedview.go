package desk

import (
	"slices"
	"time"
	"unicode/utf8"
)

// SavedView is a list that members keep under a name, for themselves, a team or everybody (G1.3).
type SavedView struct {
	ID ID
	Ownership
	Name      string // 1..60 characters
	Icon      string // one of SavedViewIcons
	Color     string // as a tag's, "" for none
	Place     int64  // among those beside it, lowest first
	Filter    ListFilter
	Sort      string // as the list's, "" = by latest activity
	CreatedAt time.Time
	UpdatedAt time.Time
	Version   int64
}

// MaxSavedViews is how many views one member, and how many all together, may keep.
const MaxSavedViews = 200

const (
	maxSavedViewName = 60 // runes
	maxFilterValues  = 50
	maxFilterDays    = 3660
)

// SavedViewIcons are the marks that a view may have.
func SavedViewIcons() []string {
	return []string{"bookmark", "star", "flag", "clock", "alert", "globe", "tag", "user", "team", "mail"}
}

// Check refuses a view that cannot be kept: "saved_view_audience_invalid", "name_missing", "name_too_long",
// "saved_view_icon_invalid", "view_invalid", "filter_too_long", each with its field.
func (v SavedView) Check() error {
	if err := v.Ownership.check("saved_view_audience_invalid"); err != nil {
		return err
	}
	switch {
	case v.Name == "":
		return Invalid("name", "name_missing", "a view has a name")
	case utf8.RuneCountInString(v.Name) > maxSavedViewName:
		return Invalid("name", "name_too_long", "more than %d characters", maxSavedViewName)
	case !slices.Contains(SavedViewIcons(), v.Icon):
		return Invalid("icon", "saved_view_icon_invalid", "no icon %.40q", v.Icon)
	}
	return v.Filter.check()
}

func (f ListFilter) check() error {
	if !f.View.Known() {
		return Invalid("filter.view", "view_invalid", "no view %.40q", string(f.View))
	}
	for _, n := range []int{
		len(f.Channels), len(f.Statuses), len(f.Assignees), len(f.Teams), len(f.Tags), len(f.Priorities), len(f.Windows), len(f.Languages), len(f.Acquaintances),
	} {
		if n > maxFilterValues {
			return Invalid("filter", "filter_too_long", "%d values of one kind are more than %d", n, maxFilterValues)
		}
	}
	if f.WithinDays < 0 || f.WithinDays > maxFilterDays {
		return Invalid("filter.within_days", "filter_too_long", "%d days", f.WithinDays)
	}
	return nil
}
