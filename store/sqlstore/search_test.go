package sqlstore

import (
	"testing"

	"madoguchi/desk"
)

// Every workspace has a whole range of rowids, above 0 and in the order of ids.
func TestWorkspacesHaveRangesOfRowids(t *testing.T) {
	t.Parallel()
	seen := map[int64]bool{}
	for workspace := desk.ID(1); workspace < 20_000; workspace++ {
		first, last := ftsRow(workspace, 0), ftsRow(workspace, 1<<idBits)
		if first < 0 || last-first != 1<<idBits {
			t.Fatalf("workspace %s has rowids %d to %d", workspace, first, last)
		}
		seen[first] = true
	}
	if len(seen) != 512 {
		t.Errorf("%d ranges are in use, want 512", len(seen))
	}
}
