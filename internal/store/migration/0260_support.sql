-- +goose Up
-- The ledger of support (支持台账): what was delivered. What was promised stands in
-- the commitments.
create table support (
  id         text primary key,
  kind       text not null,
  value      bigint not null, -- as entered, ten-thousandths of unit
  unit       text not null,
  amount     bigint not null, -- the smallest pieces of the kind: support.Amount
  year       bigint not null,
  on_day     text not null,
  region     text not null,
  giver      text not null references unit(id),
  taker      text not null references unit(id),
  memorandum text references memorandum(id),
  commitment text, -- kept when the commitment goes: what was given was given
  words      text not null default '',
  cancels    text references support(id),
  why        text not null default '', -- of the correction
  state      text not null,   -- 'entered', 'verified', 'returned' or 'cancelled'
  verdict    text not null default '',
  verdict_by text not null default '',
  verdict_at bigint,
  person     text not null,
  post       text not null,
  at         bigint not null,
  entry      text not null default '',
  version    bigint not null default 1
);
create index support_region on support(region, year, kind);
create index support_day on support(on_day, id);
create index support_commitment on support(commitment);
create index support_memorandum on support(memorandum);
create index support_taker on support(taker, state);
create index support_giver on support(giver, state);
create unique index support_cancels on support(cancels);

create table support_evidence (
  support  text not null references support(id),
  evidence text not null references evidence(id),
  name     text not null,
  position bigint not null,
  primary key (support, evidence)
);

-- +goose Down
drop table support_evidence; drop table support;
