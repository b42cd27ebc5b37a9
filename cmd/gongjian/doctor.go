package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"gongjian/internal/blob"
	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/journal"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/internal/web/text"
)

type doctor struct {
	serve
	All      bool   `help:"Read everything: every evidence file, the whole journal, all figures. It may take long."`
	Language string `name:"lang" enum:",zh-CN,en" default:"" help:"Language of the answer: zh-CN or en; otherwise as LC_ALL or LANG says."`
}

// errIll ends the command with a status other than 0; what is wrong has been printed.
var errIll = errors.New("something needs to be mended")

// The weights of a finding.
const (
	good    = "ok"
	warning = "warning"
	bad     = "fault"
)

// How much is looked at without --all.
const (
	sampledFiles   = 200
	sampledPlans   = 5
	sampledEntries = 100_000
	leastFree      = 2 << 30 // bytes on the disk of the data
)

// examination prints findings as they come.
type examination struct {
	doctor
	p     *text.Printer
	worst string
	clock *clock
	db    *sqldb.DB
	store *store.Store
}

// say prints a finding: its weight, what was found, and after a dash what to do.
func (x *examination) say(weight, key string, args ...any) {
	if weight == bad || weight == warning && x.worst != bad {
		x.worst = weight
	}
	fmt.Printf("%-8s %s\n", x.p.T("doctor.level-"+weight), x.p.T(key, args...))
}

// Run looks at one thing after the other; what rests on something broken is left out.
func (d doctor) Run(ctx context.Context) error {
	bundle, err := text.Load()
	if err != nil {
		return err
	}
	x := &examination{doctor: d, p: bundle.For(d.language()), worst: good, clock: &clock{}}
	x.settings()
	x.calendar(time.Now())
	x.disk()
	x.keys()
	if x.connect(ctx) {
		defer x.db.Close()
		for _, step := range []func(context.Context) error{x.engine, x.moment, x.journal, x.evidence, x.figures} {
			if err := step(ctx); err != nil {
				x.say(bad, "doctor.unreadable", "error", err.Error())
			}
		}
	}
	if x.worst == bad {
		return errIll
	}
	return nil
}

func (d doctor) language() string {
	for _, s := range []string{d.Language, os.Getenv("LC_ALL"), os.Getenv("LANG")} {
		if strings.HasPrefix(s, "en") {
			return text.English
		}
		if strings.HasPrefix(s, "zh") {
			return text.Chinese
		}
	}
	return text.Chinese
}

func (x *examination) settings() {
	if err := x.faults(); err != nil {
		x.say(bad, "doctor.settings-wrong", "error", strings.ReplaceAll(err.Error(), "\n", "; "))
		return
	}
	x.say(good, "doctor.settings")
	if !x.Secure {
		x.say(warning, "doctor.settings-insecure")
	}
}

// calendar warns from November on that next year's holidays are not known.
func (x *examination) calendar(now time.Time) {
	year, days := now.Year(), calendar.Default()
	switch {
	case !days.Known(year):
		x.say(bad, "doctor.holidays-missing", "year", year)
	case !days.Known(year + 1):
		x.say(warning, "doctor.holidays-next", "year", year+1)
	default:
		x.say(good, "doctor.holidays", "year", year+1)
	}
}

func (x *examination) disk() {
	free, known := freeBytes(x.Data)
	switch {
	case !known:
		x.say(warning, "doctor.disk-unknown", "folder", x.Data)
	case free < leastFree:
		x.say(bad, "doctor.disk-full", "folder", x.Data, "free", x.p.Size(free))
	default:
		x.say(good, "doctor.disk", "folder", x.Data, "free", x.p.Size(free))
	}
}

// keys looks at the files of keys: there, for the server alone, and a pair.
func (x *examination) keys() {
	for _, name := range privateKeys {
		path := filepath.Join(x.Data, name)
		info, err := os.Stat(path)
		switch {
		case err != nil:
			x.say(warning, "doctor.key-missing", "file", path)
		case info.Mode().Perm()&0o077 != 0:
			x.say(bad, "doctor.key-open", "file", path, "mode", fmt.Sprintf("%04o", info.Mode().Perm()))
		default:
			x.say(good, "doctor.key", "file", path)
		}
	}
	b, err := os.ReadFile(filepath.Join(x.Data, "journal.key"))
	if err != nil {
		return // said above
	}
	signer, err := journal.LoadSigner(string(b))
	key, _, keyErr := x.verifier()
	switch {
	case err != nil || keyErr != nil:
		x.say(bad, "doctor.key-unreadable", "error", errors.Join(err, keyErr).Error())
	case signer.KeyHash() != key.KeyHash():
		x.say(bad, "doctor.key-pair", "file", x.publicKey())
	}
}

func (x *examination) connect(ctx context.Context) bool {
	if path, isFile := strings.CutPrefix(x.DB, "sqlite:"); isFile {
		if _, err := os.Stat(path); err != nil {
			x.say(bad, "doctor.database-none", "file", path)
			return false
		}
	}
	var err error
	x.db, x.store, err = x.database.connect(ctx, x.clock.now)
	if err != nil {
		x.say(bad, "doctor.database-away", "address", withoutPassword(x.DB), "error", err.Error())
		return false
	}
	lacks, unknown, err := store.Pending(ctx, x.db)
	switch {
	case err != nil:
		x.say(bad, "doctor.unreadable", "error", err.Error())
	case len(unknown) > 0:
		x.say(bad, "doctor.tables-newer", "versions", fmt.Sprint(unknown))
	case len(lacks) > 0:
		x.say(warning, "doctor.tables-older", "versions", fmt.Sprint(lacks))
	default:
		x.say(good, "doctor.tables")
		return true
	}
	x.db.Close()
	return false
}

