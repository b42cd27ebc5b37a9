-- +goose Up
-- One text for both engines: text, bigint and boolean only. Days are text
-- (2010-06-07), instants are microseconds since 1970 in UTC, quantities are
-- ten-thousandths, lists and structures that are never searched are JSON text.

create table setting (
  name  text primary key,
  value text not null
);

create table unit (
  id        text primary key,
  name      text not null,
  short     text not null default '',
  aliases   text not null default '[]',
  kind      text not null,
  level     text not null,
  region    text not null,
  function  text not null default '',
  line      text references unit(id),
  block     text references unit(id),
  from_day  text,
  to_day    text,
  successor text references unit(id),
  position  bigint not null default 0,
  version   bigint not null default 1
);
create index unit_region on unit(region, kind);
create index unit_line on unit(line, position);
create index unit_block on unit(block, position);

create table unit_name (
  unit     text not null references unit(id),
  name     text not null,
  from_day text,
  to_day   text
);
create index unit_name_unit on unit_name(unit);

create table unit_parent (
  unit     text not null references unit(id),
  axis     text not null,
  above    text not null references unit(id),
  from_day text,
  to_day   text
);
create index unit_parent_unit on unit_parent(unit);

-- Who stands above whom today, each unit above itself at distance 0. Derived
-- from unit.line and unit.block; rebuilt whenever a parent changes.
create table unit_above (
  unit     text not null references unit(id),
  axis     text not null,
  above    text not null references unit(id),
  distance bigint not null,
  primary key (unit, axis, above)
);
create index unit_above_above on unit_above(above, axis, unit);

create table post (
  id    text primary key,
  unit  text not null references unit(id),
  title text not null,
  roles text not null
);
create index post_unit on post(unit);

create table person (
  id      text primary key,
  name    text not null,
  login   text not null unique,
  secret  text not null default '',
  retired text
);

create table holding (
  person   text not null references person(id),
  post     text not null references post(id),
  from_day text not null,
  to_day   text,
  primary key (person, post, from_day)
);
create index holding_post on holding(post);

create table sign_in_link (
  digest  text primary key,
  person  text not null references person(id),
  until   bigint not null,
  used    bigint
);

create table session (
  token  text primary key,
  data   text not null,
  expiry bigint not null
);
create index session_expiry on session(expiry);

-- A POST that was answered: the same key by the same person gets the same answer.
create table answered (
  person  text not null,
  name    text not null,
  entry   text not null,
  at      bigint not null,
  primary key (person, name)
);

create table memorandum (
  id      text primary key,
  title   text not null,
  kind    text not null,
  region  text not null,
  office  text not null references unit(id),
  signed  text,
  until   text,
  place   text not null default '',
  stage   text not null,
  version bigint not null default 1
);
create index memorandum_region on memorandum(region);

create table party (
  memorandum text not null references memorandum(id),
  unit       text not null references unit(id),
  position   bigint not null,
  primary key (memorandum, unit)
);
create index party_unit on party(unit);

create table clause (
  id         text primary key,
  memorandum text not null references memorandum(id),
  no         text not null,
  text       text not null,
  position   bigint not null
);
create index clause_memorandum on clause(memorandum, position);

create table commitment (
  id       text primary key,
  clause   text not null references clause(id),
  obligor  text not null references unit(id),
  confirms text references unit(id),
  text     text not null,
  position bigint not null
);
create index commitment_clause on commitment(clause, position);

create table plan (
  id         text primary key,
  memorandum text not null references memorandum(id),
  year       bigint not null,
  title      text not null,
  region     text not null,
  office     text not null references unit(id),
  issued     text,
  version    bigint not null default 1,
  unique (memorandum, year)
);
create index plan_region on plan(region, year);

create table task (
  id          text primary key,
  plan        text not null references plan(id),
  commitment  text references commitment(id),
  parent      text references task(id),
  root        text not null,
  depth       bigint not null,
  position    bigint not null,
  no          text not null default '',
  chapter     text not null default '[]',
  title       text not null,
  measures    text not null default '',
  note        text not null default '',
  field       text not null,
  region      text not null,
  setter      text not null references unit(id),
  supervising text references unit(id),
  post        text references post(id),
  people      text not null default '[]',
  lead_words  text not null default '',
  deadline    text not null,
  start_day   text,
  due_day     text,
  target      text,
  goal        bigint,
  weight      bigint not null,
  evidence    text not null default '',
  cadence     text not null,
  rollup      text not null,
  state       text not null,
  reason      text not null default '',
  finished    text,
  given       text,
  withdrawn   text,
  version     bigint not null default 1,
  -- Derived from the reports of the task and its parts; `gongjian check` recounts them.
  claimed     bigint not null default 0,
  verified    bigint not null default 0,
  assigned    bigint not null default 0,
  parts       bigint not null default 0,
  light       text not null default 'grey',
  light_on    text,
  light_body  text not null default '{}'
);
create index task_plan on task(plan, depth, position, id);
create index task_parent on task(parent, position, id);
create index task_root on task(root);
create index task_region on task(region, light);
create index task_setter on task(setter, state);
create index task_light on task(plan, light);
create index task_light_on on task(light_on, id);

