-- +goose Up
-- A token lets a program act as the holder of a post (令牌). Only the digest of its
-- text is kept.
create table access_token (
  id      text primary key,
  digest  text not null unique,
  name    text not null,
  person  text not null references person(id),
  post    text not null references post(id),
  scopes  text not null,
  made    bigint not null,
  until   bigint not null,
  revoked bigint,
  used    bigint -- about when: written at most once in some minutes
);
create index access_token_made on access_token(made, id);

-- What a request with a key was answered, so that the same request gets the same
-- answer. status is 0 while the first one is under way, until the lease ends.
create table request_answer (
  token  text not null references access_token(id),
  name   text not null,
  digest text not null,
  at     bigint not null,
  lease  bigint not null,
  status bigint not null default 0,
  header text not null default '{}',
  body   text not null default '',
  primary key (token, name)
);
create index request_answer_at on request_answer(at);

-- +goose Down
drop table request_answer; drop table access_token;