// engine compares the engine's settings with what our laws rest on.
func (x *examination) engine(ctx context.Context) error {
	facts, err := x.db.Facts(ctx)
	if err != nil {
		return err
	}
	for _, f := range facts {
		switch {
		case f.Name == "clock":
			seconds, err := strconv.ParseInt(f.Value, 10, 64)
			if err != nil {
				return err
			}
			if away := time.Since(time.Unix(seconds, 0)).Abs(); away > 5*time.Second {
				x.say(warning, "doctor.clock-differs", "away", away.Round(time.Second).String())
			}
		case f.Want != "" && f.Value != f.Want:
			x.say(bad, "doctor.engine-setting", "engine", x.db.Engine(), "name", f.Name, "value", f.Value, "want", f.Want)
		case f.Name == "version":
			x.say(good, "doctor.engine", "engine", x.db.Engine(), "version", f.Value)
		case f.Name == "max_connections":
			if n, err := strconv.Atoi(f.Value); err == nil && n < x.DBReaders+x.DBWriters+3 {
				x.say(warning, "doctor.connections", "limit", n, "wanted", x.DBReaders+x.DBWriters)
			}
		}
	}
	return nil
}

// moment compares the clock with the journal's newest entry: a clock that was set
// back gives acts instants before those already signed.
func (x *examination) moment(ctx context.Context) error {
	newest, err := journal.New(x.db, nil, nil).Newest(ctx)
	if err != nil {
		if fault.KindOf(err) == fault.NotFound {
			return nil
		}
		return err
	}
	loaded, err := sampleClock(ctx, x.store, x.clock)
	if err != nil {
		return err
	}
	switch ahead := newest.At.Sub(x.clock.now()); {
	case ahead > time.Minute:
		x.say(bad, "doctor.clock-back", "ahead", ahead.Round(time.Second).String())
	case loaded:
		x.say(warning, "doctor.sample")
	default:
		x.say(good, "doctor.clock")
	}
	return nil
}

func (x *examination) journal(ctx context.Context) error {
	waiting, oldest, err := journal.Lag(ctx, x.db)
	if err != nil {
		return err
	}
	if age := x.clock.now().Sub(oldest); waiting > 0 && age > time.Minute {
		x.say(warning, "doctor.journal-lag", "entries", waiting, "age", age.Round(time.Second).String())
	}
	log := journal.New(x.db, nil, nil)
	newest, err := log.Newest(ctx)
	if fault.KindOf(err) == fault.NotFound {
		x.say(good, "doctor.journal-empty")
		return nil
	}
	if err != nil {
		return err
	}
	key, _, err := x.verifier()
	if err != nil {
		x.say(bad, "doctor.key-unreadable", "error", err.Error())
		return nil
	}
	if _, err := journal.OpenCheckpoint(newest.Note, key); err != nil {
		x.say(bad, "doctor.journal-key", "file", x.publicKey())
		return nil
	}
	if !x.All && newest.Size > sampledEntries {
		x.say(good, "doctor.journal-newest", "entries", newest.Size)
		return nil
	}
	report, err := journal.VerifyDatabase(ctx, x.db, key)
	if err != nil {
		return err
	}
	if first, is := report.First(); is {
		x.say(bad, "doctor.journal-wrong", "problems", int64(len(report.Problems))+report.More, "first", first.String())
		return nil
	}
	x.say(good, "doctor.journal", "entries", report.Entries, "checkpoints", report.Checkpoints)
	return nil
}

// evidence looks whether every file that a record names is there, and whether the
// bytes of some, or of all, are those of their names.
func (x *examination) evidence(ctx context.Context) error {
	files, err := blob.Open(filepath.Join(x.Data, "evidence"))
	if err != nil {
		return err
	}
	named, read, missing, damaged := 0, 0, []string{}, []string{}
	judge := func(id string, whole bool) error {
		if !whole {
			f, err := files.Open(id)
			if err == nil {
				return f.Close()
			}
			missing = append(missing, id)
			return nil
		}
		read++
		switch err := files.Check(id); {
		case errors.Is(err, blob.ErrOther):
			damaged = append(damaged, id)
		case fault.KindOf(err) == fault.NotFound && err != nil:
			missing = append(missing, id)
		default:
			return err
		}
		return nil
	}
	err = x.store.EachEvidence(ctx, func(id task.EvidenceID) error {
		named++
		return judge(string(id), !x.All && read < sampledFiles)
	})
	if err == nil && x.All {
		err = files.Each(func(id string) error { return judge(id, true) })
	}
	if err != nil {
		return err
	}
	if len(missing)+len(damaged) > 0 {
		first := append(missing, damaged...)[0]
		x.say(bad, "doctor.evidence-wrong", "missing", len(missing), "damaged", len(damaged), "first", first)
		return nil
	}
	x.say(good, "doctor.evidence", "named", named, "read", read)
	return nil
}

func (x *examination) figures(ctx context.Context) error {
	var plans int
	var differences []string
	var err error
	if x.All {
		plans = -1
		differences, err = x.store.Recheck(ctx)
	} else {
		plans, differences, err = x.store.RecheckNewest(ctx, sampledPlans)
	}
	switch {
	case err != nil:
		return err
	case len(differences) > 0:
		x.say(bad, "doctor.figures-wrong", "count", len(differences), "first", differences[0])
	case plans < 0:
		x.say(good, "doctor.figures-all")
	default:
		x.say(good, "doctor.figures", "plans", plans)
	}
	return nil
}
