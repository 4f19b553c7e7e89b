package api

import (
	"os"
	"testing"
)

func TestDocumentPrint(t *testing.T) {
	b, err := Document()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("../web/api/openapi.json", append(b, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}
