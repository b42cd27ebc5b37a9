package store

import "context"

// TasksAgainst returns the rows of the plan that an upload was brought in for, as a
// later version of its table is held against them. Whoever may mend the upload
// sees them: the upload must have been asked for before (View.Upload).
func (v *View) TasksAgainst(ctx context.Context, u UploadView) ([]PlanTask, error) {
	return loadTasksAgainst(ctx, v.q, u.Upload.Plan)
}
