-- +goose Up
-- What goes on under the successor of a merged unit (承继): how much of each kind
-- went over. Which ones, the journal says.
create table inherited (
  was   text not null references unit(id),
  now   text not null references unit(id),
  kind  text not null,
  count bigint not null,
  day   text not null,
  entry text not null default '',
  primary key (was, kind)
);
create index inherited_now on inherited(now, day);

-- Who handed a report in, when another unit has taken its place since: unit is the
-- one that goes on with the figures, and old documents keep the old name.
alter table report add column filed_by text references unit(id);

-- +goose Down
alter table report drop column filed_by;
drop table inherited;
