// Package sqldb hides which of the two database engines a program runs on:
// SQLite in one file, or PostgreSQL.
//
// Words. A question reads (Read); a write is one transaction, or on SQLite a part
// of one (Write); an engine is "sqlite" or "postgres".
//
// Laws.
//   - One SQL text runs on both engines: placeholders $1, $2…; column types TEXT,
//     BIGINT, BOOLEAN and BYTEA only. SQLite has no type BYTEA, yet it takes the
//     name and leaves bytes as they are; bind []byte to it, never a string.
//   - Every write is SERIALIZABLE. SQLite has one writer at a time; PostgreSQL may
//     refuse a write that clashed with another, which is then tried again, so the
//     function given to Write may run several times and must not act outside its
//     transaction.
//   - On SQLite writers that wait for each other form a group: they run one after
//     the other in one transaction with one commit, each behind a savepoint of its
//     own. Each has its own outcome, success is told after the commit only, and a
//     writer alone waits for nobody. PostgreSQL joins commits by itself; there each
//     write has its own transaction.
//   - A write whose commit may or may not have happened is never tried again: it
//     ends with ErrOutcomeUnknown.
//   - The function given to Write does not end its transaction.
//   - Nothing needs advisory locks, LISTEN/NOTIFY, sequences or triggers.
//
// Differences that cannot be hidden are small named functions here (Engine,
// IsDuplicate), and nowhere else.
package sqldb
