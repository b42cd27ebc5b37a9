package sqldb

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"

	"gongjian/internal/fault"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
)

// Explain returns the fault for an error that comes from the database being away or
// full (Busy: nothing was changed, try again): "database.unreachable" or
// "database.full". For every other error, faults among them, it is false.
func Explain(err error) (*fault.Fault, bool) {
	switch {
	case err == nil || fault.KindOf(err) != fault.Internal:
		return nil, false
	case isFull(err):
		return fault.New(fault.Busy, "database.full").Because(err), true
	case isAway(err):
		return fault.New(fault.Busy, "database.unreachable").Because(err), true
	}
	return nil, false
}

// More result codes of SQLite: no room, and a file that cannot be opened or written.
const (
	sqliteFull     = 13
	sqliteCantOpen = 14
)

// isFull: SQLite says that there is no room, or that the system refuses to write,
// which a quota or a limit on the size of files does.
func isFull(err error) bool {
	if lite := (*sqlite.Error)(nil); errors.As(err, &lite) {
		primary := lite.Code() & 0xff
		return primary == sqliteFull || primary == sqliteIOError
	}
	if pg := (*pgconn.PgError)(nil); errors.As(err, &pg) {
		return pg.Code == "53100"
	}
	return false
}

// isAway: the connection was refused or is gone, or the server takes no work now:
// it is starting, stopping, has no place left, or follows another (25006).
func isAway(err error) bool {
	if pg := (*pgconn.PgError)(nil); errors.As(err, &pg) {
		switch {
		case len(pg.Code) != 5:
			return false
		case pg.Code[:2] == "08", pg.Code[:2] == "53", pg.Code[:3] == "57P", pg.Code == "25006":
			return true
		}
		return false
	}
	if lite := (*sqlite.Error)(nil); errors.As(err, &lite) {
		primary := lite.Code() & 0xff
		return primary == sqliteCantOpen || primary == sqliteBusy || primary == sqliteLocked
	}
	var refused *pgconn.ConnectError
	var network *net.OpError
	return errors.As(err, &refused) || errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, pgconn.ErrConnClosed) || errors.Is(err, net.ErrClosed) || errors.Is(err, io.ErrUnexpectedEOF)
}
