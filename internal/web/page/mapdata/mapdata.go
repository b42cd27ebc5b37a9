// Package mapdata holds the outlines of Sichuan's 21 divisions (市、州), keyed by
// the first four digits of their GB/T 2260 code, as committed data.
//
// Where they come from: map/json/province/sichuan.json of the npm package
// echarts 4.9.0 (Apache License 2.0), unpacked, thinned to what a screen shows,
// and projected onto a sheet of 640 × 550 by command gen. This is not an
// officially approved map: the page that draws it says so, and an operator may
// load an approved one instead.
package mapdata

import _ "embed" // the outlines

//go:generate go run ./gen ../../../../node_modules/echarts/map/json/province/sichuan.json sichuan.json

// Sichuan is a GeoJSON FeatureCollection whose coordinates are already points of
// the sheet (x to the right, y down). Properties: adcode, x and y (where the
// name is written). The member "sheet" gives the width and height.
//
//go:embed sichuan.json
var Sichuan []byte
