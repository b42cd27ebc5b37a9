-- Errands (批量办理): work on many records that takes longer than an answer, with how
-- far it is. See store.Errand.

-- +goose Up
create table errand (
  id       text primary key,
  kind     text not null,            -- what is done, such as 'letters.sign'
  about    text not null,            -- to what, such as a batch: one's open errands of a kind about the same are one
  person   text not null references person(id),
  post     text not null references post(id),
  key      text not null,            -- of the form that began it
  input    text not null,            -- what the work needs besides its items, as JSON
  items    bigint not null,
  done     bigint not null default 0,
  left_out bigint not null default 0, -- items that were refused
  began    bigint not null,
  ended    bigint,
  failed   text not null default '', -- the fault that ended it, as JSON
  result   text not null default '', -- SHA-256 of the file that was made
  holder   text not null default '', -- server at work on it
  until    bigint not null default 0 -- when its turn ends, microseconds of real time
);
create unique index errand_key on errand(person, key);
create index errand_person on errand(person, began, id);
create index errand_began on errand(began);

create table errand_item (
  errand  text not null references errand(id),
  place   bigint not null,
  subject text not null,            -- id of the record
  mark    text not null default '', -- what was shown of it, such as its digest
  post    text not null,            -- in which it is done
  state   text not null default '', -- '', 'done' or 'left'
  why     text not null default '', -- the fault of one left out, as JSON
  primary key (errand, place)
);
create index errand_item_open on errand_item(errand, place) where state = '';
create index errand_item_left on errand_item(errand, place) where state = 'left';

-- +goose Down
drop table errand_item; drop table errand;
