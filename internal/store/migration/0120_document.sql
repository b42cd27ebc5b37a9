-- +goose Up
-- How an office's documents look. The body is the style as JSON.
create table document_style (
  unit    text primary key references unit(id),
  body    text not null,
  version bigint not null default 1
);

-- The last serial taken of an issue mark in a year. A mark belongs to the unit
-- that first used it in the year.
create table document_number (
  mark   text not null,
  year   bigint not null,
  unit   text not null references unit(id),
  last   bigint not null,
  primary key (mark, year)
);

create table document (
  id           text primary key,
  kind         text not null,
  subject_kind text not null, -- of the record that it was made from
  subject      text not null,
  unit         text not null references unit(id),
  about        text references unit(id),
  region       text not null,
  number       text not null unique,
  title        text not null,
  code         text not null unique,
  docx         text not null, -- SHA-256 of the file, which is its name in the folder of files
  pdf          text not null,
  words        text not null, -- digest of the words of the docx
  facts        text not null, -- what the template was filled with
  issued       text not null,
  at           bigint not null,
  person       text not null,
  post         text not null,
  entry        text not null,
  withdrawn    text,
  reason       text not null default '',
  version      bigint not null default 1
);
create index document_unit on document(unit, at, id);
create index document_about on document(about, at, id);
create index document_region on document(region, at, id);
create index document_at on document(at, id);
create index document_subject on document(subject_kind, subject, kind, at);

-- +goose Down
drop table document; drop table document_number; drop table document_style;
