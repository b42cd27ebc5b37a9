-- +goose Up
-- A memorandum in force: plans approved by both sides, how they are carried out, and
-- the other side's word on what was delivered.

-- A plan as it was put before the other parties (提请审定), and what they said.
create table plan_put (
  plan   text not null references plan(id),
  number bigint not null,
  digest text not null, -- of the rows that it had
  rows   bigint not null,
  person text not null,
  post   text not null,
  on_day text not null,
  at     bigint not null,
  entry  text not null default '',
  primary key (plan, number)
);
create table plan_answer (
  plan    text not null references plan(id),
  number  bigint not null,
  party   text not null references unit(id),
  digest  text not null,
  accepts boolean not null,
  words   text not null default '',
  person  text not null,
  post    text not null,
  on_day  text not null,
  at      bigint not null,
  entry   text not null default '',
  primary key (plan, number)
);

-- Every version of an implementation plan (实施方案) is kept.
create table implementation (
  plan    text not null references plan(id),
  version bigint not null,
  body    text not null, -- a memo.Implementation
  person  text not null,
  post    text not null,
  at      bigint not null,
  entry   text not null default '',
  primary key (plan, version)
);

-- What a party says to the verified figures of a task (确认、异议、答复).
create table confirmation (
  id       text primary key,
  task     text not null references task(id),
  number   bigint not null, -- 1, 2, 3 … of the task
  party    text not null references unit(id),
  kind     text not null, -- 'confirm', 'dispute' or 'answer'
  verified bigint not null,
  finished boolean not null,
  words    text not null default '',
  person   text not null,
  post     text not null,
  on_day   text not null,
  at       bigint not null,
  entry    text not null default '',
  unique (task, number)
);
create index task_commitment on task(commitment) where commitment is not null;

-- +goose Down
drop index task_commitment; drop table confirmation; drop table implementation; drop table plan_answer; drop table plan_put;
