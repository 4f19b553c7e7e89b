package view

import "madoguchi/desk"

// TeamWait is how a team's estimated waits did (E24).
type TeamWait struct {
	TeamID      desk.ID `json:"team_id"`
	MeanSeconds int64   `json:"mean_seconds" doc:"How long an assignment occupies a slot, over the samples"`
	Samples     int     `json:"samples" doc:"Below ten, five minutes are supposed instead"`
	Estimates   int     `json:"estimates" doc:"Of the last seven days, of tickets that were assigned since"`
	Kept        int     `json:"kept" doc:"Of these, off by no more than a fifth or two minutes"`
	OffSeconds  int64   `json:"off_seconds" doc:"The middle one of how far they were off, either way"`
}
