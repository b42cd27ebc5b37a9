-- +goose Up
-- A draft (草稿) is one party's own paper until it is proposed.
create table draft (
  memorandum text not null references memorandum(id),
  unit       text not null references unit(id),
  base       bigint not null,  -- number of the version that it was made from
  body       text not null,    -- a memo.Text, perhaps unfinished
  source     text not null default '', -- evidence id of the file that it was read from
  person     text not null,
  at         bigint not null,
  version    bigint not null default 1,
  primary key (memorandum, unit)
);

create table answer (
  version text not null references text_version(id),
  party   text not null references unit(id),
  accepts boolean not null,
  words   text not null default '',
  person  text not null,
  post    text not null,
  on_day  text not null,
  at      bigint not null,
  entry   text not null default '',
  primary key (version, party, at)
);

-- A remark on a clause of a version, for all parties to read.
create table remark (
  id         text primary key,
  version    text not null references text_version(id),
  clause     text not null default '', -- clause id within the version; '' on the whole
  party      text not null references unit(id),
  words      text not null,
  person     text not null,
  post       text not null,
  at         bigint not null,
  answer     text not null default '',
  answer_by  text not null default '', -- unit
  answered   bigint,
  closed     bigint,
  entry      text not null default ''
);
create index remark_version on remark(version, at);

-- What departments and the legal office of one party say to it (会签, 法制审核);
-- only that party and the unit that was asked read it.
create table opinion (
  id       text primary key,
  version  text not null references text_version(id),
  party    text not null references unit(id), -- that asks
  asked    text not null references unit(id),
  kind     text not null, -- 'department' or 'legal'
  due      text not null,
  result   text not null default '', -- 'agree', 'amend' or 'object'
  words    text not null default '',
  person   text not null default '',
  post     text not null default '',
  asked_at bigint not null,
  at       bigint,
  entry    text not null default ''
);
create index opinion_version on opinion(version, party);
create index opinion_asked on opinion(asked, result);

-- +goose Down
drop table opinion; drop table remark; drop table answer; drop table draft;
