-- +goose Up
-- Rubrics taken in, to make schemes of.
create table rubric (
  id       text primary key,
  office   text not null references unit(id),
  name     text not null,
  evidence text not null,
  content_type text not null,
  person   text not null,
  at       bigint not null,
  reading  text not null
);
create index rubric_office on rubric(office, at);

-- +goose Down
drop table rubric;
