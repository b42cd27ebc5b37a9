// Command gongjian runs cooperation memorandums from signature to ranking.
//
// It is one binary: the server with its pages, the importer of task tables, and
// the verifier that trusts no server. `gongjian --help` is the manual.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// version is set when a release is built.
var version = "dev"

type commands struct {
	Serve   serve            `cmd:"" default:"withargs" help:"Serve the pages. This is what happens without a command."`
	Import  importFile       `cmd:"" help:"Read a task table or an assessment rubric (xlsx, docx, csv, tsv) and print what was understood. Needs no database."`
	Verify  verify           `cmd:"" help:"Check a journal: of a database with --db, or of an exported bundle without any server. Or check an official document (docx, pdf)."`
	Check   check            `cmd:"" help:"Count all figures and lights again and compare them with what is stored."`
	Sample  sampleData       `cmd:"" help:"Fill an empty database with made-up tasks of a province or a nation, to measure and to look at. Serve it with --sample."`
	Link    link             `cmd:"" help:"Make a one-time sign-in link for a person."`
	Token   token            `cmd:"" help:"Make, list and revoke the tokens by which other programs act (/api/v1)."`
	Key     key              `cmd:"" help:"Print the public key that checkpoints are signed with."`
	Backup  backupCommand    `cmd:"" help:"Write everything into one archive while people work."`
	Restore restore          `cmd:"" help:"Fill an empty database, of either engine, from an archive, and check the copy."`
	Doctor  doctor           `cmd:"" help:"Look over settings, database, keys, evidence, journal and figures, and say what to do."`
	Conf    configuration    `cmd:"" name:"config" help:"Check or print the settings."`
	File    string           `name:"config" env:"GONGJIAN_CONFIG" help:"JSON file of settings; its names are those of the flags. Flags go before environment, environment before file."`
	Version kong.VersionFlag `help:"Print the version."`
}

func main() {
	var c commands
	file, err := readConfig(os.Args[1:])
	if err == nil {
		err = file.check(parser(&c, file).Model)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "gongjian: %v\n", err)
		os.Exit(1)
	}
	k, err := parser(&c, file).Parse(os.Args[1:])
	if err != nil {
		fmt.Fprintf(os.Stderr, "gongjian: %v (gongjian --help)\n", err)
		os.Exit(1)
	}
	k.Bind(file)
	ignoreFileLimit()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	k.BindTo(ctx, (*context.Context)(nil))
	if err := k.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "gongjian:", err)
		os.Exit(1)
	}
}

// parser reads the command line into c, and what it leaves open from the file.
func parser(c *commands, file origins) *kong.Kong {
	return kong.Must(c,
		kong.Name("gongjian"),
		kong.Description("Gongjian (共建): cooperation memorandums, their tasks, reports, lights and scores, checkable by anybody."),
		kong.Vars{"version": version},
		kong.Resolvers(file),
	)
}
