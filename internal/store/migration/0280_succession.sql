-- +goose Up
-- Tasks whose commitment an amendment took away or a renewal left behind; the office
-- decides on each.
create table unsettled (
  task       text not null references task(id),
  memorandum text not null references memorandum(id),
  cause      text not null,             -- 'amended' or 'renewed'
  commitment text not null default '',  -- its id
  words      text not null default '',  -- of the commitment that is gone
  since      text not null,
  decision   text not null default '',  -- 'withdraw', 'run-on' or 'carry'; '' while it is open
  reason     text not null default '',
  decided    text,
  entry      text not null default '',
  primary key (task, memorandum, cause, since)
);
create index unsettled_memorandum on unsettled(memorandum, decision);

-- One unit took another's place (承继); texts that were proposed keep the old name.
create table succession (
  memorandum text not null references memorandum(id),
  was        text not null references unit(id),
  now        text not null references unit(id),
  name       text not null, -- of was
  day        text not null,
  at         bigint not null,
  entry      text not null default '',
  primary key (memorandum, was)
);

create table member (
  id         text primary key,
  memorandum text not null references memorandum(id),
  unit       text not null references unit(id),
  asked      text not null,
  joined     text,
  left_day   text,
  why        text not null default '',
  digest     text not null default '', -- of the pledge that it signed
  entry      text not null default ''
);
create index member_memorandum on member(memorandum, joined, id);
create index member_unit on member(unit, left_day);

-- +goose Down
drop table member; drop table succession; drop table unsettled;
