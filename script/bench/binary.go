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

// binary measures the served program: how long until it answers, and how much
// memory it keeps after some pages.
func (s *served) binary(program string) ([]row, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := l.Addr().String()
	l.Close()
	clock := filepath.Join(s.folder, "clock")
	if err := os.WriteFile(clock, []byte(s.clock.Format(time.RFC3339)), 0o600); err != nil {
		return nil, err
	}
	start := time.Now()
	c := exec.Command(program, "serve", "--sample", "--addr", address, "--db", s.address, "--data", s.folder, "--clock", clock)
	if err := c.Start(); err != nil {
		return nil, err
	}
	defer func() { _ = c.Process.Kill(); _ = c.Wait() }()
	get := func(path string) error {
		r, err := http.Get("http://" + address + path)
		if err == nil {
			r.Body.Close()
		}
		return err
	}
	for get("/public") != nil {
		if time.Since(start) > time.Minute {
			return nil, fmt.Errorf("%s did not answer within a minute", program)
		}
		time.Sleep(2 * time.Millisecond)
	}
	took := time.Since(start)
	for range 20 {
		for _, path := range []string{"/public", "/ranking?group=counties", "/sign-in"} {
			if err := get(path); err != nil {
				return nil, err
			}
		}
	}
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.Process.Pid))
	if err != nil {
		return nil, err
	}
	found := regexp.MustCompile(`VmRSS:\s+(\d+) kB`).FindSubmatch(b)
	if found == nil {
		return nil, fmt.Errorf("the memory of %s is not told here", program)
	}
	kB, err := strconv.ParseFloat(string(found[1]), 64)
	memory := row{Name: "resident memory, MB", Engine: s.db.Engine(), Tasks: s.tasks, P50: kB / 1024, P99: kB / 1024}
	return []row{s.against("cold start", times{[]time.Duration{took}, took}, 0), memory}, err
}
