package api_test

import (
	"bytes"
	"os"
	"testing"

	"madoguchi/api"
)

// TestDocumentIsUpToDate guards the front end's types: they are generated from this file (make api-types).
func TestDocumentIsUpToDate(t *testing.T) {
	t.Parallel()
	want, err := api.Document()
	if err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile("../web/api/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(kept, want) {
		t.Error("web/api/openapi.json is not what the code declares: run make api-types")
	}
}
