package audit

import (
	"strconv"

	"madoguchi/desk"
	"madoguchi/store"
)

// promises writes what is promised to customers, and when supervisors hear of waits; clocks are nobody's deed.
type promises struct {
	store.SLAWriter
	t *tx
}

func slaPolicyFields(v desk.SLAPolicy) []field {
	return []field{
		{"name", v.Name}, {"position", strconv.FormatInt(v.Position, 10)}, {"team_ids", ids(v.TeamIDs)}, {"schedule_id", ref(v.ScheduleID)},
		{"targets", asJSON(v.Targets)},
	}
}

func (w promises) PutPolicy(v desk.SLAPolicy) error {
	before, present, err := was(w.t.SLA().Policy(v.ID))
	if err != nil {
		return err
	}
	if err := w.t.put(desk.AuditObject{Kind: "sla_policy", ID: v.ID, Name: v.Name}, present, slaPolicyFields(before), slaPolicyFields(v)); err != nil {
		return err
	}
	return w.SLAWriter.PutPolicy(v)
}

func (w promises) DeletePolicy(id desk.ID) error {
	before, present, err := was(w.t.SLA().Policy(id))
	if err != nil {
		return err
	}
	if err := w.t.deleted(desk.AuditObject{Kind: "sla_policy", ID: id, Name: before.Name}, present, slaPolicyFields(before)); err != nil {
		return err
	}
	return w.SLAWriter.DeletePolicy(id)
}

func waitAlertFields(a desk.WaitAlert) []field { return []field{{"minutes", strconv.Itoa(a.Minutes)}} }

func (w promises) PutWaitAlert(a desk.WaitAlert) error {
	before, present, err := was(w.t.SLA().WaitAlert(a.TeamID))
	if err != nil {
		return err
	}
	team, _, err := was(w.t.Teams().Get(a.TeamID))
	if err != nil {
		return err
	}
	if err := w.t.put(desk.AuditObject{Kind: "wait_alert", ID: a.TeamID, Name: team.Name}, present, waitAlertFields(before), waitAlertFields(a)); err != nil {
		return err
	}
	return w.SLAWriter.PutWaitAlert(a)
}
