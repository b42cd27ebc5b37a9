package sqldb

import (
	"context"
	"fmt"
)

// Fact is something that an engine says of itself.
type Fact struct {
	Name  string // "version", a pragma of SQLite, a setting of PostgreSQL, "clock" (its seconds since 1970)
	Value string
	Want  string // "" where any value will do
}

// Facts asks the engine for its version and for the settings that our laws rest
// on, as the connections for writes see them.
func (db *DB) Facts(ctx context.Context) ([]Fact, error) {
	questions := []struct{ name, query, want string }{
		{"version", `select sqlite_version()`, ""},
		{"journal_mode", `pragma journal_mode`, "wal"},
		{"synchronous", `pragma synchronous`, "2"},
		{"foreign_keys", `pragma foreign_keys`, "1"},
		{"quick_check", `pragma quick_check(1)`, "ok"},
	}
	if db.engine == Postgres {
		questions = []struct{ name, query, want string }{
			{"version", `select current_setting('server_version')`, ""},
			{"server_version_num", `select case when current_setting('server_version_num')::int >= 150000 then '150000 or newer' else current_setting('server_version_num') end`, "150000 or newer"},
			{"pg_is_in_recovery", `select pg_is_in_recovery()::text`, "false"},
			{"server_encoding", `select current_setting('server_encoding')`, "UTF8"},
			{"fsync", `select current_setting('fsync')`, "on"},
			{"full_page_writes", `select current_setting('full_page_writes')`, "on"},
			{"synchronous_commit", `select case when current_setting('synchronous_commit') = 'off' then 'off' else 'on' end`, "on"},
			{"TimeZone", `select current_setting('TimeZone')`, ""},
			{"clock", `select extract(epoch from clock_timestamp())::bigint::text`, ""},
			{"max_connections", `select current_setting('max_connections')`, ""},
		}
	}
	var out []Fact
	for _, q := range questions {
		f := Fact{Name: q.name, Want: q.want}
		if err := db.write.QueryRowContext(ctx, q.query).Scan(&f.Value); err != nil {
			return out, fmt.Errorf("sqldb: asking for %s: %w", q.name, err)
		}
		out = append(out, f)
	}
	return out, nil
}
