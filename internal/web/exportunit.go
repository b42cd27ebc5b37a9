package web

import (
	"strings"

	"gongjian/internal/org"
	"gongjian/internal/store"
)

func unitExports() []exportable {
	return []exportable{
		{key: "units", page: "/units", address: "/units", table: unitsListed, columns: []exportColumn{
			words("unit", 34), words("short", 16), words("level", 10), words("unit-kind", 10), words("region", 12), words("region-code", 10), day("ended"),
		}},
		{key: "posts", page: "/units/{id}", address: "/units/{id}/posts", table: postList, columns: []exportColumn{words("unit", 34), words("post", 20), words("roles", 24), words("holders", 24)}},
		{key: "holders", page: "/posts/{id}", address: "/posts/{id}/holders", table: holderList, columns: []exportColumn{words("unit", 34), words("post", 20), words("holder", 14), day("from"), day("to")}},
	}
}

// unitsListed is the level of the tree that is shown, or what a search found.
func unitsListed(q *request) (exportTable, error) {
	axis, under, find := org.Line, org.UnitID(q.FormValue("under")), strings.TrimSpace(q.FormValue("q"))
	if q.FormValue("axis") == string(org.Block) {
		axis = org.Block
	}
	if under != "" && find == "" { // an absent one is absent here, too
		if _, err := q.view.Unit(q.Context(), under); err != nil {
			return exportTable{}, err
		}
	}
	rows := paged(func(after store.UnitKey, limit int) ([]store.UnitEntry, error) {
		if find != "" {
			return q.view.FindUnits(q.Context(), find, after, limit)
		}
		return q.view.Units(q.Context(), axis, under, after, limit)
	}, func(u store.UnitEntry) store.UnitKey {
		return store.UnitKey{Position: u.Position, Region: u.Region, ID: u.ID}
	},
		rowsOf(func(u store.UnitEntry) exportRow {
			return exportRow{"unit": said(u.Name), "short": said(u.Short), "level": said(q.p.T("unit.level." + string(u.Level))), "unit-kind": said(q.p.T("unit.kind." + string(u.Kind))),
				"region": said(q.regionName(u.Region)), "region-code": said(string(u.Region)), "ended": onDate(u.To)}
		}))
	return exportTable{title: q.p.T("unit.title"), rows: rows}, nil
}

// postList is the posts of a unit with who holds them.
func postList(q *request) (exportTable, error) {
	u, err := q.view.Unit(q.Context(), org.UnitID(q.PathValue("id")))
	if err != nil {
		return exportTable{}, err
	}
	posts, err := q.view.PostsIn(q.Context(), []org.UnitID{u.ID}, postLimit)
	return exportTable{title: q.p.T("export.title-posts", "unit", u.Name), rows: each(posts, func(p store.PostEntry) exportRow {
		var names []string
		for _, h := range p.Holders {
			names = append(names, h.Name)
		}
		return exportRow{"unit": said(u.Name), "post": said(p.Title), "roles": said(q.roles(p.Roles)), "holders": said(q.p.List(names))}
	})}, err
}

// holderList is who has held a post.
func holderList(q *request) (exportTable, error) {
	o, err := q.view.PostByID(q.Context(), org.PostID(q.PathValue("id")), heldLimit)
	if err != nil {
		return exportTable{}, err
	}
	return exportTable{title: q.p.Dots(o.UnitName, o.Title), rows: each(o.Held, func(h store.Held) exportRow {
		return exportRow{"unit": said(o.UnitName), "post": said(o.Title), "holder": said(h.Name), "from": onDate(h.From), "to": onDate(h.To)}
	})}, nil
}
