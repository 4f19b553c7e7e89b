package sqlstore

import (
	"fmt"
	"strconv"
	"strings"
)

// SQLite plans by statistics, and without them takes a workspace for ten rows: it would read a whole table where an index
// is two steps away. A plan must not depend on when somebody last ran ANALYZE either, so the statistics are written with the
// schema: a big desk's, the same everywhere. (PostgreSQL keeps its own.)

const (
	indexColumns = `SELECT t.name, i.name, i."unique", coalesce(c.name, '') FROM sqlite_schema t, pragma_index_list(t.name) i, pragma_index_info(i.name) c
		WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, i.name, c.seqno`
	statisticsClear = `DELETE FROM sqlite_stat1`
	statisticsPut   = `INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ($1, $2, $3)`
)

// statRows is how many rows a table of a big desk has.
const statRows = 1_000_000

// statSpread is into how many parts a column divides the rows that the columns before it left; statFew for the others.
var statSpread = map[string]int{
	"workspace_id": 2, "unresolved": 3, "urgency": 4, "status": 6, "channel_id": 10, "team_id": 20, "tag_id": 50, "assignee_id": 500, "user_id": 500,
	"contact_id": 100_000, "conversation_id": 100_000, "identity_id": 300_000, "message_id": 300_000,
}

const statFew = 1000

// index is one index as the statistics see it.
type index struct {
	table, name string
	unique      bool
	columns     []string
}

func (x index) stat() string {
	left := statRows
	numbers := []string{strconv.Itoa(left)}
	for i, column := range x.columns {
		spread := statSpread[column]
		if spread == 0 {
			spread = statFew
		}
		left = max(left/spread, 1)
		if x.unique && i == len(x.columns)-1 {
			left = 1
		}
		numbers = append(numbers, strconv.Itoa(left))
	}
	return strings.Join(numbers, " ")
}

func writeStatistics(c *sqliteConn) error {
	if err := c.script("ANALYZE sqlite_schema"); err != nil { // makes the table
		return fmt.Errorf("analyze: %w", err)
	}
	var all []index
	err := c.query(indexColumns, nil, func(r row) error {
		var x index
		var column string
		if err := scan(r, &x.table, &x.name, &x.unique, &column); err != nil {
			return err
		}
		if len(all) == 0 || all[len(all)-1].name != x.name {
			all = append(all, x)
		}
		last := &all[len(all)-1]
		last.columns = append(last.columns, column)
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the indexes: %w", err)
	}
	if _, err := c.exec(statisticsClear, nil); err != nil {
		return err
	}
	for _, x := range all {
		if _, err := c.exec(statisticsPut, []any{x.table, x.name, x.stat()}); err != nil {
			return fmt.Errorf("statistics of %s: %w", x.name, err)
		}
	}
	return nil
}
