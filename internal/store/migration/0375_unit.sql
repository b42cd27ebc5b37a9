-- Units are told apart from those of a moment ago by the sum of their versions, and a
-- unit finds those that were merged into it: a nation has sixteen thousand.

-- +goose Up
create index unit_version on unit(version);
create index unit_successor on unit(successor) where successor is not null;

-- +goose Down
drop index unit_successor;
drop index unit_version;
