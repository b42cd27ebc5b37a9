-- +goose Up
-- The unique constraint of report has the same columns in the same order.
drop index report_task;

-- +goose Down
create index report_task on report(task, unit, period, round);
