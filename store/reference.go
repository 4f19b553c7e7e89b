package store

import (
	"slices"
	"strconv"
	"strings"

	"madoguchi/desk"
)

// shownUsers is how many settings that stand in the way are named; the others are counted.
const shownUsers = 5

// Unused refuses to delete a record that settings name, and says which: "record_in_use" (conflict), with params.names and
// params.count (0.10). Members' personal macros and views are not asked: nobody else could mend them.
func Unused(r Reader, ref desk.Reference) error {
	names, err := naming(r, ref)
	if err != nil || len(names) == 0 {
		return err
	}
	e := desk.Errorf(desk.KindConflict, "record_in_use", "%d settings name %s %s", len(names), ref.Kind, ref.ID)
	e.Params = map[string]string{"names": strings.Join(names[:min(len(names), shownUsers)], ", "), "count": strconv.Itoa(len(names))}
	return e
}

// naming are the names of the settings that name a record.
func naming(r Reader, ref desk.Reference) ([]string, error) {
	var names []string
	for _, look := range []func(Reader, desk.Reference) ([]string, error){channelsNaming, policiesNaming, rulesNaming, triggersNaming, macrosNaming, viewsNaming, repliesOf} {
		found, err := look(r, ref)
		if err != nil {
			return nil, err
		}
		names = append(names, found...)
	}
	return names, nil
}

// picked are the names of those records that use the one.
func picked[T any](all []T, err error, uses func(T) bool, name func(T) string) ([]string, error) {
	var names []string
	for _, v := range all {
		if uses(v) {
			names = append(names, name(v))
		}
	}
	return names, err
}

// channelsNaming: a team that goes leaves its channels to everybody.
func channelsNaming(r Reader, ref desk.Reference) ([]string, error) {
	all, err := r.Channels().List()
	return picked(all, err, func(c desk.Channel) bool { return c.State != desk.ChannelDeleted && c.Automation.Names(ref) }, func(c desk.Channel) string { return c.Name })
}

// policiesNaming: without its only team a policy would promise everybody's customers something.
func policiesNaming(r Reader, ref desk.Reference) ([]string, error) {
	all, err := r.SLA().Policies()
	uses := func(p desk.SLAPolicy) bool {
		return ref.Kind == desk.ReferredTeam && slices.Contains(p.TeamIDs, ref.ID)
	}
	return picked(all, err, uses, func(p desk.SLAPolicy) string { return p.Name })
}

func rulesNaming(r Reader, ref desk.Reference) ([]string, error) {
	all, err := r.RoutingRules().List()
	return picked(all, err, func(v desk.RoutingRule) bool { return v.Conditions.Names(ref) || act(v.Actions, ref) }, func(v desk.RoutingRule) string { return v.Name })
}

func triggersNaming(r Reader, ref desk.Reference) ([]string, error) {
	all, err := r.Triggers().List()
	return picked(all, err, func(v desk.Trigger) bool { return v.Conditions.Names(ref) || act(v.Actions, ref) }, func(v desk.Trigger) string { return v.Name })
}

func macrosNaming(r Reader, ref desk.Reference) ([]string, error) {
	all, err := r.Macros().List()
	uses := func(m desk.Macro) bool {
		return m.Audience != desk.AudiencePersonal && (act(m.Actions, ref) || ref == desk.Reference{Kind: desk.ReferredTeam, ID: m.TeamID})
	}
	return picked(all, err, uses, func(m desk.Macro) string { return m.Name })
}

func viewsNaming(r Reader, ref desk.Reference) ([]string, error) {
	all, err := r.SavedViews().List()
	uses := func(v desk.SavedView) bool {
		return v.Audience != desk.AudiencePersonal && (v.Filter.Names(ref) || ref == desk.Reference{Kind: desk.ReferredTeam, ID: v.TeamID})
	}
	return picked(all, err, uses, func(v desk.SavedView) string { return v.Name })
}

// repliesOf are a team's own canned replies.
func repliesOf(r Reader, ref desk.Reference) ([]string, error) {
	all, err := r.Canned().List()
	return picked(all, err, func(c desk.CannedReply) bool { return ref == desk.Reference{Kind: desk.ReferredTeam, ID: c.TeamID} }, func(c desk.CannedReply) string { return c.Name })
}

func act(actions []desk.Action, ref desk.Reference) bool {
	return slices.ContainsFunc(actions, func(a desk.Action) bool { return a.Names(ref) })
}
