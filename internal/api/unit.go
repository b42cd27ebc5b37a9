package api

import (
	"context"
	"net/http"

	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// Unit is an office, government, department, enterprise or institution (单位).
type Unit struct {
	ID        string   `json:"id"`
	Name      string   `json:"name" doc:"The full name today."`
	Short     string   `json:"short,omitempty"`
	Aliases   []string `json:"aliases,omitempty"`
	Kind      string   `json:"kind" doc:"government, department, agency, institution, enterprise, committee"`
	Level     string   `json:"level" doc:"province, city, county"`
	Region    string   `json:"region" doc:"Code of GB/T 2260 of the territory that it serves."`
	Function  string   `json:"function,omitempty"`
	Line      string   `json:"line,omitempty" doc:"The unit above it in the line (条)."`
	Block     string   `json:"block,omitempty" doc:"The government that it belongs to in the block (块)."`
	From      string   `json:"from,omitempty" format:"date"`
	To        string   `json:"to,omitempty" format:"date" doc:"Its last day; absent while it exists."`
	Successor string   `json:"successor,omitempty"`
	Version   int64    `json:"version"`
}

func showUnit(u org.Unit) Unit {
	return Unit{
		ID: string(u.ID), Name: u.Name, Short: u.Short, Aliases: u.Aliases, Kind: string(u.Kind), Level: string(u.Level), Region: string(u.Region),
		Function: u.Function, Line: string(u.Line), Block: string(u.Block), From: u.From.String(), To: u.To.String(), Successor: string(u.Successor), Version: u.Version,
	}
}

type unitsAsked struct {
	Page
	Axis  string `query:"axis" enum:"line,block" default:"line" doc:"Along which line of authority the tree is walked."`
	Under string `query:"under" maxLength:"128" doc:"The unit below which to list; without it the tops."`
	Words string `query:"words" maxLength:"100" doc:"Any unit whose name holds the words, instead of a level of the tree."`
}

// UnitAsked names a unit in an address.
type UnitAsked struct {
	Unit string `path:"unit" maxLength:"128"`
}

func (s *Server) unitOperations() {
	handle(s, describe(http.MethodGet, "/units", "list-units", "units", "A level of the tree of units, or units by name", org.TokenReads),
		func(ctx context.Context, q *asking, in *unitsAsked) (*List[Unit], error) {
			var after store.UnitKey
			if err := cursor(in.After, &after); err != nil {
				return nil, err
			}
			var rows []store.UnitEntry
			var err error
			if in.Words != "" {
				rows, err = q.view.FindUnits(ctx, in.Words, after, in.Limit+1)
			} else {
				rows, err = q.view.Units(ctx, org.Axis(in.Axis), org.UnitID(in.Under), after, in.Limit+1)
			}
			if err != nil {
				return nil, err
			}
			key := func(u store.UnitEntry) store.UnitKey {
				return store.UnitKey{Position: u.Position, Region: u.Region, ID: u.ID}
			}
			return page(q, in.Page, rows, key, func(u store.UnitEntry) Unit { return showUnit(u.Unit) }), nil
		})
	handle(s, describe(http.MethodGet, "/units/{unit}", "get-unit", "units", "One unit", org.TokenReads),
		func(ctx context.Context, q *asking, in *UnitAsked) (*One[Unit], error) {
			u, err := q.view.Unit(ctx, org.UnitID(in.Unit))
			if err != nil {
				return nil, err
			}
			return one(u.Version, showUnit(u.Unit)), nil
		})
	handle(s, describe(http.MethodGet, "/units/{unit}/tasks", "list-unit-tasks", "tasks", "The tasks in sight that a unit leads or helps", org.TokenReads),
		func(ctx context.Context, q *asking, in *struct {
			Page
			UnitAsked
		}) (*List[Task], error) {
			var after task.ID
			if err := cursor(in.After, &after); err != nil {
				return nil, err
			}
			rows, err := q.view.UnitTasks(ctx, org.UnitID(in.Unit), after, in.Limit+1)
			if err != nil {
				return nil, err
			}
			return page(q, in.Page, rows, func(t store.UnitTask) task.ID { return t.ID }, func(t store.UnitTask) Task { return q.showTask(t.TaskRow) }), nil
		})
}
