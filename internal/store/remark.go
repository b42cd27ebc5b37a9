package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
)

const remarkColumns = `r.id, r.version, r.clause, r.party, r.words, r.at, r.answer, r.answer_by, r.answered, r.closed`

func scanRemark(r interface{ Scan(...any) error }, more ...any) (m memo.Remark, err error) {
	var at, answered, closed time.Time
	err = r.Scan(append([]any{&m.ID, &m.Version, &m.Clause, &m.Party, &m.Words, instant{&at}, &m.Answer, &m.AnswerBy, instant{&answered}, instant{&closed}}, more...)...)
	m.On, m.Answered, m.Closed = dayOf(at), dayOf(answered), dayOf(closed)
	return m, err
}

// dayOf is the day of an instant; none has none.
func dayOf(at time.Time) calendar.Date {
	if at.IsZero() {
		return calendar.Date{}
	}
	return calendar.DateOf(at)
}

// Remark reads a remark with its version and memorandum.
func (t *Tx) Remark(id memo.RemarkID) (memo.Remark, memo.Version, memo.Memorandum, error) {
	r, err := scanRemark(t.tx.QueryRowContext(t.ctx, `select `+remarkColumns+` from remark r where r.id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return r, memo.Version{}, memo.Memorandum{}, fault.New(fault.NotFound, "absent")
	}
	if err != nil {
		return r, memo.Version{}, memo.Memorandum{}, fmt.Errorf("store: reading remark %s: %w", id, err)
	}
	v, m, err := t.TextVersion(r.Version)
	return r, v, m, err
}

// AddRemark writes a remark.
func (t *Tx) AddRemark(r memo.Remark) error {
	return t.exec(`insert into remark (id, version, clause, party, words, person, post, at, entry) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		r.ID, r.Version, r.Clause, r.Party, r.Words, t.caller.Person().ID, t.caller.Post().ID, t.now.UnixMicro(), t.entry)
}

// AnswerRemark writes the answer, unless somebody was faster.
func (t *Tx) AnswerRemark(id memo.RemarkID, by org.UnitID, words string) error {
	return t.execOne(`update remark set answer = $2, answer_by = $3, answered = $4 where id = $1 and answered is null and closed is null`,
		id, words, by, t.now.UnixMicro())
}

// CloseRemark marks a remark as settled.
func (t *Tx) CloseRemark(id memo.RemarkID) error {
	return t.execOne(`update remark set closed = $2 where id = $1 and closed is null`, id, t.now.UnixMicro())
}

// RemarkView is a remark with the number of the version that it was made on.
type RemarkView struct {
	memo.Remark
	Number int
}

// mostRemarks is how many remarks stand on a page.
const mostRemarks = 500

// Remarks returns what was remarked on a version, and what is still open of earlier
// ones of its memorandum, the oldest first.
func (v *View) Remarks(ctx context.Context, x memo.Version, m memo.Memorandum) ([]RemarkView, error) {
	if err := v.see(org.SeeMemorandum, memorandumFacts(m)); err != nil {
		return nil, err
	}
	rows, err := v.q.QueryContext(ctx, `select `+remarkColumns+`, x.number from remark r join text_version x on x.id = r.version
		where x.memorandum = $1 and x.number <= $2 and (x.number = $2 or x.purpose = $3 and r.closed is null) order by r.at, r.id limit $4`,
		m.ID, x.Number, x.Purpose, mostRemarks)
	return collect(rows, err, func(r *sql.Rows) (out RemarkView, err error) {
		out.Remark, err = scanRemark(r, &out.Number)
		return out, err
	})
}

// RemarkVersion returns the version that a remark stands on, if the reader sees it.
func (v *View) RemarkVersion(ctx context.Context, id memo.RemarkID) (memo.VersionID, error) {
	var version memo.VersionID
	err := v.q.QueryRowContext(ctx, `select version from remark where id = $1`, id).Scan(&version)
	if errors.Is(err, sql.ErrNoRows) {
		return "", fault.New(fault.NotFound, "absent")
	}
	if err != nil {
		return "", fmt.Errorf("store: reading remark %s: %w", id, err)
	}
	_, _, err = v.TextVersion(ctx, version)
	return version, err
}
