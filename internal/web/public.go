package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
)

func (s *Server) publicRoutes() []Route {
	return []Route{
		{"GET /public", true, s.public},
		{"GET /checkpoint", true, s.checkpoint},
	}
}

const (
	promisesAPage  = 20
	memosAPage     = 60
	publicRankings = 12
)

// public is the page that needs no sign-in: what was promised, what is verified,
// and how to check it.
func (s *Server) public(q *request) error {
	year := q.view.Today().Year
	counts, err := q.view.PublicCounts(q.Context(), year)
	if err != nil {
		return err
	}
	c := page.PublicView{
		Head: page.HeadView{Title: page.Say(q.p.T("public.title")), Meta: page.Say(q.p.T("public.as-of", "on", q.view.Today(), "year", year))},
	}
	if at := counts.Counted; !at.IsZero() {
		c.Head.Meta = page.Say(q.p.Dots(q.p.T("public.as-of", "on", q.view.Today(), "year", year), q.p.T("desk.load-counted", "time", q.p.Clock(at))))
	}
	all := q.publicSums(&c, counts.Regions)
	if all == 0 {
		c.Empty = &page.EmptyView{Text: page.Say(q.p.T("public.none", "year", year)), Note: page.Say(q.p.T("public.none-note"))}
	}
	for _, step := range []func(*request, *page.PublicView) error{s.publicPromises, s.publicMemorandums, s.publicRankings, s.publicSupport, s.publicProof} {
		if err := step(q, &c); err != nil {
			return err
		}
	}
	if len(c.Figs) > 0 {
		c.Figs[0].Big = q.p.Number(int64(counts.Commitments))
	}
	c.TasksMeta = q.p.T("public.tasks-meta", "n", all)
	c.Downloads = []page.Download{{Text: q.p.T("public.csv"), Href: "/public/tasks.csv", About: q.p.T("public.csv-about", "n", all)}}
	v, err := q.frame(q.p.T("public.title"), "public")
	if err != nil {
		return err
	}
	return q.render(http.StatusOK, page.Public(v, c))
}

// publicSums fills in the sentence, the figures and the table of regions; it
// returns how many rows there are.
func (q *request) publicSums(c *page.PublicView, counts []store.RegionCount) int {
	sum, verified, finished := store.Lights{}, 0, 0
	for _, r := range counts {
		for colour, n := range r.Lights {
			sum[colour] += n
		}
		verified, finished = verified+r.Verified, finished+r.Finished
		c.Regions = append(c.Regions, page.PublicRegion{
			Name: q.regionName(r.Region), Href: "/public?region=" + string(r.Region) + "#done", Promised: q.p.Number(int64(r.Lights.Total())),
			Verified: q.p.Number(int64(r.Verified)), Finished: q.p.Number(int64(r.Finished)), Lights: q.tallies(r.Lights),
		})
	}
	all := sum.Total()
	if all == 0 {
		return 0
	}
	var parts []string
	for _, t := range q.tallies(sum) {
		parts = append(parts, q.p.T("public.count", "count", t.Count, "word", strings.ToLower(t.Word)))
	}
	c.Say = []page.Words{page.Rich(q.p.Rich("public.say", "n", all, "counts", q.p.List(parts)))}
	c.Figs = []page.Fig{
		{Label: q.p.T("public.commitments"), Note: page.Say(q.p.T("public.commitments-note"))},
		{Label: q.p.T("public.promised"), Big: q.p.Number(int64(all)), Note: page.Say(q.p.T("public.promised-note", "n", len(counts)))},
		{Label: q.p.T("public.some-verified"), Big: q.p.Number(int64(verified)), Note: page.Say(q.p.T("public.of", "share", q.p.Percent(share(verified, all))))},
		{Label: q.p.T("public.finished"), Big: q.p.Number(int64(finished)), Note: page.Say(q.p.T("public.of", "share", q.p.Percent(share(finished, all))))},
	}
	return all
}

// share is part ÷ whole, where task.One is the whole.
func share(part, whole int) task.Quantity {
	if whole == 0 {
		return 0
	}
	return task.Quantity(int64(part) * int64(task.One) / int64(whole))
}

func (q *request) tallies(l store.Lights) []page.LightTally {
	var out []page.LightTally
	for _, c := range lightOrder {
		if l[c] > 0 {
			out = append(out, page.LightTally{Colour: string(c), Word: page.LightWord(q.p, string(c)), Count: q.p.Number(int64(l[c]))})
		}
	}
	return out
}

