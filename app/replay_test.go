package app

import (
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

func TestReplayMakesRequestsDueAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) {
		s := open()
		const space, first, second desk.ID = 5, 70, 71
		came := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
		if err := s.Update(t.Context(), 0, func(tx store.Tx) error {
			return tx.WriteWorkspaces().Put(desk.Workspace{ID: space, Name: "w", CreatedAt: tx.Now()})
		}); err != nil {
			t.Fatal(err)
		}
		const many = replayPage + 3
		if err := s.Update(t.Context(), space, func(tx store.Tx) error {
			for _, id := range []desk.ID{first, second} {
				c := desk.Channel{ID: id, Kind: "x", Name: "x", Account: id.String(), State: desk.ChannelActive, CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Version: 1}
				if err := tx.WriteChannels().Put(c); err != nil {
					return err
				}
				for i := range many {
					q := store.RawRequest{ID: id*1000 + desk.ID(i), ChannelID: id, ReceivedAt: came.Add(time.Duration(i) * time.Second), Sealed: []byte("x"), FiledAt: came, Attempts: 1}
					if err := tx.WriteRaw().Put(q); err != nil {
						return err
					}
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		due := func() (n int) {
			if err := s.View(t.Context(), 0, func(r store.Reader) error {
				all, err := r.Raw().Due(10_000)
				n = len(all)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return n
		}
		told := 0
		n, err := replay(t.Context(), s, Replay{Channel: first, Since: came.Add(time.Second), Until: came.Add((many - 1) * time.Second)}, func(done int) { told = done })
		if err != nil || n != many-2 || due() != many-2 || told != n {
			t.Errorf("%d replayed (told %d), %d due, %v", n, told, due(), err)
		}
		if n, err = replay(t.Context(), s, Replay{}, nil); err != nil || n != many+2 || due() != 2*many {
			t.Errorf("the rest: %d, %d due, %v", n, due(), err)
		}
		if _, err := replay(t.Context(), s, Replay{Channel: 99}, nil); desk.CodeOf(err) != "channel_not_found" {
			t.Errorf("a channel that is not there: %v", err)
		}
	})
}
