// Command gen turns the packed outlines of echarts 4.9.0 into mapdata's file.
//
//	go run ./gen <sichuan.json of echarts> <out.json>
//
// Borders that two divisions share are thinned once, the same for both, so that
// no gap opens between them.
package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"sort"
)

// The sheet, in the units of the drawing, and the margin around the province.
const (
	width, height = 640.0, 550.0
	margin        = 8.0
	tolerance     = 1.2 // how far a thinned border may run from the true one
	smallest      = 12  // exclaves under this area cannot be seen and are left out
)

// places are where a name stands clear of borders and of its neighbours' names;
// the others stand at the centre of gravity.
var places = map[string]point{
	"5103": {424, 341}, "5104": {251, 499}, "5105": {471, 397}, "5106": {404, 217},
	"5107": {423, 172}, "5110": {436, 311}, "5111": {357, 348}, "5115": {412, 386},
	"5118": {306, 300}, "5133": {196, 206}, "5134": {284, 455},
}

type point struct{ X, Y float64 }

type division struct {
	code  string
	rings [][]point
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: gen <sichuan.json> <out.json>")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(in, out string) error {
	divisions, err := unpack(in)
	if err != nil {
		return err
	}
	project(divisions)
	divisions = thin(divisions)
	data, err := encode(divisions)
	if err != nil {
		return err
	}
	return os.WriteFile(out, data, 0o644)
}

// unpack reads echarts' packed form: every coordinate is the zigzag difference
// to the one before it, as a character 64 above it, in 1/1024 degrees.
func unpack(name string) ([]division, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("reading the outlines (did npm ci run?): %w", err)
	}
	var packed struct {
		Features []struct {
			ID       string
			Geometry struct {
				Type          string
				Coordinates   json.RawMessage
				EncodeOffsets json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(data, &packed); err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	var out []division
	for _, f := range packed.Features {
		d := division{code: f.ID[:4]}
		var texts [][]string
		var offsets [][][2]int
		if f.Geometry.Type == "Polygon" {
			texts, offsets = make([][]string, 1), make([][][2]int, 1)
			err = firstError(json.Unmarshal(f.Geometry.Coordinates, &texts[0]), json.Unmarshal(f.Geometry.EncodeOffsets, &offsets[0]))
		} else {
			err = firstError(json.Unmarshal(f.Geometry.Coordinates, &texts), json.Unmarshal(f.Geometry.EncodeOffsets, &offsets))
		}
		if err != nil {
			return nil, fmt.Errorf("reading division %s: %w", f.ID, err)
		}
		for i := range texts {
			for j := range texts[i] {
				d.rings = append(d.rings, unpackRing(texts[i][j], offsets[i][j]))
			}
		}
		out = append(out, d)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].code < out[j].code })
	return out, nil
}

func firstError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

func unpackRing(packed string, offset [2]int) []point {
	letters := []rune(packed)
	x, y := offset[0], offset[1]
	var out []point
	for i := 0; i+1 < len(letters); i += 2 {
		dx, dy := int(letters[i])-64, int(letters[i+1])-64
		x += (dx >> 1) ^ -(dx & 1)
		y += (dy >> 1) ^ -(dy & 1)
		out = append(out, point{float64(x) / 1024, float64(y) / 1024})
	}
	return out
}

// project lays the province on the sheet: plate carrée true at its middle
// latitude, which at this size nobody can tell from a conic one.
func project(divisions []division) {
	west, east, south, north := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	each(divisions, func(p *point) {
		west, east = math.Min(west, p.X), math.Max(east, p.X)
		south, north = math.Min(south, p.Y), math.Max(north, p.Y)
	})
	shrink := math.Cos((south + north) / 2 * math.Pi / 180)
	scale := math.Min((width-2*margin)/((east-west)*shrink), (height-2*margin)/(north-south))
	left := (width - (east-west)*shrink*scale) / 2
	top := (height - (north-south)*scale) / 2
	each(divisions, func(p *point) {
		p.X = snap(left + (p.X-west)*shrink*scale)
		p.Y = snap(top + (north-p.Y)*scale)
	})
	for _, d := range divisions {
		for i, ring := range d.rings {
			d.rings[i] = slices.Compact(ring)
		}
	}
}

// snap lays a point on a fine grid: the source's neighbours do not agree on
// their common border to the last digit, and a border is common when they do.
func snap(v float64) float64 { return math.Round(v) }

func each(divisions []division, do func(*point)) {
	for _, d := range divisions {
		for _, ring := range d.rings {
			for i := range ring {
				do(&ring[i])
			}
		}
	}
}

// thin drops points. A border between two junctions is thinned from its lesser
// end, so that both neighbours get the same points.
func thin(divisions []division) []division {
	owners := map[point]map[string]bool{}
	for _, d := range divisions {
		for _, ring := range d.rings {
			for _, p := range ring {
				if owners[p] == nil {
					owners[p] = map[string]bool{}
				}
				owners[p][d.code] = true
			}
		}
	}
	for i := range divisions {
		var kept [][]point
		for _, ring := range divisions[i].rings {
			if math.Abs(area(ring)) < smallest {
				continue
			}
			if t := thinRing(ring, owners); len(t) > 3 {
				kept = append(kept, t)
			}
		}
		divisions[i].rings = kept
	}
	return divisions
}

