-- +goose Up
-- An alliance with an open list takes in every unit that signs its pledge.
alter table memorandum add column open_list boolean not null default false;
-- The member came by itself (自行加入); nobody had asked it.
alter table member add column unasked boolean not null default false;
-- Of two posts of a unit that join at the same moment one is refused.
create unique index member_once on member(memorandum, unit) where left_day is null;

-- +goose Down
drop index member_once;
alter table member drop column unasked;
alter table memorandum drop column open_list;
