-- +goose Up
-- Drafts are few, or a whole plan before it is issued; a long plan that runs has
-- none, and its page must not go through all its tasks to find that out.
create index task_draft on task(plan) where state = 'draft';

-- +goose Down
drop index task_draft;
