package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gongjian/internal/org"
	"gongjian/internal/task"
)

// DocumentView is an issued document as one caller sees it.
type DocumentView struct {
	Issued
	PostTitle string // of who issued it
}

// Document returns an issued document, if the caller may see it.
func (v *View) Document(ctx context.Context, id DocumentID) (DocumentView, error) {
	d, err := loadDocument(ctx, v.q, "d.id = $1", string(id))
	if err != nil {
		return DocumentView{}, err
	}
	if err := v.see(org.SeeDocument, d.Access()); err != nil {
		return DocumentView{}, err
	}
	out := DocumentView{}
	if out.Issued, err = v.store.ByCode(ctx, d.Code); err != nil {
		return out, err
	}
	err = v.q.QueryRowContext(ctx, `select title from post where id = $1`, d.Post).Scan(&out.PostTitle)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return out, err
}

// DocumentEntry is an issued document in a list.
type DocumentEntry struct {
	Document
	UnitName string
}

// DocumentFilter narrows the list; empty fields do not.
type DocumentFilter struct {
	Kind string
	Unit org.UnitID // that issued
}

// DocumentKey is where a page of the list begins: after this document.
type DocumentKey struct {
	At time.Time
	ID DocumentID
}

// Documents lists the issued documents in scope, the newest first.
func (v *View) Documents(ctx context.Context, f DocumentFilter, after DocumentKey, limit int) ([]DocumentEntry, error) {
	where, args := documentsInScope(v.scope, 1)
	c := clause{n: len(args) + 1, args: args}
	if f.Kind != "" {
		where += ` and d.kind = ` + c.arg(f.Kind)
	}
	if f.Unit != "" {
		where += ` and d.unit = ` + c.arg(string(f.Unit))
	}
	if after.ID != "" {
		at, id := c.arg(after.At.UnixMicro()), c.arg(string(after.ID))
		where += ` and (d.at < ` + at + ` or d.at = ` + at + ` and d.id < ` + id + `)`
	}
	rows, err := v.q.QueryContext(ctx, `select `+documentColumns+`, u.name from document d join unit u on u.id = d.unit
		where `+where+` order by d.at desc, d.id desc limit `+c.arg(limit), c.args...)
	return collect(rows, err, func(r *sql.Rows) (e DocumentEntry, err error) {
		e.Document, err = scanDocument(r, &e.UnitName)
		return e, err
	})
}

// DocumentsOf lists the documents in scope that were made from one record, the newest first.
func (v *View) DocumentsOf(ctx context.Context, kind, id string, limit int) ([]DocumentEntry, error) {
	where, args := documentsInScope(v.scope, 1)
	c := clause{n: len(args) + 1, args: args}
	rows, err := v.q.QueryContext(ctx, `select `+documentColumns+`, u.name from document d join unit u on u.id = d.unit
		where d.subject_kind = `+c.arg(kind)+` and d.subject = `+c.arg(id)+` and `+where+` order by d.at desc, d.id desc limit `+c.arg(limit), c.args...)
	return collect(rows, err, func(r *sql.Rows) (e DocumentEntry, err error) {
		e.Document, err = scanDocument(r, &e.UnitName)
		return e, err
	})
}

// Style returns how a unit's documents look as JSON, with its version; version 0
// and no body when the unit has set none.
func (v *View) Style(ctx context.Context, unit org.UnitID) (body json.RawMessage, version int64, err error) {
	var s string
	err = v.q.QueryRowContext(ctx, `select body, version from document_style where unit = $1`, unit).Scan(&s, &version)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, 0, nil
	}
	return json.RawMessage(s), version, err
}

// LastNumber is the last serial taken of a mark in a year, 0 for none: where the
// next number is likely to stand.
func (v *View) LastNumber(ctx context.Context, mark string, year int) (last int, err error) {
	err = v.q.QueryRowContext(ctx, `select last from document_number where mark = $1 and year = $2`, mark, year).Scan(&last)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return last, err
}

// NoticeTask is a task that a unit leads or helps, with the title of its plan.
type NoticeTask struct {
	TaskRow
	Leading bool
	Plan    string
}

// NoticeTasks returns the tasks of issued plans of a year that a unit leads or
// helps, plan by plan, those that it leads first: as many as the caller sees. With
// an office, only those of plans that it runs.
func (v *View) NoticeTasks(ctx context.Context, unit org.UnitID, year int, office org.UnitID, limit int) ([]NoticeTask, error) {
	scope, args := tasksInScope(v.scope, 1)
	c := clause{n: len(args) + 1, args: args}
	who := c.arg(string(unit))
	where := `x.unit = ` + who + ` and l.year = ` + c.arg(year) + ` and l.issued is not null and t.state not in ('draft', 'withdrawn')`
	if office != "" {
		where += ` and l.office = ` + c.arg(string(office))
	}
	type found struct {
		id   task.ID
		role task.Role
		plan string
	}
	rows, err := v.q.QueryContext(ctx, `select t.id, x.role, l.title from task t join part x on x.task = t.id join plan l on l.id = t.plan
		where `+where+` and `+scope+` order by x.role desc, l.region, l.id, t.depth, t.position, t.id limit `+c.arg(limit), c.args...)
	all, err := collect(rows, err, func(r *sql.Rows) (f found, err error) { return f, r.Scan(&f.id, &f.role, &f.plan) })
	if err != nil || len(all) == 0 {
		return nil, err
	}
	byID := map[task.ID]TaskRow{}
	for start := 0; start < len(all); start += 500 {
		var ids []task.ID
		for _, f := range all[start:min(start+500, len(all))] {
			ids = append(ids, f.id)
		}
		marks, args := list(1, ids)
		loaded, err := v.tasks(ctx, `where t.id in (`+marks+`)`, args...)
		if err != nil {
			return nil, fmt.Errorf("store: reading a unit's tasks: %w", err)
		}
		for _, t := range loaded {
			byID[t.ID] = t
		}
	}
	out := make([]NoticeTask, len(all))
	for i, f := range all {
		out[i] = NoticeTask{TaskRow: byID[f.id], Leading: f.role == task.Lead, Plan: f.plan}
	}
	return out, nil
}

// Government returns the government of a region with its name; "" when the
// directory has none.
func (v *View) Government(ctx context.Context, region org.RegionCode) (id org.UnitID, name string, err error) {
	if id, err = governmentOf(ctx, v.q, region); err != nil || id == "" {
		return "", "", err
	}
	err = v.q.QueryRowContext(ctx, `select name from unit where id = $1`, id).Scan(&name)
	return id, name, err
}
