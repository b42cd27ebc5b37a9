-- +goose Up
-- The issue number of a responsibility letter, taken when it is first given out.
alter table letter add column issue text not null default '';
create unique index letter_issue on letter(issue) where issue <> '';

-- +goose Down
drop index letter_issue;
alter table letter drop column issue;
