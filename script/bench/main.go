// Command bench runs the benchmarks that a promise stands behind, prints them with
// the ceiling that was measured beside each in the same run, and keeps the same
// rows in bench.json. A ratio says more than a time: it travels between machines.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"runtime/debug"
	"strconv"
	"text/tabwriter"
)

// measured is a benchmark with what it is held against.
type measured struct {
	name    string  // in the table
	folder  string  // of the package
	run     string  // the benchmark
	beside  string  // the benchmark of the ceiling, in the package ceiling (folder when ""), or ""
	ceiling string  // folder
	most    float64 // the ratio that may not be passed; 0 when only the seconds count
	seconds float64 // the time that may not be passed; 0 when only the ratio counts
}

var all = []measured{
	{name: "read an xlsx of 100,000 rows", folder: "./internal/office", run: "BenchmarkReadXLSX100k", beside: "BenchmarkExcelizeRaw100k", most: 1.5},
	{name: "import an xlsx of 100,000 rows", folder: "./internal/paper", run: "BenchmarkImportXLSX100k", beside: "BenchmarkExcelizeRaw100k", ceiling: "./internal/office", most: 1.5},
	{name: "write an xlsx of 100,000 rows", folder: "./internal/sheet", run: "BenchmarkWriteXLSX100k"},
	{name: "3,000 documents of one unit's tasks as docx", folder: "./internal/paper/official", run: "BenchmarkUnitTasks", seconds: 10},
	{name: "one letter as pdf", folder: "./internal/folio", run: "BenchmarkPDF"},
}

// row is one line of bench.json.
type row struct {
	Name    string  `json:"name"`
	Engine  string  `json:"engine"` // "" where no database takes part
	Tasks   int     `json:"tasks"`
	P50     float64 `json:"p50_ms"`
	P99     float64 `json:"p99_ms"`
	Rate    float64 `json:"rate"`    // a second
	Ceiling float64 `json:"ceiling"` // of the same rate
	Ratio   float64 `json:"ratio"`   // of the times: 1 is as fast as the ceiling, 2 takes twice as long; 0 without a ceiling
}

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200) // as the program does while it serves
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run() error {
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	rows, missed, err := packages(out)
	if err != nil {
		return err
	}
	if program := os.Getenv("BENCH_PROGRAM"); program != "" {
		some, err := databases(context.Background(), out, program)
		rows = append(rows, some...)
		if err != nil {
			return errors.Join(err, out.Flush())
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	b, err := json.MarshalIndent(rows, "", " ")
	if err != nil {
		return err
	}
	if err := os.WriteFile("bench.json", append(b, '\n'), 0o644); err != nil {
		return err
	}
	if missed > 0 {
		return fmt.Errorf("%d aims were missed", missed)
	}
	return nil
}

// packages runs the benchmarks that stand in packages; BENCH_ONLY=data and pages leave them out.
func packages(out io.Writer) (rows []row, missed int, err error) {
	if only := os.Getenv("BENCH_ONLY"); only == "data" || only == "pages" {
		return nil, 0, nil
	}
	fmt.Fprintln(out, "what\tms\tceiling ms\tratio\taim\t")
	for _, m := range all {
		took, err := bench(m.folder, m.run)
		if err != nil {
			return rows, missed, err
		}
		r := row{Name: m.name, P50: took, P99: took, Rate: 1000 / took}
		aim, ceiling, ratio := "", "", ""
		if m.beside != "" {
			if m.ceiling == "" {
				m.ceiling = m.folder
			}
			least, err := bench(m.ceiling, m.beside)
			if err != nil {
				return rows, missed, err
			}
			r.Ceiling, r.Ratio = 1000/least, took/least
			ceiling, ratio = fmt.Sprintf("%.0f", least), fmt.Sprintf("%.2f", r.Ratio)
		}
		switch {
		case m.most > 0:
			aim = met(&missed, fmt.Sprintf("at most %.1f", m.most), r.Ratio <= m.most)
		case m.seconds > 0:
			aim = met(&missed, fmt.Sprintf("under %.0f s", m.seconds), took <= m.seconds*1000)
		}
		rows = append(rows, r)
		fmt.Fprintf(out, "%s\t%.0f\t%s\t%s\t%s\t\n", m.name, took, ceiling, ratio, aim)
	}
	return rows, missed, nil
}

func met(missed *int, aim string, ok bool) string {
	if ok {
		return aim + ": met"
	}
	*missed++
	return aim + ": MISSED"
}

var line = regexp.MustCompile(`(?m)^Benchmark\S+\s+\d+\s+([\d.]+) ns/op`)

// bench runs one benchmark three times over and returns its milliseconds.
func bench(folder, name string) (float64, error) {
	var out bytes.Buffer
	c := exec.Command("go", "test", "-run", "NONE", "-bench", "^"+name+"$", "-benchtime", "3x", folder)
	c.Stdout, c.Stderr = &out, os.Stderr
	if err := c.Run(); err != nil {
		return 0, fmt.Errorf("%s of %s: %w\n%s", name, folder, err, out.String())
	}
	found := line.FindStringSubmatch(out.String())
	if found == nil {
		return 0, fmt.Errorf("%s of %s measured nothing:\n%s", name, folder, out.String())
	}
	ns, err := strconv.ParseFloat(found[1], 64)
	return ns / 1e6, err
}
