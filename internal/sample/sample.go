// Package sample plays the sample province (示例数据): Sichuan from January 2009 to
// the morning of 7 June 2010, the story of the reference pages.
//
// Words. The world is the province with a clock of its own and an agenda
// (日程) of what will happen; an event is one thing on it. A script is what one
// unit does about one task: sign, report month by month, hand in again.
//
// Laws. Everything is done by real acts of real callers through the desk, inside
// one rehearsal, so that permissions, rules and the journal hold for the sample
// too. Nothing is by chance but the ids: what looks like chance is picked by the
// words of what it is about. Apart from the facts of the article (docs say which)
// units' parts, tasks, figures and numbers are made up, and every page says so.
// Nobody has a personal name.
package sample

import (
	"context"
	"fmt"
	"io"
	"time"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/survey"
)

// Setting names the setting that says that the sample is loaded: the sample's
// present and the real moment at which it was loaded, both RFC 3339, with a blank
// between them.
const Setting = "sample.loaded"

// present is when the sample ends and whoever looks at it begins: a Monday.
var present = Present()

// Present is the moment at which a sample stands when it has been loaded.
func Present() time.Time { return time.Date(2010, 6, 7, 9, 30, 0, 0, calendar.China) }

// MarkLoaded remembers that a sample was loaded at a real moment, and the posts
// that may be stepped into.
func MarkLoaded(ctx context.Context, s *store.Store, posts []org.PostID, loaded time.Time) error {
	if err := s.SetSamplePosts(ctx, posts); err != nil {
		return err
	}
	return s.SetSetting(ctx, Setting, present.Format(time.RFC3339)+" "+loaded.UTC().Format(time.RFC3339))
}

// world is the province in motion.
type world struct {
	*province
	ctx     context.Context
	desk    *act.Desk // of the rehearsal
	clock   *clock
	agenda  agenda
	turn    int
	callers map[org.PostID]org.Caller
	files   int // evidence files made so far

	liangshanSurvey survey.ID // that others are compared with
}

// Load plays the sample into an empty database. Ids come from random. Lights are
// not counted: the caller lets the store relight.
func Load(ctx context.Context, desk *act.Desk, random io.Reader) error {
	p, err := newProvince(random)
	if err != nil {
		return err
	}
	c := &clock{}
	return desk.Store().Rehearse(ctx, c.now, func(s *store.Store) error {
		c.at = moment(begun, 8, 30) // here, because a transaction that clashed is played again
		w := &world{province: p, ctx: ctx, desk: desk.With(s), clock: c, callers: map[org.PostID]org.Caller{}}
		return w.play()
	})
}

// play founds the province, lets everything happen and leaves the clock at the present.
func (w *world) play() error {
	deals := allDeals(w.province)
	if err := w.staff(partakers(w.province, deals)); err != nil {
		return err
	}
	s := w.desk.Store()
	if err := w.found(w.ctx, s); err != nil {
		return fmt.Errorf("sample: founding: %w", err)
	}
	for _, d := range deals {
		w.prepare(d)
	}
	w.life(deals)
	w.prepareScores()
	if err := w.run(); err != nil {
		return err
	}
	w.clock.reach(present)
	return MarkLoaded(w.ctx, s, w.shown(), time.Now())
}

// shown are the posts that anybody may step into, in the order of the sign-in page.
func (w *world) shown() (out []org.PostID) {
	bureau := w.unit(sichuan, org.FunctionQuality).ID
	for _, x := range []struct {
		unit org.UnitID
		role org.Role
	}{
		{bureau, org.Office}, {bureau, org.Leader}, {bureau, org.Scorer},
		{w.unit(sichuan, org.FunctionSupervision).ID, org.Auditor}, {bureau, org.Admin},
		{w.unit(liangshan, org.FunctionQuality).ID, org.Office},
		{w.unit(mianning, org.FunctionQuality).ID, org.Clerk},
		{w.unit("510500", org.FunctionQuality).ID, org.Office},
		{w.unit(liangshan, government).ID, org.Leader},
		{w.unit(liangshan, "农业").ID, org.Clerk},
	} {
		if s, ok := w.find(x.unit, x.role); ok {
			out = append(out, s.post.ID)
		}
	}
	return out
}

// as returns the caller for the first post of a unit with one of the roles.
func (w *world) as(u org.UnitID, roles ...org.Role) (org.Caller, error) {
	s, ok := w.find(u, roles...)
	if !ok {
		return org.Caller{}, fmt.Errorf("sample: unit %s has no post of %v", u, roles)
	}
	if c, ok := w.callers[s.post.ID]; ok {
		return c, nil
	}
	c, err := w.desk.Store().Caller(w.ctx, s.person.ID, s.post.ID, calendar.DateOf(w.clock.at))
	if err != nil {
		return c, fmt.Errorf("sample: calling %s: %w", s.person.Name, err)
	}
	w.callers[s.post.ID] = c
	return c, nil
}

// bureau is who runs the memorandums: the office in the province's bureau.
func (w *world) bureau(roles ...org.Role) (org.Caller, error) {
	return w.as(w.unit(sichuan, org.FunctionQuality).ID, roles...)
}
