package testkit

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
)

// server is the PostgreSQL of this test process.
var server struct {
	sync.Mutex
	address string
	err     error
	leash   *os.File // the server stops when this end of a pipe closes
	keeper  *exec.Cmd
}

// RunMain runs a package's tests and stops the PostgreSQL that they started:
//
//	func TestMain(m *testing.M) { testkit.RunMain(m) }
//
// A package may do without: then the server notices by itself, a moment later,
// that the test process has ended.
func RunMain(m *testing.M) {
	code := m.Run()
	server.Lock()
	defer server.Unlock()
	if server.leash != nil {
		server.leash.Close()
		server.keeper.Wait()
	}
	os.Exit(code)
}

// startPostgres returns the address of the server for tests and starts it at
// the first call. An error stays: it is not tried again.
func startPostgres() (string, error) {
	server.Lock()
	defer server.Unlock()
	if server.address == "" && server.err == nil {
		if given := os.Getenv("GONGJIAN_TEST_POSTGRES"); given != "" {
			server.address = given
		} else {
			server.address, server.err = startCluster()
		}
	}
	return server.address, server.err
}

// keeperScript makes a cluster in the folder $1 with the programs of the folder
// $2, says "ready", and waits until its input ends, which it does when the test
// process ends in whatever way. Then it stops the server and removes the folder.
const keeperScript = `
trap '' INT TERM HUP
cd "$1" || exit 1
{
  "$2/initdb" -D "$1/data" -U postgres -A trust -N --no-locale -E UTF8 >"$1/log" 2>&1 &&
  "$2/pg_ctl" -D "$1/data" -l "$1/log" -w -t 120 -o "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off -c max_connections=300 -c listen_addresses= -c unix_socket_directories='$1'" start >>"$1/log" 2>&1 &&
  echo ready
} || tail -n 5 "$1/log"
exec >/dev/null
cat >/dev/null
"$2/pg_ctl" -D "$1/data" -m immediate -w stop >/dev/null 2>&1
cd / && rm -rf "$1"
`

// startCluster starts a throw-away cluster that listens on a socket in a
// temporary folder. It never syncs to disk, so it is quick and worth nothing
// after a crash.
func startCluster() (string, error) {
	programs, err := findPrograms()
	if err != nil {
		return "", err
	}
	folder, err := os.MkdirTemp("", "gongjian-pg-")
	if err != nil {
		return "", err
	}
	command := []string{"sh", "-c", keeperScript, "sh", folder, programs}
	if os.Getuid() == 0 { // the server refuses to run as root
		if command, err = asPostgres(command, folder); err != nil {
			return "", errors.Join(err, os.RemoveAll(folder))
		}
	}
	keeper := exec.Command(command[0], command[1:]...)
	hold, leash, err := os.Pipe()
	if err != nil {
		return "", err
	}
	defer hold.Close()
	answer, tell, err := os.Pipe()
	if err != nil {
		return "", err
	}
	defer answer.Close()
	// Files, not writers: so nothing of this process waits for the server's end.
	keeper.Stdin, keeper.Stdout = hold, tell
	err = keeper.Start()
	tell.Close()
	if err != nil {
		leash.Close()
		return "", errors.Join(err, os.RemoveAll(folder))
	}
	server.leash, server.keeper = leash, keeper
	line, err := bufio.NewReader(answer).ReadString('\n')
	if line != "ready\n" {
		rest, _ := io.ReadAll(answer)
		return "", fmt.Errorf("starting %s/postgres failed: %s%s (%v)", programs, line, rest, err)
	}
	return "postgres://postgres@/postgres?host=" + folder, nil
}

// findPrograms returns the folder of initdb and pg_ctl: the newest version that
// Debian installed, or where PATH has them.
func findPrograms() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	slices.SortFunc(found, func(a, b string) int { return majorVersion(b) - majorVersion(a) })
	if len(found) > 0 {
		return filepath.Dir(found[0]), nil
	}
	path, err := exec.LookPath("initdb")
	if err != nil {
		return "", errors.New("initdb is neither under /usr/lib/postgresql nor on the PATH")
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return "", err
	}
	return filepath.Dir(path), nil
}

func majorVersion(initdb string) int {
	version, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb))))
	return version
}

// asPostgres makes the command run as the user postgres and gives it the folder.
func asPostgres(command []string, folder string) ([]string, error) {
	account, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("running as root, and there is no user postgres to run the server: %w", err)
	}
	uid, err := strconv.Atoi(account.Uid)
	if err != nil {
		return nil, err
	}
	if err := os.Chown(folder, uid, -1); err != nil {
		return nil, err
	}
	if setpriv, err := exec.LookPath("setpriv"); err == nil {
		prefix := []string{setpriv, "--reuid=" + account.Uid, "--regid=" + account.Gid, "--clear-groups"}
		return append(prefix, command...), nil
	}
	su, err := exec.LookPath("su")
	if err != nil {
		return nil, errors.New("running as root, and neither setpriv nor su is here to run the server as postgres")
	}
	// su takes one line for the shell, and the rest as its $0, $1…
	return append([]string{su, "-s", "/bin/sh", "postgres", "-c", keeperScript}, command[3:]...), nil
}
