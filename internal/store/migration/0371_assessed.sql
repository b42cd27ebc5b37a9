-- The trees that reach into a province are found by its regions, with nothing read of
-- the tasks themselves: scorecards of a province in a nation went through all plans.

-- +goose Up
drop index task_assessed;
create index task_assessed on task(region, depth, plan, state, root);

-- +goose Down
drop index task_assessed;
create index task_assessed on task(region, depth, plan, state);
