package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"gongjian/internal/meter"
)

// configuration checks and shows the settings with which the server would start.
type configuration struct {
	Check configCheck `cmd:"" help:"Check all settings, of flags, environment and file, and say everything that is wrong."`
	Print configPrint `cmd:"" help:"Print all settings and where each comes from; passwords are hidden."`
}

type configCheck struct{ serve }

type configPrint struct{ serve }

// Run says what is wrong. What cannot be read at all was refused before.
func (c configCheck) Run() error {
	if err := c.faults(); err != nil {
		return err
	}
	fmt.Println("the settings are good")
	return nil
}

// Run prints the settings in the order of their names.
func (c configPrint) Run(k *kong.Context, from origins) error {
	for _, f := range k.Selected().Flags {
		if f.Hidden || f.Name == "help" {
			continue
		}
		fmt.Printf("%-20s %-40s %s\n", f.Name, displayed(f.Name, f.Target.Interface()), from.of(k, f))
	}
	return nil
}

// displayed is a setting's value without what is secret in it.
func displayed(name string, v any) string {
	text := fmt.Sprint(v)
	if list, is := v.([]string); is {
		text = strings.Join(list, ",")
	}
	if name == "db" {
		return withoutPassword(text)
	}
	return text
}

// withoutPassword hides the password of a database's address, which may also
// stand among its parameters.
func withoutPassword(address string) string {
	if strings.HasPrefix(address, "sqlite:") {
		return address
	}
	u, err := url.Parse(address)
	if err != nil {
		return "(not readable, and so not shown)"
	}
	q := u.Query()
	for name := range q {
		if strings.Contains(strings.ToLower(name), "password") {
			q.Set(name, "xxxxx")
		}
	}
	u.RawQuery = q.Encode()
	return u.Redacted()
}

// faults are all settings that the server cannot work with, each with its name.
func (s serve) faults() error {
	var all []error
	wrong := func(name, format string, args ...any) {
		all = append(all, fmt.Errorf("%s: %s", name, fmt.Sprintf(format, args...)))
	}
	for name, address := range map[string]string{"addr": s.Addr, "metrics-addr": s.MetricsAddr} {
		if name == "metrics-addr" && address == "" {
			continue
		}
		if _, _, err := net.SplitHostPort(address); err != nil {
			wrong(name, "%q is no address: host:port is needed, such as 127.0.0.1:8080", address)
		}
	}
	switch path, isFile := strings.CutPrefix(s.DB, "sqlite:"); {
	case isFile && path == "":
		wrong("db", "sqlite: needs the path of a file")
	case !isFile && !strings.HasPrefix(s.DB, "postgres://") && !strings.HasPrefix(s.DB, "postgresql://"):
		wrong("db", "it must begin with sqlite: or postgres://")
	}
	if s.URL != "" {
		if u, err := url.Parse(s.URL); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			wrong("url", "%q is no address of pages: https://host is needed", s.URL)
		}
	}
	if _, err := meter.ParseProxies(s.TrustedProxies); err != nil {
		wrong("trusted-proxies", "%v", err)
	}
	for name, n := range map[string]int64{"db-readers": int64(s.DBReaders), "db-writers": int64(s.DBWriters), "max-header-bytes": int64(s.MaxHeaderBytes),
		"read-header-timeout": int64(s.ReadHeaderTimeout), "read-timeout": int64(s.ReadTimeout), "write-timeout": int64(s.WriteTimeout),
		"idle-timeout": int64(s.IdleTimeout), "stop-timeout": int64(s.StopTimeout)} {
		if n <= 0 {
			wrong(name, "it must be more than nothing")
		}
	}
	if _, err := readProvince(s.Province); err != nil {
		wrong("province", "%v", err)
	}
	if info, err := os.Stat(s.Data); err == nil && !info.IsDir() {
		wrong("data", "%s is no folder", s.Data)
	}
	slices.SortFunc(all, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errors.Join(all...)
}

// origins is the file of settings: what it says, by the names of flags.
type origins struct {
	file   string
	values map[string]any
}

