package agent

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
)

func (a *API) board(api huma.API) {
	rest.Add(api, rest.Op{ID: "get-board", Method: http.MethodGet, Path: "/board", Tag: "Board",
		Summary: "What waits, what is worked on, who is there", Can: auth.ConversationMonitor,
		Description: "Of cases what the caller's scope shows; with a scope of teams, their own teams and the people in them. " +
			"The live socket tells it anew, at most once a second, after {\"type\":\"board\",\"open\":true}."}, a.getBoard)
}

func (a *API) getBoard(ctx context.Context, _ *struct{}) (board view.Board, err error) {
	err = a.readAll(ctx, func(r store.Reader, c *rest.Caller) error {
		var floor desk.Floor
		if floor, err = view.ReadFloor(r); err != nil {
			return err
		}
		board = view.BoardOf(floor.Board(c.User(), c.Scope(), a.now()))
		return nil
	})
	return board, err
}
