-- +goose Up
-- The catalogue of measures (措施库), and which of them were taken into a draft.

create table measure (
  id       text primary key,
  unit     text not null references unit(id), -- that keeps it
  key      text not null default '',          -- of a standard measure; '' for the unit's own
  field    text not null,
  position bigint not null,                   -- within the field
  on_list  boolean not null default true,     -- proposed and picked
  version  bigint not null default 1
);
create index measure_field on measure(field, position);

create table measure_version (
  measure  text not null references measure(id),
  number   bigint not null,
  from_day text not null,
  body     text not null, -- measure.Measure as JSON
  person   text not null,
  at       bigint not null,
  entry    text not null default '',
  primary key (measure, number)
);

-- The thread finding → measure → commitment. commitment.measure and the texts of
-- versions carry the id of the chosen measure.
create table chosen_measure (
  id         text primary key,
  memorandum text not null references memorandum(id),
  unit       text not null references unit(id), -- in whose draft it stands
  measure    text not null references measure(id),
  number     bigint not null,                   -- version of the measure
  finding    text references finding(id),
  field      text not null,
  side       text not null,
  obligor    text not null,
  wording    text not null,
  target     text not null default '',
  deadline   text not null default '',
  person     text not null,
  at         bigint not null,
  entry      text not null default ''
);
create index chosen_measure_memorandum on chosen_measure(memorandum, at);

-- +goose Down
drop table chosen_measure; drop table measure_version; drop table measure;
