package store

import (
	"cmp"
	"time"

	"madoguchi/desk"
)

// ZoneOf is whose clock a member goes by: their own zone, else the workspace's; UTC for one that is gone from the tables.
func ZoneOf(r Reader, user desk.ID) (*time.Location, error) {
	u, err := r.Accounts().User(user)
	if err != nil {
		return nil, err
	}
	w, err := r.Workspaces().Current()
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(cmp.Or(u.Zone, w.Zone))
	if err != nil {
		return time.UTC, nil
	}
	return zone, nil
}
