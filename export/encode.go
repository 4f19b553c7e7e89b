package export

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"

	"madoguchi/desk"
)

// record is one line: an object for JSON, and the same as cells for CSV.
type record struct {
	object any
	cells  []string
}

// encoder writes records in an export's format.
type encoder struct {
	lines *json.Encoder
	cells *csv.Writer
}

// bom tells Excel that a CSV file is UTF-8.
const bom = "\ufeff"

func newEncoder(to io.Writer, e desk.Export, columns []string) (*encoder, error) {
	if e.Format == desk.ExportJSONLines {
		lines := json.NewEncoder(to)
		lines.SetEscapeHTML(false)
		return &encoder{lines: lines}, nil
	}
	if e.Options.BOM {
		if _, err := io.WriteString(to, bom); err != nil {
			return nil, err
		}
	}
	cells := csv.NewWriter(to)
	cells.UseCRLF = true // RFC 4180, and what Excel writes
	w := &encoder{cells: cells}
	return w, w.row(columns)
}

func (w *encoder) write(r record) error {
	if w.lines != nil {
		return w.lines.Encode(r.object)
	}
	return w.row(r.cells)
}

func (w *encoder) row(cells []string) error {
	guarded := make([]string, len(cells))
	for i, c := range cells {
		guarded[i] = Guard(c)
	}
	if err := w.cells.Write(guarded); err != nil {
		return fmt.Errorf("write row: %w", err)
	}
	return nil
}

func (w *encoder) end() error {
	if w.cells == nil {
		return nil
	}
	w.cells.Flush()
	return w.cells.Error()
}

// plainNumber is what a spreadsheet may calculate without harm: a phone number in E.164 is one.
var plainNumber = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?$`)

// Guard keeps a cell that customers wrote from being run as a formula by a spreadsheet: one that begins like a formula, full
// width included, gets an apostrophe in front, which spreadsheets do not show. Plain numbers stay as they are.
func Guard(cell string) string {
	first := strings.TrimLeft(cell, " \u00a0\u3000\ufeff")
	if first == "" || plainNumber.MatchString(cell) {
		return cell
	}
	if strings.ContainsRune("=+-@\t\r\n|%＝＋－＠", []rune(first)[0]) {
		return "'" + cell
	}
	return cell
}
