-- +goose Up
-- A key that the server keeps for the holder of a post, closed with the server's
-- own key. A new holder gets a new key.
create table signing_key (
  id      text primary key,
  post    text not null references post(id),
  person  text not null references person(id),
  method  text not null,
  public  text not null,
  closed  text not null,
  made    bigint not null,
  retired bigint
);
create index signing_key_post on signing_key(post, person, method);
create unique index signature_statement on signature(statement);

-- +goose Down
drop index signature_statement;
drop table signing_key;
