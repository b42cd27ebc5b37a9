-- +goose Up
-- Every list of a page is read in the order of an index, and every count from one
-- that holds all that it needs: nothing reads a table whole because it has grown.

-- Rows of plans, counted by light without looking at the rows, and those of a
-- leader's desk. Rows are few among tasks: their parts are not in here.
create index task_row on task(plan, light, state, finished, verified) where depth = 0;
create index task_row_finished on task(finished, plan) where depth = 0 and finished is not null;
create index task_row_due on task(due_day, plan) where depth = 0 and finished is null;
create index task_row_commitment on task(commitment) where depth = 0 and commitment is not null;
create index task_row_red on task(plan, due_day, id) where depth = 0 and light = 'red';

-- Which regions take part in a year's plans.
create index task_assessed on task(region, depth, plan, state);
drop index task_region;
create index scorecard_placed on scorecard(assessment, place);
-- A file's uses, the oldest first.
create index report_evidence_use on report_evidence(evidence, report);
drop index report_evidence_evidence;

create index plan_year on plan(year desc, region, id);
create index memorandum_list on memorandum(region, id);
create index memorandum_unsigned on memorandum(region) where signed is null;
create index memorandum_open on memorandum(stage, form) where open_list;
create index memorandum_office on memorandum(office);
drop index memorandum_region;
create index commitment_support on commitment(clause) where support <> 'null';
create index text_version_state on text_version(state, at, id);
create index chosen_measure_measure on chosen_measure(measure);
create index survey_year on survey(year desc, id desc);
create index assessment_newest on assessment(as_of desc, computed desc, id);
create index support_sums on support(region, year, kind, state, amount);
drop index support_region;
create index support_year on support(year, kind, state, amount);

-- +goose Down
drop index support_year;
create index support_region on support(region, year, kind);
drop index support_sums; drop index assessment_newest; drop index survey_year; drop index chosen_measure_measure;
drop index text_version_state; drop index commitment_support;
create index memorandum_region on memorandum(region);
drop index memorandum_office; drop index memorandum_open; drop index memorandum_unsigned; drop index memorandum_list; drop index plan_year;
create index report_evidence_evidence on report_evidence(evidence);
drop index report_evidence_use; drop index scorecard_placed;
create index task_region on task(region, light);
drop index task_assessed; drop index task_row_red; drop index task_row_commitment; drop index task_row_due; drop index task_row_finished; drop index task_row;
