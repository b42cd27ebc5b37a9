-- +goose Up
-- Refusals that wait for an answer are few among many parts.
create index part_refused on part(task, unit) where state = 'refused';
create index plan_office on plan(office);
create index upload_open on upload(plan) where applied is null;

-- +goose Down
drop index upload_open; drop index plan_office; drop index part_refused;