// publicPromises lists the rows of issued plans, a page at a time.
func (s *Server) publicPromises(q *request, c *page.PublicView) error {
	ask := url.Values{}
	f := store.PublicFilter{Region: org.RegionCode(q.FormValue("region"))}
	if f.Region != "" {
		ask.Set("region", string(f.Region))
	}
	switch show := q.FormValue("show"); show {
	case "behind", "done":
		f.Behind, f.Done = show == "behind", show == "done"
		ask.Set("show", show)
		c.Filter.Show = show
	}
	after := store.PublicKey{Region: org.RegionCode(q.FormValue("from")), Plan: memo.PlanID(q.FormValue("plan")), ID: task.ID(q.FormValue("after"))}
	after.Position, _ = strconv.Atoi(q.FormValue("position"))
	rows, err := q.view.PublicTasks(q.Context(), q.view.Today().Year, f, after, promisesAPage+1)
	if err != nil {
		return err
	}
	if after.ID != "" {
		c.Pager.First = "/public?" + ask.Encode() + "#done"
	}
	if len(rows) > promisesAPage {
		rows = rows[:promisesAPage]
		last := rows[promisesAPage-1]
		next := url.Values{"from": {string(last.Region)}, "plan": {string(last.Plan)}, "position": {strconv.Itoa(last.Position)}, "after": {string(last.ID)}}
		for k, v := range ask {
			next[k] = v
		}
		c.Pager.Next = "/public?" + next.Encode() + "#done"
	}
	for _, t := range rows {
		c.Tasks = append(c.Tasks, q.promise(t))
	}
	c.NothingFound = len(rows) == 0
	c.Filter.Regions = []page.Option{{Text: q.p.T("public.all-regions")}}
	for _, r := range c.Regions {
		code := strings.TrimSuffix(strings.TrimPrefix(r.Href, "/public?region="), "#done")
		c.Filter.Regions = append(c.Filter.Regions, page.Option{Value: code, Text: r.Name, Current: code == string(f.Region)})
	}
	for _, x := range []struct{ show, key string }{{"", "public.show-all"}, {"behind", "public.show-behind"}, {"done", "public.show-done"}} {
		to := url.Values{}
		if f.Region != "" {
			to.Set("region", string(f.Region))
		}
		if x.show != "" {
			to.Set("show", x.show)
		}
		c.Filter.Seg = append(c.Filter.Seg, page.Choice{Text: q.p.T(x.key), Href: "/public?" + to.Encode() + "#done", Current: x.show == c.Filter.Show})
	}
	return nil
}

// promise is one row as everybody sees it: what is claimed is not shown.
func (q *request) promise(t store.PublicTask) page.PublicRow {
	row := page.PublicRow{
		Title: t.Title, Place: q.regionName(t.Region), Who: strings.Join(t.Leads, "、"), Verified: "—", Deadline: t.Deadline.Text,
		Light: page.LightView{Colour: string(t.Light.Colour), Word: page.LightWord(q.p, string(t.Light.Colour))},
	}
	if !t.Finished.IsZero() {
		row.Light.Reason = q.p.Date(t.Finished)
	}
	if row.Deadline == "" && !t.Due.IsZero() {
		row.Deadline = q.p.Column(t.Due)
	}
	if t.Target == nil {
		return row
	}
	row.Target = t.Target.Text
	if goal, ok := t.Target.Goal(); ok {
		row.Verified = q.p.Quantity(t.Verified) + t.Target.Unit
		if goal > 0 {
			row.Pair = &page.PublicPair{Verified: t.Verified, Target: goal, Says: q.p.T("public.bar", "target", goal, "verified", t.Verified)}
		}
	}
	return row
}

func (s *Server) publicMemorandums(q *request, c *page.PublicView) error {
	memos, err := q.view.MemorandumsInForce(q.Context(), org.RegionCode(q.FormValue("memo-region")), memo.ID(q.FormValue("memo")), memosAPage+1)
	if err != nil {
		return err
	}
	if len(memos) > memosAPage {
		memos = memos[:memosAPage]
		last := memos[memosAPage-1]
		c.MoreMemos = "/public?" + url.Values{"memo-region": {string(last.Region)}, "memo": {string(last.ID)}}.Encode() + "#memorandums"
	}
	for _, m := range memos {
		row := page.PublicMemo{Title: m.Title, Parties: strings.Join(m.Parties, "、"), Signed: q.p.Column(m.Signed), Until: q.p.T("public.open-ended")}
		if !m.Until.IsZero() {
			row.Until = q.p.Column(m.Until)
		}
		c.Memorandums = append(c.Memorandums, row)
	}
	return nil
}

func (s *Server) publicRankings(q *request, c *page.PublicView) error {
	for _, group := range []string{groupCities, groupCounties} {
		runs, err := q.view.PublishedRuns(q.Context(), group, q.view.Today(), publicRankings)
		if err != nil {
			return err
		}
		for _, a := range runs {
			c.Rankings = append(c.Rankings, page.Choice{Text: q.p.T("scorecard.run", "period", q.p.Period(a.Period), "group", q.groupName(a.Group)),
				Href: rankQuery{group: group, run: string(a.ID)}.href()})
		}
	}
	return nil
}

// publicProof says how far the journal is signed and how to check a file.
func (s *Server) publicProof(q *request, c *page.PublicView) error {
	c.Command = "gongjian verify " + q.p.T("public.file") + " --key journal.pub"
	newest, err := s.log.Newest(q.Context())
	if err != nil {
		return err
	}
	if newest.Note != "" {
		c.Checkpoint = q.p.T("public.checkpoint-at", "at", q.p.Instant(newest.At), "n", newest.Size)
		c.Root = newest.Root.String()
	}
	return nil
}

// checkpoint is the newest signed head of the journal, as it was signed: for
// keeping elsewhere.
func (s *Server) checkpoint(q *request) error {
	c, err := s.log.Newest(q.Context())
	if err != nil {
		return err
	}
	if c.Note == "" {
		return errAbsent
	}
	return q.plainText(c.Note)
}

func (q *request) plainText(words string) error {
	h := q.w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	_, err := q.w.Write([]byte(words))
	return err
}
