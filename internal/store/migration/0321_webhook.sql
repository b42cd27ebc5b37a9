-- +goose Up
-- Addresses that are told of what happens in a post's sight (事件推送).
create table webhook (
  id      text primary key,
  person  text not null references person(id),
  post    text not null references post(id),
  url     text not null,
  kinds   text not null default '[]',
  seen    bigint not null, -- index of the last journal entry that was looked at for it
  made    bigint not null,
  ended   bigint,
  why     text not null default ''
);
create index webhook_post on webhook(post, made);
create index webhook_ended on webhook(ended);

-- What a webhook is to be told. Those of one lane (a task) go out in order.
create table webhook_delivery (
  webhook  text not null references webhook(id),
  sequence bigint not null,          -- index of the journal entry
  lane     text not null,
  at       bigint not null,
  due      bigint not null,          -- try then; moved on while somebody tries
  attempts bigint not null default 0,
  state    text not null,            -- waiting, sent, given-up
  status   bigint not null default 0, -- of the last answer; 0: none came
  said     text not null default '',
  primary key (webhook, sequence)
);
create index webhook_delivery_due on webhook_delivery(state, due);
create index webhook_delivery_lane on webhook_delivery(webhook, lane, state, sequence);

-- +goose Down
drop table webhook_delivery; drop table webhook;
