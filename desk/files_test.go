package desk_test

import (
	"errors"
	"testing"

	"madoguchi/desk"
)

func asDesk(err error, to **desk.Error) bool { return errors.As(err, to) }

func TestAFilePolicyAdmits(t *testing.T) {
	t.Parallel()
	p := desk.FilePolicy{
		Kinds: map[desk.PartKind]desk.FileRule{desk.PartVideo: {Refused: true}, desk.PartImage: {MaxBytes: 100}},
		Types: []string{"pdf", "csv"},
	}
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		file desk.Attachment
		code string
	}{
		{desk.Attachment{Kind: desk.PartImage, Name: "a.png", Size: 100}, ""},
		{desk.Attachment{Kind: desk.PartImage, Name: "a.png", Size: 101}, "file_over_policy"},
		{desk.Attachment{Kind: desk.PartVideo, Name: "a.mp4", Size: 1}, "file_kind_refused"},
		{desk.Attachment{Kind: desk.PartAudio, Name: "a.ogg", Size: 1 << 30}, ""},
		{desk.Attachment{Kind: desk.PartFile, Name: "a.PDF", Size: 1}, ""},
		{desk.Attachment{Kind: desk.PartFile, Name: "a.pdf.exe", Size: 1}, "file_type_refused"},
		{desk.Attachment{Kind: desk.PartFile, Name: "none", Size: 1}, "file_type_refused"},
	} {
		if got := desk.CodeOf(p.Admits(c.file)); got != c.code {
			t.Errorf("%+v: %q, want %q", c.file, got, c.code)
		}
		if err := (desk.FilePolicy{}).Admits(c.file); err != nil {
			t.Errorf("no policy refuses %+v: %v", c.file, err)
		}
	}
	if got := p.Most(5000); got != 5000 {
		t.Errorf("a kind without a limit takes %d", got)
	}
	all := desk.FilePolicy{Kinds: map[desk.PartKind]desk.FileRule{desk.PartImage: {MaxBytes: 10}, desk.PartAudio: {Refused: true}, desk.PartVideo: {Refused: true}, desk.PartFile: {MaxBytes: 30}}}
	if got := all.Most(5000); got != 30 {
		t.Errorf("the largest is %d", got)
	}
	for code, bad := range map[string]desk.FilePolicy{
		"field_unknown":     {Kinds: map[desk.PartKind]desk.FileRule{"text": {}}},
		"size_invalid":      {Kinds: map[desk.PartKind]desk.FileRule{desk.PartFile: {MaxBytes: -1}}},
		"file_type_invalid": {Types: []string{".pdf"}},
	} {
		if got := desk.CodeOf(bad.Check()); got != code {
			t.Errorf("%+v: %q", bad, got)
		}
	}
}
