package admin

import (
	"context"
	"slices"

	"madoguchi/account"
	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
)

// keeper is a caller with the teams they are in.
type keeper struct {
	*rest.Caller
	teams []desk.ID
}

func keeperOf(r store.Reader, c *rest.Caller) (keeper, error) {
	teams, err := r.Teams().Of(c.User())
	return keeper{c, teams}, err
}

// ownership is whose something is that the caller keeps for an audience.
func (k keeper) ownership(audience desk.Audience, team desk.ID) desk.Ownership {
	o := desk.Ownership{Audience: audience, TeamID: team}
	if audience == desk.AudiencePersonal {
		o.Owner = k.User()
	}
	return o
}

// shelf is where records of one kind are that members keep for themselves, a team or everybody (desk.Ownership): canned replies,
// macros, saved views.
type shelf[D kept, V any] struct {
	kind    string // as account.Once and "…_not_found" name it
	records func(store.Reader) records[D]
	order   func(x, y D) int // nil = as the store lists them
	rule    func(d D, member desk.ID, teams []desk.ID, can func(auth.Permission) bool) error
	version func(D) int64
	view    func(r store.Reader, k keeper, d D) (V, error)
}

type kept interface {
	For(member desk.ID, teams []desk.ID) bool
}

type records[D any] interface {
	Get(id desk.ID) (D, error)
	List() ([]D, error)
}

// may refuses what the caller may not make, change or delete.
func (s shelf[D, V]) may(k keeper, d D) error { return s.rule(d, k.User(), k.teams, k.Can) }

// sees reports whether a record is for the caller, or theirs to look after.
func (s shelf[D, V]) sees(k keeper, d D) bool { return d.For(k.User(), k.teams) || s.may(k, d) == nil }

// find reads a record that the caller sees; any other is not there.
func (s shelf[D, V]) find(r store.Reader, k keeper, id desk.ID) (D, error) {
	d, err := s.records(r).Get(id)
	if err == nil && !s.sees(k, d) {
		err = desk.NotFound(s.kind)
	}
	return d, err
}

// mine reads a record that the caller may change.
func (s shelf[D, V]) mine(r store.Reader, k keeper, id desk.ID) (D, error) {
	d, err := s.find(r, k, id)
	if err == nil {
		err = s.may(k, d)
	}
	return d, err
}

// list answers what the caller sees.
func (s shelf[D, V]) list(ctx context.Context, a *API) (list rest.Items[V], err error) {
	err = a.read(ctx, func(r store.Reader, c *rest.Caller) error {
		k, err := keeperOf(r, c)
		if err != nil {
			return err
		}
		all, err := s.records(r).List()
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(d D) bool { return !s.sees(k, d) })
		if s.order != nil {
			slices.SortFunc(all, s.order)
		}
		views := make([]V, len(all))
		for i, d := range all {
			if views[i], err = s.view(r, k, d); err != nil {
				return err
			}
		}
		list = rest.NewItems(views)
		return nil
	})
	return list, err
}

// add keeps a new record, or for a request that is repeated (Idempotency-Key) answers what the first one made, as it is now.
func (s shelf[D, V]) add(ctx context.Context, a *API, put func(tx store.Tx, k keeper, id desk.ID) (D, error)) (V, error) {
	repeat := rest.From(ctx).Repeat
	return result(ctx, a, func(tx store.Tx, c *rest.Caller) (out V, err error) {
		k, err := keeperOf(tx, c)
		if err != nil {
			return out, err
		}
		id := tx.NewID()
		before, seen, err := account.Once(tx, c.Account(), s.kind, repeat, id)
		if err != nil {
			return out, err
		}
		var d D
		if seen {
			d, err = s.find(tx, k, before)
		} else {
			d, err = put(tx, k, id)
		}
		if err != nil {
			return out, err
		}
		return s.view(tx, k, d)
	})
}

// replace changes a record of which a version was seen: "edited_meanwhile" (conflict) with the record as it is if that is not
// the one there is.
func (s shelf[D, V]) replace(ctx context.Context, a *API, id desk.ID, version int64, put func(tx store.Tx, k keeper, was D) (D, error)) (V, error) {
	return result(ctx, a, func(tx store.Tx, c *rest.Caller) (out V, err error) {
		k, err := keeperOf(tx, c)
		if err != nil {
			return out, err
		}
		was, err := s.mine(tx, k, id)
		if err != nil {
			return out, err
		}
		if now := s.version(was); now != version {
			current, err := s.view(tx, k, was)
			if err != nil {
				return out, err
			}
			return out, rest.WithCurrent(desk.Errorf(desk.KindConflict, "edited_meanwhile", "the %s is at version %d, not %d", s.kind, now, version), current)
		}
		d, err := put(tx, k, was)
		if err != nil {
			return out, err
		}
		return s.view(tx, k, d)
	})
}

// remove deletes a record.
func (s shelf[D, V]) remove(ctx context.Context, a *API, id desk.ID, take func(tx store.Tx, k keeper, d D) error) (rest.None, error) {
	return rest.None{}, a.write(ctx, func(tx store.Tx, c *rest.Caller) error {
		k, err := keeperOf(tx, c)
		if err != nil {
			return err
		}
		d, err := s.mine(tx, k, id)
		if err != nil {
			return err
		}
		return take(tx, k, d)
	})
}

// hasTeam refuses an ownership whose team is not there.
func hasTeam(r store.Reader, o desk.Ownership) error {
	if o.TeamID == 0 {
		return nil
	}
	_, err := r.Teams().Get(o.TeamID)
	return err
}
