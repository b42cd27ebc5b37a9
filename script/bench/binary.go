package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"
)

// binary measures the served program: how long until it answers, the first time on a
// day, when it may have lights to count, and after that, and how much memory it keeps
// after some pages.
func (s *served) binary(program string) ([]row, error) {
	clock := filepath.Join(s.folder, "clock")
	if err := os.WriteFile(clock, []byte(s.clock.Format(time.RFC3339)), 0o600); err != nil {
		return nil, err
	}
	first, _, err := s.start(program, clock)
	if err != nil {
		return nil, err
	}
	again, kB, err := s.start(program, clock)
	if err != nil {
		return nil, err
	}
	memory := row{Name: "resident memory, MB", Engine: s.db.Engine(), Tasks: s.tasks, P50: kB / 1024, P99: kB / 1024}
	return []row{
		s.against("start, first of its day", times{[]time.Duration{first}, first}, 0),
		s.against("cold start", times{[]time.Duration{again}, again}, 0), memory,
	}, nil
}

// start starts the program, asks for some pages and stops it. It returns how long it took
// until the first answer, and how much memory was resident at the end.
func (s *served) start(program, clock string) (took time.Duration, kB float64, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, 0, err
	}
	address := l.Addr().String()
	l.Close()
	start := time.Now()
	c := exec.Command(program, "serve", "--sample", "--addr", address, "--db", s.address, "--data", s.folder, "--clock", clock)
	if err := c.Start(); err != nil {
		return 0, 0, err
	}
	defer func() {
		_ = c.Process.Signal(os.Interrupt) // as an operator stops it; what it left to do is done
		_ = c.Wait()
	}()
	get := func(path string) error {
		r, err := http.Get("http://" + address + path)
		if err == nil {
			r.Body.Close()
		}
		return err
	}
	for get("/public") != nil {
		if time.Since(start) > time.Minute {
			return 0, 0, fmt.Errorf("%s did not answer within a minute", program)
		}
		time.Sleep(2 * time.Millisecond)
	}
	took = time.Since(start)
	for range 20 {
		for _, path := range []string{"/public", "/ranking?group=counties", "/sign-in"} {
			if err := get(path); err != nil {
				return 0, 0, err
			}
		}
	}
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.Process.Pid))
	if err != nil {
		return 0, 0, err
	}
	found := regexp.MustCompile(`VmRSS:\s+(\d+) kB`).FindSubmatch(b)
	if found == nil {
		return 0, 0, fmt.Errorf("the memory of %s is not told here", program)
	}
	kB, err = strconv.ParseFloat(string(found[1]), 64)
	return took, kB, err
}
