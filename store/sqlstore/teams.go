package sqlstore

import (
	"cmp"

	"madoguchi/desk"
)

type teams struct{ t *tx }

const (
	teamColumns = `id, name, created_at, mode, accept, ageing`

	sqlTeamGet       = `SELECT ` + teamColumns + ` FROM teams WHERE workspace_id = $1 AND id = $2`
	sqlTeamList      = `SELECT ` + teamColumns + ` FROM teams WHERE workspace_id = $1 ORDER BY id`
	sqlTeamOf        = `SELECT team_id FROM team_members WHERE workspace_id = $1 AND user_id = $2 ORDER BY team_id`
	sqlTeamMembers   = `SELECT user_id FROM team_members WHERE workspace_id = $1 AND team_id = $2 ORDER BY position, user_id`
	sqlTeamMemberAll = `SELECT team_id, user_id FROM team_members WHERE workspace_id = $1 ORDER BY team_id, position, user_id`
	sqlTeamPut       = `INSERT INTO teams (workspace_id, ` + teamColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (workspace_id, id) DO UPDATE SET name = excluded.name, mode = excluded.mode, accept = excluded.accept, ageing = excluded.ageing`
	sqlTeamClear  = `DELETE FROM team_members WHERE workspace_id = $1 AND team_id = $2`
	sqlTeamAdd    = `INSERT INTO team_members (workspace_id, team_id, user_id, position) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`
	sqlTeamDelete = `DELETE FROM teams WHERE workspace_id = $1 AND id = $2`
)

func readTeam(r row, v *desk.Team) error {
	return scan(r, &v.ID, &v.Name, &v.CreatedAt, &v.Mode, &v.Accept, &v.Ageing)
}

func (s teams) Get(id desk.ID) (desk.Team, error) {
	team, err := get(s.t, "team", readTeam, sqlTeamGet, s.t.workspace, id)
	if err != nil {
		return team, err
	}
	team.MemberIDs, err = list(s.t, readID, sqlTeamMembers, s.t.workspace, id)
	return team, err
}

func (s teams) List() ([]desk.Team, error) {
	all, err := list(s.t, readTeam, sqlTeamList, s.t.workspace)
	if err != nil {
		return nil, err
	}
	of := map[desk.ID][]desk.ID{}
	err = s.t.each(sqlTeamMemberAll, []any{s.t.workspace}, func(r row) error {
		var team, user desk.ID
		if err := scan(r, &team, &user); err != nil {
			return err
		}
		of[team] = append(of[team], user)
		return nil
	})
	for i := range all {
		all[i].MemberIDs = of[all[i].ID]
	}
	return all, err
}

func (s teams) Of(user desk.ID) ([]desk.ID, error) {
	return list(s.t, readID, sqlTeamOf, s.t.workspace, user)
}

func (s teams) Put(team desk.Team) error {
	if err := s.t.write(sqlTeamPut, s.t.workspace, team.ID, team.Name, team.CreatedAt, cmp.Or(team.Mode, desk.ModeManual), cmp.Or(team.Accept, desk.AcceptAutomatic), team.Ageing); err != nil {
		return err
	}
	if err := s.t.write(sqlTeamClear, s.t.workspace, team.ID); err != nil {
		return err
	}
	for place, user := range team.MemberIDs {
		if err := s.t.write(sqlTeamAdd, s.t.workspace, team.ID, user, place); err != nil {
			return err
		}
	}
	return nil
}

func (s teams) Delete(id desk.ID) error {
	for _, sql := range []string{sqlTeamClear, sqlTurnsOfTeam} {
		if err := s.t.write(sql, s.t.workspace, id); err != nil {
			return err
		}
	}
	return s.t.write(sqlTeamDelete, s.t.workspace, id)
}
