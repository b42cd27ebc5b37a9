-- +goose Up
-- Surveys (调研): what was asked, what was answered, what was found.

create table survey (
  id         text primary key,
  title      text not null,
  region     text not null,
  year       bigint not null,
  unit       text not null references unit(id), -- whose office surveys
  memorandum text references memorandum(id),
  about      text not null default '',
  stage      text not null default 'composing', -- 'composing', 'sent' or 'closed'
  due        text,
  sent       text,
  closed     text,
  at         bigint not null,
  version    bigint not null default 1
);
create index survey_unit on survey(unit, year);
create index survey_region on survey(region, year);
create index survey_memorandum on survey(memorandum);

create table survey_section (
  survey  text not null references survey(id),
  number  bigint not null,
  body    text not null,                -- title and questions as JSON
  unit    text references unit(id),     -- that answers
  state   text not null default 'asked', -- 'asked', 'begun', 'handed-in' or 'returned'
  reason  text not null default '',
  handed  bigint,
  version bigint not null default 1,
  primary key (survey, number)
);
create index survey_section_unit on survey_section(unit, state);

create table survey_answer (
  survey   text not null references survey(id),
  question text not null,
  section  bigint not null,
  body     text not null, -- a survey.Answer as JSON
  person   text not null,
  post     text not null,
  at       bigint not null,
  primary key (survey, question)
);

create table finding (
  id       text primary key,
  survey   text not null references survey(id),
  kind     text not null,
  field    text not null,
  sentence text not null,
  rests    text not null,            -- what it rests on, as it was, as JSON
  rule     text not null default '', -- that proposed it
  person   text not null,
  at       bigint not null,
  dropped  bigint,
  version  bigint not null default 1
);
create index finding_survey on finding(survey, at);

-- +goose Down
drop table finding; drop table survey_answer; drop table survey_section; drop table survey;
