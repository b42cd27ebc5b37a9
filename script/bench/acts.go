package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// due is a report that can be handed in.
type due struct {
	task   task.ID
	by     org.Caller
	period calendar.Period
}

// reports finds reports of the present period that nobody has handed in yet, of
// tasks all over the land.
func (s *served) reports(n int) ([]due, error) {
	found, err := s.texts(5, `select k.id, k.cadence, h.person, h.post, p.unit from task k join part p on p.task = k.id and p.role = 'lead'
		join post o on o.unit = p.unit and o.roles like '%clerk%' join holding h on h.post = o.id
		where k.state = 'in-force' and k.parts = 0 and k.cadence <> 'month' and k.start_day = $1
			and not exists (select 1 from report r where r.task = k.id and r.at > $2) order by substr(k.id, 30) limit $3`,
		calendar.NewDate(s.clock.Year(), 1, 1).String(), s.clock.AddDate(0, -2, -10).UnixMicro(), n)
	if err != nil {
		return nil, err
	}
	var out []due
	for _, f := range found {
		c, err := s.store.Caller(s.ctx, org.PersonID(f[2]), org.PostID(f[3]), s.store.Today())
		if err != nil {
			return nil, err
		}
		out = append(out, due{task.ID(f[0]), c, calendar.Of(calendar.PeriodKind(f[1]), s.store.Today())})
	}
	return out, nil
}

// acts measures the report act by one writer and by sixteen, beside bare inserts of
// one row of the same size through the same pool.
func (s *served) acts() (rows []row, err error) {
	err = s.db.Write(s.ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `create table if not exists bench_row (id text primary key, body text not null)`)
		return err
	})
	if err != nil {
		return nil, err
	}
	todo, err := s.reports(3000)
	if err != nil {
		return nil, err
	}
	body, mark := strings.Repeat("x", 700), fmt.Sprint(time.Now().UnixNano())
	for _, writers := range []int{1, 16} {
		bare, err := again(3000, writers, func(i int) error {
			return s.db.Write(s.ctx, func(ctx context.Context, tx *sql.Tx) error {
				_, err := tx.ExecContext(ctx, `insert into bench_row (id, body) values ($1, $2)`, fmt.Sprint(mark, " ", writers, " ", i), body)
				return err
			})
		})
		if err != nil {
			return nil, err
		}
		part := todo[:len(todo)/2]
		todo = todo[len(todo)/2:]
		var mu sync.Mutex
		busy := 0
		report := func(i int) error {
			in := task.ReportInput{Period: part[i].period, Kind: task.ReportWords, Words: "已按计划推进，完成阶段性工作。"}
			_, err := s.desk.Report(s.ctx, part[i].by, "", part[i].task, in, nil)
			if err != nil && strings.Contains(err.Error(), "database.busy") {
				mu.Lock() // a clash that was not resolved in eight attempts: told, and asked again by a person
				busy++
				mu.Unlock()
				return nil
			}
			return err
		}
		name := fmt.Sprintf("report act, %d writers", writers)
		var t times
		err = profiled(s.db.Engine()+" "+name, func() (err error) { t, err = again(len(part), writers, report); return err })
		if err != nil {
			return nil, err
		}
		if busy > 0 {
			name += fmt.Sprintf(" (%d busy)", busy)
		}
		rows = append(rows, s.against(name, t, bare.rate()))
	}
	return rows, nil
}