func thinRing(ring []point, owners map[point]map[string]bool) []point {
	if ring[0] == ring[len(ring)-1] {
		ring = ring[:len(ring)-1]
	}
	var junctions []int
	for i := range ring {
		before, here := owners[ring[(i+len(ring)-1)%len(ring)]], owners[ring[i]]
		after := owners[ring[(i+1)%len(ring)]]
		if len(here) > 2 || !same(here, before) && len(here) > len(before) || !same(here, after) && len(here) > len(after) {
			junctions = append(junctions, i)
		}
	}
	if len(junctions) < 2 {
		junctions = []int{0, len(ring) / 2}
	}
	var out []point
	for k, from := range junctions {
		to := junctions[(k+1)%len(junctions)]
		if to <= from {
			to += len(ring)
		}
		arc := make([]point, 0, to-from+1)
		for i := from; i <= to; i++ {
			arc = append(arc, ring[i%len(ring)])
		}
		t := thinArc(arc)
		out = append(out, t[:len(t)-1]...)
	}
	return append(out, out[0])
}

func same(a, b map[string]bool) bool {
	if len(a) != len(b) {
		return false
	}
	for k := range a {
		if !b[k] {
			return false
		}
	}
	return true
}

func thinArc(arc []point) []point {
	first, last := arc[0], arc[len(arc)-1]
	if first.X < last.X || first.X == last.X && first.Y <= last.Y {
		return douglasPeucker(arc)
	}
	turned := reverse(arc)
	return reverse(douglasPeucker(turned))
}

func reverse(in []point) []point {
	out := make([]point, len(in))
	for i, p := range in {
		out[len(in)-1-i] = p
	}
	return out
}

// douglasPeucker keeps the point farthest from the straight line while it is
// farther than the tolerance (Douglas and Peucker 1973).
func douglasPeucker(arc []point) []point {
	if len(arc) < 3 {
		return arc
	}
	far, at := 0.0, 0
	for i := 1; i < len(arc)-1; i++ {
		if d := distance(arc[i], arc[0], arc[len(arc)-1]); d > far {
			far, at = d, i
		}
	}
	if far <= tolerance {
		return []point{arc[0], arc[len(arc)-1]}
	}
	left := douglasPeucker(arc[:at+1])
	return append(left[:len(left)-1:len(left)-1], douglasPeucker(arc[at:])...)
}

func distance(p, a, b point) float64 {
	dx, dy := b.X-a.X, b.Y-a.Y
	if length := math.Hypot(dx, dy); length > 0 {
		return math.Abs((p.X-a.X)*dy-(p.Y-a.Y)*dx) / length
	}
	return math.Hypot(p.X-a.X, p.Y-a.Y)
}

func area(ring []point) float64 {
	sum := 0.0
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		sum += p.X*q.Y - q.X*p.Y
	}
	return sum / 2
}

// middle is where the name goes: the centre of gravity of the largest ring.
func middle(d division) point {
	if p, ok := places[d.code]; ok {
		return p
	}
	var c point
	biggest := 0.0
	for _, ring := range d.rings {
		a := area(ring)
		if math.Abs(a) <= biggest {
			continue
		}
		biggest, c = math.Abs(a), point{}
		for i, p := range ring {
			q := ring[(i+1)%len(ring)]
			w := (p.X*q.Y - q.X*p.Y) / (6 * a)
			c.X += (p.X + q.X) * w
			c.Y += (p.Y + q.Y) * w
		}
	}
	return c
}

func encode(divisions []division) ([]byte, error) {
	type properties struct {
		Adcode string `json:"adcode"`
		X      int    `json:"x"`
		Y      int    `json:"y"`
	}
	type geometry struct {
		Type        string           `json:"type"`
		Coordinates [][][][2]float64 `json:"coordinates"`
	}
	type feature struct {
		Type       string     `json:"type"`
		Properties properties `json:"properties"`
		Geometry   geometry   `json:"geometry"`
	}
	var features []feature
	for _, d := range divisions {
		c := middle(d)
		f := feature{"Feature", properties{d.code, int(math.Round(c.X)), int(math.Round(c.Y))}, geometry{Type: "MultiPolygon"}}
		for _, ring := range d.rings {
			var line [][2]float64
			for _, p := range ring {
				line = append(line, [2]float64{math.Round(p.X*10) / 10, math.Round(p.Y*10) / 10})
			}
			f.Geometry.Coordinates = append(f.Geometry.Coordinates, [][][2]float64{line})
		}
		features = append(features, f)
	}
	return json.Marshal(map[string]any{
		"type": "FeatureCollection", "sheet": [2]int{width, height}, "features": features,
	})
}
