package desk_test

import (
	"testing"

	"madoguchi/desk"
)

func TestAnOwnershipSaysWhomSomethingIsFor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		of   desk.Ownership
		want bool
	}{
		{desk.Ownership{Audience: desk.AudiencePersonal, Owner: 1}, true},
		{desk.Ownership{Audience: desk.AudiencePersonal, Owner: 2}, false},
		{desk.Ownership{Audience: desk.AudienceTeam, TeamID: 7}, true},
		{desk.Ownership{Audience: desk.AudienceTeam, TeamID: 8}, false},
		{desk.Ownership{Audience: desk.AudienceWorkspace}, true},
		{desk.Ownership{Audience: "everybody"}, false},
	} {
		if got := c.of.For(1, []desk.ID{6, 7}); got != c.want {
			t.Errorf("%+v: %v", c.of, got)
		}
	}
}
