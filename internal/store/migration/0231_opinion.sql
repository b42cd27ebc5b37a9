-- +goose Up
-- Why a party accepted a version against the misgivings of its own units (Rule
-- M-07), and who asked for an opinion: that person does not give it.
alter table answer  add column despite text not null default '';
alter table opinion add column asker   text not null default '';

-- +goose Down
alter table opinion drop column asker;
alter table answer  drop column despite;
