package sla

import (
	"fmt"
	"slices"

	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
)

// tell says once what a clock came to: in the log, a breach also in the thread, and to whom it concerns. Of a warning whose breach is
// told along with it, after an outage, nobody needs to hear.
func (v *visit) tell(clocks desk.SLA, n desk.SLANews, all []desk.SLANews) error {
	kind, code, severity := desk.EventSLAWarned, desk.NotifySLAWarning, desk.SeverityWarning
	if n.Breached {
		kind, code, severity = desk.EventSLABreached, desk.NotifySLABreached, desk.SeverityError
	}
	v.tx.Emit(desk.Event{
		Kind: kind, At: v.tx.Now(), Actor: system, ConversationID: v.row.ID, TicketID: v.ticket.ID,
		Changes: []desk.Change{{Field: "metric", To: string(n.Metric)}, {Field: "policy_id", To: clocks.PolicyID.String()}},
	})
	if n.Breached {
		if err := store.AddLine(v.tx, &v.row, v.ticket.ID, system, "sla_breached", map[string]string{"metric": string(n.Metric)}); err != nil {
			return err
		}
	} else if slices.ContainsFunc(all, func(o desk.SLANews) bool { return o.Breached && o.Metric == n.Metric }) {
		return nil
	}
	users, err := v.concerned(n)
	if err != nil {
		return err
	}
	params := map[string]string{"metric": string(n.Metric), "due": desk.Instant(clocks.Clock(n.Metric).DueAt), "number": fmt.Sprint(v.ticket.Number)}
	return notify(v.tx, v.row, users, code, severity, params)
}

// concerned are the assignee, and the supervisors of the ticket's team where nobody has the case or its target has passed.
func (v *visit) concerned(n desk.SLANews) ([]desk.ID, error) {
	var users []desk.ID
	if v.ticket.Assignee != 0 {
		users = append(users, v.ticket.Assignee)
		if !n.Breached {
			return users, nil
		}
	}
	supervisors, err := supervisors(v.tx, v.ticket.TeamID, v.row)
	for _, id := range supervisors {
		if id != v.ticket.Assignee {
			users = append(users, id)
		}
	}
	return users, err
}

// supervisors are those who hear of what goes wrong with a conversation of a team (E17, E19).
func supervisors(r store.Reader, team desk.ID, c desk.Conversation) ([]desk.ID, error) {
	w, err := r.Workspaces().Current()
	if err != nil {
		return nil, fmt.Errorf("read workspace: %w", err)
	}
	members, err := r.Members().List()
	if err != nil {
		return nil, fmt.Errorf("read members: %w", err)
	}
	teams, err := r.Teams().List()
	if err != nil {
		return nil, fmt.Errorf("read teams: %w", err)
	}
	return auth.Supervisors(w, members, teams, team, c), nil
}

func notify(tx store.Tx, c desk.Conversation, users []desk.ID, code string, severity desk.Severity, params map[string]string) error {
	for _, user := range users {
		n := desk.NotifyAbout(c, user, code, params)
		n.Severity = severity
		if err := store.Notify(tx, n); err != nil {
			return err
		}
	}
	return nil
}
