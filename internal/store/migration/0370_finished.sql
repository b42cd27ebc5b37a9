-- What was finished of the plans in sight is found plan by plan: in a nation the rows of
-- all plans that were finished this month are many.

-- +goose Up
drop index task_row_finished;
create index task_row_finished on task(plan, finished, id) where depth = 0 and finished is not null;

-- +goose Down
drop index task_row_finished;
create index task_row_finished on task(finished, plan) where depth = 0 and finished is not null;