create table part (
  task     text not null references task(id),
  unit     text not null references unit(id),
  role     text not null,
  position bigint not null,
  state    text not null,
  reason   text not null default '',
  due      text,
  signed   text,
  excused  boolean not null default false,
  primary key (task, unit)
);
create index part_unit on part(unit, state, task);

create table report (
  id         text primary key,
  task       text not null references task(id),
  unit       text not null references unit(id),
  role       text not null,
  period     text not null,
  round      bigint not null,
  kind       text not null,
  value      bigint not null,
  words      text not null default '',
  completes  boolean not null default false,
  why        text not null default '',
  state      text not null,
  late       boolean not null,
  person     text not null,
  post       text not null,
  at         bigint not null,
  verifier   text not null references unit(id),
  due        text,
  verdict    text not null default '',
  verdict_by text not null default '',
  verdict_at bigint,
  entry      text not null default '',
  version    bigint not null default 1,
  unique (task, unit, period, round)
);
create index report_task on report(task, unit, period, round);
create index report_queue on report(verifier, state, due, id);
create index report_unit on report(unit, at);

create table evidence (
  id   text primary key,
  type text not null,
  size bigint not null
);

create table report_evidence (
  report   text not null references report(id),
  evidence text not null references evidence(id),
  name     text not null,
  position bigint not null,
  at       bigint not null,
  primary key (report, evidence)
);
create index report_evidence_evidence on report_evidence(evidence);

create table upload (
  id      text primary key,
  plan    text not null references plan(id),
  name    text not null,
  evidence text not null,
  unit    text not null references unit(id),
  person  text not null,
  at      bigint not null,
  reading text not null,
  mends   text not null default '{}',
  applied bigint,
  version bigint not null default 1
);
create index upload_plan on upload(plan, at);

create table closed_period (
  period text not null,
  office text not null references unit(id),
  on_day text not null,
  person text not null,
  at     bigint not null,
  primary key (period, office)
);

create table scheme (
  id       text not null,
  version  bigint not null,
  from_day text not null,
  office   text not null references unit(id),
  body     text not null,
  primary key (id, version)
);

create table occurrence (
  id     text primary key,
  region text not null,
  kind   text not null,
  on_day text not null,
  words  text not null,
  count  bigint not null,
  task   text,
  person text not null,
  at     bigint not null
);
create index occurrence_region on occurrence(region, on_day);

create table judgement (
  scheme text not null,
  item   text not null,
  region text not null,
  period text not null,
  points text not null,
  absent boolean not null default false,
  reason text not null,
  post   text not null,
  person text not null,
  at     bigint not null,
  primary key (scheme, item, region, period, at) -- all are kept: an earlier day reads those of that day
);

create table assessment (
  id        text primary key,
  scheme    text not null,
  version   bigint not null,
  period    text not null,
  as_of     text not null,
  grouping  text not null,
  office    text not null references unit(id),
  computed  bigint not null,
  published bigint,
  entry     text not null default '',
  summary   text not null default '{}'
);
create index assessment_group on assessment(grouping, as_of);
create index assessment_as_of on assessment(as_of, id);

create table scorecard (
  assessment text not null references assessment(id),
  region     text not null,
  place      bigint not null,
  total      text not null,
  grade      text not null,
  digest     text not null,
  -- How many tasks had which light on the day: what the payload's tasks say, counted.
  lights     text not null default '{}',
  payload    text not null,
  primary key (assessment, region)
);
create index scorecard_region on scorecard(region, assessment);

-- +goose Down
drop table scorecard; drop table assessment; drop table judgement; drop table occurrence; drop table scheme;
drop table closed_period; drop table upload; drop table report_evidence; drop table evidence;
drop table report; drop table part; drop table task; drop table plan; drop table commitment; drop table clause;
drop table party; drop table memorandum; drop table answered; drop table session; drop table sign_in_link;
drop table holding; drop table person; drop table post; drop table unit_above; drop table unit_parent;
drop table unit_name; drop table unit; drop table setting;
