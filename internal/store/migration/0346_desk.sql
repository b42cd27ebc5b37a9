-- +goose Up
-- What an office runs and has not split: its desk asks of these tasks who owes a
-- report and of whom most is asked, and reads only those that may be late.
create index task_open on task(plan, cadence, light, light_on, start_day, id)
	where parts = 0 and state in ('issued', 'in-force', 'refused');
create index task_given on task(setter, cadence, light, light_on, start_day, id)
	where parts = 0 and state in ('issued', 'in-force', 'refused');

-- +goose Down
drop index task_given;
drop index task_open;
