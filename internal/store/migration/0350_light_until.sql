-- +goose Up
-- What is counted of a task carries the last day up to which it stays true, in place
-- of the day on which it was counted: a morning looks at those that are over. The days
-- that stand here are both, so the first morning counts them all.
drop index task_given;
drop index task_open;
drop index task_light_on;
alter table task rename column light_on to light_until;
create index task_light_until on task(light_until);

-- By when the oldest report was due that is missing, null when none is, and from which
-- of the leads, with spaces between. Offices count by them in an index alone.
alter table task add column missing_since text;
alter table task add column missing_of text not null default '';
create index task_missing on task(plan, missing_of, missing_since) where missing_since is not null;
create index task_missing_given on task(setter, plan, missing_of, missing_since) where missing_since is not null;
-- What an office runs and has not split: of whom its desk asks most.
create index task_open on task(plan, id, parts, state) where parts = 0 and state in ('issued', 'in-force', 'refused');
create index task_given on task(setter, id, parts, state) where parts = 0 and state in ('issued', 'in-force', 'refused');

-- +goose Down
drop index task_given;
drop index task_open;
drop index task_missing_given;
drop index task_missing;
alter table task drop column missing_of;
alter table task drop column missing_since;
drop index task_light_until;
alter table task rename column light_until to light_on;
create index task_light_on on task(light_on, id);
create index task_open on task(plan, cadence, light, light_on, start_day, id)
	where parts = 0 and state in ('issued', 'in-force', 'refused');
create index task_given on task(setter, cadence, light, light_on, start_day, id)
	where parts = 0 and state in ('issued', 'in-force', 'refused');
