package nation

import (
	"encoding/binary"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
)

// ids makes identifiers in order: version 7 UUIDs of a counter, so that rows of a
// table come in the order of their key, as they do where acts make them.
type ids struct {
	seed uint64
	n    uint64
}

// firstMoment is before everything that happens, so that ids made by a server
// later sort behind.
var firstMoment = time.Date(2008, 12, 1, 0, 0, 0, 0, time.UTC).UnixMilli()

func (x *ids) next() string {
	var u uuid.UUID
	n := x.n
	x.n++
	binary.BigEndian.PutUint64(u[:8], uint64(firstMoment+int64(n>>12))<<16)
	u[6], u[7] = 0x70|byte(n>>8)&0xf, byte(n)
	binary.BigEndian.PutUint64(u[8:], mix(x.seed^mix(n)))
	u[8] = u[8]&0x3f | 0x80
	return u.String()
}

// mix spreads a number over all bits (the finalizer of SplitMix64).
func mix(v uint64) uint64 {
	v += 0x9e3779b97f4a7c15
	v = (v ^ v>>30) * 0xbf58476d1ce4e5b9
	v = (v ^ v>>27) * 0x94d049bb133111eb
	return v ^ v>>31
}

// dice are thrown for one tree.
type dice struct{ *rand.Rand }

func (m *maker) dice(n uint64) dice { return dice{rand.New(rand.NewPCG(m.seed, mix(n)))} }

// chance reports whether something happens that does so percent times of a hundred.
func (d dice) chance(percent int) bool { return d.IntN(100) < percent }

// from returns a number from low to high, both included.
func (d dice) from(low, high int) int { return low + d.IntN(high-low+1) }
