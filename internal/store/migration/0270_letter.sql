-- +goose Up
-- Responsibility letters (目标责任书): what one act drew, and the letters one by one.
create table letter_batch (
  id     text primary key,
  plan   text not null references plan(id),
  office text not null references unit(id),
  giver  text not null references unit(id),
  within text not null default '', -- the territory that they were drawn for; '' for chosen units or all
  counts text not null,            -- what drawing came to, as JSON
  at     bigint not null,
  person text not null,
  post   text not null,
  entry  text not null
);
create index letter_batch_plan on letter_batch(plan, at, id);

create table letter (
  id       text primary key,
  batch    text not null references letter_batch(id),
  plan     text not null references plan(id),
  year     bigint not null,
  office   text not null references unit(id),
  giver    text not null references unit(id),
  taker    text not null references unit(id),
  region   text not null,            -- of the taker
  number   bigint not null,          -- 0: the letter itself; n: the nth supplement
  instead  text,                     -- the letter that did not hold any longer with this one
  state    text not null,            -- 'drafted', 'given', 'signed', 'refused', 'replaced' or 'void'
  reason   text not null default '',
  body     text not null,            -- letter.Body.Canonical
  digest   text not null,            -- SHA-256 of body, lower-case hexadecimal
  standing text not null default '', -- the tasks as they stand with it; '' for number 0, whose body says so
  tasks    bigint not null,          -- how many stand
  leads    bigint not null,          -- of these, led
  given    text,
  giver_on text,
  taker_on text,
  at       bigint not null,
  entry    text not null,
  version  bigint not null default 1
);
-- Of each number a unit has one letter that holds.
create unique index letter_one on letter(plan, taker, number) where state in ('drafted', 'given', 'signed', 'refused');
create index letter_plan on letter(plan, region, taker, number, id);
create index letter_batch_of on letter(batch, region, taker, number, id);
create index letter_region on letter(region, taker, number, id);
create index letter_taker on letter(taker, plan, number);
create index letter_giver on letter(giver, region, taker, number, id);
create index letter_office on letter(office, region, taker, number, id);

-- +goose Down
drop table letter; drop table letter_batch;
