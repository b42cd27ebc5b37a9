-- +goose Up
-- Tables that bring many things at once: report sheets filled in without a line
-- (kind offline) and rosters (kind roster). A roster's reading holds names and is
-- emptied when it has been entered.
create table bulk_upload (
  id      text primary key,
  kind    text not null,
  name    text not null,
  sha256  text not null,
  unit    text not null references unit(id),
  person  text not null,
  at      bigint not null,
  reading text not null,
  mends   text not null default '{}',
  applied bigint,
  version bigint not null default 1
);
create index bulk_upload_unit on bulk_upload(unit, kind, at);

-- +goose Down
drop table bulk_upload;