// readConfig reads the file that --config or GONGJIAN_CONFIG names: a JSON object
// whose names are those of the flags.
func readConfig(args []string) (origins, error) {
	o := origins{file: os.Getenv("GONGJIAN_CONFIG")}
	for i, a := range args {
		if name, is := strings.CutPrefix(a, "--config="); is {
			o.file = name
		} else if a == "--config" && i+1 < len(args) {
			o.file = args[i+1]
		} else if a == "--" {
			break
		}
	}
	if o.file == "" {
		return o, nil
	}
	b, err := os.ReadFile(o.file)
	if err != nil {
		return o, fmt.Errorf("reading the settings: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(&o.values); err != nil {
		return o, fmt.Errorf("the settings in %s are no JSON object: %w", o.file, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return o, fmt.Errorf("the settings in %s: something stands behind the object", o.file)
	}
	return o, nil
}

// of says where a flag has its value from.
func (o origins) of(k *kong.Context, f *kong.Flag) string {
	for _, p := range k.Path {
		if p.Flag == f && !p.Resolved {
			return "command line"
		}
	}
	if name, set := environment(f); set {
		return "environment " + name
	}
	if _, set := o.values[f.Name]; set {
		return o.file
	}
	return "default"
}

func environment(f *kong.Flag) (name string, set bool) {
	for _, name := range f.Tag.Envs {
		if _, set := os.LookupEnv(name); set {
			return name, true
		}
	}
	return "", false
}

// Validate is part of kong.Resolver; check has said everything before.
func (o origins) Validate(*kong.Application) error { return nil }

// Resolve gives a flag that neither command line nor environment sets the file's value.
func (o origins) Resolve(_ *kong.Context, _ *kong.Path, f *kong.Flag) (any, error) {
	v, there := o.values[f.Name]
	if _, set := environment(f); set || !there {
		return nil, nil
	}
	return plainSetting(v), nil
}

// plainSetting is a JSON value as a flag would be written.
func plainSetting(v any) any {
	switch v := v.(type) {
	case json.Number:
		return v.String()
	case []any:
		words := make([]string, len(v))
		for i, w := range v {
			words[i] = fmt.Sprint(w)
		}
		return strings.Join(words, ",")
	}
	return v
}

// check names everything in the file and the environment that no flag could have
// said, all of it at once.
func (o origins) check(app *kong.Application) error {
	flags := map[string]*kong.Flag{}
	var collect func(n *kong.Node)
	collect = func(n *kong.Node) {
		for _, f := range n.Flags {
			if f.Name != "help" && f.Name != "version" && f.Name != "config" {
				flags[f.Name] = f
			}
		}
		for _, c := range n.Children {
			collect(c)
		}
	}
	collect(app.Node)
	var all []error
	for _, name := range slices.Sorted(maps.Keys(o.values)) {
		f := flags[name]
		if f == nil {
			all = append(all, fmt.Errorf("%s: %s: there is no such setting", o.file, name))
			continue
		}
		if err := fits(f, plainSetting(o.values[name])); err != nil {
			all = append(all, fmt.Errorf("%s: %s: %w", o.file, name, err))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(flags)) {
		env, set := environment(flags[name])
		if !set {
			continue
		}
		if err := fits(flags[name], os.Getenv(env)); err != nil {
			all = append(all, fmt.Errorf("environment %s: %w", env, err))
		}
	}
	return errors.Join(all...)
}

// fits tries a value on a copy of the flag's target.
func fits(f *kong.Flag, v any) error {
	target := reflect.New(f.Target.Type()).Elem()
	scan := kong.Scan().PushTyped(v, kong.FlagValueToken)
	if err := f.Mapper.Decode(&kong.DecodeContext{Value: f.Value, Scan: scan}, target); err != nil {
		return err
	}
	if f.Enum != "" && !f.EnumMap()[fmt.Sprint(target.Interface())] {
		return fmt.Errorf("%q is none of %s", target.Interface(), f.Enum)
	}
	return nil
}
