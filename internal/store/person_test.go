package store_test

import (
	"strings"
	"testing"
	"time"

	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/testkit"
)

func TestLinksAndPasswordsStandInTheJournalWithoutAnySecret(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		ctx, clerk := t.Context(), org.PersonID("luzhou/clerk")
		before, err := w.Store.MarkOf(ctx, clerk)
		if err != nil {
			t.Fatal(err)
		}
		token, err := w.Store.NewLink(ctx, clerk, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		if id, err := w.Store.UseLink(ctx, token, "sealed-one"); err != nil || id != clerk {
			t.Fatalf("the link is %s's, %v", id, err)
		}
		if after, err := w.Store.MarkOf(ctx, clerk); err != nil || after == before || after != store.Mark("sealed-one") {
			t.Errorf("the mark was %s and is %s, %v", before, after, err)
		}
		if _, err := w.Store.UseLink(ctx, token, "sealed-two"); err == nil {
			t.Error("a spent link was used again")
		}
		if err := w.Store.SetSecret(ctx, clerk, "sealed-three"); err != nil {
			t.Fatal(err)
		}
		rows, err := db.Read().QueryContext(ctx, `select e.bytes from journal_entry e join journal_subject s on s.entry = e.id
			where s.kind = 'person' and s.subject = $1 order by e.id`, clerk)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		var entries []string
		for rows.Next() {
			var b []byte
			if err := rows.Scan(&b); err != nil {
				t.Fatal(err)
			}
			entries = append(entries, string(b))
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		want := []string{`"person":"","post":"","unit":"","action":"person.link"`, `"person":"luzhou/clerk","post":"","unit":"","action":"person.secret"`, `"person":"","post":"","unit":"","action":"person.secret"`}
		if len(entries) != len(want) {
			t.Fatalf("the journal holds %d entries: %v", len(entries), entries)
		}
		for i, e := range entries {
			if !strings.Contains(e, want[i]) || strings.Contains(e, "sealed") || strings.Contains(e, token) {
				t.Errorf("entry %d is %s; want %s and no secret", i, e, want[i])
			}
		}
	})
}
