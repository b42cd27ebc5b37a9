-- Whose turn it is to do what the servers of one database do once: see store.Once.

-- +goose Up
create table turn (
  name   text primary key, -- of the job
  done   text not null,    -- what it was last done for, such as a day
  holder text not null,    -- server at work on it
  until  bigint not null   -- when its turn ends, microseconds of real time; 0: nobody is at work
);

-- +goose Down
drop table turn;
