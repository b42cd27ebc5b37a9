package sqldb

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// catalogue asks an engine what tables there are.
type catalogue struct {
	engine string
	tx     *sql.Tx
}

// Tables returns all tables but those of the migrations, each after those that
// its rows refer to. An error names a column of a type that only one engine has.
func (c catalogue) Tables(ctx context.Context) ([]Table, error) {
	list, references := postgresColumns, postgresReferences
	if c.engine == SQLite {
		list, references = sqliteColumns, sqliteReferences
	}
	var tables []Table
	err := c.each(ctx, list, 3, func(row []string) error {
		if n := len(tables); n == 0 || tables[n-1].Name != row[0] {
			tables = append(tables, Table{Name: row[0]})
		}
		kind := strings.ToLower(row[2])
		if !slices.Contains([]string{"text", "bigint", "boolean", "bytea"}, kind) {
			return fmt.Errorf("%s.%s has the type %s, which is none that both engines have", row[0], row[1], row[2])
		}
		last := &tables[len(tables)-1]
		last.Columns = append(last.Columns, Column{Name: row[1], Type: kind})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("sqldb: listing tables: %w", err)
	}
	refers := map[string][]string{}
	err = c.each(ctx, references, 2, func(row []string) error {
		refers[row[0]] = append(refers[row[0]], row[1])
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("sqldb: listing references: %w", err)
	}
	return inOrder(tables, refers), nil
}

// inOrder sorts tables behind those that they refer to, else by name.
func inOrder(tables []Table, refers map[string][]string) []Table {
	byName := map[string]Table{}
	for _, t := range tables {
		byName[t.Name] = t
	}
	slices.SortFunc(tables, func(a, b Table) int { return cmp.Compare(a.Name, b.Name) })
	var out []Table
	seen := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		t, known := byName[name]
		if seen[name] || !known {
			return
		}
		seen[name] = true
		for _, to := range refers[name] {
			visit(to)
		}
		out = append(out, t)
	}
	for _, t := range tables {
		visit(t.Name)
	}
	return out
}

// Virtual tables and those that belong to them are derived and not listed; so is
// what the engine and the migrations keep for themselves.
const (
	sqliteColumns = `select m.name, c.name, c.type from pragma_table_list m join pragma_table_info(m.name) c
		where m.schema = 'main' and m.type = 'table' and m.name not like 'sqlite\_%' escape '\' and m.name not like 'goose\_%' escape '\'
		order by m.name, c.cid`
	sqliteReferences = `select distinct m.name, f."table" from pragma_table_list m join pragma_foreign_key_list(m.name) f
		where m.schema = 'main' and m.type = 'table' order by 1, 2`
	postgresColumns = `select c.table_name::text, c.column_name::text, c.data_type::text from information_schema.columns c
		join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
		where c.table_schema = current_schema() and t.table_type = 'BASE TABLE' and c.table_name not like 'goose\_%'
		order by c.table_name collate "C", c.ordinal_position`
	postgresReferences = `select distinct a.relname::text, b.relname::text from pg_constraint k
		join pg_class a on a.oid = k.conrelid join pg_class b on b.oid = k.confrelid join pg_namespace n on n.oid = a.relnamespace
		where k.contype = 'f' and n.nspname = current_schema() order by 1, 2`
)

// each calls f with rows of so many texts.
func (c catalogue) each(ctx context.Context, query string, columns int, f func([]string) error) error {
	rows, err := c.tx.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		row, into := make([]string, columns), make([]any, columns)
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := f(row); err != nil {
			return err
		}
	}
	return rows.Err()
}
