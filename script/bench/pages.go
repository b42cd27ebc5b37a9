package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
)

// visitor is somebody who is signed in.
type visitor struct {
	pages  http.Handler
	cookie []*http.Cookie
}

// signIn steps into one of the sample's posts.
func (s *served) signIn(post int) (visitor, error) {
	q := httptest.NewRequest("POST", "http://127.0.0.1/sign-in/sample", strings.NewReader(url.Values{"post": {string(s.posts[post])}}.Encode()))
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	q.Header.Set("Origin", "http://127.0.0.1")
	q.RemoteAddr = "127.0.0.1:1"
	w := httptest.NewRecorder()
	s.pages.ServeHTTP(w, q)
	if w.Code >= 400 {
		return visitor{}, fmt.Errorf("signing in answered %d", w.Code)
	}
	return visitor{s.pages, w.Result().Cookies()}, nil
}

// get asks for a page; anything but the page is an error.
func (v visitor) get(path string) error {
	q := httptest.NewRequest("GET", "http://127.0.0.1"+path, nil)
	q.RemoteAddr = "127.0.0.1:1"
	for _, c := range v.cookie {
		q.AddCookie(c)
	}
	w := httptest.NewRecorder()
	v.pages.ServeHTTP(w, q)
	if w.Code != http.StatusOK {
		return fmt.Errorf("%s answered %d", path, w.Code)
	}
	return nil
}

// asked is a page with the bare question that its rows could be had by.
type asked struct {
	name    string
	post    int // who looks, by place on the sign-in page
	path    string
	columns int
	query   string
	args    []any
}

// one returns the first row of a question.
func (s *served) one(columns int, query string, args ...any) ([]string, error) {
	rows, err := s.texts(columns, query, args...)
	if err == nil && len(rows) == 0 {
		err = fmt.Errorf("nothing answers %s", query)
	}
	if err != nil {
		return nil, err
	}
	return rows[0], nil
}

// list names the pages: those of the longest plan of the year, of its first split
// row, and of the newest run.
func (s *served) list() ([]asked, error) {
	p, err := s.one(1, `select plan from task where depth = 0 and parts > 0 group by plan order by max(parts) desc, count(*) desc, max(id) desc limit 1`)
	if err != nil {
		return nil, err
	}
	k, err := s.one(1, `select id from task where plan = $1 and depth = 0 order by parts desc, position limit 1`, p[0])
	if err != nil {
		return nil, err
	}
	c, err := s.one(2, `select c.assessment, c.region from scorecard c join assessment a on a.id = c.assessment
		where a.grouping = 'counties' and a.published is not null order by a.as_of desc, length(c.payload) desc limit 1`)
	if err != nil {
		return nil, err
	}
	office, err := s.caller(0)
	if err != nil {
		return nil, err
	}
	city, err := s.caller(5)
	if err != nil {
		return nil, err
	}
	clerk, err := s.caller(6)
	if err != nil {
		return nil, err
	}
	row := `select id, title, body from (select id, title, light_body as body, position from task `
	return []asked{
		{"task list", 0, "/plans/" + p[0], 3, row + `where plan = $1 and depth = 0 order by position limit 50) x`, []any{p[0]}},
		{"plan tree level", 0, "/plans/" + p[0] + "/level?task=" + k[0], 3, row + `where parent = $1 order by position limit 200) x`, []any{k[0]}},
		{"task", 0, "/tasks/" + k[0], 3, row + `where id = $1) x`, []any{k[0]}},
		{"ranking", 0, "/ranking?group=counties", 1, `select summary from assessment where grouping = 'counties' and published is not null order by as_of desc limit 1`, nil},
		{"desk, province's office", 0, "/desk", 1, `select id from report where verifier = $1 and state = 'submitted' order by due, id limit 50`, []any{string(office.Unit().ID)}},
		{"desk, county's clerk", 6, "/desk", 1, `select task from part where unit = $1 and state = 'signed' order by task limit 50`, []any{string(clerk.Unit().ID)}},
		{"desk, province's leader", 1, "/desk", 2, `select region, light from task where depth = 0 and light = 'red' and plan = $1 limit 50`, []any{p[0]}},
		{"desk, scorer", 2, "/desk", 1, `select id from scheme limit 50`, nil},
		{"desk, auditor", 3, "/desk", 1, `select id from journal_entry where sequence is not null order by sequence desc limit 50`, nil},
		{"desk, city's office", 5, "/desk", 1, `select id from report where verifier = $1 and state = 'submitted' order by due, id limit 50`, []any{string(city.Unit().ID)}},
		{"plans", 0, "/plans", 2, `select id, title from plan where office = $1 order by id desc limit 50`, []any{string(office.Unit().ID)}},
		{"memorandums", 0, "/memorandums", 2, `select id, title from memorandum order by id desc limit 50`, nil},
		{"periods", 0, "/periods", 1, `select id from plan where office = $1 order by id desc limit 50`, []any{string(office.Unit().ID)}},
		{"letters", 0, "/letters", 1, `select id from letter order by id desc limit 50`, nil},
		{"public page", 0, "/public", 1, `select summary from assessment where grouping = 'counties' and published is not null order by as_of desc limit 1`, nil},
		{"scorecard with reasons", 0, "/scorecards/" + c[0] + "/" + c[1], 1, `select payload from scorecard where assessment = $1 and region = $2`, []any{c[0], c[1]}},
		{"search for a unit", 0, "/units?q=" + url.QueryEscape("农业局"), 2, `select id, name from unit where name like '%农业局%' limit 50`, nil},
		{"journal", 3, "/journal", 1, `select id from journal_entry where sequence is not null order by sequence desc limit 50`, nil},
	}, nil
}

// looks measures every page beside its bare question.
func (s *served) looks() (rows []row, err error) {
	pages, err := s.list()
	if err != nil {
		return nil, err
	}
	for _, p := range pages {
		v, err := s.signIn(p.post)
		if err != nil {
			return nil, err
		}
		first, err := once(func() error { return v.get(p.path) }) // builds what is kept
		if err != nil {
			fmt.Println("not measured:", p.name, err)
			continue
		}
		// A slow page is looked at as often as ten seconds allow: the p99 of ten is the slowest.
		often := max(10, min(200, int(10*first.rate())))
		var t times
		err = profiled(s.db.Engine()+" "+p.name, func() (err error) {
			t, err = again(often, 1, func(int) error { return v.get(p.path) })
			return err
		})
		if err != nil {
			return nil, err
		}
		bare, err := again(200, 1, func(int) error { _, err := s.texts(p.columns, p.query, p.args...); return err })
		if err != nil {
			return nil, err
		}
		rows = append(rows, s.against("page: "+p.name, t, bare.rate()))
	}
	return rows, nil
}
