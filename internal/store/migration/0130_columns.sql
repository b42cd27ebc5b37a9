-- +goose Up
-- The columns and their order in which a unit's office wants a list as a file.
create table column_set (
  unit    text not null references unit(id),
  list    text not null,
  name    text not null,
  columns text not null,
  version bigint not null,
  primary key (unit, list, name)
);

-- +goose Down
drop table column_set;
