package api

import (
	"context"
	"net/http"

	"gongjian/internal/org"
)

// Self is the token in use and who acts by it.
type Self struct {
	Token  string   `json:"token" doc:"The token's id, which is no secret."`
	Name   string   `json:"name"`
	Scopes []string `json:"scopes" nullable:"false" doc:"read, report, verify, write, sign, webhook"`
	Until  string   `json:"until" format:"date-time"`
	Person string   `json:"person"`
	Post   string   `json:"post"`
	Title  string   `json:"title" doc:"The post's."`
	Unit   string   `json:"unit"`
	Roles  []string `json:"roles" nullable:"false"`
	Today  string   `json:"today" format:"date" doc:"The server's civil day in China."`
}

func (s *Server) tokenOperations() {
	handle(s, describe(http.MethodGet, "/token", "get-token", "token", "Who acts by the token in use, and for what it may be used", org.TokenReads),
		func(_ context.Context, q *asking, _ *struct{}) (*Plain[Self], error) {
			t, c := q.token, q.caller
			return &Plain[Self]{Body: Self{
				Token: string(t.ID), Name: t.Name, Scopes: texts(t.Scopes), Until: instant(t.Until), Person: string(t.Person), Post: string(t.Post),
				Title: c.Post().Title, Unit: string(c.Unit().ID), Roles: texts(c.Roles()), Today: q.view.Today().String(),
			}}, nil
		})
}
