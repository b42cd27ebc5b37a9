-- +goose Up
-- How many rows of a plan have which light: what the public page and a leader's desk
-- say of a whole country. Written with figures and states, and counted again by check.
create table tally (
  plan     text not null references plan(id),
  light    text not null,
  given    bigint not null, -- rows that are neither drafts nor withdrawn
  verified bigint not null, -- of them: something is verified, or all is
  finished bigint not null, -- of them
  drafts   bigint not null,
  primary key (plan, light)
);
insert into tally (plan, light, given, verified, finished, drafts)
  select t.plan, t.light, sum(case when t.state <> 'draft' then 1 else 0 end),
    sum(case when t.state <> 'draft' and (t.verified > 0 or t.finished is not null) then 1 else 0 end),
    sum(case when t.state <> 'draft' and t.finished is not null then 1 else 0 end),
    sum(case when t.state = 'draft' then 1 else 0 end)
  from task t where t.depth = 0 and t.state <> 'withdrawn' group by t.plan, t.light;
-- The next rows to end are found plan by plan, without looking at the rows.
drop index task_row_due;
create index task_row_due on task(plan, due_day, id) where depth = 0 and finished is null and state <> 'withdrawn';

-- +goose Down
drop index task_row_due;
create index task_row_due on task(due_day, plan) where depth = 0 and finished is null;
drop table tally;
