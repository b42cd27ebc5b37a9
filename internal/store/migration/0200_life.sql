-- +goose Up
-- The memorandum's life: what its text says beside the clauses, what commitments
-- promise, the versions that were proposed, and who signed what.

alter table memorandum add column form     text not null default 'agreement';
alter table memorandum add column under    text references memorandum(id);
alter table memorandum add column renews   text references memorandum(id);
alter table memorandum add column ended    text;
alter table memorandum add column why      text not null default '';
alter table memorandum add column preamble text not null default '';
alter table memorandum add column closing  text not null default '';
alter table memorandum add column term     text not null default '{}';
create index memorandum_under on memorandum(under);
create index memorandum_renews on memorandum(renews);
create index memorandum_stage on memorandum(stage, until);

alter table clause add column level bigint not null default 1;

alter table commitment add column joint    text not null default 'null';
alter table commitment add column deadline text not null default '';
alter table commitment add column target   text not null default '';
alter table commitment add column support  text not null default 'null';
alter table commitment add column measure  text not null default '';
alter table commitment add column carried  text;

-- A version (文稿) is never changed: what a party proposed, byte for byte.
create table text_version (
  id         text primary key,
  memorandum text not null references memorandum(id),
  number     bigint not null,
  base       bigint not null default 0, -- the version that it was made from; 0 for the first
  purpose    text not null,             -- 'agreement', 'amendment' or 'renewal'
  proposer   text not null references unit(id),
  words      text not null default '',  -- what the proposer says to it
  body       text not null,             -- memo.Text.Canonical
  digest     text not null,             -- SHA-256 of body, lower-case hexadecimal
  state      text not null,             -- 'open', 'countered', 'withdrawn', 'agreed', 'signed' or 'void'
  source     text not null default '',  -- evidence id of the document that it was read from
  person     text not null,
  post       text not null,
  at         bigint not null,
  entry      text not null default '',
  unique (memorandum, number)
);

-- A signature (签署) on the digest of a version, a letter, a pledge: whoever holds
-- the statement and the key can check it without us.
create table signature (
  id        text primary key,
  kind      text not null,             -- of what is signed: 'version', 'letter', 'pledge'
  subject   text not null,             -- its id
  digest    text not null,             -- of its canonical bytes
  party     text not null references unit(id),
  person    text not null,
  post      text not null,
  method    text not null,             -- 'ed25519', 'sm2', 'outside' or 'paper'
  key       text not null default '',  -- public key, base64; '' on paper
  statement text not null,             -- the exact bytes that were signed
  value     text not null default '',  -- the signature, base64; '' on paper
  scan      text not null default '',  -- evidence id of the signed paper
  place     text not null default '',
  on_day    text not null,
  at        bigint not null,
  void_at   bigint,
  void_why  text not null default '',
  entry     text not null default ''
);
create index signature_subject on signature(kind, subject);
create index signature_party on signature(party, at);

-- +goose Down
drop table signature; drop table text_version;
alter table commitment drop column carried; alter table commitment drop column measure; alter table commitment drop column support;
alter table commitment drop column target; alter table commitment drop column deadline; alter table commitment drop column joint;
alter table clause drop column level;
drop index memorandum_stage; drop index memorandum_renews; drop index memorandum_under;
alter table memorandum drop column term; alter table memorandum drop column closing; alter table memorandum drop column preamble;
alter table memorandum drop column why; alter table memorandum drop column ended; alter table memorandum drop column renews;
alter table memorandum drop column under; alter table memorandum drop column form;
