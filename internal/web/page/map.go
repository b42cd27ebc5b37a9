package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
	"sync"

	"gongjian/internal/web/page/mapdata"
	"gongjian/internal/web/text"
)

// Outline is the shapes of a map: one region for each code, on a sheet of 640 × 550.
type Outline struct {
	regions  []outlineRegion
	approved bool // loaded by the operator: the schematic notice does not stand under it
}

// outlineRegion is one division.
type outlineRegion struct {
	code string // first four digits of the GB/T 2260 code
	name string // as the loaded file writes it, where the text files have none
	path string // SVG path data
	x, y float64
}

// Sheet of every map.
const mapWidth, mapHeight, mapMargin = 640.0, 550.0, 8.0

// SichuanOutline is the built-in schematic map of Sichuan's 21 divisions.
var SichuanOutline = sync.OnceValue(func() *Outline {
	o, err := readOutline(bytes.NewReader(mapdata.Sichuan))
	if err != nil {
		panic(err) // committed data; a test reads it
	}
	return o
})

// LoadOutline reads a map that the operator has had approved: a GeoJSON
// FeatureCollection of Polygons or MultiPolygons in degrees, each feature with a
// property adcode (text or number, GB/T 2260, four or six digits) and, if
// wished, name and center [longitude, latitude] for the place of its name.
// Files over 20 MB are refused.
func LoadOutline(r io.Reader) (*Outline, error) {
	o, err := readOutline(io.LimitReader(r, 20<<20))
	if err != nil {
		return nil, err
	}
	o.approved = true
	return o, nil
}

type geoFile struct {
	Type     string
	Sheet    []float64 // given when the coordinates are already points of the sheet
	Features []geoFeature
}

type geoFeature struct {
	Properties struct {
		Adcode json.RawMessage
		Name   string
		Center []float64
		X, Y   float64
	}
	Geometry struct {
		Type        string
		Coordinates json.RawMessage
	}
}

type place struct{ x, y float64 }

func readOutline(r io.Reader) (*Outline, error) {
	var file geoFile
	if err := json.NewDecoder(r).Decode(&file); err != nil {
		return nil, fmt.Errorf("page: the map is not GeoJSON: %w", err)
	}
	if file.Type != "FeatureCollection" || len(file.Features) == 0 {
		return nil, fmt.Errorf("page: the map is %q with %d features, wanted a FeatureCollection with some", file.Type, len(file.Features))
	}
	shapes := make([][][]place, len(file.Features))
	for i, f := range file.Features {
		rings, err := f.rings()
		if err != nil {
			return nil, fmt.Errorf("page: feature %d of the map: %w", i+1, err)
		}
		shapes[i] = rings
	}
	project := func(p place) place { return p }
	if len(file.Sheet) == 0 {
		project = projection(shapes)
	}
	o := &Outline{}
	for i, f := range file.Features {
		region, err := f.region(shapes[i], project, len(file.Sheet) > 0)
		if err != nil {
			return nil, fmt.Errorf("page: feature %d of the map: %w", i+1, err)
		}
		o.regions = append(o.regions, region)
	}
	return o, nil
}

func (f geoFeature) region(rings [][]place, project func(place) place, onSheet bool) (outlineRegion, error) {
	code := strings.Trim(string(f.Properties.Adcode), `"`)
	if len(code) < 4 || strings.Trim(code, "0123456789") != "" {
		return outlineRegion{}, fmt.Errorf("adcode is %q, wanted four or six digits", code)
	}
	out := outlineRegion{code: code[:4], name: f.Properties.Name, path: pathOf(rings, project)}
	switch c := f.Properties.Center; {
	case onSheet:
		out.x, out.y = f.Properties.X, f.Properties.Y
	case len(c) == 2:
		p := project(place{c[0], c[1]})
		out.x, out.y = p.x, p.y
	default:
		p := project(middle(rings))
		out.x, out.y = p.x, p.y
	}
	return out, nil
}

func (f geoFeature) rings() ([][]place, error) {
	var polygons [][][][]float64
	var err error
	switch f.Geometry.Type {
	case "Polygon":
		polygons = make([][][][]float64, 1)
		err = json.Unmarshal(f.Geometry.Coordinates, &polygons[0])
	case "MultiPolygon":
		err = json.Unmarshal(f.Geometry.Coordinates, &polygons)
	default:
		err = fmt.Errorf("its geometry is %q, wanted Polygon or MultiPolygon", f.Geometry.Type)
	}
	var out [][]place
	for _, polygon := range polygons {
		for _, line := range polygon {
			ring := make([]place, 0, len(line))
			for _, c := range line {
				if len(c) < 2 {
					return nil, fmt.Errorf("a point has %d coordinates", len(c))
				}
				ring = append(ring, place{c[0], c[1]})
			}
			if len(ring) > 0 {
				out = append(out, ring)
			}
		}
	}
	if err == nil && len(out) == 0 {
		err = fmt.Errorf("it has no outline")
	}
	return out, err
}

