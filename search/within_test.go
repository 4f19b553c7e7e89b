package search_test

import (
	"fmt"
	"strings"
	"testing"

	"madoguchi/desk"
	"madoguchi/search"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

// In one conversation everything is found at once, without the index: one character, notes, files, what lies far back (G2).
func TestFindWithin(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) {
		w := newWorld(t, open())
		here, other := w.newPerson(0, desk.Contact{Name: "田中 花子"}), w.newPerson(1, desk.Contact{Name: "John Smith"})
		w.update(func(tx store.Tx) error {
			_, err := w.say(tx, here, "ﾊｲｿｳはまだですか", nil)
			for i := range 520 {
				if _, e := w.say(tx, here, fmt.Sprintf("その後 %d", i), nil); e != nil {
					err = e
				}
			}
			return err
		})
		w.said(here, "配送の人に電話した", asNote)
		w.said(other, "配送", nil)
		w.said(here, "Where is order A-12?", nil)
		w.update(func(tx store.Tx) error { // a system line says nothing
			_, err := w.say(tx, here, "配", func(m *desk.Message) { m.Author = desk.Author{Kind: desk.AuthorSystem} })
			return err
		})
		for asked, want := range map[string]string{
			"配":         "note 522 [配]送の人に電話した",
			"はいそう":      "message 1 [ﾊｲｿｳ]はまだですか",
			"ORDER a":   "message 523 Where is [order] [A]-12?",
			"後 449":     "message 451 その[後] [449]",
			"rder":      "",
			"  ":        "",
			"John":      "",
			"電話 配送":     "note 522 [配送]の人に[電話]した",
			"後 配送":      "",
			"ひとつも ない言葉": "",
		} {
			if got := w.within(here, asked, 0); got != want {
				t.Errorf("%q: found %q, want %q", asked, got, want)
			}
		}
		if got := w.within(here, "はいそう", 1); got != "" {
			t.Errorf("below the first message: found %q", got)
		}
		if got := strings.Count(w.within(here, "その後", 0), "message"); got != 520 {
			t.Errorf("found %d of 520", got)
		}
	})
}

// within tells all pages' hits.
func (w *world) within(row desk.Conversation, text string, below int64) string {
	w.t.Helper()
	var told []string
	for {
		var page search.Within
		err := w.s.View(w.t.Context(), workspace, func(r store.Reader) (err error) {
			page, err = search.FindWithin(r, row.ID, text, below)
			return err
		})
		if err != nil {
			w.t.Fatalf("find %q: %v", text, err)
		}
		for _, h := range page.Hits {
			told = append(told, fmt.Sprintf("%s %d %s", h.Kind, h.Message.Seq, marked(h.Text, h.Ranges)))
		}
		if below = page.Next; below == 0 {
			return strings.Join(told, "; ")
		}
	}
}