// projection fits degrees to the sheet: plate carrée true at the middle latitude.
func projection(shapes [][][]place) func(place) place {
	west, east, south, north := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, rings := range shapes {
		for _, ring := range rings {
			for _, p := range ring {
				west, east = min(west, p.x), max(east, p.x)
				south, north = min(south, p.y), max(north, p.y)
			}
		}
	}
	shrink := math.Cos((south + north) / 2 * math.Pi / 180)
	scale := min((mapWidth-2*mapMargin)/max((east-west)*shrink, 1e-9), (mapHeight-2*mapMargin)/max(north-south, 1e-9))
	left := (mapWidth - (east-west)*shrink*scale) / 2
	top := (mapHeight - (north-south)*scale) / 2
	return func(p place) place {
		return place{left + (p.x-west)*shrink*scale, top + (north-p.y)*scale}
	}
}

// middle is the centre of gravity of the largest ring.
func middle(rings [][]place) place {
	best, out := -1.0, place{}
	for _, ring := range rings {
		sum, c := 0.0, place{}
		for i, p := range ring {
			q := ring[(i+1)%len(ring)]
			w := p.x*q.y - q.x*p.y
			sum += w
			c.x += (p.x + q.x) * w
			c.y += (p.y + q.y) * w
		}
		switch size := math.Abs(sum); {
		case size <= best:
		case size == 0:
			best, out = 0, ring[0]
		default:
			best, out = size, place{c.x / (3 * sum), c.y / (3 * sum)}
		}
	}
	return out
}

func pathOf(rings [][]place, project func(place) place) string {
	var b strings.Builder
	for _, ring := range rings {
		for i, p := range ring {
			q := project(p)
			b.WriteByte("ML"[min(i, 1)])
			b.WriteString(coordinate(q.x) + "," + coordinate(q.y))
		}
		b.WriteByte('Z')
	}
	return b.String()
}

// MapView is what stands on a map.
type MapView struct {
	Label   string               // what the map shows, for those who do not see it
	Regions map[string]MapRegion // by the first four digits of the GB/T 2260 code
	Keys    []MapKey
	Score   bool // coloured by score band instead of by light
}

// MapRegion is one division: its light, or its score and band. One that is
// absent from MapView.Regions is drawn grey, with its name and no link.
type MapRegion struct {
	Colour string // of its light
	Word   string // of its light, or why it has none: 备忘录未签署
	Score  string // written by the Printer; "" for none
	Band   int    // 1 (lowest) to 5 (highest), 0 for none; used when MapView.Score
	Href   string // "" for no link
}

// MapKey explains one colour, with how many divisions have it.
type MapKey struct {
	Colour string // of a light; "" when it is a band
	Band   int
	Word   string
	Count  string
}

// drawn is a region as the template prints it.
type drawn struct {
	outlineRegion
	label, href    string
	fill, nameKind string
	mark, caption  string
}

// shapes of the lights, the same as in light.css. All are GB 2312 characters.
var shapes = map[string]string{"green": "●", "yellow": "▲", "red": "■", "blue": "◆"}

func (v MapView) draw(p *text.Printer, o *Outline) []drawn {
	out := make([]drawn, len(o.regions))
	for i, region := range o.regions {
		d := drawn{outlineRegion: region, fill: "m-none", nameKind: "k-none", mark: "○"}
		d.caption = regionName(p, region)
		r, ok := v.Regions[region.code]
		d.label, d.href = d.caption, r.Href
		if ok {
			d.label = p.T("map.region", "name", d.caption, "word", r.Word)
		}
		if r.Score != "" {
			d.label = p.T("map.region-score", "name", d.caption, "word", r.Word, "score", r.Score)
		}
		switch {
		case v.Score && r.Band > 0:
			d.fill, d.nameKind, d.mark = fmt.Sprintf("m-band%d", min(r.Band, 5)), "k-score", r.Score
		case !v.Score && shapes[r.Colour] != "":
			d.fill, d.nameKind, d.mark = "m-"+r.Colour, "k-"+r.Colour, shapes[r.Colour]
		}
		out[i] = d
	}
	return out
}

// regionName is the short name in the reader's language, or the loaded file's own.
func regionName(p *text.Printer, r outlineRegion) string {
	if key := "map.region." + r.code; p.Has(key) {
		return p.T(key)
	}
	if r.name != "" {
		return r.name
	}
	return r.code
}
